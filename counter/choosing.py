"""The list on the text line: opening it, stepping through it, and leaving it. What is chosen is asked by the behaviour."""

from dataclasses import replace

from contracts.messages import Perishable
from contracts.values import CounterPhase, Ms, Refusal
from counter import menu, views
from counter.menu import Choice, Topic
from counter.terminal import Choosing, Ready, Sentence, Terminal

STAYS: Ms = 10_000
"""A list that nobody goes on with leaves the glass."""
SENTENCE_STAYS: Ms = 4_000
NUMBER_STAYS: Ms = 20_000
"""A telephone number is dialled from the glass."""
MORE, CONFIRM = "more", "confirm"
TOPICS = {topic.value: topic for topic in Topic if topic is not Topic.OTHER}
"""The keys that open the list at one topic."""
KEYS = frozenset({MORE, CONFIRM, *TOPICS})


def stepped(state: Terminal, key: str, now: Ms) -> Terminal:
    """更多, or the key of a topic: open the list, or go on to its next line. Asks for nothing."""
    match state.asking:
        case Choosing(key=opened) as choosing if key in (MORE, opened):
            at = (choosing.at + 1) % len(choosing.choices)
            return replace(state, asking=replace(choosing, at=at, until=now + STAYS), sentence=None)
        case Ready(late) | Choosing(late=late):
            return _opened(replace(state, asking=Ready(late)), key, now)
        case _:
            return state


def confirmed(state: Terminal, now: Ms) -> tuple[Terminal, Perishable | None]:
    """确定: what is to be asked now, if the line says so; a list below it, or the end of the list."""
    if not isinstance(state.asking, Choosing):
        return tell(state, views.press_more(), now), None
    chosen = state.asking.choices[state.asking.at]
    if chosen.below:
        below = replace(state.asking, choices=chosen.below, at=0, until=now + STAYS)
        return replace(state, asking=below, sentence=None), None
    return left(state), chosen.asks


def left(state: Terminal) -> Terminal:
    """The list is gone; the state of the counter stands there again."""
    return replace(state, asking=Ready(state.asking.late)) if isinstance(state.asking, Choosing) else state


def settled(state: Terminal, now: Ms) -> Terminal:
    """Take the list away when its time is over, the service is away, or the desk no longer offers it."""
    if not isinstance(state.asking, Choosing):
        return state
    is_true = state.clock.is_live(now) and _offered(state, now) == state.asking.offered
    return state if is_true and now < state.asking.until else left(state)


def tell(state: Terminal, lines: views.Lines, now: Ms, stays: Ms = SENTENCE_STAYS) -> Terminal:
    """Something to be read for some seconds."""
    return replace(state, sentence=Sentence(lines, now + stays))


def _opened(state: Terminal, key: str, now: Ms) -> Terminal:
    offered = _offered(state, now)
    lines = menu.about(TOPICS[key], offered) if key in TOPICS else offered
    if not lines:
        closed = state.desk is None or state.desk.phase is CounterPhase.CLOSED
        return tell(state, views.refused(Refusal.NOT_LOGGED_IN) if closed else views.nothing_to_choose(), now)
    choices = lines if lines[-1] == menu.back() else (*lines, menu.back())
    choosing = Choosing(
        offered, choices, 0, key, now + STAYS, state.asking.late if isinstance(state.asking, Ready) else None
    )
    return replace(state, asking=choosing, sentence=None)


def _offered(state: Terminal, now: Ms) -> tuple[Choice, ...]:
    if state.desk is None or state.settings is None:
        return ()
    return menu.offered(state.desk, state.settings, state.clock.at(now))
