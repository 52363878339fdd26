"""Leave in the monthly sheet: what it excuses, and why somebody is absent who had or wanted leave (ATT-5.2, ATT-8.3.3)."""

from datetime import date

import pytest

from broker.attendance import DayRecord
from broker.rules import facts as f
from broker.timesheet.judged import judged
from broker.timesheet.reading import history_of
from broker.timesheet.versions import Flag, versions
from contracts import messages as m
from contracts.values import HalfOfDay, LeaveNo, StaffNo
from sim.leave_day import LeaveDay, moment


def known(day: LeaveDay, staff: str, on: int) -> DayRecord:
    """What a day of March amounts to for a person, by the facts of this hall so far."""
    history = history_of(day.facts, moment(31, "08:00"))
    return judged(history, StaffNo(staff), date(2026, 3, on), history.now).record


def spelled(record: DayRecord) -> list[str]:
    """Its results with their reasons; a whole day's stands alone."""
    if record.day:
        return [f"{one.spelled} {one.reason}".strip() for one in record.day]
    return [" ".join(f"{one.spelled} {one.reason}".strip() for one in half.results) for half in record.halves]


def worked(day: LeaveDay, staff: str, on: int, *clocks: str) -> None:
    """Punches at these times."""
    for clock in clocks:
        day.go_to(on, clock)
        day.punch(staff)


def test_leave_approved_the_evening_before() -> None:
    """ATT-5.1: leave approved 03-09 17:00 for 03-10 AM -> AT21's morning is LEAVE."""
    day = LeaveDay(day=date(2026, 3, 9), clock="17:00")
    day.grant("S105", moment(10, "09:00"), moment(10, "12:00"), "S101", kind="sick")
    worked(day, "S105", 10, "13:28", "17:31")
    assert spelled(known(day, "S105", 10)) == ["LEAVE sick", "NORMAL"]


def test_absent_until_the_retroactive_leave_is_approved() -> None:
    """ATT-5.2: 03-10 AM without a word is ABSENT 0.5; 补假 approved 03-11 10:00 makes it LEAVE(sick)."""
    day = LeaveDay()
    worked(day, "S105", 10, "13:28", "17:31")
    assert spelled(known(day, "S105", 10)) == ["ABSENT 0.5 NO_RECORD", "NORMAL"]
    day.go_to(11, "09:30")
    no = day.request_leave("S105", moment(10, "09:00"), moment(10, "12:00"), "sick")
    assert spelled(known(day, "S105", 10)) == ["ABSENT 0.5 LEAVE_UNAPPROVED", "NORMAL"], "provisional"
    day.go_to(11, "10:00")
    day.approve(no, "S101")
    assert spelled(known(day, "S105", 10)) == ["LEAVE sick", "NORMAL"]
    assert day.told(f.LeaveApproved)[-1].retroactive
    day.go_to(12, "08:00")
    found = versions(history_of(day.facts, day.now), StaffNo("S105"), date(2026, 3, 10), HalfOfDay.AM)
    assert [(one.number, one.results[0].spelled, one.results[0].reason, one.flags) for one in found] == [
        (1, "ABSENT 0.5", "NO_RECORD", ()),
        (2, "ABSENT 0.5", "LEAVE_UNAPPROVED", ()),
        (3, "LEAVE", "sick", (Flag.RETROACTIVE,)),
    ]


@pytest.mark.parametrize("is_rejected", [True, False])
def test_leave_nobody_approved(is_rejected: bool) -> None:
    """ATT-8.3.3a: submitted or rejected, no punches on 03-10 -> ABSENT 1.0, LEAVE_UNAPPROVED."""
    day = LeaveDay(day=date(2026, 3, 9))
    no = day.request_leave("S113", moment(10, "09:00"), moment(10, "17:30"))
    if is_rejected:
        day.do("OPS-01", m.LeaveRejectRequested, leave=no, actor="S112", reason="人手不足")
    assert spelled(known(day, "S113", 10)) == ["ABSENT 1.0 LEAVE_UNAPPROVED"]
    assert spelled(known(day, "S113", 11)) == ["ABSENT 1.0 NO_RECORD"]


def test_who_punches_is_judged_by_the_punches() -> None:
    """ATT-8.3.3a: leave was rejected and the person came, 20 minutes late and not in the afternoon."""
    day = LeaveDay(day=date(2026, 3, 9))
    no = day.request_leave("S113", moment(10, "09:00"), moment(10, "17:30"))
    day.do("OPS-01", m.LeaveRejectRequested, leave=no, actor="S112", reason="人手不足")
    worked(day, "S113", 10, "09:20", "12:01")
    assert spelled(known(day, "S113", 10)) == ["LATE 20", "ABSENT 0.5 NO_RECORD"]


def test_only_the_half_that_was_asked_for() -> None:
    """ATT-8.3.3a: the afternoon was asked for; the morning without punches has no record, whether or not the person came."""
    day = LeaveDay(day=date(2026, 3, 9))
    day.request_leave("S113", moment(10, "13:30"), moment(10, "17:30"))
    day.request_leave("S115", moment(10, "13:30"), moment(10, "17:30"))
    worked(day, "S113", 10, "13:20", "17:31")
    assert spelled(known(day, "S113", 10)) == ["ABSENT 0.5 NO_RECORD", "NORMAL"]
    assert spelled(known(day, "S115", 10)) == ["ABSENT 1.0 LEAVE_UNAPPROVED"], "one item for the day"


def test_given_up_it_was_never_asked_for() -> None:
    """Withdrawn before anybody decided: no record is no record."""
    day = LeaveDay(day=date(2026, 3, 9))
    day.withdraw(day.request_leave("S113", moment(10, "09:00"), moment(10, "17:30")), "S113")
    assert spelled(known(day, "S113", 10)) == ["ABSENT 1.0 NO_RECORD"]


def overdue() -> LeaveDay:
    """年休假 03-02 to 03-06 (a Friday)."""
    day = LeaveDay(day=date(2026, 3, 2), clock="07:00")
    day.grant("S105", moment(2, "09:00"), moment(6, "17:30"), "S101", "S002", "S001")
    return day


def test_leave_over_and_nobody_there() -> None:
    """ATT-8.3.3b: no punch on Monday 03-09 -> ABSENT 1.0 LEAVE_OVERDUE; punch 09:30 on 03-10 -> LATE 30, and over."""
    day = overdue()
    worked(day, "S105", 10, "09:30", "12:01")
    assert spelled(known(day, "S105", 6)) == ["LEAVE annual", "LEAVE annual"]
    assert spelled(known(day, "S105", 7)) == ["REST", "REST"]
    assert spelled(known(day, "S105", 9)) == ["ABSENT 1.0 LEAVE_OVERDUE"]
    assert spelled(known(day, "S105", 10)) == ["LATE 30", "ABSENT 0.5 NO_RECORD"]
    assert spelled(known(day, "S105", 11)) == ["ABSENT 1.0 NO_RECORD"]


def test_overdue_goes_on_until_a_renewal() -> None:
    """ATT-8.3.3b: each half again; a later approved renewal excuses what it covers, and its own end counts next."""
    day = overdue()
    day.go_to(10, "14:00")
    renewal = LeaveNo(day.values(day.renew(LeaveNo("QJ-20260302-001"), "S105", moment(9, "12:00")))["no"])
    day.approve(renewal, "S101", "S002", "S001")
    assert spelled(known(day, "S105", 9)) == ["LEAVE annual", "ABSENT 0.5 LEAVE_OVERDUE"]
    assert spelled(known(day, "S105", 11)) == ["ABSENT 1.0 LEAVE_OVERDUE"]


def test_back_in_the_second_half() -> None:
    """ATT-8.3.3b: nothing on Monday morning, a punch at 13:25: overdue for the morning alone."""
    day = overdue()
    worked(day, "S105", 9, "13:25", "17:31")
    assert spelled(known(day, "S105", 9)) == ["ABSENT 0.5 LEAVE_OVERDUE", "NORMAL"]


def test_a_return_by_command_ends_it() -> None:
    """Reported back on Tuesday without a punch: from then on there is no record, which is no overdue leave."""
    day = overdue()
    day.go_to(10, "08:40")
    day.come_back(LeaveNo("QJ-20260302-001"), "S101")
    assert spelled(known(day, "S105", 9)) == ["ABSENT 1.0 LEAVE_OVERDUE"]
    assert spelled(known(day, "S105", 10)) == ["ABSENT 1.0 NO_RECORD"]


def test_back_early_and_shortened() -> None:
    """销假 at 13:10 of the second day: its afternoon is worked; given up from the third on: that is no leave."""
    day = LeaveDay()
    no = day.grant("S105", moment(10, "09:00"), moment(13, "17:30"), "S101", "S002", "S001")
    day.withdraw(no, "S105", moment(12, "17:30"))
    day.go_to(11, "13:10")
    day.come_back(no, "S105")
    worked(day, "S105", 11, "13:25", "17:31")
    found = [spelled(known(day, "S105", on)) for on in (10, 11, 12)]
    assert found == [["LEAVE annual", "LEAVE annual"], ["LEAVE annual", "NORMAL"], ["ABSENT 1.0 NO_RECORD"]]


def test_papers_behind_what_a_leader_entered_excuse_once() -> None:
    """The entry is replaced by the leave of the same time; both together are one half day of leave."""
    day = LeaveDay()
    day.away("S105", "09:00", "12:00", "sick")
    day.grant("S105", moment(10, "09:00"), moment(10, "12:00"), "S101", kind="sick")
    record = known(day, "S105", 10)
    assert [one.reason for one in record.halves[0].results] == ["sick"]
    assert record.halves[1].half is HalfOfDay.PM
