"""Whatever people do about hand-overs, in whatever order: numbers without gaps, one standing entry a post, nothing lost."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.rules import facts as f
from contracts import messages as m
from contracts.values import CoverMode, HallTime
from sim.lawful_day import LawfulDay
from sim.rules_day import hall_text

SMALL = hall_text("demo-small")
PEOPLE = ("S101", "S102", "S103", "S002")
COUNTERS = ("W01", "W02", "W03")
NOS = (None, "JJ-20260310-001", "JJ-20260310-002", "JJ-20260311-001")

people, counters = st.sampled_from(PEOPLE), st.sampled_from(COUNTERS)
steps = st.one_of(
    st.tuples(st.just("login"), counters, st.sampled_from(PEOPLE[:3])),
    st.tuples(st.just("ask"), st.sampled_from([m.HandoverRequested, m.HandoverPhoneRequested]), people, counters),
    st.tuples(
        st.just("no"),
        st.sampled_from([m.HandoverAckRequested, m.HandoverReturnRequested, m.HandoverConfirmRequested]),
        people,
        st.sampled_from(NOS),
    ),
    st.tuples(st.just("both"), counters),
    st.tuples(st.just("leave"), counters),
    st.tuples(st.just("away"), st.sampled_from(PEOPLE[:3]), st.integers(1, 40)),
    st.tuples(st.just("cover"), counters, counters, st.sampled_from(CoverMode)),
    st.tuples(st.just("visit"), counters),
    st.tuples(st.just("pause"), counters),
    st.tuples(st.just("wait"), st.sampled_from([1, 10, 16, 60, 600, 1440])),
)


def act(day: LawfulDay, step: tuple[Any, ...]) -> None:  # noqa: C901 -- a table, one line a step
    """One step; a refusal is as good as a deed. Every fact is held against the laws of the bench."""
    match step:
        case ("login", counter, staff):
            day.try_login(counter, staff)
        case ("ask", kind, staff, counter):
            day.ask("OPS-01", kind, actor=staff, counter=counter)
        case ("no", kind, staff, no):
            day.ask("OPS-01", kind, actor=staff, no=no)
        case ("both", counter):
            post = day.hall.in_force.posts[counter]
            day.ask("OPS-01", m.HandoverAckRequested, actor=post.b)
            for staff in (post.a, post.b):
                day.ask("OPS-01", m.HandoverConfirmRequested, actor=staff)
        case ("leave", counter):
            post = day.hall.in_force.posts[counter]
            day.try_login(counter, post.a)
            day.try_login(counter, post.b)
        case ("away", staff, minutes):
            begins, ends = HallTime(day.now + minutes * 60_000), HallTime(day.now + 3 * minutes * 60_000)
            fields = {"actor": "S002", "kind": "meeting", "begins": begins, "ends": ends}
            day.ask("OPS-01", m.AbsenceEntryRequested, staff=staff, **fields)
        case ("cover", counter, covered, mode):
            day.ask(f"TRM-{counter}", m.CoverRequested, counter=covered, mode=mode)
        case ("visit", counter):
            day.ask("TM-01", m.TicketRequested, group="A")
            day.ask(f"TRM-{counter}", m.CallNextRequested)
            day.ask(f"TRM-{counter}", m.StartRequested, call=day.call_id(counter))
            session = day.hall.desks[day.hall.in_force.posts[counter].counter].session
            day.ask(f"TRM-{counter}", m.FinishRequested, session=session or "none")
        case ("pause", counter):
            kind = m.ResumeRequested if day.hall.desks[counter].paused else m.PauseRequested
            day.ask(f"TRM-{counter}", kind)
        case ("wait", minutes):
            day.advance(HallTime(day.now + minutes * 60_000))
            day.let_time_pass()


def check(day: LawfulDay) -> None:
    """What must be true at any time."""
    known = day.hall.handovers
    standing = [(one.counter, one.giver) for one in known.open.values() if one.returned_at is None]
    assert len(standing) == len(set(standing))
    for one in known.open.values():
        assert one.giver != one.taker
        assert not {one.giver, one.taker} <= set(one.confirmed)
        assert one.returned_at is not None or not one.confirmed
    made = [one.fact.entry.no for one in day.facts if isinstance(one.fact, f.HandoverMade)]
    for day_no in {no[:11] for no in made}:
        of_day = [no for no in made if no.startswith(day_no)]
        assert of_day == [f"{day_no}-{n:03d}" for n in range(1, len(of_day) + 1)]


@settings(max_examples=30)
@given(st.lists(steps, min_size=5, max_size=40))
def test_laws_of_the_ledger(acts: list[tuple[Any, ...]]) -> None:
    """Any forty steps: the laws hold after each, and a fold from the last morning is the same hall."""
    day = LawfulDay(SMALL, "08:55")
    for counter, staff in zip(COUNTERS, PEOPLE, strict=False):
        day.login(counter, staff)
    day.at("09:00")
    for step in acts:
        act(day, step)
        check(day)
    begins = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan))
    assert day.folded([day.facts[0], *day.facts[begins:]]) == day.hall
