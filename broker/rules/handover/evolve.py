"""What the facts of hand-overs change, and what those of logins and covers mean for them; ``apply`` is the table."""

from datetime import timedelta
from typing import assert_never

from msgspec.structs import replace

from broker.rules import facts as f
from broker.rules.facts.handover import HandoverEntry
from broker.rules.hall import Hall
from broker.rules.handover.listed import done
from broker.rules.handover.state import Handovers, TakenOver
from broker.rules.hours import DAY
from broker.rules.posts.serving import post_of
from broker.rules.workdays import day_plan
from contracts.values import HallTime

UNCONFIRMED_FOR = 30 * DAY
"""A return list nobody confirms is no longer asked about; it stays in the ledger."""
_DAYS_AHEAD = 31


def day_began(hall: Hall, fact: f.DayBegan) -> None:
    """What is not over yet goes on; the rest is of the day."""
    hall.handovers = Handovers(open={one.no: one for one in fact.handovers})
    _look_ahead(hall)


def adopted(hall: Hall) -> None:
    """Other hours may be configured."""
    _look_ahead(hall)


def _look_ahead(hall: Hall) -> None:
    """When the next working day after today begins, as far as can be seen."""
    hall.handovers.next_morning = None
    if hall.day is None:
        return
    config = hall.in_force.config
    days = (day_plan(config, hall.day.date + timedelta(days=n)) for n in range(1, _DAYS_AHEAD))
    hall.handovers.next_morning = next((one.morning for one in days if one.works), None)


def on_file(hall: Hall, now: HallTime) -> tuple[HandoverEntry, ...]:
    """What ``DayBegan`` carries on: what was not given back, and what both have still to confirm. One or two a post."""
    return tuple(
        replace(one, served=one.served + len(done(hall, one))) if one.returned_at is None else one
        for one in hall.handovers.open.values()
        if one.returned_at is None or now - one.returned_at < UNCONFIRMED_FOR
    )


def watch(hall: Hall, fact: f.Fact, at: HallTime) -> None:
    """Who acts for whom from when, by logins and covers; before their own area folds them."""
    known = hall.handovers
    match fact:
        case f.StaffLoggedIn(counter=counter, staff=staff, post_owner=owner):
            known.skipped.pop(counter, None)
            known.prompted.pop(counter, None)
            if owner is None:
                known.taken_over.pop(counter, None)
            else:
                known.taken_over[counter] = TakenOver(staff, at)
        case f.CoverBegan(covered=counter, staff=staff):
            known.skipped.pop(counter, None)
            known.taken_over[counter] = TakenOver(staff, at)
        case f.CounterResumed(counter=counter, staff=staff):
            post = post_of(hall, counter)
            if post is not None and post.a == staff:
                known.taken_over.pop(counter, None)
        case _:
            pass


def _made(hall: Hall, fact: f.HandoverMade) -> None:
    known = hall.handovers
    known.count += 1
    if fact.replaces is not None:
        known.open.pop(fact.replaces, None)
    known.open[fact.entry.no] = fact.entry
    known.skipped.pop(fact.entry.counter, None)


def _returned(hall: Hall, fact: f.HandoverReturned, at: HallTime) -> None:
    entry = hall.handovers.open[fact.no]
    hall.handovers.open[fact.no] = replace(
        entry,
        returned_at=at,
        done=fact.done,
        served=fact.served,
        still=fact.still,
        documents=fact.documents,
        confirmed=(),
    )


def _confirmed(hall: Hall, fact: f.HandoverConfirmed) -> None:
    entry = hall.handovers.open[fact.no]
    entry = replace(entry, confirmed=(*entry.confirmed, fact.staff))
    if {entry.giver, entry.taker} <= set(entry.confirmed):
        del hall.handovers.open[fact.no]
    else:
        hall.handovers.open[fact.no] = entry


def apply(hall: Hall, fact: f.HandoverFact, at: HallTime) -> None:
    """One fact of a hand-over."""
    known = hall.handovers
    match fact:
        case f.HandoverMade():
            _made(hall, fact)
        case f.HandoverAcknowledged(no=no):
            known.open[no] = replace(known.open[no], acknowledged_at=at)
        case f.HandoverReturned():
            _returned(hall, fact, at)
        case f.HandoverConfirmed():
            _confirmed(hall, fact)
        case f.HandoverPrompted(counter=counter, begins=begins):
            known.prompted[counter] = (*known.prompted.get(counter, ()), begins)
        case f.HandoverSkipped(counter=counter, staff=staff):
            known.skipped[counter] = staff
        case f.HandoverUntold(counter=counter):
            known.taken_over[counter] = known.taken_over[counter]._replace(may_tell=False)
        case f.SubstituteNamed(counter=counter, staff=staff):
            known.substitutes[counter] = staff
        case _:
            assert_never(fact)
