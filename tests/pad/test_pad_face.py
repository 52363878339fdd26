"""COND-8: a pad with a text line is the post sign: who really serves, and B with the main person they act for."""

from typing import Any, cast

import pytest
from msgspec import convert

from contracts.messages import DeskState, HallBoard, HealthReported, PadSettings, ServiceState
from contracts.values import (
    BootId,
    Condition,
    CounterId,
    CounterPhase,
    HallId,
    HallPhase,
    HallTime,
    NodeName,
    SessionId,
    StaffNo,
)
from firmware.drivers.text_line import Show, TextBack, TextLost
from firmware.runtime.steps import Heard, LinkUp, Reported, Say, Tell
from firmware.shell import Kit
from rating_pad.behaviour import PadBehaviour
from rating_pad.config import PadConfig
from rating_pad.node import build
from rating_pad.situations import TEXT
from sim.solo import Solo

HALL = HallTime(1_773_104_400_000)
SETTINGS = PadSettings(hash="h", hall_name_zh="x", hall_name_en="x", hotline="1", counter=CounterId("W02"))
SESSION = SessionId("2026-03-10/A017/s1")
B = {"server": StaffNo("S102"), "server_name": "李娜", "server_for": "张敏"}
SIGN_OF_B = "李娜 工号S102 协岗(代主岗张敏)"


def pad(*, shows: bool = True) -> Solo:
    """The pad of W02, that has heard the time twice."""
    run = Solo(PadBehaviour(NodeName("PAD-W02"), BootId("0" * 16), shows=shows))
    beat = ServiceState(epoch=1, boot=BootId("b"), hall_now=HALL)
    later = ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(HALL + 1_000))
    run.at(0, LinkUp(), Heard(SETTINGS), Heard(beat))
    run.at(1_000, Heard(later))
    return run


def desk(fact: int, phase: CounterPhase, **fields: Any) -> Heard:
    """What the service says of W02."""
    return Heard(DeskState(epoch=1, fact=fact, counter=CounterId("W02"), phase=phase, **fields))


def shown(run: Solo) -> tuple[str, ...] | None:
    """What stands there; ``None`` if nothing was ever said."""
    said = [one.command.lines for _, one in run.history if isinstance(one, Tell) and isinstance(one.command, Show)]
    return said[-1] if said else None


def test_the_sign_names_who_serves_and_for_whom() -> None:
    """COND-8, the example: S102 acts at W02; the main person at her own post is named with the counter."""
    run = pad()
    run.at(1_100, desk(1, CounterPhase.FREE, **B))
    assert shown(run) == (SIGN_OF_B, "您好,很高兴为您服务")
    run.at(1_200, desk(2, CounterPhase.SERVING, session=SESSION, **B))
    assert shown(run) == (SIGN_OF_B, "正在为您办理,请您稍候")
    run.at(1_300, desk(3, CounterPhase.SERVING, session=SESSION, extended=True, **B))
    assert shown(run) == (SIGN_OF_B, "延时服务,不收取任何费用")
    run.at(1_400, desk(4, CounterPhase.FREE, server=StaffNo("S101"), server_name="张敏"))
    assert shown(run) == ("2号窗口 张敏 工号S101", "您好,很高兴为您服务")


def test_nobody_is_named_at_an_empty_or_paused_counter() -> None:
    """COND-8: the sign is of whoever is there."""
    run = pad()
    run.at(1_100, desk(1, CounterPhase.PAUSED, **B))
    assert shown(run) == ("暂停服务",)
    run.at(1_200, desk(2, CounterPhase.CLOSED))
    assert shown(run) == ()


def test_asking_thanking_and_an_emergency_come_before_the_sign() -> None:
    """EVAL-4, HALL-8.2: the question, the thanks, and the way out."""
    run = pad()
    run.at(1_100, desk(1, CounterPhase.FREE, session=SESSION, arm_until=HallTime(HALL + 60_000), **B))
    assert shown(run) == ("请您对本次服务进行评价", "评价由您自愿作出,我们将严格保密")
    hall = HallBoard(epoch=1, fact=2, phase=HallPhase.OPEN, emergency=True)
    run.at(1_200, Heard(hall))
    assert shown(run) == ("请听从工作人员指挥,有序离开",)


def test_a_pad_without_a_display_says_nothing_of_it() -> None:
    """The hardware of most halls: five faces and five lamps."""
    run = pad(shows=False)
    run.at(1_100, desk(1, CounterPhase.FREE, **B))
    assert shown(run) is None


def test_a_display_that_is_gone_is_reported_and_so_is_its_return() -> None:
    """EQP-5.1: a fault of the part, and its end; rating goes on."""
    run = pad()
    said = run.at(1_100, Reported(TEXT, TextLost("unplugged")), Reported(TEXT, TextBack()))
    reports = [one.message for one in said if isinstance(one, Say) and isinstance(one.message, HealthReported)]
    assert [(one.part, one.condition) for one in reports] == [(TEXT, Condition.FAULT), (TEXT, Condition.OK)]


@pytest.mark.parametrize(("wires", "opened"), [({}, []), ({"text_line": "serial:/dev/ttyUSB1?baud=9600"}, [TEXT])])
def test_node_toml_says_whether_there_is_a_display(wires: dict[str, str], opened: list[str]) -> None:
    """``wires.text_line`` is the only thing that makes a pad a post sign; old files stay as they are."""
    found: list[str] = []

    def open_wire(url: str, *ports: str) -> object:
        found.extend(ports if url.startswith("serial:") else ())
        return object()

    kit = Kit(
        hall=HallId("yongan"),
        node=NodeName("PAD-W02"),
        boot=BootId("0" * 16),
        open_wire=cast(Any, open_wire),
        link=cast(Any, None),
        outbox=cast(Any, None),
        log=cast(Any, None),
        secret=b"",
    )
    pins = {"keys": [5, 6, 12, 13, 16], "lamps": [17, 22, 23, 24, 25]}
    config = {"hall": "yongan", "node": "PAD-W02", "data_dir": "pad", "pins": pins, "wires": wires}
    build(convert(config, PadConfig), kit)
    assert found == opened
