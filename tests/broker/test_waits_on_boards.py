"""The waits on the boards: asked for one group at a heartbeat, never on the way of a call, and read on the main board."""

from contracts.codec import decode
from contracts.messages import QueueBoard
from contracts.topics import Topics
from contracts.values import GroupId
from sim.hall import Hall


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
