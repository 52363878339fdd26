"""Every value of the status table in hardware.md 2.2."""

import pytest

from contracts.values import Condition
from firmware.drivers.printer_status import (
    WELL,
    Health,
    Question,
    Trouble,
    ask,
    barrier_bytes,
    health,
    status_bytes,
    troubles,
)


@pytest.mark.parametrize(
    ("question", "answer", "found"),
    [
        (Question.PRINTER, 0x12, set()),
        (Question.PRINTER, 0x16, set()),
        (Question.PRINTER, 0x1A, {Trouble.OFFLINE}),
        (Question.OFFLINE_CAUSE, 0x12, set()),
        (Question.OFFLINE_CAUSE, 0x16, {Trouble.COVER_OPEN}),
        (Question.OFFLINE_CAUSE, 0x1A, set()),
        (Question.OFFLINE_CAUSE, 0x32, {Trouble.PAPER_OUT}),
        (Question.OFFLINE_CAUSE, 0x52, {Trouble.ERROR}),
        (Question.OFFLINE_CAUSE, 0x36, {Trouble.COVER_OPEN, Trouble.PAPER_OUT}),
        (Question.ERROR, 0x12, set()),
        (Question.ERROR, 0x1A, {Trouble.CUTTER}),
        (Question.ERROR, 0x32, {Trouble.UNRECOVERABLE}),
        (Question.ERROR, 0x52, {Trouble.OVERHEATED}),
        (Question.PAPER, 0x12, set()),
        (Question.PAPER, 0x1E, {Trouble.PAPER_LOW}),
        (Question.PAPER, 0x72, {Trouble.PAPER_OUT}),
        (Question.PAPER, 0x7E, {Trouble.PAPER_LOW, Trouble.PAPER_OUT}),
    ],
)
def test_status_table(question: Question, answer: int, found: set[Trouble]) -> None:
    """Each answer of the table means exactly what the table says."""
    assert status_bytes(bytes([answer])) == bytes([answer])
    assert troubles(question, answer) == found


def test_requests_are_three_bytes() -> None:
    """DLE EOT n for n = 1 to 4."""
    assert [ask(question) for question in Question] == [bytes([0x10, 4, n]) for n in (1, 2, 3, 4)]


def test_status_barrier_and_noise_are_told_apart() -> None:
    """Of all 256 bytes 16 can be a status, 64 an answer to GS r 1, none both; XON, XOFF and 0xFF are neither."""
    every = bytes(range(256))
    assert len(status_bytes(every)) == 16
    assert len(barrier_bytes(every)) == 64
    assert not set(status_bytes(every)) & set(barrier_bytes(every))
    assert status_bytes(b"\x11\x13\xff") == barrier_bytes(b"\x11\x13\xff") == b""


@pytest.mark.parametrize("trouble", list(Trouble))
def test_only_low_paper_lets_papers_be_printed(trouble: Trouble) -> None:
    """Low paper is a warning; every other trouble is a fault."""
    assert health([trouble]).prints is (trouble is Trouble.PAPER_LOW)


def test_the_gravest_trouble_is_told() -> None:
    """An open cover also reads as paper end and off line; people are told of the cover."""
    found = [Trouble.OFFLINE, Trouble.PAPER_OUT, Trouble.COVER_OPEN]
    assert health(found) == Health(Condition.FAULT, "cover_open")
    assert health([]) == WELL
