"""What a power cut leaves of changes that were not synced: nothing, all, a beginning, any sectors, halves of them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

SECTORS = (512, 4096)
_SHARES = (0.05, 0.5, 0.95)
_TORN, _TRASHED = 0.03, 0.02
_GROWN = 0.3
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written:
    """Bytes written at an offset."""

    at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Resize:
    """The file cut off, or made longer with zeros."""

    size: int


Change = Written | Resize


def apply(content: bytearray, change: Change) -> None:
    """Let a change arrive whole."""
    match change:
        case Written(at, data):
            if at > len(content):
                content.extend(bytes(at - len(content)))
            content[at : at + len(data)] = data
        case Resize(size):
            del content[size:]
            content.extend(bytes(size - len(content)))


class Damage:
    """One way to lose power. Sector size, share and order are drawn once, so that cuts of every character occur."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._sector = chance.choice(SECTORS)
        self._share = chance.choice(_SHARES)
        self._how = chance.choice(("nothing", "everything", "beginning", "anything", "anything"))

    def names(self, changes: Sequence[T]) -> list[T]:
        """Which changes of names have arrived."""
        match self._how:
            case "nothing":
                return []
            case "everything":
                return list(changes)
            case "beginning":
                return list(changes[: self._chance.randint(0, len(changes))])
            case _:
                return [change for change in changes if self._chance.random() < self._share]

    def content(self, certain: bytes | bytearray, now: bytes | bytearray, changes: Sequence[Change]) -> bytes:
        """A file's bytes: those that were synced and what has arrived of the rest."""
        content = bytearray(certain)
        match self._how:
            case "nothing":
                pass
            case "everything":
                content = bytearray(now)
            case "beginning":
                self._beginning(content, changes)
            case _:
                self._anything(content, changes)
        if len(content) < len(now) and self._chance.random() < _GROWN:
            content.extend(bytes(len(now) - len(content)))  # the new size has arrived, the bytes have not
        return bytes(content)

    def _beginning(self, content: bytearray, changes: Sequence[Change]) -> None:
        whole = self._chance.randint(0, len(changes))
        for change in changes[:whole]:
            apply(content, change)
        if whole < len(changes):
            last = changes[whole]
            if isinstance(last, Written):
                apply(content, Written(last.at, last.data[: self._chance.randint(0, len(last.data))]))

    def _anything(self, content: bytearray, changes: Sequence[Change]) -> None:
        for change in changes:
            if isinstance(change, Resize):
                if self._chance.random() < self._share:
                    apply(content, change)
                continue
            at, end = change.at, change.at + len(change.data)
            while at < end:
                until = min(end, (at // self._sector + 1) * self._sector)
                self._piece(content, at, change.data[at - change.at : until - change.at])
                at = until

    def _piece(self, content: bytearray, at: int, data: bytes) -> None:
        """One sector, or the part of it that was written: arrived, lost, torn at a byte, or trash."""
        fate = self._chance.random()
        if fate < _TORN:
            apply(content, Written(at, data[: self._chance.randint(0, len(data))]))
        elif fate < _TORN + _TRASHED:
            apply(content, Written(at, self._chance.randbytes(len(data))))
        elif self._chance.random() < self._share:
            apply(content, Written(at, data))
