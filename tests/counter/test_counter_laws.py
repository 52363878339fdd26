"""Laws of the counter terminal, whatever the clerk presses and whatever the network does."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from contracts.messages import (
    CounterSettings,
    DeskNote,
    DeskState,
    GroupInfo,
    LoginRequested,
    Perishable,
    RequestDone,
    RequestRefused,
    ServiceState,
)
from contracts.values import (
    BootId,
    CallId,
    CounterId,
    CounterPhase,
    GroupId,
    HallTime,
    NodeName,
    Refusal,
    RequestId,
    SessionId,
    TicketNo,
)
from counter import menu, views
from counter.behaviour import CounterBehaviour
from counter.keys import request_for
from counter.notes import notes
from counter.terminal import Ready
from counter.views import KEY_WORDS
from firmware.drivers.buttons import Pressed
from firmware.drivers.card_reader import CardPresented
from firmware.runtime.steps import Heard, LinkDown, LinkUp, Reported, Say
from sim.solo import Solo

W02 = CounterId("W02")
SETTINGS = CounterSettings(
    hash="h",
    hall_name_zh="x",
    hall_name_en="x",
    hotline="1",
    counter=W02,
    name_zh="2号窗口",
    groups=tuple(GroupInfo(id=GroupId(group), zh=group, en="", zone="", counters=(W02, CounterId("W03"))) for group in "AB"),
    pause_reasons=("短暂离开",),
    extension_reasons=("接送家人",),
)
NINE = HallTime(1_773_104_400_000)
KEYS = sorted(KEY_WORDS)
SIX = sorted({"next", "recall", "start", "finish", "no_show", "pause"})
HAPPENINGS = st.one_of(
    st.sampled_from(KEYS),
    st.sampled_from(["card", "beat", "done", "refused", "down", "up"]),
    st.sampled_from(list(CounterPhase)),
)
EXTRAS = st.fixed_dictionaries(
    {},
    optional={
        "care_open": st.booleans(),
        "goes_home": st.booleans(),
        "held": st.sampled_from([(), ("A001",), ("A001", "A2-03")]),
        "led_here": st.sampled_from([(), ("B004",)]),
        "leads_to": st.sampled_from([None, "W03"]),
        "covers": st.sampled_from([None, "W03"]),
        "may_cover": st.sampled_from([(), ("W03",)]),
        "notes": st.sampled_from([(), (DeskNote(key="con.appt"),)]),
    },
)


def desk(phase: CounterPhase, fact: int, **extras: Any) -> DeskState:
    """A desk in this phase, complete."""
    return DeskState(
        **extras,
        epoch=1,
        fact=fact,
        counter=W02,
        phase=phase,
        ticket=TicketNo("A017"),
        call=CallId("c"),
        session=SessionId("s"),
        announcement=1,
    )


def happening(what: Any, now: int, last: RequestId) -> Any:
    """The happening of this name."""
    match what:
        case CounterPhase():
            return Heard(desk(what, now))
        case "card":
            return Reported("reader", CardPresented("7200944C78"))
        case "beat":
            return Heard(ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(now)))
        case "done" | "refused":
            done = RequestDone(request_id=last)
            return Heard(done if what == "done" else RequestRefused(request_id=last, reason=Refusal.EXPIRED))
        case "down" | "up":
            return LinkDown() if what == "down" else LinkUp()
        case key:
            return Reported("keys", Pressed(key))


@given(st.lists(st.tuples(st.sampled_from([0, 1, 200, 1_600, 5_000]), HAPPENINGS), max_size=60))
def test_one_request_at_a_time_and_never_to_a_silent_service(story: list[tuple[int, Any]]) -> None:
    """Between two requests lies an answer or 1.5 s; none is said while the service is not live; each perishes in 3 s."""
    run = Solo(CounterBehaviour(NodeName("TRM-W02"), BootId("0" * 16)))
    run.at(0, LinkUp(), Heard(SETTINGS), *(happening(what, 1, RequestId("")) for what in ("beat", CounterPhase.FREE)))
    now, last, free_at = 1, RequestId(""), 0
    for gap, what in story:
        now += gap
        run.until(now)
        if what in ("done", "refused"):
            free_at = now
        for effect in run.at(now, happening(what, now, last)):
            if isinstance(effect, Say) and isinstance(effect.message, Perishable):
                assert now >= free_at
                assert run.state.clock.is_live(now)
                assert effect.message.expires_at == run.state.clock.at(now) + 3_000
                last, free_at = effect.message.request_id, now + 1_500


@given(st.sampled_from(SIX), st.sampled_from(list(CounterPhase)))
def test_every_key_has_a_meaning_or_a_reason_in_every_phase(key: str, phase: CounterPhase) -> None:
    """Nothing is pressed in vain without a word."""
    wanted = request_for(key, desk(phase, 1), RequestId("r"), None)
    assert isinstance(wanted, Perishable | Refusal)


STORIES = st.lists(
    st.tuples(st.sampled_from([0, 1, 200, 1_600, 11_000]), st.sampled_from([*KEYS, "card", "desk", "done"]), EXTRAS),
    max_size=60,
)


def _standing(state: Any) -> list[Any]:
    """What may stand on the glass while nothing is going on: the state of the counter, or a note."""
    return [views.desk(state.desk, state.clock.at(0)), *((one.sentence,) for one in notes(state.desk))]


def _terminal() -> Solo:
    run = Solo(CounterBehaviour(NodeName("TRM-W02"), BootId("0" * 16)))
    run.at(0, LinkUp(), Heard(SETTINGS), Heard(desk(CounterPhase.SERVING, 1)), _beat(0))
    return run


def _beat(now: int) -> Heard:
    return Heard(ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(NINE + now)))


def _lived(run: Solo, now: int) -> None:
    """Time passes while the service lives."""
    for moment in range(run.now, now, 5_000):
        run.at(moment, _beat(moment))
    run.until(now)


@given(st.sampled_from(list(CounterPhase)), STORIES)
def test_whatever_is_pressed_each_request_is_one_the_desk_allows(phase: CounterPhase, story: list[Any]) -> None:
    """What 确定 asks stands on the list of this very desk; the six keys ask what they always ask (1.0.5)."""
    run, fact, last = _terminal(), 1, RequestId("")
    for gap, what, extras in story:
        _lived(run, run.now + gap)
        if what == "desk":
            fact += 1
            run.at(run.now, Heard(desk(phase, fact, **extras)))
        state = run.state
        for effect in run.at(run.now, *([] if what == "desk" else [happening(what, run.now, last)])):
            if isinstance(effect, Say) and isinstance(effect.message, Perishable):
                last = effect.message.request_id
                assert _is_allowed(effect.message, state)


def _is_allowed(request: Perishable, state: Any) -> bool:
    if isinstance(request, LoginRequested):
        return True
    bare = structs.replace(request, request_id=menu.UNSIGNED, expires_at=None)
    offered = menu.offered(state.desk, state.settings, state.clock.at(0))
    listed = [one for choice in offered for one in (choice, *choice.below)]
    by_six = [request_for(key, state.desk, menu.UNSIGNED, None) for key in SIX]
    return bare in [one.asks for one in listed] or bare in by_six


@given(st.sampled_from(list(CounterPhase)), STORIES, EXTRAS)
def test_no_sequence_of_keys_can_stick(phase: CounterPhase, story: list[Any], extras: dict[str, Any]) -> None:
    """A quarter of a minute after the last finger the counter, or a note about it, stands on the glass, and keys work."""
    run, last = _terminal(), RequestId("")
    run.at(0, Heard(desk(phase, 2, **extras)))
    for gap, what, _ in story:
        _lived(run, run.now + gap)
        if what != "desk":
            for effect in run.at(run.now, happening(what, run.now, last)):
                if isinstance(effect, Say) and isinstance(effect.message, Perishable):
                    last = effect.message.request_id
    _lived(run, run.now + 15_000)
    assert isinstance(run.state.asking, Ready)
    assert run.state.sentence is None
    assert run.state.shown in _standing(run.state)
    said = [effect for effect in run.at(run.now, Reported("keys", Pressed("next"))) if isinstance(effect, Say)]
    assert bool(said) == (phase is CounterPhase.FREE)
