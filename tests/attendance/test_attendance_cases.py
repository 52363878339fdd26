"""Attendance as the rule book has it: its own cases, and the examples and decisions around them (1.0.3, ATT)."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from broker.attendance import Absence, DayRecord, Duty, Excuse, ExcuseKind, HalfOfDay, Punch, evaluate
from broker.config import load
from broker.rehearsal import RehearsalError
from broker.rehearse_attendance import rehearse_attendance
from broker.rules.workdays import day_plan
from broker.schema import AttendanceParams
from contracts.values import HallTime, PunchIntent
from sim.rules_day import hall_text

HALL = load(hall_text("demo-hall"), "demo-hall.toml")
TUESDAY = date(2026, 3, 10)
STRICT = {"halfday_absence_policy": "any_missing"}
SUMMER = {"AM": ["09:00", "12:00"], "PM": ["14:30", "17:30"]}
MORNING_OFF, AFTERNOON_OFF = ["09:00", "12:00", "personal"], ["13:30", "17:30", "annual"]
EARLY_LEAVE = ["09:00", "10:30", "personal"]

# case: punches, excuses, morning, afternoon; then morning and afternoon by the strict reading of D2 where it differs
RULE_BOOK: dict[str, tuple[Any, ...]] = {
    "AT1": ("08:55 12:01 13:25 17:31", [], "NORMAL", "NORMAL"),
    "AT2": ("09:00:59 12:00 13:30:20 17:30", [], "NORMAL", "NORMAL"),
    "AT3": ("09:01:00 12:03 13:28 17:30", [], "LATE 1", "NORMAL"),
    "AT4": ("08:58 12:00 13:29 17:29:59", [], "NORMAL", "EARLY 1"),
    "AT5": ("09:20 11:45 13:29 17:30", [], "LATE 20 + EARLY 15", "NORMAL"),
    "AT6": ("13:26 17:35", [], "ABSENT 0.5", "NORMAL"),
    "AT8": ("08:59 12:02 13:29", [], "NORMAL", "MISSING_OUT", "NORMAL", "ABSENT 0.5"),
    "AT9": ("08:59 17:31", [], "MISSING_OUT", "MISSING_IN", "ABSENT 0.5", "ABSENT 0.5"),
    "AT10": ("08:59 12:10 17:31", [], "NORMAL", "MISSING_IN", "NORMAL", "ABSENT 0.5"),
    "AT11": ("08:59 13:00 17:31", [], "MISSING_OUT", "NORMAL", "ABSENT 0.5", "NORMAL"),
    "AT12": ("11:50 13:29 17:30", [], "MISSING_IN + EARLY 10", "NORMAL", "ABSENT 0.5", "NORMAL"),
    "AT13": ("11:50 12:01 13:29 17:30", [], "LATE 170", "NORMAL"),
    "AT14": ("08:59:10 08:59:40 12:00 13:29 17:30", [], "NORMAL", "NORMAL"),
    "AT15": ("08:55 12:50/out 13:29 17:30", [], "NORMAL", "NORMAL"),
    "AT16": ("08:55 12:00 13:29 18:12", [], "NORMAL", "NORMAL"),
    "AT17": ("10:29 12:00 13:29 17:30", [EARLY_LEAVE], "NORMAL", "NORMAL"),
    "AT18": ("10:40 12:00 13:29 17:30", [EARLY_LEAVE], "LATE 10", "NORMAL"),
    "AT19": ("08:58 12:00 13:27 14:00/outing", [["14:00", "17:30", "outing"]], "NORMAL", "NORMAL"),
    "AT20": ("08:58 12:00 13:27 17:30", [["10:00", "11:30", "outing"]], "NORMAL", "NORMAL"),
    "AT21": ("", [MORNING_OFF], "LEAVE", "ABSENT 0.5"),
    "AT22": ("08:58 12:00", [AFTERNOON_OFF], "NORMAL", "LEAVE"),
    "AT23": ("12:40 17:31", [["09:00", "12:00", "annual"]], "LEAVE", "NORMAL"),
    "AT24": ("08:58 12:50", [AFTERNOON_OFF], "NORMAL", "LEAVE"),
    "AT25": ("08:58 12:00 13:29 17:29:59 17:30:20", [], "NORMAL", "NORMAL"),
}

TRAINED = [["16:00", "17:30", "training"]]
MORE: dict[str, tuple[Any, ...]] = {
    "TRN-9.1 signs in late": ("08:58 12:00 13:27 16:20/train", TRAINED, "NORMAL", "NORMAL"),
    "TRN-9.1 signs in before it begins": ("08:58 12:00 13:27 15:45/train", TRAINED, "NORMAL", "NORMAL"),
    "TRN-9.1 too long before to be its sign-in": ("08:58 12:00 13:27 15:29/train", TRAINED, "NORMAL", "MISSING_OUT"),
    "TRN-9.1 never signs in": ("08:58 12:00 13:27", TRAINED, "NORMAL", "MISSING_OUT"),
    "a training begins the half": ("08:58 12:00 13:20/train 17:30", [["13:30", "15:00", "training"]], "NORMAL", "NORMAL"),
    "ATT-6.2 returns 20 minutes over": (
        "08:58 12:00 13:27 14:00/outing 16:20/return 17:30",
        [["14:00", "16:00", "meeting"]],
        "NORMAL",
        "NORMAL",
    ),
    "ATT-6.2 a punch is still required after it": (
        "08:58 12:00 13:27 14:00/outing 16:20/return",
        [["14:00", "16:00", "meeting"]],
        "NORMAL",
        "MISSING_OUT",
    ),
    "a return punch is the coming where an outing cuts the beginning": (
        "10:29/return 12:00 13:29 17:30",
        [["09:00", "10:30", "outing"]],
        "NORMAL",
        "NORMAL",
    ),
    "and late if it is late": ("10:35/return 12:00 13:29 17:30", [["09:00", "10:30", "outing"]], "LATE 5", "NORMAL"),
    "an outing over noon needs no noon punches": (
        "08:58 11:00/outing 14:25/return 17:30",
        [["11:00", "14:30", "trip"]],
        "NORMAL",
        "NORMAL",
    ),
    "leaves for an outing too soon": ("08:58 12:00 13:29 13:50/outing", [["14:00", "17:30", "trip"]], "NORMAL", "EARLY 10"),
    "ATT-8.2 the later punch counts": ("08:58 12:00 13:29 17:29:59 17:31", [], "NORMAL", "NORMAL"),
    "demo day, S108 at noon": ("08:58 12:10/out 13:29 17:30", [], "NORMAL", "NORMAL"),
    "leave and outing share a half": (
        "13:29 17:30",
        [["09:00", "10:30", "sick"], ["10:00", "12:00", "meeting"]],
        "LEAVE + OUTING",
        "NORMAL",
    ),
    "an outing inside leave says nothing": ("13:29 17:30", [MORNING_OFF, ["10:00", "11:00", "trip"]], "LEAVE", "NORMAL"),
    "a day's outing": ("", [["09:00", "17:30", "trip"]], "OUTING", "OUTING"),
    "leave with a gap of work": (
        "10:28 11:01 13:29 17:30",
        [EARLY_LEAVE, ["11:00", "12:00", "sick"]],
        "NORMAL",
        "NORMAL",
    ),
    "three in the break: the middle one is nothing": ("08:58 12:01 12:40 13:29 17:30", [], "NORMAL", "NORMAL"),
    "the minute before the middle of the break": ("08:58 12:44:59 17:30", [], "NORMAL", "MISSING_IN"),
    "the middle of the break": ("08:58 12:45 17:30", [], "MISSING_OUT", "NORMAL"),
    "the middle of a half is leaving": ("10:30 13:29 17:30", [], "MISSING_IN + EARLY 90", "NORMAL"),
    "sixty seconds are a duplicate": ("08:58 12:00 13:29 17:29 17:30", [], "NORMAL", "NORMAL"),
    "a duplicate never moves the coming": ("09:00:30 09:01:10 12:00 13:29 17:30", [], "NORMAL", "NORMAL"),
    "past midnight is still the day": ("08:58 12:00 13:29 00:40", [], "NORMAL", "NORMAL"),
    "03:59 is still the day": ("08:58 12:00 13:29 03:59", [], "NORMAL", "NORMAL"),
    "04:00 is coming very early": ("04:00 12:00 13:29 17:30", [], "NORMAL", "NORMAL"),
    "two comings are no leaving": ("08:58/in 09:30/in 13:29 17:30", [], "MISSING_OUT", "NORMAL", "ABSENT 0.5", "NORMAL"),
    "a wrong key first": ("08:50/out 08:59/in 12:00 13:29 17:30", [], "NORMAL", "NORMAL"),
    "an outing nobody approved is no leaving": ("08:58 12:00 13:29 16:00/outing", [], "NORMAL", "MISSING_OUT"),
    "an outing key after hours is leaving": ("08:58 12:01/outing 13:29/return 17:30", [], "NORMAL", "NORMAL"),
    "a duplicate of the outing key counts for leaving": (
        "08:58 11:59:50/outing 12:00:20/outing 13:29 17:30",
        [],
        "NORMAL",
        "NORMAL",
    ),
    "out and back is neither coming nor leaving": (
        "10:00/outing 11:30/return 13:29 17:30",
        [["10:00", "11:30", "outing"]],
        "ABSENT 0.5",
        "NORMAL",
    ),
}


def listed(punches: str) -> list[Any]:
    """``08:55 12:50/out`` as a file of cases has it."""
    return [typed.split("/") if "/" in typed else typed for typed in punches.split()]


def rehearsed(case: dict[str, Any], policy: dict[str, Any] | None = None) -> dict[str, Any]:
    """One case through the rehearsal."""
    whole = {"date": "2026-03-10", "name": "one", **case}
    result: dict[str, Any] = rehearse_attendance({"cases": [whole], "policy": policy or {}}, HALL)["cases"][0]
    return result


def words(punches: str, excused: list[Any] | None = None, policy: dict[str, Any] | None = None, **case: Any) -> list[str]:
    """The results of both halves, in words."""
    result = rehearsed({"punches": listed(punches), "excused": excused or [], **case}, policy)
    assert result["day"] == []
    return [" + ".join(half["results"]) for half in result["halves"]]


@pytest.mark.parametrize("name", [*RULE_BOOK, *MORE])
def test_cases_of_the_rule_book(name: str) -> None:
    """AT1-AT25 but AT7, the examples of the sets, and the edges between them."""
    punches, excused, morning, afternoon = {**RULE_BOOK, **MORE}[name][:4]
    assert words(punches, excused) == [morning, afternoon]


@pytest.mark.parametrize("name", RULE_BOOK)
def test_the_strict_reading_of_a_missing_punch(name: str) -> None:
    """D2 by switch: one missing record is half a day of absence, and nothing else changes."""
    punches, excused, *expected = RULE_BOOK[name]
    assert words(punches, excused, STRICT) == expected[-2:]


@pytest.mark.parametrize("policy", [{}, STRICT])
def test_at7_a_day_without_any_punch_is_one_item(policy: dict[str, Any]) -> None:
    """Not two of half a day; the halves have no results of their own."""
    assert rehearsed({"punches": []}, policy) == {
        "name": "one",
        "halves": [{"half": "AM", "results": [], "reasons": []}, {"half": "PM", "results": [], "reasons": []}],
        "day": ["ABSENT 1.0"],
        "reasons": ["NO_RECORD"],
    }


def test_reasons_stand_beside_the_results() -> None:
    """The kind of leave, and why somebody counts as absent (AT21; AT8 read strictly)."""
    halves = rehearsed({"punches": [], "excused": [MORNING_OFF]})["halves"]
    assert [half["reasons"] for half in halves] == [["personal"], ["NO_RECORD"]]
    halves = rehearsed({"punches": listed("08:59 12:02 13:29")}, STRICT)["halves"]
    assert [half["reasons"] for half in halves] == [[], ["MISSING_OUT"]]


def test_grace_is_minutes_that_do_not_count_until_they_are_used_up() -> None:
    """D1 with a grace: five minutes late are forgiven, six are six."""
    policy = {"late_grace_min": 5, "early_grace_min": 2}
    assert words("09:05:59 12:00 13:29 17:28", policy=policy) == ["NORMAL", "NORMAL"]
    assert words("09:06 12:00 13:29 17:27", policy=policy) == ["LATE 6", "EARLY 3"]


def test_long_lateness_is_absence_only_where_a_hall_says_so() -> None:
    """D3: never by default; 30 means half an hour and more (以上 includes the number), and nothing stands beside it."""
    policy = {"late_to_absence_min": 30}
    assert words("09:29 12:00 13:29 17:30", policy=policy) == ["LATE 29", "NORMAL"]
    assert words("09:30 11:50 13:29 17:30", policy=policy) == ["ABSENT 0.5", "NORMAL"]
    case = {"punches": listed("09:30 11:50 13:29 17:30")}
    assert rehearsed(case, policy)["halves"][0]["reasons"] == ["LATE_TOO_LONG"]


def test_a_confirmed_proxy_case_takes_the_half_whatever_was_punched() -> None:
    """D4, ATT-8.3.2: also of the one who was there; a half on leave stays leave."""
    day = "08:58 12:00 13:29 17:30"
    assert words(day, forged=["AM"]) == ["ABSENT 0.5", "NORMAL"]
    assert rehearsed({"punches": listed(day), "forged": ["AM"]})["halves"][0]["reasons"] == ["PROXY"]
    assert words(day, forged=["AM", "PM"]) == ["ABSENT 0.5", "ABSENT 0.5"]
    assert words("", forged=["AM"]) == ["ABSENT 0.5", "ABSENT 0.5"]
    assert words(day, [MORNING_OFF], forged=["AM"]) == ["LEAVE", "NORMAL"]


def test_the_summer_schedule_splits_its_break_at_1315() -> None:
    """The code takes the schedule's own bounds."""
    assert words("08:58 13:14:59 17:30", schedule=SUMMER) == ["NORMAL", "MISSING_IN"]
    assert words("08:58 13:15 17:30", schedule=SUMMER) == ["MISSING_OUT", "NORMAL"]
    assert words("08:58 12:00 14:31 17:30", schedule=SUMMER) == ["NORMAL", "LATE 1"]


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),  # a Saturday that is worked
        ("2026-02-28", True),
        ("2026-10-10", True),
        ("2026-02-15", False),
        ("2026-02-23", False),  # a Monday of the Spring Festival
        ("2026-03-08", False),
        ("2026-10-07", False),
    ],
)
def test_holidays_and_adjusted_workdays(day: str, works: bool) -> None:
    """Nothing is owed on a rest day, however many punches are kept; a worked Saturday is a day like any other."""
    expected = ["LATE 1", "NORMAL"] if works else ["REST", "REST"]
    assert words("09:01 12:00 13:29 17:30", date=day) == expected
    if not works:
        assert words("", date=day) == expected


def test_nobody_is_evaluated_before_his_first_day_or_after_his_last() -> None:
    """The later of the person's start and attendance.from; both his first and last day count."""
    assert rehearsed({"punches": [], "since": "2026-03-10", "left": "2026-03-10"})["day"] == ["ABSENT 1.0"]
    for case, policy, why in (
        ({"since": "2026-03-11"}, {}, "BEFORE_START"),
        ({}, {"from": "2026-03-11"}, "BEFORE_START"),
        ({"since": "2026-01-01"}, {"from": "2026-03-11"}, "BEFORE_START"),
        ({"left": "2026-03-09"}, {}, "AFTER_LEAVING"),
    ):
        result = rehearsed({"punches": ["09:20"], **case}, policy)
        assert [half["results"] for half in result["halves"]] == [[], []]
        assert (result["day"], result["reasons"]) == ([], [why])


def test_overdue_leave_is_the_reason_until_the_first_punch() -> None:
    """ATT-8.3.3b: the whole day, or the halves before he is back; late after leave is late only."""
    overdue: dict[str, Any] = {"if_absent": "LEAVE_OVERDUE"}
    whole = rehearsed({"punches": [], **overdue})
    assert (whole["day"], whole["reasons"]) == (["ABSENT 1.0"], ["LEAVE_OVERDUE"])
    assert [half["reasons"] for half in rehearsed({"punches": listed("13:29 17:30"), **overdue})["halves"]] == [
        ["LEAVE_OVERDUE"],
        [],
    ]
    assert [half["reasons"] for half in rehearsed({"punches": listed("08:58 12:00"), **overdue})["halves"]] == [
        [],
        ["NO_RECORD"],
    ]
    assert words("09:30 12:00 13:29 17:30", **overdue) == ["LATE 30", "NORMAL"]


def test_two_punches_a_day_where_a_hall_asks_for_no_more() -> None:
    """ATT-3.1: coming and leaving are judged, noon is not; half a day without a record is still absence."""
    two = {"punch_regime": "two"}
    assert words("08:59 17:31", policy=two) == ["NORMAL", "NORMAL"]
    assert words("08:59 17:31", policy={**two, **STRICT}) == ["NORMAL", "NORMAL"]
    assert words("11:50 10:20 17:00 17:10", policy=two) == ["LATE 80", "EARLY 20"]
    assert words("08:59 11:00 17:31", policy=two) == ["NORMAL", "NORMAL"]
    assert words("08:59 13:10", policy=two) == ["NORMAL", "MISSING_OUT"]
    assert words("12:10 17:30", policy=two) == ["MISSING_IN", "NORMAL"]
    assert words("08:59 12:00", policy=two) == ["NORMAL", "ABSENT 0.5"]
    assert words("08:59 12:00", [AFTERNOON_OFF], policy=two) == ["NORMAL", "LEAVE"]


def instant(clock: str) -> HallTime:
    """A time of the demo day."""
    return HallTime(int(datetime.fromisoformat(f"2026-03-10T{clock}+08:00").timestamp() * 1000))


def test_a_record_says_by_what_it_was_judged_and_survives_its_storing() -> None:
    """The deciding punches, the edition of the rule book; voided punches and those of other days are passed over."""
    punches = [
        Punch(instant("08:10"), voided=True),
        Punch(instant("09:01:20")),
        Punch(instant("12:00")),
        Punch(instant("12:00:40")),
        Punch(HallTime(instant("13:29") + timedelta(days=1) // timedelta(milliseconds=1))),
        Punch(HallTime(instant("03:59:59"))),
    ]
    record = evaluate(punches, Duty(day_plan(HALL, TUESDAY)), (), AttendanceParams())
    assert (record.date, record.rulebook) == (TUESDAY, "yongan-2025-09")
    morning, afternoon = record.halves
    assert (morning.came, morning.left) == (instant("09:01:20"), instant("12:00:40"))
    assert (afternoon.came, afternoon.left, afternoon.results[0].reason) == (None, None, Absence.NO_RECORD)
    assert msgspec.json.decode(msgspec.json.encode(record), type=DayRecord) == record


def test_the_return_from_an_outing_by_logging_in_counts_like_the_punch() -> None:
    """ATT-6.2: a login at a counter comes as a punch of intent return."""
    outing = Excuse(ExcuseKind.OUTING, instant("09:00"), instant("10:30"), "meeting")
    punches = [Punch(instant("10:31"), PunchIntent.RETURN), Punch(instant("12:00"))]
    record = evaluate(punches, Duty(day_plan(HALL, TUESDAY)), [outing], AttendanceParams())
    assert record.halves[0].half is HalfOfDay.AM
    assert [one.spelled for one in record.halves[0].results] == ["LATE 1"]


def test_seconds_of_an_excuse_are_rounded_in_the_persons_favour() -> None:
    """Leave up to 10:30:20 excuses 10:30."""
    leave = Excuse(ExcuseKind.LEAVE, instant("09:00:40"), instant("10:30:20"), "sick")
    punches = [Punch(instant("10:31:59")), Punch(instant("12:00"))]
    record = evaluate(punches, Duty(day_plan(HALL, TUESDAY)), [leave], AttendanceParams())
    assert [one.spelled for one in record.halves[0].results] == ["NORMAL"]


def test_kinds_of_leave_and_outing_are_those_of_the_policy() -> None:
    """A case may try the hall's own kinds; one that the policy does not know is refused with what it does know."""
    own = {"outing_kinds": ["inspection"], "leave_kinds": ["personal"]}
    whole_day = [["09:00", "12:00", "inspection"], ["13:30", "17:30", "personal"]]
    assert words("", whole_day, own) == ["OUTING", "LEAVE"]
    refused = rehearsed({"punches": [], "excused": [["09:00", "10:00", "meeting"]]}, own)
    assert "'meeting' is not one of personal, inspection" in refused["error"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"punches": ["9:20"]}, "'9:20' is not a time of day such as 08:55 or 08:55:30 - at `$.punches[0]`"),
        (
            {"punches": ["09:20", ["09:21", "lunch"]]},
            "'lunch' is not one of none, in, out, outing, return, train - at `$.punches[1]`",
        ),
        ({"punches": [7]}, "$.punches[0]"),
        ({"punches": [["09:00", "in", "CLK-01"]]}, "$.punches[0]"),
        ({"punches": "09:00"}, "$.punches"),
        ({"excused": [["10:30", "09:00", "personal"]]}, "personal: it ends before it begins - at `$.excused[0]`"),
        ({"excused": [["09:00", "09:00", "sick"]]}, "$.excused[0]"),
        ({"excused": [["09:00", "10:00", "holiday"]]}, "'holiday' is not one of personal, sick"),
        ({"excused": [["09:00", "25:00", "sick"]]}, "'25:00' is not a time of day"),
        ({"excused": [["09:00", "10:00"]]}, "$.excused[0]"),
        ({"date": "2026-13-10"}, "$.date"),
        ({"date": "2027-03-10"}, "calendar.missing_year: no holidays of 2027"),
        ({"forged": ["NOON"]}, "NOON"),
        ({"schedule": {"AM": ["09:00", "12:00"]}}, "$.schedule"),
        ({"schedule": {"AM": ["09:00", "14:00"], "PM": ["13:30", "17:30"]}}, "$.schedule"),
        ({"if_absent": "PROXY"}, "$.if_absent"),
        ({"punchs": []}, "punchs"),
    ],
)
def test_a_bad_case_says_what_is_wrong_and_the_others_are_computed(wrong: dict[str, Any], says: str) -> None:
    """An error stands in its own case, names the place and what would be right."""
    good = {"name": "AT3", "punches": listed(RULE_BOOK["AT3"][0]), "date": "2026-03-10"}
    results = rehearse_attendance({"cases": [{**good, **wrong}, good]}, HALL)["cases"]
    assert set(results[0]) == {"name", "error"}
    assert says in results[0]["error"]
    assert results[1]["halves"][0]["results"] == ["LATE 1"]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ({}, "cases"),
        ({"cases": 7}, "cases"),
        ({"cases": [], "policy": {"halfday_absence_policy": "sometimes"}}, "sometimes"),
        ({"cases": [], "policy": {"late_grace": 5}}, "late_grace"),
        ({"cases": [], "policy": {"late_grace_min": -5}}, "late_grace_min"),
        ({"cases": [], "policy": {"late_to_absence_min": 0}}, "late_to_absence_min"),
    ],
)
def test_a_file_that_is_no_rehearsal_is_refused_as_a_whole(file: dict[str, Any], says: str) -> None:
    """A policy that makes no sense would make every answer wrong."""
    with pytest.raises(RehearsalError, match=says):
        rehearse_attendance(file, HALL)


def test_a_case_without_a_date_is_of_the_halls_demo_day() -> None:
    """The examples of the rule book are of that day."""
    result = rehearse_attendance({"cases": [{"name": "AT1", "punches": listed(RULE_BOOK["AT1"][0])}]}, HALL)["cases"][0]
    assert [half["results"] for half in result["halves"]] == [["NORMAL"], ["NORMAL"]]
