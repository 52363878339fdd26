"""What a rating pad does: after a service it asks once, for as long as the service says, and believes only its journal.

All five lamps burn alike while the pad asks (EVAL-4: none preselected). A press is journalled first; only then does its lamp
burn alone, until the window ends. If the journal cannot take it, all five lamps blink and the visitor may press again: a
lamp that burns alone means "safe", always. Presses at any other time do nothing.

The window is the service's ``arm_until``, a hall time. A pad that has not heard the hall clock since it started cannot
know whether the window is still open, and does not ask. Once it asks, it goes on without service and link.

The first 15 s belong to the visitor (EVAL-6.1): if the clerk starts with the next one meanwhile, the pad goes on asking
about the session before until those 15 s (or its window) are over, and only then looks at the desk again. The rating names
its session, so it cannot be taken for one of the next visitor; a session that ends within that time is asked about
afterwards. Only three things end a prompt at once: its own rating, the news that it was rated elsewhere, and an emergency,
in which nobody is to stop at a pad (HALL-8.2); it is asked again afterwards if its window is still open.
"""

from dataclasses import replace

from contracts.messages import (
    DeskState,
    HallBoard,
    Message,
    PadSettings,
    RatingRecorded,
    RatingRefused,
    RatingSubmitted,
    RequestRefused,
    ServiceState,
)
from contracts.values import BootId, CounterId, Ms, NodeName, RequestId, SessionId
from firmware.drivers.buttons import Pressed, Stuck, Unstuck
from firmware.drivers.text_line import TextBack, TextLost
from firmware.runtime.steps import (
    Effect,
    FollowDesk,
    Happening,
    Heard,
    Keep,
    KeepFailed,
    LinkDown,
    LinkUp,
    Note,
    Reported,
    RequestIds,
    WakeAt,
)
from firmware.runtime.troubles import Reporting, Trouble
from rating_pad import face, window
from rating_pad.situations import TEXT, Asking, Dark, JournalFull, Pad, Result, Situation, Thanking, lights

ERROR_SHOWN: Ms = 5_000
REMEMBERED = 16


class PadBehaviour:
    """The behaviour of the pad with this name in this life; ``shows``: it has a text line (COND-8)."""

    def __init__(self, node: NodeName, boot: BootId, *, shows: bool = False) -> None:
        self._ids = RequestIds(node, boot)
        self._shows = shows

    def begin(self, now: Ms) -> Result:
        """Dark."""
        del now
        return Pad(self._ids), ()

    def step(self, state: Pad, happening: Happening, now: Ms) -> Result:
        """React, see whether the desk and the time still allow the situation, then wish to be woken."""
        state, effects = _react(state, happening, now)
        state, more = _settle(state, now)
        state, said = face.shown(state) if self._shows else (state, ())
        return state, (*effects, *more, *said, WakeAt(window.ends_at(state, now)))


def _enter(state: Pad, situation: Situation) -> Result:
    return replace(state, situation=situation), lights(situation)


# --- Whether to ask ------------------------------------------------------------------------------------------------------


def _settle(state: Pad, now: Ms) -> Result:
    """End what must end, then ask if there is something to ask."""
    effects: list[Effect] = []
    if window.is_over(state, now):
        state, said = _leave(state, now)
        effects += said
    if isinstance(state.situation, Dark) and (asking := window.offered(state, now)) is not None:
        state, said = _enter(state, asking)
        effects += said
    return state, effects


def _leave(state: Pad, now: Ms) -> Result:
    """From an error back to asking while the window is open; from everything else into the dark."""
    if isinstance(state.situation, JournalFull) and not window.is_closed(state, state.situation.asked, now):
        return _enter(state, state.situation.asked)
    return _enter(state, Dark())


# --- Rating --------------------------------------------------------------------------------------------------------------


def _rate(state: Pad, situation: Asking | JournalFull, key: str, now: Ms) -> Result:
    """The rating into the journal, then its lamp; nothing if the window has closed this very moment."""
    asked = situation if isinstance(situation, Asking) else situation.asked
    if window.is_closed(state, asked, now):
        return state, ()
    request_id, ids = state.ids.next()
    rating = RatingSubmitted(request_id=request_id, session=asked.session, level=int(key))
    thanking = Thanking(asked, rating.level, request_id, now)
    state = replace(_done(state, asked.session), ids=ids, situation=thanking)
    return state, (Keep(rating), *lights(thanking))


def _done(state: Pad, session: SessionId) -> Pad:
    """Remember that this session is not to be asked about again."""
    return state if session in state.done else replace(state, done=(*state.done, session)[-REMEMBERED:])


def _not_kept(state: Pad, asked: Asking, reason: str, now: Ms) -> Result:
    """The journal did not take it: say so to the visitor by blinking and to the service, and take nothing for done."""
    state, said = _with(
        replace(state, done=tuple(one for one in state.done if one != asked.session)),
        state.troubles.broken(Trouble("journal", "full", reason), state.ids),
    )
    state, blinking = _enter(state, JournalFull(asked, now + ERROR_SHOWN))
    return state, (*blinking, *said)


def _refused(state: Pad, request_id: RequestId, why: str) -> Result:
    """The service has recorded this rating as refused: its lamp goes out, and it is not asked again."""
    if not isinstance(state.situation, Thanking) or state.situation.request_id != request_id:
        return state, ()
    state, dark = _enter(state, Dark())
    return state, (*dark, Note("rating_refused", {"request": request_id, "reason": why}))


# --- Hearing -------------------------------------------------------------------------------------------------------------


def _assigned(state: Pad, counter: CounterId) -> Result:
    if counter == state.counter:
        return state, ()
    return replace(state, counter=counter, desk=None), (FollowDesk(counter),)


def _desk(state: Pad, desk: DeskState) -> Pad:
    """The state of our desk, unless it is older than what we have."""
    if desk.counter != state.counter:
        return state
    if state.desk is not None and (desk.epoch, desk.fact) < (state.desk.epoch, state.desk.fact):
        return state
    state = replace(state, desk=desk)
    return _done(state, desk.session) if desk.rated and desk.session is not None else state


def _hall(state: Pad, hall: HallBoard) -> Pad:
    """The state of the hall, unless it is older than what we have."""
    if state.hall is not None and (hall.epoch, hall.fact) < (state.hall.epoch, state.hall.fact):
        return state
    return replace(state, hall=hall)


def _hear(state: Pad, message: Message, now: Ms) -> Result:  # noqa: PLR0911 -- a table is read in one piece
    match message:
        case PadSettings():
            return _assigned(state, message.counter)
        case DeskState():
            return _desk(state, message), ()
        case HallBoard():
            return _hall(state, message), ()
        case ServiceState():
            return replace(state, clock=state.clock.heard(message, now)), ()
        case RatingRefused() | RequestRefused():
            return _refused(state, message.request_id, message.reason)
        case RatingRecorded():
            return _with(state, state.troubles.repaired("journal", state.ids))
        case _:
            return state, ()


def _with(state: Pad, reporting: Reporting) -> Result:
    troubles, ids, effects = reporting
    return replace(state, troubles=troubles, ids=ids), effects


# --- The table -----------------------------------------------------------------------------------------------------------


def _react(  # noqa: PLR0911 -- a table is read in one piece
    state: Pad, happening: Happening, now: Ms
) -> Result:
    match state.situation, happening:
        case (_, Heard(message)):
            return _hear(state, message, now)
        case ((Asking() | JournalFull()) as situation, Reported(what=Pressed(key))):
            return _rate(state, situation, key, now)
        case (Thanking(asked), KeepFailed(_, reason)):
            return _not_kept(state, asked, reason, now)
        case (_, Reported(what=Stuck(key))):
            return _with(state, state.troubles.broken(Trouble(f"key.{key}", "stuck"), state.ids))
        case (_, Reported(what=Unstuck(key))):
            return _with(state, state.troubles.repaired(f"key.{key}", state.ids))
        case (_, Reported(what=TextLost(reason))):
            return _with(state, state.troubles.broken(Trouble(TEXT, "lost", reason), state.ids))
        case (_, Reported(what=TextBack())):
            return _with(state, state.troubles.repaired(TEXT, state.ids))
        case (_, LinkDown()):
            return replace(state, clock=state.clock.link_lost()), ()
        case (_, LinkUp()):
            return _with(state, state.troubles.again(state.ids))
        case _:
            return state, ()
