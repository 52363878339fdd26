"""The waiting time on a ticket, by itself: it is worked out between the press and the paper."""

from random import Random

from broker.rules.estimate.views import of_group
from contracts.values import GroupId, HallTime
from firmware.runtime.clock import precise_ns
from sim.rules_day import RulesDay, hall_text

_SITS = {"W01": "S103", "W02": "S101", "W03": "S102", "W04": "S105", "W10": "S114"}
_SERVICES = (None, "SV01", "SV02", "SV03")


def estimates(waiting: int, rounds: int) -> list[int]:
    """Nanoseconds of one estimate in the demo hall, behind so many people of one group, three of its counters at work."""
    chance = Random(waiting)
    day = RulesDay(hall_text("demo-hall"), "08:50")
    for counter, staff in _SITS.items():
        day.login(counter, staff)
    day.at("09:00")
    for number in range(waiting + 3):
        day.advance(HallTime(day.now + chance.randrange(60_000)))
        day.take("A", care=number % 10 == 0, service=chance.choice(_SERVICES))
    for counter in ("W01", "W02", "W03"):
        day.call(counter)
        day.start(counter)
    times = []
    for _ in range(rounds):
        began = precise_ns()
        wait = of_group(day.hall, GroupId("A"), day.now)
        times.append(precise_ns() - began)
        assert wait is not None
    return times
