"""What a node.toml says about its thermal printer, and the driver's model of it."""

from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from msgspec import Meta, Struct

from firmware.drivers.escpos_encoder import Confirm, Model

SLOWEST_BAUD = 9_600
"""Assumed where the URL of a wire names no speed; too slow a guess only makes a silent printer be found later."""


class PrinterModel(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What kind of printer it is: 384 dots are 58 mm paper, 576 are 80 mm.

    ``confirm = "drain"`` for a clone that does not answer ``GS r 1``; ``native_qr = false`` for one that draws no QR codes.
    ``print_ms`` is how long after its last byte a ticket may take until it is cut; slow printers need more.
    """

    width_dots: Annotated[int, Meta(ge=192, le=1024, multiple_of=8)] = 384
    confirm: Confirm = Confirm.BARRIER
    native_qr: bool = True
    print_ms: Annotated[int, Meta(ge=500, le=30_000)] = 3_000

    def on(self, wire: str) -> Model:
        """The printer on this wire; a serial line says how fast bytes reach it, of any other the slowest is assumed."""
        baud = int(parse_qs(urlsplit(wire).query).get("baud", [SLOWEST_BAUD])[0])
        return Model(
            width_dots=self.width_dots,
            baud=baud,
            confirm=self.confirm,
            native_qr=self.native_qr,
            print_ms=self.print_ms,
        )
