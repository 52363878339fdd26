"""A random working day: the people of a seed in the real service's hall, from the first lamp to the last visitor."""

from dataclasses import dataclass
from datetime import date, timedelta

from broker.config import load
from broker.rules.facts import Recorded
from broker.rules.hours import MINUTE, day_of, midnight, on_day
from broker.rules.workdays import Day, day_plan, is_workday
from broker.schema import HallConfig
from contracts import messages as m
from contracts.values import HallPhase, HallTime, TicketId
from sim.day.booking import Bookings
from sim.day.clerk import ClerkAtWork
from sim.day.draw import Cast, cast
from sim.day.experience import experience
from sim.day.floor import OPS, Floor, Told
from sim.day.house import House
from sim.day.leaders import Leaders
from sim.day.nature import Nature
from sim.day.visits import Visits

_LIGHTS_ON = "08:30"
_BOOKED_FROM, _BOOKED_BY = "12:05", "12:25"
"""When the phone rings the day before: over noon, when no counter need be manned."""
_NIGHT_BEGINS = 23 * 60 + 50
"""Minutes after midnight at which the last clerk is sent home, whatever waits."""


@dataclass(frozen=True, slots=True)
class Played:
    """A day that has been played: everything that was stored, and what only people know."""

    config: HallConfig
    day: Day
    seed: int
    cast: Cast
    facts: tuple[Recorded, ...]
    told: dict[TicketId, Told]
    lost: int
    came_back: int
    refusals: dict[str, int]
    violations: tuple[str, ...]
    checks: int
    log_hash: str


def play(  # noqa: PLR0913 -- everything a day is made of
    text: str, day: date, seed: int, visitors: int, nature: Nature | None = None, *, is_checked: bool = True
) -> Played:
    """Play the day of a seed in the hall of this hall.toml."""
    nature = nature or Nature()
    house = House(text, seed=seed, start=on_day(day_before(text, day), _BOOKED_FROM), is_checked=is_checked)
    try:
        bounds = day_plan(house.config, day)
        house.experience = experience(house.config, day, nature)
        people = cast(house.config, day, seed, visitors, nature)
        floor = _live(house, bounds, people, nature)
        if is_checked:
            house.prove()
        return Played(
            config=house.config,
            day=bounds,
            seed=seed,
            cast=people,
            facts=tuple(house.facts()),
            told=floor.told,
            lost=floor.lost,
            came_back=floor.came_back,
            refusals=dict(sorted(house.refusals.items())),
            violations=tuple(house.violations),
            checks=house.checks,
            log_hash=house.events.digest,
        )
    finally:
        house.close()


def _live(house: House, bounds: Day, people: Cast, nature: Nature) -> Floor:
    floor = Floor(house, nature)
    bookings = Bookings(floor)
    visits = Visits(floor, bookings)
    clerks = {clerk.counter: ClerkAtWork(floor, visits, clerk) for clerk in people.clerks}
    leaders = Leaders(floor)

    def hear(message: m.Message) -> None:
        match message:
            case m.DeskState(counter=counter) if counter in clerks:
                clerks[counter].look()
            case m.HallBoard():
                for clerk in clerks.values():
                    clerk.look()
            case m.TaskBoard():
                leaders.look(message)
            case _:
                pass

    house.start()
    house.born(OPS)
    bookings.begin(people.visitors, house.now)
    house.run_until(on_day(day_of(house.now), _BOOKED_BY))
    house.kill()
    house.run_until(on_day(bounds.date, _LIGHTS_ON))
    house.heard.append(hear)
    house.start()
    house.born(*(one.id for one in house.config.devices if one.kind in _SPEAKING), OPS)
    visits.begin(people.visitors)
    for clerk in clerks.values():
        clerk.begin()
    house.run_until(bounds.close)
    zero, at = midnight(bounds.date), bounds.close
    while floor.phase is not HallPhase.CLOSED and at < zero + _NIGHT_BEGINS * MINUTE:
        at = HallTime(at + MINUTE)
        house.run_until(at)
    if floor.phase is not HallPhase.CLOSED:
        house.wrong(f"I2: the hall is not closed before midnight, {house.hall.live} tickets are open")
    house.run_until(HallTime(at + 5 * MINUTE))
    return floor


def day_before(text: str, day: date) -> date:
    """The working day before."""
    calendar = load(text, "hall.toml").calendar
    before = day - timedelta(days=1)
    while not is_workday(calendar, before):
        before -= timedelta(days=1)
    return before


_SPEAKING = ("ticket_machine", "counter_terminal", "rating_pad")
