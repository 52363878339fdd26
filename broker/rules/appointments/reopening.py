"""A check-in without a paper is none: its number is burnt, and the appointment is to be kept as before."""

from broker.rules.facts import AppointmentReopened, AppointmentState
from broker.rules.hall import Hall
from contracts.values import TicketId


def reopened(hall: Hall, burnt: TicketId) -> tuple[AppointmentReopened, ...]:
    """What follows when no paper of this ticket came out; nothing for a ticket without an appointment.

    A ticket that its holder had before and that only claims the agreed time is burnt likewise: nobody holds a number.
    """
    appointment = hall.appointments.of_ticket.get(burnt)
    if appointment is None or hall.appointments.all[appointment].state is not AppointmentState.CHECKED_IN:
        return ()
    return (AppointmentReopened(appointment=appointment, ticket=burnt),)
