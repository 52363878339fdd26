"""The appointments the hall still has to keep, and those of today whatever became of them."""

from dataclasses import dataclass, field

from broker.rules.facts import AppointmentState
from contracts.values import AppointmentId, GroupId, HallTime, HolderHash, ServiceId, TicketId

OPEN = frozenset({AppointmentState.REQUESTED, AppointmentState.CONFIRMED, AppointmentState.OVERDUE, AppointmentState.HELD})
"""The person may still come, and need not have been given up."""
PROMISED = OPEN | {AppointmentState.CHECKED_IN}
"""Its time is taken: it counts for the capacity of its half hour."""


@dataclass(slots=True)
class Appointment:
    """One appointment. ``agreed_q`` is its time on the queue clock of its day.

    ``attempts`` are the calls without answer that count, ``attempted_q`` the last of them; ``hold_q`` the time the person
    named; ``since_q`` from when a checked-in person is due, ``before`` what it was until then; ``asked`` whether staff were
    asked today to confirm it; ``next_q`` when time has something to do with it next.
    """

    id: AppointmentId
    group: GroupId
    service: ServiceId | None
    at: HallTime
    agreed_q: HallTime
    contact: str
    state: AppointmentState
    channel: str
    holder: HolderHash | None = None
    project: str | None = None
    source_id: str = ""
    asked: bool = True
    reminded: set[int] = field(default_factory=set)
    overdue: int = 0
    attempts: int = 0
    attempted_q: HallTime | None = None
    hold_q: HallTime | None = None
    ticket: TicketId | None = None
    since_q: HallTime | None = None
    before: AppointmentState | None = None
    waited_long: bool = False
    next_q: HallTime | None = None

    @property
    def no(self) -> str:
        """What staff call it: ``P003``."""
        return self.id.rpartition("/")[2]


@dataclass(slots=True)
class Appointments:
    """All of today and of the days to come. ``numbers`` counts those ever made for a day, ``2026-03-12``.

    ``today`` are those of the day, ``unasked`` those of any day that staff are still to be asked to confirm; both are parts
    of ``all``, so that time need not look at every appointment of the coming weeks. ``of_ticket`` finds a ticket's.
    ``here`` are those of today who have checked in, ``next_q`` when something about any other of today is due.
    """

    all: dict[AppointmentId, Appointment] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    today: dict[AppointmentId, Appointment] = field(default_factory=dict)
    unasked: dict[AppointmentId, Appointment] = field(default_factory=dict)
    of_ticket: dict[TicketId, AppointmentId] = field(default_factory=dict)
    here: dict[AppointmentId, Appointment] = field(default_factory=dict)
    next_q: HallTime | None = None
