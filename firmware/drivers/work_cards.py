"""Which reader of work cards is attached; both tell the same, so a room only names the model."""

from typing import Any, Literal

from firmware.drivers.base import Driver
from firmware.drivers.card_reader import CardReader

ReaderModel = Literal["rdm6300", "pn532"]
"""``rdm6300`` for EM4100 cards at 9600 baud, ``pn532`` for MIFARE cards at 115200."""


def reader_driver(model: ReaderModel) -> Driver[Any]:
    """The driver of this reader; it reports what ``card_reader`` defines."""
    if model == "rdm6300":
        return CardReader()
    from firmware.drivers.pn532 import Pn532  # noqa: PLC0415 -- a clock with the other reader starts without it

    return Pn532()
