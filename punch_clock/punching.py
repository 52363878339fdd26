"""A punch of a card or a PIN: into the journal first, then what the person hears and sees.

Nothing is judged here: unknown and lost cards and second presentations are stored too, and the algorithm decides (1.0.3).
"""

from dataclasses import replace

from contracts.messages import PunchMade
from contracts.values import CardHash, HallTime, Ms, PunchIntent
from firmware.drivers.lamps import Light, Pattern
from firmware.drivers.text_line import PAGE_STAYS, pages_of
from firmware.runtime.steps import Keep, Tell
from firmware.runtime.troubles import Reporting, Trouble
from punch_clock import views
from punch_clock.outcomes import Outcome, outcome
from punch_clock.reminders import reminders
from punch_clock.situations import BEEPER, LAMPS, Clock, Confirming, Person, Result, Telling, Waiting

SAME_PUNCH: Ms = 60_000
LINE_STAYS: Ms = 4_000
"""How long somebody reads the first page of the text line."""
CONFIRM_WITHIN: Ms = 8_000
"""How long somebody may think about leaving early; then the punch is recorded as it is."""
MOST_SIGNED = 500
"""Sign-ins to trainings that a clock remembers, to know a sign-out; the record does not depend on it."""
JOURNAL = "journal"


def with_card(state: Clock, card: CardHash, now: Ms) -> Result:
    """A card. One nobody knows, or that was reported lost, is stored as nobody's."""
    return _punch(state, card, state.who(card), now)


def with_pin(state: Clock, person: Person, now: Ms) -> Result:
    """A staff number and the right PIN: a punch without a card."""
    return _punch(state, None, person, now)


def record_early(state: Clock, now: Ms) -> Result:
    """Confirmed, or not answered: the punch counts (only 取消 discards)."""
    assert isinstance(state.situation, Confirming)
    asked = state.situation
    lines = views.stored(asked.person.name, time_here(state, now), offline=is_offline(state, now))
    return _keep(replace(state, situation=Waiting()), asked.punch, lines, now, is_good=True)


def not_kept(state: Clock, punch: PunchMade, reason: str) -> Result:
    """The punch is not safe: a long beep, red, and where to go instead; the person has not punched."""
    state, said = broken(state, JOURNAL, "full", reason)
    recent = tuple((who, at) for who, at in state.recent if who != _by(punch))
    situation = state.situation if isinstance(state.situation, Confirming) else Waiting()
    signed = tuple(one for one in state.signed if one[0] != punch.staff)
    state = replace(state, situation=situation, recent=recent, signed=signed)
    return state, (Tell(LAMPS, Light(BEEPER, Pattern.BEEP_LONG)), *said)


def tell(state: Clock, lines: views.Lines, now: Ms, *, beep: Pattern | None, is_good: bool) -> Result:
    """Show this for as long as it takes to read."""
    pages = len(pages_of(lines, state.glass.rows, state.glass.columns))
    until = now + LINE_STAYS + PAGE_STAYS * (pages - 1)
    heard = () if beep is None else (Tell(LAMPS, Light(BEEPER, beep)),)
    return replace(state, situation=Telling(lines, is_good, until)), heard


def time_here(state: Clock, now: Ms) -> HallTime | None:
    """The hall's time if it is certain."""
    return state.hall.at(now) if state.hall.confirmed else None


def is_offline(state: Clock, now: Ms) -> bool:
    """Whether what is kept now stays here for the time being."""
    return not state.hall.is_live(now)


def repaired(state: Clock, part: str) -> Result:
    """A part works again."""
    return reported(state, state.troubles.repaired(part, state.ids))


def broken(state: Clock, part: str, code: str, reason: str) -> Result:
    """A part needs repair."""
    return reported(state, state.troubles.broken(Trouble(part, code, reason), state.ids))


def reported(state: Clock, reporting: Reporting) -> Result:
    """The state after something was said about parts."""
    troubles, ids, effects = reporting
    return replace(state, troubles=troubles, ids=ids), effects


def _punch(state: Clock, card: CardHash | None, person: Person | None, now: Ms) -> Result:
    """The question before an early leaving, else the punch itself; a full journal drops everything after ``Keep``."""
    request_id, ids = state.ids.next()
    staff = None if person is None else person.staff
    punch = PunchMade(request_id=request_id, card=card, staff=staff, intent=state.mode)
    found = _outcome(state, card, person, now)
    if found.early > 0 and person is not None:
        return replace(state, ids=ids, situation=Confirming(punch, person, found.early, now + CONFIRM_WITHIN)), ()
    if found.training is not None and staff is not None:
        state = replace(state, signed=(*state.signed, (staff, found.training))[-MOST_SIGNED:])
    return _keep(replace(state, ids=ids), punch, found.lines, now, is_good=found.is_good)


def _keep(state: Clock, punch: PunchMade, lines: views.Lines, now: Ms, *, is_good: bool) -> Result:
    recent = _recent(state, now)
    if all(who != _by(punch) for who, _ in recent):
        recent = (*recent, (_by(punch), now))
    beep = Pattern.BEEP if is_good else Pattern.BEEP_TWICE
    state, told = tell(replace(state, recent=recent), lines, now, beep=beep, is_good=is_good)
    state, well = repaired(state, JOURNAL)
    return state, (Keep(punch), *told, *well)


def _outcome(state: Clock, card: CardHash | None, person: Person | None, now: Ms) -> Outcome:
    """What to say about a punch that is safe, and whether all is well with it."""
    hall_now, offline = time_here(state, now), is_offline(state, now)
    if card is not None and state.is_lost(card):
        return Outcome(views.lost_card(), is_good=False)
    if person is None and state.settings is not None:
        return Outcome(views.unknown_card(), is_good=False)
    who = card if person is None else person.staff
    if state.mode is PunchIntent.NONE and any(one == who for one, _ in _recent(state, now)):
        return Outcome(views.repeated(hall_now, offline=offline))
    if person is None:
        return Outcome(views.without_roster())
    if hall_now is None or state.settings is None:
        return Outcome(views.stored(person.name, hall_now, offline=offline))
    found = outcome(state.mode, person, state.settings, hall_now, state.signed_in(person.staff))
    more = *reminders(person, state.settings, hall_now), *views.doubts(hall_now, offline=offline)
    return replace(found, lines=(*found.lines, *more))


def _by(punch: PunchMade) -> str:
    """Who punched: the person, or the card of nobody known."""
    return punch.staff or punch.card or ""


def _recent(state: Clock, now: Ms) -> tuple[tuple[str, Ms], ...]:
    """Whose first punch is less than a minute ago."""
    return tuple((who, at) for who, at in state.recent if now - at < SAME_PUNCH)
