"""A serial line, by the path of its device. The path is opened anew after an unplug, so it should be a stable name.

``serial:/dev/serial/by-id/...?baud=9600&parity=N``
"""

import os

from firmware.wire.base import Post, WireError
from firmware.wire.stream import Stream, StreamWire

PARITIES = ("N", "E", "O")
DEFAULT_BAUD = 9_600


class SerialWire(StreamWire):
    """Eight data bits, one stop bit, no flow control. The port is locked, so that no second process talks in between."""

    def __init__(self, path: str, post: Post, *, baud: int = DEFAULT_BAUD, parity: str = "N") -> None:
        try:
            import serial  # noqa: PLC0415 -- a rating pad has no serial line and installs no pyserial
        except ImportError as error:
            raise WireError("a serial: wire needs pyserial: install hallworks[serial]") from error
        if baud not in serial.Serial.BAUDRATES:
            rates = ", ".join(str(rate) for rate in serial.Serial.BAUDRATES if rate >= 1_200)  # noqa: PLR2004 -- in use today
            raise WireError(f"baud={baud} is no usual rate; accepted are {rates}")
        if parity not in PARITIES:
            raise WireError(f"parity={parity} is not known; accepted are {', '.join(PARITIES)}")

        def open_port() -> Stream:
            port: Stream = serial.Serial(
                port=path, baudrate=baud, parity=parity, timeout=0, write_timeout=0, dsrdtr=False, exclusive=True
            )
            os.set_blocking(port.fileno(), False)
            return port

        super().__init__(open_port, post, name=path)
