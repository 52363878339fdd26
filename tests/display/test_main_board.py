"""The main board's driver: the newest state, told once, and again when the wire comes back."""

import json
from collections.abc import Iterable

from firmware.drivers.base import Report, Send, TimeReached
from firmware.drivers.main_board import BoardBack, BoardLost, MainBoard, ShowBoard
from firmware.wire.base import BytesArrived, WireLost, WireOpened
from sim.devices.main_board import MainBoard as Drawn
from sim.solo import Solo

FIRST, SECOND = ShowBoard(("叫号信息", "请A017到2号窗口办理"), is_live=True), ShowBoard(("叫号信息",), is_live=False)


def test_a_state_is_one_line_of_json() -> None:
    """The bytes of the documented form, readable by people."""
    board = Solo(MainBoard())
    board.at(0, WireOpened())
    assert board.at(1, FIRST) == [
        Send('{"live": true, "for_s": 15, "lines": ["叫号信息", "请A017到2号窗口办理"]}\n'.encode())
    ]


def _sent(outputs: Iterable[object]) -> list[object]:
    return [one for one in outputs if isinstance(one, Send)]


def test_the_same_state_is_told_once() -> None:
    """What does not change costs nothing; what a board may answer is not ours."""
    board = Solo(MainBoard())
    board.at(0, WireOpened())
    assert len(_sent(board.at(1, FIRST, FIRST, BytesArrived(b"?")))) == 1
    assert len(_sent(board.at(2, SECOND))) == 1


def test_a_board_without_a_wire_gets_the_newest_state_when_it_is_there() -> None:
    """Lost and back: nothing old is drawn."""
    board = Solo(MainBoard())
    assert board.at(0, FIRST, WireLost("refused")) == []
    assert board.at(1, WireOpened())[0] == Report(BoardBack())
    assert board.at(2, WireLost("closed"), SECOND) == [Report(BoardLost("closed"))]
    report, sent = board.at(3, WireOpened())
    assert report == Report(BoardBack())
    assert isinstance(sent, Send)
    assert json.loads(sent.data) == {"live": False, "for_s": 15, "lines": ["叫号信息"]}


def test_the_state_is_said_again_every_five_seconds() -> None:
    """The board takes it as live for 15 s only, so that a node that has died does not go on calling."""
    board = Solo(MainBoard())
    assert board.at(0, WireOpened(), TimeReached()) == [Report(BoardBack())], "nothing to say yet"
    first = board.at(1, FIRST)
    assert board.until(5_000) == []
    assert board.until(5_001) == first
    assert board.wake_at == 10_001
    assert board.at(6_000, WireLost("pulled"), TimeReached()) == [Report(BoardLost("pulled"))]
    assert board.wake_at is None


def test_a_board_whose_node_has_died_greys_by_itself() -> None:
    """Fifteen seconds after the last word, not before; the next word is live again."""
    board, screen = Solo(MainBoard()), Drawn()
    board.at(0, WireOpened())
    (said,) = _sent(board.at(0, FIRST))
    assert isinstance(said, Send)
    screen.hear(said.data, 1_000)
    screen.hear(said.data, 6_000)
    screen.wake(20_999)
    assert screen.shown == screen.history[0]
    assert screen.wake_at == 21_000
    screen.wake(21_000)
    assert [(one.at, one.is_live, one.lines) for one in screen.history] == [
        (1_000, True, FIRST.lines),
        (21_000, False, FIRST.lines),
    ]
    screen.hear(said.data, 30_000)
    assert screen.shown is not None
    assert screen.shown.is_live


def test_the_simulated_board_is_drawn_and_says_what_finds_no_room() -> None:
    """Sixteen hanzi a row, as many rows as it was told; a longer line is named, not cut in silence."""
    screen = Drawn()
    screen.hear('{"live": true, "for_s": 15, "lines": ["叫号信息", "请A017到2号窗口办理"]}\n'.encode(), 0)
    assert screen.overflows == []
    two = screen.image()
    screen.hear(('{"live": true, "for_s": 15, "lines": ["' + "请" * 17 + '"]}\n').encode(), 1)
    assert screen.overflows == ["请" * 17]
    one = screen.image()
    assert (one.width, one.height * 2) == two.size
    assert two.getcolors() != one.getcolors()
