"""What counters and the catalogue are during a day: other groups with audit (HALL-19.3), a new catalogue (HALL-18)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.rules import facts as f
from broker.rules.service_day.serves import groups_at
from contracts import messages as m
from contracts.values import CounterId, GroupId, Refusal, ServiceId
from sim.rules_day import RulesDay, hall_text, refusal

W12 = CounterId("W12")


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at 10:20, S117 at W12."""
    day = RulesDay(hall_text("demo-hall"))
    day.at("10:20")
    day.login("W12", "S117")
    return day


def change(day: RulesDay, counter: str, *groups: str) -> None:
    """The duty leader says what a counter serves."""
    day.do("OPS-01", m.CounterGroupsRequested, actor="S002", counter=counter, groups=groups)


def test_w12_adds_group_b(day: RulesDay) -> None:
    """HALL-19.3, the example: from 10:20 the next call of W12 may take B tickets."""
    ticket = day.take("B")
    assert refusal(day.try_call("W12")) is Refusal.NOBODY_WAITING
    change(day, "W12", "H", "B")
    assert day.call_and_serve("W12") == ticket.no


def test_whoever_can_do_the_new_groups_may_log_in(day: RulesDay) -> None:
    """HALL-19.3: W12 is given B, and S105, who can do B and nothing else, may sit there."""
    day.login("W12", "S117")  # leaves
    change(day, "W12", "H", "B")
    ticket = day.take("B")
    day.login("W12", "S105")
    assert day.call_and_serve("W12") == ticket.no


def test_change_is_audited(day: RulesDay) -> None:
    """HALL-19.3: who, what, and what it was before; the same again is no change."""
    change(day, "W12", "H", "B")
    change(day, "W12", "B", "H")
    audit = [one.fact for one in day.facts if isinstance(one.fact, f.CounterGroupsChanged)]
    assert [(one.counter, one.groups, one.before, one.actor) for one in audit] == [("W12", ("H", "B"), ("H",), "S002")]


def test_change_is_for_the_rest_of_the_day(day: RulesDay) -> None:
    """HALL-19.3: tomorrow the configuration counts again."""
    change(day, "W12", "H", "B")
    day.advance(day.hall.today.over)
    assert groups_at(day.hall, W12) == ("H",)


def test_session_goes_on_through_a_change(day: RulesDay) -> None:
    """Whoever is being served is served on."""
    ticket = day.take("H")
    day.call("W12")
    day.start("W12")
    day.do("OPS-01", m.CounterGroupsRequested, actor="S002", counter="W11", groups=("G", "H"))
    change(day, "W12", "B")
    day.finish("W12")
    assert ticket.state.value == "done"


@settings(max_examples=40)
@given(
    changes=st.lists(
        st.tuples(
            st.sampled_from([f"W{n:02d}" for n in range(1, 13)]),
            st.lists(st.sampled_from("ABCDEFGH"), max_size=3, unique=True),
        ),
        max_size=12,
    )
)
def test_no_change_leaves_a_group_unreachable(changes: list[tuple[str, list[str]]]) -> None:
    """HALL-19.3: whatever is asked for, some counter serves every group, so every ticket can be called."""
    day = RulesDay(hall_text("demo-hall"), "10:00")
    for counter, groups in changes:
        day.ask("OPS-01", m.CounterGroupsRequested, actor="S002", counter=counter, groups=tuple(groups))
        served = {group for one in day.hall.in_force.counters for group in groups_at(day.hall, one)}
        assert served == set(day.hall.in_force.groups)


# --- A new catalogue -----------------------------------------------------------------------------------------------------


def test_issued_tickets_keep_their_service(day: RulesDay) -> None:
    """HALL-18: a catalogue changed mid-day counts from the next ticket on; those issued keep theirs."""
    day.login("W02", "S101")
    ticket = day.take("A", service="SV03")
    renamed = hall_text("demo-hall").replace("食品经营许可新办", "食品经营许可(新版)")
    day.adopt(renamed)
    assert ticket.service == ServiceId("SV03")
    assert day.call_and_serve("W02") == ticket.no
    assert day.take("A", service="SV03").service == ServiceId("SV03")


def test_ticket_of_a_service_that_moved_is_still_called(day: RulesDay) -> None:
    """HALL-18: SV05 moves from group A to H; who came before is served where they wait, a new one there."""
    day.login("W02", "S101")
    old = day.take("A", service="SV05")
    text = hall_text("demo-hall")
    line = next(one for one in text.splitlines() if '"SV05"' in one and "avg_min" in one)
    day.adopt(text.replace(line, line.replace('group = "A"', 'group = "H"')))
    assert old.pair == (GroupId("A"), ServiceId("SV05"))
    assert refusal(day.ask("TM-01", m.TicketRequested, group="A", service="SV05")) is Refusal.UNKNOWN_SERVICE
    new = day.take("H", service="SV05")
    assert day.call_and_serve("W02") == old.no
    assert day.call_and_serve("W12") == new.no


def test_changed_groups_survive_a_new_configuration(day: RulesDay) -> None:
    """HALL-19.3 under HALL-18: what the leader said for today holds, except for groups that are no more."""
    change(day, "W12", "H", "B")
    day.adopt(hall_text("demo-hall") + "\n# edited\n")
    assert groups_at(day.hall, W12) == ("H", "B")


def test_nobody_is_left_in_a_group_that_is_no_more(day: RulesDay) -> None:
    """HALL-18: group H is dissolved at noon; its tickets are called by whoever can do what they came for."""
    ticket, plain = day.take("H", service="SV18"), day.take("H")
    text = hall_text("demo-hall")
    lines = [
        line.replace('group = "H"', 'group = "G"').replace('groups = ["H"]', 'groups = ["G"]')
        for line in text.splitlines()
        if '{ id = "H"' not in line
    ]
    day.adopt("\n".join(lines).replace('["A", "B", "G"]', '["A", "B"]'))
    assert "H" not in day.hall.in_force.groups
    assert day.call_and_serve("W12") == ticket.no
    assert refusal(day.ask("TM-01", m.TicketRequested, group="H")) is Refusal.UNKNOWN_GROUP
    assert day.call_and_serve("W12") == plain.no
