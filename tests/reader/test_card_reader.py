"""RDM6300: every frame a card sends is understood, however it is cut; one swipe is one presentation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.card_reader import CardPresented, CardReader, CardUnreadable, ReaderBack, ReaderLost
from firmware.wire.base import BytesArrived, WireLost, WireOpened
from sim.solo import Solo

FRAME = bytes.fromhex("02 37 32 30 30 39 34 34 43 37 38 44 32 03")
CARD = CardPresented("7200944C78")
OTHER_FRAME = bytes.fromhex("02 30 41 30 30 39 34 34 43 37 38 41 41 03")
OTHER = CardPresented("0A00944C78")


def solo() -> Solo:
    """A reader on an open wire."""
    run = Solo(CardReader())
    run.at(0, WireOpened())
    run.history.clear()
    return run


@pytest.mark.parametrize(("frame", "card"), [(FRAME, CARD), (OTHER_FRAME, OTHER)])
def test_the_frames_of_the_hardware_notes(frame: bytes, card: CardPresented) -> None:
    """Both worked frames give the ten digits of their card, at once."""
    run = solo()
    run.at(10, BytesArrived(frame))
    assert run.reports() == [(10, card)]


@pytest.mark.parametrize("cut", range(1, len(FRAME)))
def test_a_frame_cut_anywhere_is_the_same_card(cut: int) -> None:
    """Two pieces, 40 ms apart, are one frame."""
    run = solo()
    run.at(10, BytesArrived(FRAME[:cut]))
    run.at(50, BytesArrived(FRAME[cut:]))
    assert run.reports() == [(50, CARD)]


@pytest.mark.parametrize("cut", range(1, len(FRAME)))
def test_half_a_frame_before_a_whole_one_is_forgotten(cut: int) -> None:
    """A frame broken off by the next one costs nothing."""
    run = solo()
    run.at(10, BytesArrived(FRAME[:cut] + FRAME))
    run.until(9_000)
    assert run.reports() == [(10, CARD)]


@given(st.binary(max_size=60))
def test_any_noise_then_a_card_gives_the_card(noise: bytes) -> None:
    """Whatever came before, a good frame is understood, and never as another card."""
    run = solo()
    run.at(10, BytesArrived(noise), BytesArrived(FRAME))
    assert CARD in [what for _, what in run.reports()]


@given(st.integers(0, len(FRAME) - 1), st.integers(0, 255))
def test_one_changed_byte_never_makes_another_card(place: int, byte: int) -> None:
    """The checksum catches every single wrong byte (a small letter is the same digit)."""
    run = solo()
    run.at(10, BytesArrived(FRAME[:place] + bytes([byte]) + FRAME[place + 1 :]))
    assert all(what == CARD for _, what in run.reports())


def test_small_letters_are_the_same_card() -> None:
    """A clone that writes its digits small presents the card that is registered in capitals."""
    run = solo()
    run.at(10, BytesArrived(b"\x027200944c78d2\x03"))
    assert run.reports() == [(10, CARD)]


def test_a_card_that_lies_on_the_reader_is_presented_once() -> None:
    """Frames every 70 ms for a minute are one swipe."""
    run = solo()
    for now in range(100, 60_000, 70):
        run.at(now, BytesArrived(FRAME))
    assert run.reports() == [(100, CARD)]


def test_the_same_card_within_two_and_a_half_seconds_is_the_same_swipe() -> None:
    """Taken away for 2.4 s it is the same swipe, after 2.5 s a new one, counted from its last frame."""
    run = solo()
    run.at(1_000, BytesArrived(FRAME))
    run.at(3_400, BytesArrived(FRAME))
    run.at(5_900, BytesArrived(FRAME))
    assert run.reports() == [(1_000, CARD), (5_900, CARD)]


def test_two_cards_together_are_each_presented_once() -> None:
    """Two cards in one purse, read in turn, are two presentations and no more."""
    run = solo()
    for now in range(0, 3_000, 140):
        run.at(now, BytesArrived(FRAME))
        run.at(now + 70, BytesArrived(OTHER_FRAME))
    assert run.reports() == [(0, CARD), (70, OTHER)]


def test_only_bad_frames_are_an_unreadable_card_and_not_all_the_time() -> None:
    """A card held too far away is told after half a second, then every 3 s at most."""
    run = solo()
    bad = FRAME[:-2] + b"0\x03"
    for now in range(1_000, 6_000, 100):
        run.at(now, BytesArrived(bad))
    assert run.reports() == [(1_500, CardUnreadable()), (4_500, CardUnreadable())]


def test_a_bad_frame_before_a_good_one_is_not_told() -> None:
    """While a card comes near, its first frames are often bad: that is no failure."""
    run = solo()
    run.at(1_000, BytesArrived(FRAME[:-2] + b"0\x03"))
    run.at(1_200, BytesArrived(FRAME))
    run.until(9_000)
    assert run.reports() == [(1_200, CARD)]


def test_the_half_frame_of_a_card_taken_away_is_not_told() -> None:
    """Somebody who was read and takes the card away hears nothing more."""
    run = solo()
    run.at(1_000, BytesArrived(FRAME))
    run.at(1_070, BytesArrived(FRAME[:6]))
    run.until(9_000)
    assert run.reports() == [(1_000, CARD)]


def test_a_lost_wire_forgets_half_a_frame() -> None:
    """Two halves with an unplugging between them are no frame."""
    run = solo()
    run.at(10, BytesArrived(FRAME[:7]), WireLost("unplugged"), WireOpened(), BytesArrived(FRAME[7:]))
    run.until(5_000)
    assert run.reports() == [(10, ReaderLost("unplugged")), (10, ReaderBack())]
