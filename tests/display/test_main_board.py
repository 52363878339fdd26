"""The main board's driver: the newest state, told once, and again when the wire comes back."""

import json

from firmware.drivers.base import Report, Send
from firmware.drivers.main_board import BoardBack, BoardLost, MainBoard, ShowBoard
from firmware.wire.base import BytesArrived, WireLost, WireOpened
from sim.solo import Solo

FIRST, SECOND = ShowBoard(("叫号信息", "请A017到2号窗口办理"), is_live=True), ShowBoard(("叫号信息",), is_live=False)


def test_a_state_is_one_line_of_json() -> None:
    """The bytes of the documented form, readable by people."""
    board = Solo(MainBoard())
    board.at(0, WireOpened())
    assert board.at(1, FIRST) == [Send('{"live": true, "lines": ["叫号信息", "请A017到2号窗口办理"]}\n'.encode())]


def test_the_same_state_is_told_once() -> None:
    """What does not change costs nothing; what a board may answer is not ours."""
    board = Solo(MainBoard())
    board.at(0, WireOpened())
    assert len(board.at(1, FIRST, FIRST, BytesArrived(b"?"))) == 1
    assert len(board.at(2, SECOND)) == 1


def test_a_board_without_a_wire_gets_the_newest_state_when_it_is_there() -> None:
    """Lost and back: nothing old is drawn."""
    board = Solo(MainBoard())
    assert board.at(0, FIRST, WireLost("refused")) == []
    assert board.at(1, WireOpened())[0] == Report(BoardBack())
    assert board.at(2, WireLost("closed"), SECOND) == [Report(BoardLost("closed"))]
    report, sent = board.at(3, WireOpened())
    assert report == Report(BoardBack())
    assert isinstance(sent, Send)
    assert json.loads(sent.data) == {"live": False, "lines": ["叫号信息"]}
