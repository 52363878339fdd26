"""A loudspeaker in real time: listens to the end of the file into which a node plays its sound."""

from pathlib import Path

from contracts.values import Ms
from sim.clock import Appointment
from sim.devices.base import Device
from sim.realtime import RealTime

LOOK_EVERY: Ms = 100


class FileTail:
    """Gives what is added to a file to a device, soon after it was added."""

    def __init__(self, timetable: RealTime, path: Path, device: Device) -> None:
        self._timetable = timetable
        self._device = device
        path.touch()
        self._file = path.open("rb")
        self._next: Appointment = timetable.after(LOOK_EVERY, self._look)

    def close(self) -> None:
        """Listen no more."""
        self._next.cancel()
        self._file.close()

    def _look(self) -> None:
        if data := self._file.read():
            self._device.hear(data, self._timetable.now)
        self._next = self._timetable.after(LOOK_EVERY, self._look)
