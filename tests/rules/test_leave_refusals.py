"""ATT-7, ATT-5.1 and bad input: what may not be had, the sentence that says so, and what always holds."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from broker.rules import facts as f
from broker.rules.invariants import check_fully
from broker.rules.leave.state import STANDS
from contracts import messages as m
from contracts.values import HallTime, LeaveNo, Refusal
from sim.leave_day import LeaveDay, detail, moment
from sim.rules_day import hall_text, refusal

MORNING = (moment(12, "09:00"), moment(12, "12:00"))


@pytest.fixture
def day() -> LeaveDay:
    """The demo hall at eight on Tuesday 03-10."""
    return LeaveDay()


# --- ATT-7 ----------------------------------------------------------------------------------------------------------------


def test_both_people_of_a_post_cannot_go(day: LeaveDay) -> None:
    """ATT-7: S101 and S102 both ask for 03-12 AM; the second is refused, the gap is named, a manager may override."""
    day.grant("S101", *MORNING, "S002")
    asked = day.try_leave("S102", *MORNING)
    assert "P03 2026-03-12 09:00-2026-03-12 12:00" in day.values(asked)["gap"], "told when asked for"
    no = LeaveNo(day.values(asked)["no"])
    refused = day.try_approve(no, "S101")
    assert refusal(refused) is Refusal.AB_BOTH_AWAY
    assert "P02 2026-03-12 09:00-2026-03-12 12:00" in detail(refused)
    assert refusal(day.try_approve(no, "S101", override="没关系")) is Refusal.NOT_PERMITTED
    assert refusal(day.try_approve(no, "S001", override="  ")) is Refusal.NOT_PERMITTED
    assert refusal(day.try_approve(no, "S001", override="并岗办理")) is None
    (allowed,) = day.told(f.LeaveGapAllowed)
    assert ({"P02", "P03"} <= set(allowed.gaps), allowed.actor, allowed.reason[:1]) == (True, "S001", "~")
    assert "并岗办理" not in repr(day.facts)
    assert day.away_times("S102") == [], "the manager allows the gap; the level still signs for itself"
    day.approve(no, "S101")
    assert day.away_times("S102") == [MORNING]


def test_a_manager_whose_turn_it_is_overrides_and_signs_at_once(day: LeaveDay) -> None:
    """ATT-7: of four days the manager signs last; the gap has come up since the others signed."""
    no = day.request_leave("S102", moment(12, "09:00"), moment(17, "17:30"))
    day.approve(no, "S101", "S002")
    day.grant("S101", *MORNING, "S002")
    assert refusal(day.try_approve(no, "S001")) is Refusal.AB_BOTH_AWAY
    assert refusal(day.try_approve(no, "S001", override="已安排第三人")) is None
    assert (day.leave(no).state, len(day.told(f.LeaveGapAllowed))) == (f.LeaveState.APPROVED, 1)


def test_an_override_covers_only_the_gap_it_named(day: LeaveDay) -> None:
    """A gap that comes up afterwards is asked about again."""
    day.grant("S104", *MORNING, "S101")
    no = day.request_leave("S105", *MORNING)
    day.try_approve(no, "S001", override="由S103兼顾")
    assert day.leave(no).gaps == ("P04",)
    day.grant("S101", moment(13, "09:00"), moment(13, "12:00"), "S002")
    day.approve(no, "S101")


def test_nights_between_two_leaves_are_no_gap(day: LeaveDay) -> None:
    """One is away until 09:00, the other went at 17:30 the day before: nobody is missed meanwhile."""
    day.grant("S101", moment(11, "09:00"), moment(12, "09:00"), "S002")
    no = day.request_leave("S102", moment(11, "17:30"), moment(12, "17:30"))
    assert refusal(day.try_approve(no, "S101")) is None


# --- Bad input ------------------------------------------------------------------------------------------------------------


def test_what_is_no_leave_is_refused_with_what_is_wrong(day: LeaveDay) -> None:
    """Reversed, of no kind, of no working time, too long, long over, without a reason; nothing is stored."""
    cases: list[tuple[tuple[HallTime, HallTime], dict[str, str], Refusal, str]] = [
        ((MORNING[1], MORNING[0]), {}, Refusal.BAD_VALUE, "ends before it begins"),
        ((MORNING[0], MORNING[0]), {}, Refusal.BAD_VALUE, "ends before it begins"),
        (MORNING, {"kind": "holiday"}, Refusal.BAD_VALUE, "none of personal, sick"),
        (MORNING, {"kind": "meeting"}, Refusal.BAD_VALUE, "none of personal, sick"),
        ((moment(14, "09:00"), moment(15, "17:30")), {}, Refusal.BAD_VALUE, "no working time"),
        ((moment(12, "12:00"), moment(12, "13:30")), {}, Refusal.BAD_VALUE, "no working time"),
        ((MORNING[0], HallTime(MORNING[0] + 367 * 86_400_000)), {}, Refusal.BAD_VALUE, "last at most"),
        ((HallTime(10**17), HallTime(10**18)), {}, Refusal.BAD_VALUE, "begin within"),
        ((HallTime(-(10**17)), MORNING[1]), {}, Refusal.BAD_VALUE, "begin within"),
        ((HallTime(MORNING[0] - 90 * 86_400_000), HallTime(MORNING[1] - 90 * 86_400_000)), {}, Refusal.BAD_VALUE, "closed"),
        (MORNING, {"reason": " "}, Refusal.REASON_MISSING, "with a reason"),
        (MORNING, {"dingtalk_no": "9" * 61}, Refusal.BAD_VALUE, "at most 60"),
    ]
    before = len(day.facts)
    for (begins, ends), more, reason, says in cases:
        decision = day.try_leave("S105", begins, ends, **more)
        assert (refusal(decision), decision.facts) == (reason, ())
        assert says in detail(decision)
    assert len(day.facts) == before


def test_a_year_without_calendar_is_not_guessed(day: LeaveDay) -> None:
    """1.0.1: leave into 2027, whose holidays are not imported: refused, and the year is named."""
    begins = HallTime(moment(12, "09:00") + 290 * 86_400_000)
    decision = day.try_leave("S105", begins, HallTime(begins + 20 * 86_400_000))
    assert refusal(decision) is Refusal.CALENDAR_MISSING_YEAR
    assert "2027" in detail(decision)


def test_leave_overlaps_no_other_of_the_person(day: LeaveDay) -> None:
    """Neither what was asked for nor an outing; touching is no overlap, and another person may."""
    no = day.request_leave("S105", *MORNING)
    decision = day.try_leave("S105", moment(12, "11:59"), moment(12, "17:30"))
    assert refusal(decision) is Refusal.ALREADY_AWAY
    assert no in detail(decision)
    day.request_leave("S105", moment(12, "12:00"), moment(12, "17:30"))
    day.request_leave("S106", *MORNING)
    day.try_away("S107", "09:00", "10:30", "meeting")
    assert refusal(day.try_leave("S107", moment(10, "09:00"), moment(10, "12:00"))) is Refusal.ALREADY_AWAY


def test_an_outing_entered_meanwhile_stops_the_approval(day: LeaveDay) -> None:
    """Nobody is away twice: what came in between is named."""
    no = day.request_leave("S105", moment(10, "09:00"), moment(10, "17:30"))
    day.away("S105", "10:00", "11:00", "meeting")
    decision = day.try_approve(no, "S101")
    assert refusal(decision) is Refusal.ALREADY_AWAY
    assert "meeting" in detail(decision)


def test_an_unknown_number_is_said(day: LeaveDay) -> None:
    """For whatever is asked about it."""
    no = LeaveNo("QJ-20260310-009")
    for decision in (
        day.try_approve(no, "S001"),
        day.ask("OPS-01", m.LeaveRejectRequested, leave=no, actor="S001", reason="无"),
        day.withdraw(no, "S105"),
        day.come_back(no, "S105"),
        day.renew(no, "S105", moment(12, "12:00")),
        day.ask("OPS-01", m.LeavePaperRequested, leave=no, actor="S001"),
        day.ask("OPS-01", m.LeaveReasonRequested, leave=no, actor="S001"),
    ):
        assert (refusal(decision), decision.facts) == (Refusal.UNKNOWN_LEAVE, ())


def test_nobody_is_back_from_what_has_not_begun(day: LeaveDay) -> None:
    """Give it up instead; and strangers neither end nor withdraw it."""
    no = day.grant("S105", *MORNING, "S101")
    assert refusal(day.come_back(no, "S105")) is Refusal.LEAVE_STATE
    assert refusal(day.withdraw(no, "S113")) is Refusal.NOT_PERMITTED
    waiting = day.request_leave("S113", *MORNING)
    assert refusal(day.withdraw(waiting, "S113", moment(12, "10:00"))) is Refusal.LEAVE_STATE
    assert refusal(day.withdraw(waiting, "S113")) is None


# --- DingTalk -------------------------------------------------------------------------------------------------------------


def bring_in(day: LeaveDay, no: str, *approvers: str, staff: str = "S113", **more: Any) -> dict[str, str] | Refusal:
    """A leader brings in what DingTalk approved; what is told, or why not."""
    fields = {"actor": "S002", "kind": "annual", "begins": MORNING[0], "ends": MORNING[1], "reason": "探亲", **more}
    decision = day.ask("OPS-01", m.LeaveImportRequested, staff=staff, dingtalk_no=no, approvers=approvers, **fields)
    return refusal(decision) or day.values(decision)


def test_dingtalk_approvals_sign_the_levels_they_hold(day: LeaveDay) -> None:
    """ATT-5.1: the chief's approval of half a day is enough; the same number again changes nothing."""
    assert bring_in(day, "DT-1", "S112", approved_at=moment(9, "17:00")) == {"no": "QJ-20260310-001", "state": "approved"}
    assert day.leave(LeaveNo("QJ-20260310-001")).signatures[0].at == moment(9, "17:00")
    before = len(day.facts)
    assert bring_in(day, "DT-1", "S112") == {"no": "QJ-20260310-001", "state": "known"}
    assert len(day.facts) == before
    assert day.away_times("S113") == [MORNING]


def test_a_level_missing_in_dingtalk_signs_here(day: LeaveDay) -> None:
    """Approved needs all levels: two days need the duty leader too, who has not agreed there."""
    assert bring_in(day, "DT-1", "S112", "S115", ends=moment(13, "17:30")) == {
        "no": "QJ-20260310-001",
        "state": "submitted",
        "level": "duty_leader",
    }
    no = LeaveNo("QJ-20260310-001")
    assert day.away_times("S113") == []
    day.approve(no, "S002")
    assert day.leave(no).state is f.LeaveState.APPROVED
    assert bring_in(day, "DT-2", "S101", staff="S002") is Refusal.OWN_CASE


def test_dingtalk_signs_what_was_asked_for_here_under_its_number(day: LeaveDay) -> None:
    """Entered by hand first, approved there later: the same leave is signed, another one under that number is refused."""
    no = day.request_leave("S113", *MORNING, dingtalk_no="DT-1")
    assert bring_in(day, "DT-1", "S112", ends=moment(12, "17:30")) is Refusal.BAD_VALUE
    assert bring_in(day, "DT-1", "S101", staff="S103") is Refusal.BAD_VALUE
    assert day.leave(no).state is f.LeaveState.SUBMITTED
    assert bring_in(day, "DT-1", "S112") == {"no": no, "state": "approved"}


def test_dingtalk_cannot_leave_a_post_empty(day: LeaveDay) -> None:
    """ATT-7: it waits unsigned; with the manager's reason the next import signs it."""
    day.grant("S112", *MORNING, "S002")
    assert bring_in(day, "DT-1", "S112", approved_at=moment(9, "17:00")) == {
        "no": "QJ-20260310-002",
        "state": "submitted",
        "level": "chief_rep",
    }
    day.try_approve(LeaveNo("QJ-20260310-002"), "S001", override="暂停户政窗口")
    again = bring_in(day, "DT-1", "S112", approved_at=moment(9, "17:00"))
    assert again == {"no": "QJ-20260310-002", "state": "approved"}


def test_a_late_import_counts_when_it_was_approved(day: LeaveDay) -> None:
    """Approved on 03-11 for 03-10, brought in on 03-16: within its time by the usual level; flagged as retroactive."""
    day.go_to(16, "08:30")
    told = bring_in(
        day, "DT-1", "S112", begins=moment(10, "09:00"), ends=moment(10, "12:00"), approved_at=moment(11, "10:00")
    )
    assert isinstance(told, dict)
    assert told["state"] == "approved"
    assert day.told(f.LeaveApproved)[-1].retroactive


def test_imports_are_for_leaders_and_of_people_of_the_hall(day: LeaveDay) -> None:
    """Unknown person, no number, approved tomorrow, a clerk who imports, overlapping, unknown kind."""
    assert bring_in(day, "DT-1", "S112", staff="S999") is Refusal.UNKNOWN_STAFF
    assert bring_in(day, "", "S112") is Refusal.BAD_VALUE
    assert bring_in(day, "DT-1", "S112", approved_at=moment(11, "08:00")) is Refusal.BAD_VALUE
    assert bring_in(day, "DT-1", "S112", approved_at=HallTime(-(10**17))) is Refusal.BAD_VALUE
    assert bring_in(day, "DT-1", "S112", actor="S004") is Refusal.NOT_PERMITTED
    assert bring_in(day, "DT-1", "S112", kind="holiday") is Refusal.BAD_VALUE
    day.request_leave("S113", *MORNING)
    assert bring_in(day, "DT-1", "S112") is Refusal.ALREADY_AWAY


def test_the_invariant_sees_leave_that_excuses_wrongly(day: LeaveDay) -> None:
    """A watcher that never barks guards nothing: lost, entered twice, or of a leave nobody approved."""
    no = day.grant("S113", *MORNING, "S112")
    assert check_fully(day.hall) == []
    kept = list(day.hall.posts.absences)
    for absences in ([], [*kept, *kept]):
        day.hall.posts.absences = absences
        assert any(no in one for one in check_fully(day.hall))
    day.hall.posts.absences = kept
    day.hall.leave.all[no] = replace(day.leave(no), state=f.LeaveState.REJECTED)
    assert check_fully(day.hall) == [f"{no} is rejected but excuses"]


# --- Laws -----------------------------------------------------------------------------------------------------------------

SMALL = hall_text("demo-small")
PEOPLE = ("S101", "S102", "S103")
ACTS = st.lists(
    st.tuples(
        st.sampled_from(("ask", "sign", "sign", "sign", "reject", "withdraw", "back", "renew", "leader", "punch", "wait")),
        st.sampled_from(PEOPLE),
        st.integers(10, 13),
        st.sampled_from(("09:00", "12:00", "13:30", "17:30")),
        st.integers(0, 30),
        st.sampled_from(("S001", "S002", "S101")),
    ),
    max_size=20,
)


def act(day: LeaveDay, one: tuple[str, str, int, str, int, str]) -> None:
    """One thing somebody does, allowed or not."""
    what, who, on, clock, hours, actor = one
    every = list(day.hall.leave.all)
    no = every[hours % len(every)] if every else LeaveNo("QJ-20260310-001")
    begins = moment(on, clock)
    match what:
        case "ask":
            day.try_leave(who, begins, HallTime(begins + hours * 3_600_000))
        case "sign":
            day.try_approve(no, actor, override="并岗" if hours % 2 else "")
        case "reject":
            day.ask("OPS-01", m.LeaveRejectRequested, leave=no, actor=actor, reason="无")
        case "withdraw":
            day.withdraw(no, actor, begins if hours % 2 else None)
        case "back":
            day.come_back(no, actor)
        case "renew":
            day.renew(no, actor, begins)
        case "leader":
            day.ask(
                "OPS-01",
                m.AbsenceEntryRequested,
                actor=actor,
                staff=who,
                begins=begins,
                ends=HallTime(begins + hours * 3_600_000),
                kind="sick",
                withdraw=hours % 3 == 0,
            )
        case "punch":
            day.punch(who)
        case _:
            day.advance(HallTime(day.now + hours * 3_600_000))


@settings(max_examples=25)
@given(acts=ACTS)
def test_whatever_happens_leave_excuses_once_and_only_signed(acts: list[tuple[str, str, int, str, int, str]]) -> None:
    """An approved leave is away exactly once; nothing is excused without all levels; nobody is away twice at once."""
    day = LeaveDay(SMALL)
    for one in acts:
        act(day, one)
    yesterday = day.hall.today.over - 86_400_000
    for leave in day.hall.leave.all.values():
        entered = [one for one in day.hall.posts.absences if one.ref == leave.no]
        stands = leave.state in STANDS
        assert len(entered) == stands or leave.ends <= yesterday or leave.ends == leave.begins
        assert all((one.begins, one.ends) == (leave.begins, leave.ends) for one in entered)
        signed = {one.level for one in leave.signatures}
        assert not stands or signed >= set(leave.levels) or "manager" in signed
        assert leave.staff not in {one.actor for one in leave.signatures}
    for who in PEOPLE:
        times = sorted((one.begins, one.ends) for one in day.hall.posts.absences if one.staff == who)
        assert all(first[1] <= second[0] for first, second in pairwise(times))
    assert day.folded() == day.hall
    assert day.hall.today.date >= date(2026, 3, 10)
