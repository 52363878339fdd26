"""What the facts of the hall's day change; ``apply`` at the end is their table."""

from typing import assert_never

from broker.rules import facts as f
from broker.rules.hall import LIVE, Hall
from broker.rules.service_day import leaving
from broker.rules.service_day.state import Extension, RefusedExtension, ServiceDay, Surge
from contracts.values import HallPhase, HallTime


def day_began(hall: Hall, fact: f.DayBegan) -> None:
    """Only the arrivals of the weeks before outlive a night."""
    hall.service_day = ServiceDay(history=fact.arrivals, counted_from=fact.counted_from)


def catalogue_changed(hall: Hall) -> None:
    """Tickets keep the service they were issued for, also when it is no more in their group (HALL-18)."""
    services_of = hall.in_force.services_of
    pairs = {one.pair for one in hall.tickets.values() if one.state in LIVE}
    old = [pair for pair in pairs if pair.group not in services_of or pair.service not in (None, *services_of[pair.group])]
    hall.service_day.old_pairs = tuple(sorted(old, key=lambda pair: (pair.group, pair.service or "")))


def _extended(hall: Hall, fact: f.ExtensionBegan) -> None:
    extension = Extension(fact.session, fact.counter, fact.staff, fact.since, fact.reason)
    hall.service_day.extended[fact.session] = extension


def _surge(hall: Hall, fact: f.SurgeRaised | f.SurgeEased | f.SurgeReturned | f.SurgeCleared, at: HallTime) -> None:
    surging = hall.service_day.surging
    match fact:
        case f.SurgeRaised():
            surging[fact.group] = Surge(fact.arrivals_limit)
        case f.SurgeEased():
            surging[fact.group].calm_q = hall.queue_clock(at)
        case f.SurgeReturned():
            surging[fact.group].calm_q = None
        case f.SurgeCleared():
            del surging[fact.group]


def apply(hall: Hall, fact: f.ServiceDayFact, at: HallTime) -> None:  # noqa: C901, PLR0912 -- a table, one line a fact
    """One fact of the hall's day."""
    day = hall.service_day
    match fact:
        case f.EmergencyPrepared(until=until):
            day.confirm_until = until
        case f.ExtensionBegan():
            _extended(hall, fact)
        case f.NoonServiceOpened():
            day.noon_service = True
        case f.ClosingNear(minutes=minutes):
            day.near_close_left = minutes
        case f.ClosingProposed(counters=counters):
            day.proposed = counters
        case f.ClosingPlanned(counters=counters):
            day.staying = counters
        case f.ExtensionRefused():
            day.refused[fact.ticket] = RefusedExtension(fact.ticket, fact.counter, fact.staff)
        case f.ExtensionAssigned(ticket=ticket, to=to):
            day.refused[ticket].to = to
        case f.CounterExtensionRefused():
            leaving.refused_at(hall, fact)
        case f.CounterExtensionAssigned():
            leaving.assigned_at(hall, fact)
        case f.SurgeRaised() | f.SurgeEased() | f.SurgeReturned() | f.SurgeCleared():
            _surge(hall, fact, at)
        case f.CounterAdded(counter=counter, group=group):
            day.added[counter, group] = at
        case f.CounterWithdrawn(counter=counter, group=group):
            del day.added[counter, group]
        case f.CounterGroupsChanged(counter=counter, groups=groups):
            day.groups[counter] = groups
        case f.GuidesWanted():
            day.crowded = True
        case f.GuidesEnough():
            day.crowded = False
        case f.HelpAsked():
            pass  # stored for its own sake; the task that goes with it is open
        case _:
            assert_never(fact)


def watch(hall: Hall, fact: f.Fact, at: HallTime) -> None:
    """What the hall's day takes from the facts of other areas: when the last one was, who came, what was asked for."""
    hall.last_at = at
    match fact:
        case f.TicketIssued(group=group):
            hall.service_day.arrived(group, at if fact.taken_at is None else fact.taken_at)
        case f.EmergencyBegan():
            hall.service_day.confirm_until = None
        case f.CalendarYearMissing(year=year):
            hall.service_day.years_asked.add(year)
        case f.HallPhaseChanged(phase=HallPhase.OPEN):
            hall.service_day.leaving.clear()  # noon is over; nobody is asked to stay for it any more
        case f.StaffLoggedIn() | f.TicketCalled() if hall.service_day.leaving:
            leaving.watch(hall, fact)
        case _:
            pass
