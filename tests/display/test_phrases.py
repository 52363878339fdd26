"""What is said: the words of the list, in syllables that the clip bank has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.config import load
from contracts.messages import CounterBoard
from contracts.values import CallId, CounterId, CounterPhase, TicketNo
from display.phrases import announcement, cardinal, clips, group_name, spelt, time_of_day, window
from firmware.drivers.clip_bank import ClipBank
from sim.halls import config_text
from words import every_key, text

BANK = ClipBank.load().names


def called(counter: str, ticket: str, announcement: int = 1, *, last: bool = False, continued: bool = False) -> CounterBoard:
    """A counter that calls this ticket."""
    return CounterBoard(
        epoch=1,
        fact=1,
        counter=CounterId(counter),
        phase=CounterPhase.CALLED,
        ticket=TicketNo(ticket),
        call=CallId(f"2026-03-10/{ticket}/c1"),
        announcement=announcement,
        last=last,
        continued=continued,
    )


def said(*arguments: object, **more: object) -> str:
    """The clips of a call, with spaces between them."""
    return " ".join(announcement(called(*arguments, **more), BANK))  # type: ignore[arg-type]  # the arguments of called


def test_a_call_is_read_digit_by_digit_and_its_counter_as_a_number() -> None:
    """A007 is A 零 零 七, counter 12 is 十二 (words 3.3.5)."""
    assert said("W02", "A007") == "请 A 零 零 七 号到 二 号窗口办理"
    assert said("W12", "B118") == "请 B 一 一 八 号到 十 二 号窗口办理"


def test_an_offline_ticket_is_read_with_its_hyphen() -> None:
    """A2-03 is A 二 杠 零 三 (words 3.2)."""
    assert said("W01", "A2-03") == "请 A 二 杠 零 三 号到 一 号窗口办理"


def test_a_second_and_a_last_call_say_so() -> None:
    """再次呼叫 for a recall, 最后一次呼叫 for the last one."""
    assert said("W02", "A007", 2) == "再次呼叫 请 A 零 零 七 号到 二 号窗口办理"
    assert said("W02", "A007", 3, last=True) == "最后一次呼叫 请 A 零 零 七 号到 二 号窗口办理"


def test_who_has_been_at_another_counter_is_called_to_continue() -> None:
    """voice.transfer for the first call; a repeated and a last call say what they always say."""
    assert said("W12", "A007", continued=True) == "请 A 零 零 七 号到 十 二 号窗口继续办理"
    assert said("W02", "A007", 2, continued=True) == "再次呼叫 请 A 零 零 七 号到 二 号窗口办理"
    assert said("W02", "A007", 3, last=True, continued=True).startswith("最后一次呼叫")


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [(13, 30, "十三点三十分"), (14, 5, "十四点零五分"), (12, 0, "十二点"), (9, 10, "九点十分"), (20, 59, "二十点五十九分")],
)
def test_a_time_of_day_as_it_is_read(hour: int, minute: int, words: str) -> None:
    """As a person reads it, and in clips there are."""
    assert time_of_day(hour, minute) == words
    assert set(clips(words, BANK)) <= BANK


@pytest.mark.parametrize("hall", ["demo-hall", "demo-small"])
def test_every_group_of_the_demo_halls_is_called_by_its_name(hall: str) -> None:
    """Recorded whole; any other group is called by the letter of its numbers, which always can be said."""
    config = load(config_text(hall), "hall.toml")
    for group in config.queue_groups:
        assert group_name(group.zh, group.id, BANK) == group.zh
        assert group_name("茶叶品评", group.id, BANK) == group.id
        assert group.id in BANK


def test_every_spoken_sentence_of_the_hall_can_be_said() -> None:
    """With a number, a time and a name in its gaps: no character is left to stand for itself."""
    values = {"no": "A零一七", "w": "十二", "m": "十五", "time": "十三点三十分", "group": "企业开办与许可", "h": "九"}
    for key in every_key():
        if key.startswith("voice."):
            assert set(clips(text(key).zh.format(**values), BANK)) <= BANK, key


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (1, "一"),
        (2, "二"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (21, "二十一"),
        (99, "九十九"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (111, "一百一十一"),
        (120, "一百二十"),
        (999, "九百九十九"),
        (1000, "一零零零"),
    ],
)
def test_ordinary_numbers(number: int, words: str) -> None:
    """As a person reads them; a counter number beyond 999 does not exist and would be spelt."""
    assert cardinal(number) == words


@given(st.from_regex(r"[A-Z]([0-9]{3,4}|[1-9]-[0-9]{2,3})", fullmatch=True), st.integers(1, 999), st.booleans())
def test_every_ticket_and_counter_can_be_said(ticket: str, counter: int, last: bool) -> None:
    """No number that a hall can issue lacks a clip."""
    spoken = announcement(called(f"W{counter:02}", ticket, 2, last=last), BANK)
    assert set(spoken) <= BANK
    assert "".join(spoken).count("号") == 2


def test_different_numbers_below_a_thousand_sound_different() -> None:
    """No two counters are read alike."""
    assert len({cardinal(number) for number in range(1000)}) == 1000


def test_every_sentence_without_a_gap_is_one_clip() -> None:
    """Fixed sentences were spoken as a whole."""
    for key in every_key():
        if key.startswith("voice.") and "{" not in text(key).zh:
            assert clips(text(key).zh, BANK) == (text(key).zh,)


def test_the_longest_clip_is_taken_and_punctuation_is_silent() -> None:
    """号窗口 is not 号 and two unknown characters; a character without a clip stands for itself."""
    assert clips("请,号窗口 办理。龘", frozenset({"请", "号", "窗", "窗口", "办理"})) == ("请", "号", "窗口", "办理", "龘")


def test_a_counter_is_its_number() -> None:
    """W02 is counter 2 for citizens; a counter without a number is what it is called."""
    assert [window(CounterId(one)) for one in ("W02", "W12", "VIP")] == ["2", "12", "VIP"]
    assert spelt("A017") == "A零一七"
    assert announcement(called("VIP", "A001"), BANK)[-4:] == ("V", "I", "P", "号窗口办理")
