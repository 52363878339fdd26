"""What may be asked about appointments, and by which kinds of node."""

from broker.rules.appointments import booking, changes, coming, contacting
from broker.rules.asking import Rule
from broker.rules.roles import STAFF_NODES
from contracts import messages as m

RULES: dict[type[m.Message], Rule] = {
    m.AppointmentRequested: Rule(STAFF_NODES, booking.made),
    m.AppointmentConfirmRequested: Rule(STAFF_NODES, booking.confirmed),
    m.AppointmentChangeRequested: Rule(STAFF_NODES, changes.changed),
    m.AppointmentCancelRequested: Rule(STAFF_NODES, changes.cancelled),
    m.AppointmentContactRecorded: Rule(STAFF_NODES, contacting.contacted),
    m.ContactOpenRequested: Rule(STAFF_NODES, contacting.contact_opened),
    m.CheckInRequested: Rule(("ticket_machine", *STAFF_NODES), coming.checked_in),
}
