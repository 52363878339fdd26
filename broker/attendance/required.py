"""What is left of a half when approved leave and outings are taken away (1.0.3, step 2)."""

from collections.abc import Iterable
from dataclasses import dataclass

from broker.attendance.record import TRAINING, Excuse, ExcuseKind
from broker.rules.hours import MINUTE
from contracts.values import HalfOfDay, HallTime


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant up to another, both on whole minutes."""

    start: HallTime
    end: HallTime


@dataclass(frozen=True, slots=True)
class Required:
    """A half that somebody has to be there for. A hole in the middle changes nothing, so ``span`` reaches over it."""

    half: HalfOfDay
    whole: Span
    span: Span
    trainings: tuple[Span, ...]

    @property
    def begins_later(self) -> bool:
        """Whether leave or an outing cut the beginning off."""
        return self.span.start > self.whole.start

    @property
    def ends_sooner(self) -> bool:
        """Whether leave or an outing cut the end off."""
        return self.span.end < self.whole.end


@dataclass(frozen=True, slots=True)
class Excused:
    """A half nobody has to be there for. ``by`` holds only the excuses it takes, leave before outings."""

    half: HalfOfDay
    by: tuple[Excuse, ...]


def required(half: HalfOfDay, whole: Span, excuses: Iterable[Excuse]) -> Required | Excused:
    """The half less every excuse. Seconds of an excuse are rounded in the person's favour."""
    given = sorted(excuses, key=lambda one: (one.kind is ExcuseKind.OUTING, one.start, one.end, one.name))
    pieces = [whole]
    taken: list[Excuse] = []
    for excuse in given:
        off = _whole_minutes(excuse)
        rest = [part for piece in pieces for part in _without(piece, off)]
        if rest != pieces:
            pieces, taken = rest, [*taken, excuse]
    if not pieces:
        return Excused(half, tuple(taken))
    trainings = tuple(_whole_minutes(one) for one in given if one.name == TRAINING)
    return Required(half, whole, Span(pieces[0].start, pieces[-1].end), trainings)


def _whole_minutes(excuse: Excuse) -> Span:
    return Span(HallTime(excuse.start // MINUTE * MINUTE), HallTime(-(-excuse.end // MINUTE) * MINUTE))


def _without(piece: Span, off: Span) -> list[Span]:
    before = Span(piece.start, min(piece.end, off.start))
    after = Span(max(piece.start, off.end), piece.end)
    return [part for part in (before, after) if part.start < part.end]
