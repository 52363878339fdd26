"""What the sign of a counter shows in every situation, and that it always fits."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.messages import CounterBoard, HallBoard, SignInfo
from contracts.values import CallId, CounterId, CounterPhase, HallPhase, TicketNo
from display.signs import SignText, name, recovering, sign_text
from firmware.drivers.sign_text import Colour, fits
from words import text

SIGN = SignInfo(counter=CounterId("W02"), name_zh="综合受理", bus="rs485-1", address=2)
CLOSED, FREE, CALLED, SERVING, PAUSED = CounterPhase
REST, BEFORE, OPEN, NOON, AFTER, OVER = HallPhase
CALL, BUSY = SignText("请A017办理", Colour.RED, is_call=True), SignText("A017办理中", Colour.GREEN)
NAME, PAUSE = SignText("2号 综合受理", Colour.GREEN), SignText("暂停服务", Colour.YELLOW)
EXT, B_POST = SignText("延时服务", Colour.GREEN), SignText("协岗值守", Colour.GREEN)
LUNCH, ENDED = SignText("午间休息", Colour.YELLOW), SignText("今日已结束", Colour.YELLOW)
GOTO = SignText("请到3号窗口", Colour.YELLOW)


def in_hall(phase: HallPhase | None, **fields: Any) -> HallBoard | None:
    """The hall in this part of its day."""
    return None if phase is None else HallBoard(epoch=1, fact=1, phase=phase, **fields)


def board(phase: CounterPhase, go_to: str | None = None, **fields: Any) -> CounterBoard:
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
        **fields,
    )


TABLE = {
    #          rest  before  open   noon   after  over
    CLOSED: (None, NAME, PAUSE, LUNCH, ENDED, ENDED),
    FREE: (None, NAME, NAME, LUNCH, EXT, ENDED),
    CALLED: (CALL, CALL, CALL, CALL, CALL, CALL),
    SERVING: (BUSY, BUSY, BUSY, BUSY, BUSY, BUSY),
    PAUSED: (None, PAUSE, PAUSE, LUNCH, PAUSE, ENDED),
}


@pytest.mark.parametrize("phase", CounterPhase)
@pytest.mark.parametrize("hall", HallPhase)
def test_every_counter_in_every_part_of_the_day(phase: CounterPhase, hall: HallPhase) -> None:
    """The whole table: whoever is called or served is shown whatever the hall does; nobody is invited to an empty chair."""
    assert sign_text(SIGN, board(phase), in_hall(hall)) == TABLE[phase][list(HallPhase).index(hall)]


@pytest.mark.parametrize("phase", CounterPhase)
def test_a_hall_whose_part_of_the_day_is_unknown_counts_as_open(phase: CounterPhase) -> None:
    """The sign does not wait for the hall's state."""
    assert sign_text(SIGN, board(phase), None) == TABLE[phase][2]


@pytest.mark.parametrize("phase", [CLOSED, FREE, PAUSED])
def test_visitors_are_sent_to_another_counter(phase: CounterPhase) -> None:
    """A merged or empty counter names the one that serves (AB-4.6), but not in the lunch break."""
    for hall in (BEFORE, OPEN, AFTER, None):
        assert sign_text(SIGN, board(phase, "W03"), in_hall(hall)) == GOTO
    assert sign_text(SIGN, board(phase, "W03"), in_hall(NOON)) == LUNCH
    assert sign_text(SIGN, board(phase, "W03"), in_hall(OVER)) == ENDED


KEPT_FOR_CARE = SignText("爱心优先窗口", Colour.GREEN)
CARE_SIGN = SignInfo(counter=CounterId("W01"), name_zh="爱心绿色", bus="rs485-1", address=1, special=True)


@pytest.mark.parametrize("hall", [OPEN, NOON, AFTER])
def test_a_free_counter_that_serves_after_hours_says_so(hall: HallPhase) -> None:
    """At noon and after closing (EXT-1); the number of its visitor comes first, and a pause too."""
    assert sign_text(SIGN, board(FREE, extended=True), in_hall(hall)) == EXT
    assert sign_text(SIGN, board(SERVING, extended=True), in_hall(hall)) == BUSY
    assert sign_text(SIGN, board(CALLED, extended=True), in_hall(hall)) == CALL
    assert sign_text(SIGN, board(PAUSED, extended=True), in_hall(hall)) == PAUSE
    assert sign_text(SIGN, board(FREE, extended=True), in_hall(OVER)) == ENDED


def test_calling_through_noon_leaves_the_counters_as_in_the_morning() -> None:
    """No 午间休息 while tickets are called (D8)."""
    for phase, shown in ((FREE, NAME), (PAUSED, PAUSE), (CLOSED, PAUSE)):
        assert sign_text(SIGN, board(phase), in_hall(NOON, noon_service=True)) == shown


def test_a_free_counter_says_who_it_is_kept_for_or_that_the_b_sits_there() -> None:
    """协岗值守 (AB-4.3), 爱心优先窗口; before opening every counter shows its name."""
    assert sign_text(SIGN, board(FREE, acting=True), in_hall(OPEN)) == B_POST
    assert sign_text(SIGN, board(SERVING, acting=True), in_hall(OPEN)) == BUSY
    assert sign_text(SIGN, board(FREE, acting=True, extended=True), in_hall(AFTER)) == EXT
    assert sign_text(CARE_SIGN, board(FREE), in_hall(OPEN)) == KEPT_FOR_CARE
    assert sign_text(CARE_SIGN, board(FREE, acting=True), in_hall(OPEN)) == B_POST
    assert sign_text(CARE_SIGN, board(PAUSED), in_hall(OPEN)) == PAUSE
    assert sign_text(CARE_SIGN, board(FREE), in_hall(BEFORE)) == SignText("1号 爱心绿色", Colour.GREEN)


@pytest.mark.parametrize("phase", CounterPhase)
@pytest.mark.parametrize("hall", HallPhase)
def test_an_emergency_is_on_every_sign_whatever_the_counter_and_the_hall_do(phase: CounterPhase, hall: HallPhase) -> None:
    """The words of the main board in two pages that take turns (HALL-8.2); together they are its sentence, whole."""
    pages = [sign_text(SIGN, board(phase, extended=True), in_hall(hall, emergency=True), page) for page in range(4)]
    assert pages[:2] == pages[2:]
    first, second = pages[:2]
    assert first is not None
    assert second is not None
    assert first.text + second.text == text("disp.emergency").zh
    assert not first.is_call


def test_a_called_ticket_counts_more_than_where_others_are_sent() -> None:
    """The visitor who was called here comes here."""
    assert sign_text(SIGN, board(CALLED, "W03"), in_hall(OPEN)) == CALL


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
        extended=st.booleans(),
        acting=st.booleans(),
    ),
    st.none()
    | st.builds(
        HallBoard,
        epoch=st.just(1),
        fact=st.just(1),
        phase=st.sampled_from(HallPhase),
        emergency=st.booleans(),
        noon_service=st.booleans(),
    ),
    st.text(max_size=8),
    st.booleans(),
    st.integers(0, 1_000),
)
def test_no_situation_writes_beyond_the_sign(
    state: CounterBoard, hall: HallBoard | None, given_name: str, special: bool, page: int
) -> None:
    """Whatever happens, and whatever a counter is called, the text fits 128 x 16 dots of the sign's font."""
    sign = SignInfo(counter=SIGN.counter, name_zh=given_name, bus="b", address=1, special=special)
    for line in (sign_text(sign, state, hall, page), recovering(state)):
        assert line is None or fits(line.text)
