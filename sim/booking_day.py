"""A day of the rules on which people have appointments: they book, check in, are called, come late or not at all."""

from typing import Any

from broker.rules.appointments.state import Appointment
from broker.rules.asking import Decision
from broker.rules.facts import AppointmentState
from broker.rules.hall import Ticket
from broker.rules.tasks.state import Task
from broker.rules.views import settings, views
from contracts import messages as m
from contracts.codec import encode
from contracts.topics import Topics
from contracts.values import ContactOutcome, HallTime, Initiator, TaskKind, TicketId, VisitorClass
from sim.rules_day import RulesDay, hall_text


class BookingDay(RulesDay):
    """The demo hall on the demo day; ``S004`` is its guide, ``S002`` duty leader, ``S001`` manager."""

    def __init__(self, clock: str = "08:00", text: str | None = None) -> None:
        super().__init__(hall_text("demo-hall") if text is None else text, clock)

    def ask_book(self, at: str | HallTime, group: str = "A", **fields: Any) -> Decision:
        """Ask for a point in time, ``HH:MM`` of today or an instant."""
        when = self.time(at) if isinstance(at, str) else at
        known = {"actor": "S004", "contact": "0000-5551234", **fields}
        return self.ask("OPS-01", m.AppointmentRequested, group=group, at=when, **known)

    def book(self, at: str | HallTime, group: str = "A", **fields: Any) -> Appointment:
        """Book it; it must be accepted."""
        answer = self.ask_book(at, group, **fields).answers[0][1]
        assert isinstance(answer, m.AppointmentMade), answer
        return self.hall.appointments.all[answer.appointment]

    def ask_check_in(self, one: Appointment, node: str = "TM-01") -> Decision:
        """Type telephone number and code at a machine."""
        return self.ask(node, m.CheckInRequested, proof=one.contact)

    def check_in(self, one: Appointment) -> Ticket:
        """Check in and hold the paper."""
        answer = self.ask_check_in(one).answers[0][1]
        assert isinstance(answer, m.TicketIssued), answer
        self.do("TM-01", m.TicketPrinted, ticket=answer.ticket, copy=0, proof="confirmed")
        return self.hall.tickets[answer.ticket]

    def contact(self, one: Appointment, outcome: ContactOutcome, until: str | None = None) -> None:
        """The guide has called the person."""
        hold = None if until is None else self.time(until)
        self.do(
            "OPS-01",
            m.AppointmentContactRecorded,
            actor="S004",
            appointment=one.id,
            outcome=outcome,
            hold_until=hold,
        )

    def ask_cancel(self, one: Appointment, by: Initiator = Initiator.HALL, **fields: Any) -> Decision:
        """Cancel it: for the hall with everything that takes, unless ``fields`` say otherwise."""
        known: dict[str, Any] = {"actor": "S101"}
        if by is Initiator.HALL:
            known |= {"reason": "系统检修", "approved_by": "S002", "notified_at": self.now}
        return self.ask("OPS-01", m.AppointmentCancelRequested, appointment=one.id, by=by, **(known | fields))

    def ask_change(self, one: Appointment, at: str | HallTime, by: Initiator = Initiator.PERSON, **fields: Any) -> Decision:
        """Move it to another time."""
        when = self.time(at) if isinstance(at, str) else at
        known: dict[str, Any] = {"actor": "S101"}
        if by is Initiator.HALL:
            known |= {"reason": "系统检修", "approved_by": "S002", "notified_at": self.now}
        return self.ask("OPS-01", m.AppointmentChangeRequested, appointment=one.id, at=when, by=by, **(known | fields))

    def tasks(self, kind: TaskKind, one: Appointment | None = None) -> list[Task]:
        """The open tasks of a kind, about one appointment or about any."""
        return self.hall.tasks.of(kind) if one is None else self.hall.tasks.of(kind, appointment=one.id)

    def desk_state(self, counter: str) -> m.DeskState:
        """What the terminal of a counter shows."""
        return self._state(f"/desk/{counter}", m.DeskState)

    @property
    def topics(self) -> Topics:
        """The topics of the demo hall."""
        return Topics(self.hall.in_force.config.hall.id)

    def states(self) -> dict[str, str]:
        """Everything that stands on the MQTT server, by its topic, as text."""
        told = {self.topics.settings(node): one for node, one in settings(self.hall, b"k" * 32, "5c" * 32).items()}
        return {topic: encode(one).decode() for topic, one in {**told, **views(self.hall, self.topics.hall)}.items()}

    def emergency(self, begin: str, end: str) -> None:
        """Everybody leaves, and comes back (HALL-8.2)."""
        self.at(begin)
        self.do("OPS-01", m.EmergencyRequested, actor="S002")
        self.do("OPS-01", m.EmergencyRequested, actor="S002", confirmed=True)
        self.at(end)
        self.do("OPS-01", m.EmergencyEndRequested, actor="S002")

    def claims_due(self, ticket: TicketId) -> HallTime | None:
        """Since when the ticket is due as an appointment, ``None`` if it is not."""
        claims = self.hall.tickets[ticket].claims
        return next((one.since for one in claims if one.visitor_class is VisitorClass.APPOINTMENT_DUE), None)

    def state(self, one: Appointment) -> AppointmentState:
        """Where an appointment is in its life now."""
        return one.state

    def notes(self, counter: str) -> list[tuple[str, dict[str, str]]]:
        """What the clerk of a counter reads of appointments."""
        desk = self.desk_state(counter)
        return [(one.key, one.values) for one in desk.notes if one.key.startswith("con.appt")]
