"""What each punch of a half may stand for: coming, leaving, either or neither (1.0.3, step 5 and its last paragraph)."""

from collections.abc import Sequence
from dataclasses import dataclass

from broker.attendance.halves import Kept
from broker.attendance.required import Required
from broker.rules.hours import MINUTE, floor_minute
from contracts.values import HallTime, Ms, PunchIntent

_SIGN_IN_OPENS: Ms = 30 * MINUTE
"""How long before its beginning a training takes sign-ins (TRN-9.1)."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The punches a half was judged by."""

    came: Kept | None
    left: Kept | None


def sides(presented: Sequence[Kept], needed: Required) -> Sides:
    """The first punch that may be coming and the last that may be leaving.

    One punch cannot be both, nor can somebody leave before he came: then the nearer end of what is required decides.
    """
    came = first_coming(presented, needed)
    left = last_leaving(presented, needed)
    if came is None or left is None or came.at < left.at:
        return Sides(came, left)
    late = floor_minute(came.at) - needed.span.start
    early = needed.span.end - floor_minute(left.at)
    return Sides(came, None) if late < early else Sides(None, left)


def first_coming(presented: Sequence[Kept], needed: Required) -> Kept | None:
    """The punch that counts as coming to this half, if there is one."""
    return next((one for one in presented if _may_be_coming(one, presented, needed)), None)


def last_leaving(presented: Sequence[Kept], needed: Required) -> Kept | None:
    """The punch that counts as leaving this half, if there is one."""
    return next((one for one in reversed(presented) if _may_be_leaving(one, presented, needed)), None)


def _may_be_coming(one: Kept, presented: Sequence[Kept], needed: Required) -> bool:
    in_time = floor_minute(one.at) <= needed.span.start
    match one.intent:
        case PunchIntent.RETURN:
            return in_time or (needed.begins_later and not _ends_a_hole(one, presented, needed.span.start))
        case PunchIntent.TRAIN:
            return in_time
        case intent:
            return intent in {PunchIntent.NONE, PunchIntent.IN}


def _may_be_leaving(one: Kept, presented: Sequence[Kept], needed: Required) -> bool:
    in_time = one.last >= needed.span.end
    match one.intent:
        case PunchIntent.OUTING:
            return in_time or (needed.ends_sooner and not _begins_a_hole(one, presented, needed.span.end))
        case PunchIntent.TRAIN:
            return in_time or (needed.ends_sooner and went_to_training(one, needed))
        case intent:
            return intent in {PunchIntent.NONE, PunchIntent.OUT}


def went_to_training(one: Kept, needed: Required) -> bool:
    """Whether this is the sign-in of a training that ends the half: evidence enough, even some minutes early."""
    return one.intent is PunchIntent.TRAIN and any(
        training.start - _SIGN_IN_OPENS <= one.at < training.end and training.start >= needed.span.end
        for training in needed.trainings
    )


def _begins_a_hole(outing: Kept, presented: Sequence[Kept], end: HallTime) -> bool:
    """He came back while he was still required, so this was not the end of his half."""
    return any(one.intent is PunchIntent.RETURN and outing.at < one.at < end for one in presented)


def _ends_a_hole(back: Kept, presented: Sequence[Kept], start: HallTime) -> bool:
    """He had gone after he was required, so this was not the beginning of his half."""
    return any(one.intent is PunchIntent.OUTING and start < one.at < back.at for one in presented)
