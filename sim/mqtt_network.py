"""What travels between an MQTT server in memory and its clients, and the network it travels over."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from contracts.values import Ms


@dataclass(frozen=True, slots=True)
class Publication:
    """A message as the server holds it."""

    topic: str
    payload: bytes
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as a client gets it. ``mid`` is for its acknowledgement, ``retained`` tells old state from news."""

    topic: str
    payload: bytes
    retained: bool
    mid: int
    is_again: bool = False


def _no_delay(_publication: Publication) -> Ms:
    return 1


def _once(_publication: Publication) -> int:
    return 1


@dataclass(slots=True)
class Path:
    """The network between one client and the server.

    ``delay`` and ``copies`` are asked for every message, each way; 0 copies lose it. Whatever the delays, messages of one
    direction arrive in order, as TCP has it.
    """

    is_cut: bool = False
    is_cut_up: bool = False
    """Only what the client says is lost; it still hears."""
    is_cut_down: bool = False
    delay: Callable[[Publication], Ms] = _no_delay
    copies: Callable[[Publication], int] = _once

    @property
    def is_broken(self) -> bool:
        """Whether no connection lives on it: keep-alive needs both ways."""
        return self.is_cut or self.is_cut_up or self.is_cut_down


class NoWayError(ConnectionError):
    """There is no way to the server now."""


@lru_cache(maxsize=65_536)
def matches(pattern: str, topic: str) -> bool:
    """Whether a topic filter with ``+`` and ``#`` covers a topic."""
    wanted, levels = pattern.split("/"), topic.split("/")
    for place, want in enumerate(wanted):
        if want == "#":
            return True
        if place >= len(levels) or want not in ("+", levels[place]):
            return False
    return len(wanted) == len(levels)
