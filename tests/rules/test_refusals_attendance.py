"""What is refused of leave, outings, corrections, proxy cases, training, rotation and cards, each by its situation."""

from typing import Any

import pytest

from broker.rules.asking import Decision
from contracts import messages as m
from contracts.values import (
    CorrectionNo,
    HalfOfDay,
    HelpKind,
    LeaveNo,
    OutingNo,
    ProxyCaseNo,
    ProxyEvidence,
    PunchId,
    PunchIntent,
    PunchReason,
    Refusal,
    RotationNo,
    TaskKind,
    TrainingNo,
    TrainingTopic,
)
from sim.rules_day import RulesDay, hall_text
from sim.scenes import Scene, Scenes, check_refused

SCENES = Scenes()
refuses = SCENES.refuses


def staff(day: RulesDay, asked: type[m.Request], actor: str, /, **fields: Any) -> Decision:
    """Somebody asks at the ops node."""
    return day.ask("OPS-01", asked, actor=actor, **fields)


def number(decision: Decision) -> str:
    """The number of the entry that was made."""
    answer = decision.answers[0][1]
    assert isinstance(answer, m.RequestDone), answer
    return answer.values["no"]


def outing(day: RulesDay, begins: str = "14:00", ends: str = "16:00", **fields: Any) -> Decision:
    """S101 enters an outing of theirs."""
    known: dict[str, Any] = {"staff": "S101", "kind": "meeting", "reason": "会议", "place": "县委"}
    return staff(day, m.OutingRequested, "S101", begins=day.time(begins), ends=day.time(ends), **{**known, **fields})


def leave(day: RulesDay, who: str = "S105") -> LeaveNo:
    """Leave of the afternoon, asked for."""
    times = {"begins": day.time("13:30"), "ends": day.time("17:30")}
    return LeaveNo(number(staff(day, m.LeaveSubmitRequested, who, staff=who, kind="annual", reason="v/1", **times)))


def training(day: RulesDay) -> TrainingNo:
    """A training of the afternoon, nobody invited."""
    decision = staff(
        day,
        m.TrainingPlanRequested,
        "S002",
        title="服务礼仪",
        topic=TrainingTopic.ETIQUETTE,
        place="会议室",
        begins=day.time("15:00"),
        ends=day.time("16:00"),
    )
    return TrainingNo(number(decision))


def rotation(day: RulesDay, outgoing: str) -> RotationNo:
    """Somebody's rotation, asked for by the duty leader."""
    return RotationNo(number(staff(day, m.RotationRequested, "S001", outgoing=outgoing, name="v/1", reason="v/2")))


# --- Leave and outings ---------------------------------------------------------------------------------------------------


@refuses(Refusal.UNKNOWN_LEAVE)
def leave_nobody_asked_for(day: RulesDay) -> Decision:
    """A number that is none."""
    return staff(day, m.LeaveApproveRequested, "S001", leave=LeaveNo("QJ-20260310-009"))


@refuses(Refusal.LEAVE_STATE)
def leave_decided_already(day: RulesDay) -> Decision:
    """S101, chief of the bureau, has signed the half day; a second signature has nothing to sign (ATT-5.1)."""
    one = leave(day)
    staff(day, m.LeaveApproveRequested, "S101", leave=one)
    return staff(day, m.LeaveApproveRequested, "S101", leave=one)


@refuses(Refusal.REASON_MISSING)
def leave_without_a_reason(day: RulesDay) -> Decision:
    """ATT-5.1: leave is asked for with a reason."""
    times = {"begins": day.time("13:30"), "ends": day.time("17:30")}
    return staff(day, m.LeaveSubmitRequested, "S105", staff="S105", kind="annual", reason="", **times)


@refuses(Refusal.AB_BOTH_AWAY)
def leave_of_both_of_a_post(day: RulesDay) -> Decision:
    """ATT-7: S102 is away in the afternoon; nobody would hold W02 and W03."""
    day.away("S102", "13:30", "17:30")
    return staff(day, m.LeaveApproveRequested, "S002", leave=leave(day, "S101"))


@refuses(Refusal.UNKNOWN_OUTING)
def outing_nobody_entered(day: RulesDay) -> Decision:
    """A number that is none."""
    return staff(day, m.OutingApproveRequested, "S002", outing=OutingNo("GC-20260310-009"))


@refuses(Refusal.OUTING_STATE)
def outing_ended_before_it_began(day: RulesDay) -> Decision:
    """Nobody is awaited from an outing that was not approved."""
    one = number(outing(day))
    return staff(day, m.OutingReturnRequested, "S002", outing=one)


@refuses(Refusal.NOT_THE_APPROVER)
def outing_approved_by_a_colleague(day: RulesDay) -> Decision:
    """ATT-6.1: S103 is neither chief nor leader."""
    return staff(day, m.OutingApproveRequested, "S103", outing=number(outing(day)))


@refuses(Refusal.TIME_REVERSED)
def outing_that_ends_before_it_begins(day: RulesDay) -> Decision:
    """Back at 13:00 from 14:00."""
    return outing(day, ends="13:00")


@refuses(Refusal.TIME_PAST)
def outing_entered_afterwards(day: RulesDay) -> Decision:
    """HALL-11.2: approval comes before leaving."""
    return outing(day, begins="08:00")


@refuses(Refusal.ALREADY_AWAY)
def outing_during_leave(day: RulesDay) -> Decision:
    """S101 is on leave in a part of the time."""
    day.away("S101", "15:00", "17:30")
    return outing(day)


# --- Corrections and proxy cases -----------------------------------------------------------------------------------------


@refuses(Refusal.UNKNOWN_CORRECTION)
def regularisation_nobody_asked_for(day: RulesDay) -> Decision:
    """A number that is none."""
    no = CorrectionNo("BQ-20260310-009")
    return staff(day, m.RegulariseDecisionRequested, "S001", no=no, approve=True)


@refuses(Refusal.ALREADY_DECIDED)
def regularisation_decided_twice(day: RulesDay) -> Decision:
    """ATT-8.3.1c: approved once, it is not rejected afterwards."""
    asked = staff(
        day,
        m.RegulariseRequested,
        "S105",
        at=day.time("09:00"),
        intent=PunchIntent.IN,
        reason=PunchReason.FORGOT,
        witness="S104",
    )
    no = number(asked)
    staff(day, m.RegulariseDecisionRequested, "S101", no=no, approve=True)
    return staff(day, m.RegulariseDecisionRequested, "S101", no=no, approve=False)


@refuses(Refusal.UNKNOWN_PUNCH)
def time_of_a_punch_nobody_made(day: RulesDay) -> Decision:
    """ATT-10: only a punch of doubtful time is put right."""
    return staff(day, m.PunchTimeRequested, "S007", punch=PunchId("CLK-01/0000000000000000/9"), at=day.time("08:55"))


@refuses(Refusal.UNKNOWN_CASE)
def proxy_case_nobody_opened(day: RulesDay) -> Decision:
    """A number that is none."""
    fields = {"case": ProxyCaseNo("DK-20260310-009"), "evidence": (ProxyEvidence.WITNESS,), "halves": (HalfOfDay.AM,)}
    return staff(day, m.ProxySignRequested, "S007", **fields)


# --- Training and rotation -----------------------------------------------------------------------------------------------


@refuses(Refusal.UNKNOWN_TRAINING)
def training_nobody_planned(day: RulesDay) -> Decision:
    """A number that is none."""
    return staff(day, m.TrainingCloseRequested, "S002", training=TrainingNo("PX-20260310-009"), remark="好")


@refuses(Refusal.TRAINING_STATE)
def training_closed_before_it_was_held(day: RulesDay) -> Decision:
    """TRN-9.2: its effect is assessed first."""
    return staff(day, m.TrainingCloseRequested, "S002", training=training(day), remark="好")


@refuses(Refusal.UNKNOWN_ROTATION)
def rotation_nobody_asked_for(day: RulesDay) -> Decision:
    """A number that is none."""
    return staff(day, m.RotationDecisionRequested, "S001", rotation=RotationNo("LH-20260310-009"))


@refuses(Refusal.ROTATION_STATE)
def rotation_asked_for_twice(day: RulesDay) -> Decision:
    """One at a time for each person."""
    rotation(day, "S113")
    return staff(day, m.RotationRequested, "S001", outgoing="S113", name="v/1", reason="v/2")


@refuses(Refusal.OPEN_MATTERS)
def rotation_with_a_task_in_hand(day: RulesDay) -> Decision:
    """ROT-7: S006 accompanies somebody still."""
    one = rotation(day, "S006")
    staff(day, m.RotationDecisionRequested, "S001", rotation=one, approve=True, explanation="因工作需要调整岗位人员")
    ticket = day.enter("A")
    staff(day, m.HelpRequested, "S004", kind=HelpKind.ASSIST, ticket=ticket.id)
    staff(day, m.TaskAckRequested, "S006", task=day.asked(TaskKind.AGENT)[-1].id)
    return staff(day, m.RotationCloseRequested, "S001", rotation=one, cases=True, items=True)


@refuses(Refusal.CARD_LOST)
def lost_card_at_a_counter(day: RulesDay) -> Decision:
    """COND-4: refused at once."""
    staff(day, m.CardLostRequested, "S101", staff="S101")
    return day.try_login("W02", "S101")


@pytest.mark.parametrize(("reason", "scene"), SCENES.found, ids=SCENES.names)
def test_situation_is_refused_with_its_reason_and_changes_nothing(reason: Refusal, scene: Scene) -> None:
    """Each scene's docstring names its rule."""
    day = RulesDay(hall_text("demo-hall"), "08:50")
    day.at("09:30")
    check_refused(day, reason, scene)
