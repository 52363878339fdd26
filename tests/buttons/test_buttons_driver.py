"""Keys: one finger is one press, whatever the contact does; a stuck key is told."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.buttons import Buttons, Held, Pressed, Released, Stuck, Unstuck
from firmware.wire.base import BytesArrived, EdgeSeen, WireLost, WireOpened
from sim.solo import Solo

PIN, OTHER = 5, 6
READY = 1_000


def solo(**times: int) -> Solo:
    """Two keys on an open wire, all quiet."""
    run = Solo(Buttons({PIN: "next", OTHER: "start"}, **times))
    run.at(0, WireOpened())
    run.until(READY)
    return run


def edges(run: Solo, *train: tuple[int, bool], pin: int = PIN) -> None:
    """Let edges happen, each (time, closed)."""
    for at, closed in train:
        run.at(at, EdgeSeen(pin, closed))


def test_the_first_edge_is_the_press() -> None:
    """A press is reported in the very millisecond the contact closes."""
    run = solo()
    edges(run, (READY, True))
    assert run.reports() == [(READY, Pressed("next"))]


def test_bouncing_is_one_press_and_one_release() -> None:
    """A contact that chatters on both sides gives one press and one release."""
    run = solo()
    edges(run, (1000, True), (1001, False), (1004, True), (1005, False), (1009, True))
    edges(run, (1400, False), (1402, True), (1403, False))
    run.until(5_000)
    assert run.reports() == [(1000, Pressed("next")), (1400, Released("next"))]


def test_a_tap_shorter_than_the_deafness_is_released_when_we_listen_again() -> None:
    """A 60 ms tap is a press at once and a release as soon as the level counts again."""
    run = solo()
    edges(run, (1000, True), (1060, False))
    run.until(5_000)
    assert run.reports() == [(1000, Pressed("next")), (1150, Released("next"))]


def test_a_second_press_that_begins_while_we_are_deaf_is_not_lost() -> None:
    """A fast double press counts twice if the key is still down when the level counts again."""
    run = solo()
    edges(run, (1000, True), (1300, False), (1400, True))
    run.until(1_600)
    assert [what for _, what in run.reports()] == [Pressed("next"), Released("next"), Pressed("next")]


def test_a_release_that_bounces_over_the_end_of_the_deafness_is_no_second_press() -> None:
    """Bouncing just when we listen again makes no ghost press."""
    run = solo()
    edges(run, (1000, True), (1140, False), (1148, True), (1149, False), (1151, True), (1153, False))
    run.until(5_000)
    assert [what for _, what in run.reports()] == [Pressed("next"), Released("next")]


def test_keys_do_not_disturb_each_other() -> None:
    """While one key bounces another is heard at once."""
    run = solo()
    edges(run, (1000, True))
    edges(run, (1001, True), pin=OTHER)
    assert run.reports() == [(1000, Pressed("next")), (1001, Pressed("start"))]


def test_hold_and_stuck() -> None:
    """A key held 2 s says so, after 30 s it is stuck, and when it opens both end."""
    run = solo()
    edges(run, (1000, True))
    run.until(60_000)
    edges(run, (60_000, False))
    assert run.reports() == [
        (1000, Pressed("next")),
        (3000, Held("next")),
        (31_000, Stuck("next")),
        (60_000, Released("next")),
        (60_000, Unstuck("next")),
    ]


def test_the_holding_times_can_be_chosen() -> None:
    """A room may want another holding time."""
    run = solo(held_after=500, stuck_after=700)
    edges(run, (1000, True))
    run.until(2_000)
    assert [at for at, _ in run.reports()] == [1000, 1500, 1700]


def test_a_key_closed_at_the_start_is_no_press_but_may_be_stuck() -> None:
    """A key that is down when the node starts never presses; after 30 s it is reported, then freed."""
    run = Solo(Buttons({PIN: "next"}))
    run.at(0, WireOpened(), EdgeSeen(PIN, active=True))
    run.until(40_000)
    edges(run, (40_000, False), (40_500, True))
    assert run.reports() == [(30_150, Stuck("next")), (40_000, Unstuck("next")), (40_500, Pressed("next"))]


def test_edges_before_the_wire_is_open_are_no_presses() -> None:
    """What is told before the wire is open is how the keys stand."""
    run = Solo(Buttons({PIN: "next"}))
    run.at(0, EdgeSeen(PIN, active=True), WireOpened())
    edges(run, (500, False), (900, True))
    assert run.reports() == [(900, Pressed("next"))]


def test_a_lost_wire_ends_what_was_down() -> None:
    """When the pins are lost a pressed key is released and a stuck one no longer stuck."""
    run = solo()
    edges(run, (1000, True))
    run.at(1_200, WireLost("gone"))
    assert run.reports() == [(1000, Pressed("next")), (1200, Released("next"))]
    assert run.wake_at is None


def test_other_pins_and_other_happenings_mean_nothing() -> None:
    """An edge of a lamp's pin or bytes from somewhere are left alone."""
    run = solo()
    run.at(1_000, EdgeSeen(99, active=True), BytesArrived(b"x"), WireOpened())
    assert run.reports() == []


BOUNCES = st.lists(st.integers(1, 9), max_size=8)


@given(st.lists(st.tuples(st.integers(260, 1_500), BOUNCES), min_size=1, max_size=12))
def test_whatever_the_contact_does_presses_and_releases_alternate_one_per_move(moves: list[tuple[int, list[int]]]) -> None:
    """For every train of bounces (under 80 ms) round moves of a finger (over 260 ms apart): one report for each move."""
    run, now, closed = solo(), READY, False
    for pause, bounces in moves:
        now, closed = now + pause, not closed
        level, at = closed, now
        run.at(at, EdgeSeen(PIN, level))
        for gap in [*bounces, 1] if len(bounces) % 2 else bounces:
            level, at = not level, at + gap
            run.at(at, EdgeSeen(PIN, level))
    run.until(now + 1_900)
    reports = [what for _, what in run.reports()]
    assert reports == [(Pressed if number % 2 == 0 else Released)("next") for number in range(len(moves))]


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans())))
def test_no_train_of_edges_presses_twice_without_a_release(train: list[tuple[int, bool]]) -> None:
    """Even pure noise keeps press and release alternating, and no two presses within the deafness."""
    run, now = solo(), READY
    for gap, closed in train:
        now += gap
        run.at(now, EdgeSeen(PIN, closed))
    run.until(now + 1_000)
    moves = [(at, what) for at, what in run.reports() if isinstance(what, Pressed | Released)]
    assert all(isinstance(what, Pressed) == (number % 2 == 0) for number, (_, what) in enumerate(moves))
    presses = [at for at, what in moves if isinstance(what, Pressed)]
    assert all(later - earlier >= 150 for earlier, later in pairwise(presses))
