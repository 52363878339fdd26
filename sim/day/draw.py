"""Who comes on a day, with what, for how long, how they behave: drawn whole from the seed before the day begins.

Every person has a random generator of their own, so under another call order the same people come at the same times with
the same business (common random numbers). Who comes late to an appointment is late under every policy.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from broker.rules.hours import midnight
from broker.rules.workdays import Day, day_plan
from broker.schema import GreenProject, HallConfig, Service, Staff
from contracts.values import CounterId, GroupId, HallTime, Ms, ServiceId, StaffNo, VisitorClass
from sim.day.nature import MINUTE, Nature

_FOR_SENIORS = "老年人"
_FOR_PROJECTS = frozenset({"ZJ", "ZR"})
_OLD, _YOUNG, _ADULT = (60, 91), (8, 16), (18, 59)


@dataclass(frozen=True, slots=True)
class Visitor:
    """One person and everything that will happen to them whatever the queue does."""

    number: int
    comes_at: HallTime
    group: GroupId
    service: ServiceId
    machine: int
    age: int
    visitor_class: VisitorClass
    project: str | None
    agreed_at: HallTime | None
    comes: bool
    needs: Ms
    walk: Ms
    reactions: tuple[Ms, ...]
    """How long the clerk takes before starting and before calling again; drawn with the visitor, see above."""
    misses: bool
    returns_after: Ms | None
    rates_after: Ms | None
    level: int


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who sits where, from when, and when they want a pause."""

    counter: CounterId
    staff: StaffNo
    card: str
    comes_at: HallTime
    reaction: Ms
    pauses: tuple[tuple[HallTime, Ms], ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody of one day."""

    visitors: tuple[Visitor, ...]
    clerks: tuple[Clerk, ...]


def cast(config: HallConfig, day: date, seed: int, visitors: int, nature: Nature) -> Cast:
    """The people of this day of this seed."""
    plan = day_plan(config, day)
    clerks = tuple(_clerk(config, plan, seed, counter, nature) for counter in main_staff(config))
    setting = _Setting(config, plan, service_weights(config), nature)
    people = [_visitor(setting, random.Random(f"{seed}/visitor/{n}"), n) for n in range(visitors)]
    return Cast(tuple(sorted(people, key=lambda one: (one.comes_at, one.number))), clerks)


def main_staff(config: HallConfig) -> dict[CounterId, Staff]:
    """Who usually sits at each counter: the A of its post, else the first free person who can do what is done there."""
    staff = {one.id: one for one in config.staff}
    found = {post.counter: staff[post.a] for post in config.posts}
    for counter in config.counters:
        if counter.id not in found:
            offered = {one.id for one in config.services if one.group in counter.groups}
            taken = {one.id for one in found.values()}
            able = (one for one in config.staff if one.card and one.onboarded and offered & set(one.skills))
            person = next((one for one in able if one.id not in taken), None)
            if person is not None:
                found[counter.id] = person
    return {counter.id: found[counter.id] for counter in config.counters if counter.id in found}


def service_weights(config: HallConfig) -> dict[ServiceId, float]:
    """How often each service is asked for: as the hall is staffed for it.

    Each counter has one day to give, in equal parts to the services its person can do there; a service that takes half the
    time is asked for twice as often.
    """
    weights: dict[ServiceId, float] = {}
    counters = {one.id: one for one in config.counters}
    for counter, person in main_staff(config).items():
        done = [one for one in config.services if one.group in counters[counter].groups and one.id in person.skills]
        for service in done:
            weights[service.id] = weights.get(service.id, 0.0) + 1 / (len(done) * service.avg_min)
    return weights


@dataclass(frozen=True, slots=True)
class _Setting:
    config: HallConfig
    day: Day
    weights: dict[ServiceId, float]
    nature: Nature


def _visitor(setting: _Setting, rng: random.Random, number: int) -> Visitor:
    config, day, nature = setting.config, setting.day, setting.nature
    service = _service(config, setting.weights, rng)
    comes_at, machine = _arrival(day, rng, nature), rng.randrange(2)
    age = _age(service, rng, nature)
    agreed_at, appears_at, comes = _appointment(config, day, comes_at, rng, nature)
    project, visitor_class = _class(config, service, age, rng, nature)
    scale = service.avg_min * nature.pace / nature.shape
    needs = max(nature.shortest, round(rng.gammavariate(nature.shape, scale) * MINUTE))
    cares = visitor_class is VisitorClass.CARE
    misses, comes_back, rates = rng.random() < nature.misses, rng.random() < nature.returns, rng.random() < nature.rates
    return Visitor(
        number=number,
        comes_at=appears_at,
        group=service.group,
        service=service.id,
        machine=machine,
        age=age,
        visitor_class=visitor_class,
        project=project,
        agreed_at=agreed_at,
        comes=comes,
        needs=needs,
        walk=rng.randint(*(nature.walk_with_care if cares else nature.walk)),
        reactions=tuple(rng.randint(*nature.reaction) for _ in range(2)),
        misses=misses,
        returns_after=rng.randint(*nature.returns_after) if comes_back else None,
        rates_after=rng.randint(3_000, 25_000) if rates else None,
        level=rng.choices((5, 4, 3, 2, 1), (70, 20, 6, 2, 2))[0],
    )


def _service(config: HallConfig, weights: dict[ServiceId, float], rng: random.Random) -> Service:
    services = [one for one in config.services if one.id in weights]
    return rng.choices(services, [weights[one.id] for one in services])[0]


def _arrival(day: Day, rng: random.Random, nature: Nature) -> HallTime:
    """Between the first ticket and the last: two peaks, and few over noon."""
    zero = midnight(day.date)
    while True:
        dice, at = rng.random(), HallTime(rng.randrange(day.tickets_from, day.close))
        for share, middle, spread in nature.peaks:
            if dice < share:
                at = HallTime(zero + round(rng.gauss(middle, spread) * MINUTE))
                break
            dice -= share
        if day.tickets_from <= at < day.close and not (day.noon <= at < day.afternoon and rng.random() >= nature.at_noon):
            return at


def _age(service: Service, rng: random.Random, nature: Nature) -> int:
    dice = rng.random()
    if _FOR_SENIORS in service.zh or dice < nature.seniors:
        return rng.randint(*_OLD)
    return rng.randint(*(_YOUNG if dice < nature.seniors + nature.minors else _ADULT))


def _class(
    config: HallConfig, service: Service, age: int, rng: random.Random, nature: Nature
) -> tuple[str | None, VisitorClass]:
    wants_care, is_green, is_urgent = rng.random() < nature.takes_care, rng.random() < nature.green, rng.random()
    if is_green and service.dept in _FOR_PROJECTS and config.green_projects:
        urgent = [one for one in config.green_projects if one.urgent]
        plain: Sequence[GreenProject] = [one for one in config.green_projects if not one.urgent] or urgent
        if urgent and is_urgent < nature.urgent:
            return urgent[0].code, VisitorClass.URGENT
        return plain[0].code, VisitorClass.GREEN
    has_age = age >= _OLD[0] or age <= _YOUNG[1]
    return None, VisitorClass.CARE if has_age and wants_care else VisitorClass.NORMAL


def _appointment(
    config: HallConfig, day: Day, at: HallTime, rng: random.Random, nature: Nature
) -> tuple[HallTime | None, HallTime, bool]:
    """The agreed time, when they appear, and whether they do."""
    has_one, dice = rng.random() < nature.appointments, rng.random()
    early, late = rng.randint(*nature.early_min) * MINUTE, rng.randint(*nature.late_min) * MINUTE
    grid = config.params.appointment.grid_min * MINUTE
    agreed = HallTime(at - at % grid)
    in_hours = day.morning <= agreed < day.noon or day.afternoon <= agreed < day.close - 30 * MINUTE
    if not has_one or not in_hours:
        return None, at, True
    comes = dice >= nature.absent
    appears = agreed + late if dice < nature.absent + nature.late else agreed - early
    return agreed, HallTime(min(max(appears, day.tickets_from), day.close - MINUTE)), comes


def _clerk(config: HallConfig, day: Day, seed: int, counter: CounterId, nature: Nature) -> Clerk:
    rng = random.Random(f"{seed}/clerk/{counter}")
    person = main_staff(config)[counter]
    assert person.card is not None, "who sits at a counter has a card"
    halves = [(day.morning + 30 * MINUTE, day.noon - 20 * MINUTE), (day.afternoon + 30 * MINUTE, day.close - 20 * MINUTE)]
    pauses = []
    for _ in range(rng.randint(0, nature.pauses)):
        begins, ends = rng.choice(halves)
        pauses.append((HallTime(rng.randint(begins, ends)), rng.randint(*nature.pause)))
    return Clerk(
        counter=counter,
        staff=person.id,
        card=person.card,
        comes_at=HallTime(day.morning - rng.randint(1, 6) * MINUTE - rng.randint(0, 59) * 1_000),
        reaction=rng.randint(*nature.reaction),
        pauses=tuple(sorted(pauses)),
    )
