"""The rule book's demo day: the outing of S101 from the entry in the ledger to the return twenty minutes late (ATT-6)."""

from datetime import timedelta

from broker.ledgers import outing
from broker.rules import facts as f
from broker.rules.hours import clock_of, on_day
from contracts import messages as m
from contracts.values import HallTime, OutingNo, PunchIntent, StaffNo, TaskKind
from sim.day.stage import Stage
from sim.day.table import Line, scene

_NO = OutingNo("GC-20260310-003")


def _enters(s: Stage, staff: str, begins: HallTime, ends: HallTime) -> str:
    """Somebody asks for an outing; its number, or why there is none."""
    answer = s.staff(
        m.OutingRequested,
        staff,
        staff=StaffNo(staff),
        kind="meeting",
        begins=begins,
        ends=ends,
        reason="参加业务会议",
        place="县政府三楼会议室",
    )
    return answer.values["no"] if isinstance(answer, m.RequestDone) else "refused"


def _tomorrow(s: Stage, staff: str) -> str:
    day = s.day + timedelta(days=1)
    return _enters(s, staff, on_day(day, "14:00"), on_day(day, "16:00"))


def _approves(s: Stage, actor: str) -> str:
    return s.told(m.OutingApproveRequested, actor, outing=_NO)


def _ledger(s: Stage) -> str:
    """The entry in a line: who, what, planned, approver, cover, out and back, source, minutes over."""
    line = outing.ledger(s.house.facts()).lines.get(_NO)
    if line is None:
        return "no entry"
    one = line.entry
    planned = (
        f"{one.staff} {outing.kind_word(one.kind)} {clock_of(one.begins)}-{clock_of(one.ends)} {one.approver} {one.cover}"
    )
    gone = "" if one.left_at is None else f" {clock_of(one.left_at)}"
    if one.returned_at is None or one.source is None:
        return f"{planned} {one.state.value}{gone}"
    return f"{planned} {one.state.value}{gone}-{clock_of(one.returned_at)} {one.source.value} over {one.over}"


def _punches(s: Stage, staff: str) -> str:
    answer = s.house.ask("CLK-01", m.PunchMade, card=None, staff=staff, intent=PunchIntent.OUTING)
    return "done" if isinstance(answer, m.PunchStored) else "not stored"


def _reminded(s: Stage) -> str:
    return " ".join(" ".join(one.staff) for one in s.tasks(TaskKind.OUTING_RETURN))


def _excused(s: Stage) -> str:
    theirs = [one for one in s.house.hall.posts.absences if one.staff == "S101"]
    return ", ".join(f"{clock_of(one.begins)}-{clock_of(one.ends)} {one.ref}" for one in theirs)


OUTING = (
    scene("09:50", lambda s: [_tomorrow(s, "S112"), _tomorrow(s, "S114")]),
    Line("13:40", "S101 enters an outing", "ATT-6.1", lambda s: _enters(s, "S101", s.time("14:00"), s.time("16:00")), _NO),
    Line("13:41", "nobody approves their own", "CREP-4.0", lambda s: _approves(s, "S101"), "own_case"),
    Line("13:41:30", "S101 heads the department: S002 does", "ATT-6.1", lambda s: _approves(s, "S002"), "done"),
    Line("13:41:31", "it stands in the ledger", "ATT-6.1", _ledger, "S101 会议 14:00-16:00 S002 S102 planned"),
    Line("13:41:31", "and S101 is excused", "ATT-6.1", _excused, f"14:00-16:00 {_NO}"),
    Line("14:00", "S101 punches 公出", "HALL-11.2", lambda s: _punches(s, "S101"), "done"),
    Line("14:00:01", "which the ledger knows", "ATT-6.1", _ledger, "S101 会议 14:00-16:00 S002 S102 out 14:00"),
    Line("14:00:01", "and nobody has left unapproved", "HALL-11.2", lambda s: str(len(s.facts(f.OutingUnapproved))), "0"),
    Line("16:15:01", "nobody back: both sides are reminded", "ATT-6.2", _reminded, "S101 S002"),
    Line(
        "16:20:01",
        "the ledger has the return, twenty minutes over",
        "ATT-6.2",
        _ledger,
        "S101 会议 14:00-16:00 S002 S102 returned 14:00-16:20 login over 20",
    ),
    Line("16:20:01", "the reminder is settled", "ATT-6.2", _reminded, ""),
    Line("16:20:01", "excused is no longer than approved", "ATT-6.2", _excused, f"14:00-16:00 {_NO}"),
)
"""The card at W02 at 16:20 is played with the takeover."""
