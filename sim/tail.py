"""A loudspeaker in real time: plays what a node adds to the end of a file, at the speed of sound."""

import random
from pathlib import Path

from contracts.values import Ms
from sim.clock import Appointment
from sim.devices.base import Device
from sim.realtime import RealTime
from sim.wires import LOUDSPEAKER, Plugged, Stream

LOOK_EVERY: Ms = 100


class FileTail:
    """Lets a device hear what is added to a file, as long as it takes to be spoken."""

    def __init__(self, timetable: RealTime, path: Path, device: Device) -> None:
        self._timetable = timetable
        self._plugged = Plugged(device, timetable, lambda _: None)
        self._spoken = Stream(timetable, LOUDSPEAKER, random.Random(0), self._plugged.hear)
        path.touch()
        self._file = path.open("rb")
        self._next: Appointment = timetable.after(LOOK_EVERY, self._look)

    def close(self) -> None:
        """Listen no more."""
        self._next.cancel()
        self._file.close()

    def _look(self) -> None:
        if data := self._file.read():
            self._spoken.carry(data)
        self._next = self._timetable.after(LOOK_EVERY, self._look)
