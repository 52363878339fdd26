"""The figures of a day that was played, from the stored facts alone: waits per class, counters, estimates, quarter hours.

A wait runs from the ticket (of an appointment: from its agreed time, if that is later) to the first call. Minutes are
rounded to hundredths, so that they are the same bytes on every machine.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from broker.rules import facts as f
from contracts.values import CounterId, GroupId, HallTime, Ms, ServiceId, TicketId, VisitorClass
from sim.day.nature import MINUTE
from sim.day.random_day import Played

_SLOT: Ms = 15 * MINUTE
_BEST_FIRST = (
    VisitorClass.URGENT,
    VisitorClass.APPOINTMENT_DUE,
    VisitorClass.CARE,
    VisitorClass.GREEN,
    VisitorClass.NORMAL,
)


@dataclass(slots=True)
class Course:
    """What became of one ticket."""

    ticket: TicketId
    group: GroupId
    service: ServiceId | None
    visitor_class: VisitorClass
    issued_at: HallTime
    waits_from: HallTime
    first_called_at: HallTime | None = None
    called_at: list[HallTime] = field(default_factory=list)
    left_line_at: list[HallTime] = field(default_factory=list)
    joined_line_at: list[HallTime] = field(default_factory=list)
    missed: int = 0
    is_served: bool = False

    @property
    def wait(self) -> Ms | None:
        """How long until the first call."""
        return None if self.first_called_at is None else max(0, self.first_called_at - self.waits_from)


@dataclass(slots=True)
class Counted:
    """What a counter's day came to, in milliseconds."""

    manned: Ms = 0
    served: Ms = 0
    sessions: int = 0


def courses(played: Played) -> dict[TicketId, Course]:
    """Every ticket of the day."""
    found: dict[TicketId, Course] = {}
    for recorded in played.facts:
        _follow(found, recorded.fact, recorded.at)
    return found


def _follow(found: dict[TicketId, Course], fact: f.Fact, at: HallTime) -> None:
    match fact:
        case f.TicketIssued():
            found[fact.ticket] = _course(fact, at)
        case f.TicketCalled(ticket=ticket):
            course = found[ticket]
            course.first_called_at = course.first_called_at or at
            course.called_at.append(at)
            course.left_line_at.append(at)
        case f.TicketMissed(ticket=ticket):
            found[ticket].missed += 1
        case f.ServiceFinished(ticket=ticket):
            found[ticket].is_served = True
        case f.TicketCancelled(ticket=ticket):
            found[ticket].left_line_at.append(at)
        case _:
            pass


def _course(fact: f.TicketIssued, at: HallTime) -> Course:
    claims = {one.visitor_class: one.since for one in fact.claims}
    best = next(one for one in _BEST_FIRST if one in claims)
    waits_from = HallTime(max(at, claims[best])) if best is VisitorClass.APPOINTMENT_DUE else at
    return Course(fact.ticket, fact.group, fact.service, best, at, waits_from, joined_line_at=[at])


def minutes(ms: float) -> float:
    """Milliseconds as minutes with two decimals."""
    return round(ms / MINUTE, 2)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that this share of all do not exceed; 0 of none."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def waits_by_class(found: Iterable[Course]) -> dict[VisitorClass, list[Ms]]:
    """The waits of everybody who was called, by class, shortest first."""
    waits: dict[VisitorClass, list[Ms]] = {}
    for course in found:
        if course.wait is not None:
            waits.setdefault(course.visitor_class, []).append(course.wait)
    return {one: sorted(waits[one]) for one in _BEST_FIRST if one in waits}


def counted(played: Played) -> dict[CounterId, Counted]:
    """How long each counter was manned in the hours it may call in, and how long it served."""
    found = {counter.id: Counted() for counter in played.config.counters}
    manned_since: dict[CounterId, HallTime] = {}
    serving: dict[str, tuple[CounterId, HallTime]] = {}
    for recorded in played.facts:
        fact, at = recorded.fact, recorded.at
        match fact:
            case f.StaffLoggedIn(counter=counter) | f.CounterResumed(counter=counter):
                manned_since.setdefault(counter, at)
            case f.StaffLoggedOut(counter=counter) | f.CounterPaused(counter=counter):
                _add_manned(played, found, counter, manned_since.pop(counter, None), at)
            case f.ServiceStarted(session=session, counter=counter):
                serving[session] = counter, at
            case f.ServiceFinished(session=session) if session in serving:
                counter, since = serving.pop(session)
                found[counter].served += at - since
                found[counter].sessions += 1
            case _:
                pass
    return found


def _add_manned(
    played: Played, found: dict[CounterId, Counted], counter: CounterId, since: HallTime | None, at: HallTime
) -> None:
    """Hours before opening and at noon do not count: nobody can be called then."""
    if since is not None:
        day = played.day
        noon = max(0, min(at, day.afternoon) - max(since, day.noon))
        found[counter].manned += max(0, at - max(since, day.morning)) - noon


def overtime(played: Played) -> Ms:
    """How long after closing the last service ended."""
    last = max((one.at for one in played.facts if isinstance(one.fact, f.ServiceFinished)), default=played.day.close)
    return max(0, last - played.day.close)


def slots(played: Played, found: Iterable[Course]) -> list[dict[str, Any]]:
    """The day by quarter hours: who came, how many were called, who waited at the end of it, by group."""
    begins = played.day.tickets_from - played.day.tickets_from % _SLOT
    tickets = list(found)
    last = max([played.day.close, *(one.at for one in played.facts if isinstance(one.fact, f.TicketCalled))])
    groups = [one.id for one in played.config.queue_groups]
    table = []
    for at in range(begins, last + 1, _SLOT):
        until = at + _SLOT
        table.append(
            {
                "at": HallTime(at),
                "came": sum(at <= one.issued_at < until for one in tickets),
                "called": sum(at <= called < until for one in tickets for called in one.called_at),
                "waiting": {group: sum(_waits(one, until) for one in tickets if one.group == group) for group in groups},
            }
        )
    return table


def _waits(course: Course, at: int) -> bool:
    """Whether it stood in line at this instant, until its first call."""
    left = course.left_line_at[0] if course.left_line_at else None
    return course.issued_at < at and (left is None or left >= at)


def estimates(played: Played, found: dict[TicketId, Course]) -> dict[str, Any]:
    """The range on the paper against what came, and the queue-length estimate of the same papers.

    Both tell the time from the paper to the call, of an appointment too, whatever its agreed time.
    The queue-length estimate is those ahead times the mean minutes of the group by the catalogue over the counters at work
    for it: what a machine could print without knowing the rules; ``queue_length_knowing_mae_min`` is the same with the mean
    that visitors of this day really need, which nobody knows. ``mae_min`` is the mean distance of the middle of the printed
    range from the wait; ``coverage`` the share that waited no longer than the upper end of the printed range.
    """
    real_mean, catalogue = _mean_service(played), _catalogue_mean(played)
    plain, knowing, printed, bias, waits, covered, within = [], [], [], [], [], 0, 0
    for ticket, told in played.told.items():
        course = found[ticket]
        if course.first_called_at is None or not told.counters or _at_noon(played, course):
            continue
        real = (course.first_called_at - course.issued_at) / MINUTE
        waits.append(real)
        plain.append(abs(told.ahead * catalogue[told.group] / told.counters - real))
        knowing.append(abs(told.ahead * real_mean[told.group] / told.counters - real))
        if told.low is not None and told.high is not None:
            middle = (told.low + told.high) / 2
            printed.append(abs(middle - real))
            bias.append(middle - real)
            covered += real <= told.high
            within += told.low <= real <= told.high
    by_queue = _mean(plain)
    return {
        "papers": len(plain),
        "mean_wait_min": round(_mean(waits), 2),
        "queue_length_mae_min": round(by_queue, 2),
        "queue_length_knowing_mae_min": round(_mean(knowing), 2),
        "ranges": len(printed),
        "mae_min": round(_mean(printed), 2) if printed else None,
        "bias_min": round(_mean(bias), 2) if bias else None,
        "coverage": round(covered / len(printed), 3) if printed else None,
        "within": round(within / len(printed), 3) if printed else None,
        "ratio": round(_mean(printed) / by_queue, 3) if printed and by_queue else None,
    }


def _at_noon(played: Played, course: Course) -> bool:
    return played.day.noon <= course.issued_at < played.day.afternoon


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0


def _mean_service(played: Played) -> dict[GroupId, float]:
    """The mean minutes a visitor of each group needs, of those who really came."""
    needs: dict[GroupId, list[float]] = {}
    for visitor in played.cast.visitors:
        needs.setdefault(visitor.group, []).append(visitor.needs / MINUTE)
    return {group: _mean(needs.get(group, [])) for group in (one.id for one in played.config.queue_groups)}


def _catalogue_mean(played: Played) -> dict[GroupId, float]:
    """The mean minutes of the catalogue for what the visitors of each group came for."""
    minutes_of = {one.id: one.avg_min for one in played.config.services}
    needs: dict[GroupId, list[float]] = {}
    for visitor in played.cast.visitors:
        needs.setdefault(visitor.group, []).append(float(minutes_of[visitor.service]))
    return {group: _mean(needs.get(group, [])) for group in (one.id for one in played.config.queue_groups)}


def class_figures(waits: Sequence[Ms], served: int) -> dict[str, Any]:
    """One row of ``classes``."""
    return {
        "served": served,
        "mean_min": minutes(_mean(waits)),
        "p50_min": minutes(quantile(waits, 0.5)),
        "p80_min": minutes(quantile(waits, 0.8)),
        "p95_min": minutes(quantile(waits, 0.95)),
        "max_min": minutes(waits[-1] if waits else 0),
    }


def figures(played: Played) -> dict[str, Any]:
    """Everything ``hall-sim day`` writes."""
    found = courses(played)
    by_class = waits_by_class(found.values())
    served = {one: sum(c.is_served for c in found.values() if c.visitor_class is one) for one in by_class}
    return {
        "date": played.day.date.isoformat(),
        "seed": played.seed,
        "visitors": len(played.cast.visitors),
        "tickets": len(found),
        "classes": {one.value: class_figures(waits, served[one]) for one, waits in by_class.items()},
        "no_shows": sum(one.missed > 0 and not one.is_served for one in found.values()),
        "missed_calls": sum(one.missed for one in found.values()),
        "came_back": played.came_back,
        "without_ticket": played.lost,
        "overtime_min": minutes(overtime(played)),
        "utilisation": {
            counter: {
                "share": round(one.served / one.manned, 3) if one.manned else 0.0,
                "served": one.sessions,
                "serving_min": minutes(one.served),
                "manned_min": minutes(one.manned),
            }
            for counter, one in counted(played).items()
        },
        "estimate": estimates(played, found),
        "refusals": played.refusals,
        "facts": len(played.facts),
        "checks": played.checks,
        "violations": list(played.violations),
        "log_hash": played.log_hash,
    }
