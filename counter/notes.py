"""Sentences for the clerk beside the state of the counter: the most urgent first, one at a time, and calmly. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.messages import DeskNote, DeskState
from contracts.values import Ms
from counter.menu import window
from words import text

STANDING_STAYS: Ms = 6_000
"""The state of the counter stands this long before the notes, and again between each round of them."""
NOTE_STAYS: Ms = 4_000

URGENCY = (
    "disp.emergency",
    "con.led.here",
    "con.care.verify",
    "con.ab.prompt",
    "con.vacant",
    "con.surge",
    "con.handover.first",
    "con.handover.given",
    "con.ab.wait",
    "con.handover.back",
    "con.nearclose",
    "con.appt",
    "con.leads",
    "con.held.list",
    "con.covers",
    "con.acting",
)
"""An emergency, then who waits for this clerk, then what the hall needs, then what is good to know. Others come last."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and the key of its kind."""

    key: str
    sentence: str


class _Lenient(dict[str, str]):
    """A note with a value missing is still a sentence."""

    def __missing__(self, key: str) -> str:
        return ""


def notes(desk: DeskState) -> tuple[Said, ...]:
    """Every sentence there is for the clerk now, each once; a key this release does not know is left out."""
    said: dict[str, Said] = {}
    for note in (*_of_desk(desk), *desk.notes):
        sentence = _sentence(note)
        if sentence:
            said.setdefault(sentence, Said(note.key, sentence))
    return tuple(sorted(said.values(), key=lambda one: URGENCY.index(one.key) if one.key in URGENCY else len(URGENCY)))


def _of_desk(desk: DeskState) -> Iterator[DeskNote]:
    """What the state of the desk itself asks the clerk to know."""
    for no in desk.led_here:
        yield DeskNote(key="con.led.here", values={"no": no})
    if desk.care_open:
        yield DeskNote(key="con.care.verify")
    if desk.leads_to is not None:
        yield DeskNote(key="con.leads", values={"no": desk.ticket or "", "w": window(desk.leads_to)})
    if desk.held:
        yield DeskNote(key="con.held.list", values={"no": " ".join(desk.held)})
    if desk.covers is not None:
        yield DeskNote(key="con.covers", values={"w": window(desk.covers)})
    if desk.a_name:
        yield DeskNote(key="con.acting", values={"a": desk.a_name})


def _sentence(note: DeskNote) -> str:
    try:
        return text(note.key).zh.format_map(_Lenient(note.values))
    except (KeyError, ValueError, IndexError):
        return ""


def shown(said: tuple[Said, ...], passed: Ms) -> str | None:
    """The note to be read ``passed`` ms after the state began to stand there; ``None`` while that is to be read."""
    if not said:
        return None
    within = passed % (STANDING_STAYS + NOTE_STAYS * len(said))
    return None if within < STANDING_STAYS else said[(within - STANDING_STAYS) // NOTE_STAYS].sentence


def changes_in(said: tuple[Said, ...], passed: Ms) -> Ms | None:
    """After how long another line is to be read; ``None`` if never."""
    if not said:
        return None
    within = passed % (STANDING_STAYS + NOTE_STAYS * len(said))
    if within < STANDING_STAYS:
        return STANDING_STAYS - within
    return NOTE_STAYS - (within - STANDING_STAYS) % NOTE_STAYS
