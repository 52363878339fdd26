"""ATT-3.2, ATT-4, ATT-5: leave from the request to the return."""

from datetime import date, timedelta

import pytest

from broker.rules import facts as f
from contracts import messages as m
from contracts.values import HallTime, Refusal, StaffNo, TaskKind
from sim.leave_day import LeaveDay, detail, moment
from sim.rules_day import TUESDAY, hall_text, refusal

DEMO = hall_text("demo-hall")


@pytest.fixture
def day() -> LeaveDay:
    """The demo hall at eight."""
    return LeaveDay()


def test_levels_by_length(day: LeaveDay) -> None:
    """ATT-5.1: up to 1 day the chief, up to 3 days the duty leader too, more the manager too; half days count half."""
    every = ("chief_rep", "duty_leader", "manager")
    spans = [
        (moment(11, "13:30"), moment(11, "17:30"), 1, 1),
        (moment(12, "09:00"), moment(12, "17:30"), 2, 1),
        (moment(16, "09:00"), moment(17, "12:00"), 3, 2),
        (moment(18, "13:30"), moment(23, "12:00"), 6, 2),
        (moment(24, "09:00"), moment(27, "10:00"), 7, 3),
    ]
    for begins, ends, half_days, levels in spans:
        one = day.leave(day.request_leave("S113", begins, ends))
        assert (one.half_days, one.levels) == (half_days, every[:levels])


def test_numbers_are_of_the_day_of_entry(day: LeaveDay) -> None:
    """QJ-20260310-001, -002; the next day begins anew, and yesterday's are still known."""
    first = day.request_leave("S113", moment(12, "09:00"), moment(12, "12:00"))
    second = day.request_leave("S115", moment(12, "09:00"), moment(12, "12:00"))
    day.go_to(11, "08:00")
    third = day.request_leave("S110", moment(12, "09:00"), moment(12, "12:00"))
    assert (first, second, third) == ("QJ-20260310-001", "QJ-20260310-002", "QJ-20260311-001")
    assert set(day.hall.leave.all) == {first, second, third}


def test_approved_leave_is_an_absence_once_all_levels_have_signed(day: LeaveDay) -> None:
    """ATT-5.1: approved 03-09 17:00 for 03-10 AM; not before the last level."""
    one = LeaveDay(day=date(2026, 3, 9), clock="16:00")
    no = one.request_leave("S113", moment(10, "09:00"), moment(11, "17:30"))
    one.approve(no, "S112")
    assert one.away_times("S113") == []
    one.advance(moment(9, "17:00"))
    one.approve(no, "S002")
    assert one.away_times("S113") == [(moment(10, "09:00"), moment(11, "17:30"))]
    (entered,) = one.told(f.AbsenceEntered)
    assert (entered.absence.ref, entered.absence.kind, entered.actor) == (no, "annual", "S002")
    assert one.told(f.LeaveApproved) == [f.LeaveApproved(leave=no, retroactive=False)]
    assert [(each.level, each.actor) for each in one.leave(no).signatures] == [
        ("chief_rep", "S112"),
        ("duty_leader", "S002"),
    ]


def test_levels_sign_in_order_and_only_who_holds_them(day: LeaveDay) -> None:
    """ATT-5.1, CREP-4.0: the duty leader cannot go before the chief; nobody signs for themselves; a clerk holds no level."""
    no = day.request_leave("S113", moment(12, "09:00"), moment(13, "17:30"))
    assert refusal(day.try_approve(no, "S002")) is Refusal.NOT_PERMITTED
    assert refusal(day.try_approve(no, "S113")) is Refusal.OWN_CASE
    assert refusal(day.try_approve(no, "S115")) is Refusal.NOT_PERMITTED
    assert refusal(day.try_approve(no, "S999")) is Refusal.UNKNOWN_STAFF
    day.approve(no, "S112", "S002")
    assert refusal(day.try_approve(no, "S001")) is Refusal.LEAVE_STATE


def test_an_own_request_goes_to_the_duty_leader(day: LeaveDay) -> None:
    """CREP-4.0: S112 is the chief of the police's counter; one day of his takes the duty leader."""
    no = day.request_leave("S112", moment(12, "09:00"), moment(12, "17:30"))
    assert day.leave(no).levels == ("duty_leader",)
    assert refusal(day.try_approve(no, "S112")) is Refusal.OWN_CASE
    day.approve(no, "S002")
    assert day.leave(no).state is f.LeaveState.APPROVED


def test_an_expired_letter_signs_nothing() -> None:
    """CREP-3: the chief's letter has ended, so the duty leader holds the level; the refusal says why."""
    ended = 'chief = "S112", letter = { no = "SQ-1", from = 2026-01-01, to = 2026-03-09 }'
    day = LeaveDay(DEMO.replace('chief = "S112"', ended))
    no = day.request_leave("S113", moment(12, "09:00"), moment(12, "17:30"))
    refused = day.try_approve(no, "S112")
    assert refusal(refused) is Refusal.NOT_PERMITTED
    assert "letter" in detail(refused)
    day.approve(no, "S002")


def test_the_person_or_somebody_for_them_asks(day: LeaveDay) -> None:
    """ATT-5.1: the person, their chief, guide and leaders; the actor is on record. A colleague may not."""
    for n, actor in enumerate(("S113", "S112", "S004", "S002", "S001")):
        no = day.request_leave("S113", moment(11 + n, "09:00"), moment(11 + n, "10:00"), actor=actor) if n < 3 else None
        if no is not None:
            assert day.leave(no).actor == actor
    assert refusal(day.try_leave("S113", moment(18, "09:00"), moment(18, "12:00"), actor="S101")) is Refusal.NOT_PERMITTED
    assert refusal(day.try_leave("S999", moment(18, "09:00"), moment(18, "12:00"))) is Refusal.UNKNOWN_STAFF


def test_a_rejected_leave_excuses_nothing(day: LeaveDay) -> None:
    """ATT-8.3.3a: the next level says no, with a reason that stands in no fact."""
    no = day.request_leave("S113", moment(12, "09:00"), moment(12, "17:30"))
    reject = {"leave": no, "actor": "S112"}
    assert refusal(day.ask("OPS-01", m.LeaveRejectRequested, reason=" ", **reject)) is Refusal.REASON_MISSING
    day.do("OPS-01", m.LeaveRejectRequested, reason="人手不足", **reject)
    assert (day.leave(no).state, day.away_times("S113")) == (f.LeaveState.REJECTED, [])
    assert refusal(day.try_approve(no, "S112")) is Refusal.LEAVE_STATE
    assert "人手不足" not in repr(day.facts)
    assert "回老家" not in repr(day.facts)


def test_first_punch_after_the_leave_is_the_return(day: LeaveDay) -> None:
    """ATT-3.2: leave ends 03-09; punch 03-10 08:58 -> leave.returned; the person confirms it."""
    one = LeaveDay(day=date(2026, 3, 6), clock="08:00")
    no = one.grant("S105", moment(9, "09:00"), moment(9, "17:30"), "S101", kind="sick")
    one.go_to(9, "10:00")
    one.punch("S105")
    assert one.leave(no).state is f.LeaveState.APPROVED, "a punch in the leave ends nothing"
    one.go_to(10, "08:58")
    one.punch("S105")
    assert one.told(f.LeaveReturned) == [f.LeaveReturned(leave=no, by="punch", returned_at=one.now)]
    assert not one.leave(no).is_confirmed
    one.come_back(no, "S105")
    one.come_back(no, "S105")
    assert one.told(f.LeaveReturnConfirmed) == [f.LeaveReturnConfirmed(leave=no, actor=StaffNo("S105"))]
    one.punch("S105")
    assert len(one.told(f.LeaveReturned)) == 1


def test_a_login_at_the_counter_is_the_return_too(day: LeaveDay) -> None:
    """ATT-3.2: S105 sits down at W04 on the afternoon after a morning's leave."""
    one = LeaveDay(day=date(2026, 3, 9))
    no = one.grant("S105", moment(10, "09:00"), moment(10, "12:00"), "S101")
    one.date = TUESDAY
    one.go_to(10, "11:00")
    assert refusal(one.try_login("W04", "S105")) is Refusal.ON_LEAVE
    one.go_to(10, "13:20")
    one.login("W04", "S105")
    assert [each.by for each in one.told(f.LeaveReturned)] == ["login"]
    assert one.leave(no).state is f.LeaveState.RETURNED


def test_back_early_ends_the_absence(day: LeaveDay) -> None:
    """销假 before the end: from then on the person is here, may log in, and is expected."""
    no = day.grant("S105", moment(10, "09:00"), moment(13, "17:30"), "S101", "S002", "S001")
    day.go_to(11, "13:10")
    assert refusal(day.come_back(no, "S116")) is Refusal.NOT_PERMITTED
    assert refusal(day.come_back(no, "S105")) is None
    assert day.away_times("S105") == []
    assert (day.leave(no).ends, day.leave(no).half_days) == (day.now, 3)
    day.login("W04", "S105")


def test_withdrawn_before_it_begins_it_never_was(day: LeaveDay) -> None:
    """All of it, by the person; afterwards the same time may be asked for again."""
    no = day.grant("S105", moment(12, "09:00"), moment(12, "17:30"), "S101")
    assert refusal(day.withdraw(no, "S105")) is None
    assert (day.away_times("S105"), day.leave(no).state) == ([], f.LeaveState.WITHDRAWN)
    assert [each.why for each in day.told(f.AbsenceEnded)] == ["withdrawn"]
    day.request_leave("S105", moment(12, "09:00"), moment(12, "17:30"))
    assert refusal(day.withdraw(no, "S105")) is Refusal.LEAVE_STATE


def test_the_rest_of_it_is_given_up(day: LeaveDay) -> None:
    """From a named time, or from now on; what has excused already only the manager takes back."""
    no = day.grant("S105", moment(10, "09:00"), moment(13, "17:30"), "S101", "S002", "S001")
    assert refusal(day.withdraw(no, "S105", moment(13, "17:30"))) is Refusal.BAD_VALUE
    assert refusal(day.withdraw(no, "S105", moment(12, "17:30"))) is None
    assert day.away_times("S105") == [(moment(10, "09:00"), moment(12, "17:30"))]
    day.go_to(11, "10:00")
    assert refusal(day.withdraw(no, "S105", moment(10, "17:30"))) is Refusal.OWN_CASE
    assert refusal(day.withdraw(no, "S105")) is None
    assert day.away_times("S105") == [(moment(10, "09:00"), day.now)]
    day.punch("S105")
    assert day.leave(no).state is f.LeaveState.RETURNED
    assert refusal(day.withdraw(no, "S002")) is Refusal.NOT_PERMITTED
    assert refusal(day.withdraw(no, "S001")) is None
    assert day.away_times("S105") == []


def test_leave_stands_in_one_place_only(day: LeaveDay) -> None:
    """What came from the ledger is given up in the ledger, not by ``absence withdraw``."""
    day.grant("S105", moment(10, "09:00"), moment(10, "17:30"), "S101")
    fields = {"begins": moment(10, "09:00"), "ends": moment(10, "17:30"), "kind": "annual", "withdraw": True}
    assert refusal(day.ask("OPS-01", m.AbsenceEntryRequested, actor="S002", staff="S105", **fields)) is Refusal.BAD_VALUE


def test_papers_take_the_place_of_what_a_leader_entered(day: LeaveDay) -> None:
    """A leader enters S105 as sick by telephone; the leave comes after it, and the person is away once."""
    whole = (moment(10, "09:00"), moment(10, "17:30"))
    day.try_away("S105", "09:00", "17:30", "sick")
    no = day.grant("S105", *whole, "S101", kind="sick")
    assert day.away_times("S105") == [whole]
    assert [one.ref for one in day.hall.posts.absences] == [no]


def test_the_paper_slip_does_not_block_and_is_filed_by_another(day: LeaveDay) -> None:
    """ATT-5.1: approved without it; the person hands it in, the chief files it, once."""
    no = day.grant("S113", moment(12, "09:00"), moment(12, "17:30"), "S112")
    assert not day.leave(no).paper_slip_filed
    assert refusal(day.ask("OPS-01", m.LeavePaperRequested, leave=no, actor="S113")) is Refusal.OWN_CASE
    day.do("OPS-01", m.LeavePaperRequested, leave=no, actor="S112")
    day.do("OPS-01", m.LeavePaperRequested, leave=no, actor="S112")
    assert len(day.told(f.LeavePaperFiled)) == 1
    assert day.leave(no).paper_slip_filed


def test_the_reason_is_shown_to_who_decides(day: LeaveDay) -> None:
    """A reference to the node that asked alone; a colleague is refused; who looked is on record."""
    no = day.request_leave("S113", moment(12, "09:00"), moment(12, "17:30"))
    assert refusal(day.ask("OPS-01", m.LeaveReasonRequested, leave=no, actor="S101")) is Refusal.NOT_PERMITTED
    for actor in ("S113", "S112", "S002"):
        answer = day.do("OPS-01", m.LeaveReasonRequested, leave=no, actor=actor).answers[0][1]
        assert isinstance(answer, m.LeaveReasonShown)
        assert answer.reason == day.leave(no).reason
        assert answer.reason.startswith("~")
    assert [one.actor for one in day.told(f.LeaveReasonSeen)] == ["S113", "S112", "S002"]


def test_the_night_carries_what_can_still_change(day: LeaveDay) -> None:
    """DayBegan carries leaves until leave_kept_days after their end; a fold of the new day alone is the whole hall."""
    no = day.grant("S105", moment(10, "09:00"), moment(11, "12:00"), "S101", "S002")
    day.go_to(12, "08:00")
    begins = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan))
    assert day.folded([day.facts[0], *day.facts[begins:]]) == day.hall == day.folded()
    day.advance(HallTime(moment(11, "12:00") + 62 * 24 * 3_600_000))
    assert no in day.hall.leave.all
    day.advance(HallTime(day.hall.today.over))
    assert no not in day.hall.leave.all
    assert day.hall.today.date - date(2026, 3, 11) == timedelta(days=63)


def test_deciding_is_asked_of_the_next_level_each_day(day: LeaveDay) -> None:
    """While the hall is open the holder of the next level is asked; the night ends it, the morning asks again."""
    no = day.request_leave("S113", moment(12, "09:00"), moment(13, "17:30"))
    assert day.asked(TaskKind.LEAVE_DECIDE) == []
    day.at("09:00")
    (task,) = day.asked(TaskKind.LEAVE_DECIDE)
    assert (task.ladder[0].staff, task.values["name"]) == (("S112",), "邓琳")
    assert refusal(day.ask("OPS-01", m.TaskCloseRequested, actor="S112", task=task.id)) is Refusal.NOT_PERMITTED
    day.approve(no, "S112")
    (task,) = day.asked(TaskKind.LEAVE_DECIDE)
    assert task.ladder[0].staff == ("S002",)
    day.go_to(11, "08:00")
    assert day.asked(TaskKind.LEAVE_DECIDE) == []
    day.go_to(11, "09:00")
    assert [each.ladder[0].staff for each in day.asked(TaskKind.LEAVE_DECIDE)] == [("S002",)]
    day.approve(no, "S002")
    assert day.asked(TaskKind.LEAVE_DECIDE) == []
