"""Laws of the counter terminal, whatever the clerk presses and whatever the network does."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.messages import CounterSettings, DeskState, Perishable, RequestDone, RequestRefused, ServiceState
from contracts.values import (
    BootId,
    CallId,
    CounterId,
    CounterPhase,
    HallTime,
    NodeName,
    Refusal,
    RequestId,
    SessionId,
    TicketNo,
)
from counter.behaviour import CounterBehaviour
from counter.keys import request_for
from counter.views import KEY_WORDS
from firmware.drivers.buttons import Pressed
from firmware.drivers.card_reader import CardPresented
from firmware.runtime.steps import Heard, LinkDown, LinkUp, Reported, Say
from sim.solo import Solo

W02 = CounterId("W02")
SETTINGS = CounterSettings(hash="h", hall_name_zh="x", hall_name_en="x", hotline="1", counter=W02, name_zh="2号窗口")
KEYS = sorted(KEY_WORDS)
HAPPENINGS = st.one_of(
    st.sampled_from(KEYS),
    st.sampled_from(["card", "beat", "done", "refused", "down", "up"]),
    st.sampled_from(list(CounterPhase)),
)


def desk(phase: CounterPhase, fact: int) -> DeskState:
    """A desk in this phase, complete."""
    return DeskState(
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


@given(st.sampled_from(KEYS), st.sampled_from(list(CounterPhase)))
def test_every_key_has_a_meaning_or_a_reason_in_every_phase(key: str, phase: CounterPhase) -> None:
    """Nothing is pressed in vain without a word."""
    wanted = request_for(key, desk(phase, 1), RequestId("r"), None)
    assert isinstance(wanted, Perishable | Refusal)
