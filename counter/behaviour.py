"""What a counter terminal does: one key, one request, and an answer within 1.5 s or a sentence that says there was none.

The terminal decides nothing. It shows the retained state of its counter's desk and asks the service for the next step; a
key that makes no sense now is explained without a request. While an answer is awaited every key and the reader are
disabled, so nothing is asked twice. Nothing is asked of a service that has not been heard for 15 s.

What is beyond the six keys stands in a list (``menu``, ``choosing``) and is asked with 确定 alone; any of the six keys
leaves the list and means what it always means.
"""

from dataclasses import replace
from typing import assert_never

from msgspec import structs

from contracts.messages import (
    Answer,
    CounterSettings,
    DeskState,
    HandoverTold,
    LoginRequested,
    Message,
    Perishable,
    RequestDone,
    RequestRefused,
    ServiceState,
)
from contracts.values import BootId, HandoverAct, Ms, NodeName, Refusal
from counter import choosing, face, keys, slips, troubles, views
from counter.choosing import tell
from counter.terminal import AwaitingAnswer, Choosing, Ready, Result, Terminal
from firmware.drivers.buttons import Pressed
from firmware.drivers.card_reader import CardPresented, CardUnreadable
from firmware.drivers.thermal_printer import JobFailed
from firmware.runtime.steps import (
    FollowDesk,
    Happening,
    Heard,
    KeepFailed,
    LinkDown,
    LinkUp,
    Note,
    Reported,
    RequestIds,
    Say,
    TimeReached,
)

ANSWER_WITHIN: Ms = 1_500


class CounterBehaviour:
    """The behaviour of the terminal with this name in this life; ``prints``: it has a printer for slips."""

    def __init__(self, node: NodeName, boot: BootId, *, prints: bool = False) -> None:
        self._ids = RequestIds(node, boot)
        self._prints = prints

    def begin(self, now: Ms) -> Result:
        """Nothing known yet; the text line says so."""
        return face.shown(Terminal(self._ids), now)

    def step(self, state: Terminal, happening: Happening, now: Ms) -> Result:
        """React, then bring text line and lamp up to date."""
        before = state
        state, effects = _react(state, happening, now)
        if self._prints:
            effects = (*effects, *slips.lead(before, state, now))
        state, faces = face.shown(face.begun(before, choosing.settled(state, now), now), now)
        return state, (*effects, *faces)


# --- Asking --------------------------------------------------------------------------------------------------------------


def _press(state: Terminal, key: str, now: Ms) -> Result:
    """One key: the request that fits the phase of the counter, or the reason why none does; or a list."""
    desk = state.desk
    if desk is None or not state.clock.is_live(now):
        return tell(state, views.away(desk), now), ()
    if key == choosing.CONFIRM:
        return _confirm(state, now)
    if key in choosing.KEYS:
        return choosing.stepped(state, key, now), ()
    state = choosing.left(state)
    request_id, ids = state.ids.next()
    wanted = keys.request_for(key, desk, request_id, state.clock.expires_at(now))
    if isinstance(wanted, Refusal):
        return tell(state, views.refused(wanted), now), ()
    return _ask(replace(state, ids=ids), wanted, now)


def _confirm(state: Terminal, now: Ms) -> Result:
    """确定: ask for what stands on the glass."""
    state, chosen = choosing.confirmed(state, now)
    if chosen is None:
        return state, ()
    request_id, ids = state.ids.next()
    signed = structs.replace(chosen, request_id=request_id, expires_at=state.clock.expires_at(now))
    return _ask(replace(state, ids=ids), signed, now)


def _log_in(state: Terminal, card: str, now: Ms) -> Result:
    """A work card; who it is and whether it logs in or out, the service decides."""
    if state.settings is None or not state.clock.is_live(now):
        return tell(state, views.away(state.desk), now), ()
    request_id, ids = state.ids.next()
    wanted = LoginRequested(request_id=request_id, expires_at=state.clock.expires_at(now), card=card)
    return _ask(replace(state, ids=ids), wanted, now)


def _ask(state: Terminal, request: Perishable, now: Ms) -> Result:
    asking = AwaitingAnswer(request.request_id, now + ANSWER_WITHIN)
    return replace(state, asking=asking, sentence=None), (Say(request),)


def _time(state: Terminal, now: Ms) -> Result:
    """Give up an answer, take away a sentence; the rest is the face's."""
    if isinstance(state.asking, AwaitingAnswer) and now >= state.asking.give_up_at:
        gave_up = replace(state, asking=Ready(late=state.asking.request_id))
        return tell(gave_up, views.no_answer(), now), (Note("no_answer", {"request": state.asking.request_id}),)
    if state.sentence is not None and now >= state.sentence.until:
        return replace(state, sentence=None), ()
    return state, ()


# --- Hearing -------------------------------------------------------------------------------------------------------------


def _assigned(state: Terminal, settings: CounterSettings) -> Result:
    """The service says which counter this is."""
    known = state.settings is not None and state.settings.counter == settings.counter
    state = replace(state, settings=settings, desk=state.desk if known else None)
    return state, () if known else (FollowDesk(settings.counter),)


def _desk(state: Terminal, desk: DeskState) -> Result:
    """The state of a desk: ours, and not older than what we have."""
    if state.settings is None or desk.counter != state.settings.counter:
        return state, ()
    if state.desk is not None and (desk.epoch, desk.fact) < (state.desk.epoch, state.desk.fact):
        return state, ()
    return replace(state, desk=desk), ()


def _answer(state: Terminal, answer: Answer, now: Ms) -> Result:
    """An answer to what we asked last, in time or late; any other is not for the clerk."""
    awaited = state.asking.request_id if isinstance(state.asking, AwaitingAnswer) else state.asking.late
    if awaited is None or answer.request_id != awaited:
        return state, ()
    state = replace(state, asking=Ready(), sentence=None)
    if isinstance(answer, RequestRefused):
        return tell(state, views.refused(answer.reason, answer.values), now), ()
    if isinstance(answer, HandoverTold):
        stays = choosing.NUMBER_STAYS if answer.act is HandoverAct.SHOW and answer.phone else choosing.SENTENCE_STAYS
        return tell(state, views.handover(answer), now, stays), ()
    return state, ()


def _hear(state: Terminal, message: Message, now: Ms) -> Result:
    match message:
        case CounterSettings():
            return _assigned(state, message)
        case DeskState():
            return _desk(state, message)
        case RequestDone() | RequestRefused() | HandoverTold():
            return _answer(state, message, now)
        case ServiceState():
            return replace(state, clock=state.clock.heard(message, now)), ()
        case _:
            return state, ()


# --- The table -----------------------------------------------------------------------------------------------------------


def _react(  # noqa: PLR0911, C901 -- a table is read in one piece
    state: Terminal, happening: Happening, now: Ms
) -> Result:
    match state.asking, happening:
        case (_, Heard(message)):
            return _hear(state, message, now)
        case (_, TimeReached()):
            return _time(state, now)
        case (Ready() | Choosing(), Reported(what=Pressed(key))):
            return _press(state, key, now)
        case (Ready() | Choosing(), Reported(what=CardPresented(card))):
            return _log_in(choosing.left(state), card, now)
        case (Ready() | Choosing(), Reported(what=CardUnreadable())):
            return tell(choosing.left(state), views.unreadable(), now), ()
        case (AwaitingAnswer(), Reported(what=Pressed() | CardPresented() | CardUnreadable())):
            return state, ()
        case (_, Reported(what=JobFailed())):
            return tell(state, views.not_printed(), now), ()
        case (_, Reported(what=what)):
            return troubles.noticed(state, what)
        case (_, LinkUp()):
            return troubles.again(state)
        case (_, LinkDown()):
            return replace(state, clock=state.clock.away()), ()
        case (_, KeepFailed()):
            return state, ()
        case _:
            assert_never(happening)
