"""One device alone on a table, with somebody who speaks to it by hand: for tests of the devices themselves."""

from dataclasses import dataclass

from contracts.values import Ms
from sim.devices.base import Device


@dataclass(frozen=True, slots=True)
class Heard:
    """Bytes that came from the device, and when."""

    at: Ms
    data: bytes


class Bench:
    """Holds the device's wire and its time. ``now`` moves only by :meth:`wait`, ``rest`` and ``tell(at=...)``."""

    def __init__(self, device: Device) -> None:
        self.now: Ms = 0
        self.heard: list[Heard] = []
        self._device = device
        device.connect(lambda data: self.heard.append(Heard(self.now, data)))

    @property
    def replies(self) -> list[bytes]:
        """What came from the device, piece by piece."""
        return [heard.data for heard in self.heard]

    def tell(self, data: bytes, *, piece: int | None = None) -> None:
        """Send bytes now; ``piece`` cuts them into pieces of that size."""
        size = piece or len(data) or 1
        for start in range(0, len(data), size):
            self._device.hear(data[start : start + size], self.now)

    def wait(self, duration: Ms) -> None:
        """Let time pass, waking the device whenever it asks for it."""
        until = self.now + duration
        while self._device.wake_at is not None and self._device.wake_at <= until:
            self.now = max(self.now, self._device.wake_at)
            self._device.wake(self.now)
        self.now = until

    def rest(self) -> None:
        """Let time pass until the device wants nothing more. Only for devices that come to rest."""
        while self._device.wake_at is not None:
            self.wait(self._device.wake_at - self.now)
