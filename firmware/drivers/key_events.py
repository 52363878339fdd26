"""What the keys of a node tell its behaviour. Apart from their driver, so that a node without keys starts without it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pressed:
    """A finger closed this key."""

    key: str


@dataclass(frozen=True, slots=True)
class Released:
    """A key that was pressed is open again."""

    key: str


@dataclass(frozen=True, slots=True)
class Held:
    """A pressed key has stayed closed for the holding time."""

    key: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """A key has been closed for so long that no finger does it."""

    key: str


@dataclass(frozen=True, slots=True)
class Unstuck:
    """A stuck key is open again."""

    key: str
