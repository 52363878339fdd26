"""Real ptys with simulated devices behind them, for firmware that runs as its own process.

The firmware opens ``path``, a symlink that stays the same while the plug is pulled and put back. A slave descriptor is kept
open, else the master would fail whenever the firmware closes its end. A pty has no speed of its own, so bytes are paced
here; and where the firmware has set another speed than the device's, both hear garbage, as on a real line.
"""

import contextlib
import errno
import os
import random
import termios
import tty
from pathlib import Path

from sim.realtime import RealTime
from sim.wires import FarEnd, Line

_READ_AT_ONCE = 4096
_OUTPUT_SPEED = 5
"""Index of the output speed in what ``termios.tcgetattr`` returns."""


class PtyLine(FarEnd):
    """A serial line of this machine; construct and use it in the thread of its :class:`RealTime` loop."""

    def __init__(self, timetable: RealTime, line: Line, rng: random.Random, path: Path) -> None:
        super().__init__(timetable, line, rng)
        self.path = path
        self.overrun = 0
        """Bytes lost because the firmware did not read: a pty holds 4 KiB."""
        self._loop = timetable
        self._rng = rng
        self._speed: int = getattr(termios, f"B{line.baud}")
        self._open()

    def unplug(self) -> None:
        """Pull the plug: the device file is gone and whoever has it open gets errors."""
        if self.is_plugged:
            self.is_plugged = False
            self._cut_off()
            self._close()

    def replug(self) -> None:
        """Put the plug back in: a new device file under the old path."""
        if not self.is_plugged:
            self.is_plugged = True
            self._open()

    def close(self) -> None:
        """Take the line down."""
        self.unplug()

    @property
    def is_in_tune(self) -> bool:
        """Whether the firmware speaks at the device's speed."""
        return bool(termios.tcgetattr(self._master)[_OUTPUT_SPEED] == self._speed)

    def _open(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._link_to(os.ttyname(self._slave))
        self._loop.watch(self._master, self._read)

    def _close(self) -> None:
        self.path.unlink(missing_ok=True)
        self._loop.unwatch(self._master)
        os.close(self._master)
        os.close(self._slave)

    def _link_to(self, device: str) -> None:
        """Point the path at a device file in one step, so that nobody finds it missing."""
        fresh = self.path.with_name(self.path.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(device)
        fresh.replace(self.path)

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            data = os.read(self._master, _READ_AT_ONCE)
            self._carry_out(data if self.is_in_tune else self._garbage(data))

    def _to_firmware(self, data: bytes) -> None:
        if not self.is_plugged:
            return
        try:
            written = os.write(self._master, data if self.is_in_tune else self._garbage(data))
        except OSError as error:
            if error.errno != errno.EAGAIN:
                raise
            written = 0
        self.overrun += len(data) - written

    def _garbage(self, data: bytes) -> bytes:
        """What bytes look like when they are sampled at the wrong speed: about as many, all wrong."""
        return bytes(byte ^ self._rng.randrange(1, 256) for byte in data)
