"""The rating pad: asks once, in its window, keeps before it shines, and never lies with a lamp."""

from typing import Any

import pytest

from contracts.messages import (
    DeskState,
    HallBoard,
    HealthReported,
    PadSettings,
    RatingRecorded,
    RatingRefused,
    RatingSubmitted,
    ServiceState,
)
from contracts.values import (
    BootId,
    Condition,
    CounterId,
    CounterPhase,
    HallPhase,
    HallTime,
    NodeName,
    Refusal,
    RequestId,
    SessionId,
    TicketNo,
)
from firmware.drivers.buttons import Pressed, Stuck, Unstuck
from firmware.drivers.lamps import Light, Pattern
from firmware.runtime.steps import FollowDesk, Heard, Keep, KeepFailed, LinkDown, LinkUp, Reported, Say, Tell
from rating_pad.behaviour import PadBehaviour
from sim.solo import Solo

HALL = 1_773_104_400_000
NODE = NodeName("PAD-W02")
FIRST, SECOND = SessionId("2026-03-10/A017/s1"), SessionId("2026-03-10/A018/s1")
SETTINGS = PadSettings(hash="h", hall_name_zh="x", hall_name_en="x", hotline="1", counter=CounterId("W02"))
ALL = ("5", "4", "3", "2", "1")
READY = 5_000


def heartbeat(at: int) -> Heard:
    """The service says the time."""
    return Heard(ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(HALL + at)))


def desk(fact: int, session: SessionId | None, arm_until: int | None = None, *, rated: bool = False) -> Heard:
    """The desk of W02, free or serving; hall times count from HALL."""
    phase = CounterPhase.FREE if arm_until is not None or session is None else CounterPhase.SERVING
    until = None if arm_until is None else HallTime(HALL + arm_until)
    ticket = TicketNo("A018") if phase is CounterPhase.SERVING else None
    state = DeskState(
        epoch=1,
        fact=fact,
        counter=CounterId("W02"),
        phase=phase,
        ticket=ticket,
        session=session,
        arm_until=until,
        rated=rated,
    )
    return Heard(state)


def solo() -> Solo:
    """A pad that knows its counter and the time, at 5 s of its life."""
    run = Solo(PadBehaviour(NODE, BootId("0" * 16)))
    run.at(0, LinkUp(), Heard(SETTINGS), heartbeat(0))
    run.at(READY, heartbeat(READY))
    run.history.clear()
    return run


def armed() -> Solo:
    """The same, asking about the first session since 5 s, until 65 s."""
    run = solo()
    run.at(READY, desk(10, FIRST, READY + 60_000))
    return run


def press(key: str) -> Reported:
    """A finger on a face."""
    return Reported("keys", Pressed(key))


def lamps(run: Solo) -> dict[str, Pattern]:
    """What the five lamps were last told."""
    told = dict.fromkeys(ALL, Pattern.OFF)
    for _, effect in run.history:
        if isinstance(effect, Tell) and isinstance(effect.command, Light):
            told[effect.command.lamp] = effect.command.pattern
    return told


def kept(run: Solo) -> list[Any]:
    """What went into the journal."""
    return [effect.message for _, effect in run.history if isinstance(effect, Keep)]


def health(effects: list[Any]) -> list[tuple[str, Condition, str]]:
    """What was reported about the pad's parts."""
    said = [effect.message for effect in effects if isinstance(effect, Say)]
    return [(one.part, one.condition, one.code) for one in said if isinstance(one, HealthReported)]


DARK = dict.fromkeys(ALL, Pattern.OFF)
ASKING = dict.fromkeys(ALL, Pattern.ON)
ERROR = dict.fromkeys(ALL, Pattern.BLINK)


def only(key: str) -> dict[str, Pattern]:
    """One lamp on, the others dark."""
    return {**DARK, key: Pattern.ON}


def test_the_settings_say_whose_desk_it_is() -> None:
    """A pad follows the desk of its counter, once."""
    run = Solo(PadBehaviour(NODE, BootId("0" * 16)))
    assert FollowDesk(CounterId("W02")) in run.at(0, Heard(SETTINGS))
    assert FollowDesk(CounterId("W02")) not in run.at(1, Heard(SETTINGS))


def test_a_finished_service_lights_all_five_lamps_alike_until_the_window_ends() -> None:
    """None is preselected; at arm_until all go out, and no rating was made up."""
    run = armed()
    assert lamps(run) == ASKING
    run.until(READY + 59_999)
    assert lamps(run) == ASKING
    run.until(READY + 60_000)
    assert lamps(run) == DARK
    assert kept(run) == []


@pytest.mark.parametrize("key", ALL)
def test_a_press_is_journalled_before_its_lamp(key: str) -> None:
    """For every level: first Keep, then its lamp on and the others off, in this order."""
    run = armed()
    effects = run.at(READY + 1_000, press(key))
    assert effects[0] == Keep(RatingSubmitted(request_id=RequestId(f"PAD-W02/{'0' * 16}/0"), session=FIRST, level=int(key)))
    assert effects[1:] == [Tell("lamps", Light(lamp, Pattern.ON if lamp == key else Pattern.OFF)) for lamp in ALL]


def test_one_press_counts_and_its_lamp_burns_to_the_end_of_the_window() -> None:
    """Further presses do nothing at all; at arm_until the lamp goes out."""
    run = armed()
    run.at(READY + 1_000, press("5"))
    assert run.at(READY + 2_000, press("1"), press("5")) == []
    run.until(READY + 59_999)
    assert lamps(run) == only("5")
    run.until(READY + 60_000)
    assert lamps(run) == DARK
    assert len(kept(run)) == 1


def test_pressing_a_dark_pad_does_nothing() -> None:
    """Before, after, and while somebody is served."""
    run = solo()
    assert run.at(READY, press("5")) == []
    run.at(READY, desk(9, FIRST))
    assert run.at(READY, press("5")) == []
    run.at(READY, desk(10, FIRST, READY + 60_000))
    run.until(READY + 60_001)
    assert run.at(READY + 60_002, press("5")) == []


def test_a_press_in_the_last_moment_is_seen() -> None:
    """Pressed 100 ms before the end the lamp still burns 2 s: the visitor must see that it is safe."""
    run = armed()
    run.at(READY + 59_900, press("4"))
    run.until(READY + 61_899)
    assert lamps(run) == only("4")
    run.until(READY + 61_900)
    assert lamps(run) == DARK


def test_a_journal_that_is_full_blinks_and_the_visitor_may_press_again() -> None:
    """No lamp burns alone, the service hears of it, and the next press is a new rating."""
    run = armed()
    run.at(READY + 1_000, press("5"))
    (rating,) = kept(run)
    effects = run.at(READY + 1_000, KeepFailed(rating, "No space left on device"))
    assert lamps(run) == ERROR
    assert health(effects) == [("journal", Condition.FAULT, "full")]
    run.until(READY + 6_000)
    assert lamps(run) == ASKING
    run.at(READY + 7_000, press("4"))
    assert lamps(run) == only("4")
    assert [one.level for one in kept(run)] == [5, 4]
    effects = run.at(READY + 7_100, Heard(RatingRecorded(request_id=kept(run)[1].request_id, session=FIRST)))
    assert health(effects) == [("journal", Condition.OK, "ok")]


def test_a_visitor_who_presses_again_while_it_blinks_is_heard() -> None:
    """Nobody has to wait for the blinking to end; the window still ends when it ends."""
    run = armed()
    run.at(READY + 58_000, press("5"))
    run.at(READY + 58_000, KeepFailed(kept(run)[0], "full"))
    run.at(READY + 58_500, press("5"))
    assert lamps(run) == only("5")
    run.at(READY + 58_500, KeepFailed(kept(run)[1], "full"))
    run.until(READY + 60_000)
    assert lamps(run) == DARK


def test_a_refused_rating_loses_its_lamp_and_is_not_asked_again() -> None:
    """The service has recorded it as refused; the same desk again does not ask again."""
    run = armed()
    run.at(READY + 1_000, press("5"))
    request = kept(run)[0].request_id
    run.at(READY + 1_500, Heard(RatingRefused(request_id=request, session=FIRST, reason=Refusal.ALREADY_RATED)))
    assert lamps(run) == DARK
    run.at(READY + 2_000, desk(11, FIRST, READY + 60_000))
    assert lamps(run) == DARK


def test_an_answer_to_an_earlier_life_changes_no_lamp() -> None:
    """A rating of before the reboot is answered while the pad asks somebody else."""
    run = armed()
    other = RequestId("PAD-W02/ffffffffffffffff/3")
    assert run.at(READY + 1, Heard(RatingRefused(request_id=other, session=SECOND, reason=Refusal.RATING_CLOSED))) == []
    assert run.at(READY + 2, Heard(RatingRecorded(request_id=other, session=SECOND))) == []
    assert lamps(run) == ASKING


def test_a_session_rated_by_the_ticket_code_is_no_longer_asked() -> None:
    """The QR rating came first: the lamps go out at once."""
    run = armed()
    run.at(READY + 3_000, desk(11, FIRST, READY + 60_000, rated=True))
    assert lamps(run) == DARK


def test_the_next_visitor_does_not_cut_the_first_fifteen_seconds() -> None:
    """Started 3 s later, the prompt stays until its 15 s are over, and the rating names the session before."""
    run = armed()
    run.at(READY + 3_000, desk(11, SECOND))
    assert lamps(run) == ASKING
    run.until(READY + 14_999)
    assert lamps(run) == ASKING
    run.until(READY + 15_000)
    assert lamps(run) == DARK


def test_a_press_in_the_protected_time_rates_the_visitor_who_was_served() -> None:
    """The lamp is seen for 2 s even though the desk has moved on."""
    run = armed()
    run.at(READY + 3_000, desk(11, SECOND))
    run.at(READY + 9_000, press("2"))
    assert kept(run)[0].session == FIRST
    run.until(READY + 10_999)
    assert lamps(run) == only("2")
    run.until(READY + 11_000)
    assert lamps(run) == DARK


def test_after_fifteen_seconds_the_next_visitor_ends_the_prompt() -> None:
    """From then on the desk decides at once."""
    run = armed()
    run.at(READY + 20_000, desk(11, SECOND))
    assert lamps(run) == DARK


def test_a_call_keeps_the_prompt_while_the_desk_names_the_session() -> None:
    """The next ticket is called, not yet served: the service still names the finished session."""
    run = armed()
    run.at(READY + 20_000, desk(11, FIRST, READY + 60_000))
    assert lamps(run) == ASKING


def test_a_session_that_ended_within_the_protected_time_is_asked_about_afterwards() -> None:
    """A very short second service: its visitor is asked when the first one's 15 s are over."""
    run = armed()
    run.at(READY + 3_000, desk(11, SECOND))
    run.at(READY + 8_000, desk(12, SECOND, READY + 68_000))
    run.until(READY + 15_000)
    assert lamps(run) == ASKING
    run.at(READY + 16_000, press("3"))
    assert kept(run)[0].session == SECOND


def test_the_next_finished_service_asks_anew() -> None:
    """A rated session, then another visitor: all lamps again."""
    run = armed()
    run.at(READY + 1_000, press("5"))
    run.at(READY + 30_000, desk(11, SECOND))
    assert lamps(run) == DARK
    run.at(READY + 90_000, desk(12, SECOND, READY + 150_000))
    assert lamps(run) == ASKING


def test_older_versions_and_other_counters_are_dropped() -> None:
    """An old desk delivered again does not ask again."""
    run = solo()
    run.at(READY, desk(20, SECOND))
    run.at(READY, desk(10, FIRST, READY + 60_000))
    other = DeskState(
        epoch=9,
        fact=1,
        counter=CounterId("W03"),
        phase=CounterPhase.FREE,
        session=FIRST,
        arm_until=HallTime(HALL + READY + 60_000),
    )
    run.at(READY, Heard(other))
    assert lamps(run) == DARK


def test_a_reboot_inside_the_window_asks_again_once_the_time_is_certain() -> None:
    """The retained desk and the second heartbeat are enough; a retained heartbeat alone is not."""
    run = Solo(PadBehaviour(NODE, BootId("1" * 16)))
    run.at(0, LinkUp(), Heard(SETTINGS), desk(10, FIRST, 40_000), heartbeat(0))
    assert lamps(run) == DARK
    run.at(4_000, heartbeat(4_000))
    assert lamps(run) == ASKING
    run.until(40_000)
    assert lamps(run) == DARK


def test_a_reboot_after_the_window_does_not_ask() -> None:
    """Never later: not with a live clock, and not with yesterday's retained heartbeat on a morning without service."""
    late = Solo(PadBehaviour(NODE, BootId("1" * 16)))
    late.at(0, LinkUp(), Heard(SETTINGS), desk(10, FIRST, 40_000), heartbeat(39_000))
    late.at(4_000, heartbeat(43_000))
    assert lamps(late) == DARK
    morning = Solo(PadBehaviour(NODE, BootId("2" * 16)))
    morning.at(0, LinkUp(), Heard(SETTINGS), desk(10, FIRST, 40_000), heartbeat(1_000))
    morning.until(60_000)
    assert lamps(morning) == DARK


def test_without_link_the_pad_still_takes_the_rating_in_its_window() -> None:
    """The link is gone; the rating is kept, its lamp burns, and the window ends on time."""
    run = armed()
    run.at(READY + 1_000, LinkDown())
    run.at(READY + 30_000, press("3"))
    assert kept(run)[0].level == 3
    assert lamps(run) == only("3")
    run.until(READY + 60_000)
    assert lamps(run) == DARK


def test_a_heartbeat_delivered_again_after_a_reconnect_does_not_lengthen_the_window() -> None:
    """The retained heartbeat of before the outage sets no clock back."""
    run = armed()
    run.at(READY + 10_000, LinkDown())
    run.at(READY + 50_000, LinkUp(), heartbeat(READY))
    run.until(READY + 60_000)
    assert lamps(run) == DARK


def test_a_stuck_face_is_reported_and_reported_again_after_an_outage() -> None:
    """Fault, fault again with the link, then ok; the other faces work."""
    run = armed()
    run.at(READY, Reported("keys", Stuck("5")))
    run.at(READY + 1, LinkDown(), LinkUp())
    run.at(READY + 2, Reported("keys", Unstuck("5")), Reported("keys", Unstuck("5")))
    reported = health([effect for _, effect in run.history])
    assert [condition for _, condition, _ in reported] == [Condition.FAULT, Condition.FAULT, Condition.OK]
    run.at(READY + 3, press("4"))
    assert lamps(run) == only("4")


# --- Emergency -----------------------------------------------------------------------------------------------------------


def hall(fact: int, *, emergency: bool) -> Heard:
    """The state of the hall."""
    return Heard(HallBoard(epoch=1, fact=fact, phase=HallPhase.OPEN, emergency=emergency))


def test_in_an_emergency_the_pad_asks_nobody() -> None:
    """It goes dark at once, within its first 15 s too, and a press then is none (HALL-8.2)."""
    run = solo()
    run.at(READY, desk(1, FIRST, READY + 60_000))
    assert set(lamps(run).values()) == {Pattern.ON}
    run.at(READY + 1_000, hall(1, emergency=True))
    assert set(lamps(run).values()) == {Pattern.OFF}
    run.at(READY + 2_000, Reported("keys", Pressed("5")))
    assert not [effect for _, effect in run.history if isinstance(effect, Keep)]


def test_after_an_emergency_it_asks_again_while_the_window_is_open() -> None:
    """An older state of the hall does not bring the emergency back; a window that has closed stays closed."""
    run = solo()
    run.at(READY, hall(5, emergency=True), desk(1, FIRST, READY + 30_000))
    assert set(lamps(run).values()) == {Pattern.OFF}
    run.at(READY + 10_000, heartbeat(READY + 10_000), hall(6, emergency=False), hall(5, emergency=True))
    assert set(lamps(run).values()) == {Pattern.ON}
    run = solo()
    run.at(READY, hall(5, emergency=True), desk(1, FIRST, READY + 30_000))
    run.at(READY + 31_000, heartbeat(READY + 31_000), hall(6, emergency=False))
    assert set(lamps(run).values()) == {Pattern.OFF}
