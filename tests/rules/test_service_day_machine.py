"""Random days of leaders, clerks and visitors: nothing that is asked of the hall's day loses a ticket or stops time."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from broker.cli.ledger import made
from broker.rules.hall import LIVE, TicketState
from broker.rules.hours import MINUTE, SECOND
from broker.rules.service_day.serves import groups_at
from contracts import messages as m
from contracts.values import CounterPhase, HallPhase, HallTime, HelpKind
from sim.rules_day import RulesDay, hall_text

STAFF = {"W01": "S103", "W02": "S101", "W03": "S102", "W04": "S105", "W07": "S108", "W08": "S111", "W12": "S117"}
COUNTERS = st.sampled_from([*STAFF, "W09", "W99"])
GROUPS = st.sampled_from("ABDHZ")
ACTORS = st.sampled_from(["S001", "S002", "S004", "S101", "S108", "S999"])
PACE = st.sampled_from([SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 20 * MINUTE])


class ServiceDayMachine(RuleBasedStateMachine):
    """The demo hall. ``RulesAlone`` checks every invariant, recomputes every call, and finds time standing still."""

    day: RulesDay

    @initialize(clock=st.sampled_from(["08:55", "11:50", "17:10", "17:25"]))
    def open(self, clock: str) -> None:
        """Just before a bound of the day, with seven counters manned."""
        self.day = RulesDay(hall_text("demo-hall"), clock)
        for counter, staff in STAFF.items():
            self.day.login(counter, staff)

    def ask(self, node: str, kind: type[m.Request], /, **fields: Any) -> None:
        """Done or refused; either way nothing breaks."""
        self.day.ask(node, kind, **fields)

    @rule(ms=PACE)
    def time_passes(self, ms: int) -> None:
        """A moment goes by."""
        self.day.advance(HallTime(self.day.now + ms))

    @rule(groups=st.lists(GROUPS, min_size=1, max_size=12))
    def visitors_come(self, groups: list[str]) -> None:
        """Several at once, as in a surge; each told its number."""
        for group in groups:
            self.ask("OPS-01", m.TicketEntryRequested, actor="S002", group=group)

    @rule(counter=st.sampled_from(list(STAFF)))
    def a_clerk_does_the_next_thing(self, counter: str) -> None:
        """Call, start or finish, whatever comes next at this counter."""
        desk = next(one for name, one in self.day.hall.desks.items() if name == counter)
        if desk.phase is CounterPhase.SERVING:
            self.ask(f"TRM-{counter}", m.FinishRequested, session=desk.session)
        elif desk.phase is CounterPhase.CALLED:
            self.ask(f"TRM-{counter}", m.StartRequested, call=self.day.call_id(counter))
        else:
            self.ask(f"TRM-{counter}", m.CallNextRequested)

    @rule(counter=st.sampled_from(list(STAFF)), staff=st.sampled_from([*STAFF.values(), "S109", "S110"]))
    def somebody_presents_a_card(self, counter: str, staff: str) -> None:
        """Comes, goes, or is turned away."""
        card = self.day.hall.in_force.staff[next(one for one in self.day.hall.in_force.staff if one == staff)].card
        self.ask(f"TRM-{counter}", m.LoginRequested, card=card)

    @rule(counter=st.sampled_from(list(STAFF)), back=st.booleans())
    def a_clerk_cannot_stay(self, counter: str, back: bool) -> None:
        """无法延时, or a held ticket is taken up again."""
        kind = m.HeldResumeRequested if back else m.ExtensionRefusalRequested
        self.ask(f"TRM-{counter}", kind, **({} if back else {"reason": "接孩子"}))

    @rule(actor=ACTORS, to=st.sampled_from(["S108", "S109", "S102", "S999"]), data=st.data())
    def somebody_is_picked(self, actor: str, to: str, data: st.DataObject) -> None:
        """For a free counter, for a held visitor, or for anybody else."""
        counters = [*self.day.hall.service_day.leaving, "W07"]
        self.ask("OPS-01", m.ExtensionAssignRequested, actor=actor, counter=data.draw(st.sampled_from(counters)), to=to)
        tickets = [*self.day.hall.service_day.refused, *list(self.day.hall.tickets)[-2:]]
        if tickets:
            ticket = data.draw(st.sampled_from(tickets))
            self.ask("OPS-01", m.ExtensionAssignRequested, actor=actor, ticket=ticket, to=to)

    @rule(actor=ACTORS, confirmed=st.booleans(), end=st.booleans())
    def emergency(self, actor: str, confirmed: bool, end: bool) -> None:
        """Begins in two steps, ends in one."""
        if end:
            self.ask("OPS-01", m.EmergencyEndRequested, actor=actor)
        else:
            self.ask("OPS-01", m.EmergencyRequested, actor=actor, confirmed=confirmed)

    @rule(actor=ACTORS, counters=st.lists(COUNTERS, max_size=3))
    def closing_plan(self, actor: str, counters: list[str]) -> None:
        """Who stays."""
        self.ask("OPS-01", m.ClosingPlanRequested, actor=actor, counters=tuple(counters))

    @rule(actor=ACTORS)
    def noon_service(self, actor: str) -> None:
        """午间延时."""
        self.ask("OPS-01", m.NoonServiceRequested, actor=actor)

    @rule(counter=COUNTERS, group=GROUPS, withdraw=st.booleans())
    def counter_added(self, counter: str, group: str, withdraw: bool) -> None:
        """Joins, or leaves."""
        self.ask("OPS-01", m.CounterAddRequested, actor="S002", counter=counter, group=group, withdraw=withdraw)

    @rule(counter=COUNTERS, groups=st.lists(GROUPS, max_size=3))
    def counter_changed(self, counter: str, groups: list[str]) -> None:
        """Serves something else."""
        self.ask("OPS-01", m.CounterGroupsRequested, actor="S002", counter=counter, groups=tuple(groups))

    @rule(kind=st.sampled_from(list(HelpKind)))
    def help_wanted(self, kind: HelpKind) -> None:
        """At a machine."""
        self.ask("TM-01", m.HelpRequested, kind=kind)

    @rule(moved=st.booleans())
    def catalogue_changes(self, moved: bool) -> None:
        """SV13 moves from D to H, or back; or only a comment changes."""
        text = hall_text("demo-hall")
        line = next(one for one in text.splitlines() if '"SV13"' in one and "avg_min" in one)
        self.day.adopt(text.replace(line, line.replace('group = "D"', 'group = "H"')) if moved else text)

    # --- Laws ------------------------------------------------------------------------------------------------------------

    @invariant()
    def every_group_has_a_counter(self) -> None:
        """HALL-19.3: nobody waits where no counter serves."""
        hall = self.day.hall
        assert {group for one in hall.in_force.counters for group in groups_at(hall, one)} >= set(hall.in_force.groups)

    @invariant()
    def what_is_shown_is_true(self) -> None:
        """Views are made of any hall, those kept are the same, and nothing is extended in opening hours."""
        boards = self.day.seen()
        extended = any(isinstance(one, m.CounterBoard) and one.extended for one in boards.values())
        assert not (extended and self.day.hall.phase is HallPhase.OPEN)

    def teardown(self) -> None:
        """Every ticket ends, the facts alone make the same hall, and the ledgers can be written."""
        if not hasattr(self, "day"):
            return
        held = [one for one in self.day.hall.tickets.values() if one.state is TicketState.HELD]
        assert all(one.id in self.day.hall.course.held for one in held)
        assert self.day.folded() == self.day.hall
        for kind in ("extended", "windows", "calls"):
            made(kind, self.day.facts)
        tickets = list(self.day.hall.tickets.values())
        self.day.advance(self.day.hall.today.over)
        assert not [one for one in tickets if one.state in LIVE]


TestServiceDayMachine = ServiceDayMachine.TestCase
TestServiceDayMachine.settings = settings(max_examples=15, stateful_step_count=30)
