"""What the monthly sheet adds up beside the records of days (ATT-9): hours on outings, minutes of extended service."""

from datetime import date
from pathlib import Path

from broker.archive import Archive
from broker.opening import FILE_NAME
from broker.store import Store
from broker.timesheet.collect import collect
from broker.timesheet.layout import pages
from contracts.values import StaffNo
from sim.attendance_day import AttendanceDay

EXTENDED, OUTING = 7, 6
"""Their places among the totals."""


def test_extended_service_and_outings_stand_in_the_sheet(tmp_path: Path) -> None:
    """ATT-9, EXT-2: W08 served 17:12-18:05, so S111 has 35 min; S101 was out from 11:00 to 14:30: 2 h of work, no half."""
    day = AttendanceDay()
    day.usual("S101", "08:55")
    day.away("S101", "11:00", "14:30", "meeting")
    day.at("17:00")
    day.login("W08", "S111")
    day.take("D")
    day.at("17:12")
    day.call("W08")
    day.start("W08")
    day.at("18:05")
    day.finish("W08")
    store = Store.open(tmp_path / FILE_NAME)
    with store.batch():
        for one in day.facts:
            store.append(one.at, None, one.fact)
    store.keep_clock(day.time("11 08:00"))
    store.close()
    with Archive(tmp_path) as archive:
        sheet = collect(archive, date(2026, 3, 1))
    totals = {line.person.staff: line.totals for line in sheet.lines}
    assert (totals[StaffNo("S111")].extended_minutes, totals[StaffNo("S101")].extended_minutes) == (35, 0)
    assert (totals[StaffNo("S101")].outing_minutes, totals[StaffNo("S101")].outing) == (120, 0)
    shown = {row.staff: row.totals for page in pages(sheet) for row in page.rows}
    assert shown[StaffNo("S101")][OUTING] == "0/2"
    assert shown[StaffNo("S111")][EXTENDED] == "35"
