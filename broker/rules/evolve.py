"""The hall after a fact. Facts are never refused: whatever was stored has happened.

The arrows of a visit stand in ``evolve_visit``, those of every other area in its own ``evolve``; here are the hall, its day
and its nodes. ``_AREAS`` at the end is the table.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, assert_never, get_args

from broker.rules import evolve_visit as visit
from broker.rules import facts as f
from broker.rules import green_follow_up, letters
from broker.rules.appointments import evolve as appointments
from broker.rules.corrections import evolve as corrections
from broker.rules.course import evolve as course
from broker.rules.course.state import Course
from broker.rules.estimate.evolve import learn
from broker.rules.estimate.state import next_morning
from broker.rules.hall import Desk, Hall, Session
from broker.rules.handover import evolve as handover
from broker.rules.hours import SECOND
from broker.rules.inquiries import evolve as inquiries
from broker.rules.leave import evolve as leave
from broker.rules.outing import evolve as outing
from broker.rules.pick import Queue
from broker.rules.plan import plan_from
from broker.rules.posts import evolve as posts
from broker.rules.proxy import evolve as proxy
from broker.rules.reminders import evolve as reminders
from broker.rules.rotation import evolve as rotation
from broker.rules.service_day import evolve as service_day
from broker.rules.tasks import evolve as tasks
from broker.rules.tasks.state import Tasks
from broker.rules.training import evolve as training
from broker.rules.work_cards import evolve as work_cards
from broker.rules.workdays import day_plan
from contracts.values import HallPhase, HallTime

_AT_ONCE = 60 * SECOND


def evolve(hall: Hall, recorded: f.Recorded) -> Hall:
    """Change the hall by one fact and return it. Folding all facts from number 1 gives the same hall every time."""
    learn(hall, recorded.fact, recorded.at)
    service_day.watch(hall, recorded.fact, recorded.at)
    green_follow_up.watch(hall, recorded.fact, recorded.at)
    letters.watch(hall, recorded.fact)
    handover.watch(hall, recorded.fact, recorded.at)
    reminders.watch(hall, recorded.fact, recorded.at)
    leave.watch(hall, recorded.fact)
    proxy.watch(hall, recorded.fact, recorded.at)
    _AREAS[type(recorded.fact)](hall, recorded.fact, recorded.at)
    return hall


def _adopted(hall: Hall, fact: f.ConfigurationAdopted, at: HallTime) -> None:
    """Counters come and go with the configuration, but never one with a person or a ticket at it."""
    hall.plan = plan_from(fact.content, fact.hash)
    if hall.day is not None:
        hall.day = day_plan(hall.plan.config, hall.day.date)
    busy = {name: desk for name, desk in hall.desks.items() if desk != Desk(name)}
    hall.desks = {name: busy.pop(name, Desk(name)) for name in hall.plan.counters} | busy
    service_day.catalogue_changed(hall)
    posts.adopted(hall, at)
    handover.adopted(hall)
    outing.adopted(hall)
    appointments.adopted(hall)


def _day_began(hall: Hall, fact: f.DayBegan, at: HallTime) -> None:
    """Everything starts anew; what outlives the night stands in the fact itself."""
    plan = hall.in_force
    hall.day = day_plan(plan.config, date.fromisoformat(fact.date))
    hall.phase = HallPhase.CLOSED
    hall.phase_since = None
    hall.next_change = at
    hall.emergencies = []
    hall.emergency_since = at if fact.emergency else None
    hall.tickets, hall.queue, hall.numbers, hall.waiting = {}, Queue(), {}, {}
    hall.live = 0
    hall.offline, hall.attempts, hall.offline_counts = {}, set(), {}
    hall.unprinted, hall.windows, hall.sits_at, hall.turned_away = {}, {}, {}, set()
    hall.desks = {name: Desk(name) for name in plan.counters}
    hall.tasks = Tasks()
    service_day.day_began(hall, fact)
    posts.day_began(hall, fact, at)
    training.day_began(hall, fact)
    work_cards.day_began(hall, fact)
    handover.day_began(hall, fact)
    outing.day_began(hall, fact)
    rotation.day_began(hall, fact)
    reminders.day_began(hall, fact)
    hall.letters_seen = dict(fact.letters_seen)
    inquiries.day_began(hall)
    hall.holders = {}
    appointments.day_began(hall, fact)
    corrections.day_began(hall, fact)
    leave.day_began(hall, fact)
    proxy.day_began(hall, fact)
    hall.course = Course()
    hall.learning = next_morning(fact.learned)
    hall.follow_ups = {code: date.fromisoformat(day) for code, day in fact.follow_ups.items()}
    hall.sessions = {
        one.session: Session(
            one.session, one.ticket, one.counter, one.staff, one.finished_at, one.rate_until, post_owner=one.post_owner
        )
        for one in fact.unrated
    }
    hall.nodes = {one.node: one for one in fact.nodes}
    hall.health = {(one.node, one.part): one for one in fact.health}


def _phase_changed(hall: Hall, fact: f.HallPhaseChanged, at: HallTime) -> None:
    hall.phase = fact.phase
    hall.phase_since = at
    hall.next_change = hall.today.next_change(at)


def _emergency_ended(hall: Hall, at: HallTime) -> None:
    if hall.emergency_since is not None:
        hall.emergencies.append((hall.emergency_since, at))
        hall.emergency_since = None


def _node_born(hall: Hall, fact: f.NodeBorn, at: HallTime) -> None:
    """What a reborn node still has to send was kept between its last sign of life and now.

    A death heard of just before the birth may be old: after an outage of the service it hears both at once.
    """
    before = hall.nodes.get(fact.node)
    outage_from = None
    if before is not None:
        is_news = before.outage_from is not None and not before.online and at - before.outage_from >= _AT_ONCE
        outage_from = before.outage_from if is_news else before.born_at
    hall.nodes[fact.node] = f.NodeLife(node=fact.node, boot=fact.boot, online=True, born_at=at, outage_from=outage_from)


def _node_died(hall: Hall, fact: f.NodeDied, at: HallTime) -> None:
    before = hall.nodes.get(fact.node)
    born_at = at if before is None else before.born_at
    outage_from = at
    if before is not None and before.outage_from is not None and at - born_at < _AT_ONCE:
        outage_from = before.outage_from  # a life that the service has only heard of afterwards
    hall.nodes[fact.node] = f.NodeLife(
        node=fact.node, boot=fact.boot, online=False, born_at=born_at, outage_from=outage_from
    )


def _health_changed(hall: Hall, fact: f.HealthChanged) -> None:
    now = f.PartHealth(node=fact.node, part=fact.part, condition=fact.condition, code=fact.code)
    hall.health[fact.node, fact.part] = now


def _apply(hall: Hall, fact: f.HallFact, at: HallTime) -> None:  # noqa: C901 -- a table, one line a fact
    match fact:
        case f.ConfigurationAdopted():
            _adopted(hall, fact, at)
        case f.DayBegan():
            _day_began(hall, fact, at)
        case f.HallPhaseChanged():
            _phase_changed(hall, fact, at)
        case f.EmergencyBegan():
            hall.emergency_since = at if hall.emergency_since is None else hall.emergency_since
        case f.EmergencyEnded():
            _emergency_ended(hall, at)
        case f.NodeBorn():
            _node_born(hall, fact, at)
        case f.NodeDied():
            _node_died(hall, fact, at)
        case f.NodeTurnedAway(node=node):
            hall.turned_away.add(node)
        case f.HealthChanged():
            _health_changed(hall, fact)
        case f.PunchStored():
            corrections.punched(hall, fact)
        case f.CalendarYearMissing() | f.ProjectOpened():
            pass  # stored for its own sake; nothing later depends on it
        case _:
            assert_never(fact)


def _areas(*each: tuple[Any, Callable[[Hall, Any, HallTime], None]]) -> dict[type, Callable[[Hall, Any, HallTime], None]]:
    return {kind: apply for union, apply in each for kind in get_args(union)}


_AREAS = _areas(
    (f.HallFact, _apply),
    (f.VisitFact, visit.apply),
    (f.TaskFact, tasks.apply),
    (f.ServiceDayFact, service_day.apply),
    (f.CourseFact, course.apply),
    (f.AppointmentFact, appointments.apply),
    (f.PostFact, posts.apply),
    (f.TrainingFact, training.apply),
    (f.CorrectionFact, corrections.apply),
    (f.WorkCardFact, work_cards.apply),
    (f.HandoverFact, handover.apply),
    (f.OutingFact, outing.apply),
    (f.RotationFact, rotation.apply),
    (f.LeaveFact, leave.apply),
    (f.ProxyFact, proxy.apply),
    (f.InquiryFact, inquiries.apply),
)
"""Which area each kind of fact belongs to."""
