"""The waits on the boards: asked for one group at a heartbeat, never on the way of a call, and read on the main board."""

import pytest

from broker import board_waits
from broker.board_waits import BoardWaits
from broker.rules.estimate.views import Wait
from broker.rules.hall import Hall as RulesHall
from broker.rules.hours import MINUTE
from broker.service import HEARTBEAT_EVERY
from contracts.codec import decode
from contracts.messages import QueueBoard
from contracts.topics import Topics
from contracts.values import GroupId, HallId, HallTime
from sim.hall import Hall
from sim.rules_day import RulesDay, hall_text


def board(hall: Hall, group: str) -> QueueBoard:
    """What the server keeps of this group."""
    topic = Topics(hall.id).queue_board(GroupId(group))
    found = decode(topic, hall.server.retained[topic])
    assert isinstance(found, QueueBoard)
    return found


def test_a_group_with_people_waiting_tells_a_range_and_an_empty_one_none() -> None:
    """After a heartbeat and the next ticket the board says how long one would wait; with nobody waiting it says nothing."""
    with Hall.demo_small(seed=5, start="2026-03-10T09:00:00") as hall:
        hall.run_for(2_000)
        hall.counter("W02").show_card(hall.card_of("S102"))
        hall.run_for(3_000)
        for _ in range(4):
            hall.kiosk().press("A")
            hall.run_for(6_000)
        told = board(hall, "A")
        assert told.waiting == 4
        assert told.wait_low is not None
        assert told.wait_high is not None
        assert told.wait_low < told.wait_high
        assert (board(hall, "B").waiting, board(hall, "B").wait_low) == (0, None)


# --- When it is looked for again ------------------------------------------------------------------------------------------


def busy_day(groups: str = "AB") -> RulesDay:
    """Three counters at work and people in these groups."""
    day = RulesDay(hall_text("demo-small"), "09:10")
    for counter, staff in (("W01", "S101"), ("W02", "S102"), ("W03", "S103")):
        day.login(counter, staff)
    for group in groups:
        for _ in range(6):
            day.take(group)
    return day


def looks(
    day: RulesDay, waits: BoardWaits, monkeypatch: pytest.MonkeyPatch, *, minutes: int, told: Wait | None
) -> list[str]:
    """Which groups are looked at in so many minutes of heartbeats, if each look finds this."""
    found: list[str] = []

    def of_group(_hall: RulesHall, group: GroupId, _now: HallTime) -> Wait | None:
        found.append(group)
        return told

    monkeypatch.setattr(board_waits, "of_group", of_group)
    for _ in range(minutes * MINUTE // HEARTBEAT_EVERY):
        day.now = HallTime(day.now + HEARTBEAT_EVERY)
        waits.look_ahead(day.hall, day.now)
    return found


@pytest.mark.parametrize(
    ("high_min", "every_s"),
    [(None, 60), (1, 60), (10, 60), (20, 120), (30, 180), (50, 300), (90, 300)],
)
def test_a_wait_is_looked_for_again_when_a_tenth_of_it_has_passed(
    monkeypatch: pytest.MonkeyPatch, high_min: int | None, every_s: int
) -> None:
    """Decision 25: not sooner than after a minute, not later than after five; also where nobody serves."""
    told = None if high_min is None else Wait(0.0, float(high_min * MINUTE), 0.0)
    found = looks(busy_day("A"), BoardWaits(), monkeypatch, minutes=30, told=told)
    assert found == ["A"] * (30 * 60 // every_s)


def test_groups_take_turns_one_a_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    """No heartbeat looks at two groups, and none is passed over."""
    found = looks(busy_day(), BoardWaits(), monkeypatch, minutes=2, told=Wait(0.0, MINUTE, 0.0))
    assert found == ["A", "B", "A", "B"]


def test_what_was_told_of_a_group_that_emptied_is_forgotten() -> None:
    """Who comes first after an empty while reads no wait of before."""
    day, waits, topics = busy_day("A"), BoardWaits(), Topics(HallId("hall"))
    waits.look_ahead(day.hall, day.now)
    before = day.seen()
    waits.write_on(before, topics)
    board = before[topics.queue_board(GroupId("A"))]
    assert isinstance(board, QueueBoard)
    assert board.wait_high is not None
    for counter in ("W01", "W02") * 3:
        day.call_and_serve(counter)
    waits.look_ahead(day.hall, day.now)
    day.take("A")
    after = day.seen()
    waits.write_on(after, topics)
    board = after[topics.queue_board(GroupId("A"))]
    assert isinstance(board, QueueBoard)
    assert (board.waiting, board.wait_high) == (1, None)
