"""Whatever a node hears, on whatever topic and in whatever situation: it lives, and what is no message changes nothing."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.codec import ContractError, decode
from contracts.topics import TABLE, Way
from contracts.values import NodeName
from firmware.runtime.link import NodeLink
from sim.hall import Hall
from sim.host import NodeHost
from sim.hostile import Said, said, stories

LENGTH = 40
EXAMPLES = max(1, int(os.environ.get("HALL_HOSTILE_EXAMPLES", "400")) // LENGTH)
LONG = settings(max_examples=EXAMPLES, database=None, suppress_health_check=list(HealthCheck))
DOWN = tuple(row for row in TABLE if row.way is not Way.UP)
WHERE = ("TM-01", "LED-00", "TRM-W02", "PAD-W02", "CLK-01")
WORK = ("ticket", "card", "next", "start", "finish", "rate", "punch")


def link_of(host: NodeHost) -> NodeLink:
    """The real link of a node that runs."""
    assert host._connection is not None
    link = host._connection._owner
    assert isinstance(link, NodeLink)
    return link


def work(hall: Hall, what: str) -> None:
    """Somebody in the hall does something, so that the rooms are in every situation."""
    match what:
        case "ticket":
            hall.kiosk("TM-01").press("A")
        case "card":
            hall.card("W02", hall.card_of("S102"))
        case "rate":
            hall.pad("W02").press(5)
        case "punch":
            hall.clock().show_card(hall.card_of("S101"))
        case key:
            hall.keys("W02", key, pause=0)


def deliver(hall: Hall, node: str, one: Said) -> None:
    """Into the link of a node as its connection would: what is no message changes nothing at all."""
    host = hall.nodes[NodeName(node)]
    before = host.node.state if host.node is not None else None
    try:
        decode(one.topic, one.payload)
        is_sound = True
    except ContractError:
        is_sound = False
    link_of(host).arrived(one.topic, one.payload, retained=False, mid=1, number=1)
    assert host.node is not None
    assert is_sound or host.node.state is before


@LONG
@given(stories(st.one_of(st.sampled_from(WORK), st.tuples(st.sampled_from(WHERE), said(DOWN))), length=LENGTH))
def test_no_message_stops_a_node(story: list[tuple[int, str | tuple[str, Said]]]) -> None:
    """Ticket machine, display, terminal, pad and clock, in the middle of their work, hear sound, absurd and broken messages.

    No exception leaves a node, however long it then runs, and every one still hears the service in the end.
    """
    with Hall.demo_small(seed=len(story), start="2026-03-10T09:00:00") as hall:
        for gap, what in story:
            hall.run_for(gap)
            if isinstance(what, str):
                work(hall, what)
            else:
                deliver(hall, *what)
        hall.run_for(20_000)
