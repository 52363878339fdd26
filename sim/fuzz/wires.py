"""What comes over wires: our drivers and decoders, and the parsers of the simulated devices at the other end."""

from collections.abc import Callable, Iterator

from firmware.drivers import bx5k_commands
from firmware.drivers.base import Driver, Report
from firmware.drivers.bx5k import Decoder, Frame, FrameError
from firmware.drivers.bx5k_commands import Area, Reply, Status
from firmware.drivers.card_reader import CardPresented, CardReader
from firmware.drivers.document import Qr, Rule, Text
from firmware.drivers.escpos_encoder import Confirm, Model, encode
from firmware.drivers.id_reader import CardRead, IdReader
from firmware.drivers.id_reader_frames import Decoder as IdDecoder
from firmware.drivers.id_reader_frames import Garbled
from firmware.drivers.led_sign import SignBus as SignDriver
from firmware.drivers.sign_commands import Show
from firmware.drivers.sign_text import Colour
from firmware.drivers.thermal_printer import Print, ThermalPrinter
from firmware.wire.base import BytesArrived, WireLost, WireOpened
from sim.devices import led_sign as sim_sign
from sim.devices import thermal_printer as sim_printer
from sim.devices.card_reader import frame as card_frame
from sim.devices.escpos_parser import Parser
from sim.devices.id_cards import FOREIGNER, FOREIGNER_2023, PERMIT, SENIOR
from sim.devices.id_reader import IdReader as SimulatedIdReader
from sim.devices.id_reader import framed, reading
from sim.devices.sign_bus import SignBus
from sim.devices.sign_frames import FrameFinder
from sim.devices.text_line import TextLine
from sim.solo import Solo

TICKET = (Text("A001", size=2), Rule(), Text("综合受理区 2号窗口"), Qr("https://hall.example/r/abc"))
FAR = 0x8000
Target = Callable[[bytes], None]


def script(run: Solo, data: bytes, commands: tuple[object, ...]) -> None:
    """Play bytes as a story: the wire comes and goes, bytes arrive cut anywhere, commands are given, time passes."""
    at, now = 0, 0
    run.at(now, WireOpened())
    while at < len(data):
        operation, at = data[at], at + 1
        match operation & 7:
            case 0:
                run.at(now, WireOpened() if operation & 8 else WireLost("unplugged"))
            case 1 | 2:
                now += (operation >> 3) * 50
                run.until(now)
            case 3 if commands:
                run.at(now, commands[(operation >> 3) % len(commands)])
            case _:
                length = operation >> 3
                run.at(now, BytesArrived(data[at : at + length]))
                at += length
    run.until(now + 5_000)


def driver(make: Callable[[], Driver[object]], *commands: object) -> Target:
    """A driver under any story."""
    return lambda data: script(Solo(make()), data, commands)


def bx5k(data: bytes) -> None:
    """Frames cut at any place are the frames uncut; what is a frame is written as it was read, and may be a reply."""
    cut = data[0] if data else 0
    whole = Decoder().feed(data[1:])
    decoder, first = Decoder().feed(data[1 : 1 + cut])
    decoder, second = decoder.feed(data[1 + cut :])
    assert first + second == whole[1]
    for found in whole[1]:
        assert Decoder().feed(found.to_bytes())[1] == [found]
        try:
            Status.from_reply(Reply.from_data(found.data))
        except FrameError:
            continue


def card_reader(data: bytes) -> None:
    """Any story; a card has ten digits in capitals."""
    run = Solo(CardReader())
    script(run, data, ())
    for _, effect in run.history:
        if isinstance(effect, Report) and isinstance(effect.what, CardPresented):
            card = effect.what.card
            assert len(card) == 10  # noqa: PLR2004 -- digits of a work card
            assert set(card) <= set("0123456789ABCDEF")


def id_reader(data: bytes) -> None:
    """Frames cut at any place are the frames uncut; any story of the line; a card that is read has a sound number."""
    cut = data[0] if data else 0
    decoder, first = IdDecoder().feed(data[1 : 1 + cut])
    decoder, second = decoder.feed(data[1 + cut :])
    assert [one for one in first + second if one != Garbled()] == [
        one for one in IdDecoder().feed(data[1:])[1] if one != Garbled()
    ]
    run = Solo(IdReader())
    script(run, data, ())
    for _, effect in run.history:
        if isinstance(effect, Report) and isinstance(effect.what, CardRead):
            assert len(effect.what.card.number) in (15, 18)
            assert effect.what.card.number.isalnum()
            assert effect.what.card.number not in repr(effect)


def escpos(data: bytes) -> None:
    """Commands cut at any place are the commands uncut, and every byte is in one of them or waits."""
    cut = data[0] if data else 0
    parser, rest = Parser(), data[1:]
    found = parser.feed(rest[:cut]) + parser.feed(rest[cut:])
    assert sum(one.size for one in found) + len(parser._waiting) == len(rest)  # noqa: SLF001 -- the law is about it
    whole = Parser().feed(rest)
    assert _no_text(found) == _no_text(whole)


def _no_text(commands: object) -> object:
    return [one for one in commands if one.name != "text"]  # type: ignore[attr-defined]  # a list of commands


def sign_frames(data: bytes) -> None:
    """Frames cut at any place are the frames uncut."""
    cut = data[0] if data else 0
    finder = FrameFinder()
    assert finder.feed(data[1 : 1 + cut]) + finder.feed(data[1 + cut :]) == FrameFinder().feed(data[1:])


def sim_device(data: bytes) -> None:
    """The simulated printer, signs and text display hear anything, and their people look at what they show."""
    printer = sim_printer.ThermalPrinter()
    sign = sim_sign.LedSign()
    bus, display, id_cards = SignBus([sign]), TextLine(), SimulatedIdReader()
    id_cards.lay(SENIOR, 0)
    for device in (printer, bus, display, id_cards):
        device.connect(len)  # type: ignore[arg-type]  # nobody hears the answer
        device.hear(data, 0)
        device.wake(60_000)
    sign.text(60_000)


def _seeds_of_a_reader() -> Iterator[bytes]:
    for card in ("04A1000101", "00FFEE1234"):
        yield _story(card_frame(card))
        yield _story(card_frame(card)[:7] + card_frame(card))


def _seeds_of_an_id_reader() -> Iterator[bytes]:
    found, selected = framed(b"\x00\x00\x9f\x00\x00\x00\x00"), framed(b"\x00\x00\x90" + bytes(8))
    for card in (SENIOR, PERMIT, FOREIGNER, FOREIGNER_2023):
        yield b"\x08" + _story(found) + _story(selected) + _story(reading(card.text()))
    yield b"\x08" + _story(framed(b"\x00\x00\x80")) + _story(framed(b"\x00\x00\x41")) + _story(framed(b"\x00\x00\x60"))


def _story(data: bytes) -> bytes:
    pieces = (data[at : at + 31] for at in range(0, len(data), 31))
    return b"".join(bytes((len(piece) << 3 | 4,)) + piece for piece in pieces)


def _replies() -> Iterator[bytes]:
    for body in (b"\xa0\x00\x00\x00\x00", b"\xa0\x01\x05\x00\x00", b"\xa1\x02\x00\x00\x00\x01\x0f" + bytes(20)):
        yield Frame(FAR, 1, body).to_bytes()


def _requests() -> Iterator[bytes]:
    area = Area(Colour.RED.value + "A001".encode("gbk"), timeout_s=15)
    for data in (
        bx5k_commands.show(area),
        bx5k_commands.ping(),
        bx5k_commands.delete_areas(),
        bx5k_commands.delete_areas(0),
    ):
        yield Frame(1, FAR, data).to_bytes()


def _papers() -> Iterator[bytes]:
    for model in (Model(), Model(native_qr=False), Model(width_dots=576, confirm=Confirm.DRAIN)):
        yield encode(TICKET, model)[:3_000]
    yield b"\x10\x04\x01\x10\x04\x02\x1dr\x01\x1dI\x01\x1da\xff"


TARGETS: dict[str, tuple[Target, Callable[[], Iterator[bytes]]]] = {
    "bx5k": (bx5k, lambda: (b"\x09" + one for one in (*_replies(), *_requests()))),
    "led_sign": (
        driver(SignDriver, Show(1, "A001", Colour.RED, urgent=True), Show(2, "窗口", Colour.GREEN)),  # type: ignore[arg-type]  # any state
        lambda: (b"\x03\x0b" + _story(one) for one in _replies()),
    ),
    "printer": (
        driver(lambda: ThermalPrinter(Model()), Print("one", TICKET)),  # type: ignore[arg-type, return-value]  # any state
        lambda: iter(
            [b"\x0c\x16\x0c\x12\x0c\x12\x0c\x12\x0c\x00\xf9\xf9\x03\xf9\x0c\x00\x0c\x12\x0c\x12", b"\x14\x12\x12\x0c\x7e"]
        ),
    ),
    "card_reader": (card_reader, _seeds_of_a_reader),
    "id_reader": (id_reader, _seeds_of_an_id_reader),
    "escpos": (escpos, lambda: (b"\x20" + one for one in _papers())),
    "sign_frames": (sign_frames, lambda: (b"\x09" + one for one in (*_requests(), *_replies()))),
    "sim_devices": (
        sim_device,
        lambda: iter([*_papers(), *_requests(), framed(b"\x20\x01"), b"\x1b@\x0c\x1f$\x01\x01" + "您好".encode("gb18030")]),
    ),
}
