"""Golden bytes: every good frame of the vendor's document and of the hardware note, byte for byte."""

from datetime import UTC, datetime

import pytest

from firmware.drivers import bx5k, bx5k_commands
from firmware.drivers.bx5k import Decoder, Frame
from firmware.drivers.bx5k_commands import Area, Reply
from firmware.drivers.crc import crc16_arc
from firmware.drivers.sign_text import Colour, encode, line

HOST = 0x8000
LEAD = "A5 " * 8


def wire(text: str) -> bytes:
    """The bytes of a hex string, with the eight lead-in bytes before them."""
    return bytes.fromhex(LEAD + text)


def to_sign(address: int, data: bytes) -> bytes:
    """A request from us, as it goes over the wire."""
    return Frame(address, HOST, data).to_bytes()


def from_sign(address: int, data: bytes) -> bytes:
    """A reply to us, as it comes over the wire."""
    return Frame(HOST, address, data).to_bytes()


def ack(error: int = 0, *, refused: bool = False) -> bytes:
    """The data of an ACK or a NACK."""
    return bytes((0xA0, int(refused), error, 0, 0))


EXAMPLE_8 = Area(encode("欢迎光临"), height=32, timeout_s=10, alignment=0, lines=bx5k_commands.MULTI_LINE)
EXAMPLE_1 = Area(Colour.RED.value + encode("A012号到3号窗口"))
EXAMPLE_2 = Area(
    Colour.RED.value + encode("请A012号") + b"\\n" + Colour.GREEN.value + encode("到3号窗口"),
    height=32,
    lines=bx5k_commands.MULTI_LINE,
)
EXAMPLE_3 = Area(
    Colour.RED.value + encode("请A012号去3号窗口"), alignment=8, entry=bx5k_commands.LEFT, speed=6, stay_half_seconds=0
)
WRITE_FILE_BODY = bytes.fromhex(
    "50 30 30 30 01 00 00 49 00 00 00 00 00 00 50 30 30 30 49 00 00 00 FF 00 00 01 FF FF 01 24 14 20 01 24 FF 00 00 01 2A 00"
    "00 00 00 18 00 00 00 08 00 40 00 FF 00 00 00 00 00 00 00 02 02 01 00 00 0A 0F 00 00 00 77 77 77 2E 6F 6E 62 6F 6E 62 78"
    "2E 63 6F 6D 52 4D"
)

VECTORS = [
    (
        "vendor example 8, 欢迎光临 for every address",
        to_sign(bx5k.BROADCAST, bx5k_commands.show(EXAMPLE_8)),
        (
            "FE FF 00 80 00 00 00 00 00 00 FE 02 2C 00 A3 06 01 00 00 00 01 23 00"
            "00 00 80 00 00 80 80 20 00 00 00 00 0A 00 00 00 00 02 01 01 00 02 0A 08 00 00 00"
            "BB B6 D3 AD B9 E2 C1 D9 3C 49 5A"
        ),
    ),
    ("vendor ping", to_sign(1, bx5k_commands.ping()), "01 00 00 80 00 00 00 00 00 00 FE 02 05 00 A2 00 01 00 00 68 F8 5A"),
    ("vendor ACK", from_sign(0xFFFE, ack()), "00 80 FE FF 00 00 00 00 00 00 FE 02 05 00 A0 00 00 00 00 14 AC 5A"),
    (
        "vendor NACK for a checksum",
        from_sign(0xFFFE, ack(5, refused=True)),
        "00 80 FE FF 00 00 00 00 00 00 FE 02 05 00 A0 01 05 00 00 05 51 5A",
    ),
    (
        "vendor set clock, with its odd reserved bytes",
        to_sign(1, bx5k_commands.clock(datetime(2013, 1, 25, 11, 17, 26, tzinfo=UTC), reserved=b"\x08\x00")),
        "01 00 00 80 00 00 00 00 00 00 FE 02 0D 00 A2 03 01 08 00 13 20 01 25 11 17 26 05 B0 3F 5A",
    ),
    (
        "vendor lock programme P000",
        to_sign(1, bx5k_commands.request(0xA3, 0x04, b"\x00\x01P000")),
        "01 00 00 80 00 00 00 00 00 00 FE 02 0B 00 A3 04 01 00 00 00 01 50 30 30 30 C2 40 5A",
    ),
    (
        "vendor write file: the one vendor frame with an escape, in its length",
        to_sign(1, bx5k_commands.request(0xA1, 0x06, WRITE_FILE_BODY)),
        (
            "01 00 00 80 00 00 00 00 00 00 FE 02 5B 01 00 A1 06 01 00 00 50 30 30 30 01 00 00 49 00 00 00 00"
            "00 00 50 30 30 30 49 00 00 00 FF 00 00 01 FF FF 01 24 14 20 01 24 FF 00 00 01 2A 00 00 00 00 18 00 00"
            "00 08 00 40 00 FF 00 00 00 00 00 00 00 02 02 01 00 00 0A 0F 00 00 00 77 77 77 2E 6F 6E 62 6F 6E 62 78"
            "2E 63 6F 6D 52 4D 07 11 5A"
        ),
    ),
    ("ping 3", to_sign(3, bx5k_commands.ping()), "03 00 00 80 00 00 00 00 00 00 FE 02 05 00 A2 00 01 00 00 11 40 5A"),
    ("status 3", to_sign(3, bx5k_commands.status()), "03 00 00 80 00 00 00 00 00 00 FE 02 05 00 A1 02 01 00 00 54 F8 5A"),
    ("clear 3", to_sign(3, bx5k_commands.clear()), "03 00 00 80 00 00 00 00 00 00 FE 02 05 00 A3 10 01 00 00 28 40 5A"),
    (
        "power on 3",
        to_sign(3, bx5k_commands.power(on=True)),
        "03 00 00 80 00 00 00 00 00 00 FE 02 06 00 A3 00 01 00 00 01 00 08 5A",
    ),
    (
        "power off 3",
        to_sign(3, bx5k_commands.power(on=False)),
        "03 00 00 80 00 00 00 00 00 00 FE 02 06 00 A3 00 01 00 00 02 40 09 5A",
    ),
    (
        "brightness 8 at 3",
        to_sign(3, bx5k_commands.brightness(8)),
        "03 00 00 80 00 00 00 00 00 00 FE 02 07 00 A3 02 01 00 00 01 08 05 B4 5A",
    ),
    (
        "delete area 0 at 3",
        to_sign(3, bx5k_commands.delete_areas(0)),
        "03 00 00 80 00 00 00 00 00 00 FE 02 08 00 A3 06 01 00 00 01 00 00 06 33 5A",
    ),
    (
        "delete every area at 3",
        to_sign(3, bx5k_commands.delete_areas()),
        "03 00 00 80 00 00 00 00 00 00 FE 02 07 00 A3 06 01 00 00 FF 00 45 96 5A",
    ),
    (
        "broadcast clear",
        to_sign(bx5k.BROADCAST_SILENT, bx5k_commands.clear(response=bx5k.NEED_NOT_REPLY)),
        "FF FF 00 80 00 00 00 00 00 00 FE 02 05 00 A3 10 02 00 00 B8 20 5A",
    ),
    (
        "broadcast clock",
        to_sign(bx5k.BROADCAST_SILENT, bx5k_commands.clock(datetime(2026, 11, 22, 9, 30, tzinfo=UTC))),
        "FF FF 00 80 00 00 00 00 00 00 FE 02 0D 00 A2 03 01 00 00 26 20 11 22 09 30 00 07 F1 CF 5A",
    ),
    ("ACK of 3", from_sign(3, ack()), "00 80 03 00 00 00 00 00 00 00 FE 02 05 00 A0 00 00 00 00 C5 BC 5A"),
    *(
        (
            f"NACK {error} of 3",
            from_sign(3, ack(error, refused=True)),
            f"00 80 03 00 00 00 00 00 00 00 FE 02 05 00 A0 01 {error:02X} 00 00 {checksum} 5A",
        )
        for error, checksum in ((1, "95 80"), (2, "65 80"), (3, "34 40"), (5, "D4 41"), (12, "04 43"))
    ),
    (
        "ping 5A: an escape in the header",
        to_sign(0x5A, bx5k_commands.ping()),
        "5B 02 00 00 80 00 00 00 00 00 00 FE 02 05 00 A2 00 01 00 00 1F D1 5A",
    ),
    (
        "ping A5: an escape in the header",
        to_sign(0xA5, bx5k_commands.ping()),
        "A6 02 00 00 80 00 00 00 00 00 00 FE 02 05 00 A2 00 01 00 00 3B D1 5A",
    ),
    (
        "EX-1, one centred line",
        to_sign(3, bx5k_commands.show(EXAMPLE_1)),
        (
            "03 00 00 80 00 00 00 00 00 00 FE 02 36 00 A3 06 01 00 00 00 01 2D 00"
            "00 00 80 00 00 80 80 10 00 00 00 00 00 00 00 00 0A 01 01 01 00 02 0A 12 00 00 00"
            "5C 43 31 41 30 31 32 BA C5 B5 BD 33 BA C5 B4 B0 BF DA 79 9A 5A"
        ),
    ),
    (
        "EX-2, two lines of two colours",
        to_sign(3, bx5k_commands.show(EXAMPLE_2)),
        (
            "03 00 00 80 00 00 00 00 00 00 FE 02 3D 00 A3 06 01 00 00 00 01 34 00"
            "00 00 80 00 00 80 80 20 00 00 00 00 00 00 00 00 0A 02 01 01 00 02 0A 19 00 00 00"
            "5C 43 31 C7 EB 41 30 31 32 BA C5 5C 6E 5C 43 32 B5 BD 33 BA C5 B4 B0 BF DA 4C 68 5A"
        ),
    ),
    (
        "EX-3, scrolling, with 去 escaped in the text",
        to_sign(3, bx5k_commands.show(EXAMPLE_3)),
        (
            "03 00 00 80 00 00 00 00 00 00 FE 02 38 00 A3 06 01 00 00 00 01 2F 00"
            "00 00 80 00 00 80 80 10 00 00 00 00 00 00 00 00 08 01 01 03 00 06 00 14 00 00 00"
            "5C 43 31 C7 EB 41 30 31 32 BA C5 C8 A6 02 33 BA C5 B4 B0 BF DA 15 28 5A"
        ),
    ),
]


@pytest.mark.parametrize(("encoded", "golden"), [pytest.param(*rest, id=name) for name, *rest in VECTORS])
def test_every_vector_is_encoded_byte_for_byte(encoded: bytes, golden: str) -> None:
    """What we send is what the vendor's document prints."""
    assert encoded.hex(" ").upper() == wire(golden).hex(" ").upper()


@pytest.mark.parametrize("golden", [pytest.param(golden, id=name) for name, _, golden in VECTORS])
def test_every_vector_is_decoded_and_encoded_to_itself(golden: str) -> None:
    """The decoder finds exactly one frame in a vector, and that frame is the vector again."""
    decoder, frames = Decoder().feed(wire(golden))
    assert [frame.to_bytes() for frame in frames] == [wire(golden)]
    assert decoder == Decoder()


def test_ex_4_ends_in_the_printed_bytes() -> None:
    """暂停服务 in green: the document prints the tail and both lengths."""
    sent = to_sign(3, bx5k_commands.show(Area(line("暂停服务", Colour.GREEN))))
    assert sent.endswith(bytes.fromhex("5C 43 32 D4 DD CD A3 B7 FE CE F1 F5 F3 5A"))
    assert (sent[8 + 12], sent[8 + 14 + 7]) == (0x2F, 0x26)


def test_the_vendor_prints_nine_lead_in_bytes_before_an_ack() -> None:
    """Any number of A5 from one up opens a frame."""
    body = wire("00 80 FE FF 00 00 00 00 00 00 FE 02 05 00 A0 00 00 00 00 14 AC 5A").lstrip(b"\xa5")
    for count in (1, 7, 9, 40):
        _, frames = Decoder().feed(count * b"\xa5" + body)
        assert [Reply.from_data(frame.data) for frame in frames] == [Reply(0xA0, 0, 0, b"")]


def test_the_two_frames_of_the_document_that_are_wrong_are_refused() -> None:
    """The relay example carries FF FF for a checksum: a frame like that never passes."""
    good = to_sign(1, bx5k_commands.ping())
    assert Decoder().feed(good[:-3] + b"\xff\xff\x5a")[1] == []


def test_checksum_check_value() -> None:
    """CRC-16/ARC of the catalogue's check string."""
    assert crc16_arc(b"123456789") == 0xBB3D
