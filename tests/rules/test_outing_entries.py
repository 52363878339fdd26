"""Entries of the outing ledger: made, decided, made longer, taken back; and all that may be wrong (ATT-6.1, ATT-7)."""

from datetime import date, timedelta
from typing import Any

import pytest

from broker.rules import facts as f
from broker.rules.asking import Decision
from broker.rules.facts import OutingState
from contracts import messages as m
from contracts.values import HallTime, Refusal, TaskKind
from sim.outing_day import DEMO, OutingDay
from sim.rules_day import TUESDAY, refusal


@pytest.fixture
def day() -> OutingDay:
    """The demo hall at eight."""
    return OutingDay()


def values(decision: Decision) -> dict[str, str]:
    """What the answer tells the person."""
    answer = decision.answers[0][1]
    assert isinstance(answer, m.RequestDone | m.RequestRefused)
    return answer.values


def test_the_example_of_the_rule_book(day: OutingDay) -> None:
    """ATT-6.1: GC-20260310-003: S101, 会议, 14:00-16:00, approver S002, cover S102."""
    day.plan("S112", "09:00", "10:00")
    day.plan("S114", "09:00", "10:00")
    day.at("13:00")
    no = day.plan("S101", "14:00", "16:00")
    assert no == "GC-20260310-003"
    assert refusal(day.approve(no)) is None
    entry = day.entry(no)
    assert (entry.staff, entry.kind, entry.approver, entry.cover) == ("S101", "meeting", "S002", "S102")
    assert (entry.begins, entry.ends, entry.state) == (day.time("14:00"), day.time("16:00"), OutingState.PLANNED)
    absence = day.hall.posts.absences[-1]
    assert (absence.staff, absence.kind, absence.ref) == ("S101", "meeting", no)
    assert day.excused("S101") == [("14:00", "16:00")]


def test_numbers_count_the_entries_of_a_day(day: OutingDay) -> None:
    """The date is that of entry, whatever day the outing is on; the next day begins with 001."""
    ahead = day.instant("09:00", TUESDAY + timedelta(days=2))
    assert day.plan("S101", "14:00", "16:00") == "GC-20260310-001"
    later = {"begins": ahead, "ends": HallTime(ahead + 3_600_000)}
    assert day.plan("S102", "14:00", "16:00", **later) == "GC-20260310-002"
    day.until("08:00", TUESDAY + timedelta(days=1))
    day.date = TUESDAY + timedelta(days=1)
    assert day.plan("S101", "14:00", "16:00") == "GC-20260311-001"


def test_entered_twice_is_one(day: OutingDay) -> None:
    """Whoever gets no answer may ask again."""
    first = day.plan("S101", "14:00", "16:00")
    again = day.try_plan("S101", "14:00", "16:00")
    assert (values(again)["no"], again.facts) == (first, ())


def test_nothing_is_excused_before_it_is_approved(day: OutingDay) -> None:
    """HALL-11.2: approval before leaving. What lies before the approval is not excused either."""
    no = day.plan("S101", "14:00", "16:00")
    assert day.excused("S101") == []
    day.at("14:10:30")
    day.approve(no)
    assert day.excused("S101") == [("14:10", "16:00")]


def test_whoever_may_approve_is_asked_and_told_no_reason(day: OutingDay) -> None:
    """The task names number and person; it ends with the decision and comes again in the morning if there was none."""
    ahead = day.instant("14:00", TUESDAY + timedelta(days=1))
    no = day.plan("S102", "14:00", "16:00", begins=ahead, ends=HallTime(ahead + 3_600_000))
    (task,) = day.asked(TaskKind.OUTING_DECIDE)
    assert (task.ladder[0].staff, task.values) == (("S101",), {"no": no, "name": "李娜"})
    day.until("08:00", TUESDAY + timedelta(days=1))
    assert day.asked(TaskKind.OUTING_DECIDE) == []
    day.until("08:45", TUESDAY + timedelta(days=1))
    assert len(day.asked(TaskKind.OUTING_DECIDE)) == 1
    assert refusal(day.approve(no, "S101")) is None
    assert day.asked(TaskKind.OUTING_DECIDE) == []


@pytest.mark.parametrize("actor", ["S101", "S002", "S001"])
def test_one_signature_of_the_chief_or_anybody_above(day: OutingDay, actor: str) -> None:
    """One level: the chief representative of the department, a duty leader or a manager."""
    no = day.plan("S102", "14:00", "16:00")
    assert refusal(day.approve(no, actor)) is None
    assert refusal(day.approve(no, actor)) is None, "asked again"
    assert len(day.told(f.OutingApproved)) == 1


@pytest.mark.parametrize(
    ("subject", "actor", "why"),
    [
        ("S102", "S103", Refusal.NOT_THE_APPROVER),
        ("S102", "S112", Refusal.NOT_THE_APPROVER),
        ("S102", "S004", Refusal.NOT_THE_APPROVER),
        ("S102", "S102", Refusal.OWN_CASE),
        ("S101", "S101", Refusal.OWN_CASE),
        ("S002", "S002", Refusal.OWN_CASE),
        ("S102", "S999", Refusal.UNKNOWN_STAFF),
    ],
)
def test_nobody_else_decides(day: OutingDay, subject: str, actor: str, why: Refusal) -> None:
    """CREP-4.0: nobody about themselves, no chief of another department, no clerk; the refusal names who does."""
    no = day.plan(subject, "14:00", "16:00")
    decision = day.approve(no, actor)
    assert refusal(decision) is why
    if why is Refusal.NOT_THE_APPROVER:
        assert values(decision)["who"].startswith("张敏 S101、")
    assert day.entry(no).state is OutingState.SUBMITTED


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"ends": HallTime(0)}, Refusal.TIME_REVERSED),
        ({"kind": "annual"}, Refusal.BAD_VALUE),
        ({"kind": "picnic"}, Refusal.BAD_VALUE),
        ({"reason": "  "}, Refusal.REASON_MISSING),
        ({"place": ""}, Refusal.REASON_MISSING),
        ({"staff": "S999"}, Refusal.UNKNOWN_STAFF),
        ({"actor": "S999"}, Refusal.UNKNOWN_STAFF),
        ({"actor": "S103"}, Refusal.NOT_THE_APPROVER),
        ({"cover": "S999"}, Refusal.UNKNOWN_STAFF),
        ({"cover": "S101"}, Refusal.BAD_VALUE),
        ({"ends": HallTime(2**50)}, Refusal.BAD_VALUE),
        ({"begins": HallTime(2**50), "ends": HallTime(2**50 + 1)}, Refusal.BAD_VALUE),
    ],
)
def test_what_is_wrong_is_refused_and_leaves_nothing(day: OutingDay, fields: dict[str, object], why: Refusal) -> None:
    """Reversed, of no known kind, without reason or place, of nobody, by nobody entitled, too long, too far ahead."""
    decision = day.try_plan("S101", "14:00", "16:00", **fields)
    assert (refusal(decision), decision.facts) == (why, ())


def test_an_outing_lies_ahead(day: OutingDay) -> None:
    """The minute that runs is not past; the one before is. What is over cannot be approved any more."""
    day.at("14:00:59")
    assert refusal(day.try_plan("S101", "13:59", "16:00")) is Refusal.TIME_PAST
    no = day.plan("S101", "14:00", "16:00")
    day.at("16:00")
    assert refusal(day.approve(no)) is Refusal.TIME_PAST


def test_nobody_is_out_twice_at_once(day: OutingDay) -> None:
    """Neither beside another outing, decided or not, nor beside leave; side by side is no overlap."""
    no = day.plan("S101", "14:00", "16:00")
    decision = day.try_plan("S101", "15:59", "17:00")
    assert (refusal(decision), values(decision)) == (Refusal.ALREADY_AWAY, {"no": no})
    day.plan("S101", "16:00", "17:00")
    day.away("S102", "09:00", "12:00", "annual")
    assert refusal(day.try_plan("S102", "11:59", "13:00")) is Refusal.ALREADY_AWAY
    no = day.plan("S102", "13:30", "15:00")
    day.away("S102", "13:00", "14:00", "sick")
    assert refusal(day.approve(no)) is Refusal.ALREADY_AWAY, "the leave came in between"
    assert refusal(day.try_away("S101", "15:00", "17:00")) is None, "nothing was approved yet"


def test_whoever_takes_over_must_be_there(day: OutingDay) -> None:
    """Named or not: the B of the post, unless away; a person who is away is not taken."""
    day.away("S102", "14:00", "15:00", "sick")
    assert refusal(day.try_plan("S101", "14:00", "16:00", cover="S102")) is Refusal.BAD_VALUE
    assert day.entry(day.plan("S101", "14:00", "16:00")).cover is None
    assert day.entry(day.plan("S101", "16:00", "17:00", cover="S103")).cover == "S103"
    assert day.entry(day.plan("S004", "16:00", "17:00")).cover is None, "a guide has no post"


def test_both_away_takes_a_manager_with_a_reason(day: OutingDay) -> None:
    """ATT-7: S101 and S102 both on 03-12 in the morning: refused at the second approval, until S001 says why."""
    thursday = date(2026, 3, 12)
    times = {"begins": day.instant("09:00", thursday), "ends": day.instant("12:00", thursday)}
    first = day.plan("S101", "09:00", "12:00", **times)
    second = day.try_plan("S102", "09:00", "12:00", **times)
    assert values(second)["gap"] == "", "nothing is approved yet"
    no = values(second)["no"]
    assert refusal(day.approve(first)) is None
    for actor, override in (("S002", ""), ("S002", "会议必须参加"), ("S001", ""), ("S001", " ")):
        decision = day.approve(no, actor, override=override)
        assert (refusal(decision), decision.facts) == (Refusal.AB_BOTH_AWAY, ())
        assert values(decision)["gap"] == "2号窗口、3号窗口"
    assert refusal(day.approve(no, "S001", override="会议必须参加")) is None
    (approved,) = [one for one in day.told(f.OutingApproved) if isinstance(one, f.OutingApproved) and one.outing == no]
    assert approved.gaps
    assert "会议" not in approved.override


def test_a_rejection_needs_a_reason_and_is_final(day: OutingDay) -> None:
    """Nothing follows from it; the time is free again."""
    no = day.plan("S101", "14:00", "16:00")
    assert refusal(day.tell(m.OutingRejectRequested, no, reason=" ")) is Refusal.REASON_MISSING
    assert refusal(day.tell(m.OutingRejectRequested, no, "S103", reason="x")) is Refusal.NOT_THE_APPROVER
    assert refusal(day.tell(m.OutingRejectRequested, no, reason="人手不足")) is None
    assert refusal(day.tell(m.OutingRejectRequested, no, reason="人手不足")) is None, "asked again"
    assert refusal(day.approve(no)) is Refusal.OUTING_STATE
    assert day.asked(TaskKind.OUTING_DECIDE) == []
    day.plan("S101", "14:00", "16:00")


def test_it_can_be_withdrawn_until_somebody_has_left(day: OutingDay) -> None:
    """By the person ahead of time, by a leader also later; the excuse goes with it."""
    no = day.approved("S101", "14:00", "16:00")
    assert refusal(day.tell(m.OutingWithdrawRequested, no, "S103")) is Refusal.NOT_THE_APPROVER
    assert refusal(day.tell(m.OutingWithdrawRequested, no, "S101")) is None
    assert (day.excused("S101"), day.entry(no).state) == ([], OutingState.WITHDRAWN)
    assert refusal(day.tell(m.OutingWithdrawRequested, no, "S002")) is None, "asked again"
    no = day.approved("S101", "14:00", "16:00")
    day.at("14:00")
    assert refusal(day.tell(m.OutingWithdrawRequested, no, "S101")) is Refusal.OWN_CASE
    assert refusal(day.tell(m.OutingWithdrawRequested, no)) is None
    assert day.excused("S101") == []
    no = day.plan("S101", "15:00", "16:00")
    assert refusal(day.tell(m.OutingWithdrawRequested, no, "S101")) is None


def test_an_unknown_number_is_told(day: OutingDay) -> None:
    """Of any request."""
    kinds = (m.OutingApproveRequested, m.OutingRejectRequested, m.OutingExtendRequested, m.OutingReturnRequested)
    needs: dict[type[m.Request], dict[str, Any]] = {
        m.OutingRejectRequested: {"reason": "x"},
        m.OutingExtendRequested: {"reason": "x", "ends": day.now},
    }
    for kind in (*kinds, m.OutingWithdrawRequested):
        assert refusal(day.tell(kind, "GC-20260310-009", **needs.get(kind, {}))) is Refusal.UNKNOWN_OUTING


def test_an_absence_of_the_ledger_is_given_up_in_the_ledger(day: OutingDay) -> None:
    """``absence withdraw`` would leave an entry without its excuse."""
    day.approved("S101", "14:00", "16:00")
    assert refusal(day.try_away("S101", "14:00", "16:00", "meeting", withdraw=True)) is Refusal.BAD_VALUE
    assert day.excused("S101") == [("14:00", "16:00")]


def test_reason_and_place_stand_in_no_fact(day: OutingDay) -> None:
    """They go no further than the vault."""
    no = day.approved("S101", "14:00", "16:00", reason="秘密事由", place="秘密地点")
    day.tell(m.OutingExtendRequested, no, ends=day.time("16:30"), reason="秘密延长")
    assert "秘密" not in repr(day.facts)


def test_one_person_cannot_fill_the_ledger(day: OutingDay) -> None:
    """Twenty entries that can still change are enough for anybody."""
    for n in range(20):
        begins = HallTime(day.time("09:00") + n * 60_000)
        day.plan("S101", "09:00", "10:00", begins=begins, ends=HallTime(begins + 60_000))
    assert refusal(day.try_plan("S101", "14:00", "16:00")) is Refusal.BAD_VALUE


def test_a_kind_of_the_hall_is_an_outing(day: OutingDay) -> None:
    """``outing_kinds`` of hall.toml, and nothing else."""
    text = DEMO.replace("[params.attendance]", '[params.attendance]\nouting_kinds = ["outing", "inspection"]', 1)
    own = OutingDay(text=text)
    assert own.entry(own.approved("S101", "14:00", "16:00", kind="inspection")).kind == "inspection"
    assert refusal(own.try_plan("S102", "14:00", "16:00", kind="meeting")) is Refusal.BAD_VALUE
