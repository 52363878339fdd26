"""The main board as text."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from contracts.messages import (
    AddedCounter,
    CounterBoard,
    DisplaySettings,
    GroupInfo,
    HallBoard,
    NoticeBoard,
    QueueBoard,
    Versioned,
)
from contracts.values import CallId, CounterId, CounterPhase, GroupId, HallPhase, HallTime, TicketNo
from display.board import board_lines, recovering_lines
from display.paging import WIDEST, page, rows
from display.picture import Picture
from words import text

NINE = HallTime(1_773_104_400_000)  # 2026-03-10 09:00 in the hall
SETTINGS = DisplaySettings(
    hash="h",
    hall_name_zh="永安县政务服务中心",
    hall_name_en="Hall",
    hotline="0000-12345678",
    signs=(),
    groups=tuple(
        GroupInfo(id=GroupId(group), zh=zh, en="", zone="", counters=())
        for group, zh in (("A", "企业开办"), ("B", "社会事务"))
    ),
)
TICKER = ("爱心通道和预约号依规优先办理,", "感谢您的理解")
"""The first line of the ticker, which finds no room in one row of 16 hanzi."""


def picture(*boards: Versioned) -> Picture:
    """What was heard."""
    known = Picture()
    for one in boards:
        known = known.with_(one)
    return known


def counter(name: str, phase: CounterPhase, ticket: str, **fields: Any) -> CounterBoard:
    """A counter with a ticket."""
    call = CallId(f"2026-03-10/{ticket}/c1")
    return CounterBoard(epoch=1, fact=1, counter=CounterId(name), phase=phase, ticket=TicketNo(ticket), call=call, **fields)


def test_an_empty_hall_has_a_title_and_the_ticker() -> None:
    """Nothing is invented."""
    assert board_lines(SETTINGS, Picture(), NINE) == ("叫号信息", *TICKER)


def test_calls_stand_on_top_the_newest_first_then_who_is_served() -> None:
    """A recall and a last call say so, as the voice does."""
    known = picture(
        counter("W04", CounterPhase.SERVING, "B001"),
        counter("W01", CounterPhase.CALLED, "A001", announced_at=HallTime(NINE + 1), announcement=1),
        counter("W02", CounterPhase.CALLED, "A002", announced_at=HallTime(NINE + 3), announcement=2),
        counter("W12", CounterPhase.CALLED, "A2-03", announced_at=HallTime(NINE + 2), announcement=3, last=True),
        counter("W03", CounterPhase.SERVING, "A004"),
        counter("W05", CounterPhase.FREE, "A009"),
    )
    assert board_lines(SETTINGS, known, NINE)[1:6] == (
        "再次呼叫 请A002到2号窗口",
        "最后一次呼叫 请A2-03到12号窗口",
        "请A001到1号窗口办理",
        "A004 3号窗口",
        "B001 4号窗口",
    )


def test_waiting_is_shown_for_the_groups_of_this_hall_in_their_order() -> None:
    """A group nobody configured is not shown, one not heard of neither."""
    known = picture(*(QueueBoard(epoch=1, fact=1, group=GroupId(group), waiting=n) for group, n in (("X", 9), ("B", 0))))
    assert board_lines(SETTINGS, known, NINE) == ("叫号信息", "社会事务等候0人", *TICKER)


@pytest.mark.parametrize(
    ("phase", "next_at", "line"),
    [
        (HallPhase.NOON, HallTime(NINE + 4 * 3_600_000 + 30 * 60_000), "午间休息,13:30恢复叫号"),
        (HallPhase.NOON, None, "午间休息"),
        (HallPhase.AFTER_CLOSING, None, "延时服务进行中"),
        (HallPhase.CLOSED, None, "今日服务已结束,感谢您的光临"),
    ],
)
def test_the_part_of_the_day_is_shown(phase: HallPhase, next_at: HallTime | None, line: str) -> None:
    """When calling goes on is told in hall time."""
    known = picture(HallBoard(epoch=1, fact=1, phase=phase, next_at=next_at))
    assert board_lines(SETTINGS, known, NINE) == ("叫号信息", line, *TICKER)


@pytest.mark.parametrize("phase", [HallPhase.OPEN, HallPhase.REST, HallPhase.BEFORE_OPENING])
def test_an_ordinary_part_of_the_day_needs_no_line(phase: HallPhase) -> None:
    """Open is what a hall is."""
    assert board_lines(SETTINGS, picture(HallBoard(epoch=1, fact=1, phase=phase)), NINE) == ("叫号信息", *TICKER)


def test_the_ticker_shows_one_line_at_a_time() -> None:
    """Priority, no fees, rating, hotline, and again; without a notice."""
    turns = [board_lines(SETTINGS, Picture(), NINE, turn)[1:] for turn in range(5)]
    assert turns == [
        TICKER,
        tuple(rows(text("disp.tick.free").zh)),
        tuple(rows(text("disp.tick.rate").zh)),
        ("咨询投诉电话 0000-12345678",),
        TICKER,
    ]


def test_a_notice_takes_turns_with_the_ticker_and_leaves_by_itself() -> None:
    """Shown until valid_to, which is no longer part of it (HALL-6); without a hall clock it stays."""
    known = picture(NoticeBoard(epoch=1, fact=1, text="停水通知", valid_to=HallTime(NINE + 1)))
    assert [board_lines(SETTINGS, known, NINE, turn)[1] == "停水通知" for turn in range(8)] == [True, False] * 4
    assert board_lines(SETTINGS, known, NINE, 1) == ("叫号信息", *TICKER)
    assert board_lines(SETTINGS, known, HallTime(NINE + 1)) == ("叫号信息", *TICKER)
    assert board_lines(SETTINGS, known, None) == ("叫号信息", "停水通知")
    assert "" not in board_lines(SETTINGS, picture(NoticeBoard(epoch=1, fact=1, text="")), NINE)


def board_of(phase: HallPhase, **fields: Any) -> HallBoard:
    """The hall in this part of its day."""
    return HallBoard(epoch=1, fact=1, phase=phase, **fields)


def test_near_closing_is_announced_from_its_minute_on() -> None:
    """Whoever holds a ticket will be served (EXT-3.1); not before that minute and not after closing."""
    near = HallTime(NINE + 100)
    known = picture(board_of(HallPhase.OPEN, near_close_at=near))
    assert board_lines(SETTINGS, known, HallTime(near - 1)) == ("叫号信息", *TICKER)
    announced = ("叫号信息", "临近下班,", "已取号的业务我们将全部办理完毕,", "请您安心等候", *TICKER)
    assert board_lines(SETTINGS, known, near) == announced
    known = picture(board_of(HallPhase.AFTER_CLOSING, near_close_at=near))
    assert board_lines(SETTINGS, known, near) == ("叫号信息", "延时服务进行中", *TICKER)


def test_a_counter_that_joined_is_named_with_its_group() -> None:
    """EXT-3.4, in rows of 16 hanzi; a group this board does not know by its letter."""
    joined = tuple(AddedCounter(counter=CounterId(one), group=GroupId(group)) for one, group in (("W12", "A"), ("W07", "X")))
    assert board_lines(SETTINGS, picture(board_of(HallPhase.OPEN, added=joined)), NINE)[1:-2] == (
        "已增开12号窗口,",
        "请办理企业开办业务的群众留意叫号",
        "已增开7号窗口,",
        "请办理X业务的群众留意叫号",
    )


def test_extended_service_and_calling_through_noon() -> None:
    """Nobody is told of a break that is none (D8); a visitor served into noon is extended service (EXT-1)."""
    assert board_lines(SETTINGS, picture(board_of(HallPhase.NOON, noon_service=True)), NINE) == ("叫号信息", *TICKER)
    known = picture(board_of(HallPhase.NOON, noon_service=True, extended=True))
    assert board_lines(SETTINGS, known, NINE) == ("叫号信息", "延时服务进行中", *TICKER)


def test_an_emergency_leaves_nothing_else_on_the_board() -> None:
    """HALL-8.2."""
    known = picture(counter("W02", CounterPhase.CALLED, "A001"), board_of(HallPhase.OPEN, emergency=True))
    assert board_lines(SETTINGS, known, NINE) == ("请听从工作人员指挥,有序离开",)


def test_the_expected_wait_stands_beside_who_waits() -> None:
    """As a range, if it can be told."""
    known = picture(QueueBoard(epoch=1, fact=1, group=GroupId("A"), waiting=12, wait_low=20, wait_high=30))
    assert board_lines(SETTINGS, known, NINE)[1:-2] == ("企业开办等候12人 预计20至30分钟",)


def busy(*, called: int, serving: int, notice: bool = False) -> Picture:
    """A hall with so many calls and visits."""
    boards: list[Versioned] = [
        counter(f"W{n:02}", CounterPhase.CALLED, f"A{n:03}", announced_at=HallTime(NINE + n)) for n in range(1, called + 1)
    ]
    boards += [counter(f"W{n:02}", CounterPhase.SERVING, f"B{n:03}") for n in range(called + 1, called + serving + 1)]
    boards += [QueueBoard(epoch=1, fact=1, group=GroupId(one), waiting=9, wait_low=20, wait_high=30) for one in ("A", "B")]
    boards += [NoticeBoard(epoch=1, fact=1, text="停水通知")] if notice else []
    return picture(*boards)


SMALL = structs.replace(SETTINGS, board_rows=8, board_hanzi=16)


def test_a_board_with_too_few_rows_keeps_the_calls_and_lets_the_rest_take_turns() -> None:
    """Eight rows: title and calls stand, below them everything else comes by within a minute."""
    known = busy(called=3, serving=6, notice=True)
    shown = [board_lines(SMALL, known, NINE, turn) for turn in range(10)]
    assert all(len(lines) <= 8 for lines in shown)
    assert {lines[:4] for lines in shown} == {
        ("叫号信息", "请A003到3号窗口办理", "请A002到2号窗口办理", "请A001到1号窗口办理")
    }
    seen = {row for lines in shown for row in lines}
    assert seen >= set(board_lines(SETTINGS, known, NINE, 0)) | {"停水通知", "咨询投诉电话 0000-12345678", *TICKER}


def test_a_board_that_has_room_shows_all_at_once() -> None:
    """As one of unknown size."""
    known = busy(called=1, serving=1)
    assert board_lines(SMALL, known, NINE, 3) == board_lines(SETTINGS, known, NINE, 3)


def test_more_calls_than_rows_leave_room_for_the_others() -> None:
    """Twelve counters call at once: the newest five stand, the rest and everything else take turns."""
    shown = [board_lines(SMALL, busy(called=12, serving=0), NINE, turn) for turn in range(30)]
    assert all(len(lines) <= 8 for lines in shown)
    assert {lines[:6] for lines in shown} == {("叫号信息", *(f"请A{n:03}到{n}号窗口办理" for n in (12, 11, 10, 9, 8)))}
    assert {f"请A{n:03}到{n}号窗口办理" for n in range(1, 13)} <= {row for lines in shown for row in lines}


def test_while_the_service_is_away_a_small_board_says_so_at_every_turn() -> None:
    """Title and 叫号恢复中 stand, the last numbers take turns."""
    shown = [recovering_lines(SMALL, busy(called=4, serving=8), turn) for turn in range(6)]
    assert all(lines[:2] == ("叫号信息", "叫号恢复中,请留意工作人员呼叫") and len(lines) <= 8 for lines in shown)
    assert len({row for lines in shown for row in lines}) == 14


ROWS = st.lists(st.lists(st.text("请A", min_size=1, max_size=3), min_size=1, max_size=4), max_size=12)


@given(ROWS, ROWS, st.integers(1, 10))
def test_nothing_is_cut_and_everything_comes_by(fixed: list[list[str]], others: list[list[str]], height: int) -> None:
    """Never more rows than the board has; every row of every sentence is shown at some turn."""
    shown = [page(fixed, others, height, turn) for turn in range(100)]
    assert all(len(lines) <= height for lines in shown)
    every = {row for sentence in (*fixed, *others) for row in sentence}
    assert {row for lines in shown for row in lines} == every


@given(st.text(alphabet="请办理业务,, A1号 ", max_size=90))
def test_no_row_is_wider_than_the_board_and_nothing_is_lost(sentence: str) -> None:
    """Broken at commas and spaces, else within; only spaces at the ends of rows go."""
    found = rows(sentence)
    assert "".join(found).replace(" ", "") == sentence.replace(" ", "")
    assert all(sum(1 if one.isascii() else 2 for one in row) <= WIDEST for row in found)


def test_while_the_service_is_away_the_board_keeps_the_numbers_and_says_so() -> None:
    """Citizens are sent to the staff, and no waiting figures are claimed."""
    known = picture(
        counter("W02", CounterPhase.CALLED, "A017", announcement=1),
        QueueBoard(epoch=1, fact=1, group=GroupId("A"), waiting=3),
    )
    assert recovering_lines(SETTINGS, known) == ("叫号信息", "请A017到2号窗口办理", "叫号恢复中,请留意工作人员呼叫")


def test_of_every_topic_only_the_newest_version_is_kept() -> None:
    """Older and equal versions change nothing; another epoch counts more than any fact number."""
    newest = QueueBoard(epoch=2, fact=5, group=GroupId("A"), waiting=3)
    known = picture(newest)
    for epoch, fact in ((2, 5), (2, 4), (1, 99)):
        assert known.with_(QueueBoard(epoch=epoch, fact=fact, group=GroupId("A"), waiting=7)) is known
    assert known.with_(QueueBoard(epoch=3, fact=1, group=GroupId("A"), waiting=7)).queues[0].waiting == 7
    assert len(known.with_(QueueBoard(epoch=1, fact=1, group=GroupId("B"), waiting=7)).queues) == 2
