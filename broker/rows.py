"""A fact to a row of the table and back. The body is canonical JSON (fields sorted), because the hash chain covers it."""

import msgspec

from broker.chain import Row
from broker.rules.facts import Fact, Recorded
from contracts.values import HallTime

_encode = msgspec.json.Encoder(order="sorted").encode
_decoders = {kind.__name__: msgspec.json.Decoder(kind) for kind in Fact.__subclasses__()}


class UnreadableFactError(ValueError):
    """A stored fact is of no kind this version knows, or does not fit its kind. ``number`` is the fact's."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(f"fact {number}: {what}")
        self.number = number


def pack(recorded: Recorded) -> Row:
    """The row to store."""
    fact = recorded.fact
    return Row(recorded.number, recorded.at, recorded.request_id, type(fact).__name__, _encode(fact).decode())


def unpack(row: Row) -> Recorded:
    """The fact in this row. Raises :class:`UnreadableFactError`."""
    decoder = _decoders.get(row.kind)
    if decoder is None:
        raise UnreadableFactError(row.number, f"unknown kind {row.kind!r}")
    try:
        fact = decoder.decode(row.body)
    except msgspec.DecodeError as error:
        raise UnreadableFactError(row.number, f"{row.kind}: {error}") from error
    return Recorded(number=row.number, at=HallTime(row.at), request_id=row.request_id, fact=fact)
