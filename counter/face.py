"""What the clerk sees: the text line and the lamp, brought up to date after everything that happens."""

from dataclasses import replace

from contracts.values import CounterPhase, Ms
from counter import notes, views
from counter.terminal import LAMP, LAMPS, TEXT, AwaitingAnswer, Choosing, Result, Terminal
from firmware.drivers.lamps import Light, Pattern
from firmware.drivers.text_line import Show
from firmware.runtime.steps import Effect, Tell, WakeAt


def shown(state: Terminal, now: Ms) -> Result:
    """Tell text line and lamp what has changed, and wish to be woken for the next change."""
    lines, lamp = _lines(state, now), _lamp(state, now)
    effects: list[Effect] = []
    if lines != state.shown:
        effects.append(Tell(TEXT, Show(lines)))
    if lamp is not state.lamp:
        effects.append(Tell(LAMPS, Light(LAMP, lamp)))
    return replace(state, shown=lines, lamp=lamp), (*effects, WakeAt(_wake_at(state, now)))


def begun(before: Terminal, state: Terminal, now: Ms) -> Terminal:
    """When the state of the counter began to stand there: anew after everything that was pressed, read or changed.

    A note of a new kind that comes up while nothing else happens, and is the most urgent one, is shown at once.
    """
    if _situation(before, now) != _situation(state, now):
        return replace(state, since=now)
    urgent = _notes(state)[:1]
    if urgent and urgent[0].key not in [one.key for one in _notes(before)]:
        return replace(state, since=now - notes.STANDING_STAYS)
    return state


def _situation(state: Terminal, now: Ms) -> tuple[object, ...]:
    desk = state.desk
    at_desk = (None, None) if desk is None else (desk.phase, desk.ticket)
    return type(state.asking), state.sentence, state.clock.is_live(now), *at_desk


def _notes(state: Terminal) -> tuple[notes.Said, ...]:
    return () if state.desk is None else notes.notes(state.desk)


def _lines(state: Terminal, now: Ms) -> views.Lines:
    if state.sentence is not None:
        return state.sentence.lines
    if isinstance(state.asking, Choosing):
        return views.choice(state.asking.choices[state.asking.at].label)
    return (*_standing(state, now), *map(views.trouble, state.troubles.parts))


def _standing(state: Terminal, now: Ms) -> views.Lines:
    if state.settings is None:
        return views.not_assigned(state.ids.node)
    if not state.clock.is_live(now):
        return views.away(state.desk)
    if state.desk is None:
        return views.connecting(state.settings)
    note = notes.shown(_notes(state), now - state.since)
    return views.desk(state.desk, state.clock.at(now)) if note is None else (note,)


def _lamp(state: Terminal, now: Ms) -> Pattern:
    """On: a visitor is called. Blinking: do not trust what you see, an answer is missing or the service is away."""
    if isinstance(state.asking, AwaitingAnswer) or not state.clock.is_live(now):
        return Pattern.BLINK
    called = state.desk is not None and state.desk.phase is CounterPhase.CALLED
    return Pattern.ON if called else Pattern.OFF


def _wake_at(state: Terminal, now: Ms) -> Ms | None:
    wishes = [state.clock.lost_at() if state.clock.is_live(now) else None]
    if isinstance(state.asking, AwaitingAnswer):
        wishes.append(state.asking.give_up_at)
    if isinstance(state.asking, Choosing):
        wishes.append(state.asking.until)
    if state.sentence is not None:
        wishes.append(state.sentence.until)
    elif state.desk is not None:
        left = views.changes_in(state.desk, state.clock.at(now)), notes.changes_in(_notes(state), now - state.since)
        wishes += [now + one for one in left if one is not None]
    return min((wish for wish in wishes if wish is not None), default=None)
