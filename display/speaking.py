"""What the loudspeaker is told: calls, news of the hall, and in an emergency that alone. Pure.

Spoken is what is new and under 10 s old by the hall clock (design rule 4). An emergency is no news but a state: it is said
again and again while it lasts, a second after it was heard of at the earliest, so that a state which an outage held back
and the next message takes back is never said.
"""

from collections.abc import Mapping
from dataclasses import replace

from contracts.messages import CounterBoard, HallBoard
from contracts.values import CallId, CounterId, CounterPhase, HallTime, Ms
from display import hall_voice, phrases
from display.hall_voice import SPOKEN_WITHIN
from display.situations import VOICE, Evacuation, Known
from firmware.drivers.voice import Announce, Withdraw
from firmware.runtime.steps import Effect, Note, Tell
from words import text

EMERGENCY = "emergency"
STANDS_FOR: Ms = 1_000
"""An emergency is said once it has stood so long."""
SAID_EVERY: Ms = 20_000
HALL_SUBJECTS = ("open", "noon", "close", "nearclose", "surge")
REMEMBERED = 64

Said = tuple[Known, list[Effect]]


def about_counter(known: Known, heard: CounterBoard, now: Ms, vocabulary: frozenset[str]) -> list[Effect]:
    """What to say about a counter that has just changed, while the service lives. Nothing is called in an emergency."""
    if not vocabulary or is_emergency(known):
        return []
    if heard.phase is not CounterPhase.CALLED or heard.call is None:
        was = known.picture.counter(heard.counter)
        is_over = was is not None and was.phase is CounterPhase.CALLED
        return [Tell(VOICE, Withdraw(heard.counter))] if is_over else []
    if not _is_unheard(known.announced, heard) or not known.clock.confirmed:
        return []
    if not _is_fresh(heard.announced_at, known.clock.at(now)):
        return []
    times = 2 if known.settings is None or known.settings.calls_spoken_twice else 1
    spoken = phrases.announcement(heard, vocabulary)
    fields = {"counter": heard.counter, "ticket": heard.ticket, "call": heard.call, "announcement": heard.announcement}
    return [Tell(VOICE, Announce(heard.counter, spoken, times)), Note("announced", fields)]


def about_hall(known: Known, was: HallBoard | None, now: Ms, vocabulary: frozenset[str]) -> Said:
    """What to say about the hall, while the service lives; ``was`` is its state before this step."""
    hall, hall_now = known.picture.hall, known.clock.at(now)
    if hall is None or hall_now is None or not known.clock.confirmed or not vocabulary:
        return known, []
    effects: list[Effect] = []
    for moment in hall_voice.news(was, hall, known.settings, hall_now, vocabulary):
        if moment.key not in known.said:
            known = replace(known, said=(*known.said, moment.key)[-REMEMBERED:])
            subject = moment.key.partition(" ")[0]
            effects.append(Tell(VOICE, Announce(subject, phrases.clips(moment.sentence, vocabulary))))
            effects.append(Note("announced", {"news": moment.key}))
    return known, effects


def about_emergency(known: Known, now: Ms, vocabulary: frozenset[str]) -> Said:
    """Its beginning silences everything else, its end itself; between them it is said every 20 s (HALL-8.2)."""
    effects: list[Effect] = []
    if not is_emergency(known):
        if known.evacuation is not None and vocabulary:
            effects.append(Tell(VOICE, Withdraw(EMERGENCY)))
        return replace(known, evacuation=None), effects
    evacuation = known.evacuation
    if evacuation is None:
        evacuation = Evacuation(now, now + STANDS_FOR)
        others = [*(board.counter for board in known.picture.counters), *HALL_SUBJECTS]
        effects += [Tell(VOICE, Withdraw(subject)) for subject in others if vocabulary]
    if now >= evacuation.say_at:
        evacuation = replace(evacuation, say_at=now + SAID_EVERY)
        if vocabulary:
            effects.append(Tell(VOICE, Announce(EMERGENCY, phrases.clips(text("voice.emergency").zh, vocabulary))))
    return replace(known, evacuation=evacuation), effects


def is_emergency(known: Known) -> bool:
    """Whether everyone is asked to leave."""
    return known.picture.hall is not None and known.picture.hall.emergency


def _is_unheard(announced: Mapping[CounterId, tuple[CallId, int]], heard: CounterBoard) -> bool:
    return announced.get(heard.counter) != (heard.call, heard.announcement)


def _is_fresh(at: HallTime | None, hall_now: HallTime | None) -> bool:
    return at is not None and hall_now is not None and hall_now - at < SPOKEN_WITHIN
