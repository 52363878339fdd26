"""What holds of outings whatever people do, in whatever order (ATT-6, HALL-11.2)."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.ledgers.outing import ledger
from broker.rules import facts as f
from broker.rules.facts import OutingState
from broker.rules.hours import MINUTE, midnight
from broker.rules.outing.evolve import over_night
from broker.rules.outing.state import STANDS, WAITS_FOR_RETURN
from broker.rules.outing.times import back_by, minutes_over
from broker.rules.workdays import day_plan
from contracts import messages as m
from contracts.values import HallTime, OutingNo, PunchIntent, TaskKind
from sim.outing_day import DEMO, OutingDay
from sim.rules_day import TUESDAY, hall_text

SMALL = hall_text("demo-small")
STAFF = st.sampled_from(["S101", "S102"])
ACTS = st.one_of(
    st.tuples(st.just("plan"), STAFF, st.integers(0, 500), st.integers(1, 500)),
    st.tuples(st.just("go"), STAFF, st.integers(0, 40), st.integers(1, 240)),
    st.tuples(st.just("out"), STAFF, st.integers(0, 20), st.just(0)),
    st.tuples(st.just("back"), STAFF, st.integers(0, 20), st.just(0)),
    st.tuples(st.just("approve"), STAFF, st.just(0), st.just(0)),
    st.tuples(st.just("extend"), STAFF, st.integers(1, 120), st.just(0)),
    st.tuples(st.just("withdraw"), STAFF, st.just(0), st.just(0)),
    st.tuples(st.just("return"), STAFF, st.integers(0, 90), st.just(0)),
    st.tuples(st.just("punch"), STAFF, st.sampled_from(range(len(PunchIntent))), st.integers(0, 90)),
    st.tuples(st.just("login"), STAFF, st.just(0), st.just(0)),
    st.tuples(st.just("wait"), STAFF, st.integers(1, 150), st.just(0)),
)


def act(day: OutingDay, what: str, staff: str, first: int, second: int) -> None:
    """Do it; whether it is accepted or refused is up to the rules."""
    match what:
        case "go":
            act(day, "plan", staff, first, second)
            act(day, "approve", staff, 0, 0)
        case "out" | "back":
            day.punch(staff, PunchIntent.OUTING if what == "out" else PunchIntent.RETURN, ago=first)
        case "plan":
            begins = HallTime(day.now // MINUTE * MINUTE + first * MINUTE)
            day.try_plan(staff, "09:00", "10:00", begins=begins, ends=HallTime(begins + second * MINUTE))
        case "punch":
            day.punch(staff, list(PunchIntent)[first], ago=second)
        case "login":
            day.try_login({"S101": "W01", "S102": "W02"}[staff], staff)
        case "wait":
            day.advance(HallTime(day.now + first * MINUTE))
        case _:
            mine = [one for one in day.hall.outings.entries.values() if one.staff == staff]
            if mine:
                decide(day, what, mine[-1], first)


def decide(day: OutingDay, what: str, entry: f.Outing, minutes: int) -> None:
    """Somebody who may decides about the last entry of a person."""
    match what:
        case "approve":
            day.approve(entry.no, override="必须参加", actor="S001")
        case "extend":
            ends = HallTime(entry.ends + minutes * MINUTE)
            day.tell(m.OutingExtendRequested, entry.no, "S001", ends=ends, reason="延长")
        case "withdraw":
            day.tell(m.OutingWithdrawRequested, entry.no)
        case "return":
            day.tell(m.OutingReturnRequested, entry.no, at=HallTime(day.now - minutes * MINUTE))


def check(day: OutingDay) -> None:
    """The laws."""
    entries = day.hall.outings.entries
    absences = sorted(day.hall.posts.absences, key=lambda one: (one.staff, one.begins))
    for one, other in pairwise(absences):
        assert one.staff != other.staff or one.ends <= other.begins, "nobody is away twice at once"
    standing = [one for one in entries.values() if one.state in STANDS]
    assert not any(
        a.no != b.no and a.staff == b.staff and a.begins < b.ends and b.begins < a.ends for a in standing for b in standing
    )
    for one in absences:
        entry = next(each for each in entries.values() if each.no == one.ref)
        assert entry.approver not in (None, entry.staff), "nobody is excused unapproved, or by themselves"
        assert entry.approved_at is not None
        assert one.begins >= max(entry.begins, entry.approved_at // MINUTE * MINUTE)
        assert one.ends <= entry.ends
    for entry in entries.values():
        mine = [one for one in absences if one.ref == entry.no]
        if entry.state in WAITS_FOR_RETURN and entry.ends > midnight(day.hall.today.date):
            assert [one.ends for one in mine] == [entry.ends], "who is awaited is excused as long as approved"
        if entry.state is OutingState.RETURNED:
            assert entry.returned_at is not None
            assert all(one.ends <= max(entry.returned_at, one.begins) for one in mine), "a return ends the excuse"
            assert entry.over == minutes_over(day.hall.in_force.config, entry.ends, entry.returned_at)
    reminded = [task.values["no"] for task in day.hall.tasks.of(TaskKind.OUTING_RETURN)]
    assert all(entries[OutingNo(no)].state in {OutingState.OVERDUE, OutingState.UNCLOSED} for no in reminded)
    assert len(set(reminded)) == len(reminded)


@settings(max_examples=60)
@given(st.lists(ACTS, max_size=25))
def test_whatever_people_do(acts: list[tuple[str, str, int, int]]) -> None:
    """Excused is only what was approved, no longer than approved and than they were out; nobody is in two places."""
    day = OutingDay("08:30", text=SMALL)
    for one in acts:
        act(day, *one)
        day.let_time_pass()
        check(day)
    assert day.folded() == day.hall
    known = ledger(day.facts).lines
    assert all(known[no].entry == entry for no, entry in day.hall.outings.entries.items())
    punches = [one for one in day.facts if isinstance(one.fact, f.PunchStored)]
    assert len(punches) == sum(one[0] in {"punch", "out", "back"} for one in acts), "no punch is lost"
    assert over_night(day.hall, day.hall.today.date + timedelta(days=60)) == (), "what is carried over nights is bounded"


@given(st.integers(0, 14 * 24 * 60), st.integers(0, 3 * 24 * 60))
def test_when_somebody_is_to_be_back(minute: int, later: int) -> None:
    """Never before the approved end, always in a working half, monotone; over grows by the minute from there."""
    config = CONFIG
    ends = HallTime(midnight(TUESDAY) + minute * MINUTE)
    back = back_by(config, ends)
    assert ends <= back.due < back.half_ends
    day = day_plan(config, TUESDAY + timedelta(days=(back.due - midnight(TUESDAY)) // (24 * 60 * MINUTE)))
    assert day.works
    assert any(start <= back.due < end for start, end in ((day.morning, day.noon), (day.afternoon, day.close)))
    assert back.due == ends or not _works_at(ends)
    assert back_by(config, HallTime(ends + later * MINUTE)).due >= back.due
    assert minutes_over(config, ends, HallTime(back.due + later * MINUTE + 59_999)) == later
    assert minutes_over(config, ends, HallTime(back.due - 1)) == 0


CONFIG = OutingDay(text=DEMO).hall.in_force.config


def _works_at(at: HallTime) -> bool:
    """Whether people work in the minute before and after this instant."""
    day = day_plan(CONFIG, TUESDAY + timedelta(days=(at - midnight(TUESDAY)) // (24 * 60 * MINUTE)))
    return day.works and any(start < at < end for start, end in ((day.morning, day.noon), (day.afternoon, day.close)))
