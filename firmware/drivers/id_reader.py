"""The serial reader of ID cards (SDT): asks again and again whether a card lies there, selects it, reads it once.

The reader never speaks by itself, so silence is a happening here: no answer in time counts as a failed attempt, three
silent rounds as a reader that needs repair. After a successful read many readers deny the card until it is lifted, others
find it again at once; so a card is read once, and the next one only after a find has said that nothing lies there.

A card that is lifted too early, cannot be read three times or says something impossible is :class:`CardFailed`, told once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from contracts.values import Ms
from firmware.drivers.base import Output, Report, Send, TimeReached, WakeAt
from firmware.drivers.id_reader_frames import DONE, EMPTY, FOUND, NO_CARD, SAM_FAILED, Decoder, Garbled, Reply, request
from firmware.drivers.id_reader_layouts import CardError, IdCard, read_card
from firmware.wire.base import BytesArrived, WireLost, WireOpened

FIND_EVERY: Ms = 800
"""At least 300 ms between finds (hardware notes 4)."""
TRY_AGAIN_AFTER: Ms = 300
ATTEMPTS = 3
SILENT_AFTER = 3
"""So many questions without an answer, and the reader is taken for broken."""


class Ask(Enum):
    """What the reader is asked: its frame, and how long the answer may take."""

    FIND = (request(0x20, 0x01), 600)
    SELECT = (request(0x20, 0x02), 600)
    READ = (request(0x30, 0x01), 2_000)
    """1295 bytes take 113 ms; the rest is the card."""


@dataclass(frozen=True, slots=True)
class CardRead:
    """A card was read and its number, dates and layout are in order; whether it has expired is not decided here."""

    card: IdCard


@dataclass(frozen=True, slots=True)
class CardFailed:
    """A card lies or lay there that could not be read, or is not in order. ``code`` says nothing of its holder."""

    code: str


@dataclass(frozen=True, slots=True)
class ReaderTrouble:
    """The reader cannot work: ``unplugged``, ``silent``, ``sam_60`` (its security module)."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReaderWell:
    """The reader answers, at the start and after every trouble."""


@dataclass(frozen=True, slots=True)
class Unplugged:
    """No wire."""


@dataclass(frozen=True, slots=True)
class Resting:
    """Until the next find."""

    until: Ms


@dataclass(frozen=True, slots=True)
class Asking:
    """A question is on its way."""

    what: Ask
    until: Ms


@dataclass(frozen=True, slots=True)
class Reader:
    """The state. ``dealt_with``: what lies there has been read or told as failed. ``well`` is ``None`` until it is known."""

    situation: Unplugged | Resting | Asking = Unplugged()
    decoder: Decoder = EMPTY
    attempts: int = 0
    dealt_with: bool = False
    silences: int = 0
    well: bool | None = None


Result = tuple[Reader, list[Output]]


class IdReader:
    """A driver for one reader; ``find_every`` is the pause between two finds."""

    def __init__(self, find_every: Ms = FIND_EVERY) -> None:
        self._find_every = find_every

    def begin(self, now: Ms) -> tuple[Reader, Sequence[Output]]:
        """Nothing is asked before the wire is open."""
        del now
        return Reader(), ()

    def step(self, state: Reader, happening: object, now: Ms) -> tuple[Reader, Sequence[Output]]:
        """Bytes and silence in, questions and cards out."""
        outputs: list[Output] = []
        match happening:
            case WireOpened():
                state, outputs = _ask(replace(state, attempts=0, silences=0, dealt_with=False), Ask.FIND, now)
            case WireLost(reason):
                lost = Reader(well=False)
                outputs = [Report(ReaderTrouble("unplugged", reason))] if state.well is not False else []
                state = lost
            case BytesArrived(data) if isinstance(state.situation, Asking):
                decoder, found = state.decoder.feed(data)
                state = replace(state, decoder=decoder)
                for one in found:
                    state, more = self._take(state, one, now)
                    outputs += more
            case TimeReached():
                state, outputs = self._time_reached(state, now)
            case _:
                return state, ()
        until = None if isinstance(state.situation, Unplugged) else state.situation.until
        return state, (*outputs, WakeAt(until))

    # --- Answers ---------------------------------------------------------------------------------------------------------

    def _take(self, reader: Reader, found: Reply | Garbled, now: Ms) -> Result:
        if isinstance(found, Garbled) or not isinstance(reader.situation, Asking):
            return reader, []  # a garbled answer is none: the silence after it is dealt with
        if found.status in SAM_FAILED:
            return self._trouble(reader, f"sam_{found.status:02x}", now)
        reader, outputs = _is_well(reader)
        reader, more = self._answered(reader, reader.situation, found, now)
        return reader, outputs + more

    def _answered(self, reader: Reader, situation: object, reply: Reply, now: Ms) -> Result:
        """What the answer to each question leads to; one that answers no question of ours is left aside."""
        match situation:
            case Asking(Ask.FIND) if reply.status == FOUND:
                return self._rest(reader, now) if reader.dealt_with else _ask(reader, Ask.SELECT, now)
            case Asking(Ask.FIND) if reply.status == NO_CARD:
                return self._nothing_there(reader, now)
            case Asking(Ask.SELECT) if reply.status == DONE and reply.text is None:
                return _ask(reader, Ask.READ, now)
            case Asking(Ask.READ) if reply.text is not None:
                return self._read(reader, reply.text, now)
            case _ if reply.status in (FOUND, DONE):
                return reader, []
            case _:
                return self._failed(reader, now)

    def _read(self, reader: Reader, text: bytes, now: Ms) -> Result:
        try:
            report: object = CardRead(read_card(text))
        except CardError as error:
            report = CardFailed(error.code)
        reader, outputs = self._rest(replace(reader, attempts=0, dealt_with=True), now)
        return reader, [Report(report), *outputs]

    def _nothing_there(self, reader: Reader, now: Ms) -> Result:
        """No card; one that was being tried has been lifted too early."""
        lifted = [Report(CardFailed("lifted"))] if reader.attempts else []
        reader, outputs = self._rest(replace(reader, attempts=0, dealt_with=False), now)
        return reader, [*lifted, *outputs]

    def _failed(self, reader: Reader, now: Ms) -> Result:
        """An attempt at the card that lies there has failed."""
        situation = reader.situation
        if isinstance(situation, Asking) and situation.what is Ask.FIND:
            return self._rest(reader, now)
        if reader.attempts + 1 < ATTEMPTS:
            again = Resting(now + TRY_AGAIN_AFTER)
            return replace(reader, attempts=reader.attempts + 1, situation=again, decoder=EMPTY), []
        reader, outputs = self._rest(replace(reader, attempts=0, dealt_with=True), now)
        return reader, [Report(CardFailed("unreadable")), *outputs]

    # --- Silence ---------------------------------------------------------------------------------------------------------

    def _time_reached(self, reader: Reader, now: Ms) -> Result:
        match reader.situation:
            case Resting(until) if now >= until:
                return _ask(reader, Ask.FIND, now)
            case Asking(_, until) if now >= until:
                reader = replace(reader, silences=reader.silences + 1)
                reader, outputs = self._failed(reader, now)
                if reader.silences >= SILENT_AFTER and reader.well is not False:
                    return replace(reader, well=False), [*outputs, Report(ReaderTrouble("silent"))]
                return reader, outputs
            case _:
                return reader, []

    def _trouble(self, reader: Reader, code: str, now: Ms) -> Result:
        known = reader.well is False
        reader, outputs = self._rest(replace(reader, well=False, silences=0), now)
        return reader, outputs if known else [Report(ReaderTrouble(code)), *outputs]

    def _rest(self, reader: Reader, now: Ms) -> Result:
        return replace(reader, situation=Resting(now + self._find_every), decoder=EMPTY), []


def _ask(reader: Reader, what: Ask, now: Ms) -> Result:
    frame, patience = what.value
    return replace(reader, situation=Asking(what, now + patience), decoder=EMPTY), [Send(frame)]


def _is_well(reader: Reader) -> Result:
    reports: list[Output] = [] if reader.well else [Report(ReaderWell())]
    return replace(reader, well=True, silences=0), reports
