"""The simulated sign's end of the BX-5K protocol, against the maker's frames and those of hardware.md 1.5."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.devices.bench import Bench
from sim.devices.led_sign import LedSign
from sim.devices.sign_bus import SignBus
from sim.devices.sign_card import Panel
from sim.devices.sign_frames import BadFrame, Frame, FrameFinder, crc16, wrap

LEAD = "A5" * 8
TO_3 = LEAD + "0300 0080 000000 00 00 00 FE 02 "
WELCOME = LEAD + (
    "FEFF 0080 000000 00 00 00 FE 02 2C00 A306010000 00 01 2300 00 0080 0000 8080 2000 00 00 00 0A00 00 00 00 02 01 01 00 02"
    "0A 08000000 BBB6D3ADB9E2C1D9 3C49 5A"
)
WRITE_FILE = LEAD + (
    "0100 0080 000000 00 00 00 FE 02 5B0100 A106010000 50303030 01 0000 4900 00000000 00 50303030 49000000 FF 0000 01 FFFF"
    "01 24142001 24FF0000012A000000001800000008004000FF000000000000000202010000 0A0F000000 7777772E6F6E626F6E62782E636F6D"
    "524D 0711 5A"
)
PING_1 = LEAD + "0100 0080 000000 00 00 00 FE 02 0500 A200010000 68F8 5A"
SET_TIME = LEAD + "0100 0080 000000 00 00 00 FE 02 0D00 A203010800 1320012511172605 B03F 5A"
LOCK = LEAD + "0100 0080 000000 00 00 00 FE 02 0B00 A304010000 00 01 50303030 C240 5A"
ACK_3 = LEAD + "0080 0300 000000 00 00 00 FE 02 0500 A000000000 C5BC 5A"
EX_1 = TO_3 + (
    "3600 A306010000 00 01 2D00 00 0080 0000 8080 1000 00 00 00 0000 00 00 0A 01 01 01 00 02 0A 12000000"
    "5C433141303132BAC5B5BD33BAC5B4B0BFDA 799A 5A"
)
EX_2 = TO_3 + (
    "3D00 A306010000 00 01 3400 00 0080 0000 8080 2000 00 00 00 0000 00 00 0A 02 01 01 00 02 0A 19000000"
    "5C4331C7EB413031 32BAC55C6E5C4332B5BD33BAC5B4B0BFDA 4C68 5A"
)
EX_3 = TO_3 + (
    "3800 A306010000 00 01 2F00 00 0080 0000 8080 1000 00 00 00 0000 00 00 08 01 01 03 00 06 00 14000000"
    "5C4331C7EB413031 32BAC5C8A60233BAC5B4B0BFDA 1528 5A"
)
EX_4 = TO_3 + (
    "2F00 A306010000 00 01 2600 00 0080 0000 8080 1000 00 00 00 0000 00 00 0A 01 01 01 00 02 0A 0B000000"
    "5C4332D4DDCDA3B7FECEF1 F5F3 5A"
)
GOOD = {
    "welcome": WELCOME,
    "write a file, length escaped": WRITE_FILE,
    "ping 1": PING_1,
    "set time": SET_TIME,
    "lock a program": LOCK,
    "unlock a program": LEAD + "0100 0080 000000 00 00 00 FE 02 0B00 A304010000 00 00 50303030 FF80 5A",
    "begin a file": LEAD + "0100 0080 000000 00 00 00 FE 02 0E00 A105010000 01 50303030 49000000 E216 5A",
    "format": LEAD + "0100 0080 000000 00 00 00 FE 02 0500 A100010000 2CF8 5A",
    "ping 3": TO_3 + "0500 A200010000 1140 5A",
    "status": TO_3 + "0500 A102010000 54F8 5A",
    "clear": TO_3 + "0500 A310010000 2840 5A",
    "on": TO_3 + "0600 A300010000 01 0008 5A",
    "off": TO_3 + "0600 A300010000 02 4009 5A",
    "brightness 8": TO_3 + "0700 A302010000 0108 05B4 5A",
    "delete area 0": TO_3 + "0800 A306010000 010000 0633 5A",
    "delete all": TO_3 + "0700 A306010000 FF00 4596 5A",
    "clear all signs": LEAD + "FFFF 0080 000000 00 00 00 FE 02 0500 A310020000 B820 5A",
    "set all clocks": LEAD + "FFFF 0080 000000 00 00 00 FE 02 0D00 A203010000 2620112209300007 F1CF 5A",
    "ping 5A": LEAD + "5B0200 0080 000000 00 00 00 FE 02 0500 A200010000 1FD1 5A",
    "ping A5": LEAD + "A60200 0080 000000 00 00 00 FE 02 0500 A200010000 3BD1 5A",
    "EX-1": EX_1,
    "EX-2": EX_2,
    "EX-3": EX_3,
    "EX-4": EX_4,
}


def found_in(data: bytes, *, piece: int | None = None) -> list[Frame | BadFrame]:
    """What a card finds in bytes."""
    finder = FrameFinder()
    size = piece or len(data)
    return [found for start in range(0, len(data), size) for found in finder.feed(data[start : start + size])]


def hears(hexes: str, *, address: int = 3, panel: Panel | None = None) -> tuple[LedSign, Bench]:
    """A sign that has heard this frame."""
    sign = LedSign(address, panel)
    bench = Bench(SignBus([sign]))
    bench.tell(bytes.fromhex(hexes))
    return sign, bench


def test_the_checksum_is_crc_16_arc() -> None:
    """The check value of CRC-16/ARC."""
    assert crc16(b"123456789") == 0xBB3D


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("piece", [None, 1, 3])
def test_every_good_frame_is_understood(name: str, piece: int | None) -> None:
    """Each frame of the documents is found whole with a good checksum, however it is cut."""
    (frame,) = found_in(bytes.fromhex(GOOD[name]), piece=piece)
    assert isinstance(frame, Frame)
    assert (frame.check_ok, frame.source, frame.device_type) == (True, 0x8000, 0xFE)


@pytest.mark.parametrize("name", GOOD)
def test_every_good_frame_is_rebuilt_byte_for_byte(name: str) -> None:
    """What was understood, wrapped again, is the frame of the document."""
    (frame,) = found_in(bytes.fromhex(GOOD[name]))
    assert isinstance(frame, Frame)
    assert wrap(frame.destination, frame.source, frame.data) == bytes.fromhex(GOOD[name])


@pytest.mark.parametrize("cut", range(1, len(bytes.fromhex(EX_3))))
def test_a_frame_cut_anywhere_is_one_frame(cut: int) -> None:
    """EX-3, which holds an escape, cut once at every byte."""
    data = bytes.fromhex(EX_3)
    finder = FrameFinder()
    assert finder.feed(data[:cut]) == []
    assert finder.feed(data[cut:]) == found_in(data)


def test_a_spoilt_frame_gets_nack_5() -> None:
    """One wrong bit in the text: NACK 5 from the addressed sign, byte for byte as in the document, and nothing is shown."""
    spoilt = EX_1.replace("B4B0BFDA", "B4B0BFDB")
    sign, bench = hears(spoilt)
    assert bench.replies == [bytes.fromhex(LEAD + "0080 0300 000000 00 00 00 FE 02 0500 A001050000 D441 5A")]
    assert sign.text(0) == ""


def test_replies_are_the_bytes_of_the_document() -> None:
    """ACK of sign 3; ACK of a sign asked as FFFE, which answers as FFFE; NACK 1, 2 and 12."""
    assert hears(GOOD["ping 3"])[1].replies == [bytes.fromhex(ACK_3)]
    fffe = hears(WELCOME, panel=Panel(height=32))[1]
    assert fffe.replies == [bytes.fromhex(LEAD + "0080 FEFF 000000 00 00 00 FE 02 0500 A000000000 14AC 5A")]
    nacks = {b"\xa9\x00\x01\x00\x00": "A001010000 9580", b"\xa2\x77\x01\x00\x00": "A001020000 6580"}
    for request, answer in nacks.items():
        bench = Bench(SignBus([LedSign(3)]))
        bench.tell(wrap(3, 0x8000, request))
        assert bench.replies == [bytes.fromhex(LEAD + "0080 0300 000000 00 00 00 FE 02 0500" + answer + "5A")]


def test_a_sign_without_fonts_says_nack_12() -> None:
    """A format or reset erases the fonts; from then on texts are refused with error 12."""
    sign = LedSign(3)
    bench = Bench(SignBus([sign]))
    bench.tell(wrap(3, 0x8000, b"\xa1\x00\x01\x00\x00"))
    bench.tell(bytes.fromhex(EX_1))
    assert bench.replies[-1] == bytes.fromhex(LEAD + "0080 0300 000000 00 00 00 FE 02 0500 A0010C0000 0443 5A")
    assert sign.card.fonts_erased


@pytest.mark.parametrize("name", ["clear all signs", "set all clocks"])
def test_a_broadcast_is_obeyed_and_never_answered(name: str) -> None:
    """FFFF reaches every sign; no sign answers, even if asked to."""
    signs = [LedSign(1), LedSign(2)]
    bench = Bench(SignBus(signs))
    bench.tell(bytes.fromhex(GOOD[name]))
    assert bench.replies == []
    assert [len(sign.history) for sign in signs] == [1, 1]
    assert [sign.refused for sign in signs] == [[], []]


def test_escapes_in_address_and_length_and_text() -> None:
    """A5, A6, 5A and 5B are read back wherever they stand."""
    for name, address in (("ping 5A", 0x5A), ("ping A5", 0xA5)):
        assert len(hears(GOOD[name], address=address)[1].replies) == 1
    (frame,) = found_in(bytes.fromhex(WRITE_FILE))
    assert isinstance(frame, Frame)
    assert len(frame.data) == 0x5B
    assert hears(EX_3)[0].text(0) == "请A012号去3号窗口"


@given(data=st.binary(max_size=80), destination=st.integers(0, 0xFFFF))
def test_any_data_comes_through_the_escapes(data: bytes, destination: int) -> None:
    """Whatever stands in a frame is read back, and no raw A5 or 5A stands inside it."""
    wire = wrap(destination, 0x8000, data)
    assert not set(wire[8:-1]) & {0xA5, 0x5A}
    assert found_in(wire) == [Frame(destination, 0x8000, 0, 0xFE, data, check_ok=True)]


@given(noise=st.binary(max_size=120), piece=st.integers(1, 9))
def test_a_good_frame_after_any_noise_is_heard(noise: bytes, piece: int) -> None:
    """Noise may hold preambles, ends and halves of frames: the next good frame still arrives."""
    found = found_in(noise + bytes.fromhex(PING_1), piece=piece)
    assert found[-1] == found_in(bytes.fromhex(PING_1))[0]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("0102", "shorter than a header"),
        ("0100 0080 000000 00 00 00 FE 02 0500 A200 A607 010000 68F8", "an escape that does not exist"),
    ],
)
def test_what_is_no_frame_is_recorded_and_not_answered(body: str, reason: str) -> None:
    """A card does not answer what it cannot read at all."""
    bus = SignBus([LedSign(1)])
    bench = Bench(bus)
    bench.tell(bytes.fromhex(LEAD + body + "5A"))
    assert ([bad.reason for bad in bus.bad_frames], bench.replies) == ([reason], [])


def test_a_wrong_length_under_a_good_checksum_is_no_frame() -> None:
    """One example of the maker's document is a byte short against its own length field; such frames are recorded."""
    covered = bytes.fromhex("0200 0080 000000 00 00 00 FE 02 0600 A200010000")
    check = crc16(covered).to_bytes(2, "little")
    (found,) = found_in(bytes.fromhex(LEAD) + covered + check + b"\x5a")
    assert isinstance(found, BadFrame)
    assert found.reason == "data length 6 announced, 5 sent"


def test_the_sum_check_is_accepted_too() -> None:
    """Check mode 1 is the 16-bit sum of the bytes."""
    covered = bytes.fromhex("0100 0080 000000 00 01 00 FE 02 0500 A200010000")
    (found,) = found_in(b"\xa5" + covered + (sum(covered) & 0xFFFF).to_bytes(2, "little") + b"\x5a")
    assert isinstance(found, Frame)
    assert found.check_ok
