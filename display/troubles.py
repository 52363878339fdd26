"""Parts of a display that need repair: reported to the service once a change, and again when the link is back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from contracts.messages import HealthReported
from contracts.values import Condition, RequestId
from firmware.runtime.steps import Effect, RequestIds, Say


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a part: a stable word, and a sentence for people."""

    code: str
    detail: str = ""
    condition: Condition = Condition.FAULT


@dataclass(frozen=True, slots=True)
class Troubles:
    """What is wrong now, by part, and what the service was told while the link was up."""

    ids: RequestIds
    now: Mapping[str, Trouble] = field(default_factory=dict)
    told: Mapping[str, Trouble] = field(default_factory=dict)
    is_linked: bool = False

    def broken(self, part: str, code: str, detail: str = "", condition: Condition = Condition.FAULT) -> "Troubles":
        """A part needs repair."""
        return replace(self, now={**self.now, part: Trouble(code, detail, condition)})

    def repaired(self, part: str) -> "Troubles":
        """A part works."""
        return replace(self, now={known: trouble for known, trouble in self.now.items() if known != part})

    def linked(self) -> "Troubles":
        """The link is back. What was said just before it broke may be lost: whatever is broken is to be said again."""
        return replace(
            self, is_linked=True, told={part: trouble for part, trouble in self.told.items() if part not in self.now}
        )

    def unlinked(self) -> "Troubles":
        """The link is gone; reports wait."""
        return replace(self, is_linked=False)

    def report(self) -> "tuple[Troubles, Sequence[Effect]]":
        """Everything the service has not been told yet."""
        if not self.is_linked:
            return self, ()
        reports: list[Effect] = []
        ids = self.ids
        for part in sorted({*self.now, *self.told}):
            trouble = self.now.get(part)
            if trouble == self.told.get(part):
                continue
            request_id, ids = ids.next()
            reports.append(Say(_health(request_id, part, trouble)))
        return replace(self, ids=ids, told=self.now), reports


def _health(request_id: RequestId, part: str, trouble: Trouble | None) -> HealthReported:
    what = trouble or Trouble("ok", condition=Condition.OK)
    return HealthReported(request_id=request_id, part=part, condition=what.condition, code=what.code, detail=what.detail)
