"""The voice: one announcement at a time, a chime before it, the rest waiting their turn.

Every announcement that waits is read once before any is read a second time: at opening time, when every counter calls at
once, hearing each number once is worth more than hearing the first one twice. What has waited too long is dropped, and
so is what the node withdraws because it is no longer true.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from contracts.values import Ms
from firmware.drivers.base import Output, Report, Send, TimeReached, WakeAt
from firmware.drivers.clip_bank import CHIME, ClipBank, ClipError, duration
from firmware.wire.base import WireLost, WireOpened

GAP: Ms = 40
"""Between two clips."""
PAUSE: Ms = 250
"""Between two announcements."""
MOST_WAITING = 24
WAITS_AT_MOST: Ms = 90_000
"""A call is passed over at the earliest after 100 s (D9: called again at 20 and 40 s, then 60 s); later no word helps."""
REPEATS_WITHIN: Ms = 15_000
"""The second reading follows the first soon, or not at all: later it would sound like a new call."""


@dataclass(frozen=True, slots=True)
class Announce:
    """Say these clips, ``times`` times. A newer announcement about the same ``subject`` replaces one that still waits."""

    subject: str
    clips: tuple[str, ...]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Withdraw:
    """What waits about this subject is not to be said any more; what is being said is finished."""

    subject: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """This was said, and is over now."""

    subject: str


@dataclass(frozen=True, slots=True)
class NotSpoken:
    """This will not be said."""

    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class VoiceLost:
    """There is no loudspeaker; nothing is said until :class:`VoiceBack`."""

    reason: str


@dataclass(frozen=True, slots=True)
class VoiceBack:
    """The loudspeaker is there."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One reading that waits. ``read`` counts the earlier ones."""

    what: Announce
    since: Ms
    read: int = 0


@dataclass(frozen=True, slots=True)
class Mute:
    """There is no loudspeaker."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing is being said."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """``reading`` sounds until ``until``; the queue waits behind it."""

    reading: Waiting
    until: Ms
    queue: tuple[Waiting, ...] = ()
    is_withdrawn: bool = False


State: TypeAlias = Mute | Silent | Speaking
Outcome: TypeAlias = tuple[State, Sequence[Output]]


def _queued(queue: tuple[Waiting, ...], what: Announce, now: Ms) -> tuple[tuple[Waiting, ...], list[Output]]:
    """The queue with this announcement: first readings before repeats, one entry a subject, bounded.

    A newer announcement takes the place of the waiting one: at its end it would be called again and again, and never heard.
    """
    firsts = [one for one in queue if one.read == 0]
    repeats = [one for one in queue if one.read > 0 and one.what.subject != what.subject]
    if any(one.what.subject == what.subject for one in firsts):
        entries = [Waiting(what, now) if one.what.subject == what.subject else one for one in firsts] + repeats
    else:
        entries = [*firsts, Waiting(what, now), *repeats]
    if len(entries) <= MOST_WAITING:
        return tuple(entries), []
    dropped = entries.pop() if repeats else entries.pop(0)
    return tuple(entries), [] if dropped.read else [Report(NotSpoken(dropped.what.subject, "too many waiting"))]


def _is_stale(one: Waiting, now: Ms) -> bool:
    return now - one.since >= (REPEATS_WITHIN if one.read else WAITS_AT_MOST)


class Voice:
    """Speaks from a clip bank. Reports :class:`Spoken` when an announcement has been read for the last time."""

    def __init__(self, bank: ClipBank) -> None:
        self._bank = bank

    def _speak_next(
        self, queue: tuple[Waiting, ...], now: Ms, outputs: Sequence[Output] = (), after: str | None = None
    ) -> Outcome:
        """Start the first reading in the queue that is still worth it; a repeat right after itself needs no chime."""
        said = list(outputs)
        for index, one in enumerate(queue):
            if _is_stale(one, now):
                said.append(Report(Spoken(one.what.subject) if one.read else NotSpoken(one.what.subject, "waited too long")))
                continue
            try:
                chime = () if one.read and one.what.subject == after else (CHIME,)
                pcm = self._bank.pcm((*chime, *one.what.clips), GAP)
            except ClipError as error:
                said.append(Report(NotSpoken(one.what.subject, str(error))))
                continue
            until = now + duration(pcm) + PAUSE
            return Speaking(one, until, queue[index + 1 :]), [*said, Send(pcm), WakeAt(until)]
        return Silent(), [*said, WakeAt(None)]

    def _read_out(self, state: Speaking, now: Ms) -> Outcome:
        """The reading is over: say so, or let it wait for its next one behind the others."""
        if now < state.until:
            return state, [WakeAt(state.until)]
        done = replace(state.reading, since=now, read=state.reading.read + 1)
        is_replaced = any(one.what.subject == done.what.subject for one in state.queue)
        if done.read < done.what.times and not state.is_withdrawn and not is_replaced:
            return self._speak_next((*state.queue, done), now, after=done.what.subject)
        return self._speak_next(state.queue, now, [Report(Spoken(done.what.subject))])

    def begin(self, now: Ms) -> Outcome:  # noqa: ARG002 -- the signature of every driver
        """Wait for the loudspeaker."""
        return Mute(), []

    def step(self, state: State, happening: object, now: Ms) -> Outcome:  # noqa: PLR0911 -- a table is read in one piece
        """See the module for what is promised."""
        match state, happening:
            case Mute(), WireOpened():
                return Silent(), [Report(VoiceBack())]
            case Mute(), Announce(subject):
                return state, [Report(NotSpoken(subject, "no loudspeaker"))]
            case Silent(), Announce() as what:
                return self._speak_next((Waiting(what, now),), now)
            case Speaking(queue=queue), Announce() as what:
                queue, outputs = _queued(queue, what, now)
                return replace(state, queue=queue), outputs
            case Speaking(reading, queue=queue), Withdraw(subject):
                left = tuple(one for one in queue if one.what.subject != subject)
                is_withdrawn = state.is_withdrawn or reading.what.subject == subject
                return replace(state, queue=left, is_withdrawn=is_withdrawn), []
            case Speaking(), TimeReached():
                return self._read_out(state, now)
            case Silent(), WireLost(reason):
                return Mute(), [Report(VoiceLost(reason)), WakeAt(None)]
            case Speaking(reading, queue=queue), WireLost(reason):
                lost = [Report(NotSpoken(one.what.subject, "no loudspeaker")) for one in (reading, *queue)]
                return Mute(), [Report(VoiceLost(reason)), *lost, WakeAt(None)]
            case _:
                return state, []
