"""The QR part of a printer (``GS ( k``, code number 49): settings, one stored text, and the code drawn from them.

What a printer would ignore is refused with the reason.
"""

from collections.abc import Callable
from functools import lru_cache

import qrcode
from qrcode.exceptions import DataOverflowError

from sim.devices.ink import Code, blank_code

_QR = 49
_CORRECTION = {
    48: qrcode.constants.ERROR_CORRECT_L,
    49: qrcode.constants.ERROR_CORRECT_M,
    50: qrcode.constants.ERROR_CORRECT_Q,
    51: qrcode.constants.ERROR_CORRECT_H,
}
_MODEL_2 = 50
_STORE_FIXED = 48
_LARGEST_MODULE = 16


class QrError(ValueError):
    """The printer would ignore this; the message says why."""


@lru_cache
def best_version(length: int, correction: int) -> int:
    """The smallest version that holds so many bytes. Raises ``QrError``."""
    try:
        return int(blank_code(bytes(length), correction).best_fit())
    except (DataOverflowError, ValueError) as error:
        raise QrError(f"{length} bytes do not fit a QR code") from error


class QrStore:
    """What ``GS ( k`` has set; ``do`` takes the bytes after the length and returns a code when one is to be printed."""

    def __init__(self) -> None:
        self._module_dots = 3
        self._correction = _CORRECTION[48]
        self._stored: bytes | None = None

    def do(self, args: bytes) -> Code | None:
        """Carry out one function. Raises ``QrError`` for what a printer would ignore."""
        functions: dict[int, Callable[[bytes], Code | None]] = {
            65: self._choose_model,
            67: self._choose_size,
            69: self._choose_correction,
            80: self._store,
            81: self._draw,
        }
        if len(args) < 3 or args[0] != _QR or args[1] not in functions:  # noqa: PLR2004 - code, function, one parameter at least
            raise QrError(f"GS ( k {args[:3].hex(' ')} is no QR function of this printer")
        return functions[args[1]](args[2:])

    def _choose_model(self, args: bytes) -> None:
        if args[0] != _MODEL_2:
            raise QrError(f"QR model {args[0]} is not supported, only model 2")

    def _choose_size(self, args: bytes) -> None:
        if not 1 <= args[0] <= _LARGEST_MODULE:
            raise QrError(f"a QR module of {args[0]} dots")
        self._module_dots = args[0]

    def _choose_correction(self, args: bytes) -> None:
        if args[0] not in _CORRECTION:
            raise QrError(f"QR error correction {args[0]}")
        self._correction = _CORRECTION[args[0]]

    def _store(self, args: bytes) -> None:
        if args[0] != _STORE_FIXED or len(args) == 1:
            raise QrError("a QR store function without data")
        self._stored = args[1:]

    def _draw(self, _args: bytes) -> Code:
        if self._stored is None:
            raise QrError("a QR code printed before one was stored")
        return Code(self._stored, best_version(len(self._stored), self._correction), self._correction, self._module_dots)
