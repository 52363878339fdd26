"""What visitors do: take a number, check in, miss a call and come back, press a face."""

from functools import partial

from contracts import messages as m
from contracts.values import CounterId, HallTime, Ms, NodeName, PrintProof, Refusal, VisitorClass
from sim.day.booking import Bookings
from sim.day.draw import Visitor
from sim.day.floor import GUIDE, LEADER, OPS, Floor, Holder, Told
from sim.day.house import refused

_PRINTS: Ms = 2_500
_TRIES_AGAIN: Ms = 60_000
_MOST_TRIES = 5
_OF_PROJECTS = (VisitorClass.GREEN, VisitorClass.URGENT)


class Visits:
    """Plays all visitors."""

    def __init__(self, floor: Floor, bookings: Bookings) -> None:
        self._floor = floor
        self._bookings = bookings
        self._house = floor.house
        self._machines = [one.id for one in floor.house.config.devices if one.kind == "ticket_machine"]

    def begin(self, visitors: tuple[Visitor, ...]) -> None:
        """Let each come when they come."""
        for one in visitors:
            if one.comes:
                self._house.at(one.comes_at, partial(self._arrives, one))

    # --- Getting a number ------------------------------------------------------------------------------------------------

    def _arrives(self, visitor: Visitor, tries: int = 1) -> None:
        machine = self._machines[visitor.machine % len(self._machines)]
        answer = self._asks(visitor, machine)
        reason = refused(answer)
        if reason is None and answer is not None:
            paper = self._house.orders[machine][-1]
            self._has_number(visitor, paper)
            self._house.at(HallTime(self._house.now + _PRINTS), partial(self._printed, machine, paper))
        elif tries < _MOST_TRIES and reason is not Refusal.CLOSED_TODAY:
            self._house.at(HallTime(self._house.now + _TRIES_AGAIN), partial(self._arrives, visitor, tries + 1))
        else:
            self._floor.lost += 1

    def _asks(self, visitor: Visitor, machine: NodeName) -> m.Message | None:
        """At the machine, by appointment if it still holds; with a project at the guide's desk, who has it printed there."""
        booked = self._floor.booked.get(visitor.number)
        if booked is not None:
            answer = self._bookings.check_in(booked, machine)
            if refused(answer) is not Refusal.APPOINTMENT_FORFEITED:
                return answer
        if visitor.visitor_class not in _OF_PROJECTS:
            return self._house.ask(
                machine,
                m.TicketRequested,
                group=visitor.group,
                service=visitor.service,
                care=visitor.visitor_class is VisitorClass.CARE,
            )
        return self._house.ask(
            OPS,
            m.TicketEntryRequested,
            actor=GUIDE,
            group=visitor.group,
            service=visitor.service,
            visitor_class=visitor.visitor_class,
            project=visitor.project,
            approved_by=LEADER if visitor.visitor_class is VisitorClass.URGENT else None,
            print_at=machine,
        )

    def _has_number(self, visitor: Visitor, paper: m.TicketIssued) -> None:
        self._floor.holders[paper.no] = Holder(visitor, paper.ticket, paper.no, here=not visitor.misses)
        self._floor.told[paper.ticket] = Told(
            low=paper.wait_low,
            high=paper.wait_high,
            ahead=paper.waiting,
            counters=self._floor.working_for(paper.group),
            group=paper.group,
        )

    def _printed(self, machine: NodeName, paper: m.TicketIssued) -> None:
        proof = PrintProof.CONFIRMED
        self._house.ask(machine, m.TicketPrinted, ticket=paper.ticket, copy=paper.copy, proof=proof)

    # --- Missing a call --------------------------------------------------------------------------------------------------

    def missed(self, holder: Holder) -> None:
        """Somebody did not hear their number; most come back and ask to wait again (D9), once."""
        holder.missed += 1
        after = holder.visitor.returns_after
        if after is not None and holder.missed == 1:
            self._house.at(HallTime(self._house.now + after), partial(self._comes_back, holder))

    def _comes_back(self, holder: Holder) -> None:
        holder.here = True
        machine = self._machines[holder.visitor.machine % len(self._machines)]
        if refused(self._house.ask(machine, m.ReactivateRequested, no=holder.no)) is None:
            self._floor.came_back += 1

    # --- Rating ----------------------------------------------------------------------------------------------------------

    def rates(self, holder: Holder, counter: CounterId, session: str) -> None:
        """After the service most press a face within half a minute."""
        visitor = holder.visitor
        if visitor.rates_after is not None and self._floor.has_pad(counter):
            at = HallTime(self._house.now + visitor.rates_after)
            self._house.at(at, partial(self._presses, counter, session, visitor.level))

    def _presses(self, counter: CounterId, session: str, level: int) -> None:
        self._house.ask(f"PAD-{counter}", m.RatingSubmitted, session=session, level=level)
