"""What time brings: days, parts of the day, presumed papers, closed rating windows. Also a new configuration."""

from broker.rules import facts as f
from broker.rules.appointments.due import end_of_day as appointments_not_kept
from broker.rules.appointments.evolve import numbers_from, on_file
from broker.rules.asking import AdoptConfiguration, Decision
from broker.rules.corrections.evolve import on_file as corrections_on_file
from broker.rules.due import AREAS
from broker.rules.hall import LIVE, Hall
from broker.rules.handover.evolve import on_file as handovers_on_file
from broker.rules.hours import day_of, midnight
from broker.rules.leave.evolve import on_file as leaves_on_file
from broker.rules.letters import on_file as letters_on_file
from broker.rules.outing.evolve import over_night as outings_over_night
from broker.rules.plan import Plan, plan_from
from broker.rules.proxy.evolve import on_file as proxy_on_file
from broker.rules.reminders.lacking import over_night as lacking_over_night
from broker.rules.rotation.evolve import on_file as rotations_on_file
from broker.rules.service_day.extended import began_at_bounds
from broker.rules.service_day.pressure import history
from broker.rules.tasks.due import end_of_day
from broker.rules.training.carried import onboarded_on_file, passed_on_file, trainings_on_file
from broker.rules.work_cards.evolve import over_night as cards_over_night
from broker.rules.workdays import Day, day_plan
from contracts.values import HallPhase, HallTime


def time_reached(hall: Hall, now: HallTime) -> Decision:
    """Everything that is due by now."""
    if hall.day is None or now >= hall.day.over:
        return Decision(_new_day(hall, now))
    facts = [*_presumed(hall, now), *_windows(hall, now), *_phase(hall, hall.day, now)]
    return Decision(tuple(facts or _first_area(hall, now)))


def _first_area(hall: Hall, now: HallTime) -> list[f.Fact]:
    """What is due in the first area that has anything: one at a time, so that each sees what the one before has changed.

    The shell submits the time until nothing is due.
    """
    return next((facts for area in AREAS if (facts := area.time_reached(hall, now))), [])


def _presumed(hall: Hall, now: HallTime) -> list[f.Fact]:
    return [f.TicketPresumedPrinted(ticket=ticket) for ticket, at in hall.unprinted.items() if at <= now]


def _windows(hall: Hall, now: HallTime) -> list[f.Fact]:
    return [f.RatingWindowClosed(session=session) for session, at in hall.windows.items() if at <= now]


def _phase(hall: Hall, day: Day, now: HallTime) -> list[f.Fact]:
    """A bound of the day has passed. If several have, the service was away, and only the present part matters."""
    if now < hall.next_change:
        return []
    return [*_phases_at(day, now, live=hall.live), *began_at_bounds(hall, day, now)]


def _phases_at(day: Day, now: HallTime, live: int) -> list[f.Fact]:
    phase = day.phase(now)
    closes = phase is HallPhase.AFTER_CLOSING and live == 0
    return [f.HallPhaseChanged(phase=one) for one in ((phase, HallPhase.CLOSED) if closes else (phase,))]


def _new_day(hall: Hall, now: HallTime) -> tuple[f.Fact, ...]:
    """Whatever yesterday left open ends before the new day begins: every ticket must end (1.0.5)."""
    config = hall.in_force.config
    today = day_plan(config, day_of(now))
    return (*_end_of_day(hall), _day_began(hall, today), *_phases_at(today, now, live=0))


def _end_of_day(hall: Hall) -> list[f.Fact]:
    tickets = [one.id for one in hall.tickets.values() if one.state in LIVE]
    sitting = [(desk.counter, staff) for desk in hall.desks.values() for staff in desk.sitting]
    return [
        *(f.TicketCancelled(ticket=one, reason="day_over") for one in tickets),
        *(f.StaffLoggedOut(counter=counter, staff=staff, why="day_over") for counter, staff in sitting),
        *(f.RatingWindowClosed(session=one) for one in hall.windows),
        *appointments_not_kept(hall),
        *end_of_day(hall),
    ]


def _day_began(hall: Hall, today: Day) -> f.DayBegan:
    lost_cards, pins = cards_over_night(hall)
    return f.DayBegan(
        date=today.date.isoformat(),
        nodes=tuple(hall.nodes.values()),
        health=tuple(hall.health.values()),
        unrated=_unrated(hall),
        emergency=hall.emergency_since is not None,
        absences=tuple(one for one in hall.posts.absences if one.ends > midnight(today.date)),
        arrivals=history(hall, today.date),
        counted_from=hall.service_day.counted_from or today.date.isoformat(),
        appointments=on_file(hall, today.date),
        appointment_numbers=numbers_from(hall, today.date),
        learned=hall.learning.over_night(),
        trainings=trainings_on_file(hall, today.date),
        pre_job_passed=passed_on_file(hall),
        onboarded=onboarded_on_file(hall),
        corrections=corrections_on_file(hall, today.date),
        handovers=handovers_on_file(hall, midnight(today.date)),
        outings=outings_over_night(hall, today.date),
        rotations=rotations_on_file(hall),
        letters_seen=letters_on_file(hall),
        proxy=proxy_on_file(hall, today.date),
        follow_ups={code: day.isoformat() for code, day in sorted(hall.follow_ups.items())},
        lost_cards=lost_cards,
        pins=pins,
        open_days=lacking_over_night(hall, today.date),
        leaves=leaves_on_file(hall, today),
    )


def _unrated(hall: Hall) -> tuple[f.UnratedSession, ...]:
    """The unrated sessions of the last day that had any: a pad cut off overnight may still hold their ratings."""
    open_ones = [one for one in hall.sessions.values() if not one.rated]
    last_day = max((day_of(one.finished_at) for one in open_ones), default=None)
    return tuple(
        f.UnratedSession(
            session=one.id,
            ticket=one.ticket,
            counter=one.counter,
            staff=one.staff,
            finished_at=one.finished_at,
            rate_until=one.rate_until,
            post_owner=one.post_owner,
        )
        for one in open_ones
        if day_of(one.finished_at) == last_day
    )


def adopt(hall: Hall, new: AdoptConfiguration, now: HallTime) -> Decision:
    """A checked configuration comes into force, if it is another one; the part of the day follows it at once."""
    if hall.plan is not None and hall.plan.hash == new.hash:
        return Decision()
    adopted = f.ConfigurationAdopted(content=new.content, hash=new.hash)
    if hall.day is None or now >= hall.day.over:
        return Decision((adopted,))
    plan = plan_from(new.content, new.hash)
    day = day_plan(plan.config, hall.day.date)
    phases = _phases_at(day, now, live=hall.live)
    return Decision((*_moved_out(hall, plan), adopted, *phases, *began_at_bounds(hall, day, now)))


def _moved_out(hall: Hall, plan: Plan) -> list[f.Fact]:
    """Who sits at a counter that is no more may sit elsewhere; one with a visitor stays as it is until the day ends."""
    return [
        f.StaffLoggedOut(counter=desk.counter, staff=staff, why="configuration")
        for desk in hall.desks.values()
        for staff in desk.sitting
        if desk.counter not in plan.counters and desk.ticket is None
    ]
