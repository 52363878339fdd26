"""What an attendance clock does: every card becomes a punch in the journal first, then a beep, a lamp and a line of text.

Nothing is judged here: unknown cards and second presentations are stored too, and the algorithm decides (1.0.3). The beep
means "safe in the journal". When the journal cannot take a punch there is no ok-beep; the clock says that it is out of
service and where to go, until a punch is taken again. The card number never leaves this file: ``hash_card`` comes from the
node, which holds the key.
"""

from collections.abc import Callable
from dataclasses import replace

from contracts.messages import (
    ClockSettings,
    Message,
    PunchMade,
    PunchStored,
    RequestRefused,
    ServiceState,
)
from contracts.values import BootId, CardHash, HallTime, Ms, NodeName, PunchIntent
from firmware.drivers.card_reader import CardPresented, CardUnreadable, ReaderBack, ReaderLost
from firmware.drivers.key_events import Pressed
from firmware.drivers.lamps import Light, Pattern
from firmware.drivers.text_line import Show, TextBack, TextLost
from firmware.runtime.steps import (
    Effect,
    Happening,
    Heard,
    Keep,
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
from firmware.runtime.troubles import Reporting, Trouble
from punch_clock import views
from punch_clock.outcomes import Outcome, outcome
from punch_clock.situations import BEEPER, GREEN, LAMPS, READER, RED, TEXT, Clock, Confirming, Face, Result, Telling, Waiting

SAME_PUNCH: Ms = 60_000
LINE_STAYS: Ms = 4_000
"""How long somebody reads; every further line adds a page of the text line."""
PAGE: Ms = 3_000
MODE_STAYS: Ms = 8_000
CONFIRM_WITHIN: Ms = 8_000
"""How long somebody may think about leaving early; then the punch is recorded as it is."""
JOURNAL = "journal"
OUT_OF_SERVICE = (JOURNAL, READER)


class ClockBehaviour:
    """The behaviour of the clock with this name in this life.

    ``hash_card`` turns a card number into what may be stored (``contracts.cards`` with the hall's key). ``notice``: the text
    line has room for the notice beside invitation and time.
    """

    def __init__(self, node: NodeName, boot: BootId, hash_card: Callable[[str], CardHash], *, notice: bool = False) -> None:
        self._ids = RequestIds(node, boot)
        self._hash_card = hash_card
        self._notice = notice

    def begin(self, now: Ms) -> Result:
        """Waiting for a card; the time is not certain yet."""
        return self._show(Clock(self._ids), now)

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
        if _is_out_of_service(state):
            return Face(_directions(state), red=Pattern.BLINK)
        if state.situation.mode is not PunchIntent.NONE:
            return Face(views.chosen(state.situation.mode))
        return Face(views.idle(_time(state, now), offline=not state.hall.is_live(now), notice=self._notice))

    # --- The table -------------------------------------------------------------------------------------------------------

    def _react(  # noqa: C901, PLR0911, PLR0912 -- a table is read in one piece
        self, state: Clock, happening: Happening, now: Ms
    ) -> Result:
        match state.situation, happening:
            case (Confirming(), Reported(what=Pressed("confirm"))):
                return _record_early(state, now)
            case (Confirming(), Reported(what=Pressed("cancel"))):
                return _tell(state, views.discarded(), now, beep=None, is_good=False)
            case (Confirming(until=until), TimeReached()) if now >= until:
                return _record_early(state, now)
            case (Confirming(), Reported(what=CardPresented() | CardUnreadable() | Pressed())):
                state, recorded = _record_early(state, now)
                state, effects = self._react(replace(state, situation=Waiting()), happening, now)
                return state, (*recorded, *effects)
            case (_, Reported(what=CardPresented(card))):
                return _punch(state, self._hash_card(card), now)
            case (_, Reported(what=Pressed(key))):
                return _choose(state, key, now)
            case (Waiting(until=int(until)), TimeReached()) if now >= until:
                return replace(state, situation=Waiting()), ()
            case (_, KeepFailed(PunchMade() as punch, reason)):
                return _not_kept(state, punch, reason)
            case (_, Reported(what=CardUnreadable())):
                return _tell(state, views.unreadable(), now, beep=Pattern.BEEP_TWICE, is_good=False)
            case (Telling(until=until), TimeReached()) if now >= until:
                return replace(state, situation=Waiting()), ()
            case (_, Heard(message)):
                return _hear(state, message, now)
            case (_, Reported(what=ReaderLost(reason))):
                return _broken(state, READER, "lost", reason)
            case (_, Reported(what=ReaderBack())):
                return _repaired(state, READER)
            case (_, Reported(what=TextLost(reason))):
                return _broken(state, TEXT, "lost", reason)
            case (_, Reported(what=TextBack())):
                return _repaired(state, TEXT)
            case (_, LinkUp()):
                return _with(state, state.troubles.again(state.ids))
            case (_, LinkDown()):
                return replace(state, hall=state.hall.away()), ()
            case _:
                return state, ()


# --- Modes -----------------------------------------------------------------------------------------------------------------


def _choose(state: Clock, key: str, now: Ms) -> Result:
    """A key says what the next card means, for 8 s; pressed again, or with 取消, nothing is said any more."""
    mode = PunchIntent(key) if key in set(PunchIntent) else PunchIntent.NONE
    before = state.situation.mode if isinstance(state.situation, Waiting) else PunchIntent.NONE
    if mode in {PunchIntent.NONE, before}:
        return replace(state, situation=Waiting()), ()
    return replace(state, situation=Waiting(mode, now + MODE_STAYS)), ()


def _record_early(state: Clock, now: Ms) -> Result:
    """Confirmed, or not answered: the punch counts (only 取消 discards)."""
    assert isinstance(state.situation, Confirming)
    punch = state.situation.punch
    hall_now = _time(state, now)
    person = next((one for one in state.settings.roster if one.staff == punch.staff), None) if state.settings else None
    name = "" if person is None else person.name
    lines = views.stored(name, hall_now, offline=not state.hall.is_live(now))
    return _keep(replace(state, situation=Waiting()), punch, lines, now, is_good=True)


# --- Punching ------------------------------------------------------------------------------------------------------------


def _punch(state: Clock, card: CardHash, now: Ms) -> Result:
    """The punch into the journal, then what the person hears and sees; a full journal drops everything after ``Keep``."""
    request_id, ids = state.ids.next()
    person = state.who(card)
    mode = state.situation.mode if isinstance(state.situation, Waiting) else PunchIntent.NONE
    punch = PunchMade(request_id=request_id, card=card, staff=None if person is None else person.staff, intent=mode)
    found = _outcome(state, card, mode, now)
    if found.early > 0:
        return replace(state, ids=ids, situation=Confirming(punch, found.early, now + CONFIRM_WITHIN)), ()
    return _keep(replace(state, ids=ids), punch, found.lines, now, is_good=found.is_good)


def _keep(state: Clock, punch: PunchMade, lines: views.Lines, now: Ms, *, is_good: bool) -> Result:
    recent = _recent(state, now)
    if punch.card is not None and all(one != punch.card for one, _ in recent):
        recent = (*recent, (punch.card, now))
    beep = Pattern.BEEP if is_good else Pattern.BEEP_TWICE
    state, told = _tell(replace(state, recent=recent), lines, now, beep=beep, is_good=is_good)
    state, well = _repaired(state, JOURNAL)
    return state, (Keep(punch), *told, *well)


def _outcome(state: Clock, card: CardHash, mode: PunchIntent, now: Ms) -> Outcome:
    """What to say about a punch that is safe, and whether all is well with it."""
    person, hall_now, offline = state.who(card), _time(state, now), not state.hall.is_live(now)
    if person is None and state.settings is not None:
        return Outcome(views.unknown_card(), is_good=False)
    if mode is PunchIntent.NONE and any(one == card for one, _ in _recent(state, now)):
        return Outcome(views.repeated(hall_now, offline=offline))
    if person is None:
        return Outcome(views.without_roster())
    if hall_now is None or state.settings is None:
        return Outcome(views.stored(person.name, hall_now, offline=offline))
    found = outcome(mode, person, state.settings, hall_now)
    return replace(found, lines=(*found.lines, *views.doubts(hall_now, offline=offline)))


def _recent(state: Clock, now: Ms) -> tuple[tuple[CardHash, Ms], ...]:
    """The cards whose first punch is less than a minute ago."""
    return tuple((card, at) for card, at in state.recent if now - at < SAME_PUNCH)


def _tell(state: Clock, lines: views.Lines, now: Ms, *, beep: Pattern | None, is_good: bool) -> Result:
    until = now + LINE_STAYS + PAGE * (len(lines) - 1)
    heard = () if beep is None else (Tell(LAMPS, Light(BEEPER, beep)),)
    return replace(state, situation=Telling(lines, is_good, until)), heard


def _not_kept(state: Clock, punch: PunchMade, reason: str) -> Result:
    """The punch is not safe: a long beep, red, and where to go instead; the card has not punched."""
    state, said = _broken(state, JOURNAL, "full", reason)
    recent = tuple((card, at) for card, at in state.recent if card != punch.card)
    situation = state.situation if isinstance(state.situation, Confirming) else Waiting()
    return replace(state, situation=situation, recent=recent), (Tell(LAMPS, Light(BEEPER, Pattern.BEEP_LONG)), *said)


def _is_out_of_service(state: Clock) -> bool:
    return any(part in state.troubles.parts for part in OUT_OF_SERVICE)


def _directions(state: Clock) -> views.Lines:
    return views.out_of_service("" if state.settings is None else state.settings.elsewhere)


def _time(state: Clock, now: Ms) -> HallTime | None:
    """The hall's time if it is certain."""
    return state.hall.at(now) if state.hall.confirmed else None


def _wake_at(state: Clock, now: Ms) -> Ms | None:
    wishes = [state.situation.until]
    wishes.append(state.hall.lost_at() if state.hall.is_live(now) else None)
    hall_now = _time(state, now)
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


def _with(state: Clock, reporting: Reporting) -> Result:
    troubles, ids, effects = reporting
    return replace(state, troubles=troubles, ids=ids), effects


def _repaired(state: Clock, part: str) -> Result:
    return _with(state, state.troubles.repaired(part, state.ids))


def _broken(state: Clock, part: str, code: str, reason: str) -> Result:
    return _with(state, state.troubles.broken(Trouble(part, code, reason), state.ids))
