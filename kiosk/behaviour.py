"""What a ticket machine does: a key, a number from the service, a paper, and word to the service that the paper is out.

One person at a time: keys pressed meanwhile blink and wait their turn, a key that already blinks is the same wish. A press
that cannot be served is refused at once with a sentence and a flash of its lamp. Without an answer within 1.5 s, or without
a living service, the press gets a number of the machine's own. ``turns`` says who is next, ``papers`` has the arrows of a
ticket on its way to paper and the rule of the late number, ``offline`` those of the machine's own numbers. A card on the ID
reader or a key of the pad begins a conversation beside all that: ``conversation`` and ``asking``.
"""

from collections.abc import Sequence
from dataclasses import replace

from msgspec.structs import replace as changed

from contracts.identities import key_ends_at
from contracts.messages import (
    HallBoard,
    Kept,
    KioskSettings,
    Message,
    RequestDone,
    RequestRefused,
    ServiceState,
    TicketIssued,
)
from contracts.values import BootId, Condition, GroupId, Ms, NodeName
from firmware.drivers.buttons import Pressed, Stuck, Unstuck
from firmware.drivers.id_reader import CardFailed, CardRead, ReaderTrouble, ReaderWell
from firmware.drivers.keypad import KeypadBack, KeypadLost
from firmware.drivers.thermal_printer import JobFailed, Printed, PrinterChanged
from firmware.runtime.steps import (
    Happening,
    Heard,
    Keep,
    KeepFailed,
    LinkDown,
    LinkUp,
    Note,
    Reported,
    RequestIds,
    TimeReached,
)
from kiosk import asking, conversation, health, offline, papers, turns, views
from kiosk.face import face
from kiosk.machine import CARE, AwaitingNumber, Idle, Machine, Part, Result, Wish, refuse
from kiosk.offline import REFUSAL_STAYS
from kiosk.talk import ID_READER, KEYPAD, KEYPAD_KEYS

CARE_STAYS: Ms = 8_000


class KioskBehaviour:
    """The behaviour of the machine with this name in this life; ``keys`` are the queue groups that have a key.

    ``secret`` are random bytes of this life, ``note`` and ``unanswered`` what earlier lives have left in the journal.
    ``large`` prints every ticket in large print, ``project_form`` is how a project's code is made of its digits.
    """

    def __init__(  # noqa: PLR0913 -- a life begins with all of this
        self,
        node: NodeName,
        boot: BootId,
        keys: Sequence[GroupId],
        *,
        secret: bytes,
        note: bytes = b"",
        unanswered: Sequence[Kept] = (),
        large: bool = False,
        project_form: str = "",
    ) -> None:
        machine = Machine(RequestIds(node, boot), tuple(keys), secret=secret, large=large, project_form=project_form)
        self._begin = offline.remember(machine, note, unanswered)

    def begin(self, now: Ms) -> Result:
        """Nothing is known yet, of printer or service."""
        return face(self._begin, now)

    def step(self, state: Machine, happening: Happening, now: Ms) -> Result:
        """React, take up what can be taken up, bring text line and lamps up to date; journal last of all.

        After a ``Keep`` comes only what must not happen without it: the paper of an own number.
        """
        state, effects = _react(_forget_key(state, now), happening, now)
        kept = [effect for effect in effects if isinstance(effect, Keep)]
        others = [effect for effect in effects if not isinstance(effect, Keep)]
        state, more = turns.go_on(state, now, may_take=not kept)
        state, faces = face(state, now)
        if any(isinstance(effect, Keep) for effect in more):
            return state, (*others, *faces, *more)
        return state, (*others, *more, *faces, *kept)


# --- Keys ----------------------------------------------------------------------------------------------------------------


def _press(machine: Machine, key: str, now: Ms) -> Result:
    if key in KEYPAD_KEYS:
        return conversation.key_pressed(machine, key, now)
    in_talk = (
        conversation.care_pressed(machine, now) if key == CARE else conversation.group_pressed(machine, GroupId(key), now)
    )
    return _ordinary_press(conversation.over(machine), key, now) if in_talk is None else in_talk


def _ordinary_press(machine: Machine, key: str, now: Ms) -> Result:
    if key == CARE:
        until = None if machine.care_armed else now + CARE_STAYS
        return replace(machine, care_until=until, sentence=None), ()
    group = GroupId(key)
    if group in machine.waited_for():
        return replace(machine, sentence=None), (Note("pressed_again", {"key": key}),)
    wish = Wish(group, care=machine.care_until is not None and now < machine.care_until)
    return replace(machine, wishes=(*machine.wishes, wish), care_until=None, sentence=None), ()


# --- The service ---------------------------------------------------------------------------------------------------------


def _refused(machine: Machine, refusal: RequestRefused, now: Ms) -> Result:
    in_talk = asking.refused(machine, refusal, now)
    return (_ticket_refused(machine, refusal, now), ()) if in_talk is None else in_talk


def _ticket_refused(machine: Machine, refusal: RequestRefused, now: Ms) -> Machine:
    situation = machine.situation
    if not isinstance(situation, AwaitingNumber) or situation.request_id != refusal.request_id:
        return machine
    idle = replace(machine, situation=Idle())
    return refuse(idle, views.refused(refusal), now + REFUSAL_STAYS, (situation.wish.group,))


def _give_up(machine: Machine, awaiting: AwaitingNumber) -> Machine:
    """No answer: the press gets a number of our own. Those behind it are not asked for either until the service is heard."""
    wish = replace(awaiting.wish, attempt_of=awaiting.request_id, asked_at=awaiting.asked_at)
    return replace(machine, situation=Idle(), wishes=(wish, *machine.wishes), clock=machine.clock.away())


def _time_reached(machine: Machine, now: Ms) -> Machine:
    if machine.care_until is not None and now >= machine.care_until:
        machine = replace(machine, care_until=None)
    if machine.sentence is not None and now >= machine.sentence.until:
        machine = replace(machine, sentence=None)
    if isinstance(machine.situation, AwaitingNumber) and now >= machine.situation.give_up_at:
        machine = _give_up(machine, machine.situation)
    return asking.time_reached(conversation.time_reached(machine, now), now)


def _hall_changed(machine: Machine, board: HallBoard) -> Machine:
    known = machine.hall
    if known is not None and (board.epoch, board.fact) < (known.epoch, known.fact):
        return machine
    if board.emergency:
        machine = replace(conversation.over(machine), care_until=None)
    return replace(machine, hall=board)


def _service_heard(machine: Machine, state: ServiceState, now: Ms) -> Machine:
    """While it lives it alone decides who holds what, so the machine need not remember whose card got which number."""
    machine = replace(machine, clock=machine.clock.heard(state, now))
    return replace(machine, held=()) if machine.clock.is_live(now) else machine


def _forget_key(machine: Machine, now: Ms) -> Machine:
    """The key of a day that is over can make no more hashes, here or anywhere."""
    at, ends = machine.hall_now(now), key_ends_at(machine.settings)
    if at is None or ends is None or at < ends or machine.settings is None:
        return machine
    return replace(machine, settings=changed(machine.settings, identity_key="", identity_day=None), held=())


# --- What happens --------------------------------------------------------------------------------------------------------


def _hear(machine: Machine, message: Message, now: Ms) -> Result:  # noqa: PLR0911 - one message, one line
    match message:
        case TicketIssued():
            return papers.issued(machine, message, now)
        case RequestRefused():
            return _refused(machine, message, now)
        case RequestDone():
            return asking.done(machine, message, now)
        case ServiceState():
            return _service_heard(machine, message, now), ()
        case KioskSettings():
            return replace(machine, settings=message), ()
        case HallBoard():
            return _hall_changed(machine, message), ()
        case _:
            return machine, ()


def _port_reported(machine: Machine, what: object, now: Ms) -> Result:  # noqa: PLR0911 - one arrow, one case
    match what:
        case Pressed(key):
            return _press(machine, key, now)
        case Printed():
            return papers.printed(machine, what, now)
        case JobFailed():
            return papers.failed(machine, what, now)
        case PrinterChanged(condition, code):
            return health.printer_changed(machine, Part(condition, code))
        case Stuck(key):
            return health.key_changed(machine, key, stuck=True)
        case Unstuck(key):
            return health.key_changed(machine, key, stuck=False)
        case CardRead(card):
            return conversation.card_read(machine, card, now)
        case CardFailed():
            return conversation.card_failed(machine, what, now)
        case _:
            return _part_reported(machine, what)


def _part_reported(machine: Machine, what: object) -> Result:
    match what:
        case ReaderTrouble(code):
            return health.part_changed(machine, ID_READER, Part(Condition.FAULT, code))
        case ReaderWell():
            return health.part_changed(machine, ID_READER, Part(Condition.OK, "ok"))
        case KeypadLost():
            return health.part_changed(machine, KEYPAD, Part(Condition.FAULT, "unplugged"))
        case KeypadBack():
            return health.part_changed(machine, KEYPAD, Part(Condition.OK, "ok"))
        case _:
            return machine, ()


def _react(machine: Machine, happening: Happening, now: Ms) -> Result:
    match happening:
        case Heard(message):
            return _hear(machine, message, now)
        case Reported(_, what):
            return _port_reported(machine, what, now)
        case TimeReached():
            return _time_reached(machine, now), ()
        case LinkUp():
            return health.report_all(machine)
        case LinkDown():
            return replace(machine, clock=machine.clock.away()), ()
        case KeepFailed(message, reason):
            return health.not_kept(machine, message, reason, now)
