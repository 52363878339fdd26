"""What stands in a hall, as people meet it: a ticket machine, a counter, a rating pad, a clock, signs and a loudspeaker.

Each piece is one node: its devices at the far ends of its wires, the hands and eyes people need, and ``config``, the room's
part of its node.toml. Pins are BCM numbers.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from contracts.values import CounterId, GroupId, Ms, NodeName
from firmware.drivers.clip_bank import ClipBank
from firmware.drivers.work_cards import ReaderModel
from sim.devices.card_reader import CardReader
from sim.devices.id_cards import Card
from sim.devices.id_reader import IdReader
from sim.devices.keypad import BYTES as PAD_KEYS
from sim.devices.keypad import Keypad
from sim.devices.led_sign import LedSign
from sim.devices.main_board import MainBoard
from sim.devices.panel import KeyPanel
from sim.devices.paper import Paper
from sim.devices.pn532 import Pn532
from sim.devices.sign_bus import SignBus
from sim.devices.text_line import TextLine
from sim.devices.thermal_printer import ThermalPrinter
from sim.devices.voice import VoiceRecorder
from sim.wires import SAMPLES_PER_SECOND, FarEnd, Line, Plugged
from sim.world import Header, Soldered, World

PRINTER_BAUD, BUS_BAUD, BOARD_BAUD = 115_200, 57_600, 115_200
ID_READER_BAUD = 115_200
_READER_BAUD: Mapping[ReaderModel, int] = {"rdm6300": 9_600, "pn532": 115_200}
CARD_HELD_MS = 400
ID_CARD_HELD_MS = 3_000


_NEW_ROLL_TAKES: Ms = 8_000


class Furniture:
    """One node's furniture. ``room`` is the folder of its firmware."""

    room: ClassVar[str]

    def __init__(self, world: World, node: NodeName) -> None:
        self.node = node
        self.world = world
        self.config: dict[str, Any] = {}

    @property
    def _now(self) -> int:
        return self.world.timetable.now

    def _panel(self, keys: Sequence[int], outputs: Sequence[int]) -> tuple[KeyPanel, Soldered, Header]:
        header = self.world.header(self.node, keys, outputs)
        panel = KeyPanel(keys, outputs)
        return panel, Soldered(panel, self.world.timetable, header), header

    def _text_line(self, rows: int) -> tuple[TextLine, str]:
        display = TextLine(columns=20, rows=rows)
        end, url = self.world.line(self.node, "text", Line(baud=9_600))
        end.plug(display)
        return display, url

    def _reader(self, model: ReaderModel) -> tuple[CardReader | Pn532, Plugged, str]:
        """The reader of work cards of this model."""
        reader = CardReader() if model == "rdm6300" else Pn532()
        end, url = self.world.line(self.node, "reader", Line(baud=_READER_BAUD[model]))
        return reader, end.plug(reader), url


class TicketMachine(Furniture):
    """取号机: a key per queue group, the 爱心 key, a printer with its tray, a text line.

    ``with_reader``: also a reader of ID cards and a keypad. The pad is on pins as long as there are enough of them; beside
    more than five groups it has a line of its own.
    """

    room = "kiosk"
    _KEYS = (5, 6, 12, 13, 16, 19, 20, 21)
    _LAMPS = (4, 7, 8, 9, 10, 11, 22, 23)
    CARE = 26, 27

    def __init__(self, world: World, node: NodeName, groups: Sequence[GroupId], *, with_reader: bool = False) -> None:
        super().__init__(world, node)
        self.keys = dict(zip(groups, self._KEYS, strict=False))
        self.lamps = dict(zip(groups, self._LAMPS, strict=False))
        used = {*self.keys.values(), *self.lamps.values(), *self.CARE}
        free = [pin for pin in range(28) if pin not in used]
        on_pins = with_reader and len(free) >= len(PAD_KEYS)
        self.pad_pins = dict(zip(PAD_KEYS, free, strict=False)) if on_pins else {}
        pins = [*self.keys.values(), self.CARE[0], *self.pad_pins.values()], [*self.lamps.values(), self.CARE[1]]
        self.panel, self._soldered, self.header = self._panel(*pins)
        self.printer = ThermalPrinter()
        self.printer_line, printer_url = world.line(node, "printer", Line(baud=PRINTER_BAUD))
        self.printer_plug = self.printer_line.plug(self.printer)
        self.display, text_url = self._text_line(rows=4)
        self._taken = 0
        self.config = {
            "wires": {"printer": printer_url, "text_line": text_url},
            "groups": {group: {"key": key, "lamp": self.lamps[group]} for group, key in self.keys.items()},
            "care": {"key": self.CARE[0], "lamp": self.CARE[1]},
        }
        if with_reader:
            self._fit_reader()

    def renew_roll(self) -> None:
        """Put in a new roll if the old one has come to its end, which takes hands some seconds.

        A roll is not torn out while it prints, nor changed in the instant it ends: one that still has paper is left in.
        """
        time = self.world.timetable
        if not self.printer.quirks.paper_out:
            self.printer.set_quirks(time.now, paper_out_after_lines=None)
            return

        def load() -> None:
            self.printer.load_paper(time.now)
            self.printer_plug.settle()

        time.after(_NEW_ROLL_TAKES, load)

    def _fit_reader(self) -> None:
        self.id_reader, self.pad = IdReader(), Keypad()
        self.id_reader_line, id_reader_url = self.world.line(self.node, "id_reader", Line(baud=ID_READER_BAUD))
        self._id_reader_plug = self.id_reader_line.plug(self.id_reader)
        self.config["wires"]["id_reader"] = id_reader_url
        self.config["project_code"] = "YA####-###"
        if self.pad_pins:
            self.config["keypad"] = self.pad_pins
            return
        pad_line, self.config["wires"]["keypad"] = self.world.line(self.node, "keypad", Line(baud=9_600))
        pad_line.plug(self.pad)

    def lay_card(self, card: Card | bytes, *, hold_ms: int = ID_CARD_HELD_MS) -> None:
        """Lay an ID card on the reader for a while."""
        self.id_reader.lay(card, self._now, hold_ms=hold_ms)
        self._id_reader_plug.settle()

    def press_pad(self, key: str) -> None:
        """Press one key of the pad: a digit, ``ok``, ``back`` or a function."""
        if self.pad_pins:
            self.panel.press(self.pad_pins[key], self._now)
            self._soldered.settle()
        else:
            self.pad.press(key)

    def text(self) -> str:
        """What the text line says, as one line."""
        return "".join(str(line).strip() for line in self.display.lines())

    def press(self, group: str, *, bounce_ms: int = 0) -> None:
        """Press the key of a queue group."""
        self.panel.press(self.keys[GroupId(group)], self._now, bounce_ms=bounce_ms)
        self._soldered.settle()

    def press_care(self) -> None:
        """Press the 爱心 key, before the key of a group."""
        self.panel.press(self.CARE[0], self._now)
        self._soldered.settle()

    def has_paper_in_tray(self) -> bool:
        """Whether a ticket lies there for somebody."""
        return len(self.printer.papers) > self._taken

    def take_paper(self) -> Paper:
        """Take the oldest ticket from the tray."""
        self._taken += 1
        return self.printer.papers[self._taken - 1]


class Counter(Furniture):
    """窗口: the clerk's six keys, 更多 and 确定, lamp, card reader and text line; the visitor's chair before it."""

    room = "counter"
    KEYS: ClassVar[Mapping[str, int]] = {
        "next": 5,
        "recall": 6,
        "start": 12,
        "finish": 13,
        "no_show": 16,
        "pause": 19,
        "more": 20,
        "confirm": 21,
    }
    LAMP = 26

    def __init__(self, world: World, node: NodeName, counter: CounterId, *, reader: ReaderModel = "rdm6300") -> None:
        super().__init__(world, node)
        self.counter = counter
        self.panel, self._soldered, self.header = self._panel([*self.KEYS.values()], [self.LAMP])
        self.reader, self._reader_plug, reader_url = self._reader(reader)
        self.display, text_url = self._text_line(rows=2)
        self.config = {
            "reader": reader,
            "pins": {**self.KEYS, "lamp": self.LAMP},
            "wires": {"reader": reader_url, "text_line": text_url},
        }

    def press(self, key: str) -> None:
        """Press one of the clerk's keys, by name."""
        self.panel.press(self.KEYS[key], self._now)
        self._soldered.settle()

    def stick(self, key: str) -> None:
        """A key goes down and stays down."""
        self.panel.stick(self.KEYS[key], self._now)
        self._soldered.settle()

    def free(self, key: str) -> None:
        """A stuck key comes up."""
        self.panel.free(self.KEYS[key], self._now)
        self._soldered.settle()

    def show_card(self, card: str) -> None:
        """Hold a work card to the reader for a moment."""
        self.reader.present(card, self._now, hold_ms=CARD_HELD_MS)
        self._reader_plug.settle()

    def text(self) -> str:
        """What the text line says."""
        return "\n".join(self.display.lines())


class Pad(Furniture):
    """评价器: five faces with lamps, from 非常满意 (5) to 非常不满意 (1)."""

    room = "rating_pad"
    LEVELS = (5, 4, 3, 2, 1)
    _KEYS = (5, 6, 12, 13, 16)
    _LAMPS = (17, 22, 23, 24, 25)

    def __init__(self, world: World, node: NodeName, counter: CounterId) -> None:
        super().__init__(world, node)
        self.counter = counter
        self.panel, self._soldered, self.header = self._panel(self._KEYS, self._LAMPS)
        self.config = {"pins": {"keys": list(self._KEYS), "lamps": list(self._LAMPS)}}

    def press(self, level: int) -> None:
        """Press a face."""
        self.panel.press(self._KEYS[self.LEVELS.index(level)], self._now)
        self._soldered.settle()

    def level_of(self, lamp: int) -> int:
        """The level of the lamp on this pin."""
        return self.LEVELS[self._LAMPS.index(lamp)]

    def lit(self) -> list[int]:
        """The levels whose lamps are lit now."""
        return [level for level, pin in zip(self.LEVELS, self._LAMPS, strict=True) if self.panel.is_lit(pin)]


class Clock(Furniture):
    """考勤机: a card reader, the keys of its modes, a keypad, a green and a red lamp, a beeper, a text line."""

    room = "punch_clock"
    GREEN, RED, BEEPER = 17, 27, 18
    KEYS: ClassVar[Mapping[str, int]] = {
        "in": 5,
        "out": 6,
        "outing": 12,
        "return": 13,
        "train": 16,
        "confirm": 19,
        "cancel": 20,
    }

    def __init__(self, world: World, node: NodeName, *, reader: ReaderModel = "rdm6300") -> None:
        super().__init__(world, node)
        self.panel, self._soldered, self.header = self._panel([*self.KEYS.values()], [self.GREEN, self.RED, self.BEEPER])
        self.reader, self._reader_plug, reader_url = self._reader(reader)
        self.display, text_url = self._text_line(rows=2)
        self.pad = Keypad()
        self.pad_line, pad_url = world.line(node, "keypad", Line(baud=9_600))
        self.pad_line.plug(self.pad)
        self.config = {
            "reader": reader,
            "pins": {"green": self.GREEN, "red": self.RED, "beeper": self.BEEPER, "keys": dict(self.KEYS)},
            "wires": {"reader": reader_url, "text_line": text_url, "keypad": pad_url},
        }

    def press(self, key: str) -> None:
        """Press one of its keys, by name."""
        self.panel.press(self.KEYS[key], self._now)
        self._soldered.settle()

    def show_card(self, card: str) -> None:
        """Hold a work card to the reader for a moment."""
        self.reader.present(card, self._now, hold_ms=CARD_HELD_MS)
        self._reader_plug.settle()

    def text(self) -> str:
        """What the text line says."""
        return "\n".join(self.display.lines())

    def type(self, digits: str) -> None:
        """Type on its keypad, and press 确认."""
        for digit in digits:
            self.pad.press(digit)
        self.pad.press("ok")

    def is_green(self) -> bool:
        """Whether the green lamp is lit now."""
        return self.panel.is_lit(self.GREEN)

    def greens(self) -> int:
        """How often it has said by its green lamp that a punch is safe."""
        return len(self.panel.times_on(self.GREEN))


class Signs(Furniture):
    """窗口屏 and 叫号: the signs of a place on their RS-485 buses, the main board, the loudspeaker.

    ``places`` says for every counter on which bus, under which address its sign is.
    """

    room = "display"

    def __init__(self, world: World, node: NodeName, places: Mapping[CounterId, tuple[str, int]]) -> None:
        super().__init__(world, node)
        self.signs = {counter: LedSign(address) for counter, (_, address) in places.items()}
        self.buses: dict[str, SignBus] = {}
        self.bus_lines: dict[str, FarEnd] = {}
        urls = {}
        for name in sorted({bus for bus, _ in places.values()}):
            self.buses[name] = SignBus(self.signs[counter] for counter in places if places[counter][0] == name)
            self.bus_lines[name], urls[name] = world.line(node, name, Line(baud=BUS_BAUD))
            self.bus_lines[name].plug(self.buses[name])
        self.board = MainBoard()
        board_line, board_url = world.line(node, "board", Line(baud=BOARD_BAUD))
        board_line.plug(self.board)
        self.voice = VoiceRecorder(SAMPLES_PER_SECOND, clips=ClipBank.load().clips)
        audio_url = world.loudspeaker(node, self.voice)
        self.config = {"wires": {"buses": urls, "board": board_url, "audio": audio_url}}

    def text(self, counter: str) -> str:
        """What the sign of a counter says; empty when it is dark."""
        return self.signs[CounterId(counter)].text(self._now)

    def texts(self) -> dict[CounterId, str]:
        """What every sign says."""
        return {counter: sign.text(self._now) for counter, sign in self.signs.items()}
