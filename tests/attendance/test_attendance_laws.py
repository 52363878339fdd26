"""Laws of attendance on random days, and a second evaluator that shares no code with the first.

The second one was written from the text of 1.0.3: seconds of the day, sets of required minutes, all pairs tried.
HALL_CAMPAIGN=1 compares tens of thousands of days.
"""

import os
from dataclasses import dataclass
from datetime import date
from itertools import product
from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.attendance import DayRecord, Duty, Excuse, ExcuseKind, HalfOfDay, Punch, Word, evaluate
from broker.config import load
from broker.rules.hours import midnight
from broker.rules.workdays import Day, day_plan
from broker.schema import AttendanceParams, Half, Schedule, YearRange
from contracts.values import HallTime, PunchIntent
from sim.rules_day import hall_text

DAYS = 30_000 if os.environ.get("HALL_CAMPAIGN") == "1" else 1_000
many_days = settings(max_examples=DAYS)
fewer_days = settings(max_examples=DAYS // 4)

HALL = load(hall_text("demo-hall"), "demo-hall.toml")
TUESDAY = date(2026, 3, 10)
STANDARD = {"AM": (540, 720), "PM": (810, 1050)}
SUMMER = {"AM": (540, 720), "PM": (870, 1050)}
Hours = dict[str, tuple[int, int]]
Pressed = tuple[int, str]
"""Second of the day (over 86400 after midnight) and intent."""
Away = tuple[int, int, str]
"""From minute, up to minute, and the name: personal, meeting, training."""


# The second evaluator.


@dataclass(eq=False)
class Group:
    """A punch and its duplicates: the first second, the last second, the intent."""

    first: int
    last: int
    says: str


def second_opinion(
    pressed: list[Pressed], away: list[Away], hours: Hours, policy: AttendanceParams
) -> tuple[dict[str, list[str]], list[str]]:
    """The results of both halves in words, and of the day."""
    day = Opinion(without_duplicates(pressed, policy.debounce_s), away, hours, policy)
    if not day.groups and all(day.need.values()):
        return {"AM": [], "PM": []}, ["ABSENT 1.0"]
    return {half: day.results(half) if day.need[half] else day.excuse_words(half) for half in hours}, []


def without_duplicates(pressed: list[Pressed], debounce_s: int) -> list[Group]:
    """Step 3."""
    groups: list[Group] = []
    for second, says in sorted(pressed):
        if not 4 * 3600 <= second < 28 * 3600:
            continue
        same = [group for group in groups if group.says == says]
        if same and second - same[-1].first <= debounce_s:
            same[-1].last = second
        else:
            groups.append(Group(second, second, says))
    return groups


class Opinion:
    """One day, looked at half by half."""

    def __init__(self, groups: list[Group], away: list[Away], hours: Hours, policy: AttendanceParams) -> None:
        self.groups, self.away, self.hours, self.policy = groups, away, hours, policy
        excused = {minute for start, end, _ in away for minute in range(start, end)}
        self.need = {half: set(range(*span)) - excused for half, span in hours.items()}
        self.noon, self.afternoon = hours["AM"][1] * 60, hours["PM"][0] * 60
        self.both = all(self.need.values())
        self.plain = [one for one in groups if one.says == "none" and self.noon <= one.first < self.afternoon]

    def excuse_words(self, half: str) -> list[str]:
        """Leave counts first; an outing only for minutes that no leave takes."""
        span = set(range(*self.hours[half]))
        leave = {minute for start, end, name in self.away if name == "personal" for minute in range(start, end)}
        out = {minute for start, end, name in self.away if name != "personal" for minute in range(start, end)}
        return (["LEAVE"] if leave & span else []) + (["OUTING"] if (out - leave) & span else [])

    def belongs_to(self, one: Group, half: str) -> bool:
        """Step 4."""
        if one.first < self.noon or one.first >= self.afternoon:
            return half == ("AM" if one.first < self.noon else "PM")
        if not self.both:
            return True
        middle = one.first // 60 < (self.noon + self.afternoon) / 120
        chosen = {"out": True, "outing": True, "in": False, "return": False}.get(one.says, middle)
        if one in self.plain and len(self.plain) > 1:
            return one is self.plain[0 if half == "AM" else -1]
        return chosen == (half == "AM")

    def results(self, half: str) -> list[str]:
        """Steps 5 and 6."""
        mine = [one for one in self.groups if self.belongs_to(one, half)]
        begin, end = min(self.need[half]), max(self.need[half]) + 1
        comings = [one for one in mine if self.may_come(one, half, mine, begin)]
        leavings = [one for one in mine if self.may_leave(one, half, mine, end)]
        came, left = best_pair(comings, leavings, begin, end)
        late = max(0, came.first // 60 - begin) if came else 0
        early = max(0, end - left.last // 60) if left and not self.signs_in(left, end) else 0
        too_late = self.policy.late_to_absence_min is not None and late >= self.policy.late_to_absence_min
        strict = self.policy.halfday_absence_policy == "any_missing"
        if too_late or (came is None and left is None) or (strict and not (came and left)):
            return ["ABSENT 0.5"]
        words = [] if came else ["MISSING_IN"]
        words += [f"LATE {late}"] if late > self.policy.late_grace_min else []
        words += [] if left else ["MISSING_OUT"]
        words += [f"EARLY {early}"] if early > self.policy.early_grace_min else []
        return words or ["NORMAL"]

    def may_come(self, one: Group, half: str, mine: list[Group], begin: int) -> bool:
        """By what it says; going and coming back count only where an outing cut the beginning, or in time."""
        if one in self.plain and self.both:
            return half == "PM"
        went = any(gone.says == "outing" and begin * 60 < gone.first < one.first for gone in mine)
        back = one.says == "return" and begin > self.hours[half][0] and not went
        return one.says in {"none", "in"} or back or (one.says in {"return", "train"} and one.first // 60 <= begin)

    def may_leave(self, one: Group, half: str, mine: list[Group], end: int) -> bool:
        """The mirror of it, and the sign-in of a training that ends the half."""
        if one in self.plain and self.both:
            return half == "AM"
        came_back = any(back.says == "return" and one.first < back.first < end * 60 for back in mine)
        cut = end < self.hours[half][1]
        gone = cut and ((one.says == "outing" and not came_back) or self.signs_in(one, end))
        return one.says in {"none", "out"} or gone or (one.says in {"outing", "train"} and one.last >= end * 60)

    def signs_in(self, one: Group, end: int) -> bool:
        """Up to half an hour before, and during, a training that ends the half."""
        sessions = [(start, until) for start, until, name in self.away if name == "training" and start >= end]
        return one.says == "train" and any((start - 30) * 60 <= one.first < until * 60 for start, until in sessions)


def best_pair(comings: list[Group], leavings: list[Group], begin: int, end: int) -> tuple[Group | None, Group | None]:
    """The longest stay of all that are possible; if none is, the one side that is nearer to its bound."""
    stays = [(a, b) for a, b in product(comings, leavings) if a.first < b.first]
    if stays:
        return min(stays, key=lambda stay: (stay[0].first, -stay[1].first))
    came = min(comings, key=lambda one: one.first, default=None)
    left = max(leavings, key=lambda one: one.first, default=None)
    if came is None or left is None:
        return came, left
    return (came, None) if came.first // 60 + left.first // 60 < begin + end else (None, left)


# Random days.

WORKED = [8 * 60 + 55, 540, 600, 630, 675, 720, 725, 750, 765, 795, 805, 810, 840, 930, 960, 1045, 1050, 1095, 1480]
seconds = st.one_of(
    st.tuples(st.sampled_from(WORKED), st.integers(-130, 130)).map(lambda one: one[0] * 60 + one[1]),
    st.integers(3 * 3600, 29 * 3600),
)
intents = st.sampled_from(["none"] * 6 + ["in", "out", "outing", "return", "train"])
presses = st.lists(st.tuples(seconds, intents), max_size=8, unique=True)
quarters = st.integers(35, 71)
aways = st.tuples(
    quarters,
    st.integers(1, 16),
    st.integers(-2, 2),
    st.sampled_from(["personal", "meeting", "training"]),
).map(lambda one: (one[0] * 15 + one[2], (one[0] + one[1]) * 15, one[3]))
excused = st.lists(aways, max_size=3)
policies = st.builds(
    AttendanceParams,
    halfday_absence_policy=st.sampled_from(["both_missing", "any_missing"]),
    late_grace_min=st.sampled_from([0, 5]),
    early_grace_min=st.sampled_from([0, 3]),
    late_to_absence_min=st.sampled_from([None, 30]),
    debounce_s=st.sampled_from([60, 0, 120]),
)
readings = st.sampled_from([AttendanceParams(), AttendanceParams(halfday_absence_policy="any_missing")])
hours_of_the_year = st.sampled_from([STANDARD, SUMMER])


def record_of(pressed: list[Pressed], away: list[Away], policy: AttendanceParams, hours: Hours = STANDARD) -> DayRecord:
    """What the real one makes of it."""
    return evaluate(*real(pressed, away, hours), policy)


def real(pressed: list[Pressed], away: list[Away], hours: Hours) -> tuple[list[Punch], Duty, list[Excuse]]:
    """The same day in the values of the service."""
    zero = midnight(TUESDAY)
    punches = [Punch(HallTime(zero + second * 1000), PunchIntent(says)) for second, says in pressed]
    excuses = [
        Excuse(
            ExcuseKind.LEAVE if name == "personal" else ExcuseKind.OUTING,
            HallTime(zero + start * 60_000),
            HallTime(zero + end * 60_000),
            name,
        )
        for start, end, name in away
    ]
    return punches, Duty(PLANS[hours["PM"]]), excuses


def _plan(hours: Hours) -> Day:
    """The demo day with these hours."""
    clock = {half: tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in span) for half, span in hours.items()}
    halves = (
        Half(id="AM", start=clock["AM"][0], end=clock["AM"][1]),
        Half(id="PM", start=clock["PM"][0], end=clock["PM"][1]),
    )
    schedule = Schedule(id="any", valid=YearRange(first="01-01", last="12-31"), halves=halves)
    return day_plan(msgspec.structs.replace(HALL, schedules=(schedule,)), TUESDAY)


PLANS = {hours["PM"]: _plan(hours) for hours in (STANDARD, SUMMER)}


def spelled(record: DayRecord) -> tuple[dict[str, list[str]], list[str]]:
    """In words, each once."""
    halves = {one.half.value: list(dict.fromkeys(result.spelled for result in one.results)) for one in record.halves}
    return halves, [result.spelled for result in record.day]


def burden(record: DayRecord) -> tuple[int, int, int]:
    """How bad a day is: half days absent, then missing records, then minutes."""
    results = [result for one in record.halves for result in one.results] + list(record.day)
    missing = sum(result.word in {Word.MISSING_IN, Word.MISSING_OUT} for result in results)
    return sum(result.half_days for result in results), missing, sum(result.minutes for result in results)


@many_days
@given(presses, excused, policies, hours_of_the_year)
def test_two_evaluators_agree(pressed: list[Pressed], away: list[Away], policy: AttendanceParams, hours: Hours) -> None:
    """On any day, under any policy and in both schedules."""
    assert spelled(record_of(pressed, away, policy, hours)) == second_opinion(pressed, away, hours, policy)


def test_two_evaluators_agree_on_a_heap_of_busy_days() -> None:
    """Days as people live them, in bulk: four punches that stray, some more of every kind, now and then an excuse."""
    chance = Random(20260310)
    for _ in range(DAYS * 5):
        pressed = [
            (minute * 60 + chance.randint(-400, 400), "none") for minute in (540, 720, 810, 1050) if chance.random() < 0.8
        ]
        intents_ = ["none", "in", "out", "outing", "return", "train"]
        pressed += [
            (chance.randint(8 * 3600, 19 * 3600), chance.choice(intents_)) for _ in range(chance.choice((0, 0, 1, 2)))
        ]
        begins = [chance.randint(35, 69) * 15 for _ in range(chance.choice((0, 0, 1, 2)))]
        away = [
            (one, one + chance.randint(1, 16) * 15, chance.choice(("personal", "meeting", "training"))) for one in begins
        ]
        policy = chance.choice((AttendanceParams(), AttendanceParams(halfday_absence_policy="any_missing")))
        assert spelled(record_of(pressed, away, policy)) == second_opinion(pressed, away, STANDARD, policy), (pressed, away)


@many_days
@given(presses, excused, aways, readings)
def test_an_excuse_never_makes_a_day_worse(
    pressed: list[Pressed], away: list[Away], more: Away, policy: AttendanceParams
) -> None:
    """Neither absence nor missing records nor minutes grow, in this order of weight, in both readings of D2."""
    assert burden(record_of(pressed, [*away, more], policy)) <= burden(record_of(pressed, away, policy))


@fewer_days
@given(presses, excused, policies, st.data())
def test_a_duplicate_changes_nothing_but_a_leaving_time(
    pressed: list[Pressed], away: list[Away], policy: AttendanceParams, data: st.DataObject
) -> None:
    """A second press within the minute: nobody comes at another time, no record appears or goes, nobody leaves earlier."""
    before = record_of(pressed, away, policy)
    kept = without_duplicates(pressed, policy.debounce_s)
    if not kept:
        return
    group = data.draw(st.sampled_from(kept))
    again = data.draw(st.integers(group.first, group.first + policy.debounce_s))
    if again >= 28 * 3600:
        return
    after = record_of([*pressed, (again, group.says)], away, policy)
    for one, other in zip(before.halves, after.halves, strict=True):
        assert one.came == other.came
        assert (one.left is None) == (other.left is None)
        assert one.left is None or other.left is None or one.left <= other.left <= one.left + policy.debounce_s * 1000
    assert burden(after) <= burden(before)
    assert burden(after)[:2] == burden(before)[:2]


@fewer_days
@given(presses, excused, policies, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(
    pressed: list[Pressed], away: list[Away], policy: AttendanceParams, chance: Random
) -> None:
    """Offline punches and late approvals give the record they would have given at once."""
    shuffled, moved = list(pressed), list(away)
    chance.shuffle(shuffled)
    chance.shuffle(moved)
    assert record_of(shuffled, moved, policy) == record_of(pressed, away, policy)


@fewer_days
@given(presses, excused, policies)
def test_an_absence_stands_alone(pressed: list[Pressed], away: list[Away], policy: AttendanceParams) -> None:
    """LATE and EARLY never beside ABSENT in one half; NORMAL beside nothing; a whole day's absence without halves."""
    record = record_of(pressed, away, policy)
    for one in record.halves:
        words = {result.word for result in one.results}
        assert len(words) == 1 or not words & {Word.ABSENT, Word.NORMAL}
        assert bool(words) != bool(record.day)
        assert one.came is None or one.left is None or one.came < one.left


@fewer_days
@given(presses, excused, policies)
def test_punches_outside_the_day_and_voided_ones_are_passed_over(
    pressed: list[Pressed], away: list[Away], policy: AttendanceParams
) -> None:
    """What counts lies between 04:00 and 04:00 and was not taken back."""
    punches, duty, excuses = real(pressed, away, STANDARD)
    inside = [one for one in pressed if 4 * 3600 <= one[0] < 28 * 3600]
    voided = [Punch(one.at, one.intent, voided=True) for one in punches]
    assert evaluate([*punches, *voided], duty, excuses, policy) == record_of(inside, away, policy)


@fewer_days
@given(presses, excused, readings, st.sets(st.sampled_from(list(HalfOfDay)), min_size=1))
def test_a_forged_half_is_absent_or_excused_and_the_other_is_untouched(
    pressed: list[Pressed], away: list[Away], policy: AttendanceParams, forged: set[HalfOfDay]
) -> None:
    """D4: for exactly the halves whose record was faked."""
    punches, duty, excuses = real(pressed, away, STANDARD)
    honest = evaluate(punches, duty, excuses, policy)
    record = evaluate(punches, Duty(duty.day, forged=frozenset(forged)), excuses, policy)
    assert not record.day
    for before, after in zip(honest.halves, record.halves, strict=True):
        words = [result.word for result in after.results]
        if after.half in forged:
            assert words == [Word.ABSENT] or set(words) <= {Word.LEAVE, Word.OUTING}
        else:
            assert before == after or honest.day
