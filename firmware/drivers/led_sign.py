"""All LED signs of one RS-485 bus: the one owner of that bus, and therefore one driver for all of them.

Half duplex, one request under way at a time. What a sign should show is state, not a queue: a newer text replaces an
older one, whether that was sent or not. Texts expire in the sign itself after 15 s and are sent again every 5 s, so that
a dead node never leaves a number standing. A sign that does not answer is pinged every 2 s, never while anything else
is to be sent, and gets its text at its first reply.

A BX-5K reply carries no number, so a late reply to the previous request of the same sign would pass for the next one's; the
refresh 5 s later mends that. Frames not addressed to us (our own echo on cheap adapters) are not replies at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from contracts.values import Ms
from firmware.drivers import bx5k_commands
from firmware.drivers.base import Output, Report, Send, TimeReached, WakeAt
from firmware.drivers.bx5k import OUR_ADDRESS, CommandError, Decoder, Frame, FrameError
from firmware.drivers.bx5k_commands import Reply
from firmware.drivers.sign_commands import (
    Brightness,
    BusBack,
    BusLost,
    Clear,
    Release,
    Show,
    SignAnswered,
    SignBack,
    SignRefused,
    SignSilent,
    TextRefused,
)
from firmware.drivers.sign_duties import Duty, Sign
from firmware.drivers.sign_text import SignTextError, line
from firmware.wire.base import BytesArrived, WireLost, WireOpened

REPLY_TIMEOUT: Ms = 400
"""From handing a request to the wire until its reply is complete: 80 bytes out, 30 back, 115 ms of line at 9600 baud."""
PING_TIMEOUT: Ms = 300
TRIES = 3
"""Unanswered or refused this often in a row, a sign is reported."""
REFUSED_PAUSE: Ms = 200
"""Before a refused request is tried again: busy is a common reason."""

# --- States ----------------------------------------------------------------------------------------------------------------

Signs: TypeAlias = Mapping[int, Sign]


@dataclass(frozen=True, slots=True)
class Unplugged:
    """There is no wire; what the signs should show is remembered."""

    signs: Signs = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nobody is speaking on the bus."""

    signs: Signs
    heard: Decoder


@dataclass(frozen=True, slots=True)
class AwaitingReply:
    """One request is under way, to the sign ``address``; silence until ``until`` counts as none."""

    signs: Signs
    heard: Decoder
    address: int
    duty: Duty
    until: Ms


State: TypeAlias = Unplugged | Quiet | AwaitingReply
Command: TypeAlias = Show | Clear | Brightness | Release
Outcome: TypeAlias = tuple[State, Sequence[Output]]


# --- What commands change --------------------------------------------------------------------------------------------------


def _told(signs: Signs, command: Command, now: Ms) -> tuple[Signs, list[Output]]:
    """What the signs should be like from now on."""
    if isinstance(command, Release):
        return {address: sign for address, sign in signs.items() if address != command.address}, []
    sign = signs.get(command.address) or Sign(command.address)
    outputs: list[Output] = []
    match command:
        case Show(address, text, colour, urgent):
            try:
                sign = sign.wanting(line(text, colour), now, urgent=urgent)
            except SignTextError as error:
                sign = sign.wanting(None, now)
                outputs.append(Report(TextRefused(address, str(error))))
        case Clear():
            sign = sign.wanting(None, now)
        case Brightness(_, level):
            sign = sign.wanting_brightness(level, now)
        case _:
            assert_never(command)
    return {**signs, command.address: sign}, outputs


# --- Speaking --------------------------------------------------------------------------------------------------------------


def _speak(signs: Signs, heard: Decoder, now: Ms, outputs: Sequence[Output] = ()) -> Outcome:
    """The bus is free: send what is most due, or wait for the next thing that will be."""
    due = [sign for sign in signs.values() if sign.due <= now]
    if not due:
        wake = min((sign.due for sign in signs.values()), default=None)
        return Quiet(signs, heard), [*outputs, WakeAt(wake)]
    sign = min(due, key=lambda one: one.rank)
    duty = sign.next_duty()
    until = now + (PING_TIMEOUT if duty.data == bx5k_commands.ping() else REPLY_TIMEOUT)
    frame = Frame(sign.address, OUR_ADDRESS, duty.data)
    state = AwaitingReply({**signs, sign.address: sign.sent(duty, now)}, heard, sign.address, duty, until)
    return state, [*outputs, Send(frame.to_bytes()), WakeAt(until)]


def _answered(state: AwaitingReply, reply: Reply, now: Ms) -> Outcome:
    sign = state.signs.get(state.address)
    if sign is None:
        return _speak(state.signs, state.heard, now)
    outputs: list[Output] = [Report(SignBack(sign.address))] if sign.is_silent else []
    if reply.is_refusal:
        after = sign.refused(now, REFUSED_PAUSE, TRIES)
        if after.is_refusing and not sign.is_refusing:
            outputs.append(Report(SignRefused(sign.address, reply.error, _reason(reply.error))))
    else:
        after = sign.answered(state.duty, now)
        if after.is_done and not sign.is_done:
            outputs.append(Report(SignAnswered(sign.address)))
    return _speak({**state.signs, sign.address: after}, state.heard, now, outputs)


def _reason(error: int) -> str:
    return CommandError(error).name.lower() if error in set(CommandError) else f"error {error}"


def _unanswered(state: AwaitingReply, now: Ms) -> Outcome:
    if now < state.until:
        return state, [WakeAt(state.until)]
    sign = state.signs.get(state.address)
    if sign is None:
        return _speak(state.signs, state.heard, now)
    after = sign.unanswered(now, TRIES)
    outputs = [Report(SignSilent(sign.address))] if after.is_silent and not sign.is_silent else []
    return _speak({**state.signs, sign.address: after}, state.heard, now, outputs)


def _heard(state: AwaitingReply, data: bytes, now: Ms) -> Outcome:
    """Bytes while a reply is awaited: only a whole reply from the right sign to us counts."""
    heard, frames = state.heard.feed(data)
    state = replace(state, heard=heard)
    for frame in frames:
        if (frame.destination, frame.source) == (OUR_ADDRESS, state.address):
            try:
                return _answered(state, Reply.from_data(frame.data), now)
            except FrameError:
                continue
    return state, []


def _told_meanwhile(state: AwaitingReply, command: Command, now: Ms) -> Outcome:
    """A command while a reply is awaited. A ping to a silent sign is given up for a call: it would cost the call 300 ms."""
    signs, outputs = _told(state.signs, command, now)
    waited_for = signs.get(state.address)
    is_called = any(sign.is_urgent and sign.due <= now for sign in signs.values() if not sign.is_silent)
    if is_called and waited_for is not None and waited_for.is_silent:
        return _speak(signs, state.heard, now, outputs)
    return replace(state, signs=signs), outputs


def _plugged_in(signs: Signs, now: Ms, outputs: Sequence[Output] = ()) -> Outcome:
    """Nobody knows what the signs show now: tell all of them."""
    return _speak({address: sign.forgotten(now) for address, sign in signs.items()}, Decoder(), now, outputs)


# --- The table -------------------------------------------------------------------------------------------------------------


class SignBus:
    """Drives every sign of one bus; addresses become known by the first command for them."""

    def begin(self, now: Ms) -> Outcome:  # noqa: ARG002 -- the signature of every driver
        """Wait for the wire."""
        return Unplugged(), []

    def step(  # noqa: C901, PLR0911 -- a table is read in one piece
        self, state: State, happening: object, now: Ms
    ) -> Outcome:
        """See the module for what is promised."""
        match state, happening:
            case Unplugged(signs), WireOpened():
                return _plugged_in(signs, now, [Report(BusBack())])
            case Unplugged(signs), Show() | Clear() | Brightness() | Release() as command:
                signs, outputs = _told(signs, command, now)
                return Unplugged(signs), outputs
            case Unplugged(), _:
                return state, []
            case ((Quiet(signs) | AwaitingReply(signs)), WireLost(reason)):
                return Unplugged(signs), [Report(BusLost(reason)), WakeAt(None)]
            case ((Quiet(signs) | AwaitingReply(signs)), WireOpened()):
                return _plugged_in(signs, now)
            case Quiet(signs, heard), Show() | Clear() | Brightness() | Release() as command:
                signs, outputs = _told(signs, command, now)
                return _speak(signs, heard, now, outputs)
            case Quiet(signs, heard), BytesArrived(data):
                return Quiet(signs, heard.feed(data)[0]), []
            case Quiet(signs, heard), TimeReached():
                return _speak(signs, heard, now)
            case AwaitingReply(), Show() | Clear() | Brightness() | Release() as command:
                return _told_meanwhile(state, command, now)
            case AwaitingReply(), BytesArrived(data):
                return _heard(state, data, now)
            case AwaitingReply(), TimeReached():
                return _unanswered(state, now)
            case _:
                return state, []
