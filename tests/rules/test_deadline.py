"""The last day of a limit (1.0.2, D14): the rule book's cases, its laws, and a second evaluator that walks day by day."""

from datetime import date, timedelta
from typing import Any, Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.config import load
from broker.rehearsal import RehearsalError
from broker.rehearse_deadline import rehearse_deadline
from broker.rules.deadline import Excluded, deadline
from broker.rules.workdays import MissingYearError, is_workday
from broker.schema import CalendarSection, ExcludedProcedure, LocalClosure
from sim.rules_day import hall_text

CALENDAR = load(hall_text("demo-hall"), "demo-hall.toml").calendar
DAY = timedelta(days=1)
Unit = Literal["wd", "nd"]
Dates = list[tuple[date, date]]

RULE_BOOK = {
    "DL1": ("2026-03-02", 3, "wd", [], "2026-03-05"),
    "DL2": ("2026-03-02", 7, "wd", [], "2026-03-11"),
    "DL3": ("2026-03-06", 1, "wd", [], "2026-03-09"),
    "DL4": ("2026-03-07", 2, "wd", [], "2026-03-10"),
    "DL5": ("2026-09-30", 3, "wd", [], "2026-10-10"),
    "DL6": ("2026-02-13", 5, "wd", [], "2026-02-27"),
    "DL7": ("2026-02-13", 5, "wd", [["2026-02-25", "2026-02-26", "专家评审"]], "2026-03-02"),
    "DL8": ("2026-03-02", 10, "wd", [["2026-03-05", "2026-03-09", "专家评审"]], "2026-03-19"),
    "DL9": ("2025-09-26", 5, "wd", [], "2025-10-10"),
    "DL10": ("2026-03-02", 20, "nd", [], "2026-03-23"),
    "HALL-20.1 SV03 of 2 March": ("2026-03-02", 5, "wd", [], "2026-03-09"),
    "TIME-7.1 statutory end of SV03": ("2026-03-02", 10, "wd", [], "2026-03-16"),
    "TIME-7.1 extended by 3 from the old end": ("2026-03-09", 3, "wd", [], "2026-03-12"),
    "TIME-7.1 extended by 6 passes the statutory end": ("2026-03-09", 6, "wd", [], "2026-03-17"),
    "TIME-9 SV11": ("2026-03-02", 3, "wd", [], "2026-03-05"),
    "CARE-5.1 supplement": ("2026-03-10", 5, "wd", [], "2026-03-17"),
    "CARE-5.1 due after full acceptance": ("2026-03-13", 5, "wd", [], "2026-03-20"),
    "GREEN-7 SV16": ("2026-03-10", 10, "wd", [["2026-03-16", "2026-03-18", "专家评审"]], "2026-03-27"),
    "EVAL-8.3 contact": ("2026-03-10", 1, "wd", [], "2026-03-11"),
    "EVAL-8.3 rectified": ("2026-03-10", 5, "wd", [], "2026-03-17"),
    "EVAL-8.3 complex": ("2026-03-10", 15, "wd", [], "2026-03-31"),
    "D14 overlaps merge": (
        "2026-03-02",
        10,
        "wd",
        [["2026-03-05", "2026-03-06"], ["2026-03-06", "2026-03-09"]],
        "2026-03-19",
    ),
    "D14 one inside the other": (
        "2026-03-02",
        10,
        "wd",
        [["2026-03-05", "2026-03-09"], ["2026-03-06", "2026-03-06"]],
        "2026-03-19",
    ),
    "D14 before acceptance": ("2026-03-10", 1, "wd", [["2026-03-02", "2026-03-10"]], "2026-03-11"),
    "D14 only a rest day": ("2026-03-06", 1, "wd", [["2026-03-07", "2026-03-08"]], "2026-03-09"),
    "nd skips excluded days": ("2026-03-02", 20, "nd", [["2026-03-05", "2026-03-09"]], "2026-03-27"),
    "nd overlaps merge": (
        "2026-03-02",
        20,
        "nd",
        [["2026-03-05", "2026-03-06"], ["2026-03-06", "2026-03-09"]],
        "2026-03-27",
    ),
    "nd stopped on its very last day": ("2026-03-02", 3, "nd", [["2026-03-05", "2026-03-05"]], "2026-03-06"),
    "nd ends on an adjusted workday": ("2026-02-13", 1, "nd", [], "2026-02-14"),
    "nd moves over a whole holiday": ("2026-02-13", 2, "nd", [], "2026-02-24"),
    "on the spot": ("2026-03-10", 0, "wd", [], "2026-03-10"),
    "on the spot on weekend duty": ("2026-03-07", 0, "nd", [], "2026-03-07"),
    "on the spot in a year without data": ("2027-03-01", 0, "wd", [], "2027-03-01"),
    "accepted in a year without data, due in one with": ("2024-12-31", 1, "wd", [], "2025-01-02"),
    "decided while a later procedure runs": ("2026-03-02", 3, "wd", [["2026-03-06", None]], "2026-03-05"),
    "the clock stands still": ("2026-03-02", 10, "wd", [["2026-03-05", None, "鉴定"]], None),
    "the clock stands still, natural days": ("2026-03-02", 10, "nd", [["2026-03-05", None]], None),
}


def rehearsed(case: Any) -> dict[str, Any]:
    """One case through the rehearsal."""
    result: dict[str, Any] = rehearse_deadline({"cases": [case]}, CALENDAR)["cases"][0]
    return result


@pytest.mark.parametrize("name", RULE_BOOK)
def test_the_rule_books_own_deadlines(name: str) -> None:
    """DL1-DL10 and every example of the sets that is deadline arithmetic."""
    accepted, limit, unit, excluded, due = RULE_BOOK[name]
    case = {"name": name, "accepted": accepted, "limit": limit, "unit": unit, "excluded": excluded}
    assert rehearsed(case) == {"name": name, "deadline": due}


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_year_has_248_workdays(year: int) -> None:
    """The check value of 1.0.1."""
    assert sum(is_workday(CALENDAR, date(year, 1, 1) + n * DAY) for n in range(365)) == 248


def test_exactly_eight_procedures_stop_the_clock() -> None:
    """TIME-8.1; 公示, 补正 and 现场核查 are not among them."""
    assert set(get_args(ExcludedProcedure)) == {"听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审"}
    case = {"name": "SV03", "accepted": "2026-03-02", "limit": 5, "unit": "wd"}
    for procedure in ("公示", "补正", "现场核查"):
        assert procedure in rehearsed({**case, "excluded": [["2026-03-03", "2026-03-04", procedure]]})["error"]


def test_a_local_closure_is_no_workday() -> None:
    """A day the hall alone is closed moves its deadlines."""
    closed = CalendarSection(
        holidays=CALENDAR.holidays, local_closures=(LocalClosure(day=date(2026, 3, 3), reason="盘点", approval="1"),)
    )
    assert deadline(closed, date(2026, 3, 2), 1, "wd") == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"accepted": "2026-12-30", "limit": 10}, "calendar.missing_year: no holidays of 2027"),
        ({"accepted": "2026-12-20", "limit": 20, "unit": "nd"}, "calendar.missing_year: no holidays of 2027"),
        ({"limit": 10**9}, "calendar.missing_year: no holidays of 2027"),
        ({"limit": 10**9, "unit": "nd"}, "calendar.missing_year"),
        ({"accepted": "9999-12-31", "unit": "nd"}, "calendar.missing_year"),
        ({"accepted": "9999-12-31"}, "calendar.missing_year"),
        ({"excluded": [["2026-03-03", "2999-03-03"]]}, "calendar.missing_year: no holidays of 2027"),
        (
            {"excluded": [["2026-03-09", "2026-03-05"]]},
            "ends on 2026-03-05, before it begins on 2026-03-09 - at `$.excluded[0]`",
        ),
        ({"excluded": [["2026-03-05", "2026-03-09"], ["2026-03-05"]]}, "$.excluded[1]"),
        ({"excluded": [["2026-03-05", "2026-03-32"]]}, "$.excluded[0]"),
        ({"excluded": "2026-03-05"}, "$.excluded"),
        ({"accepted": "2026-02-30"}, "$.accepted"),
        ({"limit": -1}, "$.limit"),
        ({"limit": "10"}, "$.limit"),
        ({"unit": "days"}, "$.unit"),
        ({"accepted_at": "2026-02-03"}, "accepted_at"),
    ],
)
def test_a_bad_case_says_what_is_wrong_and_the_others_are_computed(wrong: dict[str, Any], says: str) -> None:
    """An error stands in its own case and names its place."""
    good = {"name": "DL1", "accepted": "2026-03-02", "limit": 3, "unit": "wd"}
    results = rehearse_deadline({"cases": [{**good, **wrong}, good]}, CALENDAR)["cases"]
    assert set(results[0]) == {"name", "error"}
    assert says in results[0]["error"]
    assert results[1] == {"name": "DL1", "deadline": "2026-03-05"}


def test_a_file_that_is_no_rehearsal_is_refused_as_a_whole() -> None:
    """There is nothing to answer case by case."""
    files: tuple[Any, ...] = ({}, [], {"cases": 7}, {"cases": [], "holidays": []})
    for file in files:
        with pytest.raises(RehearsalError):
            rehearse_deadline(file, CALENDAR)


def test_a_negative_limit_is_refused() -> None:
    """By the rule itself, whoever asks."""
    with pytest.raises(ValueError, match="-1"):
        deadline(CALENDAR, date(2026, 3, 2), -1, "wd")


def walked(accepted: date, limit: int, unit: Unit, excluded: Dates) -> date:
    """The same by its own means: a set of excluded days, a written calendar of 2025 and 2026, one day after another."""
    stopped = {first + n * DAY for first, last in excluded for n in range((last - first).days + 1)}
    day, count = accepted, 0
    while count < limit:
        day += DAY
        if day not in stopped and (unit == "nd" or day in WORKED):
            count += 1
    while limit and day not in WORKED:
        day += DAY
    if day.year > 2026:
        raise MissingYearError(day.year)
    return day


def _worked() -> set[date]:
    """Every workday from 2025 to 2026, from the notices of the State Council, and the plain week of 2027."""
    rest = """2025-01-01 2025-01-28..2025-02-04 2025-04-04..2025-04-06 2025-05-01..2025-05-05 2025-05-31..2025-06-02
        2025-10-01..2025-10-08 2026-01-01..2026-01-03 2026-02-15..2026-02-23 2026-04-04..2026-04-06 2026-05-01..2026-05-05
        2026-06-19..2026-06-21 2026-09-25..2026-09-27 2026-10-01..2026-10-07"""
    moved = """2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11 2026-01-04 2026-02-14 2026-02-28 2026-05-09
        2026-09-20 2026-10-10"""
    off: set[date] = set()
    for span in rest.split():
        first, last = date.fromisoformat(span[:10]), date.fromisoformat(span[-10:])
        off |= {first + n * DAY for n in range((last - first).days + 1)}
    week = {date(2025, 1, 1) + n * DAY for n in range(3 * 365)}
    return {day for day in week if day.weekday() < 5 and day not in off} | {date.fromisoformat(day) for day in moved.split()}


WORKED = _worked()
days = st.dates(date(2025, 1, 1), date(2026, 9, 30))
units = st.sampled_from(["wd", "nd"])
spans = st.tuples(days, st.integers(0, 25)).map(lambda one: (one[0], min(one[0] + one[1] * DAY, date(2026, 9, 30))))
limits = st.integers(0, 30)


def ended(accepted: date, limit: int, unit: Unit, excluded: Dates) -> date | None:
    """The real one; None where the calendar ends."""
    try:
        return deadline(CALENDAR, accepted, limit, unit, [Excluded(first, last) for first, last in excluded])
    except MissingYearError:
        return None


@given(days, limits, units, st.lists(spans, max_size=4))
def test_two_evaluators_agree(accepted: date, limit: int, unit: Unit, excluded: Dates) -> None:
    """A slow second opinion, day by day, on any case of two years."""
    try:
        due = walked(accepted, limit, unit, excluded)
    except MissingYearError:
        due = None
    assert ended(accepted, limit, unit, excluded) == due


@given(st.dates(date(2025, 1, 1), date(2026, 6, 30)), st.integers(0, 20), units, st.lists(spans, max_size=3))
def test_more_days_never_end_earlier(accepted: date, limit: int, unit: Unit, excluded: Dates) -> None:
    """Monotone in the limit; strictly so for working days."""
    shorter, longer = (ended(accepted, n, unit, excluded) for n in (limit, limit + 1))
    if shorter and longer:
        assert shorter < longer if unit == "wd" else shorter <= longer


@given(days, limits, units, st.lists(spans, max_size=3), spans)
def test_an_excluded_day_never_ends_a_limit_earlier(
    accepted: date, limit: int, unit: Unit, excluded: Dates, more: tuple[date, date]
) -> None:
    """Procedures only ever give time, never take it."""
    without, with_it = ended(accepted, limit, unit, excluded), ended(accepted, limit, unit, [*excluded, more])
    assert with_it is None or (without is not None and without <= with_it)


@given(days, st.integers(1, 30), units, st.lists(spans, max_size=3))
def test_a_limit_ends_on_a_workday_after_acceptance(accepted: date, limit: int, unit: Unit, excluded: Dates) -> None:
    """Somebody is there to hand the result over; a limit in working days never ends on an excluded day."""
    due = ended(accepted, limit, unit, excluded)
    if due is not None:
        assert due > accepted
        assert due in WORKED
        assert unit == "nd" or not any(first <= due <= last for first, last in excluded)


@given(days, limits, units, st.permutations([(date(2026, 3, 2), 3), (date(2026, 3, 4), 9), (date(2026, 4, 1), 0)]))
def test_the_order_of_procedures_does_not_matter(
    accepted: date, limit: int, unit: Unit, order: list[tuple[date, int]]
) -> None:
    """They are merged as a set of days."""
    excluded = [(first, first + n * DAY) for first, n in order]
    assert ended(accepted, limit, unit, excluded) == ended(accepted, limit, unit, sorted(excluded))


@given(days, st.integers(1, 20))
def test_weekend_duty_counts_like_the_last_workday_before(accepted: date, limit: int) -> None:
    """Acceptance on a rest day counts from the next workday by itself."""
    before = accepted
    while before not in WORKED and before > date(2025, 1, 1):
        before -= DAY
    assert ended(accepted, limit, "wd", []) == ended(before, limit, "wd", [])
