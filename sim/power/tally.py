"""What a campaign has counted."""

from collections import Counter
from dataclasses import dataclass, field

_MOST_NAMED = 20


@dataclass
class Tally:
    """How many cuts, and what was wrong after them. ``found`` names the first few with their seeds."""

    cuts: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    _counted: dict[str, int] = field(default_factory=dict)

    def wrong(self, kind: str, what: str) -> None:
        """Note something wrong; the ``counts`` of a kind are cuts, however much was wrong after one of them."""
        if self._counted.get(kind) != self.cuts:
            self._counted[kind] = self.cuts
            self.counts[kind] += 1
        if len(self.found) < _MOST_NAMED:
            self.found.append(f"{kind}: {what}")

    def add(self, other: "Tally") -> None:
        """Take in what another one has counted."""
        self.cuts += other.cuts
        self.counts += other.counts
        self.found = (self.found + other.found)[:_MOST_NAMED]
