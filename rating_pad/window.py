"""When a pad may ask, how long it asks, and when it stops: time and the desk, nothing else."""

from contracts.values import HallTime, Ms
from rating_pad.situations import Asking, Dark, JournalFull, Pad, Thanking

PROMPT_AT_LEAST: Ms = 15_000
"""EVAL-6.1: the first 15 s of a prompt are not interrupted."""
THANKS_AT_LEAST: Ms = 2_000
"""So long the chosen lamp burns even if the window ends, or the desk moves on, right after the press."""


def is_over(state: Pad, now: Ms) -> bool:
    """Whether the present situation must end."""
    match state.situation:
        case Dark():
            return False
        case Asking() as asked:
            return is_closed(state, asked, now)
        case Thanking(asked, since=since):
            return now >= since + THANKS_AT_LEAST and (_is_past(state, asked.until, now) or _moved_on(state, asked))
        case JournalFull(asked, ends):
            return now >= ends or is_closed(state, asked, now)


def is_closed(state: Pad, asked: Asking, now: Ms) -> bool:
    """Whether this visitor can no longer be asked."""
    if state.is_quiet:
        return True
    if _is_past(state, asked.until, now) or asked.session in state.done:
        return True
    return _moved_on(state, asked) and now >= asked.since + PROMPT_AT_LEAST


def offered(state: Pad, now: Ms) -> Asking | None:
    """What the desk offers to be rated now; nothing before the time is certain, nothing in an emergency."""
    if state.is_quiet:
        return None
    desk, hall_now = state.desk, state.clock.at(now)
    if desk is None or desk.session is None or desk.arm_until is None or hall_now is None or not state.clock.confirmed:
        return None
    if desk.rated or desk.session in state.done or hall_now >= desk.arm_until:
        return None
    return Asking(desk.session, desk.arm_until, now)


def ends_at(state: Pad, now: Ms) -> Ms | None:
    """When the present situation must be looked at again."""
    match state.situation:
        case Dark():
            return None
        case Asking() as asked:
            early = asked.since + PROMPT_AT_LEAST if _moved_on(state, asked) else None
        case Thanking(asked, since=since):
            early = since + THANKS_AT_LEAST if now < since + THANKS_AT_LEAST else None
        case JournalFull(asked, ends):
            early = ends
    closes = state.clock.monotonic(asked.until)
    wishes = [wish for wish in (early, closes) if wish is not None and wish > now]
    return min(wishes, default=None)


def _is_past(state: Pad, until: HallTime, now: Ms) -> bool:
    hall_now = state.clock.at(now)
    return hall_now is not None and hall_now >= until


def _moved_on(state: Pad, asked: Asking) -> bool:
    """Whether the desk is no longer about this session."""
    return state.desk is None or state.desk.session != asked.session
