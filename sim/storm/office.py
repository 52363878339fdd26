"""The staff behind the counters: they enter tickets, take appointments, and in an emergency let everybody leave.

They ask as ``hall-broker`` does, as the node OPS-01, and are often not heard; what must happen in the end they ask again.
"""

import random

from contracts import messages as m
from contracts.codec import encode
from contracts.topics import Topics
from contracts.values import AppointmentId, GroupId, HallTime, Ms, NodeName, RequestId, StaffNo, TicketId, VisitorClass
from sim.hall import Hall
from sim.mqtt import Publication
from sim.storm.secrets import CONTACT, NAME
from sim.storm.setting import MINUTE

ASKS_AGAIN: Ms = 2_000
_ACTORS = (StaffNo("S002"), StaffNo("S004"))
_LEADER, _GUIDE = _ACTORS
_GRID: Ms = 5 * MINUTE
_OPS, _MACHINE = NodeName("OPS-01"), NodeName("TM-01")


class Office:
    """Guide and duty leader of one hall."""

    def __init__(self, hall: Hall, seed: int) -> None:
        self._hall = hall
        self._boot = f"{seed:016x}"
        self._asked = 0
        self._alarm = False
        self._is_second_step = False

    def at_work(self, dice: random.Random) -> None:
        """One thing of what they do all day: a ticket entered, printed again, taken back; an appointment made or kept."""
        service = self._hall.service.service
        tickets = [] if service is None else list(service.hall.tickets.values())
        promised = [] if service is None else [one.id for one in service.hall.appointments.all.values()]
        match dice.randrange(7):
            case 0 if tickets:
                self._reprint(dice.choice(_ACTORS), TicketId(dice.choice(tickets).id))
            case 1 if tickets:
                self._give_up(dice.choice(_ACTORS), TicketId(dice.choice(tickets).id))
            case 2 | 3:
                self._book(dice)
            case 4 if promised:
                self._check_in(dice.choice(promised))
            case _:
                visitor_class = dice.choice((VisitorClass.NORMAL, VisitorClass.CARE))
                self.enter(dice.choice(_ACTORS), GroupId(dice.choice("AB")), visitor_class, dice.choice((None, _MACHINE)))

    # --- Tickets and appointments ----------------------------------------------------------------------------------------

    def enter(self, actor: StaffNo, group: GroupId, visitor_class: VisitorClass, machine: NodeName | None) -> None:
        """A ticket for somebody who cannot press for it."""
        number, until = self._next()
        self._ask(
            m.TicketEntryRequested(
                request_id=number,
                expires_at=until,
                actor=actor,
                group=group,
                visitor_class=visitor_class,
                print_at=machine,
            )
        )

    def _reprint(self, actor: StaffNo, ticket: TicketId) -> None:
        number, until = self._next()
        self._ask(m.ReprintRequested(request_id=number, expires_at=until, actor=actor, ticket=ticket, print_at=_MACHINE))

    def _give_up(self, actor: StaffNo, ticket: TicketId) -> None:
        number, until = self._next()
        reason = "went home"
        self._ask(m.TicketCancelRequested(request_id=number, expires_at=until, actor=actor, ticket=ticket, reason=reason))

    def _book(self, dice: random.Random) -> None:
        """The next point of the grid or the one after, which some will not keep."""
        number, until = self._next()
        at = HallTime((until // _GRID + dice.randint(1, 2)) * _GRID)
        group, contact = GroupId(dice.choice("AB")), f"{CONTACT}{dice.randrange(10_000):04d}"
        self._ask(
            m.AppointmentRequested(
                request_id=number, expires_at=until, actor=_GUIDE, group=group, at=at, contact=contact, name=NAME
            )
        )

    def _check_in(self, appointment: AppointmentId) -> None:
        number, until = self._next()
        self._ask(m.CheckInRequested(request_id=number, expires_at=until, actor=_GUIDE, appointment=appointment))

    # --- Emergencies -----------------------------------------------------------------------------------------------------

    def alarm(self, *, on: bool) -> None:
        """Everybody is to leave, or may come back (HALL-8.2)."""
        self._alarm = on

    def see_to_it(self) -> None:
        """What is wanted and is not so yet is asked for, and again; the first step of an emergency is not the second."""
        service = self._hall.service.service
        if service is None or (service.hall.emergency_since is not None) == self._alarm:
            self._is_second_step = False
            return
        number, until = self._next()
        if not self._alarm:
            self._ask(m.EmergencyEndRequested(request_id=number, expires_at=until, actor=_LEADER))
            return
        confirmed, self._is_second_step = self._is_second_step, not self._is_second_step
        self._ask(m.EmergencyRequested(request_id=number, expires_at=until, actor=_LEADER, confirmed=confirmed))

    # --- Asking ----------------------------------------------------------------------------------------------------------

    def _next(self) -> tuple[RequestId, HallTime]:
        """An id never given before, and until when a request is good by the clock on the wall."""
        self._asked += 1
        number = RequestId(f"{_OPS}/{self._boot}/{self._asked}")
        return number, HallTime(self._hall.scheduler.clock.wall_ms() + 3_000)

    def _ask(self, request: m.Request) -> None:
        if self._hall.server.is_up:
            self._hall.server.publish(Publication(Topics(self._hall.id).up(_OPS, type(request)), encode(request)))
