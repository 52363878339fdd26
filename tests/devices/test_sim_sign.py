"""The simulated sign: what it shows, for how long, what it tells about texts that do not fit, and what it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sim.devices.bench import Bench
from sim.devices.led_panel import DOT
from sim.devices.led_sign import LedSign
from sim.devices.sign_bus import SignBus
from sim.devices.sign_card import BX_5K2, Panel
from sim.devices.sign_frames import FrameFinder, wrap

STATIC, LEFT = 1, 3
CENTRED = 0x0A


def area(  # noqa: PLR0913 - the fields of the description
    text: str,
    *,
    number: int = 0,
    run: tuple[int, int] = (0, 0),
    place: tuple[int, int, int, int] = (0, 0, 128, 16),
    lines: tuple[int, int] = (1, 1),
    effect: int = STATIC,
    align: int = CENTRED,
    stay: int = 10,
) -> bytes:
    """AreaData as in the maker's description; ``run`` is mode and timeout, ``lines`` single line and new line."""
    data = text.encode("gb2312")
    x, y, width, height = place
    words = [0x8000 | x, y, 0x8000 | width, height]
    head = b"\x00" + b"".join(word.to_bytes(2, "little") for word in words) + bytes((number, 0, run[0]))
    tail = bytes((0, 0, align, *lines, effect, 0, 2, stay)) + len(data).to_bytes(4, "little")
    return head + run[1].to_bytes(2, "little") + tail + data


def show(*areas: bytes, delete: bytes = b"\x00") -> bytes:
    """The request A3 06."""
    body = b"".join(len(one).to_bytes(2, "little") + one for one in areas)
    return b"\xa3\x06\x01\x00\x00" + delete + bytes((len(areas),)) + body


def ask(bench: Bench, request: bytes, *, address: int = 3) -> bytes:
    """Send a request; the data of the one answer."""
    before = len(bench.replies)
    bench.tell(wrap(address, 0x8000, request))
    (reply,) = bench.replies[before:]
    (frame,) = FrameFinder().feed(reply)
    return getattr(frame, "data", b"")


def sign_on_bench(panel: Panel | None = None) -> tuple[LedSign, Bench]:
    """Sign 3, alone on a bus."""
    sign = LedSign(3, panel)
    return sign, Bench(SignBus([sign]))


ACK = b"\xa0\x00\x00\x00\x00"


def test_a_call_is_shown_in_its_colours() -> None:
    """Text, colours and dots of a two-colour call are what was sent; nothing is flagged."""
    sign, bench = sign_on_bench()
    assert ask(bench, show(area("\\C1请A012\\C2办理"))) == ACK
    assert (sign.text(0), sign.overflows, sign.refused) == ("请A012办理", [], [])
    lit = sign.dots(0)
    assert set(lit.crop((0, 0, 72, 16)).tobytes()) == {0, 1}
    assert set(lit.crop((72, 0, 128, 16)).tobytes()) == {0, 2}


def test_the_dots_are_those_of_the_font() -> None:
    """口, left-aligned, is the hollow square of the 16-dot font: two full strokes, empty inside."""
    sign, bench = sign_on_bench()
    ask(bench, show(area("口", align=0)))
    rows = [sign.dots(0).crop((0, y, 16, y + 1)).tobytes() for y in range(16)]
    wide = [y for y, row in enumerate(rows) if row.count(1) >= 10]
    assert len(wide) == 2
    assert all(row.count(1) == 2 for row in rows[wide[0] + 1 : wide[1]])


def test_alignment_places_the_text() -> None:
    """Left, right and centre across; top, bottom and middle down, in an area twice as high."""

    def box(align: int) -> tuple[int, int, int, int] | None:
        sign, bench = sign_on_bench(Panel(height=32))
        ask(bench, show(area("国", align=align, place=(0, 0, 128, 32))))
        return sign.dots(0).getbbox()

    left_top, right_bottom, middle = box(0), box(0x05), box(CENTRED)
    assert left_top is not None
    assert right_bottom is not None
    assert middle is not None
    assert (right_bottom[0] - left_top[0], right_bottom[1] - left_top[1]) == (112, 16)
    assert (middle[0] - left_top[0], middle[1] - left_top[1]) == (56, 8)


def test_a_picture_of_the_panel_has_lamps() -> None:
    """Six pixels a lamp; lit lamps are bright, dimmed by the brightness, the rest of the board stays dark."""
    sign, bench = sign_on_bench()
    ask(bench, show(area("\\C1国")))
    bright = sign.image(0)
    assert bright.size == (128 * DOT, 16 * DOT)
    ask(bench, b"\xa3\x02\x01\x00\x00\x01\x04")
    dimmed = sign.image(0)

    def reddest(picture: Image.Image) -> int:
        extrema = picture.getextrema()[0]
        assert isinstance(extrema, tuple)
        return int(extrema[1])

    assert 60 < reddest(dimmed) < reddest(bright)


def test_a_two_colour_panel_cannot_show_blue() -> None:
    """Blue needs blue lamps: on a red and green panel such a text is there and dark, white is yellow."""
    sign, bench = sign_on_bench()
    ask(bench, show(area("\\C4国")))
    assert sign.dots(0).getbbox() is None
    ask(bench, show(area("\\C7国")))
    assert set(sign.dots(0).tobytes()) == {0, 3}


def test_a_text_with_a_timeout_goes_by_itself() -> None:
    """RunMode 2 and 15 s: still there at 14.9 s, gone at 15 s, and there for 15 s more when refreshed."""
    sign, bench = sign_on_bench()
    request = show(area("请A012办理", run=(2, 15)))
    ask(bench, request)
    assert (sign.text(14_999), sign.text(15_000)) == ("请A012办理", "")
    bench.wait(5_000)
    ask(bench, request)
    assert (sign.text(19_999), sign.text(20_000)) == ("请A012办理", "")
    assert sign.dots(20_000).getbbox() is None


@pytest.mark.parametrize("mode", [0, 1])
def test_other_texts_stay(mode: int) -> None:
    """RunMode 0 and 1 ignore the timeout."""
    sign, bench = sign_on_bench()
    ask(bench, show(area("暂停服务", run=(mode, 15))))
    assert sign.text(86_400_000) == "暂停服务"


def test_areas_are_deleted_one_by_one_all_together_and_by_clear() -> None:
    """Delete by number, FF for all, and A3 10."""
    sign, bench = sign_on_bench(Panel(height=32))
    both = show(area("一", number=0), area("二", number=1, place=(0, 16, 128, 16)))
    ask(bench, both)
    assert sign.text(0) == "一\n二"
    ask(bench, show(delete=b"\x01\x00"))
    assert sign.text(0) == "二"
    ask(bench, both)
    ask(bench, show(delete=b"\xff"))
    assert sign.text(0) == ""
    ask(bench, both)
    ask(bench, b"\xa3\x10\x01\x00\x00")
    assert (sign.text(0), sign.overflows) == ("", [])


@pytest.mark.parametrize(
    ("text", "options", "why"),
    [
        ("请A012号到3号窗口", {}, "136 dots wide, 128 fit"),
        ("一\\n二", {"lines": (2, 1)}, "2 pages"),
        ("请A012号到3号窗口", {"lines": (2, 2)}, "2 pages"),
        ("\\FO001大", {}, "24 dots high, 16 fit"),
        ("\\FO001大A", {"place": (0, 0, 128, 32)}, "fonts of [16, 24] dots in one area"),
    ],
)
def test_what_people_cannot_read_whole_is_flagged(text: str, options: dict[str, tuple[int, ...]], why: str) -> None:
    """Too wide, too many lines, too high or two fonts: shown as far as it goes, and flagged with the reason."""
    sign, bench = sign_on_bench(Panel(height=32))
    ask(bench, show(area(text, **options)))  # type: ignore[arg-type]  # the options of area
    assert [misfit.why for misfit in sign.overflows] == [why]


def test_scrolling_text_may_be_as_long_as_it_likes() -> None:
    """Scrolled to the left, a text wider than the sign is read whole and not flagged."""
    sign, bench = sign_on_bench()
    ask(bench, show(area("请A012号到3号窗口", effect=LEFT)))
    assert (sign.text(0), sign.overflows) == ("请A012号到3号窗口", [])


def test_pages_turn() -> None:
    """A text of two pages shows one after the other, five seconds each, and in RunMode 1 stays on the last."""
    for mode, at_ten in ((0, "一"), (1, "二")):
        sign, bench = sign_on_bench()
        ask(bench, show(area("一\\n二", lines=(2, 1), run=(mode, 0), stay=10)))
        assert [sign.text(at) for at in (0, 4_999, 5_000, 10_000)] == ["一", "一", "二", at_ten]


def test_characters_the_card_has_no_dots_for_are_flagged() -> None:
    """Bytes outside GB2312 show nothing and are flagged."""
    sign, bench = sign_on_bench()
    spoilt = area("请").replace("请".encode("gb2312"), b"\x81\x40")
    ask(bench, show(spoilt))
    assert [misfit.why for misfit in sign.overflows] == ["81 cannot be shown"]


def test_overlapping_areas_are_flagged() -> None:
    """Two areas over each other are legal on the wire and unreadable."""
    sign, bench = sign_on_bench()
    ask(bench, show(area("一", number=0)))
    ask(bench, show(area("二", number=1)))
    assert [misfit.why for misfit in sign.overflows] == ["lies over area 0"]


def test_faster_than_once_a_second_is_noticed() -> None:
    """The card is made for one refresh a second."""
    sign, bench = sign_on_bench()
    ask(bench, show(area("一")))
    bench.wait(1000)
    ask(bench, show(area("一")))
    bench.wait(999)
    ask(bench, show(area("一")))
    assert sign.hurried == [1999]


@pytest.mark.parametrize(
    ("request_data", "error"),
    [
        (b"\xa3\x00\x01\x00\x00\x03", 2),
        (b"\xa3\x02\x01\x00\x00\x01\x10", 2),
        (b"\xa3\x06\x01\x00\x00\x00\x01\x05\x00abc", 2),
        (b"\xa3\x06\x01\x00\x00\x00\x00\x00", 2),
        (show(area("一", number=8)), 4),
        (show(area("一" * 257)), 4),
        (show(area("一", place=(0, 8, 128, 16))), 4),
        (b"\xa3\x04\x01\x00\x00\x00\x01P000", 6),
        (b"\xa1\x05\x01\x00\x00\x01P000\x49\x00\x00\x00", 7),
        (b"\xa2\x03\x01\x00\x00\x26\x20\x13\x22\x09\x30\x00\x07", 14),
        (b"\xa2\x03\x01\x00\x00\x26\x20\x11\x22\x09\x30\x00\x01", 14),
        (b"\xa2\x06\x01\x00\x00\x05\x00", 2),
        (b"\xa9\x00\x01\x00\x00", 1),
        (b"", 1),
    ],
)
def test_what_a_card_refuses(request_data: bytes, error: int) -> None:
    """Wrong values, bodies of a wrong length, areas off the screen, programs, impossible dates: NACK with its number."""
    sign, bench = sign_on_bench()
    request_data = request_data if len(request_data) > 2 else b"\x00\x00\x01"
    assert ask(bench, request_data) == b"\xa0\x01" + bytes((error, 0, 0))
    assert len(sign.refused) == 1
    assert sign.text(0) == ""


def test_status_in_both_layouts() -> None:
    """A1 02 tells on/off, brightness, clock and areas; a 5K2 puts two bytes for its special area before the areas."""
    for panel, between in ((Panel(), b""), (Panel(device_type=BX_5K2), b"\x00\x00")):
        _, bench = sign_on_bench(panel)
        ask(bench, b"\xa2\x03\x01\x00\x00\x26\x20\x11\x22\x09\x30\x00\x07")
        ask(bench, b"\xa3\x02\x01\x00\x00\x01\x08")
        ask(bench, show(area("一", number=2)))
        bench.wait(61_000)
        status = ask(bench, b"\xa1\x02\x01\x00\x00")
        head = b"\xa1\x02\x00\x00\x00" + b"\x01\x08" + bytes.fromhex("2620 11 22 07 09 31 01") + bytes(5)
        assert status[: len(head + between) + 2] == head + between + b"\x01\x02"
        assert len(status) == len(head + between) + 2 + 16 + 12


def test_off_is_dark_and_keeps_the_text() -> None:
    """Switched off it says nothing; switched on again the text is back."""
    sign, bench = sign_on_bench()
    ask(bench, show(area("暂停服务")))
    ask(bench, b"\xa3\x00\x01\x00\x00\x02")
    assert (sign.text(0), sign.dots(0).getbbox()) == ("", None)
    ask(bench, b"\xa3\x00\x01\x00\x00\x01")
    assert sign.text(0) == "暂停服务"


def test_the_address_is_set_and_told_by_broadcast() -> None:
    """A2 06 as FFFE moves the sign to its new address; A2 07 tells it."""
    sign, bench = sign_on_bench()
    assert ask(bench, b"\xa2\x06\x01\x00\x00\x05\x00", address=0xFFFE) == ACK
    assert ask(bench, b"\xa2\x07\x01\x00\x00", address=0xFFFE) == b"\xa2\x07\x00\x00\x00\x05\x00"
    assert ask(bench, b"\xa2\x00\x01\x00\x00", address=5) == ACK
    assert sign.card.address == 5


def test_no_reply_is_sent_when_none_is_wanted() -> None:
    """Response byte 02: done, in silence."""
    sign, bench = sign_on_bench()
    request = bytearray(show(area("一")))
    request[2] = 2
    bench.tell(wrap(3, 0x8000, bytes(request)))
    assert (bench.replies, sign.text(0)) == ([], "一")


@given(text=st.text(st.sampled_from("请到号窗口办理中去单处ABC0123456789-"), max_size=20))
def test_any_hall_text_is_read_back_and_flagged_only_if_too_wide(text: str) -> None:
    """What is sent is what is read; it is flagged exactly if its cells are wider than the sign."""
    sign, bench = sign_on_bench()
    ask(bench, show(area(text)))
    wide = sum(16 if ord(char) > 127 else 8 for char in text)
    assert sign.text(0) == text
    assert bool(sign.overflows) == (wide > 128)


def test_a_text_may_show_the_clock() -> None:
    """The clock escapes show the card's own time, which runs on."""
    sign, bench = sign_on_bench()
    ask(bench, b"\xa2\x03\x01\x00\x00\x26\x20\x11\x22\x09\x30\x00\x07")
    ask(bench, show(area("\\DH:\\DM:\\DS\\DW")))
    assert (sign.text(0), sign.text(61_000)) == ("09:30:00日", "09:31:01日")
