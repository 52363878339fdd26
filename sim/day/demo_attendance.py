"""Attendance on the rule book's demo day: two cards at once, a minute late, an extended noon, a case (demo-day, ATT-8)."""

from functools import partial

from broker.rules import facts as f
from broker.timesheet.judged import judged
from broker.timesheet.reading import history_of
from broker.timesheet.versions import versions
from contracts import messages as m
from contracts.values import CardHash, HalfOfDay, PunchIntent, StaffNo, TaskKind
from sim.day.stage import Stage
from sim.day.table import Line, scene


def _punch(s: Stage, staff: str, intent: PunchIntent = PunchIntent.NONE) -> object:
    """A card at CLK-01."""
    return s.house.ask("CLK-01", m.PunchMade, card=CardHash(staff), staff=StaffNo(staff), intent=intent)


def _noted(s: Stage) -> str:
    """The pairs that were noted, and how many cases were opened."""
    pairs = [one.fact for one in s.facts(f.PunchPairNoted)]
    cases = s.facts(f.ProxySuspected)
    return f"{' '.join('+'.join(one.staff) for one in pairs if isinstance(one, f.PunchPairNoted))}, {len(cases)} cases"


def _case(s: Stage) -> str:
    """The first case, and who is asked to look at it."""
    one = s.facts(f.ProxySuspected)[0].fact
    assert isinstance(one, f.ProxySuspected)
    asked = [task.ladder[0].staff for task in s.house.hall.tasks.of(TaskKind.PROXY_CHECK)]
    return f"{one.case} {one.why} {one.principal} {one.proxy} to {asked[0][0] if asked else 'nobody'}"


def _half(s: Stage, staff: str, half: HalfOfDay) -> str:
    """What a half amounts to as it is known now, and how many versions it has had."""
    history = history_of(s.house.facts(), s.house.now)
    record = judged(history, StaffNo(staff), s.day, s.house.now).record
    (mine,) = [one for one in record.halves if one.half is half]
    words = " + ".join(one.spelled for one in mine.results)
    return f"{words}, v{len(versions(history, StaffNo(staff), s.day, half))}"


def _day(s: Stage, staff: str) -> str:
    """Both halves of a day, or what the whole of it amounts to."""
    record = judged(history_of(s.house.facts(), s.house.now), StaffNo(staff), s.day, s.house.now).record
    halves = [" + ".join(one.spelled for one in half.results) for half in record.halves]
    return ", ".join(one.spelled for one in record.day) or ", ".join(halves)


ATTENDANCE = (
    scene("08:56:20", lambda s: _punch(s, "S108")),
    scene("08:57:01", lambda s: _punch(s, "S105")),
    scene("08:57:03", lambda s: _punch(s, "S113")),
    Line("08:57:03", "two cards two seconds apart are noted, nothing is judged", "ATT-8.3.2", _noted, "S105+S113, 0 cases"),
    scene("09:01", lambda s: _punch(s, "S101")),
    Line(
        "09:15",
        "S105 has not logged in: a case for the inspector",
        "ATT-8.3.2",
        _case,
        "DK-20260310-001 no_login S105 S113 to S007",
    ),
    scene("09:16", lambda s: s.card("W04", "S105")),
    scene("12:01", lambda s: _punch(s, "S101")),
    scene("12:02", lambda s: _punch(s, "S105")),
    scene("12:10", lambda s: _punch(s, "S108", PunchIntent.OUT)),
    Line("13:00", "S101 was a minute late", "ATT-8.1", lambda s: _half(s, "S101", HalfOfDay.AM), "LATE 1, v1"),
    Line(
        "13:00",
        "S108 leaves at 12:10, noon extended",
        "ATT-8",
        lambda s: _half(s, "S108", HalfOfDay.AM),
        "NORMAL, v1",
    ),
    Line("13:00", "a suspicion changes no result", "ATT-8.3.2", lambda s: _half(s, "S105", HalfOfDay.AM), "NORMAL, v1"),
    *(scene("13:25", partial(_punch, staff=who)) for who in ("S101", "S105", "S108")),
    *(scene("17:36", partial(_punch, staff=who)) for who in ("S101", "S108")),
    Line("19:00", "S101's day: late once, an outing, a late return", "ATT-9", lambda s: _day(s, "S101"), "LATE 1, NORMAL"),
    Line("19:00", "S105's day: the training excuses its end", "TRN-9.1", lambda s: _day(s, "S105"), "NORMAL, NORMAL"),
    Line("19:00", "S108's day", "ATT-9", lambda s: _day(s, "S108"), "NORMAL, NORMAL"),
    Line("19:00", "S109 was never seen at a clock", "ATT-8.3.1b", lambda s: _day(s, "S109"), "ABSENT 1.0"),
)
