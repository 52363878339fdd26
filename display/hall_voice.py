"""What is said about the hall as a whole, once each, and only while it is news: every sentence has its moment. Pure.

A sentence is spoken if its moment lies less than 10 s back by the hall clock and it was not spoken before: what an outage
held back, and what was said before a restart, stays unsaid.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from contracts.messages import DisplaySettings, HallBoard
from contracts.values import HallPhase, HallTime, Ms
from display import phrases
from display.board import CHINA
from words import text

SPOKEN_WITHIN: Ms = 10_000
"""An announcement older than this by the hall clock is not spoken (design rule 4)."""
EARLY: Ms = 1_000
"""A node's hall clock may be behind by the way a heartbeat takes."""
MINUTE: Ms = 60_000


@dataclass(frozen=True, slots=True)
class Moment:
    """A sentence of the hall and since when it is news; ``key`` names it for ever."""

    key: str
    at: HallTime
    sentence: str


def news(
    was: HallBoard | None,
    hall: HallBoard,
    settings: DisplaySettings | None,
    hall_now: HallTime,
    vocabulary: frozenset[str],
) -> tuple[Moment, ...]:
    """What is to be said now about the hall, said before or not. ``was`` is the state of the hall heard before this one."""
    if hall.emergency:
        return ()
    said = [*_opening(was, hall), *_near_closing(hall), *_joined(hall, settings, vocabulary)]
    return tuple(one for one in said if -EARLY <= hall_now - one.at < SPOKEN_WITHIN)


def wakes_at(hall: HallBoard) -> Sequence[HallTime]:
    """When something is to be said although nothing new is heard."""
    return [] if hall.near_close_at is None else [hall.near_close_at]


def _opening(was: HallBoard | None, hall: HallBoard) -> Iterator[Moment]:
    """The hall opens, goes to lunch, closes: at the moment it did, or else at the one announced for it before."""
    if was is None or was.phase is hall.phase:
        return
    began = was.next_at if hall.since is None else hall.since
    if began is None:
        return
    match was.phase, hall.phase:
        case HallPhase.BEFORE_OPENING, HallPhase.OPEN:
            yield Moment(f"open {began}", began, text("voice.open").zh)
        case _, HallPhase.NOON if not hall.noon_service and hall.next_at is not None:
            back = datetime.fromtimestamp(hall.next_at / 1000, UTC).astimezone(CHINA)
            spoken = phrases.time_of_day(back.hour, back.minute)
            yield Moment(f"noon {began}", began, text("voice.noon").zh.format(time=spoken))
        case HallPhase.OPEN | HallPhase.AFTER_CLOSING, HallPhase.CLOSED:
            yield Moment(f"close {began}", began, text("voice.close").zh)
        case _:
            return


def _near_closing(hall: HallBoard) -> Iterator[Moment]:
    """So many minutes before closing, once (EXT-3.1)."""
    if hall.phase is HallPhase.OPEN and hall.near_close_at is not None and hall.next_at is not None:
        minutes = round((hall.next_at - hall.near_close_at) / MINUTE)
        if minutes > 0:
            sentence = text("voice.nearclose").zh.format(m=phrases.cardinal(minutes))
            yield Moment(f"nearclose {hall.near_close_at}", hall.near_close_at, sentence)


def _joined(hall: HallBoard, settings: DisplaySettings | None, vocabulary: frozenset[str]) -> Iterator[Moment]:
    """A counter has joined for a group, once for each time it does (EXT-3.4)."""
    names = {} if settings is None else {group.id: group.zh for group in settings.groups}
    for one in hall.added:
        if one.since is not None:
            group = phrases.group_name(names.get(one.group, ""), one.group, vocabulary)
            sentence = text("voice.surge").zh.format(w=phrases.place(one.counter), group=group)
            yield Moment(f"surge {one.counter} {one.group} {one.since}", one.since, sentence)
