"""Laws of corrected days: what a day finally amounts to does not depend on when anything became known (1.0.3, step 9)."""

import os
from datetime import date
from itertools import count, pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.attendance import DayRecord, Word
from broker.config import config_hash
from broker.rules import facts as f
from broker.rules.hours import MINUTE, on_day
from broker.timesheet.judged import judged
from broker.timesheet.reading import history_of
from broker.timesheet.versions import versions
from contracts.values import (
    CorrectionNo,
    HalfOfDay,
    HallTime,
    NodeName,
    ProxyCaseNo,
    PunchId,
    PunchIntent,
    RequestId,
    StaffNo,
)
from sim.rules_day import hall_text

DEMO = hall_text("demo-hall")
TUESDAY = date(2026, 3, 10)
ZERO = on_day(TUESDAY, "00:00")
S105, S007 = StaffNo("S105"), StaffNo("S007")
LONG_AFTER = HallTime(ZERO + 10 * 24 * 60 * MINUTE)
days_of_people = settings(max_examples=3_000 if os.environ.get("HALL_CAMPAIGN") == "1" else 40)

minutes = st.one_of(
    st.sampled_from([535, 540, 541, 700, 720, 735, 765, 790, 810, 840, 1049, 1050, 1052]), st.integers(400, 1300)
)
intents = st.sampled_from([PunchIntent.NONE] * 4 + [PunchIntent.IN, PunchIntent.OUT])
punches = st.lists(st.tuples(minutes, intents), max_size=6)
regularised = st.lists(st.tuples(minutes, st.sampled_from([PunchIntent.IN, PunchIntent.OUT])), max_size=3)
leaves = st.lists(st.sampled_from([(540, 720), (810, 1050), (540, 600), (960, 1050)]), max_size=2, unique=True)
halves = st.sampled_from(list(HalfOfDay))
chances = st.randoms(use_true_random=False)


def at(minute: int) -> HallTime:
    """A minute of the day."""
    return HallTime(ZERO + minute * MINUTE)


def stored(pressed: list[tuple[int, PunchIntent]], source: str = "clock") -> list[f.Fact]:
    """Punches of a clock, lines of the paper sheet, or approved 补签."""
    found: list[f.Fact] = []
    for n, (minute, intent) in enumerate(pressed, 1):
        if source == "clock":
            found.append(
                f.PunchStored(
                    request_id=RequestId(f"CLK-01/a/{n}"),
                    clock=NodeName("CLK-01"),
                    card=None,
                    staff=S105,
                    intent=intent,
                    at=at(minute),
                    unverified=False,
                    stamp=None,
                )
            )
        else:
            no = CorrectionNo(f"BQ-20260311-{n:03d}")
            found.append(
                f.RegularisationDecided(
                    no=no, staff=S105, at=at(minute), intent=intent, approved=True, actor=S007, level="chief_rep"
                )
            )
    return found


def excused(spans: list[tuple[int, int]]) -> list[f.Fact]:
    """Approved leave."""
    return [
        f.AbsenceEntered(absence=f.Absence(staff=S105, begins=at(a), ends=at(b), kind="sick"), actor=S007) for a, b in spans
    ]


def recorded(facts: list[f.Fact], first: int = 600) -> list[f.Recorded]:
    """In this order, an hour apart; the configuration in front."""
    adopted = f.ConfigurationAdopted(content=DEMO, hash=config_hash(DEMO))
    numbers = count(1)
    known = [f.Recorded(number=next(numbers), at=HallTime(ZERO - MINUTE), request_id=None, fact=adopted)]
    times = (at(first + 60 * n) for n in count())
    known += [
        f.Recorded(number=next(numbers), at=when, request_id=None, fact=one) for one, when in zip(facts, times, strict=False)
    ]
    return known


def final(facts: list[f.Fact]) -> DayRecord:
    """What the day finally amounts to."""
    return judged(history_of(recorded(facts), LONG_AFTER), S105, TUESDAY, LONG_AFTER).record


def burden(record: DayRecord) -> tuple[int, int, int]:
    """How bad a day is: half days absent, then missing records, then minutes (decision 17)."""
    results = [result for one in record.halves for result in one.results] + list(record.day)
    missing = sum(result.word in {Word.MISSING_IN, Word.MISSING_OUT} for result in results)
    return sum(result.half_days for result in results), missing, sum(result.minutes for result in results)


@days_of_people
@given(punches, regularised, leaves, chances)
def test_the_order_of_arrival_of_punches_and_approvals_changes_nothing(
    pressed: list[tuple[int, PunchIntent]],
    made_good: list[tuple[int, PunchIntent]],
    away: list[tuple[int, int]],
    chance: Random,
) -> None:
    """Offline punches, late 补签 and late leave give the final record they would have given at once."""
    facts = [*stored(pressed), *stored(made_good, "regularised"), *excused(away)]
    shuffled = list(facts)
    chance.shuffle(shuffled)
    assert final(shuffled) == final(facts)


@days_of_people
@given(punches, regularised, leaves, st.tuples(minutes, st.sampled_from([PunchIntent.IN, PunchIntent.OUT])))
def test_a_regularisation_takes_no_recorded_punch_away_and_no_absence_grows(
    pressed: list[tuple[int, PunchIntent]],
    made_good: list[tuple[int, PunchIntent]],
    away: list[tuple[int, int]],
    more: tuple[int, PunchIntent],
) -> None:
    """补签 fills in: whoever decided the day still decides it, and it is no day more absent."""
    without = [*stored(pressed), *excused(away)]
    before, after = final(without), final([*without, *stored([*made_good, more], "regularised")])
    deciding = {one for half in before.halves for one in (half.came, half.left) if one is not None}
    assert deciding <= {one for half in after.halves for one in (half.came, half.left)}
    assert burden(after)[0] <= burden(before)[0]


@days_of_people
@given(punches, leaves, halves, chances)
def test_a_confirmed_case_is_the_same_whenever_it_is_confirmed(
    pressed: list[tuple[int, PunchIntent]], away: list[tuple[int, int]], half: HalfOfDay, chance: Random
) -> None:
    """Before the leave is heard of or after it; and the half is absent or excused, nothing else (D4)."""
    case = f.ProxyConfirmed(
        case=ProxyCaseNo("DK-20260310-001"),
        actor=S007,
        inspector=S007,
        principal=S105,
        proxy=None,
        day=TUESDAY.isoformat(),
        halves=(half,),
        punches=(PunchId("CLK-01/a/1"),),
    )
    facts = [*stored(pressed), *excused(away), case]
    shuffled = list(facts)
    chance.shuffle(shuffled)
    assert [[one.word for one in each.results] for each in final(shuffled).halves] == [
        [one.word for one in each.results] for each in final([*stored(pressed), *excused(away), case]).halves
    ]
    (mine,) = [one for one in final(facts).halves if one.half is half]
    words = {one.word for one in mine.results}
    assert words == {Word.ABSENT} or words <= {Word.LEAVE}


@days_of_people
@given(punches, regularised, leaves, chances)
def test_versions_end_in_the_final_result_and_never_change_afterwards(
    pressed: list[tuple[int, PunchIntent]],
    made_good: list[tuple[int, PunchIntent]],
    away: list[tuple[int, int]],
    chance: Random,
) -> None:
    """Neighbours differ, times rise, what was told once is told again later, and the last one is what the sheet says."""
    facts = [*stored(pressed), *stored(made_good, "regularised"), *excused(away)]
    chance.shuffle(facts)
    every = recorded(facts, first=700)
    history = history_of(every, LONG_AFTER)
    record = judged(history, S105, TUESDAY, LONG_AFTER).record
    for half in HalfOfDay:
        found = versions(history, S105, TUESDAY, half)
        assert [one.at for one in found] == sorted({one.at for one in found})
        assert all((a.results, a.flags) != (b.results, b.flags) for a, b in pairwise(found))
        (mine,) = [one for one in record.halves if one.half is half]
        assert found[-1].results == mine.results or record.day
        middle = at(1500)
        earlier = versions(history_of([one for one in every if one.at <= middle], middle), S105, TUESDAY, half)
        assert [one.results for one in earlier] == [one.results for one in found if one.at <= middle]


def test_calendar_days_around_the_holidays() -> None:
    """1.0.1: 02-14, 02-28 and 10-10 are worked Saturdays, 10-08 and 10-09 workdays, 10-11 a Sunday of rest."""
    adopted = f.ConfigurationAdopted(content=DEMO, hash=config_hash(DEMO))
    first = f.Recorded(number=1, at=HallTime(0), request_id=None, fact=adopted)
    expected = {(2, 14): True, (2, 28): True, (10, 7): False, (10, 8): True, (10, 9): True, (10, 10): True, (10, 11): False}
    for (month, day), works in expected.items():
        when = date(2026, month, day)
        seen = on_day(date(2026, 12, 31), "12:00")
        record = judged(history_of([first], seen), S105, when, seen).record
        assert bool(record.day) == works, when
        assert (record.halves[0].results == ()) == works
