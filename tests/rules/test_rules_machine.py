"""Days of random requests: whatever is asked in whatever order, the promises hold and the facts alone tell all."""

from collections import Counter
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from broker.rules import facts as f
from broker.rules.due import next_due
from broker.rules.hall import LIVE, TicketState
from broker.rules.hours import MINUTE, SECOND
from broker.rules.views import views
from broker.why import why
from contracts import messages as m
from contracts.values import Condition, CounterPhase, CoverMode, HallId, HallTime, PrintProof, StaffNo, VisitorClass
from sim.lawful_day import LawfulDay, rows_differ
from sim.rules_day import hall_text

COUNTERS = st.sampled_from(["W01", "W02", "W03"])
GROUPS = st.sampled_from(["A", "B"])
CARDS = st.sampled_from(["04A1000101", "04A1000102", "04A1000103", "04A1000118", "04A1000004", "04AFFFFFFF"])
PACE = st.sampled_from([500, SECOND, 5 * SECOND, 30 * SECOND, 10 * MINUTE])
STAFF = st.sampled_from(["S001", "S002", "S003", "S004", "S101", "S999"])


class HallMachine(RuleBasedStateMachine):
    """The hall, with people who do anything at any time.

    ``RulesAlone`` checks the invariants and recomputes every call and step by itself; ``LawfulDay`` holds each call against
    the laws of 1.0.4 and what must never be overwritten.
    """

    day: LawfulDay
    own_numbers = 0

    @initialize(
        clock=st.sampled_from(["08:55", "09:10", "11:55", "13:40", "17:20"]), staffed=st.booleans(), two=st.booleans()
    )
    def open(self, clock: str, staffed: bool, two: bool) -> None:
        """Start at an interesting time of the demo day, often with everybody at work, perhaps with two seats at W02."""
        text = hall_text("demo-small")
        self.day = LawfulDay(text.replace('post = "P02" }', 'post = "P02", seats = 2 }') if two else text, clock)
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

    @rule(
        counter=COUNTERS,
        key=st.sampled_from(["hold", "unhold", "transfer", "lead", "accept", "take back", "look"]),
        to=COUNTERS,
        group=GROUPS,
        truth=st.tuples(st.booleans(), st.booleans()),
    )
    def a_visitor_goes_another_way(self, counter: str, key: str, to: str, group: str, truth: tuple[bool, bool]) -> None:
        """Put aside, sent on, led, looked at; allowed or not."""
        call = {"call": self.day.call_id(counter)}
        keys: dict[str, tuple[type[m.Request], dict[str, Any]]] = {
            "hold": (m.HoldRequested, call),
            "unhold": (m.HeldResumeRequested, {}),
            "transfer": (m.TransferRequested, {**call, "group": group}),
            "lead": (m.LeadRequested, {**call, "to": to}),
            "accept": (m.LeadAcceptRequested, {}),
            "take back": (m.LeadEndRequested, call),
            "look": (m.CareCheckRequested, {**call, "verified": truth[0], "to_queue": truth[1]}),
        }
        kind, fields = keys[key]
        self.day.ask(f"TRM-{counter}", kind, **fields)

    @rule(counter=COUNTERS, group=GROUPS, way=st.sampled_from(["hold", "transfer", "lead"]), minutes=st.integers(0, 12))
    def a_visit_takes_a_detour(self, counter: str, group: str, way: str, minutes: int) -> None:
        """The natural next things: whoever is served goes another way, and somebody goes on with them."""
        self._goes_on(counter)
        if self._phase(counter) is CounterPhase.CALLED:
            self.day.start(counter)
        node, call = f"TRM-{counter}", {"call": self.day.call_id(counter)}
        to = "W03" if counter != "W03" else "W01"
        self.day.advance(HallTime(self.day.now + minutes * MINUTE))
        if way == "hold":
            self.day.ask(node, m.HoldRequested, **call)
            self.day.ask(node, m.HeldResumeRequested)
        elif way == "transfer":
            self.day.ask(node, m.TransferRequested, group=group, **call)
        else:
            self.day.ask(node, m.LeadRequested, to=to, **call)
            self.day.ask(f"TRM-{to}", m.LeadAcceptRequested)

    @precondition(lambda self: self.day.hall.tickets)
    @rule(data=st.data(), kind=st.sampled_from(VisitorClass), withdraw=st.booleans(), actor=STAFF, wanted=st.booleans())
    def a_ticket_changes_class_or_comes_back(
        self, data: st.DataObject, kind: VisitorClass, withdraw: bool, actor: str, wanted: bool
    ) -> None:
        """Opened, withdrawn, reactivated; in any state, most often one that allows it."""
        missed = [one.id for one in self.day.hall.tickets.values() if one.state is TicketState.NO_SHOW]
        if missed and wanted:
            ticket = data.draw(st.sampled_from(sorted(missed)))
            self.day.ask("TM-01", m.ReactivateRequested, no=self.day.hall.tickets[ticket].no)
            return
        ticket = data.draw(st.sampled_from(sorted(self.day.hall.tickets)))
        project = "YA2026-011" if kind in (VisitorClass.GREEN, VisitorClass.URGENT) else None
        fields = {"visitor_class": kind, "withdraw": withdraw, "reason": "x", "project": project, "approved_by": "S002"}
        self.day.ask("OPS-01", m.ClassChangeRequested, actor=actor, ticket=ticket, **fields)

    @rule(counter=COUNTERS)
    def nobody_comes(self, counter: str) -> None:
        """Called as often as the rules ask, and missed."""
        self._goes_on(counter)
        if self._phase(counter) is CounterPhase.CALLED and self.day.hall.emergency_since is None:
            self.day.miss(counter)

    def _goes_on(self, counter: str) -> None:
        """A free counter calls the next."""
        if self._phase(counter) is CounterPhase.FREE:
            self.day.try_call(counter)

    def _phase(self, counter: str) -> CounterPhase:
        return next(desk.phase for desk in self.day.hall.desks.values() if desk.counter == counter)

    @rule(counter=COUNTERS, covered=COUNTERS, mode=st.sampled_from(CoverMode), ends=st.booleans())
    def somebody_acts_for_another(self, counter: str, covered: str, mode: CoverMode, ends: bool) -> None:
        """Merge, take over, go there or not, and stop it, allowed or not (AB-4.6)."""
        if ends:
            self.day.ask(f"TRM-{counter}", m.CoverEndRequested)
        else:
            self.day.ask(f"TRM-{counter}", m.CoverRequested, counter=covered, mode=mode)

    @rule(actor=STAFF, staff=STAFF, begins=st.integers(-60, 600), minutes=st.integers(-10, 1000), withdraw=st.booleans())
    def somebody_is_entered_as_away(self, actor: str, staff: str, begins: int, minutes: int, withdraw: bool) -> None:
        """By anybody, for any time; or taken back."""
        at = HallTime(self.day.now + begins * MINUTE)
        known = next((one for one in self.day.hall.posts.absences if one.staff == staff), None) if withdraw else None
        begins_at, ends_at = (at, HallTime(at + minutes * MINUTE)) if known is None else (known.begins, known.ends)
        kind = "meeting" if minutes % 2 else "annual"
        times = {"begins": begins_at, "ends": ends_at}
        self.day.ask("OPS-01", m.AbsenceEntryRequested, actor=actor, staff=staff, kind=kind, withdraw=withdraw, **times)

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
        fact = decision.facts[0]
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
            numbers = [int(one.no[1:]) for one in self.day.hall.tickets.values() if one.no[0] == group and "-" not in one.no]
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
        assert list(rows_differ(self.day)) == []
        self._every_ticket_ends()

    def _every_ticket_ends(self) -> None:
        """I2: by the next midnight each number of the day was served, missed or cancelled with a reason.

        Each time it ended once; only a missed one came back, and at most once.
        """
        tickets = set(self.day.hall.tickets)
        self.day.advance(self.day.hall.today.over)
        ends = (f.ServiceFinished, f.TicketMissed, f.TicketCancelled)
        ended = [one.fact.ticket for one in self.day.facts if isinstance(one.fact, ends)]
        assert tickets <= set(ended)
        back = [one.fact.ticket for one in self.day.facts if isinstance(one.fact, f.TicketReactivated)]
        assert len(back) == len(set(back))
        assert Counter(ended) - Counter(back) == Counter(set(ended))
        assert not any(one.state in LIVE for one in self.day.hall.tickets.values())


STAFF_NO = StaffNo("S002")
TestHallMachine = HallMachine.TestCase
TestHallMachine.settings = settings(max_examples=120, stateful_step_count=50)
