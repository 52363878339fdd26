"""The text line: the bytes of the display's manual, wrapping, pages, and no byte that is not needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.base import Send
from firmware.drivers.text_line import Show, TextBack, TextLine, TextLost
from firmware.wire.base import WireLost, WireOpened
from sim.solo import Solo

BLANK = b" " * 20


def solo(**size: int) -> Solo:
    """An empty display on an open wire."""
    run = Solo(TextLine(**size))
    run.at(0, WireOpened())
    return run


def sent(run: Solo) -> list[tuple[int, bytes]]:
    """What has been written, and when."""
    return [(at, effect.data) for at, effect in run.history if isinstance(effect, Send)]


def row(number: int, text: str, columns: int = 20) -> bytes:
    """A row as the manual wants it: 1F 24 column row, then the text, padded."""
    return bytes([0x1F, 0x24, 1, number]) + text.encode("gbk").ljust(columns)


def test_a_display_is_initialised_cleared_and_written_when_its_wire_opens() -> None:
    """1B 40, 0C, then every row with its cursor."""
    run = Solo(TextLine())
    run.at(0, Show(("请刷工作卡", "09:00")))
    assert sent(run) == []
    run.at(5, WireOpened())
    assert sent(run) == [(5, b"\x1b\x40\x0c" + row(1, "请刷工作卡") + row(2, "09:00"))]


def test_only_the_rows_that_change_are_sent() -> None:
    """A new time writes its row; the same text again writes nothing."""
    run = solo()
    run.at(10, Show(("请刷工作卡", "09:00")))
    run.history.clear()
    run.at(20, Show(("请刷工作卡", "09:01")))
    run.at(30, Show(("请刷工作卡", "09:01")))
    assert sent(run) == [(20, row(2, "09:01"))]


def test_everything_is_written_again_every_half_minute_without_clearing() -> None:
    """A display that was switched off and on shows its text within 30 s, and none flickers."""
    run = solo()
    run.at(10, Show(("窗口空闲",)))
    run.history.clear()
    run.until(60_000)
    again = b"\x1f\x01" + row(1, "窗口空闲") + row(2, "")
    assert sent(run) == [(30_000, again), (60_000, again)]


def test_after_a_loss_the_last_wish_is_shown() -> None:
    """What was asked for while the wire was away stands there when it is back."""
    run = solo()
    run.at(10, WireLost("unplugged"))
    run.at(20, Show(("你好",)))
    run.history.clear()
    run.at(30, WireOpened())
    assert sent(run) == [(30, b"\x1b\x40\x0c" + row(1, "你好") + row(2, ""))]
    run.at(40, WireLost("unplugged"))
    assert run.wake_at is None
    assert run.reports() == [(30, TextBack()), (40, TextLost("unplugged"))]


def test_a_long_text_is_wrapped_and_paged() -> None:
    """What does not fit is shown page after page, 3 s each, round and round."""
    run = solo()
    run.history.clear()
    run.at(100, Show(("张伟,上班打卡成功 09:00", "请刷工作卡")))
    run.until(7_000)
    assert sent(run) == [
        (100, row(1, "张伟,上班打卡成功") + row(2, "09:00")),
        (3_100, row(1, "请刷工作卡") + row(2, "")),
        (6_100, row(1, "张伟,上班打卡成功") + row(2, "09:00")),
    ]


def test_a_hanzi_is_never_cut_in_two() -> None:
    """With an odd cell left over the hanzi goes to the next row."""
    run = solo(rows=2, columns=5)
    run.history.clear()
    run.at(1, Show(("一二三四",)))
    assert sent(run)[0][1] == row(1, "一二", 5) + row(2, "三四", 5)


def test_a_number_stays_whole_and_closing_punctuation_with_its_word() -> None:
    """A017 is not torn, and no row begins with a comma."""
    run = solo(rows=4, columns=8)
    run.history.clear()
    run.at(1, Show(("请叫号A017", "一二三四,五")))
    assert sent(run)[0][1] == row(1, "请叫号", 8) + row(2, "A017", 8) + row(3, "一二三", 8) + row(4, "四,五", 8)


def test_a_sentence_is_cut_between_its_clauses_if_that_takes_no_more_rows() -> None:
    """A person reads clause by clause; a third row would be a page more, so then it is cut anywhere."""
    run = solo()
    run.history.clear()
    run.at(1, Show(("未识别的工作卡,请联系管理人员",)))
    assert sent(run)[0][1] == row(1, "未识别的工作卡,") + row(2, "请联系管理人员")
    run.history.clear()
    run.at(2, Show(("一二三四五六,一二三四五六,一二三四",)))
    assert sent(run)[0][1] == row(1, "一二三四五六,一二三") + row(2, "四五六,一二三四")


def test_a_line_that_fits_on_one_page_is_not_torn_over_two() -> None:
    """The second sentence waits for the next page."""
    run = solo()
    run.history.clear()
    run.at(1, Show(("张伟,打卡成功 09:01", "网络中断,打卡已保存在本机")))
    run.until(3_001)
    assert sent(run) == [
        (1, row(1, "张伟,打卡成功 09:01")),
        (3_001, row(1, "网络中断,") + row(2, "打卡已保存在本机")),
    ]


def test_a_word_longer_than_the_row_is_cut() -> None:
    """Nothing is lost when a word cannot stay whole."""
    run = solo(rows=2, columns=8)
    run.history.clear()
    run.at(1, Show(("ABCDEFGHIJ",)))
    assert sent(run)[0][1] == row(1, "ABCDEFGH", 8) + row(2, "IJ", 8)


def test_a_name_cannot_give_orders_and_a_rare_character_leaves_a_mark() -> None:
    """Control characters become spaces; what has no two-byte code becomes 〓."""
    run = solo()
    run.history.clear()
    run.at(1, Show(("a\x0cb\x1b@", "𠀀好")))
    assert sent(run)[0][1] == row(1, "a b @") + row(2, "〓好")


@given(st.lists(st.text(max_size=60), max_size=5).map(tuple), st.sampled_from([(2, 20), (4, 20), (1, 8)]))
def test_every_page_is_exactly_the_size_of_the_glass_and_nothing_is_lost(
    lines: tuple[str, ...], size: tuple[int, int]
) -> None:
    """Any text fills whole rows of whole cells, and every visible character is on some page, in order."""
    run = solo(rows=size[0], columns=size[1])
    run.at(1, Show(lines))
    assert all(len(page) == size[0] and all(len(cells) == size[1] for cells in page) for page in run.state.pages)
    shown = "".join(cells.decode("gb18030") for page in run.state.pages for cells in page).replace(" ", "")
    wanted = [one if len(one.encode("gb18030", "replace")) <= 2 else "〓" for one in "".join(lines)]
    assert shown == "".join(one for one in wanted if one > " " and one != "\x7f")


def test_nothing_to_show_is_an_empty_glass() -> None:
    """No lines at all make every row blank."""
    run = solo()
    run.at(1, Show(("x",)))
    run.at(2, Show(()))
    assert run.state.pages == ((BLANK, BLANK),)


@pytest.mark.parametrize("pages", [2, 3])
def test_pages_and_rewriting_share_one_clock(pages: int) -> None:
    """Turning pages does not delay the rewriting, and rewriting shows the page that is on."""
    run = solo()
    run.at(10, Show(tuple(f"{number}" for number in range(pages * 2))))
    run.history.clear()
    run.until(31_000)
    rewritten = [data for at, data in sent(run) if at == 30_000]
    assert len(rewritten) == 1
    assert rewritten[0].startswith(b"\x1f\x01\x1f\x24\x01\x01")
