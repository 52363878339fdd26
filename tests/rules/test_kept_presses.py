"""What nobody can repeat: ratings by when they were pressed, punches by the clocks there are (EVAL-6.1, D10, ATT-10)."""

from typing import Any

import pytest

from broker.rules import facts as f
from contracts import messages as m
from contracts.values import BootId, CardHash, Condition, HallTime, PunchIntent, Refusal
from sim.rules_day import RulesDay, hall_text, refusal

SECOND = 1_000
HOUR = 3_600_000


@pytest.fixture
def day() -> RulesDay:
    """W02 has just finished a visit, at 09:10."""
    opened = RulesDay(hall_text("demo-small"))
    for node in ("PAD-W02", "CLK-01"):
        opened.born(node)
    opened.login("W02", "S102")
    opened.at("09:10")
    opened.take("A")
    opened.call("W02")
    opened.serve("W02")
    return opened


SESSION = "2026-03-10/A001/s1"


def stamp(day: RulesDay, node: str, wall: int, **fields: Any) -> m.Stamp:
    """What the node's outbox says about a row."""
    return m.Stamp(boot=day.boot(node), monotonic_ms=100 * SECOND, wall_at=HallTime(wall), **fields)


def rate(day: RulesDay, level: int = 5, made: m.Stamp | None = None) -> Refusal | None:
    """Press a face on PAD-W02."""
    return refusal(day.ask("PAD-W02", m.RatingSubmitted, session=SESSION, level=level, stamp=made))


def punch(day: RulesDay, made: m.Stamp | None, **fields: Any) -> tuple[HallTime, bool]:
    """A punch at CLK-01: the time it counts for, and whether that needs a check."""
    decision = day.do("CLK-01", m.PunchMade, **{"card": None, "staff": "S102", "stamp": made, **fields})
    fact, answer = decision.facts[0], decision.answers[0][1]
    assert isinstance(fact, f.PunchStored)
    assert isinstance(answer, m.PunchStored)
    assert (fact.at, fact.unverified) == (answer.at, answer.unverified)
    return fact.at, fact.unverified


# --- Ratings -------------------------------------------------------------------------------------------------------------


def test_rating_names_counter_and_who_really_served(day: RulesDay) -> None:
    """EVAL-3: also after the clerk has left."""
    day.login("W02", "S102")
    assert rate(day, 4) is None
    fact = day.facts[-1].fact
    assert isinstance(fact, f.RatingRecorded)
    assert (fact.level, fact.counter, fact.staff) == (4, "W02", "S102")


def test_rating_kept_inside_the_window_counts_whenever_it_arrives(day: RulesDay) -> None:
    """D10, design 5: pressed at 09:10:30, sent an hour later when the link is back."""
    day.at("10:10:30")
    assert rate(day, made=stamp(day, "PAD-W02", 0, age_ms=HOUR)) is None


def test_rating_kept_outside_the_window_is_refused_whenever_it_arrives(day: RulesDay) -> None:
    """D10: pressed at 09:12."""
    day.at("10:12")
    assert rate(day, made=stamp(day, "PAD-W02", 0, age_ms=HOUR)) is Refusal.RATING_CLOSED


def test_press_on_the_last_moment_has_three_seconds_of_grace(day: RulesDay) -> None:
    """EVAL-6.1: hall time and pad time differ by the way of a message."""
    day.at("09:11:03")
    assert rate(day) is None


def test_refused_rating_is_a_fact_too(day: RulesDay) -> None:
    """I6: every press has exactly one recorded outcome."""
    rate(day)
    decision = day.ask("PAD-W02", m.RatingSubmitted, session=SESSION, level=1)
    fact = decision.facts[0]
    assert isinstance(fact, f.RatingRefused)
    assert (fact.level, fact.reason) == (1, Refusal.ALREADY_RATED)


def test_rating_of_a_pad_cut_off_overnight_still_counts(day: RulesDay) -> None:
    """Design 5: the lamp burned, so the press is not lost by the turn of the day."""
    day.advance(HallTime(day.now + 24 * HOUR))
    assert day.hall.today.date.day == 11
    assert rate(day, made=stamp(day, "PAD-W02", 0, age_ms=24 * HOUR - 20 * SECOND)) is None


def test_rated_sessions_do_not_outlive_the_night(day: RulesDay) -> None:
    """Only what may still be rated is carried over; a second press finds nothing."""
    rate(day)
    day.advance(HallTime(day.now + 24 * HOUR))
    assert rate(day, made=stamp(day, "PAD-W02", 0, age_ms=24 * HOUR)) is Refusal.UNKNOWN_SESSION


def test_pad_is_believed_where_no_clock_can_tell(day: RulesDay) -> None:
    """A pad asks only inside the window; rebooted, without any clock, its press counts."""
    day.died("PAD-W02")
    day.at("09:30")
    day.born("PAD-W02")
    assert rate(day, made=stamp(day, "PAD-W02", 0)) is None


# --- Punches -------------------------------------------------------------------------------------------------------------


def test_punch_is_stored_as_it_was_made(day: RulesDay) -> None:
    """ATT: raw, with intent and card; who it is says the clock's roster, and an unknown card is stored as well."""
    punch(day, None, card=CardHash("ab" * 16), staff=None, intent=PunchIntent.OUTING)
    fact = day.facts[-1].fact
    assert isinstance(fact, f.PunchStored)
    assert (fact.card, fact.staff, fact.intent, fact.clock) == ("ab" * 16, None, PunchIntent.OUTING, "CLK-01")


def test_punch_of_the_same_life_counts_for_now_less_its_age(day: RulesDay) -> None:
    """Design 5: monotonic age needs no wall clock; the clock showed the hall time it had heard."""
    made = stamp(
        day, "CLK-01", 0, age_ms=HOUR, heard_hall_at=HallTime(day.now - HOUR - 5 * SECOND), heard_monotonic_ms=95 * SECOND
    )
    assert punch(day, made) == (day.now - HOUR, False)


def test_punch_a_server_held_back_counts_for_when_it_was_made(day: RulesDay) -> None:
    """Said fresh to a service that had just died, delivered an hour later: the hall clock heard before tells when it was."""
    made = stamp(
        day, "CLK-01", 0, age_ms=0, heard_hall_at=HallTime(day.now - HOUR - 5 * SECOND), heard_monotonic_ms=95 * SECOND
    )
    assert punch(day, made) == (day.now - HOUR, False)


@pytest.mark.parametrize(("offset", "unverified"), [(30, False), (31, True), (-30, False), (-31, True), (240, True)])
def test_clock_that_was_off_by_more_than_half_a_minute_is_flagged(day: RulesDay, offset: int, unverified: bool) -> None:
    """ATT-10: the punch counts for the right time, flagged when the person saw one that is more than 30 s off."""
    made = stamp(day, "CLK-01", day.now - HOUR + offset * SECOND, age_ms=HOUR)
    assert punch(day, made) == (day.now - HOUR, unverified)


def test_lives_heard_of_all_at_once_say_nothing_about_when_the_outage_began(day: RulesDay) -> None:
    """The service was away: two deaths and births arrive together. A plausible wall clock inside that time is believed."""
    day.at("09:00")
    day.born("CLK-01")
    day.at("12:00")
    for _ in range(2):
        day.died("CLK-01")
        day.born("CLK-01")
    made = m.Stamp(boot=BootId("0" * 16), monotonic_ms=5, wall_at=day.time("10:30"))
    assert punch(day, made) == (day.time("10:30"), False)


def reboot(day: RulesDay) -> None:
    """CLK-01 is cut off at 10:00 and comes back at 11:00."""
    day.at("10:00")
    day.died("CLK-01")
    day.at("11:00")
    day.born("CLK-01")


def test_after_a_reboot_the_heard_hall_clock_tells(day: RulesDay) -> None:
    """The row holds the last heartbeat heard in its own life: 40 s after 10:15."""
    reboot(day)
    made = stamp(day, "CLK-01", 0, heard_hall_at=day.time("10:15"), heard_monotonic_ms=60 * SECOND)
    assert punch(day, made) == (day.time("10:15:40"), False)


def test_after_a_reboot_a_plausible_wall_clock_tells(day: RulesDay) -> None:
    """A wall clock inside the outage is used as it is."""
    reboot(day)
    assert punch(day, stamp(day, "CLK-01", day.time("10:31"))) == (day.time("10:31"), False)


@pytest.mark.parametrize(("wall", "counts_for"), [("08:00", "09:58"), ("23:00", "11:00")])
def test_after_a_reboot_an_implausible_wall_clock_is_clamped(day: RulesDay, wall: str, counts_for: str) -> None:
    """Design 5: put into the outage (it began up to two minutes before it was noticed) and marked unverified."""
    reboot(day)
    assert punch(day, stamp(day, "CLK-01", day.time(wall))) == (day.time(counts_for), True)


def test_clock_nobody_saw_dying_is_believed_for_four_days(day: RulesDay) -> None:
    """Without a known outage a wall clock of yesterday is plausible, one of the last century is not."""
    day.hall.nodes.pop(next(node for node in day.hall.nodes if node == "CLK-01"))
    assert punch(day, stamp(day, "CLK-01", day.now - 24 * HOUR)) == (day.now - 24 * HOUR, False)
    assert punch(day, stamp(day, "CLK-01", 0)) == (day.now - 96 * HOUR, True)


def test_punch_is_never_in_the_future(day: RulesDay) -> None:
    """A negative age or a heard clock ahead of ours cannot make a punch later than now."""
    assert punch(day, stamp(day, "CLK-01", day.now, age_ms=-HOUR))[0] == day.now
    ahead = stamp(day, "CLK-01", day.now + HOUR, heard_hall_at=HallTime(day.now + HOUR), heard_monotonic_ms=0)
    assert punch(day, ahead)[0] <= day.now


def test_part_that_changes_condition_is_one_fact_until_it_changes_again(day: RulesDay) -> None:
    """EQP-5.1: one open fault per device and code, however often it is reported; the night does not hide it."""
    report = {"part": "printer", "condition": Condition.FAULT, "code": "paper_out", "detail": "near end " * 200}
    assert len(day.do("TM-01", m.HealthReported, **report).facts) == 1
    assert not day.do("TM-01", m.HealthReported, **report).facts
    day.advance(HallTime(day.now + 24 * HOUR))
    assert not day.do("TM-01", m.HealthReported, **report).facts
    repaired = day.do("TM-01", m.HealthReported, **{**report, "condition": Condition.OK, "code": "ok"}).facts
    assert isinstance(repaired[0], f.HealthChanged)
