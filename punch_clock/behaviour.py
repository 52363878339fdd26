"""What an attendance clock does: every card becomes a punch in the journal first, then a beep, a lamp and a line of text.

Nothing is judged here: unknown cards and second presentations are stored too, and the algorithm decides (1.0.3). The beep
means "safe in the journal". When the journal cannot take a punch there is no ok-beep; the clock says that it is out of
service and where to go, until a punch is taken again. The card number never leaves this file: ``hash_card`` comes from the
node, which holds the key.
"""

from collections.abc import Callable
from dataclasses import replace

from contracts.messages import ClockSettings, Message, PunchMade, PunchStored, RequestRefused, ServiceState
from contracts.values import BootId, CardHash, Ms, NodeName, PunchIntent
from firmware.drivers.card_reader import CardPresented, CardUnreadable, ReaderBack, ReaderLost
from firmware.drivers.key_events import Pressed
from firmware.drivers.keypad import KeypadBack, KeypadLost
from firmware.drivers.lamps import Light, Pattern
from firmware.drivers.text_line import Show, TextBack, TextLost
from firmware.runtime.steps import (
    Effect,
    Happening,
    Heard,
    KeepFailed,
    LinkDown,
    LinkUp,
    Note,
    Reported,
    RequestIds,
    Tell,
    TimeReached,
    WakeAt,
)
from punch_clock import pin_pad, views
from punch_clock.pin_pad import TYPING_STAYS, CheckPin
from punch_clock.punching import (
    JOURNAL,
    broken,
    is_offline,
    not_kept,
    record_early,
    repaired,
    reported,
    tell,
    time_here,
    with_card,
)
from punch_clock.situations import (
    CANCEL,
    CONFIRM,
    DIGITS,
    GREEN,
    KEYPAD,
    LAMPS,
    OK,
    PAD_KEYS,
    READER,
    RED,
    TEXT,
    Clock,
    Confirming,
    Face,
    Glass,
    Result,
    Telling,
    Typing,
    Waiting,
)

MODE_STAYS: Ms = 8_000
ROWS_WITH_NOTICE = 4
"""From this many rows on the notice fits beside invitation and time, without turning pages."""
MODES = frozenset(PunchIntent) - {PunchIntent.NONE}
_KEYS = frozenset({*MODES, CONFIRM, CANCEL, *PAD_KEYS})
OUT_OF_SERVICE = (JOURNAL, READER)


class ClockBehaviour:
    """The behaviour of the clock with this name in this life.

    ``hash_card`` turns a card number into what may be stored (``contracts.cards`` with the hall's key); ``check_pin``
    compares a typed PIN.
    """

    def __init__(
        self,
        node: NodeName,
        boot: BootId,
        hash_card: Callable[[str], CardHash],
        check_pin: CheckPin,
        glass: Glass = Glass(),  # noqa: B008 -- frozen
    ) -> None:
        self._ids = RequestIds(node, boot)
        self._hash_card = hash_card
        self._check_pin = check_pin
        self._glass = glass

    def begin(self, now: Ms) -> Result:
        """Waiting for a card; the time is not certain yet."""
        return self._show(Clock(self._ids, self._glass), now)

    def step(self, state: Clock, happening: Happening, now: Ms) -> Result:
        """React, then bring text line and lamps up to date."""
        state, effects = self._react(state, happening, now)
        state, shown = self._show(state, now)
        return state, (*effects, *shown)

    def _show(self, state: Clock, now: Ms) -> Result:
        face, old = self._face(state, now), state.face
        effects: list[Effect] = []
        if face.lines != old.lines:
            effects.append(Tell(TEXT, Show(face.lines)))
        if face.green is not old.green:
            effects.append(Tell(LAMPS, Light(GREEN, face.green)))
        if face.red is not old.red:
            effects.append(Tell(LAMPS, Light(RED, face.red)))
        return replace(state, face=face), (*effects, WakeAt(_wake_at(state, now)))

    def _face(self, state: Clock, now: Ms) -> Face:
        if isinstance(state.situation, Confirming):
            return Face(views.confirm(state.situation.early))
        if isinstance(state.situation, Telling):
            lit = Pattern.ON
            good = state.situation.is_good
            return Face(state.situation.lines, lit if good else Pattern.OFF, Pattern.OFF if good else lit)
        if isinstance(state.situation, Typing):
            typing = state.situation
            return Face(views.typing(typing.mode, typing.number, None if typing.pin is None else len(typing.pin)))
        if _is_out_of_service(state):
            return Face(_directions(state), red=Pattern.BLINK)
        if state.situation.mode is not PunchIntent.NONE:
            return Face(views.chosen(state.situation.mode))
        return Face(
            views.idle(time_here(state, now), offline=is_offline(state, now), notice=self._glass.rows >= ROWS_WITH_NOTICE)
        )

    # --- The table -------------------------------------------------------------------------------------------------------

    def _react(  # noqa: C901, PLR0911, PLR0912 -- a table is read in one piece
        self, state: Clock, happening: Happening, now: Ms
    ) -> Result:
        match state.situation, happening:
            case (_, Reported(what=Pressed(key))) if key not in _KEYS:
                return state, ()  # a keypad may have more keys than a clock
            case (Confirming(), Reported(what=Pressed("confirm" | "ok"))):
                return record_early(state, now)
            case (Confirming(), Reported(what=Pressed("cancel" | "back"))):
                return tell(state, views.discarded(), now, beep=None, is_good=False)
            case (Confirming(until=until), TimeReached()) if now >= until:
                return record_early(state, now)
            case (Confirming(), Reported(what=CardPresented() | CardUnreadable() | Pressed())):
                state, recorded = record_early(state, now)
                state, effects = self._react(replace(state, situation=Waiting()), happening, now)
                return state, (*recorded, *effects)
            case (_, Reported(what=CardPresented(card))):
                return with_card(state, self._hash_card(card), now)
            case (_, Reported(what=Pressed(key))) if key in DIGITS or (
                isinstance(state.situation, Typing) and key not in MODES
            ):
                return pin_pad.pressed(state, key, self._check_pin, now)
            case (_, Reported(what=Pressed(key))):
                return _choose(state, key, now)
            case (Waiting(until=int(until)) | Typing(until=until), TimeReached()) if now >= until:
                return replace(state, situation=Waiting()), ()
            case (_, KeepFailed(PunchMade() as punch, reason)):
                return not_kept(state, punch, reason)
            case (_, Reported(what=CardUnreadable())):
                return tell(state, views.unreadable(), now, beep=Pattern.BEEP_TWICE, is_good=False)
            case (Telling(until=until), TimeReached()) if now >= until:
                return replace(state, situation=Waiting()), ()
            case (_, Heard(message)):
                return _hear(state, message, now)
            case (_, Reported(what=ReaderLost(reason))):
                return broken(state, READER, "lost", reason)
            case (_, Reported(what=ReaderBack())):
                return repaired(state, READER)
            case (_, Reported(what=KeypadLost(reason))):
                return broken(state, KEYPAD, "lost", reason)
            case (_, Reported(what=KeypadBack())):
                return repaired(state, KEYPAD)
            case (_, Reported(what=TextLost(reason))):
                return broken(state, TEXT, "lost", reason)
            case (_, Reported(what=TextBack())):
                return repaired(state, TEXT)
            case (_, LinkUp()):
                return reported(state, state.troubles.again(state.ids))
            case (_, LinkDown()):
                return replace(state, hall=state.hall.away()), ()
            case _:
                return state, ()


# --- Modes -----------------------------------------------------------------------------------------------------------------


def _choose(state: Clock, key: str, now: Ms) -> Result:
    """A key says what the next punch means, for 8 s; pressed again, or with 取消, nothing is said any more."""
    if key in (CONFIRM, OK):
        return state, ()
    mode = PunchIntent(key) if key in MODES else PunchIntent.NONE
    if isinstance(state.situation, Typing) and mode is not PunchIntent.NONE:
        return replace(state, situation=replace(state.situation, mode=mode, until=now + TYPING_STAYS)), ()
    if mode in {PunchIntent.NONE, state.mode}:
        return replace(state, situation=Waiting()), ()
    return replace(state, situation=Waiting(mode, now + MODE_STAYS)), ()


# --- What stands there ---------------------------------------------------------------------------------------------------


def _is_out_of_service(state: Clock) -> bool:
    return any(part in state.troubles.parts for part in OUT_OF_SERVICE)


def _directions(state: Clock) -> views.Lines:
    return views.out_of_service("" if state.settings is None else state.settings.elsewhere)


def _wake_at(state: Clock, now: Ms) -> Ms | None:
    wishes = [state.situation.until]
    wishes.append(state.hall.lost_at() if state.hall.is_live(now) else None)
    hall_now = time_here(state, now)
    wishes.append(None if hall_now is None else now + views.next_minute(hall_now))
    return min((wish for wish in wishes if wish is not None), default=None)


# --- Hearing and reporting -----------------------------------------------------------------------------------------------


def _hear(state: Clock, message: Message, now: Ms) -> Result:
    match message:
        case ClockSettings():
            return replace(state, settings=message), ()
        case ServiceState():
            return replace(state, hall=state.hall.heard(message, now)), ()
        case PunchStored(unverified=True):
            return state, (Note("time_unverified", {"request": message.request_id}),)
        case RequestRefused():
            return state, (Note("refused", {"request": message.request_id, "reason": message.reason}),)
        case _:
            return state, ()
