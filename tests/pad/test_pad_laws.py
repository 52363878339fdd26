"""Laws of the rating pad, whatever happens in whatever order."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.messages import DeskState, PadSettings, RatingSubmitted, ServiceState
from contracts.values import BootId, CounterId, CounterPhase, HallTime, NodeName, SessionId
from firmware.drivers.buttons import Pressed
from firmware.drivers.lamps import Light, Pattern
from firmware.runtime.steps import Heard, Keep, KeepFailed, LinkDown, LinkUp, Reported, Tell
from rating_pad.behaviour import PadBehaviour
from sim.solo import Solo

SETTINGS = PadSettings(hash="h", hall_name_zh="x", hall_name_en="x", hotline="1", counter=CounterId("W02"))
DESKS = st.tuples(
    st.integers(1, 4), st.sampled_from([None, -1, 3_000, 60_000, 60_000]), st.sampled_from([False, False, True])
)
HAPPENINGS = st.one_of(
    st.sampled_from("54321"),
    st.sampled_from("54321"),
    DESKS.map(lambda desk: ("desk", *desk)),
    st.sampled_from(["beat", "beat", "down", "up"]),
)
STORIES = st.lists(st.tuples(st.sampled_from([1, 50, 2_000, 6_000, 15_000]), HAPPENINGS), min_size=12, max_size=40)


def desk(now: int, number: int, until: int | None, *, rated: bool) -> DeskState:
    """Some state of the desk, newer than any before; sessions are numbered, ``until`` is ``None`` while one is served."""
    return DeskState(
        epoch=1,
        fact=now,
        counter=CounterId("W02"),
        phase=CounterPhase.SERVING if until is None else CounterPhase.FREE,
        session=SessionId(f"s{number}"),
        arm_until=None if until is None else HallTime(now + until),
        rated=rated and until is not None,
    )


def beat(now: int) -> Heard:
    """The hall clock; hall time is our own time here."""
    return Heard(ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(now)))


def single_lamp(effects: list[Any]) -> bool:
    """Whether these effects leave exactly one lamp on."""
    lights = [one.command for one in effects if isinstance(one, Tell) and isinstance(one.command, Light)]
    return [light.pattern for light in lights[-5:]].count(Pattern.ON) == 1


@given(STORIES, st.sets(st.integers(0, 10)))
def test_a_lamp_alone_means_kept_and_no_session_is_kept_twice(story: list[tuple[int, Any]], failing: set[int]) -> None:
    """Desks, presses, outages and full disks in any order: one lamp alone only right after a Keep; one rating a session."""
    run = Solo(PadBehaviour(NodeName("PAD-W02"), BootId("0" * 16)))
    run.at(0, Heard(SETTINGS), beat(0), beat(1))
    now, safe, tries = 1, [], 0
    for gap, what in story:
        now += gap
        run.until(now)
        match what:
            case "beat":
                effects = run.at(now, beat(now))
            case "down" | "up":
                effects = run.at(now, LinkDown() if what == "down" else LinkUp())
            case (_, number, until, rated):
                effects = run.at(now, Heard(desk(now, number, until, rated=rated)))
            case key:
                effects = run.at(now, Reported("keys", Pressed(key)))
        kept = [one.message for one in effects if isinstance(one, Keep)]
        assert single_lamp(effects) == bool(kept)
        for message in kept:
            assert isinstance(effects[0], Keep)
            assert isinstance(message, RatingSubmitted)
            if tries in failing:
                assert not single_lamp(run.at(now, KeepFailed(message, "full")))
            else:
                safe.append(message.session)
            tries += 1
    assert len(safe) == len(set(safe))
