"""Gone and back: what punches, logins, leaders and time make of an approved outing (ATT-6.2, ATT-6.3, HALL-11.2)."""

from datetime import date, timedelta
from typing import Any

import pytest

from broker.rules import facts as f
from broker.rules.facts import OutingState, ReturnSource
from contracts import messages as m
from contracts.values import CoverMode, HallTime, NodeName, PunchIntent, Refusal, StaffNo, TaskKind
from sim.outing_day import OutingDay
from sim.rules_day import TUESDAY, refusal

WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture
def day() -> OutingDay:
    """The demo hall at eight."""
    return OutingDay()


def counted(day: OutingDay, kind: type[f.Fact]) -> int:
    """How often it was stored."""
    return len(day.told(kind))


def test_the_example_of_the_rule_book(day: OutingDay) -> None:
    """ATT-6.2: planned 16:00, 返岗 16:20: the ledger says 16:20 by a punch, 20 minutes over; the excuse stays at 16:00."""
    no = day.approved("S101", "14:00", "16:00")
    day.at("14:00")
    day.punch("S101", PunchIntent.OUTING)
    assert (day.entry(no).state, day.entry(no).left_at) == (OutingState.OUT, day.time("14:00"))
    day.at("16:20:40")
    day.punch("S101", PunchIntent.RETURN)
    entry = day.entry(no)
    assert (entry.state, entry.source, entry.over) == (OutingState.RETURNED, ReturnSource.PUNCH, 20)
    assert entry.returned_at == day.time("16:20:40")
    assert day.excused("S101") == [("14:00", "16:00")], "what is over is not made longer"
    assert counted(day, f.AbsenceEnded) == 0


def test_an_early_return_ends_the_excuse(day: OutingDay) -> None:
    """Back at 15:10 by any clock: from then on nothing is excused, and nobody is reminded."""
    no = day.approved("S101", "14:00", "16:00")
    day.at("15:10")
    day.punch("S101", PunchIntent.RETURN)
    assert (day.entry(no).over, day.entry(no).state) == (0, OutingState.RETURNED)
    (ended,) = day.told(f.AbsenceEnded)
    assert isinstance(ended, f.AbsenceEnded)
    assert (ended.why, ended.until, ended.absence.ref) == ("punch", day.time("15:10"), no)
    assert day.excused("S101") == []
    day.until("18:00")
    assert counted(day, f.OutingOverdue) == 0


def test_a_login_is_a_return(day: OutingDay) -> None:
    """ATT-6.2: source=login, in time or late, once; also while somebody else still serves there (AB-4.4)."""
    no = day.approved("S101", "14:00", "16:00")
    day.at("15:00")
    day.login("W02", "S101")
    assert (day.entry(no).source, day.entry(no).returned_at) == (ReturnSource.LOGIN, day.time("15:00"))
    assert [getattr(one, "why", "") for one in day.told(f.AbsenceEnded)] == ["login"]
    no = day.approved("S102", "15:30", "16:00")
    day.at("16:07")
    day.login("W03", "S102")
    assert (day.entry(no).over, day.entry(no).source) == (7, ReturnSource.LOGIN)
    assert counted(day, f.AbsenceEnded) == 1


def test_back_while_the_b_serves(day: OutingDay) -> None:
    """AB-4.4: the card waits for the ticket on the desk, the ledger does not; a second try is no second return."""
    day.at("09:00")
    day.login("W03", "S102")
    no = day.approved("S101", "14:00", "16:00")
    day.at("14:01")
    day.cover("W03", "W02", mode=CoverMode.TAKEOVER)
    day.login("W02", "S102")
    day.take("A")
    day.call("W02")
    day.start("W02")
    day.at("16:20")
    day.login("W02", "S101")
    assert (day.entry(no).over, day.entry(no).source) == (20, ReturnSource.LOGIN)
    day.try_login("W02", "S101")
    assert counted(day, f.OutingReturned) == 1


def test_changing_the_counter_is_no_return(day: OutingDay) -> None:
    """Whoever has not left yet is not back: it ends with the first login after being nowhere."""
    day.at("13:30")
    day.login("W03", "S102")
    day.pause("W03")
    no = day.approved("S102", "14:00", "16:00")
    day.at("14:05")
    day.login("W03", "S102")
    assert "S102" not in day.hall.sits_at
    assert day.entry(no).state is OutingState.PLANNED
    day.at("14:30")
    day.login("W03", "S102")
    assert day.entry(no).state is OutingState.RETURNED


def test_nobody_back_is_reminded_and_then_unclosed(day: OutingDay) -> None:
    """Planned 16:00: 16:15 reminds person and approver, 17:30 (end of the half) is ``outing.unclosed``; each once."""
    no = day.approved("S101", "14:00", "16:00")
    day.until("16:14")
    assert day.asked(TaskKind.OUTING_RETURN) == []
    day.until("16:15")
    (task,) = day.asked(TaskKind.OUTING_RETURN)
    assert task.ladder == (f.Rung(after=0, staff=(StaffNo("S101"), StaffNo("S002"))),)
    assert task.values == {"no": no, "name": "张敏", "time": "16:00"}
    assert refusal(day.ask("OPS-01", m.TaskCloseRequested, actor="S002", task=task.id)) is Refusal.NOT_PERMITTED
    day.until("17:29")
    assert day.entry(no).state is OutingState.OVERDUE
    day.until("17:30")
    assert day.entry(no).state is OutingState.UNCLOSED
    day.until("23:59")
    assert (counted(day, f.OutingOverdue), counted(day, f.OutingUnclosed)) == (1, 1)


def test_the_reminder_ends_with_the_return(day: OutingDay) -> None:
    """Also with one that a leader enters, which is over for the clock too."""
    day.approved("S101", "14:00", "16:00")
    day.until("16:16")
    day.punch("S101", PunchIntent.RETURN)
    assert day.asked(TaskKind.OUTING_RETURN) == []


def test_in_an_emergency_nobody_is_to_come_back(day: OutingDay) -> None:
    """HALL-8.2: every timer stops; it goes on afterwards."""
    day.approved("S101", "14:00", "16:00")
    day.until("16:00")
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    day.until("18:00")
    assert counted(day, f.OutingOverdue) == 0
    day.record(f.EmergencyEnded(actor=StaffNo("S002")))
    day.let_time_pass()
    assert (counted(day, f.OutingOverdue), counted(day, f.OutingUnclosed)) == (1, 1)


def test_a_return_the_next_day_closes_the_entry(day: OutingDay) -> None:
    """The entry spans days; excused is only up to the planned return. Any punch of the next morning tells it."""
    no = day.approved("S101", "14:00", "16:00")
    day.until("17:31")
    day.punch("S101", PunchIntent.NONE)
    assert day.entry(no).state is OutingState.UNCLOSED, "leaving for the day tells no return"
    day.until("08:58", WEDNESDAY)
    day.punch("S101", PunchIntent.IN)
    entry = day.entry(no)
    assert (entry.state, entry.over) == (OutingState.RETURNED, 16 * 60 + 58)
    assert counted(day, f.AbsenceEnded) == 0


def test_out_until_the_end_of_the_half_owes_no_return_that_day(day: OutingDay) -> None:
    """ATT-6.3, AT19: until 17:30 no punch is needed; the person is awaited at nine, and the morning punch closes it."""
    no = day.approved("S101", "14:00", "17:30")
    day.until("09:14", WEDNESDAY)
    assert (day.entry(no).state, counted(day, f.OutingOverdue)) == (OutingState.PLANNED, 0)
    day.punch("S101")
    assert (day.entry(no).state, day.entry(no).over) == (OutingState.RETURNED, 14)


def test_out_until_noon_is_awaited_in_the_afternoon(day: OutingDay) -> None:
    """Planned 12:00: the coming punch from the middle of the break on closes it; 12:05 is still the morning."""
    no = day.approved("S101", "10:00", "12:00")
    day.until("12:05")
    day.punch("S101")
    assert day.entry(no).state is OutingState.PLANNED
    day.until("13:25")
    day.punch("S101")
    assert (day.entry(no).state, day.entry(no).over) == (OutingState.RETURNED, 0)
    no = day.approved("S102", "13:30", "13:35")
    day.until("13:51")
    assert day.entry(no).state is OutingState.OVERDUE


def test_a_trip_of_several_days_needs_no_punch(day: OutingDay) -> None:
    """ATT-6.3: from Tuesday to Thursday evening; reminded on Friday at 09:15, unclosed at noon."""
    friday = date(2026, 3, 13)
    ends = day.instant("17:30", date(2026, 3, 12))
    no = day.plan("S101", "09:00", "12:00", kind="trip", ends=ends)
    day.approve(no)
    day.until("12:00", date(2026, 3, 11))
    assert len(day.hall.posts.absences) == 1
    day.until("09:14", friday)
    assert day.entry(no).state is OutingState.PLANNED
    day.until("09:15", friday)
    assert day.entry(no).state is OutingState.OVERDUE
    day.until("12:00", friday)
    assert day.entry(no).state is OutingState.UNCLOSED


def test_over_a_weekend_the_next_working_half_counts() -> None:
    """Friday 17:30 is answered on Monday."""
    day = OutingDay(day=date(2026, 3, 13))
    no = day.approved("S101", "14:00", "17:30")
    day.until("09:14", date(2026, 3, 16))
    assert day.entry(no).state is OutingState.PLANNED
    day.until("09:15", date(2026, 3, 16))
    assert day.entry(no).state is OutingState.OVERDUE


def test_without_approval_the_punch_is_stored_and_told(day: OutingDay) -> None:
    """HALL-11.2: event outing.unapproved, once for a card shown twice; the punch stands in any case."""
    day.at("10:00")
    day.punch("S101", PunchIntent.OUTING)
    day.punch("S101", PunchIntent.OUTING)
    (told,) = day.told(f.OutingUnapproved)
    assert told == f.OutingUnapproved(staff=StaffNo("S101"), at=day.time("10:00"), clock=NodeName("CLK-01"))
    assert counted(day, f.PunchStored) == 2
    day.plan("S102", "10:00", "11:00")
    day.punch("S102", PunchIntent.OUTING)
    assert counted(day, f.OutingUnapproved) == 2, "an entry nobody has approved is none"
    day.away("S103", "10:00", "11:00", "meeting")
    day.punch("S103", PunchIntent.OUTING)
    assert counted(day, f.OutingUnapproved) == 2, "a leader has entered it without the ledger"


def test_whoever_left_first_and_asked_then_stands_so_in_the_ledger(day: OutingDay) -> None:
    """The punch becomes the entry's, with its time before the approval; what was before is not excused."""
    day.at("13:58")
    no = day.plan("S101", "14:00", "16:00")
    day.punch("S101", PunchIntent.OUTING)
    assert counted(day, f.OutingUnapproved) == 1
    day.at("14:05")
    day.approve(no)
    entry = day.entry(no)
    assert (entry.left_at, entry.state) == (day.time("13:58"), OutingState.OUT)
    assert entry.approved_at is not None
    assert entry.left_at is not None
    assert entry.left_at < entry.approved_at
    assert day.excused("S101") == [("14:05", "16:00")]


@pytest.mark.parametrize(
    ("clock", "belongs"), [("13:29", False), ("13:30", True), ("15:59", True), ("16:00", False), ("17:00", False)]
)
def test_which_punches_begin_an_outing(day: OutingDay, clock: str, belongs: bool) -> None:
    """From half an hour before the plan up to its end, as the clock itself tells (clk.outing.ok, clk.outing.none)."""
    no = day.approved("S101", "14:00", "16:00")
    day.at(clock)
    day.punch("S101", PunchIntent.OUTING)
    assert (day.entry(no).left_at is not None) is belongs
    assert (counted(day, f.OutingUnapproved) == 0) is belongs


def test_a_second_punch_of_somebody_who_is_out_changes_nothing(day: OutingDay) -> None:
    """The first one counts."""
    no = day.approved("S101", "14:00", "16:00")
    for clock in ("14:00", "14:30"):
        day.at(clock)
        day.punch("S101", PunchIntent.OUTING)
    assert day.entry(no).left_at == day.time("14:00")
    assert (counted(day, f.OutingLeft), counted(day, f.OutingUnapproved)) == (1, 0)


def test_what_a_cut_off_clock_tells_later_counts_for_when_it_was(day: OutingDay) -> None:
    """Out at 13:58 and back at 15:40, both heard of at 17:00, after a login at 16:20: the earlier return counts."""
    no = day.approved("S101", "14:00", "16:00")
    day.at("16:20")
    day.login("W02", "S101")
    day.at("17:00")
    day.punch("S101", PunchIntent.OUTING, ago=182)
    day.punch("S101", PunchIntent.RETURN, ago=80)
    entry = day.entry(no)
    assert (entry.left_at, entry.returned_at, entry.over) == (day.time("13:58"), day.time("15:40"), 0)
    assert (entry.state, counted(day, f.OutingUnapproved)) == (OutingState.RETURNED, 0)
    (ended,) = day.told(f.AbsenceEnded)
    assert isinstance(ended, f.AbsenceEnded)
    assert ended.until == day.time("15:40")
    day.punch("S101", PunchIntent.RETURN)
    assert day.entry(no).returned_at == day.time("15:40"), "a later one is no correction"


def test_extended_before_the_planned_return(day: OutingDay) -> None:
    """Until 16:30: excused, awaited and reminded by the new time; nothing is over at 16:20."""
    no = day.approved("S101", "14:00", "16:00")
    day.at("15:50")
    assert refusal(day.tell(m.OutingExtendRequested, no, ends=day.time("16:30"), reason="会议延长")) is None
    assert refusal(day.tell(m.OutingExtendRequested, no, ends=day.time("16:30"), reason="会议延长")) is None, "asked again"
    assert counted(day, f.OutingExtended) == 1
    assert day.excused("S101") == [("14:00", "16:30")]
    day.until("16:20")
    assert counted(day, f.OutingOverdue) == 0
    day.punch("S101", PunchIntent.RETURN)
    assert day.entry(no).over == 0
    assert (day.entry(no).planned, day.entry(no).ends) == (day.time("16:00"), day.time("16:30"))


def test_extended_while_overdue_it_is_awaited_anew(day: OutingDay) -> None:
    """The reminder ends, and comes again for the new time."""
    no = day.approved("S101", "14:00", "16:00")
    day.until("16:20")
    day.tell(m.OutingExtendRequested, no, ends=day.time("17:00"), reason="会议延长")
    assert (day.entry(no).state, day.asked(TaskKind.OUTING_RETURN)) == (OutingState.PLANNED, [])
    day.until("17:15")
    assert (day.entry(no).state, len(day.asked(TaskKind.OUTING_RETURN))) == (OutingState.OVERDUE, 1)


def test_extended_after_the_return_what_was_over_is_approved(day: OutingDay) -> None:
    """ATT-6.2: back 16:20, extended to 16:15 leaves 5 minutes, to 16:30 none; excused is no longer than they were out."""
    no = day.approved("S101", "14:00", "16:00")
    day.at("16:20")
    day.punch("S101", PunchIntent.RETURN)
    day.at("17:00")
    assert refusal(day.tell(m.OutingExtendRequested, no, ends=day.time("16:15"), reason="会议延长")) is None
    assert (day.entry(no).over, day.excused("S101")) == (5, [("14:00", "16:15")])
    assert refusal(day.tell(m.OutingExtendRequested, no, ends=day.time("16:30"), reason="会议延长")) is None
    assert (day.entry(no).over, day.excused("S101")) == (0, [("14:00", "16:20")])
    assert day.entry(no).state is OutingState.RETURNED
    assert refusal(day.tell(m.OutingExtendRequested, no, ends=day.time("17:00"), reason="x")) is Refusal.OUTING_STATE


def test_extended_the_next_day(day: OutingDay) -> None:
    """The night has let the absence go; it is entered whole again, so that the sheet excuses what was approved."""
    no = day.approved("S101", "14:00", "16:00")
    day.until("16:20")
    day.punch("S101", PunchIntent.RETURN)
    day.until("10:00", WEDNESDAY)
    assert refusal(day.tell(m.OutingExtendRequested, no, ends=day.instant("16:30"), reason="会议延长")) is None
    entered = [one for one in day.told(f.AbsenceEntered) if isinstance(one, f.AbsenceEntered)]
    assert entered[-1].absence.ends == day.instant("16:20")


@pytest.mark.parametrize(
    ("actor", "fields", "why"),
    [
        ("S101", {}, Refusal.OWN_CASE),
        ("S103", {}, Refusal.NOT_THE_APPROVER),
        ("S002", {"reason": ""}, Refusal.REASON_MISSING),
        ("S002", {"ends": "16:00"}, Refusal.TIME_REVERSED),
        ("S002", {"ends": "17:01"}, Refusal.ALREADY_AWAY),
    ],
)
def test_an_extension_that_cannot_be(day: OutingDay, actor: str, fields: dict[str, str], why: Refusal) -> None:
    """By nobody entitled, without a reason, not longer at all, into another outing."""
    no = day.approved("S101", "14:00", "16:00")
    day.approved("S101", "17:00", "17:30")
    asked = {"ends": "16:30", "reason": "会议延长", **fields}
    decision = day.tell(m.OutingExtendRequested, no, actor, ends=day.time(asked["ends"]), reason=asked["reason"])
    assert (refusal(decision), decision.facts) == (why, ())


def test_an_extension_into_a_gap_takes_a_manager(day: OutingDay) -> None:
    """ATT-7: S102 goes at 16:00; S101 may not stay out longer unless S001 says so."""
    no = day.approved("S101", "14:00", "16:00")
    day.approved("S102", "16:00", "17:00")
    ask: dict[str, Any] = {"ends": day.time("16:30"), "reason": "会议延长"}
    assert refusal(day.tell(m.OutingExtendRequested, no, **ask)) is Refusal.AB_BOTH_AWAY
    assert refusal(day.tell(m.OutingExtendRequested, no, "S001", **ask)) is None


def test_a_leader_enters_a_return(day: OutingDay) -> None:
    """Nobody punched: S002 enters 16:05, which closes the entry and corrects what a later login told; not the future."""
    no = day.approved("S101", "14:00", "16:00")
    day.at("14:00")
    day.punch("S101", PunchIntent.OUTING)
    day.until("18:00")
    ask = m.OutingReturnRequested
    assert refusal(day.tell(ask, no, "S101", at=day.time("16:05"))) is Refusal.OWN_CASE
    assert refusal(day.tell(ask, no, at=HallTime(day.now + 1))) is Refusal.BAD_VALUE
    assert refusal(day.tell(ask, no, at=day.time("14:00"))) is Refusal.TIME_REVERSED
    assert refusal(day.tell(ask, no, at=day.time("16:05"))) is None
    assert refusal(day.tell(ask, no, at=day.time("16:05"))) is None, "asked again"
    entry = day.entry(no)
    assert (entry.source, entry.over, entry.state) == (ReturnSource.ENTRY, 5, OutingState.RETURNED)
    assert refusal(day.tell(ask, no, at=day.time("17:00"))) is Refusal.OUTING_STATE
    assert refusal(day.tell(ask, no, at=day.time("15:30"))) is None
    assert refusal(day.tell(m.OutingWithdrawRequested, no)) is Refusal.OUTING_STATE


def test_other_punches_tell_nothing(day: OutingDay) -> None:
    """Of nobody, of somebody who is not out, of another kind; a clock's card that nobody knows is stored all the same."""
    no = day.approved("S101", "14:00", "16:00")
    day.at("15:00")
    day.punch("S101", PunchIntent.NONE)
    day.punch("S101", PunchIntent.OUT)
    day.punch("S101", PunchIntent.TRAIN)
    day.punch("S102", PunchIntent.RETURN)
    day.punch("S101", PunchIntent.IN)
    assert day.entry(no).state is OutingState.PLANNED
    assert counted(day, f.OutingReturned) == 0


def test_the_ledger_forgets_what_can_no_longer_change(day: OutingDay) -> None:
    """DayBegan carries what is open for a month and what is back for a week: bounded, however long the hall runs."""
    back = day.approved("S101", "09:00", "10:00")
    day.at("10:00")
    day.punch("S101", PunchIntent.RETURN)
    never = day.approved("S102", "14:00", "16:00")
    day.plan("S103", "14:00", "16:00")
    day.until("08:00", WEDNESDAY)
    assert set(day.hall.outings.entries) == {back, never}
    day.until("08:00", TUESDAY + timedelta(days=8))
    assert set(day.hall.outings.entries) == {never}
    day.until("08:00", TUESDAY + timedelta(days=32))
    assert set(day.hall.outings.entries) == set()
