"""A hall to play a script in: one method for each thing somebody does, at message level, and for each thing one can see."""

from datetime import date
from typing import Any

from broker.rules import facts as f
from broker.rules.hours import on_day
from contracts import messages as m
from contracts.values import (
    AppointmentId,
    CounterId,
    GroupId,
    HallTime,
    Ms,
    NodeName,
    PrintProof,
    StaffNo,
    TaskKind,
    TicketId,
    TicketNo,
)
from sim.day.floor import OPS
from sim.day.house import House, refused
from sim.day.nature import SECOND

SPEAKING = ("ticket_machine", "query_machine", "counter_terminal", "rating_pad", "main_display", "attendance_clock")
"""The kinds of device that are nodes."""


class Stage:
    """The demo hall on one day. What was asked and refused is told in words, so that a check can compare it."""

    def __init__(self, text: str, day: date, *, seed: int = 1, starts: HallTime | None = None) -> None:
        self.day = day
        self.house = House(text, seed=seed, start=on_day(day, "08:25") if starts is None else starts)
        self.papers: dict[TicketNo, m.TicketIssued] = {}
        self.appointments: dict[str, AppointmentId] = {}
        """Appointments made, under the name the script gives them."""
        self._cards = {one.id: one.card for one in self.house.config.staff}

    def time(self, clock: str) -> HallTime:
        """``HH:MM`` or ``HH:MM:SS`` of the day."""
        seconds = int(clock[6:]) if len(clock) > len("HH:MM") else 0
        return HallTime(on_day(self.day, clock[:5]) + seconds * SECOND)

    # --- The house -------------------------------------------------------------------------------------------------------

    def switch_on(self) -> None:
        """The service starts, then every node that is declared."""
        self.house.start()
        nodes = [one.id for one in self.house.config.devices if one.kind in SPEAKING]
        self.house.born(*nodes, OPS)

    def online(self) -> str:
        """How many of the declared nodes are online."""
        speaking = {one.id for one in self.house.config.devices if one.kind in SPEAKING}
        there = {node for node, life in self.house.hall.nodes.items() if life.online}
        return "all online" if speaking <= there else f"{len(speaking - there)} offline"

    # --- Visitors --------------------------------------------------------------------------------------------------------

    def press(self, group: str, machine: str = "TM-01", **fields: Any) -> str:
        """Take a ticket and its paper; its number, or why there is none."""
        answer = self.house.ask(machine, m.TicketRequested, group=group, **fields)
        if not isinstance(answer, m.TicketIssued):
            return _why(answer)
        return self._take_paper(machine, answer)

    def _take_paper(self, machine: str, paper: m.TicketIssued) -> str:
        self.papers[paper.no] = paper
        proof = PrintProof.CONFIRMED
        self.house.ask(machine, m.TicketPrinted, ticket=paper.ticket, copy=paper.copy, proof=proof)
        return paper.no

    def book(self, name: str, group: str, clock: str) -> str:
        """Somebody asks for an appointment by phone, and staff confirm it with its notice."""
        made = self.staff(
            m.AppointmentRequested, "S004", group=GroupId(group), at=self.time(clock), contact="13900000000", channel="phone"
        )
        if not isinstance(made, m.AppointmentMade):
            return _why(made)
        self.appointments[name] = made.appointment
        confirmed = self.staff(
            m.AppointmentConfirmRequested, "S004", appointment=made.appointment, notice_id=f"ONCE-{made.appointment[-4:]}"
        )
        return _why(confirmed)

    def check_in(self, name: str, machine: str = "TM-01") -> str:
        """The guide checks a person in; the number of their ticket."""
        before = len(self.house.orders.get(NodeName(machine), []))
        answer = self.staff(m.CheckInRequested, "S004", appointment=self.appointments.get(name))
        if isinstance(answer, m.TicketIssued):
            return self._take_paper(machine, answer)
        orders = self.house.orders.get(NodeName(machine), [])[before:]
        if orders:
            return self._take_paper(machine, orders[-1])
        if isinstance(answer, m.RequestDone) and answer.ticket is not None:
            return answer.ticket.split("/")[1]
        return _why(answer)

    def ticket(self, no: str) -> TicketId:
        """The ticket with this number today."""
        return TicketId(f"{self.day.isoformat()}/{no}")

    def state_of(self, no: str) -> str:
        """Where a ticket is in its life."""
        ticket = self.house.hall.tickets.get(self.ticket(no))
        return "unknown" if ticket is None else ticket.state.value

    def rate(self, counter: str, level: int) -> str:
        """A face is pressed at the pad of a counter."""
        desk = self.desk(counter)
        if desk.session is None:
            return "the pad does not ask"
        return _why(self.house.ask(f"PAD-{counter}", m.RatingSubmitted, session=desk.session, level=level))

    # --- Clerks ----------------------------------------------------------------------------------------------------------

    def card(self, counter: str, staff: str) -> str:
        """Hold a work card to a terminal."""
        return _why(self.house.ask(f"TRM-{counter}", m.LoginRequested, card=self._cards[StaffNo(staff)]))

    def call(self, counter: str) -> str:
        """Press call next; the number called, or why nobody was."""
        answer = self.key(counter, m.CallNextRequested)
        return answer if answer != "done" else str(self.desk(counter).ticket)

    def key(self, counter: str, kind: type[m.Request], /, **fields: Any) -> str:
        """Any key of a terminal."""
        return _why(self.house.ask(f"TRM-{counter}", kind, **fields))

    def start(self, counter: str) -> str:
        """The visitor has come to the counter."""
        return self.key(counter, m.StartRequested, call=self.desk(counter).call or "none")

    def finish(self, counter: str) -> str:
        """The service is over."""
        return self.key(counter, m.FinishRequested, session=self.desk(counter).session or "none")

    def serve(self, counter: str, seconds: int) -> str:
        """The visitor who was called sits down, and is done after so long."""
        self.house.at(HallTime(self.house.now + seconds * SECOND), lambda: self._note(self.finish(counter)))
        return self.start(counter)

    def call_and_serve(self, counter: str, seconds: int) -> str:
        """Call, and serve whoever comes for so long; the number called."""
        no = self.call(counter)
        if no in self.papers or self.desk(counter).ticket == no:
            self.serve(counter, seconds)
        return no

    def work(self, counters: tuple[str, ...], until: str, seconds: int) -> None:
        """These counters call and serve, each visitor for so long, until then or until nobody is left."""
        for counter in counters:
            self._work_on(counter, self.time(until), seconds * SECOND)

    def _work_on(self, counter: str, until: HallTime, lasts: Ms) -> None:
        if self.house.now >= until or not self.house.is_up:
            return
        if self.desk(counter).phase == "free" and self.desk(counter).waiting:
            self.call_and_serve(counter, lasts // SECOND)
        self.house.at(HallTime(self.house.now + lasts + 5 * SECOND), lambda: self._work_on(counter, until, lasts))

    def _note(self, what: str) -> None:
        self.house.events.note("script", what)

    # --- Staff -----------------------------------------------------------------------------------------------------------

    def staff(self, kind: type[m.Request], actor: str, /, **fields: Any) -> m.Message | None:
        """A request of a person at the ``ops`` node."""
        return self.house.ask(OPS, kind, actor=StaffNo(actor), **fields)

    def told(self, kind: type[m.Request], actor: str, /, **fields: Any) -> str:
        """The same, in words: ``done`` or why not."""
        return _why(self.staff(kind, actor, **fields))

    # --- What one can see ------------------------------------------------------------------------------------------------

    def desk(self, counter: str) -> m.DeskState:
        """What the terminal of a counter shows."""
        state = self.house.states[self.house.topics.desk(CounterId(counter))]
        assert isinstance(state, m.DeskState)
        return state

    def board(self, counter: str) -> m.CounterBoard:
        """What the sign of a counter goes by."""
        state = self.house.states[self.house.topics.counter_board(CounterId(counter))]
        assert isinstance(state, m.CounterBoard)
        return state

    @property
    def hall_board(self) -> m.HallBoard:
        """What the main board goes by."""
        state = self.house.states[self.house.topics.hall_board]
        assert isinstance(state, m.HallBoard)
        return state

    def waiting(self, group: str) -> int:
        """How many wait in a group."""
        state = self.house.states[self.house.topics.queue_board(GroupId(group))]
        assert isinstance(state, m.QueueBoard)
        return state.waiting

    def tasks(self, kind: TaskKind) -> list[m.TaskInfo]:
        """The open tasks of a kind."""
        state = self.house.states[self.house.topics.task_board]
        assert isinstance(state, m.TaskBoard)
        return [one for one in state.tasks if one.kind is kind]

    def facts(self, *kinds: type[f.Fact]) -> list[f.Recorded]:
        """What is stored of these kinds."""
        return [one for one in self.house.facts() if isinstance(one.fact, kinds)]

    def scores(self, counter: str) -> str:
        """The points the last call at a counter compared, best first: ``A007 46.0, A003 13.0``."""
        calls = [one.fact for one in self.facts(f.TicketCalled)]
        last = next(one for one in reversed(calls) if isinstance(one, f.TicketCalled) and one.counter == counter)
        return ", ".join(f"{one.ticket.split('/')[1]} {one.points // 600_000 / 10:.1f}" for one in last.compared)


def _why(answer: m.Message | None) -> str:
    """An answer in a word: ``done``, or the reason it was refused."""
    if answer is None:
        return "no answer"
    reason = refused(answer)
    return "done" if reason is None else reason.value
