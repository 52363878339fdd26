"""From a piece of furniture to the node that drives it: its configuration, as a struct or as a node.toml."""

import json
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from contracts.values import HallId
from firmware.runtime.settings import NodeConfig
from sim.furniture import Clock, Furniture
from sim.host import Room

_LISTENS_TO_BOARDS = ("display",)
_LISTENS_TO_HALL = ("kiosk", "rating_pad")
_CONFIG = {
    "kiosk": "KioskConfig",
    "counter": "CounterConfig",
    "rating_pad": "PadConfig",
    "display": "DisplayConfig",
    "punch_clock": "ClockConfig",
}


def room_for(piece: Furniture, hall: HallId, folder: Path, card_key: bytes) -> Room:
    """How the node of this piece is built in this process."""
    kind: type[NodeConfig] = getattr(import_module(f"{piece.room}.config"), _CONFIG[piece.room])
    config = msgspec.convert(table(piece, hall, folder, card_key), kind)
    build = import_module(f"{piece.room}.node").build
    return Room(
        piece.room, partial(build, config), boards=piece.room in _LISTENS_TO_BOARDS, hall=piece.room in _LISTENS_TO_HALL
    )


def table(piece: Furniture, hall: HallId, folder: Path, card_key: bytes) -> dict[str, Any]:
    """What the node.toml of a piece says; an attendance clock gets its copy of the hall's card key."""
    common = {"hall": hall, "node": piece.node, "data_dir": str(folder)}
    if isinstance(piece, Clock):
        folder.mkdir(parents=True, exist_ok=True)
        key_file = folder / "card.key"
        key_file.write_text(card_key.hex() + "\n", encoding="ascii")
        common["card_key_file"] = str(key_file)
    return {**common, **piece.config}


def toml(values: dict[str, Any]) -> str:
    """A table as TOML: strings, numbers, lists and tables of them."""
    return "".join(f"{json.dumps(key)} = {_value(value)}\n" for key, value in values.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)
