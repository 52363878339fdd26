"""The decoder finds every good frame in whatever a bus delivers, and never takes anything else for one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.bx5k import Decoder, Frame, FrameError, escape, unescape
from firmware.drivers.bx5k_commands import Reply, Status, brightness

frames = st.builds(
    Frame,
    destination=st.integers(0, 0xFFFF),
    source=st.integers(0, 0xFFFF),
    data=st.binary(min_size=5, max_size=200) | st.text("\x5a\x5b", max_size=30).map(lambda text: text.encode("latin-1")),
    reserved=st.binary(min_size=3, max_size=3),
)
"""Frames of all kinds, with the bytes that need escaping among them."""


def feed_all(pieces: list[bytes]) -> list[Frame]:
    """What a fresh decoder finds in these pieces, one after the other."""
    decoder, found = Decoder(), []
    for piece in pieces:
        decoder, more = decoder.feed(piece)
        found += more
    return found


@given(frames)
def test_decoding_undoes_encoding(frame: Frame) -> None:
    """What is encoded is decoded to itself, also where addresses, lengths and checksums need escapes."""
    assert feed_all([frame.to_bytes()]) == [frame]


@given(st.binary(max_size=300))
def test_escaping_leaves_neither_start_nor_end_inside(raw: bytes) -> None:
    """Between lead-in and end no A5 and no 5A is left, and nothing is lost."""
    assert not {0xA5, 0x5A} & set(escape(raw))
    assert unescape(escape(raw)) == raw


@given(st.binary(max_size=80), frames, st.binary(max_size=80), frames)
def test_a_good_frame_is_found_after_any_noise(before: bytes, first: Frame, between: bytes, second: Frame) -> None:
    """Noise before and between, whatever it holds, hides no frame."""
    found = feed_all([before + first.to_bytes() + between + second.to_bytes()])
    assert [frame for frame in found if frame in (first, second)] == [first, second]


@given(st.lists(frames, max_size=4), st.data())
def test_it_does_not_matter_where_the_bytes_are_cut(sent: list[Frame], data: st.DataObject) -> None:
    """Joined, split anywhere or one byte at a time: the same frames."""
    stream = b"".join(frame.to_bytes() for frame in sent)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=10)) | {0, len(stream)})
    assert feed_all([stream[start:end] for start, end in pairwise(cuts)]) == sent
    assert feed_all([bytes((byte,)) for byte in stream]) == sent


@given(frames, st.integers(min_value=8), st.integers(1, 255))
def test_a_changed_byte_is_noticed(frame: Frame, position: int, change: int) -> None:
    """One damaged byte never passes for the frame that was sent or for another one."""
    wire = bytearray(frame.to_bytes())
    wire[8 + position % (len(wire) - 8)] ^= change
    assert feed_all([bytes(wire)]) == []


@given(frames, st.integers(0), frames)
def test_a_frame_cut_short_does_not_take_the_next_one_with_it(cut: Frame, at: int, good: Frame) -> None:
    """A frame cut anywhere is forgotten as soon as the next one opens."""
    broken = cut.to_bytes()[: at % (len(cut.to_bytes()) - 1)]
    assert feed_all([broken, good.to_bytes()]) == [good]


def test_endless_noise_is_forgotten() -> None:
    """An opened frame that never ends does not fill the memory."""
    decoder, found = Decoder().feed(b"\xa5" + 100_000 * b"\x00")
    assert (decoder, found) == (Decoder(), [])


@pytest.mark.parametrize("bad", ["a6", "5b", "a6 03", "5b 00", "00 a6"])
def test_an_escape_that_does_not_exist_is_refused(bad: str) -> None:
    """A6 and 5B stand only before 01 and 02."""
    with pytest.raises(FrameError, match="no such escape"):
        unescape(bytes.fromhex(bad))


def test_what_is_too_short_for_a_reply_is_refused() -> None:
    """A reply has at least five bytes; a status names power and brightness."""
    with pytest.raises(FrameError, match="at least 5"):
        Reply.from_data(b"\xa0\x00\x00\x00")
    with pytest.raises(FrameError, match="no status"):
        Status.from_reply(Reply.from_data(bytes.fromhex("A1 02 00 00 00 01")))
    assert Status.from_reply(Reply.from_data(bytes.fromhex("A1 02 00 00 00 01 08 26 20"))) == Status(
        is_on=True, brightness=8
    )


def test_brightness_has_sixteen_steps() -> None:
    """A level the sign does not have is refused before it is sent."""
    with pytest.raises(ValueError, match="between 0 and 15"):
        brightness(16)
