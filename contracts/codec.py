"""Messages to bytes and back, strictly. Nothing enters the house undecoded.

The rule of ``schema``: up to the number I know, an unknown field is refused; above it, unknown fields are ignored, because
a newer sender may know more. A missing field, a wrong type or a name that does not belong to the topic is always refused.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from contracts.messages import Message
from contracts.topics import BY_NAME, ROWS, Way

MAX_BYTES = 64 * 1024
"""No message of ours comes near this (a roster of 300 people is about 30 KiB); more is refused unread."""


SMALLEST, LARGEST = -62_000_000_000_000, 253_370_000_000_000
"""Whole numbers beyond these are refused: as milliseconds they are the years 5 and 9998, which every calendar can still tell
in every zone, and no other number of ours comes near. A node that believed in a year 287396 would end, and again at each
start, because such a message is retained."""
LONGEST_TEXT = 1_000
"""No text a node sends is longer, so that an answer that repeats it is never too large to be read."""
_LONGEST_WHAT = 300


class ContractError(ValueError):
    """These bytes are not a message of ours; names topic and field. ``what`` is short, whatever was sent."""

    def __init__(self, topic: str, what: str) -> None:
        what = what if len(what) <= _LONGEST_WHAT else f"{what[:_LONGEST_WHAT]}..."
        super().__init__(f"{topic[:_LONGEST_WHAT]}: {what}")
        self.topic = topic
        self.what = what


_encoder = msgspec.json.Encoder()
_heads = {kind: b'{"schema":%d,' % row.schema for kind, row in ROWS.items()}


def encode(message: Message) -> bytes:
    """The JSON of a message, ``schema`` first, then ``message``, then its fields in order."""
    return _heads[type(message)] + _encoder.encode(message)[1:]


def decode(topic: str, payload: bytes) -> Message:
    """The message in this payload, or :class:`ContractError`.

    The topic must be one the message may travel on: the last level of an up or down topic is the message's name.
    """
    if len(payload) > MAX_BYTES:
        raise ContractError(topic, f"{len(payload)} bytes, at most {MAX_BYTES} are accepted")
    try:
        fields = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ContractError(topic, f"not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise ContractError(topic, f"expected an object, got {type(fields).__name__}")
    name, schema = fields.pop("message", None), fields.pop("schema", None)
    row = BY_NAME.get(name) if isinstance(name, str) else None
    if row is None:
        raise ContractError(topic, f"field message: {_shown(name)} is no message of ours")
    if type(schema) is not int or schema < 1:
        raise ContractError(topic, f"field schema: expected an int of at least 1, got {_shown(schema)}")
    if not _travels_on(row.topic, topic):
        raise ContractError(topic, f"{name} does not travel on this topic but on hall/v1/{{hall}}/{row.topic}")
    if schema <= row.schema:
        _refuse_unknown(topic, row.message, fields, "")
    fields["message"] = name
    try:
        message = msgspec.convert(fields, row.message)
    except msgspec.ValidationError as error:
        raise ContractError(topic, f"{name}: {error}") from error
    from_node = row.way in (Way.UP, Way.BIRTH)
    _refuse_extremes(topic, name, message, LONGEST_TEXT if from_node else MAX_BYTES)
    return message


def _shown(value: Any) -> str:
    """What was found, as it may stand in an error: a list nested a thousand deep has no text that Python could make."""
    return repr(value) if isinstance(value, str | int | float | None) else type(value).__name__


def _refuse_extremes(topic: str, place: str, value: Any, longest: int) -> None:
    """Refuse a number no calendar can tell and a text nobody would send, anywhere inside a message."""
    for name, item in _inside(value):
        if isinstance(item, str):
            if len(item) > longest:
                what = f"a text of {len(item)} characters, at most {longest} are accepted"
                raise ContractError(topic, f"{place}.{name}: {what}")
        elif isinstance(item, int):
            if not SMALLEST <= item <= LARGEST:
                raise ContractError(topic, f"{place}.{name}: the number is beyond {SMALLEST} to {LARGEST}")
        elif item is not None:
            _refuse_extremes(topic, f"{place}.{name}", item, longest)


def _inside(value: Any) -> Iterable[tuple[str, Any]]:
    """What a struct, a tuple or a dictionary holds, with names for an error."""
    if isinstance(value, msgspec.Struct):
        return [(name, getattr(value, name)) for name in value.__struct_fields__]
    if isinstance(value, dict):
        return [pair for key, item in value.items() for pair in (("key", key), ("value", item))]
    return [("item", item) for item in value]


def _travels_on(template: str, topic: str) -> bool:
    """Whether a topic is an instance of ``hall/v1/{hall}/<template>``."""
    levels = topic.split("/")
    wanted = ["hall", "v1", "{hall}", *template.split("/")]
    return len(levels) == len(wanted) and all(
        given == want or (want[0] == "{" and given) for given, want in zip(levels, wanted, strict=True)
    )


def _refuse_unknown(topic: str, kind: type[msgspec.Struct], fields: dict[str, Any], path: str) -> None:
    known = _nested(kind)
    for name, value in fields.items():
        structs = known.get(name)
        if structs is None:
            raise ContractError(topic, f"{kind.__name__}: unknown field {path}{name}")
        for nested in structs:
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    _refuse_unknown(topic, nested, item, f"{path}{name}.")


@cache
def _nested(kind: type[msgspec.Struct]) -> dict[str, tuple[type[msgspec.Struct], ...]]:
    """The fields of a struct, each with the struct types its annotation names."""
    return {field.name: tuple(_structs_in(field.type)) for field in msgspec.structs.fields(kind)}


def _structs_in(annotation: Any) -> Iterable[type[msgspec.Struct]]:
    arguments = getattr(annotation, "__args__", (annotation,))
    return (one for one in arguments if isinstance(one, type) and issubclass(one, msgspec.Struct))
