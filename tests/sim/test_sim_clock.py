"""Virtual time."""

import pytest

from contracts.values import HallTime
from sim.clock import Alarm, ManualClock, Scheduler


@pytest.fixture
def scheduler() -> Scheduler:
    """A scheduler at 0."""
    return Scheduler(ManualClock(HallTime(1_000_000)))


def test_appointments_of_one_moment_are_kept_in_the_order_they_were_made(scheduler: Scheduler) -> None:
    """Earlier first; at the same millisecond, first made first."""
    kept: list[str] = []
    for at, name in [(5, "b"), (3, "a"), (5, "c")]:
        scheduler.at(at, lambda name=name: kept.append(f"{name}@{scheduler.now}"))  # type: ignore[misc] # default argument
    scheduler.run_until(10)
    assert kept == ["a@3", "b@5", "c@5"]
    assert scheduler.now == 10


def test_a_cancelled_appointment_is_not_kept(scheduler: Scheduler) -> None:
    """Cancel means never."""
    kept: list[int] = []
    scheduler.at(5, lambda: kept.append(5)).cancel()
    scheduler.run_until(10)
    assert kept == []


def test_wall_and_monotonic_time_go_together_until_the_wall_is_set(scheduler: Scheduler) -> None:
    """A wrong wall clock stays wrong by the same amount; monotonic time does not notice."""
    scheduler.run_until(500)
    assert (scheduler.clock.monotonic_ms(), scheduler.clock.wall_ms()) == (500, 1_000_500)
    scheduler.clock.set_wall(HallTime(7))
    scheduler.run_until(600)
    assert (scheduler.clock.monotonic_ms(), scheduler.clock.wall_ms()) == (600, 107)


def test_time_never_goes_back(scheduler: Scheduler) -> None:
    """Running until an earlier moment changes nothing; moving the clock back is refused."""
    scheduler.run_until(10)
    scheduler.run_until(4)
    assert scheduler.now == 10
    with pytest.raises(ValueError, match="cannot go back"):
        scheduler.clock.advance_to(9)


def test_waiting_for_a_claim_stops_at_once_or_at_the_limit(scheduler: Scheduler) -> None:
    """It stops as soon as the claim holds, and says no after the limit."""
    seen: list[int] = []
    for at in (10, 20, 30):
        scheduler.at(at, lambda at=at: seen.append(at))  # type: ignore[misc] # default argument
    assert scheduler.run_until_true(lambda: 20 in seen, within=100)
    assert scheduler.now == 20
    assert not scheduler.run_until_true(lambda: 40 in seen, within=100)
    assert (scheduler.now, seen) == (120, [10, 20, 30])


def test_an_alarm_rings_at_its_last_wish_only(scheduler: Scheduler) -> None:
    """Moving an alarm withdraws the earlier wish; None silences it."""
    rings: list[int] = []
    alarm = Alarm(scheduler, lambda: rings.append(scheduler.now))
    alarm.set(5)
    alarm.set(8)
    scheduler.run_until(10)
    alarm.set(15)
    alarm.set(None)
    scheduler.run_until(20)
    assert rings == [8]
