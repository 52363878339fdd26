"""The monthly sheet (ATT-9): from raw punches in a real database to the files a department signs."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pymupdf
import pytest

from broker.__main__ import main
from broker.archive import Archive
from broker.attendance import DayRecord, HalfOfDay, HalfRecord, Result, Word
from broker.config import config_hash
from broker.opening import FILE_NAME
from broker.rules import facts as f
from broker.rules.hours import midnight
from broker.store import Store
from broker.timesheet.collect import NothingStoredError, collect
from broker.timesheet.month import Person, Sheet, line_of, signs
from broker.timesheet.write_csv import as_csv
from broker.timesheet.write_pdf import as_pdf
from broker.timesheet.write_xlsx import as_xlsx
from contracts.values import HallTime, NodeName, PunchIntent, RequestId, StaffNo
from sim.rules_day import hall_text

MARCH = date(2026, 3, 1)
USUAL = ("08:55", "12:01", "13:25", "17:31")
S101, S105 = StaffNo("S101"), StaffNo("S105")


def instant(day: date, clock: str) -> HallTime:
    """``HH:MM:SS`` or ``HH:MM`` of a day in the hall."""
    hours, minutes, seconds = (int(part) for part in (clock + ":00").split(":")[:3])
    return HallTime(midnight(day) + ((hours * 60 + minutes) * 60 + seconds) * 1000)


class Book:
    """A database with the demo hall, into which people punch."""

    def __init__(self, folder: Path, text: str, begins: date = date(2026, 2, 27)) -> None:
        self.store = Store.open(folder / FILE_NAME)
        self._count = 0
        self.write(instant(begins, "08:00"), f.ConfigurationAdopted(content=text, hash=config_hash(text)))

    def write(self, at: HallTime, fact: f.Fact) -> None:
        """Store a fact now."""
        with self.store.batch():
            self.store.append(max(at, self.store.hall_clock), None, fact)

    def punch(self, staff: StaffNo | None, day: date, clock: str, *, unverified: bool = False) -> None:
        """One presented card, told to the service at once."""
        self._count += 1
        fact = f.PunchStored(
            request_id=RequestId(f"CLK-01/00000000000000aa/{self._count}"),
            clock=NodeName("CLK-01"),
            card=None,
            staff=staff,
            intent=PunchIntent.NONE,
            at=instant(day, clock),
            unverified=unverified,
            stamp=None,
        )
        self.write(fact.at, fact)

    def until(self, day: date) -> None:
        """The hall's clock has come to this day's morning."""
        self.store.keep_clock(instant(day, "08:00"))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """The demo hall in February's last days."""
    one = Book(tmp_path, hall_text("demo-hall"))
    yield one
    one.store.close()


def march(book: Book, folder: Path) -> Sheet:
    """March's sheet as it stands now."""
    del book
    with Archive(folder) as archive:
        return collect(archive, MARCH)


def a_month(book: Book) -> None:
    """S101 is a minute late on the 10th, S105 forgets a punch, has leave and an outing; everybody else is never seen."""
    days = [MARCH + timedelta(days=n) for n in range(31)]
    for day in [one for one in days if one.weekday() < 5]:
        for place, clock in enumerate(USUAL):
            is_late = day.day == 10 and place == 0
            book.punch(S101, day, "09:01:00" if is_late else clock)
            if day.day not in {12, 13} and not (day.day == 11 and place == 3):
                book.punch(S105, day, clock)
        if day.day == 11:
            leave = f.Absence(
                staff=S105, begins=instant(date(2026, 3, 12), "09:00"), ends=instant(date(2026, 3, 12), "17:30"), kind="sick"
            )
            trip = f.Absence(
                staff=S105,
                begins=instant(date(2026, 3, 13), "09:00"),
                ends=instant(date(2026, 3, 13), "12:00"),
                kind="meeting",
            )
            for one in (leave, trip):
                book.write(instant(day, "17:45"), f.AbsenceEntered(absence=one, actor=StaffNo("S002")))
    book.until(date(2026, 4, 2))


def test_month_of_a_person_adds_up(book: Book, tmp_path: Path) -> None:
    """ATT-9: late by times and minutes, missing punches, absence and leave in half days, counted from the raw punches."""
    a_month(book)
    lines = {one.person.staff: one for one in march(book, tmp_path).lines}
    totals = lines[S101].totals
    assert (totals.late, totals.late_minutes, totals.absent, totals.missing) == (1, 1, 0, 0)
    assert totals.normal == 22 * 2 - 1
    other = lines[S105].totals
    assert (other.missing, other.leave, other.leaves, other.outing) == (1, 2, (("sick", 2),), 1)
    assert other.absent == 1, "the afternoon of the 13th, for which the outing does not speak"
    assert lines[StaffNo("S106")].totals.absent == 22 * 2


def test_every_day_of_the_month_has_its_sign(book: Book, tmp_path: Path) -> None:
    """AT1, AT3, AT8, AT21: a cell shows morning above afternoon; rest days rest, also the adjusted workday is a workday."""
    a_month(book)
    lines = {one.person.staff: one for one in march(book, tmp_path).lines}
    shown = [signs(record) for record in lines[S105].days]
    assert shown[9] == (("normal",), ("normal",))
    assert shown[10] == (("normal",), ("missing",))
    assert shown[11] == (("leave.sick",), ("leave.sick",))
    assert shown[12] == (("outing",), ("absent",))
    assert shown[0] == shown[6] == (("rest",), ("rest",)), "a Sunday and a Saturday"
    assert signs(lines[S101].days[9])[0] == ("late",)


def test_a_day_that_is_not_over_is_left_open(book: Book, tmp_path: Path) -> None:
    """1.0.3 step 9: a day is final at its cut-off, 04:00 of the next; before that the sheet says that it is open."""
    book.punch(S101, date(2026, 3, 10), "08:55")
    book.store.keep_clock(instant(date(2026, 3, 11), "03:59:59"))
    assert next(one for one in march(book, tmp_path).lines if one.person.staff == S101).days[9] is None
    book.store.keep_clock(instant(date(2026, 3, 11), "04:00"))
    record = next(one for one in march(book, tmp_path).lines if one.person.staff == S101).days[9]
    assert record is not None
    assert signs(record) == (("missing",), ("absent",))


def test_withdrawn_and_shortened_absences_excuse_what_they_were(book: Book, tmp_path: Path) -> None:
    """ATT-6.2: an outing ended by a return excuses up to it; a withdrawn absence excuses nothing."""
    day = date(2026, 3, 10)
    whole = f.Absence(staff=S101, begins=instant(day, "09:00"), ends=instant(day, "17:30"), kind="meeting")
    gone = f.Absence(staff=S105, begins=instant(day, "09:00"), ends=instant(day, "17:30"), kind="annual")
    for one in (whole, gone):
        book.write(instant(day, "08:00"), f.AbsenceEntered(absence=one, actor=StaffNo("S002")))
    book.write(instant(day, "08:30"), f.AbsenceEnded(absence=gone, why="withdrawn", actor=StaffNo("S002")))
    book.write(instant(day, "12:00"), f.AbsenceEnded(absence=whole, why="login"))
    book.until(date(2026, 3, 12))
    lines = {one.person.staff: one for one in march(book, tmp_path).lines}
    assert signs(lines[S101].days[9]) == (("outing",), ("absent",))
    assert signs(lines[S105].days[9]) == (("absent",), ("absent",))


def test_people_come_and_go_with_the_configuration(book: Book, tmp_path: Path) -> None:
    """A person is evaluated from the first day in hall.toml to the last; a new one not before `since`."""
    text = hall_text("demo-hall")
    book.write(instant(date(2026, 3, 16), "07:00"), f.ConfigurationAdopted(content=_without(text, "S007"), hash="b"))
    book.until(date(2026, 4, 2))
    lines = {one.person.staff: one for one in march(book, tmp_path).lines}
    left = [signs(record)[0][0] for record in lines[StaffNo("S007")].days]
    assert left[12] == "absent"
    assert set(left[15:]) == {"unevaluated"}
    new = [signs(record)[0][0] for record in lines[StaffNo("S118")].days]
    assert new[0] == "unevaluated", "since 2026-03-02"
    assert new[1] == "absent"


def test_nobody_is_absent_before_the_hall_had_clocks(tmp_path: Path) -> None:
    """Without `params.attendance.from`, attendance begins on the day the hall was first configured; with it, on that day."""
    stated = "from = 2026-01-01\n"
    text = hall_text("demo-hall")
    assert stated in text
    for said, first in (("", 18), ("from = 2026-03-05\n", 5)):
        folder = tmp_path / str(first)
        folder.mkdir()
        book = Book(folder, text.replace(stated, said), date(2026, 3, 18))
        book.until(date(2026, 4, 2))
        line = next(one for one in march(book, folder).lines if one.person.staff == S101)
        marks = [signs(record)[0][0] for record in line.days]
        assert set(marks[: first - 1]) == {"unevaluated"}
        assert marks[first - 1] == "absent"


def _without(text: str, staff: str) -> str:
    """The hall without this person, whom nothing else in the file names."""
    return "\n".join(one for one in text.splitlines() if f'id = "{staff}"' not in one)


def test_nothing_is_guessed(tmp_path: Path, book: Book) -> None:
    """1.0.1: a year without calendar data is refused, and so is a database without a hall."""
    with Archive(tmp_path) as archive, pytest.raises(LookupError, match="2027"):
        collect(archive, date(2027, 5, 1))
    empty = tmp_path / "empty"
    Store.open(empty / FILE_NAME).close()
    with Archive(empty) as archive, pytest.raises(NothingStoredError, match="start the service"):
        collect(archive, MARCH)
    del book


def test_unknown_cards_and_doubtful_times_are_counted(book: Book, tmp_path: Path) -> None:
    """ATT-10, COND-4: what a person has to look at stands on the sheet, in the month it belongs to."""
    book.punch(None, date(2026, 3, 10), "08:58")
    book.punch(S101, date(2026, 3, 10), "08:59", unverified=True)
    book.punch(None, date(2026, 4, 1), "08:58")
    book.until(date(2026, 4, 2))
    sheet = march(book, tmp_path)
    assert sheet.unknown == 1
    assert next(one for one in sheet.lines if one.person.staff == S101).totals.unverified == 1


def test_csv_is_one_list_that_excel_reads(book: Book, tmp_path: Path) -> None:
    """UTF-8 with a mark; a head, a line for each of 25 people, a column for each of 31 days, totals, legend."""
    a_month(book)
    content = as_csv(march(book, tmp_path))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["部门", "序号", "姓名", "工号"]
    assert rows[0][4:35] == [str(day) for day in range(1, 32)]
    zhang = next(row for row in rows if "S101" in row)
    assert zhang[:4] == ["数据和政务服务局", zhang[1], "张敏", "S101"]
    assert zhang[4 + 9] == "迟/√"
    assert zhang[35:37] == ["21.5", "1/1"]
    assert len(rows) == 1 + 25 + 2


def test_workbook_has_a_page_a_department(book: Book, tmp_path: Path) -> None:
    """One worksheet a department, titled, with the signature line; A4 across and one page wide."""
    a_month(book)
    workbook = openpyxl.load_workbook(io.BytesIO(as_xlsx(march(book, tmp_path))))
    assert workbook.sheetnames[0] == "数据和政务服务局"
    assert len(workbook.sheetnames) == 7
    ws = workbook.worksheets[0]
    words = [str(cell.value) for row in ws.iter_rows() for cell in row if cell.value]
    assert words[0] == "永安县政务服务中心 2026年03月考勤月报"
    assert any("首席代表:" in word and "分管领导:" in word for word in words)
    assert (ws.page_setup.orientation, ws.page_setup.fitToWidth) == ("landscape", 1)


def test_pages_hold_every_name_and_lose_no_word(book: Book, tmp_path: Path) -> None:
    """A page a department; every person, every day's number, legend and signatures can be read off the page."""
    a_month(book)
    sheet = march(book, tmp_path)
    document: Any = pymupdf.open(stream=as_pdf(sheet), filetype="pdf")  # type: ignore[no-untyped-call]
    texts = [page.get_text() for page in document]
    assert len(texts) == 7
    for one in sheet.lines:
        assert any(one.person.name in page for page in texts)
    assert all("图例" in page and "首席代表:" in page for page in texts)
    for page in document:
        for block in page.get_text("words"):
            assert 0 <= block[0] < block[2] <= page.rect.width, f"{block[4]} is cut off"


def test_a_sheet_is_the_same_whenever_it_is_made(book: Book, tmp_path: Path) -> None:
    """Recomputed from the raw punches it gives the same bytes; nothing of it is stored."""
    a_month(book)
    first, second = march(book, tmp_path), march(book, tmp_path)
    assert first == second
    assert as_csv(first) == as_csv(second)
    assert as_pdf(first) == as_pdf(second)


def test_absence_of_a_whole_day_stands_in_both_halves() -> None:
    """AT7: one item of one day, shown in both halves of the cell and counted as two halves."""
    whole = DayRecord(
        date=date(2026, 3, 10),
        halves=tuple(HalfRecord(half) for half in HalfOfDay),
        day=(Result(Word.ABSENT, half_days=2, reason="NO_RECORD"),),
    )
    one = line_of(Person(S101, "张敏", "DSJ"), [whole])
    assert signs(whole) == (("absent",), ("absent",))
    assert (one.totals.absent, one.totals.normal) == (2, 0)


@pytest.mark.parametrize(("out", "what"), [("sheet.doc", "ends in"), ("missing/sheet.csv", "cannot be written")])
def test_command_says_what_to_do(  # noqa: PLR0913, PLR0917 -- fixtures
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], out: str, what: str
) -> None:
    """A wrong kind of file or a folder that does not exist: a sentence, exit code 2, nothing half written."""
    book.until(date(2026, 4, 2))
    arguments = ["hall-broker", "attendance", "--month", "2026-03", "--out", str(tmp_path / out), "--data", str(tmp_path)]
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert what in capsys.readouterr().err
    assert not list(tmp_path.glob("sheet*"))


def test_command_writes_the_sheet(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``hall-broker attendance`` while the service holds the database: it only reads."""
    a_month(book)
    out = tmp_path / "march.xlsx"
    monkeypatch.setattr(
        "sys.argv", ["hall-broker", "attendance", "--month", "2026-03", "--out", str(out), "--data", str(tmp_path)]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert out.read_bytes()[:2] == b"PK"


def test_a_kind_of_outing_the_hall_added_is_one_in_the_sheet(tmp_path: Path) -> None:
    """``outing_kinds`` of the configuration decides what is an outing, in the sheet as at the counter (ATT-6.2)."""
    kinds = 'outing_kinds = ["outing", "meeting", "study", "training", "trip", "errand", "inspection"]'
    text = hall_text("demo-hall").replace("[params.attendance]", f"[params.attendance]\n{kinds}", 1)
    book = Book(tmp_path, text)
    day = date(2026, 3, 10)
    away = f.Absence(staff=S101, begins=instant(day, "09:00"), ends=instant(day, "12:00"), kind="inspection")
    book.write(instant(day, "08:00"), f.AbsenceEntered(absence=away, actor=StaffNo("S002")))
    book.until(date(2026, 4, 2))
    lines = {one.person.staff: one for one in march(book, tmp_path).lines}
    book.store.close()
    assert signs(lines[S101].days[9])[0] == ("outing",)
