"""Parts of a node that need repair: reported once when they break, again when the link is back, and when they work again.

A value that behaviours keep, like the request ids it draws on.
"""

from dataclasses import dataclass

from contracts.messages import HealthReported
from contracts.values import Condition
from firmware.runtime.steps import Effect, RequestIds, Say


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part and what is wrong with it, in a stable word (``stuck``, ``lost``, ``full``); ``detail`` is for people."""

    part: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Troubles:
    """All parts that need repair, oldest first, and those that were repaired since the link was last opened.

    Nobody knows whether a report without a link, or into a dying one, was heard: both are said again.
    """

    now: tuple[Trouble, ...] = ()
    mended: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts."""
        return tuple(one.part for one in self.now)

    def broken(self, trouble: Trouble, ids: RequestIds) -> "Reporting":
        """A part has broken; nothing is said if that is known."""
        if trouble.part in self.parts:
            return self, ids, ()
        said, ids = _report(trouble, Condition.FAULT, ids)
        mended = tuple(one for one in self.mended if one != trouble.part)
        return Troubles((*self.now, trouble), mended), ids, (said,)

    def repaired(self, part: str, ids: RequestIds) -> "Reporting":
        """A part works; nothing is said if it was not broken."""
        if part not in self.parts:
            return self, ids, ()
        said, ids = _report(Trouble(part, "ok"), Condition.OK, ids)
        return Troubles(tuple(one for one in self.now if one.part != part), (*self.mended, part)), ids, (said,)

    def again(self, ids: RequestIds) -> "Reporting":
        """The link is back: what was reported without it was not heard."""
        effects: list[Effect] = []
        for trouble in self.now:
            said, ids = _report(trouble, Condition.FAULT, ids)
            effects.append(said)
        for part in self.mended:
            said, ids = _report(Trouble(part, "ok"), Condition.OK, ids)
            effects.append(said)
        return Troubles(self.now), ids, tuple(effects)


Reporting = tuple[Troubles, RequestIds, tuple[Effect, ...]]


def _report(trouble: Trouble, condition: Condition, ids: RequestIds) -> tuple[Say, RequestIds]:
    request_id, ids = ids.next()
    health = HealthReported(
        request_id=request_id, part=trouble.part, condition=condition, code=trouble.code, detail=trouble.detail
    )
    return Say(health), ids
