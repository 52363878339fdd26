"""补签, the paper sheet, doubtful times, signed decisions: who may state what, and what they refuse (ATT-8.3.1c, ATT-10)."""

from datetime import date

import pytest

from broker.rules import facts as f
from broker.rules.asking import Decision
from contracts import messages as m
from contracts.values import HallTime, PunchIntent, Refusal, StaffNo, TaskKind
from sim.attendance_day import DEMO, AttendanceDay
from sim.rules_day import refusal

WEDNESDAY = date(2026, 3, 11)


@pytest.fixture
def day() -> AttendanceDay:
    """S105 forgot to punch when leaving on Tuesday; it is Wednesday, nine o'clock."""
    one = AttendanceDay()
    one.usual("S105", "08:59", "12:02", "13:29")
    one.at("11 09:00")
    return one


def deciding(day: AttendanceDay) -> list[tuple[str, ...]]:
    """Whom the open tasks of 补签 are put to."""
    return [one.ladder[0].staff for one in day.asked(TaskKind.REGULARISE)]


# --- 补签 -----------------------------------------------------------------------------------------------------------------


def test_at8_made_good_is_normal_and_says_so(day: AttendanceDay) -> None:
    """ATT-8.3.1c: 补签 17:32 approved by the chief representative on 03-11, afternoon NORMAL (regularised)."""
    no = day.regularise("S105", "17:32")
    assert no == "BQ-20260311-001"
    assert deciding(day) == [("S101",)]
    assert day.words("S105") == ["NORMAL", "MISSING_OUT"]
    day.decide("S101", no)
    assert day.words("S105") == ["NORMAL", "NORMAL"]
    assert day.told("S105", "PM") == ["MISSING_OUT", "NORMAL (regularised)"]
    assert day.told("S105", "AM") == ["NORMAL"]
    assert day.asked(TaskKind.REGULARISE) == []


def test_rejected_it_stays_missing(day: AttendanceDay) -> None:
    """Not regularised stays 缺卡; the task is done all the same."""
    day.decide("S101", day.regularise("S105", "17:32"), approve=False)
    assert day.told("S105", "PM") == ["MISSING_OUT"]
    assert day.asked(TaskKind.REGULARISE) == []


def test_asking_twice_is_asking_once(day: AttendanceDay) -> None:
    """Who gets no answer may ask again; another time is another request."""
    assert day.regularise("S105", "17:32") == day.regularise("S105", "17:32") == "BQ-20260311-001"
    assert day.regularise("S105", "17:33") == "BQ-20260311-002"


def test_it_never_takes_the_place_of_a_record() -> None:
    """Who left at 17:10 by the clock cannot have left at 17:32: the early leave stays, and the 补签 is shown unused."""
    day = AttendanceDay()
    day.usual("S105", "09:20", "12:02", "13:29", "17:10")
    day.at("11 09:00")
    for clock, intent in (("17:32", "out"), ("08:58", "in")):
        day.decide("S101", day.regularise("S105", clock, intent))
    assert day.words("S105") == ["LATE 20", "EARLY 20"]
    assert day.told("S105", "PM") == ["EARLY 20"]


def test_two_working_days_then_the_manager(day: AttendanceDay) -> None:
    """ATT-8.3.1c: Thursday is the second working day after Tuesday; from Friday on the manager decides."""
    no = day.regularise("S105", "17:32")
    day.at("12 23:59")
    assert refusal(day.try_decide("S001", no)) is Refusal.NOT_PERMITTED
    day.at("13 00:00")
    assert refusal(day.try_decide("S101", no)) is Refusal.NOT_PERMITTED
    day.decide("S001", no)
    assert day.words("S105") == ["NORMAL", "NORMAL"]


def test_a_weekend_between_does_not_count() -> None:
    """Friday's 补签 is decided by the chief until Tuesday."""
    day = AttendanceDay(day=date(2026, 3, 13))
    day.usual("S105", "08:59", "12:02", "13:29")
    day.at("17 10:00")
    day.decide("S101", day.regularise("S105", "17:32"))


def test_the_fourth_of_a_month_is_the_managers() -> None:
    """ATT-8.3.1c: three a person and month, counted by the month of the day concerned, over the nights between."""
    day = AttendanceDay()
    for of_month in (10, 11, 12):
        day.at(f"{of_month} 18:00")
        day.decide("S101", day.regularise("S105", f"{of_month} 17:32"))
    day.at("16 18:00")
    fourth = day.regularise("S105", "16 17:32")
    assert deciding(day) == [("S001",)]
    assert refusal(day.try_decide("S101", fourth)) is Refusal.NOT_PERMITTED
    day.decide("S101", day.regularise("S104", "16 17:33", witness="S105"))
    day.decide("S001", fourth)


def test_a_chiefs_own_is_decided_above(day: AttendanceDay) -> None:
    """CREP-4.0: S101 is the chief representative; the duty leader decides, never she herself."""
    no = day.regularise("S101", "17:32")
    assert deciding(day) == [("S002",)]
    assert refusal(day.try_decide("S101", no)) is Refusal.OWN_CASE
    day.decide("S002", no)


def test_undecided_requests_are_asked_about_every_working_morning(day: AttendanceDay) -> None:
    """Tasks end with their day; the request does not. Nobody closes its task but by deciding."""
    no = day.regularise("S105", "17:32")
    day.at("12 08:59:59")
    assert deciding(day) == []
    day.at("12 09:00")
    (task,) = day.asked(TaskKind.REGULARISE)
    close = day.ask("OPS-01", m.TaskCloseRequested, actor="S101", task=task.id)
    assert refusal(close) is Refusal.NOT_PERMITTED
    day.at("14 12:00")
    assert deciding(day) == [], "a Saturday"
    day.at("16 09:00")
    assert deciding(day) == [("S001",)], "late by now"
    day.decide("S001", no)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"staff": "S999"}, Refusal.UNKNOWN_STAFF),
        ({"witness": "S999"}, Refusal.UNKNOWN_STAFF),
        ({"witness": "S105"}, Refusal.OWN_CASE),
        ({"clock": "11 09:00:01"}, Refusal.BAD_VALUE),
        ({"clock": "8 17:32"}, Refusal.BAD_VALUE),
        ({"intent": "outing"}, Refusal.BAD_VALUE),
        ({"intent": "none"}, Refusal.BAD_VALUE),
    ],
)
def test_what_cannot_be_regularised(day: AttendanceDay, fields: dict[str, str], why: Refusal) -> None:
    """Nobody unknown, no own witness, nothing ahead, no Sunday, nothing but coming and leaving."""
    before = len(day.facts)
    assert refusal(day.try_regularise(**{"staff": "S105", "clock": "17:32", **fields})) is why
    assert len(day.facts) == before


def test_what_is_long_past_is_not_corrected() -> None:
    """``correct_within_days`` (62): the sixty-second day back still is."""
    day = AttendanceDay()
    early = HallTime(day.time("17:32") - 63 * 24 * 3_600_000)
    asks = {"actor": "S105", "intent": PunchIntent.OUT, "reason": "forgot", "witness": "S104"}
    assert refusal(day.ask("OPS-01", m.RegulariseRequested, at=early, **asks)) is Refusal.BAD_VALUE
    late = HallTime(early + 24 * 3_600_000)
    assert refusal(day.ask("OPS-01", m.RegulariseRequested, at=late, **asks)) is None


def test_decided_once(day: AttendanceDay) -> None:
    """Neither twice nor by nobody entitled, and not what was never asked."""
    no = day.regularise("S105", "17:32")
    assert refusal(day.try_decide("S104", no)) is Refusal.NOT_PERMITTED
    assert refusal(day.try_decide("S999", no)) is Refusal.UNKNOWN_STAFF
    assert refusal(day.try_decide("S105", no)) is Refusal.OWN_CASE
    day.decide("S101", no)
    assert refusal(day.try_decide("S101", no, approve=False)) is Refusal.ALREADY_DECIDED
    assert refusal(day.try_decide("S101", "BQ-20260311-009")) is Refusal.UNKNOWN_CORRECTION


def test_nobody_piles_up_requests(day: AttendanceDay) -> None:
    """What nobody has decided is carried from day to day, so a person has at most twenty."""
    for minute in range(20):
        day.regularise("S105", f"17:{minute + 30}")
    assert refusal(day.try_regularise("S105", "17:55")) is Refusal.BAD_VALUE


# --- The paper sheet ------------------------------------------------------------------------------------------------------


def sheet(day: AttendanceDay, *lines: tuple[str, str, str], actor: str = "S007", cause: str = "停电") -> Decision:
    """An inspector enters lines of (staff, time, intent)."""
    punches = tuple(
        m.SheetPunch(staff=StaffNo(staff), at=day.time(clock), intent=PunchIntent(intent)) for staff, clock, intent in lines
    )
    return day.ask("OPS-01", m.PunchSheetRequested, actor=actor, cause=cause, punches=punches)


def entered(day: AttendanceDay) -> list[f.PunchEntered]:
    """The lines that were entered."""
    return [one.fact for one in day.facts if isinstance(one.fact, f.PunchEntered)]


def test_signed_on_paper_counts_like_a_punch(day: AttendanceDay) -> None:
    """ATT-10: entered by the inspector, source manual, with the failure; the half says so."""
    assert refusal(sheet(day, ("S105", "17:31", "out"), ("S106", "08:58", "in"))) is None
    assert day.words("S105") == ["NORMAL", "NORMAL"]
    assert day.told("S105", "PM") == ["MISSING_OUT", "NORMAL (manual)"]
    assert [(one.staff, one.cause, one.actor) for one in entered(day)] == [
        ("S105", "停电", "S007"),
        ("S106", "停电", "S007"),
    ]


def test_a_sheet_entered_twice_is_entered_once(day: AttendanceDay) -> None:
    """Neither the whole sheet again, nor a line twice in it, nor on the next day."""
    line = ("S105", "17:31", "out")
    sheet(day, line, line)
    sheet(day, line)
    day.at("12 10:00")
    sheet(day, line, ("S105", "17:30", "out"))
    assert [one.at for one in entered(day)] == [day.time("17:31"), day.time("17:30")]


def test_a_line_entered_by_mistake_is_taken_back_and_stays(day: AttendanceDay) -> None:
    """Principle 2: it is a fact, and so is that it was a mistake; the result before stays visible."""
    sheet(day, ("S105", "17:31", "out"))
    (line,) = entered(day)
    day.at("11 10:00")
    void = day.ask("OPS-01", m.PunchVoidRequested, actor="S007", punch=line.punch, cause="录入有误")
    assert refusal(void) is None
    assert day.told("S105", "PM") == ["MISSING_OUT", "NORMAL (manual)", "MISSING_OUT"]
    (kept,) = [one for one in day.history().files[line.staff].punches if one.id == line.punch]
    assert [(one.actor, one.why) for one in kept.voids] == [("S007", "录入有误")]
    again = day.ask("OPS-01", m.PunchVoidRequested, actor="S007", punch=line.punch, cause="录入有误")
    assert refusal(again) is Refusal.UNKNOWN_PUNCH


@pytest.mark.parametrize(
    ("line", "fields", "why"),
    [
        (("S999", "17:31", "out"), {}, Refusal.UNKNOWN_STAFF),
        (("S105", "11 09:01", "out"), {}, Refusal.BAD_VALUE),
        (("S105", "8 09:01", "out"), {}, Refusal.BAD_VALUE),
        (("S105", "17:31", "out"), {"actor": "S104"}, Refusal.NOT_PERMITTED),
        (("S105", "17:31", "out"), {"actor": "S002"}, Refusal.NOT_PERMITTED),
        (("S105", "17:31", "out"), {"actor": "S999"}, Refusal.UNKNOWN_STAFF),
        (("S007", "17:31", "out"), {}, Refusal.OWN_CASE),
        (("S105", "17:31", "out"), {"cause": " "}, Refusal.BAD_VALUE),
        (("S105", "17:31", "out"), {"cause": "长" * 81}, Refusal.BAD_VALUE),
    ],
)
def test_what_no_sheet_says(day: AttendanceDay, line: tuple[str, str, str], fields: dict[str, str], why: Refusal) -> None:
    """By an inspector and nobody else, never about himself, of people there are and times that were, with its cause."""
    assert refusal(sheet(day, line, **fields)) is why
    assert entered(day) == []


def test_the_inspectors_own_line_is_a_leaders(day: AttendanceDay) -> None:
    """The only inspector signed too: the duty leader enters that; an empty sheet, and one too long, nobody."""
    assert refusal(sheet(day, ("S007", "08:58", "in"), actor="S002")) is None
    assert refusal(sheet(day)) is Refusal.BAD_VALUE
    assert refusal(sheet(day, *[("S105", "17:31", "out")] * 201)) is Refusal.BAD_VALUE


# --- Doubtful times -------------------------------------------------------------------------------------------------------


def retime(day: AttendanceDay, punch: str, clock: str | None = None, actor: str = "S007") -> Refusal | None:
    """An inspector confirms a time or sets it."""
    at = None if clock is None else day.time(clock)
    return refusal(day.ask("OPS-01", m.PunchTimeRequested, actor=actor, punch=punch, at=at))


@pytest.fixture
def drifted() -> tuple[AttendanceDay, str]:
    """CLK-02 is four minutes ahead (variant d): S105 punched at 09:02 by the hall clock, 09:06 by the clock he saw."""
    day = AttendanceDay()
    day.at("09:10")
    punch = day.offline_punch("S105", "09:02", node="CLK-02", off=240_000)
    day.usual("S105", "12:01", "13:25", "17:31")
    day.at("11 09:00")
    return day, punch


def test_a_doubtful_time_counts_as_proposed_until_a_person_checks_it(drifted: tuple[AttendanceDay, str]) -> None:
    """ATT-10: time_unverified; the proposed time is confirmed, or another set, and each is a version."""
    day, punch = drifted
    assert day.told("S105", "AM") == ["LATE 2 (unverified)"]
    assert retime(day, punch) is None
    assert day.told("S105", "AM") == ["LATE 2 (unverified)", "LATE 2 (retimed)"]
    day.at("12 10:00")
    assert retime(day, punch, "08:59") is None
    assert day.words("S105") == ["NORMAL", "NORMAL"]
    assert day.told("S105", "AM")[-1] == "NORMAL (retimed)"


def test_who_checks_which_time(drifted: tuple[AttendanceDay, str]) -> None:
    """By an inspector, of a punch that is in doubt, not into the future, and not years back."""
    day, punch = drifted
    sure = next(one.fact.request_id for one in reversed(day.facts) if isinstance(one.fact, f.PunchStored))
    assert retime(day, sure) is Refusal.UNKNOWN_PUNCH
    assert retime(day, punch, actor="S105") is Refusal.OWN_CASE
    assert retime(day, punch, actor="S002") is Refusal.NOT_PERMITTED
    assert retime(day, punch, "11 09:01") is Refusal.BAD_VALUE
    early = day.ask("OPS-01", m.PunchTimeRequested, actor="S007", punch=punch, at=HallTime(0))
    assert refusal(early) is Refusal.BAD_VALUE


# --- Signed decisions -----------------------------------------------------------------------------------------------------


def reclassify(day: AttendanceDay, /, **fields: object) -> Refusal | None:
    """The manager's signed decision about S105's afternoon."""
    typed = {
        "actor": "S001",
        "staff": "S105",
        "day": "2026-03-10",
        "half": "PM",
        "absent": True,
        "document": "3号",
        **fields,
    }
    return refusal(day.ask("OPS-01", m.HalfDecisionRequested, **typed))


def test_the_supervisor_decides_what_a_missing_punch_counts_as(day: AttendanceDay) -> None:
    """ATT-8.3.1c: absent by a signed decision, or as complete; the last counts, and 补签 takes its ground away."""
    assert reclassify(day) is None
    assert day.told("S105", "PM") == ["MISSING_OUT", "ABSENT 0.5 (reclassified)"]
    day.at("11 10:00")
    assert reclassify(day, absent=False, document="4号") is None
    assert day.told("S105", "PM")[-1] == "NORMAL (reclassified)"
    day.decide("S101", day.regularise("S105", "17:20"))
    assert day.words("S105") == ["NORMAL", "EARLY 10"]


def test_a_decision_changes_nothing_where_nothing_is_missing(day: AttendanceDay) -> None:
    """The morning was complete; the machine never makes an absence of it."""
    assert reclassify(day, half="AM") is None
    assert day.told("S105", "AM") == ["NORMAL"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"actor": "S002"}, Refusal.NOT_PERMITTED),
        ({"actor": "S999"}, Refusal.UNKNOWN_STAFF),
        ({"staff": "S999"}, Refusal.UNKNOWN_STAFF),
        ({"actor": "S001", "staff": "S001"}, Refusal.OWN_CASE),
        ({"day": "2026-03-11"}, Refusal.BAD_VALUE),
        ({"day": "2026-03-08"}, Refusal.BAD_VALUE),
        ({"day": "20260310"}, Refusal.BAD_VALUE),
        ({"day": "tenth"}, Refusal.BAD_VALUE),
        ({"document": ""}, Refusal.BAD_VALUE),
    ],
)
def test_what_is_no_signed_decision(day: AttendanceDay, fields: dict[str, str], why: Refusal) -> None:
    """The manager's, about somebody else, of a working day that is over, with the number of the paper."""
    assert reclassify(day, **fields) is why


# --- Over the night -------------------------------------------------------------------------------------------------------


def test_what_is_open_outlives_the_night_and_nothing_else(day: AttendanceDay) -> None:
    """DayBegan carries it: a fold of the new day alone is the fold of everything; months later nothing is left."""
    day.decide("S101", day.regularise("S105", "17:32"))
    day.regularise("S105", "17:33")
    sheet(day, ("S106", "08:58", "in"))
    day.offline_punch("S105", "11 08:58", off=240_000)
    day.at("12 08:00")
    begins = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan))
    assert day.folded([day.facts[0], *day.facts[begins:]]) == day.hall == day.folded()
    known = day.hall.corrections
    assert (len(known.asked), len(known.entered), len(known.doubtful), known.approved) == (1, 1, 1, {"S105 2026-03": 1})
    day.advance(HallTime(day.now + 100 * 24 * 3_600_000))
    known = day.hall.corrections
    assert (known.asked, known.entered, known.doubtful, known.approved) == ({}, {}, {}, {})


def test_where_there_is_no_inspector_the_leaders_check() -> None:
    """A small hall has none."""
    day = AttendanceDay(DEMO.replace('role = "inspector"', 'role = "guide"'))
    day.at("10:00")
    assert refusal(sheet(day, ("S105", "08:58", "in"), actor="S007")) is Refusal.NOT_PERMITTED
    assert refusal(sheet(day, ("S105", "08:58", "in"), actor="S002")) is None
