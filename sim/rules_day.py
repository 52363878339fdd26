"""A day in the words of the hall, played on the rules alone: take a ticket, log in, call, start, finish, rate."""

from datetime import date
from importlib.resources import files
from typing import Any, TypeVar

from broker.rules.asking import Decision
from broker.rules.hall import Ticket
from broker.rules.hours import on_day
from broker.rules.tasks.state import Task
from contracts import messages as m
from contracts.values import CoverMode, HallTime, PrintProof, Refusal, TaskKind, TicketNo, VisitorClass
from sim.rules_alone import RulesAlone

Shown = TypeVar("Shown", bound=m.Versioned)

TUESDAY = date(2026, 3, 10)
"""The demo day of the rule book, an ordinary working day."""


def hall_text(name: str) -> str:
    """The text of a hall that ships: ``demo-hall`` or ``demo-small``."""
    return files("broker").joinpath("halls", f"{name}.toml").read_text(encoding="utf-8")


def refusal(decision: Decision) -> Refusal | None:
    """Why it was refused, if the asker was told so."""
    if not decision.answers:
        return None
    answer = decision.answers[0][1]
    return answer.reason if isinstance(answer, m.RequestRefused | m.RatingRefused) else None


class RulesDay(RulesAlone):
    """A hall whose people act at times of day. What they do must be accepted, unless the act is asked for by ``try_``."""

    def __init__(self, text: str, clock: str = "08:00", day: date = TUESDAY) -> None:
        super().__init__(text, on_day(day, clock))
        self.date = day
        self.born("TM-01")

    def at(self, clock: str) -> HallTime:
        """Go on to ``HH:MM`` or ``HH:MM:SS`` of the day."""
        self.advance(self.time(clock))
        return self.now

    def time(self, clock: str) -> HallTime:
        """An instant of the day."""
        seconds = int(clock[6:]) if len(clock) > len("HH:MM") else 0
        return HallTime(on_day(self.date, clock[:5]) + seconds * 1000)

    def do(self, node: str, kind: type[m.Request], /, **fields: Any) -> Decision:
        """Ask for something that must be done."""
        decision = self.ask(node, kind, **fields)
        assert refusal(decision) is None, decision
        return decision

    # --- Visitors --------------------------------------------------------------------------------------------------------

    def press(self, group: str = "A", *, care: bool = False, service: str | None = None) -> Ticket:
        """Take a ticket at the machine; its paper is not out yet."""
        decision = self.do("TM-01", m.TicketRequested, group=group, care=care, service=service)
        answer = decision.answers[0][1]
        assert isinstance(answer, m.TicketIssued)
        return self.hall.tickets[answer.ticket]

    def take(self, group: str = "A", *, care: bool = False, service: str | None = None) -> Ticket:
        """Take a ticket and hold its paper."""
        ticket = self.press(group, care=care, service=service)
        self.do("TM-01", m.TicketPrinted, ticket=ticket.id, copy=0, proof=PrintProof.CONFIRMED)
        return ticket

    def enter(self, group: str = "A", actor: str = "S004", **fields: Any) -> Ticket:
        """Staff enter a ticket, shown to its holder."""
        decision = self.do("OPS-01", m.TicketEntryRequested, actor=actor, group=group, **fields)
        answer = decision.answers[0][1]
        assert isinstance(answer, m.RequestDone)
        assert answer.ticket is not None
        return self.hall.tickets[answer.ticket]

    # --- Clerks ----------------------------------------------------------------------------------------------------------

    def login(self, counter: str, staff: str) -> None:
        """The work card of this person at the counter's terminal; they must be let in, or out."""
        decision = self.try_login(counter, staff)
        assert refusal(decision) is None, decision

    def try_login(self, counter: str, staff: str) -> Decision:
        """The work card of this person at the counter's terminal."""
        person = next(one for one in self.hall.in_force.config.staff if one.id == staff)
        return self.ask(f"TRM-{counter}", m.LoginRequested, card=person.card)

    def pause(self, counter: str, reason: str = "") -> None:
        """暂停服务."""
        self.do(f"TRM-{counter}", m.PauseRequested, reason=reason)

    def resume(self, counter: str) -> None:
        """恢复服务."""
        self.do(f"TRM-{counter}", m.ResumeRequested)

    def cover(self, counter: str, covered: str, mode: CoverMode = CoverMode.MERGE) -> None:
        """The person at a counter acts for another (AB-4.6)."""
        self.do(f"TRM-{counter}", m.CoverRequested, counter=covered, mode=mode)

    def end_cover(self, counter: str) -> None:
        """No longer for another."""
        self.do(f"TRM-{counter}", m.CoverEndRequested)

    def try_away(self, staff: str, begins: str, ends: str, kind: str = "annual", **fields: Any) -> Decision:
        """A leader enters that somebody is away from ``HH:MM`` to ``HH:MM``; ``withdraw=True`` takes it back."""
        times = {"begins": self.time(begins), "ends": self.time(ends)}
        return self.ask(
            "OPS-01", m.AbsenceEntryRequested, **{"actor": "S002", "staff": staff, "kind": kind, **times, **fields}
        )

    def away(self, staff: str, begins: str, ends: str, kind: str = "annual", **fields: Any) -> None:
        """Likewise; it must be accepted."""
        decision = self.try_away(staff, begins, ends, kind, **fields)
        assert refusal(decision) is None, decision

    def board(self, counter: str) -> m.CounterBoard:
        """What the public sees of a counter now."""
        self.let_time_pass()
        return self._state(f"/board/counter/{counter}", m.CounterBoard)

    def desk_state(self, counter: str) -> m.DeskState:
        """What its terminal and pad see now."""
        self.let_time_pass()
        return self._state(f"/desk/{counter}", m.DeskState)

    def _state(self, ending: str, kind: type[Shown]) -> Shown:
        shown = next(one for topic, one in self.seen().items() if topic.endswith(ending))
        assert isinstance(shown, kind)
        return shown

    def asked(self, kind: TaskKind, counter: str | None = None) -> list[Task]:
        """The open tasks of a kind, perhaps of one counter."""
        self.let_time_pass()
        return [one for one in self.hall.tasks.open.values() if one.kind is kind and counter in (None, one.counter)]

    def try_call(self, counter: str) -> Decision:
        """Press call next."""
        return self.ask(f"TRM-{counter}", m.CallNextRequested)

    def call(self, counter: str) -> TicketNo | None:
        """Press call next; the number called, or ``None`` if nobody waits."""
        decision = self.try_call(counter)
        if refusal(decision) is Refusal.NOBODY_WAITING:
            return None
        assert refusal(decision) is None, decision
        return self._on_desk(counter).no

    def start(self, counter: str) -> None:
        """The visitor called sits down."""
        self.do(f"TRM-{counter}", m.StartRequested, call=self.call_id(counter))

    def finish(self, counter: str) -> str:
        """The visit ends; its session."""
        session = self.hall.desks[self._counter(counter)].session
        self.do(f"TRM-{counter}", m.FinishRequested, session=session)
        assert session is not None
        return session

    def serve(self, counter: str) -> str:
        """Start and finish at once; the session."""
        self.start(counter)
        return self.finish(counter)

    def call_and_serve(self, counter: str) -> TicketNo | None:
        """Call, and serve whoever comes in no time."""
        no = self.call(counter)
        if no is not None:
            self.serve(counter)
        return no

    def miss(self, counter: str) -> TicketNo:
        """Announce as often as the rules ask, as soon as they allow it, and give the number up."""
        ticket = self._on_desk(counter)
        while (call := self.hall.desks[self._counter(counter)].call) is not None:
            if call.announcement >= self.hall.calls_allowed(ticket):
                self.advance(max(self.now, self.hall.no_show_at(call)))
                self.do(f"TRM-{counter}", m.NoShowRequested, call=call.id)
            else:
                self.advance(max(self.now, self.hall.recall_at(call)))
                self.do(f"TRM-{counter}", m.RecallRequested, call=call.id)
        return ticket.no

    def hold(self, counter: str) -> TicketNo:
        """Put the visitor called or served here aside."""
        ticket = self._on_desk(counter)
        self.do(f"TRM-{counter}", m.HoldRequested, call=self.call_id(counter))
        return ticket.no

    def resume_held(self, counter: str, ticket: Ticket | None = None) -> None:
        """Let a ticket held here wait again; without one, the one held longest."""
        self.do(f"TRM-{counter}", m.HeldResumeRequested, ticket=None if ticket is None else ticket.id)

    def transfer(self, counter: str, group: str, service: str | None = None) -> TicketNo:
        """Send the visitor served here to another group's line."""
        ticket = self._on_desk(counter)
        self.do(f"TRM-{counter}", m.TransferRequested, call=self.call_id(counter), group=group, service=service)
        return ticket.no

    def lead(self, counter: str, to: str) -> TicketNo:
        """Lead the visitor served here to another counter, which still has to accept."""
        ticket = self._on_desk(counter)
        self.do(f"TRM-{counter}", m.LeadRequested, call=self.call_id(counter), to=to)
        return ticket.no

    def accept(self, counter: str) -> TicketNo:
        """Take over whoever is led here; their session begins."""
        self.do(f"TRM-{counter}", m.LeadAcceptRequested)
        return self._on_desk(counter).no

    def reactivate(self, ticket: Ticket) -> dict[str, str]:
        """Bring a missed ticket back into line at the machine; what its holder is told."""
        answer = self.do("TM-01", m.ReactivateRequested, no=ticket.no).answers[0][1]
        assert isinstance(answer, m.RequestDone)
        return answer.values

    def change_class(self, ticket: Ticket, kind: VisitorClass = VisitorClass.CARE, **fields: Any) -> None:
        """The guide opens a class for a ticket, or takes it away."""
        asked = {"actor": "S004", "reason": "看到需要", **fields}
        self.do("OPS-01", m.ClassChangeRequested, ticket=ticket.id, visitor_class=kind, **asked)

    def call_id(self, counter: str) -> str:
        """The call on the desk; ``none`` if nobody is called."""
        call = self.hall.desks[self._counter(counter)].call
        return "none" if call is None else call.id

    def _on_desk(self, counter: str) -> Ticket:
        ticket = self.hall.desks[self._counter(counter)].ticket
        assert ticket is not None
        return self.hall.tickets[ticket]

    def _counter(self, counter: str) -> Any:
        return next(one for one in self.hall.desks if one == counter)
