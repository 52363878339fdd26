"""The time of day as the service reads it: it never goes back, and it does not stand still for hours either.

If the machine's clock is set back, the hall goes on at nine tenths of its speed until the machine has caught up.
"""

from broker.cli.clock_note import NoNote, Note
from contracts.values import HallTime, Ms
from firmware.runtime.clock import Clock
from firmware.runtime.node import Log

_JUMP: Ms = 60_000


class HallWall:
    """Reads the hall's time of day. ``not_before`` is what the hall clock had reached; ``start`` makes it begin there.

    ``note`` remembers every reading over the end of the process, as ``not_before`` from the database does not.

    With ``start`` (rehearsals, the demo) the whole clock is shifted; it still runs as fast as the machine's.
    """

    def __init__(
        self,
        clock: Clock,
        log: Log,
        *,
        not_before: HallTime,
        start: HallTime | None = None,
        note: Note | None = None,
    ) -> None:
        self._clock = clock
        self._note = note or NoNote()
        self._log = log
        self._shift = 0 if start is None else start - clock.wall_ms()
        self._read_at = clock.monotonic_ms()
        self._tenths = 10 * max(not_before, self._note.read(), clock.wall_ms() + self._shift)

    def read(self) -> HallTime:
        """The time of day, never before what was read last."""
        now = self._clock.monotonic_ms()
        elapsed, self._read_at = now - self._read_at, now
        wall = 10 * (self._clock.wall_ms() + self._shift)
        if wall - self._tenths > 10 * (elapsed + _JUMP):
            self._log("wall_clock_jumped", level="warning", by_ms=(wall - self._tenths) // 10 - elapsed)
        self._tenths = max(wall, self._tenths + 9 * elapsed)
        at = HallTime(self._tenths // 10)
        self._note.write(at)
        return at
