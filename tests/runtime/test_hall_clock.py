"""The hall clock of a node: set by heartbeats that are new, never by one delivered again."""

from contracts.messages import ServiceState
from contracts.values import BootId, HallTime
from firmware.runtime.steps import HallClock


def beat(hall_now: int, *, online: bool = True) -> ServiceState:
    """A heartbeat, or the service's last will."""
    return ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(hall_now), online=online)


def test_the_first_heartbeat_gives_a_time_and_the_second_confirms_it() -> None:
    """A retained heartbeat may be of yesterday; a later one proves that the service speaks now."""
    first = HallClock().heard(beat(10_000), 100)
    assert (first.at(150), first.confirmed, first.is_live(150)) == (10_050, False, True)
    second = first.heard(beat(15_000), 5_100)
    assert (second.at(5_100), second.confirmed) == (15_000, True)


def test_a_heartbeat_delivered_again_says_nothing() -> None:
    """After a reconnect the retained heartbeat neither sets the clock back nor makes the service live."""
    clock = HallClock().heard(beat(10_000), 100).heard(beat(15_000), 5_100).away()
    for old in (10_000, 15_000):
        again = clock.heard(beat(old), 60_000)
        assert again.at(60_000) == 69_900
        assert not again.is_live(60_000)
    assert clock.heard(beat(69_000), 60_000).is_live(60_000)


def test_after_a_lost_link_the_retained_heartbeat_does_not_set_the_clock_back() -> None:
    """It is up to one beat old: taken for the present, a call of 14 s ago would seem under 10 s old and be spoken."""
    away = HallClock().heard(beat(10_000), 100).heard(beat(15_000), 5_100).away()
    back = away.heard(beat(65_100), 60_000)
    assert (back.at(60_000), back.is_live(60_000)) == (69_900, True)
    live = back.heard(beat(70_150), 60_300)
    assert live.at(60_300) == 70_150, "from the second heartbeat on the service sets the clock"
    assert live.heard(beat(75_000), 66_000).at(66_000) == 75_000, "also backwards, while the link is up"


def test_a_service_whose_clock_stood_still_is_followed_all_the_same() -> None:
    """After a power cut of the service the hall clock goes on where it stopped: much older than a retained heartbeat."""
    away = HallClock().heard(beat(10_000), 100).heard(beat(15_000), 5_100).away()
    assert away.heard(beat(20_000), 60_000).at(60_000) == 20_000


def test_a_last_will_ends_the_life_and_keeps_the_time() -> None:
    """When the service goes its clock runs on here."""
    clock = HallClock().heard(beat(10_000), 100).heard(beat(15_000), 5_100).heard(beat(15_000, online=False), 6_000)
    assert not clock.is_live(6_000)
    assert clock.at(6_100) == 16_000


def test_fifteen_seconds_of_silence_are_the_end_of_the_life() -> None:
    """Three missing heartbeats."""
    clock = HallClock().heard(beat(10_000), 100)
    assert clock.is_live(15_099)
    assert not clock.is_live(15_100)
    assert clock.lost_at() == 15_100
