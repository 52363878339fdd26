"""ATT-5.2, ATT-5.3, ATT-8.3.3b: leave asked for too late, reminded of, renewed, overdue."""

from datetime import date

import pytest

from broker.rules import facts as f
from contracts import messages as m
from contracts.values import LeaveNo, Refusal, TaskKind
from sim.leave_day import LeaveDay, detail, moment
from sim.rules_day import refusal


@pytest.fixture
def day() -> LeaveDay:
    """The demo hall at eight on Tuesday 03-10."""
    return LeaveDay()


def asked_at(day: LeaveDay, kind: TaskKind) -> list[tuple[int, str, tuple[str, ...]]]:
    """When a task of this kind was put, and to whom."""
    opened = [(one.at, one.fact) for one in day.facts if isinstance(one.fact, f.TaskOpened) and one.fact.kind is kind]
    return [(at, fact.values["no"], fact.ladder[0].staff) for at, fact in opened]


def test_retroactive_leave_within_a_working_day_of_return(day: LeaveDay) -> None:
    """ATT-5.2: S105 sick on 03-10 AM without a word; 补假 approved 03-11 10:00 by the usual level, and flagged."""
    day.go_to(10, "13:25")
    day.punch("S105")
    day.go_to(11, "09:30")
    no = day.request_leave("S105", moment(10, "09:00"), moment(10, "12:00"), "sick")
    day.go_to(11, "10:00")
    assert day.leave(no).levels == ("chief_rep",)
    day.approve(no, "S101")
    assert [one.retroactive for one in day.told(f.LeaveSubmitted)] == [True]
    assert day.told(f.LeaveApproved) == [f.LeaveApproved(leave=no, retroactive=True)]
    assert [one.absence.begins for one in day.told(f.AbsenceEntered)] == [moment(10, "09:00")]


def test_later_only_the_manager(day: LeaveDay) -> None:
    """ATT-5.2: from 03-12 on the chief cannot any more, neither for what is asked for then nor for what waits."""
    waits = day.request_leave("S105", moment(10, "09:00"), moment(10, "12:00"), "sick")
    two = day.request_leave("S107", moment(9, "09:00"), moment(10, "12:00"), "sick")
    day.go_to(11, "23:59")
    day.approve(two, "S002")
    day.go_to(12, "00:00")
    assert refusal(day.try_approve(waits, "S101")) is Refusal.NOT_PERMITTED
    assert refusal(day.try_approve(two, "S001")) is None
    assert refusal(day.try_approve(waits, "S001")) is None
    late = day.request_leave("S113", moment(10, "09:00"), moment(10, "12:00"), "sick")
    assert day.leave(late).levels == ("manager",)
    assert [day.leave(one).state for one in (waits, two)] == [f.LeaveState.APPROVED] * 2


def test_the_working_day_after_a_weekend_counts(day: LeaveDay) -> None:
    """ATT-5.2: leave up to Friday 03-13 is followed by Monday; Tuesday 03-17 is the last day."""
    no = day.request_leave("S113", moment(13, "09:00"), moment(13, "17:30"), "sick")
    day.go_to(17, "17:00")
    assert refusal(day.try_approve(no, "S112")) is None
    other = day.request_leave("S115", moment(13, "09:00"), moment(13, "17:30"), "sick")
    day.go_to(18, "08:00")
    assert refusal(day.try_approve(other, "S114")) is Refusal.NOT_PERMITTED


def test_a_manager_who_is_late_goes_to_the_duty_leader(day: LeaveDay) -> None:
    """CREP-4.0 holds there too: never himself, never nobody."""
    day.go_to(12, "08:00")
    no = day.request_leave("S001", moment(10, "09:00"), moment(10, "12:00"), "sick")
    assert refusal(day.try_approve(no, "S001")) is Refusal.OWN_CASE
    day.approve(no, "S002")


def test_reminded_at_three_on_the_last_workday(day: LeaveDay) -> None:
    """ATT-5.3: leave to Sunday reminds on Friday at 15:00, the person and the chief; leave to a noon the workday before."""
    to_sunday = day.grant("S113", moment(11, "09:00"), moment(15, "23:00"), "S112", "S002")
    to_noon = day.grant("S115", moment(11, "13:30"), moment(13, "12:00"), "S114", "S002")
    morning = day.grant("S109", moment(12, "09:00"), moment(12, "12:00"), "S108")
    day.go_to(13, "18:00")
    assert asked_at(day, TaskKind.LEAVE_ENDS) == [
        (moment(12, "15:00"), to_noon, ("S115", "S114")),
        (moment(13, "15:00"), to_sunday, ("S113", "S112")),
    ]
    assert not day.leave(morning).is_reminded
    (task,) = day.asked(TaskKind.LEAVE_ENDS)
    assert task.values["time"] == "2026-03-15 23:00"
    day.do("OPS-01", m.TaskCloseRequested, actor="S113", task=task.id)


def overdue() -> tuple[LeaveDay, LeaveNo]:
    """S105 is on 年休假 03-02 to 03-06; the hall has come to Monday 03-09 08:00."""
    day = LeaveDay(day=date(2026, 3, 2), clock="07:00")
    no = day.grant("S105", moment(2, "09:00"), moment(6, "17:30"), "S101", "S002", "S001")
    day.go_to(9, "08:00")
    return day, no


def test_overdue_at_the_end_of_the_first_half_without_a_punch() -> None:
    """ATT-8.3.3b: leave to Friday; Monday noon it is overdue, the chief is asked, each morning until somebody takes it."""
    day, no = overdue()
    day.go_to(9, "11:59")
    assert day.told(f.LeaveOverdue) == []
    day.go_to(9, "12:00")
    assert day.told(f.LeaveOverdue) == [f.LeaveOverdue(leave=no, since=moment(9, "09:00"))]
    assert day.leave(no).state is f.LeaveState.OVERDUE
    day.go_to(10, "09:00")
    assert asked_at(day, TaskKind.LEAVE_OVERDUE) == [
        (moment(9, "12:00"), no, ("S101",)),
        (moment(10, "09:00"), no, ("S101",)),
    ]
    (task,) = day.asked(TaskKind.LEAVE_OVERDUE)
    day.do("OPS-01", m.TaskAckRequested, actor="S101", task=task.id)
    assert len(day.asked(TaskKind.LEAVE_OVERDUE)) == 1
    day.go_to(11, "09:00")
    assert day.asked(TaskKind.LEAVE_OVERDUE) == []
    day.punch("S105")
    assert day.leave(no).state is f.LeaveState.RETURNED
    assert len(day.told(f.LeaveOverdue)) == 1


def test_a_late_arrival_is_no_overdue_leave() -> None:
    """ATT-8.3.3b: both conditions are needed: a punch at 11:50 is a return."""
    day, no = overdue()
    day.go_to(9, "11:50")
    day.punch("S105")
    day.go_to(10, "18:00")
    assert day.told(f.LeaveOverdue) == []
    assert day.leave(no).returned_at == moment(9, "11:50")


def test_a_return_ends_the_question() -> None:
    """Whoever comes after all: the chief need not look into it any more."""
    day, _ = overdue()
    day.go_to(9, "12:30")
    assert len(day.asked(TaskKind.LEAVE_OVERDUE)) == 1
    day.punch("S105")
    assert day.asked(TaskKind.LEAVE_OVERDUE) == []


def test_a_half_that_is_excused_otherwise_is_not_missed() -> None:
    """ATT-8.3.3b: the first *required* half: on Monday S105 is at a meeting until 17:30, so Tuesday noon decides."""
    day, no = overdue()
    fields = {"begins": moment(9, "08:30"), "ends": moment(9, "17:30"), "kind": "meeting"}
    day.do("OPS-01", m.AbsenceEntryRequested, actor="S002", staff="S105", **fields)
    day.go_to(10, "11:59")
    assert day.told(f.LeaveOverdue) == []
    day.go_to(10, "12:00")
    assert day.told(f.LeaveOverdue) == [f.LeaveOverdue(leave=no, since=moment(10, "09:00"))]


def test_renewed_before_its_end_it_is_never_overdue() -> None:
    """ATT-8.3.3b: 续假 approved in time goes on where the leave ends; its end is the one that counts."""
    day = LeaveDay(day=date(2026, 3, 2), clock="07:00")
    no = day.grant("S105", moment(2, "09:00"), moment(3, "17:30"), "S101", "S002")
    day.go_to(3, "10:00")
    renewal = LeaveNo(day.values(day.renew(no, "S105", moment(4, "17:30")))["no"])
    one = day.leave(renewal)
    assert (one.begins, one.kind, one.renews, one.half_days) == (moment(3, "17:30"), "annual", no, 2)
    assert one.levels == ("chief_rep", "duty_leader"), "three days in all: not one day by the chief alone"
    day.approve(renewal, "S101", "S002")
    assert day.told(f.LeaveApproved)[-1].retroactive is False
    assert day.leave(no).state is f.LeaveState.RENEWED
    day.go_to(5, "12:00")
    assert [one.leave for one in day.told(f.LeaveOverdue)] == [renewal]
    assert [one.leave for one in day.told(f.LeaveReminded)] == [renewal]


def test_a_renewal_after_the_end_is_retroactive() -> None:
    """ATT-8.3.3b, ATT-5.2: approved behind the old end it is 补假: flagged, and it ends the overdue."""
    day, no = overdue()
    day.go_to(9, "14:00")
    renewal = LeaveNo(day.values(day.renew(no, "S105", moment(9, "17:30")))["no"])
    for actor in ("S101", "S002", "S001"):
        day.approve(renewal, actor)
    assert day.told(f.LeaveApproved)[-1] == f.LeaveApproved(leave=renewal, retroactive=True)
    assert day.leave(no).state is f.LeaveState.RENEWED
    assert day.asked(TaskKind.LEAVE_OVERDUE) == []
    day.go_to(10, "12:00")
    assert [one.leave for one in day.told(f.LeaveOverdue)] == [no, renewal]


def test_a_renewal_given_up_leaves_the_old_end() -> None:
    """The leave it went on from is the last one again; and only what is still running can be renewed."""
    day = LeaveDay(day=date(2026, 3, 2), clock="07:00")
    no = day.grant("S105", moment(2, "09:00"), moment(3, "17:30"), "S101", "S002")
    renewal = LeaveNo(day.values(day.renew(no, "S105", moment(4, "17:30")))["no"])
    day.approve(renewal, "S101", "S002")
    assert refusal(day.renew(no, "S105", moment(5, "17:30"))) is Refusal.LEAVE_STATE
    assert refusal(day.withdraw(no, "S105")) is Refusal.LEAVE_STATE
    day.withdraw(renewal, "S105")
    assert day.leave(no).state is f.LeaveState.APPROVED
    assert "reason" in detail(day.renew(no, "S105", moment(4, "17:30"), reason="  "))
    day.go_to(4, "08:50")
    day.punch("S105")
    assert refusal(day.renew(no, "S105", moment(4, "17:30"))) is Refusal.LEAVE_STATE


def test_leave_approved_after_its_end_is_watched_from_then_on(day: LeaveDay) -> None:
    """补假 of somebody who is here since does not make them overdue; the next half without them would."""
    day.go_to(10, "13:20")
    day.punch("S105")
    no = day.grant("S105", moment(10, "09:00"), moment(10, "12:00"), "S101", kind="sick")
    day.go_to(10, "17:00")
    assert day.told(f.LeaveOverdue) == []
    day.go_to(10, "17:29")
    day.punch("S105")
    assert day.leave(no).state is f.LeaveState.RETURNED
