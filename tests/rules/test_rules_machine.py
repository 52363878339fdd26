"""Days of random requests: whatever is asked in whatever order, the promises hold and the facts alone tell all."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from broker.rules import facts as f
from broker.rules.due import next_due
from broker.rules.hall import LIVE
from broker.rules.hours import MINUTE, SECOND
from broker.rules.views import views
from broker.why import why
from contracts import messages as m
from contracts.values import Condition, CounterPhase, HallId, HallTime, PrintProof, StaffNo, VisitorClass
from sim.rules_day import RulesDay, hall_text

COUNTERS = st.sampled_from(["W01", "W02", "W03"])
GROUPS = st.sampled_from(["A", "B"])
CARDS = st.sampled_from(["04A1000101", "04A1000102", "04A1000103", "04A1000118", "04A1000004", "04AFFFFFFF"])
PACE = st.sampled_from([500, SECOND, 5 * SECOND, 30 * SECOND, 10 * MINUTE])
STAFF = st.sampled_from(["S001", "S002", "S003", "S004", "S101", "S999"])


class HallMachine(RuleBasedStateMachine):
    """The hall, with people who do anything at any time. ``RulesAlone`` checks invariants and every call by itself."""

    day: RulesDay
    own_numbers = 0

    @initialize(clock=st.sampled_from(["08:55", "09:10", "11:55", "13:40", "17:20"]), staffed=st.booleans())
    def open(self, clock: str, staffed: bool) -> None:
        """Start at an interesting time of the demo day, often with everybody at work."""
        self.day = RulesDay(hall_text("demo-small"), clock)
        if staffed:
            for counter, staff in (("W01", "S101"), ("W02", "S102"), ("W03", "S103")):
                self.day.login(counter, staff)

    @rule(ms=PACE)
    def time_passes(self, ms: int) -> None:
        """A moment goes by."""
        self.day.advance(HallTime(self.day.now + ms))

    @rule(hours=st.sampled_from([1, 2, 4, 16]), really=st.integers(0, 4))
    def hours_pass(self, hours: int, really: int) -> None:
        """Now and then the hall is left alone for hours, perhaps over noon, closing, or night."""
        if really == 0:
            self.day.advance(HallTime(self.day.now + hours * 60 * MINUTE))

    @rule(people=st.lists(st.tuples(GROUPS, st.booleans()), min_size=1, max_size=6))
    def people_come(self, people: list[tuple[str, bool]]) -> None:
        """Several tickets, each paper confirmed at once."""
        for group, care in people:
            self.somebody_takes_a_ticket(group, care, confirmed=True)

    @rule(counter=COUNTERS, turns=st.integers(1, 4), comes=st.booleans(), wait=st.sampled_from([0, 3, 5, 8]))
    def a_clerk_works(self, counter: str, turns: int, comes: bool, wait: int) -> None:
        """The natural next things at a counter: call, start or recall and miss, finish, rate."""
        for _ in range(turns):
            self.day.advance(HallTime(self.day.now + wait * SECOND))
            self._works(counter, comes=comes)

    def _works(self, counter: str, *, comes: bool) -> None:
        desk = next(desk for desk in self.day.hall.desks.values() if desk.counter == counter)
        node = f"TRM-{counter}"
        match desk.phase:
            case CounterPhase.FREE:
                self.day.try_call(counter)
            case CounterPhase.CALLED if comes:
                self.day.start(counter)
            case CounterPhase.CALLED:
                self.day.ask(node, m.RecallRequested, call=self.day.call_id(counter))
                self.day.ask(node, m.NoShowRequested, call=self.day.call_id(counter))
            case CounterPhase.SERVING:
                session = self.day.finish(counter)
                self.day.ask(f"PAD-{counter}", m.RatingSubmitted, session=session, level=4)
            case CounterPhase.CLOSED | CounterPhase.PAUSED:
                return

    @rule(group=GROUPS, care=st.booleans(), minutes=st.integers(0, 300), online=st.booleans(), paper=st.booleans())
    def a_machine_comes_back_with_its_own_number(
        self, group: str, care: bool, minutes: int, online: bool, paper: bool
    ) -> None:
        """Taken minutes or hours ago, perhaps of a press that got an online number as well; its paper is out or not."""
        attempt = None
        if online:
            answer = self.day.ask("TM-01", m.TicketRequested, group=group, care=care).answers[0][1]
            attempt = answer.request_id if isinstance(answer, m.TicketIssued | m.RequestRefused) else None
        self.own_numbers += 1
        stamp = m.Stamp(boot=self.day.boot("TM-01"), monotonic_ms=0, wall_at=self.day.now, age_ms=minutes * MINUTE)
        no = f"{group}1-{self.own_numbers:02d}"
        fields = {"no": no, "group": group, "care": care, "token": no, "attempt_of": attempt, "stamp": stamp}
        taken = self.day.ask("TM-01", m.OfflineTicketTaken, **fields).answers[0][1]
        assert isinstance(taken, m.RequestDone)
        if paper:
            self.day.ask("TM-01", m.OfflineTicketPrinted, taken=taken.request_id, copy=0, proof=PrintProof.CONFIRMED)
        else:
            self.day.ask("TM-01", m.OfflineTicketUnprinted, taken=taken.request_id, reason="paper out")

    @rule(group=GROUPS, care=st.booleans())
    def a_paper_stays_unconfirmed(self, group: str, care: bool) -> None:
        """A press without a word from the printer."""
        self.somebody_takes_a_ticket(group, care, confirmed=False)

    def somebody_takes_a_ticket(self, group: str, care: bool, *, confirmed: bool) -> None:
        """A press; perhaps its paper is confirmed."""
        decision = self.day.ask("TM-01", m.TicketRequested, group=group, care=care)
        answer = decision.answers[0][1]
        if confirmed and isinstance(answer, m.TicketIssued):
            self.day.ask("TM-01", m.TicketPrinted, ticket=answer.ticket, copy=0, proof=PrintProof.CONFIRMED)

    @rule(
        group=GROUPS,
        actor=STAFF,
        kind=st.sampled_from(VisitorClass),
        minutes=st.none() | st.integers(-40, 40),
        paper=st.booleans(),
    )
    def staff_enter_a_ticket(self, group: str, actor: str, kind: VisitorClass, minutes: int | None, paper: bool) -> None:
        """Any class, any person, any appointment."""
        agreed = None if minutes is None else HallTime(self.day.now + minutes * MINUTE)
        project = "YA2026-011" if kind in (VisitorClass.GREEN, VisitorClass.URGENT) else None
        self.day.ask(
            "OPS-01",
            m.TicketEntryRequested,
            actor=actor,
            group=group,
            visitor_class=kind,
            appointment_at=agreed,
            project=project,
            approved_by=actor,
            print_at="TM-01" if paper else None,
        )

    @precondition(lambda self: self.day.hall.tickets)
    @rule(
        data=st.data(),
        copy=st.integers(0, 2),
        act=st.sampled_from(["printed", "unprinted", "cancel", "reprint"]),
        actor=STAFF,
    )
    def something_happens_to_a_ticket(self, data: st.DataObject, copy: int, act: str, actor: str) -> None:
        """Papers come out or do not, holders give up, staff reprint; in any state of the ticket."""
        ticket = data.draw(st.sampled_from(sorted(self.day.hall.tickets)))
        asks: dict[str, tuple[str, type[m.Request], dict[str, Any]]] = {
            "printed": ("TM-01", m.TicketPrinted, {"copy": copy, "proof": PrintProof.DRAINED}),
            "unprinted": ("TM-01", m.TicketUnprinted, {"reason": "paper out"}),
            "cancel": ("OPS-01", m.TicketCancelRequested, {"actor": actor, "reason": "left"}),
            "reprint": ("OPS-01", m.ReprintRequested, {"actor": actor, "print_at": "TM-01"}),
        }
        node, kind, fields = asks[act]
        self.day.ask(node, kind, ticket=ticket, **fields)

    @rule(counter=COUNTERS, card=CARDS)
    def a_card_is_shown(self, counter: str, card: str) -> None:
        """Anybody at any counter."""
        self.day.ask(f"TRM-{counter}", m.LoginRequested, card=card)

    @rule(counter=COUNTERS, key=st.sampled_from(["next", "recall", "start", "missed", "finish", "pause", "resume"]))
    def a_clerk_presses_a_key(self, counter: str, key: str) -> None:
        """Any key at any time, allowed or not."""
        session = next(desk.session for desk in self.day.hall.desks.values() if desk.counter == counter)
        call = {"call": self.day.call_id(counter)}
        keys: dict[str, tuple[type[m.Request], dict[str, Any]]] = {
            "next": (m.CallNextRequested, {}),
            "recall": (m.RecallRequested, call),
            "start": (m.StartRequested, call),
            "missed": (m.NoShowRequested, call),
            "finish": (m.FinishRequested, {"session": session or "none"}),
            "pause": (m.PauseRequested, {}),
            "resume": (m.ResumeRequested, {}),
        }
        kind, fields = keys[key]
        self.day.ask(f"TRM-{counter}", kind, **fields)

    @rule(counter=COUNTERS, comes=st.booleans())
    def somebody_visits(self, counter: str, comes: bool) -> None:
        """A ticket for this counter, and as many acts there as a visit takes."""
        self.somebody_takes_a_ticket("B" if counter == "W03" else "A", care=False, confirmed=True)
        for _ in range(4):
            self._works(counter, comes=comes)
            self.day.advance(HallTime(self.day.now + 6 * SECOND))

    @rule(counter=COUNTERS, level=st.integers(0, 6), data=st.data(), age=st.none() | st.integers(0, 120_000))
    def a_face_is_pressed(self, counter: str, level: int, data: st.DataObject, age: int | None) -> None:
        """For any session there was; the service records exactly one outcome for each press (I6)."""
        session = data.draw(st.sampled_from([*sorted(self.day.hall.sessions), "none"]))
        node = f"PAD-{counter}"
        stamp = m.Stamp(boot=self.day.boot(node), monotonic_ms=0, wall_at=self.day.now, age_ms=age)
        decision = self.day.ask(node, m.RatingSubmitted, session=session, level=level, stamp=stamp)
        assert len(decision.facts) == len(decision.answers) == 1

    @rule(
        node=st.sampled_from(["TM-01", "PAD-W01", "CLK-01", "TM-99"]),
        act=st.sampled_from(["born", "again", "died", "planned"]),
    )
    def a_node_lives_or_dies(self, node: str, act: str) -> None:
        """Births, reconnections, wills, goodbyes; also of a stranger."""
        if act in ("born", "again"):
            self.day.born(node, again=act == "again")
            self.day.ask(node, m.HealthReported, part="printer", condition=Condition.WARNING, code=act)
        else:
            self.day.died(node, planned=act == "planned")

    @rule(staff=STAFF, age=st.none() | st.integers(0, 3_600_000), wall=st.integers(-(10**9), 10**9))
    def somebody_punches(self, staff: str, age: int | None, wall: int) -> None:
        """A punch is stored, whatever the clock's clocks say (I7), and never lies in the future."""
        stamp = m.Stamp(boot=self.day.boot("CLK-01"), monotonic_ms=5, wall_at=HallTime(self.day.now + wall), age_ms=age)
        decision = self.day.ask("CLK-01", m.PunchMade, card=None, staff=staff, stamp=stamp)
        fact = decision.facts[-1]
        assert isinstance(fact, f.PunchStored)
        assert fact.at <= self.day.now

    @rule(minutes=st.integers(1, 30), counter=COUNTERS)
    def there_is_an_emergency(self, minutes: int, counter: str) -> None:
        """Facts that no request makes yet; their effect on the queue clock and the calls must hold all the same."""
        self.day.record(f.EmergencyBegan(actor=STAFF_NO))
        self._works(counter, comes=False)
        self.day.advance(HallTime(self.day.now + minutes * MINUTE))
        self.day.record(f.EmergencyEnded(actor=STAFF_NO))

    @invariant()
    def time_never_stalls(self) -> None:
        """The next due instant always lies ahead once the due ones are done."""
        if hasattr(self, "day"):
            self.day.let_time_pass()
            due = next_due(self.day.hall)
            assert due is not None
            assert due > self.day.now

    @invariant()
    def numbers_are_given_once(self) -> None:
        """I1: over the whole history no ticket id is issued twice, and each day's numbers have no gap."""
        if not hasattr(self, "day"):
            return
        issued = [one.fact.ticket for one in self.day.facts if isinstance(one.fact, f.TicketIssued)]
        assert len(issued) == len(set(issued))
        for group in "AB":
            numbers = [int(one.no[1:]) for one in self.day.hall.tickets.values() if one.group == group and "-" not in one.no]
            assert numbers == list(range(1, len(numbers) + 1))

    def teardown(self) -> None:
        """The facts, folded anew, give an equal hall; so do those since the last day began; every state can be shown."""
        if not hasattr(self, "day"):
            return
        assert self.day.folded() == self.day.hall
        begins = max(n for n, one in enumerate(self.day.facts) if isinstance(one.fact, f.DayBegan))
        assert self.day.folded([self.day.facts[0], *self.day.facts[begins:]]) == self.day.hall
        assert views(self.day.hall, HallId("yongan-small"))
        for ticket in self.day.hall.tickets:
            assert why(self.day.facts, ticket) is not None
        self._every_ticket_ends()

    def _every_ticket_ends(self) -> None:
        """I2: by the next midnight each number of the day was served, missed or cancelled with a reason."""
        tickets = set(self.day.hall.tickets)
        self.day.advance(self.day.hall.today.over)
        ends = (f.ServiceFinished, f.TicketMissed, f.TicketCancelled)
        ended = [one.fact.ticket for one in self.day.facts if isinstance(one.fact, ends)]
        assert tickets <= set(ended)
        assert len(ended) == len(set(ended))
        assert not any(one.state in LIVE for one in self.day.hall.tickets.values())


STAFF_NO = StaffNo("S002")
TestHallMachine = HallMachine.TestCase
TestHallMachine.settings = settings(max_examples=120, stateful_step_count=50, deadline=None)
