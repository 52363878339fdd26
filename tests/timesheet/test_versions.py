"""Results are versions (1.0.3 step 9): when each was made, because of what; and the day as an auditor reads it."""

from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from broker.__main__ import main
from broker.attendance.editions import EVALUATORS
from broker.cli.attendance_day import told
from broker.ledgers import attendance
from broker.opening import FILE_NAME
from broker.rules import facts as f
from broker.rules.hours import clock_of, day_of
from broker.schema import HallSection
from broker.store import Store
from broker.timesheet.collect import sheet_of
from broker.timesheet.layout import pages
from contracts import messages as m
from contracts.values import HallTime, StaffNo
from sim.attendance_day import DEMO, AttendanceDay

S105 = StaffNo("S105")
NORMAL_DAY = "08:55", "12:01", "13:25", "17:31"


def away(day: AttendanceDay, begins: str, ends: str, kind: str = "sick", ref: str = "QJ-20260311-001") -> f.Absence:
    """An approved absence is entered now, as the ledger of leave does."""
    absence = f.Absence(staff=S105, begins=day.time(begins), ends=day.time(ends), kind=kind, ref=ref)
    day.record(f.AbsenceEntered(absence=absence, actor=StaffNo("S101")))
    return absence


def when(at: HallTime) -> str:
    """``11 10:00``."""
    return f"{day_of(at).day} {clock_of(at)}"


def made(day: AttendanceDay, half: str) -> list[tuple[str, list[str], bool]]:
    """When each version was made, because of what, and whether it was only provisional."""
    return [(when(one.at), [cause.name for cause in one.because], one.provisional) for one in day.versions("S105", half)]


def test_leave_approved_afterwards_is_a_second_version() -> None:
    """ATT-5.2: sick 03-10 AM, no application; 补假 approved 03-11 10:00: v1 ABSENT 0.5, v2 LEAVE(sick, retroactive)."""
    day = AttendanceDay()
    day.usual("S105", "13:25", "17:31")
    day.at("11 10:00")
    away(day, "09:00", "12:00")
    assert day.told("S105", "AM") == ["ABSENT 0.5", "LEAVE (sick, retroactive)"]
    assert made(day, "AM") == [("10 13:00", [], False), ("11 10:00", ["QJ-20260311-001"], False)]
    assert day.told("S105", "PM") == ["NORMAL"]


def test_leave_approved_before_is_the_first_version() -> None:
    """ATT-5.1: asked for beforehand it is nothing retroactive."""
    day = AttendanceDay()
    away(day, "09:00", "12:00", "annual")
    day.usual("S105", "13:25", "17:31")
    day.at("10 20:00")
    assert day.told("S105", "AM") == ["LEAVE (annual)"]


def test_a_half_is_judged_an_hour_after_its_end_and_finally_at_the_cut_off() -> None:
    """Nothing before 13:00; provisional until 04:00 of the next day; then it stands."""
    day = AttendanceDay()
    day.usual("S105", "08:55", "12:01")
    day.at("12:59:59")
    assert day.versions("S105", "AM") == ()
    day.at("13:00")
    assert made(day, "AM") == [("10 13:00", [], True)]
    day.at("18:30")
    assert day.told("S105", "PM") == ["ABSENT 0.5"]
    day.at("11 04:00")
    assert made(day, "AM") == [("10 13:00", [], False)]


def test_what_a_clock_tells_late_makes_a_version() -> None:
    """ATT-10: cut off from 08:40 to 14:00, the clock tells of 08:58 only then; final is what stands at the cut-off."""
    day = AttendanceDay()
    day.at("14:00")
    punch = day.offline_punch("S105", "08:58")
    day.usual("S105", "14:01", "17:31")
    day.at("11 08:00")
    assert day.told("S105", "AM") == ["ABSENT 0.5", "MISSING_OUT"]
    assert [provisional for *_, provisional in made(day, "AM")] == [True, False]
    assert punch.startswith("CLK-01/")


def test_withdrawn_extended_and_ended_leave_are_versions() -> None:
    """Each version by what was known then; an early return takes the rest of the excuse."""
    day = AttendanceDay()
    absence = away(day, "09:00", "17:30")
    day.at("11 09:00")
    day.record(f.AbsenceEnded(absence=absence, why="withdrawn", actor=StaffNo("S002")))
    day.at("11 10:00")
    away(day, "09:00", "12:00", ref="QJ-20260311-002")
    assert day.told("S105", "AM") == ["LEAVE (sick)", "ABSENT 0.5", "LEAVE (sick, retroactive)"]
    reasons = [one.results[0].reason for one in day.versions("S105", "PM")]
    assert reasons == ["sick", "NO_RECORD", "LEAVE_OVERDUE"], "the same absence, for another reason"
    assert day.words("S105") == ["LEAVE", "ABSENT 0.5"]


def test_a_day_without_any_punch_is_one_item_and_each_half_its_half_of_it() -> None:
    """AT7: the sheet has one ABSENT 1.0; no version is made of it, because each half is as absent as at noon."""
    day = AttendanceDay()
    day.at("11 08:00")
    assert day.words("S105") == ["", "", "ABSENT 1.0"]
    assert day.told("S105", "AM") == day.told("S105", "PM") == ["ABSENT 0.5"]


def test_the_past_is_read_as_it_was_known() -> None:
    """--as-of: on the evening of the 10th nobody knew of the 补签; a sheet of April told so as well."""
    day = AttendanceDay()
    day.usual("S105", "08:59", "12:02", "13:29")
    day.at("11 10:00")
    day.decide("S101", day.regularise("S105", "17:32"))
    lines = list(told(day.history(), S105, day.date, day.now))
    assert any("BQ-20260311-001 #" in line and "[补签 regularised]" in line for line in lines)
    before = list(told(day.history(), S105, day.date, day.time("11 09:59")))
    assert not any("BQ-" in line for line in before)
    assert any("MISSING_OUT 下班缺卡" in line for line in before)


def test_a_day_tells_everything_that_was_said_about_it() -> None:
    """Duplicates, a doubtful time and who settled it, leave that was taken back, a 补签 that was not needed."""
    day = AttendanceDay()
    day.at("09:30")
    punch = day.offline_punch("S105", "09:02", node="CLK-02", off=240_000)
    day.usual("S105", "12:01", "12:01:30", "13:25", "17:31")
    absence = away(day, "09:00", "12:00")
    day.record(f.AbsenceEnded(absence=absence, why="withdrawn", actor=StaffNo("S002")))
    day.at("11 09:00")
    assert any("时间待核" in line for line in told(day.history(), S105, day.date, day.now))
    day.decide("S101", day.regularise("S105", "17:32"))
    day.ask("OPS-01", m.PunchTimeRequested, actor="S007", punch=punch, at=day.time("08:59"))
    text = "\n".join(told(day.history(), S105, day.date, day.now))
    for part in ("12:01:30", "S007", "核定为2026-03-10 08:59:00", "已不计", "未采用", "重复打卡", "yongan-2025-09", "补签"):
        assert part in text, part


def test_days_of_rest_and_of_nobody_have_no_versions_to_show() -> None:
    """REST once; a person who is not there yet has none at all."""
    day = AttendanceDay(day=date(2026, 3, 8))
    day.at("9 08:00")
    assert day.told("S105", "AM") == ["REST"]
    early = AttendanceDay(DEMO.replace("since = 2025-03-03", "since = 2026-03-20", 1))
    early.at("11 08:00")
    assert early.versions("S105", "AM") == ()
    assert any("未在岗期间" in line for line in told(early.history(), S105, early.date, early.now))


def test_every_edition_has_its_evaluator() -> None:
    """README 0.1: a day is judged by the edition in force on it, for ever."""
    editions = get_args(HallSection.__annotations__["rulebook"])
    assert set(EVALUATORS) == set(editions) != set()


def test_the_ledger_keeps_the_old_result_beside_the_new() -> None:
    """考勤台账: a line a version, with who caused it and the edition; nothing of days to come."""
    day = AttendanceDay()
    day.usual("S105", "08:59", "12:02", "13:29")
    day.at("11 10:00")
    day.decide("S101", day.regularise("S105", "17:32"))
    made_ = attendance.table(day.history(), date(2026, 3, 1))
    rows = [dict(zip(made_.columns, row, strict=True)) for row in made_.rows]
    mine = [one for one in rows if (one["工号"], one["日期"], one["半天"]) == ("S105", "2026-03-10", "下午")]
    assert [(one["版本"], one["结果"], one["标注"], one["认定时间"]) for one in mine] == [
        ("1", "MISSING_OUT", "", "2026-03-10 18:30"),
        ("2", "NORMAL", "补签", "2026-03-11 10:00"),
    ]
    assert mine[1]["变更依据"].startswith("BQ-20260311-001 #")
    assert {one["规则版本"] for one in rows} == {"yongan-2025-09"}
    assert max(one["日期"] for one in rows) <= "2026-03-11"
    assert attendance.table(day.history(), date(2026, 4, 1)).rows == ()


def test_the_sheet_marks_what_changed_after_it_was_signed() -> None:
    """ATT-9: only the half that has another result, and the legend says what the mark means."""
    day = AttendanceDay()
    day.usual("S105", "08:59", "12:02", "13:29")
    day.at("11 09:00")
    signed_at = day.now
    day.at("11 10:00")
    day.decide("S101", day.regularise("S105", "17:32"))
    page = pages(sheet_of(day.history(), day.date, signed_at))[0]
    shown = next(row for row in page.rows if row.staff == "S105").days[9]
    assert shown == ("√", "√*")
    assert "签字后有变更" in page.legend
    day.at("13 12:00")
    page = pages(sheet_of(day.history(), day.date, signed_at))[0]
    later = next(row for row in page.rows if row.staff == "S105").days[11]
    assert later == ("旷", "旷"), "was not over when the sheet was signed, so nothing of it has changed"
    plain = pages(sheet_of(day.history(), day.date))[0]
    assert next(row for row in plain.rows if row.staff == "S105").days[9] == ("√", "√")
    assert "签字后有变更" not in plain.legend


# --- The command ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A database with the demo hall and one person's usual day."""
    day = AttendanceDay()
    day.usual("S105", *NORMAL_DAY)
    store = Store.open(tmp_path / FILE_NAME)
    for one in day.facts:
        with store.batch():
            store.append(one.at, None, one.fact)
    store.keep_clock(day.time("11 08:00"))
    store.close()
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (["show", "--staff", "S105", "--date", "2026-03-10"], 0, "NORMAL 正常"),
        (["show", "--staff", "S105", "--date", "2026-03-10", "--as-of", "2026-03-10T12:30"], 0, "当日未结"),
        (["show", "--staff", "S999", "--date", "2026-03-10"], 2, "没有工号 S999"),
        (["--month", "2026-03"], 2, "Give --out"),
    ],
)
def test_the_command_shows_a_day_and_the_sheet_as_before(  # noqa: PLR0913, PLR0917 -- fixtures
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: list[str], code: int, said: str
) -> None:
    """``attendance show`` beside ``attendance --month``; what is missing is told in both languages."""
    monkeypatch.setattr("sys.argv", ["hall-broker", "attendance", *typed, "--data", str(data)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code
    captured = capsys.readouterr()
    assert said in captured.out + captured.err
