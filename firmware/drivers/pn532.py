"""The PN532 reader of MIFARE work cards on a serial line: asks for a card eight times a second and tells each once.

It reports what the RDM6300 driver reports (``card_reader``), so a room cannot tell the two apart: a card seen again within
2.5 s of its last sighting is the same presentation. Unlike that reader it answers, so silence is a fault: three unanswered
commands in a row are a lost reader, which is woken anew until it answers.

The identifier of a card is its UID, 4, 7 or 10 bytes in capital hex digits. A UID names a card and proves nothing: cards
with any UID can be bought (hardware notes 3.3). Proxy clocking is found by the rules, not by the reader.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from contracts.values import Ms
from firmware.drivers.base import Output, Report, Send, TimeReached, WakeAt
from firmware.drivers.card_reader import (
    SAME_SWIPE,
    UNREADABLE_AT_MOST_EVERY,
    CardPresented,
    CardUnreadable,
    ReaderBack,
    ReaderLost,
)
from firmware.drivers.pn532_frames import WAKE_UP, Ack, Answer, Failed, Incoming, command, take
from firmware.wire.base import BytesArrived, WireLost, WireOpened

SAM_CONFIGURATION, RF_CONFIGURATION, LIST_TARGETS = 0x14, 0x32, 0x4A
_NORMAL_MODE = b"\x01"
_GIVE_UP_SOON = b"\x05\xff\x01\x02"
"""Item 5, retries: look for a card three times and then say that there is none, instead of waiting for one for ever."""
_ONE_OF_TYPE_A = b"\x01\x00"
UID_LENGTHS = (4, 7, 10)

ANSWER_WITHIN: Ms = 500
PAUSE: Ms = 125
LOST_AFTER = 3
"""Unanswered commands in a row."""
WAKE_AGAIN_EVERY: Ms = 2_000


class Stage(Enum):
    """What the driver waits for."""

    SHUT = auto()
    """The line is not open."""
    WAKING = auto()
    TUNING = auto()
    LOOKING = auto()
    PAUSING = auto()


@dataclass(frozen=True, slots=True)
class Reader:
    """``until`` ends the present stage; ``missed`` counts commands without an answer; ``is_well`` is what was last told.

    ``seen`` is each recent card's last sighting; ``silent_until`` is when an unreadable card may be told again.
    """

    stage: Stage = Stage.SHUT
    until: Ms | None = None
    incoming: Incoming = Incoming()  # noqa: RUF009 -- frozen
    missed: int = 0
    is_well: bool = False
    seen: tuple[tuple[str, Ms], ...] = ()
    silent_until: Ms = 0


Result = tuple[Reader, list[Output]]


class Pn532:
    """A driver for one PN532."""

    def begin(self, now: Ms) -> tuple[Reader, Sequence[Output]]:
        """Nothing is said before the line is open."""
        del now
        return Reader(), ()

    def step(self, state: Reader, happening: object, now: Ms) -> tuple[Reader, Sequence[Output]]:
        """Bytes cut anywhere in, cards out."""
        outputs: list[Output] = []
        match happening:
            case BytesArrived(data) if state.stage is not Stage.SHUT:
                incoming, found = take(state.incoming, data)
                state = replace(state, incoming=incoming)
                for one in found:
                    state, more = _heard(state, one, now)
                    outputs += more
            case TimeReached() if state.until is not None and now >= state.until:
                state, outputs = _time_is_up(state, now)
            case WireOpened():
                state, outputs = _wake(replace(state, missed=0, incoming=Incoming()), now)
            case WireLost(reason):
                state, outputs = replace(Reader(), seen=state.seen), [Report(ReaderLost(reason))]
        return state, (*outputs, WakeAt(state.until))


# --- Asking --------------------------------------------------------------------------------------------------------------


def _wake(reader: Reader, now: Ms) -> Result:
    patience = ANSWER_WITHIN if reader.missed < LOST_AFTER else WAKE_AGAIN_EVERY
    reader = replace(reader, stage=Stage.WAKING, until=now + patience)
    return reader, [Send(WAKE_UP + command(SAM_CONFIGURATION, _NORMAL_MODE))]


def _look(reader: Reader, now: Ms) -> Result:
    reader = replace(reader, stage=Stage.LOOKING, until=now + ANSWER_WITHIN)
    return reader, [Send(command(LIST_TARGETS, _ONE_OF_TYPE_A))]


def _time_is_up(reader: Reader, now: Ms) -> Result:
    """The pause is over, or nobody answers: a reader that was reset has forgotten everything, so it is woken anew."""
    if reader.stage is Stage.PAUSING:
        return _look(reader, now)
    reader = replace(reader, missed=reader.missed + 1)
    told: list[Output] = []
    if reader.missed >= LOST_AFTER and (reader.is_well or reader.missed == LOST_AFTER):
        told = [Report(ReaderLost("no answer"))]
        reader = replace(reader, is_well=False)
    reader, said = _wake(replace(reader, incoming=Incoming()), now)
    return reader, [*told, *said]


# --- Hearing -------------------------------------------------------------------------------------------------------------


def _heard(reader: Reader, what: Ack | Answer | Failed, now: Ms) -> Result:
    match reader.stage, what:
        case Stage.WAKING, Answer(code) if code == SAM_CONFIGURATION + 1:
            reader = replace(reader, stage=Stage.TUNING, until=now + ANSWER_WITHIN)
            return reader, [Send(command(RF_CONFIGURATION, _GIVE_UP_SOON))]
        case Stage.TUNING, Answer(code) if code == RF_CONFIGURATION + 1:
            news: list[Output] = [] if reader.is_well else [Report(ReaderBack())]
            reader, said = _look(replace(reader, is_well=True, missed=0), now)
            return reader, [*news, *said]
        case Stage.LOOKING, Answer(code, data) if code == LIST_TARGETS + 1:
            return _looked(replace(reader, missed=0, stage=Stage.PAUSING, until=now + PAUSE), data, now)
        case Stage.LOOKING, Failed():
            return _doubtful(replace(reader, stage=Stage.PAUSING, until=now + PAUSE), now)
        case _:
            return reader, []  # an acknowledgement, or the late answer to something asked before


def _looked(reader: Reader, data: bytes, now: Ms) -> Result:
    """``01 01 SENS_RES SENS_RES SEL_RES n UID...`` for one card, ``00`` for none."""
    if data[:1] == b"\x00":
        return reader, []
    uid = data[6 : 6 + data[5]] if len(data) > 6 else b""  # noqa: PLR2004 -- where the UID begins
    if len(uid) not in UID_LENGTHS or len(uid) != data[5]:
        return _doubtful(reader, now)
    card = uid.hex().upper()
    others = tuple((one, at) for one, at in reader.seen if now - at < SAME_SWIPE and one != card)
    is_new = all(one != card or now - at >= SAME_SWIPE for one, at in reader.seen)
    return replace(reader, seen=(*others, (card, now))), [Report(CardPresented(card))] if is_new else []


def _doubtful(reader: Reader, now: Ms) -> Result:
    """Something is there that cannot be read, and nothing was read just now."""
    if now < reader.silent_until or any(now - at < SAME_SWIPE for _, at in reader.seen):
        return reader, []
    return replace(reader, silent_until=now + UNREADABLE_AT_MOST_EVERY), [Report(CardUnreadable())]
