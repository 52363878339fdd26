"""Bugs planted on purpose."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from broker.cli.hall_wall import HallWall
from broker.service import Service
from broker.store import Store
from firmware.runtime.link import Arrived

Swap = tuple[Any, str, Any]


@dataclass(frozen=True)
class Plant:
    """A bug: which parts of the house are swapped for broken ones while a day is lived, and who must notice."""

    name: str
    what: str
    harness: str = "storm"
    service: type[Service[Arrived]] = Service
    store: type[Store] = Store
    wall: type[HallWall] = HallWall
    needs: tuple[str, ...] = ()
    """Kinds of faults that bring it out; days that have one are looked at first."""
    swaps: Callable[[], tuple[Swap, ...]] = tuple

    @contextmanager
    def planted(self) -> Iterator[None]:
        """While inside, the bug is there."""
        before = []
        for place, name, broken in self.swaps():
            before.append((place, name, getattr(place, name)))
            setattr(place, name, broken)
        try:
            yield
        finally:
            for place, name, whole in reversed(before):
                setattr(place, name, whole)


NONE = Plant("none", "nothing is broken")
