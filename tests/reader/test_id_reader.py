"""The reader of ID cards: the bytes of the hardware notes, one report for each card, and no story in which it gets stuck."""

from functools import reduce
from itertools import pairwise
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.base import Send
from firmware.drivers.id_reader import (
    Asking,
    CardFailed,
    CardRead,
    IdReader,
    ReaderTrouble,
    ReaderWell,
    Resting,
    Unplugged,
)
from firmware.drivers.id_reader_frames import Decoder, Garbled, Reply
from firmware.drivers.id_reader_layouts import read_card
from firmware.wire.base import BytesArrived, WireLost, WireOpened
from sim.devices.id_cards import SENIOR
from sim.solo import Solo

FIND = bytes.fromhex("AA AA AA 96 69 00 03 20 01 22")
SELECT = bytes.fromhex("AA AA AA 96 69 00 03 20 02 21")
READ = bytes.fromhex("AA AA AA 96 69 00 03 30 01 32")
FOUND = bytes.fromhex("AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97")
NONE = bytes.fromhex("AA AA AA 96 69 00 04 00 00 80 84")
SELECTED = bytes.fromhex("AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C")
NOT_SELECTED = bytes.fromhex("AA AA AA 96 69 00 04 00 00 81 85")
NOT_READ = bytes.fromhex("AA AA AA 96 69 00 04 00 00 41 45")
SAM_FAILED = bytes.fromhex("AA AA AA 96 69 00 04 00 00 60 64")


def card_frame(text: bytes, photo: bytes = bytes(1024)) -> bytes:
    """The 1295 bytes of the notes: 05 08, 00 00 90, 01 00, 04 00, text, photo, check."""
    body = bytes.fromhex("05 08 00 00 90 01 00 04 00") + text + photo
    return bytes.fromhex("AA AA AA 96 69") + body + bytes([reduce(xor, body)])


CARD = card_frame(SENIOR.text())
SENIOR_READ = CardRead(read_card(SENIOR.text()))


def plugged() -> Solo:
    """A reader that has been asked its first question."""
    run = Solo(IdReader())
    run.at(0, WireOpened())
    return run


def sent(run: Solo) -> list[bytes]:
    """What the reader was asked."""
    return [effect.data for _, effect in run.history if isinstance(effect, Send)]


def answer(run: Solo, data: bytes) -> list[object]:
    """The answer comes 10 ms later."""
    return run.at(run.now + 10, BytesArrived(data))


def reports(run: Solo) -> list[object]:
    """What it has told of cards and of itself."""
    return [what for _, what in run.reports()]


# --- Bytes ---------------------------------------------------------------------------------------------------------------


def test_a_card_is_found_selected_and_read_with_the_bytes_of_the_notes() -> None:
    """Three questions, three answers, one card."""
    run = plugged()
    assert sent(run) == [FIND]
    answer(run, FOUND)
    assert sent(run) == [FIND, SELECT]
    answer(run, SELECTED)
    assert sent(run) == [FIND, SELECT, READ]
    assert len(CARD) == 1295
    answer(run, CARD)
    assert reports(run) == [ReaderWell(), SENIOR_READ]


@pytest.mark.parametrize(
    ("frame", "reply"),
    [
        (FOUND, Reply(0x9F)),
        (NONE, Reply(0x80)),
        (SELECTED, Reply(0x90)),
        (NOT_SELECTED, Reply(0x81)),
        (NOT_READ, Reply(0x41)),
        (bytes.fromhex("AA AA AA 96 69 00 04 00 00 90 94"), Reply(0x90)),
        (CARD, Reply(0x90, SENIOR.text())),
    ],
)
def test_the_replies_of_the_notes(frame: bytes, reply: Reply) -> None:
    """Every reply of the table, whole and cut at any place."""
    for cut in range(len(frame)):
        decoder, first = Decoder().feed(frame[:cut])
        decoder, second = decoder.feed(frame[cut:])
        assert [*first, *second] == [reply]
        assert decoder == Decoder()


@given(st.binary(max_size=40).filter(lambda noise: b"\xaa" not in noise))
def test_noise_before_a_frame_costs_nothing(noise: bytes) -> None:
    """Whatever was on the line, the frame after it is understood."""
    assert Decoder().feed(noise + FOUND)[1] == [Reply(0x9F)]


@given(st.integers(5, len(FOUND) - 1), st.integers(1, 255))
def test_one_changed_byte_is_no_reply(place: int, change: int) -> None:
    """The check catches it; the frame after it is understood, at the latest when the reader is asked anew."""
    spoilt = bytearray(FOUND)
    spoilt[place] ^= change
    assert Reply(0x9F) not in Decoder().feed(bytes(spoilt))[1]


def test_after_a_wrong_check_the_next_frame_is_found() -> None:
    """Also if it begins inside the bad one."""
    spoilt = FOUND[:-1] + b"\x00"
    assert Decoder().feed(spoilt + NONE)[1] == [Garbled(), Reply(0x80)]
    assert Decoder().feed(FOUND[:9] + NONE + bytes(4))[1][-1] == Reply(0x80)


def test_no_photo_is_kept() -> None:
    """The 1024 bytes of the photo are in nothing that is left after the frame: not in the state, not in a report."""
    photo = b"\xc3\x5a\x99\x17" * 256
    run = plugged()
    answer(run, FOUND)
    answer(run, SELECTED)
    answer(run, card_frame(SENIOR.text(), photo))
    assert photo[:8].hex() not in repr(run.state) + repr(run.history)
    assert run.state.decoder == Decoder()


# --- One card, one report ------------------------------------------------------------------------------------------------


def present(run: Solo, card: bytes = CARD) -> None:
    """Somebody lays a card on it, at the next question."""
    while sent(run)[-1] != FIND or not isinstance(run.state.situation, Asking):
        run.until(run.now + 50)
    for reply in (FOUND, SELECTED, card):
        answer(run, reply)


def find_says(run: Solo, reply: bytes) -> None:
    """The next find is answered with this."""
    run.until(run.wake_at or run.now)
    assert sent(run)[-1] == FIND
    answer(run, reply)


def test_a_card_that_lies_there_is_read_once_by_both_kinds_of_reader() -> None:
    """Whether the reader denies it or finds it again: no second report until nothing lay there."""
    run = plugged()
    present(run)
    for _ in range(5):
        find_says(run, FOUND)
    assert sent(run).count(READ) == 1
    find_says(run, NONE)
    present(run)
    assert reports(run) == [ReaderWell(), SENIOR_READ, SENIOR_READ]


def test_finds_are_at_least_300_ms_apart() -> None:
    """Polling is gentle."""
    run = plugged()
    for _ in range(6):
        find_says(run, NONE) if len(sent(run)) > 1 else answer(run, NONE)
    times = [at for at, effect in run.history if isinstance(effect, Send)]
    assert all(later - earlier >= 300 for earlier, later in pairwise(times))


@pytest.mark.parametrize("failing", [NOT_READ, b""])
def test_three_failed_attempts_are_one_unreadable_card(failing: bytes) -> None:
    """The reader says 41, or nothing at all: told once, and again only after it was lifted."""
    run = plugged()
    for attempt in range(3):
        find_says(run, FOUND) if attempt else answer(run, FOUND)
        answer(run, SELECTED)
        if failing:
            answer(run, failing)
        else:
            run.until(run.now + 2_000)
    assert CardFailed("unreadable") in reports(run)
    find_says(run, FOUND)
    assert reports(run).count(CardFailed("unreadable")) == 1


def test_an_attempt_that_fails_once_is_not_told() -> None:
    """Not selected the first time, read the second."""
    run = plugged()
    answer(run, FOUND)
    answer(run, NOT_SELECTED)
    find_says(run, FOUND)
    answer(run, SELECTED)
    answer(run, CARD)
    assert reports(run) == [ReaderWell(), SENIOR_READ]


def test_a_card_lifted_too_early_is_told() -> None:
    """Found, not read, gone: the person is asked to lay it down again."""
    run = plugged()
    answer(run, FOUND)
    answer(run, NOT_SELECTED)
    find_says(run, NONE)
    assert reports(run) == [ReaderWell(), CardFailed("lifted")]


def test_a_wrong_check_digit_is_told_by_a_word() -> None:
    """Read, but not in order."""
    run = plugged()
    present(run, card_frame(SENIOR.text(number="139999196603100112")))
    assert reports(run)[-1] == CardFailed("check_digit")


def test_half_a_card_is_an_attempt_that_failed() -> None:
    """Half of the 1295 bytes, then silence; the next attempt reads it, and the rest of the old frame does no harm."""
    run = plugged()
    answer(run, FOUND)
    answer(run, SELECTED)
    answer(run, CARD[:600])
    run.until(run.now + 2_000)
    find_says(run, CARD[600:] + FOUND)
    answer(run, SELECTED)
    answer(run, CARD)
    assert reports(run) == [ReaderWell(), SENIOR_READ]


def test_a_late_answer_to_an_earlier_question_is_left_aside() -> None:
    """A second "found" while it is being selected changes nothing."""
    run = plugged()
    answer(run, FOUND)
    answer(run, FOUND)
    assert sent(run) == [FIND, SELECT]
    answer(run, SELECTED)
    answer(run, CARD)
    assert reports(run)[-1] == SENIOR_READ


# --- Trouble -------------------------------------------------------------------------------------------------------------


def test_a_silent_reader_is_reported_once_and_asked_on() -> None:
    """Three finds without an answer; when it answers it is well."""
    run = plugged()
    run.until(20_000)
    assert reports(run) == [ReaderTrouble("silent")]
    find_says(run, NONE) if isinstance(run.state.situation, Resting) else answer(run, NONE)
    assert reports(run) == [ReaderTrouble("silent"), ReaderWell()]


def test_a_failed_security_module_is_reported_once() -> None:
    """60 to every question."""
    run = plugged()
    answer(run, SAM_FAILED)
    find_says(run, SAM_FAILED)
    assert reports(run) == [ReaderTrouble("sam_60")]
    find_says(run, NONE)
    assert reports(run)[-1] == ReaderWell()


def test_unplugged_in_the_middle_of_a_card() -> None:
    """Reported once; nothing is asked and nobody woken until the wire is back, and then from the beginning."""
    run = plugged()
    answer(run, FOUND)
    run.at(run.now, WireLost("gone"), WireLost("gone"))
    assert run.state.situation == Unplugged()
    assert run.wake_at is None
    run.at(run.now + 100, BytesArrived(SELECTED))
    assert reports(run) == [ReaderWell(), ReaderTrouble("unplugged", "gone")]
    run.at(run.now, WireOpened())
    assert sent(run)[-1] == FIND
    answer(run, FOUND)
    answer(run, SELECTED)
    answer(run, CARD)
    assert reports(run)[-2:] == [ReaderWell(), SENIOR_READ]


EVENTS = st.lists(
    st.one_of(
        st.sampled_from([FOUND, NONE, SELECTED, NOT_SELECTED, NOT_READ, SAM_FAILED, CARD, CARD[:700], CARD[700:]]),
        st.binary(max_size=20),
        st.integers(0, 3_000),
        st.sampled_from([WireLost("gone"), WireOpened()]),
    ),
    max_size=25,
)


@given(EVENTS)
def test_whatever_happens_the_next_card_is_read(story: list[object]) -> None:
    """No story leaves it stuck: with a wire and a well reader, the next card that is laid down is read."""
    run = plugged()
    for event in story:
        match event:
            case int(pause):
                run.until(run.now + pause)
            case bytes(data):
                run.at(run.now, BytesArrived(data))
            case _:
                run.at(run.now, event)
        unplugged = isinstance(run.state.situation, Unplugged)
        assert (run.wake_at is None) is unplugged
    run.at(run.now, WireOpened())
    answer(run, NONE)
    before = reports(run).count(SENIOR_READ)
    for reply in (FOUND, SELECTED, CARD):
        if sent(run)[-1] == FIND and isinstance(run.state.situation, Resting):
            run.until(run.wake_at or 0)
        answer(run, reply)
    assert reports(run).count(SENIOR_READ) == before + 1
