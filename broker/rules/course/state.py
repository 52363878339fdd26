"""What the rules know of tickets on a side path."""

from dataclasses import dataclass, field

from contracts.values import CounterId, HallTime, TicketId


@dataclass(frozen=True, slots=True)
class Aside:
    """A ticket that belongs to one counter: put aside there, or resumed and waiting there. ``since`` is the queue clock.

    ``order`` counts the resumptions of the day: resumed tickets are called in it (1.0.4).
    """

    counter: CounterId
    since: HallTime
    order: int = 0


@dataclass(frozen=True, slots=True)
class Lead:
    """A visitor on the way from a counter to another, which has not accepted yet (FIRST-4.2)."""

    by: CounterId
    to: CounterId


@dataclass(slots=True)
class Course:
    """Every ticket that is held, resumed or led, in the order in which it became so.

    ``persons_since`` is the queue clock at which somebody last came to or left a counter: what lies aside there is let go
    a while after the last one who could go on with it has left.
    """

    held: dict[TicketId, Aside] = field(default_factory=dict)
    resumed: dict[TicketId, Aside] = field(default_factory=dict)
    leads: dict[TicketId, Lead] = field(default_factory=dict)
    resumptions: int = 0
    persons_since: dict[CounterId, HallTime] = field(default_factory=dict)

    def led_to(self, counter: CounterId) -> list[TicketId]:
        """Who is on the way here, the one announced longest first."""
        return [ticket for ticket, lead in self.leads.items() if lead.to == counter]

    def held_at(self, counter: CounterId) -> list[TicketId]:
        """Who was put aside here, the one held longest first."""
        return [ticket for ticket, aside in self.held.items() if aside.counter == counter]

    def forget(self, ticket: TicketId) -> None:
        """It is on no side path any more."""
        self.held.pop(ticket, None)
        self.resumed.pop(ticket, None)
        self.leads.pop(ticket, None)
