"""The pins of a node, through gpiozero: keys in, lamps and beepers out.

``gpio:?in=5,6,13&out=17,27`` with BCM numbers. A key closes its pin to ground (pull-up inside the processor). gpiozero
brings edges only; debouncing is the driver's affair (design rule 3), because gpiozero's differs between pin factories.
"""

import functools
import threading
from collections.abc import Sequence
from typing import Any

from firmware.wire.base import EdgeSeen, FromWire, Post, WireError, WireOpened

HIGHEST_PIN = 27
"""The highest BCM number on the 40-pin header."""


class GpioWire:
    """All pins of a node. After ``WireOpened`` every key already closed is posted as an edge, so that its driver knows."""

    def __init__(self, post: Post, *, inputs: Sequence[int] = (), outputs: Sequence[int] = ()) -> None:
        _check([*inputs, *outputs])
        self._post = post
        self._lock = threading.Lock()
        self._closed = False
        self._keys: list[Any] = []
        self._outputs: dict[int, Any] = {}
        try:
            self._take(inputs, outputs)
        except BaseException:
            self.close()
            raise

    def _take(self, inputs: Sequence[int], outputs: Sequence[int]) -> None:
        try:
            import gpiozero  # noqa: PLC0415 -- slow to import, and only nodes with pins install it
        except ImportError as error:
            raise WireError("a gpio: wire needs gpiozero: install hallworks[gpio]") from error
        try:
            self._outputs = {pin: gpiozero.DigitalOutputDevice(pin, initial_value=False) for pin in outputs}
            for pin in inputs:
                # Not a Button, which keeps a thread per key waiting for long presses.
                self._keys.append(gpiozero.DigitalInputDevice(pin, pull_up=True, bounce_time=None))
        except (gpiozero.GPIOZeroError, OSError) as error:
            raise WireError(f"these pins cannot be had: {error} ({type(error).__name__})") from error
        self._tell(WireOpened())
        for pin, key in zip(inputs, self._keys, strict=True):
            key.when_activated = functools.partial(self._tell, EdgeSeen(pin, active=True))
            key.when_deactivated = functools.partial(self._tell, EdgeSeen(pin, active=False))
            if key.is_active:
                self._tell(EdgeSeen(pin, active=True))

    def write(self, data: bytes) -> None:
        """Pins take no bytes."""
        raise WireError(f"a gpio: wire takes no bytes ({len(data)} were to be written)")

    def set(self, pin: int, *, active: bool) -> None:
        """See :class:`firmware.wire.base.Wire`."""
        if pin not in self._outputs:
            known = ", ".join(str(one) for one in self._outputs) or "none"
            raise WireError(f"pin {pin} is no output of this wire; outputs are: {known}")
        self._outputs[pin].value = active

    def close(self) -> None:
        """See :class:`firmware.wire.base.Wire`. Outputs fall back to what the processor does with a pin nobody uses."""
        with self._lock:
            self._closed = True
        for device in (*self._keys, *self._outputs.values()):
            device.close()

    def _tell(self, happening: FromWire) -> None:
        with self._lock:
            if not self._closed:
                self._post(happening)


def _check(pins: Sequence[int]) -> None:
    for index, pin in enumerate(pins):
        if not 0 <= pin <= HIGHEST_PIN:
            raise WireError(f"pin {pin} is not on the header; accepted are BCM numbers 0 to {HIGHEST_PIN}")
        if pin in pins[:index]:
            raise WireError(f"pin {pin} is used twice; give each key and each lamp a pin of its own")
