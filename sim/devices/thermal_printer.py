"""An ESC/POS ticket printer: takes bytes as they come, prints at its motor's pace, answers, and fails as printers fail.

Bytes wait in a buffer while paper moves. ``GS r`` waits with them and is answered when everything before it is on paper;
``DLE EOT`` is answered at once. Out of paper, open or jammed, the printer is offline: the buffer waits, only ``DLE EOT`` and
the automatic status still speak. Whoever handles it (``load_paper``, ``open_cover``, ``set_quirks``) gives the time, and the
owner of its wire must then look at ``wake_at`` again.
"""

from collections import deque
from dataclasses import replace
from typing import Any

from contracts.values import Ms
from sim.devices.base import Send
from sim.devices.escpos_modes import LINE
from sim.devices.escpos_parser import Command, Parser
from sim.devices.paper import Paper, Sheet
from sim.devices.printer_kinds import Answered, CameOut, Happened, Model, Quirks
from sim.devices.typesetter import Typesetter

_REAL_TIME = frozenset({"DLE EOT", "DLE ENQ", "DLE DC4"})
_FIXED = 0x12
"""Bits that are set in every DLE EOT answer, so that noise can be told from an answer."""


class ThermalPrinter:
    """A simulated printer, see the module. ``papers`` are the pieces that came out, in order."""

    def __init__(self, model: Model | None = None, quirks: Quirks | None = None) -> None:
        self.model = model or Model()
        self.quirks = quirks or Quirks()
        self.papers: list[Paper] = []
        self.history: list[Answered | CameOut | Happened] = []
        self.wake_at: Ms | None = None
        self.is_powered = True
        self._send: Send = lambda _: None
        self._parser = Parser()
        self._typesetter = Typesetter(Sheet(self.model.width, self.model.gap))
        self._buffer: deque[tuple[Ms, Command]] = deque()
        self._buffered = 0
        self._free_at: Ms = 0
        self._jammed = False
        self._answers = 0
        self._auto_status = 0
        self._last_auto = b""

    # --- The wire --------------------------------------------------------------------------------------------------------

    def connect(self, send: Send) -> None:
        """The wire is plugged in."""
        self._send = send

    def hear(self, data: bytes, now: Ms) -> None:
        """Take bytes; status requests are answered before anything waits."""
        self._work(now)
        if self.quirks.dead or not self.is_powered:
            return
        for command in self._parser.feed(data):
            if command.name in _REAL_TIME:
                self._answer_at_once(command, now)
            elif self._buffered + command.size > self.model.buffer_bytes:
                self._tell(now, f"buffer full: {command.name} lost")
            else:
                self._buffer.append((now, command))
                self._buffered += command.size
        self._work(now)

    def wake(self, now: Ms) -> None:
        """The motor has stopped."""
        self._work(now)

    @property
    def unknown(self) -> list[str]:
        """Commands it did not understand."""
        return self._typesetter.unknown

    @property
    def refused(self) -> list[str]:
        """Commands it understood and ignored."""
        return self._typesetter.refused

    @property
    def waiting_bytes(self) -> int:
        """Bytes in the buffer."""
        return self._buffered

    # --- People ----------------------------------------------------------------------------------------------------------

    def set_quirks(self, now: Ms, **changes: Any) -> None:
        """Change what is wrong with it: the fields of :class:`Quirks`."""
        self._work(now)
        self.quirks = replace(self.quirks, **changes)
        self._jammed = self._jammed and self.quirks.cutter_jammed
        self._tell(now, f"quirks {changes}")
        self._free_at = max(self._free_at, now)
        self._work(now)

    def load_paper(self, now: Ms) -> None:
        """Put in a new roll; what hung from the old one is torn off."""
        self._work(now)
        sheet = self._typesetter.sheet
        was_printing = not sheet.is_blank
        if was_printing:
            sheet.tear()
            self._collect(now)
        self._typesetter.sheet = Sheet(self.model.width, self.model.gap)
        if was_printing and self._buffer:
            self._typesetter.sheet.spoil()
        self.set_quirks(now, near_end=False, paper_out=False, paper_out_after_lines=None)

    def open_cover(self, now: Ms) -> None:
        """Lift the head: it stops after the line being printed."""
        self.set_quirks(now, cover_open=True)

    def close_cover(self, now: Ms) -> None:
        """Go on where it stopped."""
        self.set_quirks(now, cover_open=False)

    def free_cutter(self, now: Ms) -> None:
        """Clear the jam; the cut that failed is made."""
        self.set_quirks(now, cutter_jammed=False)

    def power_off(self, now: Ms) -> None:
        """Pull the mains plug: the buffer is lost, the paper stays where it is."""
        self._work(now)
        self._collect(now)
        if self._buffer or not self._typesetter.sheet.is_blank:
            self._typesetter.sheet.spoil()
        self._buffer.clear()
        self._buffered = 0
        self._parser.forget()
        self._typesetter.reset()
        self._auto_status, self._jammed = 0, False
        self.is_powered, self.wake_at = False, None
        self._tell(now, "power off")

    def power_on(self, now: Ms) -> None:
        """Plug it in again."""
        self.is_powered = True
        self._free_at = now
        self._tell(now, "power on")

    # --- Printing --------------------------------------------------------------------------------------------------------

    @property
    def is_online(self) -> bool:
        """It prints what it gets."""
        return self.is_powered and not (self.quirks.paper_out or self.quirks.cover_open or self._jammed)

    def _work(self, now: Ms) -> None:
        while self._free_at <= now:
            self._collect(self._free_at)
            if not (self._buffer and self.is_online):
                break
            self._carry_out_next()
        self._report_changes(now)
        waits = bool(self._typesetter.sheet.fallen) or (bool(self._buffer) and self.is_online)
        self.wake_at = self._free_at if waits and self._free_at > now else None

    def _carry_out_next(self) -> None:
        arrived, command = self._buffer[0]
        start = max(self._free_at, arrived)
        if command.name == "GS V" and self.quirks.cutter_jammed:
            self._jammed = True
            return self._tell(start, "cutter jammed")
        self._buffer.popleft()
        self._buffered -= command.size
        before, refused = self._typesetter.sheet.fed, len(self.refused)
        self._typesetter.do(command)
        self._free_at = start + self._duration(command, self._typesetter.sheet.fed - before)
        for reason in self.refused[refused:]:
            self._tell(start, f"refused: {reason}")
        self._use_roll(self._typesetter.sheet.fed - before, start)
        return self._answer_in_turn(command, start)

    def _duration(self, command: Command, dots: int) -> Ms:
        moving = -(-dots * 1000 * self.quirks.slowness // self.model.dots_per_second)
        return moving + (self.model.cut_ms * self.quirks.slowness if command.name == "GS V" else 0)

    def _use_roll(self, dots: int, at: Ms) -> None:
        left = self.quirks.paper_out_after_lines
        if left is not None and dots:
            left -= max(1, round(dots / LINE))
            self.quirks = replace(self.quirks, paper_out_after_lines=max(0, left), paper_out=left <= 0)
            if left <= 0:
                self._tell(at, "paper out")

    def _collect(self, at: Ms) -> None:
        fallen = self._typesetter.sheet.fallen
        for paper in fallen:
            self.papers.append(replace(paper, at=at))
            self.history.append(CameOut(at, self.papers[-1]))
        fallen.clear()

    # --- Answers ---------------------------------------------------------------------------------------------------------

    def _tell(self, at: Ms, what: str) -> None:
        self.history.append(Happened(at, what))

    def _answer(self, at: Ms, to: str, data: bytes) -> None:
        self._answers += 1
        every = self.quirks.drop_reply_every
        lost = self.quirks.silent or self.quirks.dead or bool(every and self._answers % every == 0)
        self.history.append(Answered(at, to, data, lost))
        if not lost:
            self._send(self.quirks.noise + data)

    def _answer_at_once(self, command: Command, now: Ms) -> None:
        if command.name == "DLE EOT":
            kind = command.args[0]
            bits = self._status_bits().get(kind)
            if bits is None:
                self.unknown.append(f"DLE EOT {kind}")
            else:
                self._answer(now, f"DLE EOT {kind}", bytes((_FIXED | bits,)))

    def _status_bits(self) -> dict[int, int]:
        quirks = self.quirks
        return {
            1: 0x08 * (not self.is_online),
            2: 0x04 * quirks.cover_open | 0x20 * quirks.paper_out | 0x40 * self._jammed,
            3: 0x08 * self._jammed,
            4: 0x0C * quirks.near_end | 0x60 * quirks.paper_out,
        }

    def _answer_in_turn(self, command: Command, at: Ms) -> None:
        if command.name == "GS r" and not self.quirks.no_barrier:
            answer = {1: 0x03 * self.quirks.near_end, 2: 0}.get(command.args[0] % 48)
            if answer is None:
                self.unknown.append(f"GS r {command.args[0]}")
            else:
                self._answer(at, f"GS r {command.args[0] % 48}", bytes((answer,)))
        elif command.name == "GS a":
            self._auto_status, self._last_auto = command.args[0], b""
        elif command.name == "ESC @":
            self._auto_status = 0

    def _report_changes(self, now: Ms) -> None:
        if self._auto_status == 0 or not self.is_powered:
            return
        quirks = self.quirks
        status = bytes(
            (
                0x10 | 0x08 * (not self.is_online) | 0x20 * quirks.cover_open,
                0x08 * self._jammed,
                0x03 * quirks.near_end | 0x0C * quirks.paper_out,
                0,
            )
        )
        if status != self._last_auto:
            self._last_auto = status
            self._answer(now, "GS a", status)
