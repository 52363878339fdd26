"""What a ticket machine does: a key, a number from the service, a paper, and word to the service that the paper is out.

One person at a time: keys pressed meanwhile blink and wait their turn, a key that already blinks is the same wish. A press
that cannot be served is refused at once with a sentence and a flash of its lamp. Without an answer within 1.5 s, or without
a living service, the press gets a number of the machine's own. ``turns`` says who is next, ``papers`` has the arrows of a
ticket on its way to paper and the rule of the late number, ``offline`` those of the machine's own numbers.
"""

from collections.abc import Sequence
from dataclasses import replace

from contracts.messages import HallBoard, Kept, KioskSettings, Message, RequestRefused, ServiceState, TicketIssued
from contracts.values import BootId, GroupId, Ms, NodeName
from firmware.drivers.buttons import Pressed, Stuck, Unstuck
from firmware.drivers.lamps import Light, Pattern
from firmware.drivers.text_line import Show
from firmware.drivers.thermal_printer import JobFailed, Printed, PrinterChanged
from firmware.runtime.steps import (
    Effect,
    Happening,
    Heard,
    Keep,
    KeepFailed,
    LinkDown,
    LinkUp,
    Note,
    Reported,
    RequestIds,
    Tell,
    TimeReached,
    WakeAt,
)
from kiosk import health, offline, papers, turns, views
from kiosk.machine import CARE, LAMPS, TEXT, AwaitingNumber, Idle, Machine, Part, Result, Wish, refuse
from kiosk.offline import REFUSAL_STAYS

CARE_STAYS: Ms = 8_000


class KioskBehaviour:
    """The behaviour of the machine with this name in this life; ``keys`` are the queue groups that have a key.

    ``secret`` are random bytes of this life, ``note`` and ``unanswered`` what earlier lives have left in the journal.
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
    ) -> None:
        machine = Machine(RequestIds(node, boot), tuple(keys), secret=secret)
        self._begin = offline.remember(machine, note, unanswered)

    def begin(self, now: Ms) -> Result:
        """Nothing is known yet, of printer or service."""
        return _face(self._begin, now)

    def step(self, state: Machine, happening: Happening, now: Ms) -> Result:
        """React, take up what can be taken up, bring text line and lamps up to date; journal last of all.

        After a ``Keep`` comes only what must not happen without it: the paper of an own number.
        """
        state, effects = _react(state, happening, now)
        kept = [effect for effect in effects if isinstance(effect, Keep)]
        others = [effect for effect in effects if not isinstance(effect, Keep)]
        state, more = turns.go_on(state, now, may_take=not kept)
        state, faces = _face(state, now)
        if any(isinstance(effect, Keep) for effect in more):
            return state, (*others, *faces, *more)
        return state, (*others, *more, *faces, *kept)


# --- The face ------------------------------------------------------------------------------------------------------------


def _face(machine: Machine, now: Ms) -> Result:
    """Tell text line and lamps what has changed, and wish to be woken for the next change."""
    effects: list[Effect] = []
    lines, lamps = views.lines(machine, now), views.lamps(machine)
    if lines != machine.shown:
        effects.append(Tell(TEXT, Show(lines)))
    for lamp, pattern in lamps.items():
        if lamp in machine.flash and pattern is Pattern.OFF:
            effects.append(Tell(LAMPS, Light(lamp, Pattern.FLASH)))
        elif machine.lit.get(lamp, Pattern.OFF) is not pattern:
            effects.append(Tell(LAMPS, Light(lamp, pattern)))
    machine = replace(machine, shown=lines, lit=dict(lamps), flash=())
    return machine, (*effects, WakeAt(_wake_at(machine, now)))


def _wake_at(machine: Machine, now: Ms) -> Ms | None:
    wishes = [machine.care_until, _hours_change(machine, now)]
    if machine.clock.is_live(now):
        wishes.append(machine.clock.lost_at())
    if isinstance(machine.situation, Idle) and machine.wishes:
        wishes.append(now)
    if machine.sentence is not None:
        wishes.append(machine.sentence.until)
    if isinstance(machine.situation, AwaitingNumber):
        wishes.append(machine.situation.give_up_at)
    return min((wish for wish in wishes if wish is not None), default=None)


def _hours_change(machine: Machine, now: Ms) -> Ms | None:
    """When the hours of tickets begin or end, which changes the standing text."""
    at = machine.hall_now(now)
    if at is None or machine.settings is None:
        return None
    bounds = (bound for hours in machine.settings.hours for bound in (hours.opens, hours.closes) if bound > at)
    following = min(bounds, default=None)
    return None if following is None else machine.clock.monotonic(following)


# --- Keys ----------------------------------------------------------------------------------------------------------------


def _press(machine: Machine, key: str, now: Ms) -> Result:
    if key == CARE:
        until = None if machine.care_armed else now + CARE_STAYS
        return replace(machine, care_until=until, sentence=None), ()
    group = GroupId(key)
    if group in machine.waited_for():
        return replace(machine, sentence=None), (Note("pressed_again", {"key": key}),)
    wish = Wish(group, care=machine.care_until is not None and now < machine.care_until)
    return replace(machine, wishes=(*machine.wishes, wish), care_until=None, sentence=None), ()


# --- The service ---------------------------------------------------------------------------------------------------------


def _refused(machine: Machine, refusal: RequestRefused, now: Ms) -> Machine:
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
    return machine


def _hall_changed(machine: Machine, board: HallBoard) -> Machine:
    known = machine.hall
    if known is not None and (board.epoch, board.fact) < (known.epoch, known.fact):
        return machine
    return replace(machine, hall=board)


# --- What happens --------------------------------------------------------------------------------------------------------


def _hear(machine: Machine, message: Message, now: Ms) -> Result:
    match message:
        case TicketIssued():
            return papers.issued(machine, message, now)
        case RequestRefused():
            return _refused(machine, message, now), ()
        case ServiceState():
            return replace(machine, clock=machine.clock.heard(message, now)), ()
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
