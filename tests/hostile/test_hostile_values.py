"""Values that fit their type and nothing else, each found to stop something once; small, so that each stays explained."""

import json
from pathlib import Path
from typing import Any

import pytest

from broker.config import load
from contracts import messages as m
from contracts.codec import LARGEST, LONGEST_TEXT, MAX_BYTES, SMALLEST, ContractError, decode
from contracts.topics import BY_NAME
from contracts.values import Condition, CounterId
from display.phrases import window
from firmware.runtime.inbox import Inbox
from firmware.runtime.settings import SettingsError, parse
from rating_pad.config import PadConfig
from sim.hall import Hall
from sim.service_bench import TOPICS, Bench

NEVER = (2**31 * 2**31, 2**63 - 1, 2**64, 10**30, -(2**63), LARGEST + 1, SMALLEST - 1)


def said(kind: str, **fields: Any) -> bytes:
    """The JSON of a message whose values no struct of ours would take."""
    return json.dumps({"schema": BY_NAME[kind].schema, "message": kind, **fields}).encode()


@pytest.mark.parametrize("at", NEVER)
def test_a_time_no_calendar_can_tell_is_refused_at_the_door(at: int) -> None:
    """Retained on the hall's topic it would have ended ticket machine and display at every start."""
    with pytest.raises(ContractError, match=r"HallBoard\.next_at"):
        decode(f"{TOPICS.root}/board/hall", said("HallBoard", epoch=1, fact=1, phase="noon", next_at=at))


@pytest.mark.parametrize("at", [SMALLEST, 0, LARGEST])
@pytest.mark.parametrize("phase", ["noon", "rest", "before_opening"])
def test_the_last_times_that_pass_can_be_shown(at: int, phase: str) -> None:
    """The ticket machine, the display and the punch clock show the years 5, 1970 and 9998 and live."""
    with Hall.demo_small(seed=1, start="2026-03-10T09:00:00") as hall:
        for host in hall.nodes.values():
            assert host._connection is not None
            arrived = host._connection._owner.arrived
            board = said("HallBoard", epoch=2**40, fact=1, phase=phase, next_at=at)
            beat = said("ServiceState", epoch=1, boot="0", hall_now=at)
            for topic, payload in ((TOPICS.hall_board, board), (TOPICS.service_state, beat)):
                arrived(topic, payload, retained=False, mid=1, number=1)
        hall.clock().show_card(hall.card_of("S101"))
        hall.run_for(10_000)


@pytest.mark.parametrize("level", [0, 6, 99, -1])
def test_a_level_that_is_none_is_stored_as_refused(level: int) -> None:
    """A pad that says 99 gets one outcome, and no rating comes of it."""
    bench = Bench(None)
    heard = bench.handle(
        bench.raw(
            f"{TOPICS.root}/node/PAD-W02/up/RatingSubmitted",
            said("RatingSubmitted", request_id=bench.request_id("PAD-W02"), session="2026-03-10/A001/s1", level=level),
        )
    )
    assert [type(one) for one in heard] == [m.RatingRefused]
    assert bench.facts()[-1] == "RatingRefused"


@pytest.mark.parametrize("level", NEVER)
def test_a_number_beyond_every_column_never_reaches_the_rules(level: int) -> None:
    """SQLite has 64 bits: the rules broke on it, and the whole day was folded anew for each such message."""
    bench = Bench(None)
    before = bench.store.head
    heard = bench.handle(
        bench.raw(
            f"{TOPICS.root}/node/PAD-W02/up/RatingSubmitted",
            said("RatingSubmitted", request_id=bench.request_id("PAD-W02"), session="s", level=level),
        )
    )
    assert [type(one) for one in heard] == [m.RequestRefused]
    assert "request_undecidable" not in bench.log.events
    assert bench.store.head == before


@pytest.mark.parametrize("length", [LONGEST_TEXT + 1, 30_000, 65_390])
def test_an_answer_is_never_too_large_to_be_read(length: int) -> None:
    """A refusal that repeated 64 KiB of what was asked was itself refused by the node, which asked again for ever."""
    bench = Bench(None)
    fields = {"request_id": bench.request_id("TM-01"), "no": "x" * length, "group": "A", "care": True, "token": ""}
    payload = said("OfflineTicketTaken", **fields).replace(b": ", b":").replace(b", ", b",")
    assert len(payload) <= MAX_BYTES
    (answer,) = bench.handle(bench.raw(f"{TOPICS.root}/node/TM-01/up/OfflineTicketTaken", payload))
    assert isinstance(answer, m.RequestRefused)
    assert max(len(said) for _, said in bench.link.said) < 2_000


@pytest.mark.parametrize("node", ["+", "#", "x" * 64, "TM-01 ", "节点", "a\u202eb", ""])
def test_a_name_that_no_node_can_have_is_neither_answered_nor_kept(node: str) -> None:
    """An answer to ``+`` cannot be published: paho raises, and the service would have ended."""
    bench = Bench(None)
    before = bench.store.head
    payload = said("TicketRequested", request_id=f"{node}/00000000000000bb/1", group="A")
    assert bench.handle(bench.raw(f"{TOPICS.root}/node/{node}/up/TicketRequested", payload)) == []
    state = said("NodeState", node=node, boot="0", online=True)
    assert bench.handle(bench.raw(f"{TOPICS.root}/node/{node}/state", state)) == []
    assert bench.store.head == before


def test_invented_parts_of_a_node_are_not_carried_for_ever() -> None:
    """The health of every part goes from day to day; a node that invents parts is refused after 64."""
    bench = Bench(None)
    for number in range(80):
        last = bench.ask(
            "TM-01",
            m.HealthReported(
                request_id=bench.request_id("TM-01"), part=f"part {number}", condition=Condition.FAULT, code="x"
            ),
        )
    assert isinstance(last, m.RequestRefused)
    assert len(bench.service.hall.health) == 64


@pytest.mark.parametrize("age", [10**13, 5 * 10**10])
def test_a_punch_is_never_from_before_the_hall_was_built(age: int) -> None:
    """An age of three hundred years is stored as unverified, at a time a clock can show."""
    bench = Bench(None)
    stamp = {"boot": "0" * 16, "monotonic_ms": 0, "wall_at": 0, "age_ms": age}
    payload = said("PunchMade", request_id=bench.request_id("CLK-01"), card="0" * 32, staff=None, stamp=stamp)
    (answer,) = bench.handle(bench.raw(f"{TOPICS.root}/node/CLK-01/up/PunchMade", payload))
    assert isinstance(answer, m.PunchStored)
    assert answer.unverified
    assert bench.now - answer.at == 400 * 86_400_000


@pytest.mark.parametrize("counter", ["W²", "٣", "W", ""])
def test_a_counter_with_another_digit_has_a_name_too(counter: str) -> None:
    """``²`` is a digit to Python's ``isdigit`` and no number to ``int``: the display ended on it."""
    assert window(CounterId(counter)) == counter


def test_a_wish_for_the_year_5000_can_be_waited_for() -> None:
    """``poll`` takes 31 bits of milliseconds: a wait for longer ended the process instead of waiting."""
    inbox: Inbox[str] = Inbox()

    class Ready:
        """A source that has something just before the waiting begins."""

        def fileno(self) -> int:
            """No file of its own."""
            inbox.post("more")
            return -1

        def ready(self) -> None:
            """Never called."""

    inbox.listen_to(Ready())
    assert inbox.take(10**15) == "more"


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 3000 + "]" * 3000,
        "a = " + "{a=" * 3000,
        "a = " + "9" * 5000,
        "a = 0x" + "f" * 5000,
        ".".join("a" * 3000) + " = 1",
        "[" + ".".join("a" * 3000) + "]",
        'hall = "a"\nnode = "b"\ndata_dir = "x"\n[mqtt]\nport = 0x' + "f" * 5000,
    ],
    ids=["lists", "tables", "digits", "hex", "dotted", "section", "port"],
)
def test_a_configuration_python_stumbles_over_is_refused_like_any_other(text: str) -> None:
    """A damaged or planted file gave a traceback of RecursionError or ValueError instead of a line that says what to do."""
    with pytest.raises(SettingsError):
        load(text, "hall.toml")
    with pytest.raises(SettingsError):
        parse(text, Path("node.toml"), PadConfig)


@pytest.mark.parametrize("address", [-1, 0, 0x8000, 2**31])
def test_a_sign_with_an_address_no_bus_has_is_left_out(address: int) -> None:
    """The display ended on it, and kept the settings for its next start."""
    with Hall.demo_small(seed=1, start="2026-03-10T09:00:00") as hall:
        host = next(host for host in hall.nodes.values() if host.name == "LED-00")
        assert host._connection is not None
        sign = {"counter": "W02", "name_zh": "x", "bus": "rs485-1", "address": address}
        common = {"hash": "h", "hall_name_zh": "x", "hall_name_en": "x", "hotline": "1"}
        settings = said("DisplaySettings", **common, signs=[sign], groups=[])
        host._connection._owner.arrived(TOPICS.settings(host.name), settings, retained=True, mid=1, number=1)
        hall.run_for(5_000)
        assert host.node is not None
