"""What the sign of a counter shows in every situation, and that it always fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.messages import CounterBoard, SignInfo
from contracts.values import CallId, CounterId, CounterPhase, HallPhase, TicketNo
from display.signs import SignText, name, recovering, sign_text
from firmware.drivers.sign_text import Colour, fits

SIGN = SignInfo(counter=CounterId("W02"), name_zh="综合受理", bus="rs485-1", address=2)
CLOSED, FREE, CALLED, SERVING, PAUSED = CounterPhase
REST, BEFORE, OPEN, NOON, AFTER, OVER = HallPhase
CALL, BUSY = SignText("请A017办理", Colour.RED, is_call=True), SignText("A017办理中", Colour.GREEN)
NAME, PAUSE = SignText("2号 综合受理", Colour.GREEN), SignText("暂停服务", Colour.YELLOW)
LUNCH, ENDED = SignText("午间休息", Colour.YELLOW), SignText("今日已结束", Colour.YELLOW)
GOTO = SignText("请到3号窗口", Colour.YELLOW)


def board(phase: CounterPhase, go_to: str | None = None) -> CounterBoard:
    """The counter in this phase, with a ticket where there is one."""
    has_ticket = phase in (CALLED, SERVING)
    return CounterBoard(
        epoch=1,
        fact=1,
        counter=SIGN.counter,
        phase=phase,
        ticket=TicketNo("A017") if has_ticket else None,
        call=CallId("2026-03-10/A017/c1") if has_ticket else None,
        go_to=CounterId(go_to) if go_to else None,
    )


TABLE = {
    #          rest  before  open   noon   after  over
    CLOSED: (None, NAME, PAUSE, LUNCH, ENDED, ENDED),
    FREE: (None, NAME, NAME, LUNCH, NAME, ENDED),
    CALLED: (CALL, CALL, CALL, CALL, CALL, CALL),
    SERVING: (BUSY, BUSY, BUSY, BUSY, BUSY, BUSY),
    PAUSED: (None, PAUSE, PAUSE, LUNCH, PAUSE, ENDED),
}


@pytest.mark.parametrize("phase", CounterPhase)
@pytest.mark.parametrize("hall", HallPhase)
def test_every_counter_in_every_part_of_the_day(phase: CounterPhase, hall: HallPhase) -> None:
    """The whole table: whoever is called or served is shown whatever the hall does; nobody is invited to an empty chair."""
    assert sign_text(SIGN, board(phase), hall) == TABLE[phase][list(HallPhase).index(hall)]


@pytest.mark.parametrize("phase", CounterPhase)
def test_a_hall_whose_part_of_the_day_is_unknown_counts_as_open(phase: CounterPhase) -> None:
    """The sign does not wait for the hall's state."""
    assert sign_text(SIGN, board(phase), None) == TABLE[phase][2]


@pytest.mark.parametrize("phase", [CLOSED, FREE, PAUSED])
def test_visitors_are_sent_to_another_counter(phase: CounterPhase) -> None:
    """A merged or empty counter names the one that serves (AB-4.6), but not in the lunch break."""
    for hall in (BEFORE, OPEN, AFTER, None):
        assert sign_text(SIGN, board(phase, "W03"), hall) == GOTO
    assert sign_text(SIGN, board(phase, "W03"), NOON) == LUNCH
    assert sign_text(SIGN, board(phase, "W03"), OVER) == ENDED


def test_a_called_ticket_counts_more_than_where_others_are_sent() -> None:
    """The visitor who was called here comes here."""
    assert sign_text(SIGN, board(CALLED, "W03"), OPEN) == CALL


def test_while_the_service_is_away_the_last_number_stands_but_calls_nobody() -> None:
    """Yellow, with the words that it is not live; a counter without a number says only that."""
    assert recovering(board(CALLED)) == SignText("A017 系统恢复中", Colour.YELLOW)
    assert recovering(board(SERVING)) == SignText("A017 系统恢复中", Colour.YELLOW)
    for other in (board(FREE), board(PAUSED), None):
        assert recovering(other) == SignText("系统恢复中", Colour.YELLOW)


@pytest.mark.parametrize(
    ("counter", "given_name", "shown"),
    [
        ("W12", "不动产缴税", "12号 不动产缴税"),
        ("W01", "爱心绿色", "1号 爱心绿色"),
        ("W08", "不动产登记和缴税", "8号窗口"),
        ("W03", "镕城受理", "3号窗口"),
    ],
)
def test_a_name_that_does_not_fit_leaves_the_number(counter: str, given_name: str, shown: str) -> None:
    """Too long, or a character that signs lack: half a name would mislead, the number never does."""
    assert name(SignInfo(counter=CounterId(counter), name_zh=given_name, bus="b", address=1)) == shown


TICKETS = st.from_regex(r"[A-Z]([0-9]{3}|[1-9]-[0-9]{2,4})", fullmatch=True)


@given(
    st.builds(
        CounterBoard,
        epoch=st.just(1),
        fact=st.just(1),
        counter=st.just(SIGN.counter),
        phase=st.sampled_from(CounterPhase),
        ticket=TICKETS,
        go_to=st.none() | st.sampled_from(["W01", "W12", "W99"]),
    ),
    st.none() | st.sampled_from(HallPhase),
    st.text(max_size=8),
)
def test_no_situation_writes_beyond_the_sign(state: CounterBoard, hall: HallPhase | None, given_name: str) -> None:
    """Whatever happens, and whatever a counter is called, the text fits 128 x 16 dots of the sign's font."""
    sign = SignInfo(counter=SIGN.counter, name_zh=given_name, bus="b", address=1)
    for line in (sign_text(sign, state, hall), recovering(state)):
        assert line is None or fits(line.text)
