"""The plain data of a node's behaviour: what can happen to it, and what it can want done.

A behaviour is ``step(state, happening, now) -> (state, effects)``: frozen state, no clock, no I/O. ``now`` is monotonic
milliseconds. The effects of one step are carried out in order; if one cannot be (the journal's disk is full), the rest of
that step is dropped and the behaviour is told with :class:`KeepFailed`. That order is a promise: a lamp after a ``Keep``
lights only when the row is safe on disk.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from contracts.messages import Kept, Message, ServiceState
from contracts.values import BootId, CounterId, HallTime, Ms, NodeName, RequestId

# --- What can happen -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heard:
    """A message arrived, already decoded. Retained state and live messages look alike on purpose (design rule 4)."""

    message: Message


@dataclass(frozen=True, slots=True)
class Reported:
    """A driver reports; ``port`` is the name the node gave it, ``what`` is a dataclass beside the driver."""

    port: str
    what: object


@dataclass(frozen=True, slots=True)
class TimeReached:
    """The time wished for with :class:`WakeAt` has come."""


@dataclass(frozen=True, slots=True)
class LinkUp:
    """Connected to the MQTT server and subscribed."""


@dataclass(frozen=True, slots=True)
class LinkDown:
    """The MQTT server is gone."""


@dataclass(frozen=True, slots=True)
class KeepFailed:
    """The journal could not take this message; nothing that should follow it was done."""

    message: Kept
    reason: str


Happening = Heard | Reported | TimeReached | LinkUp | LinkDown | KeepFailed

# --- What can be wanted --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Say:
    """Send a message up once, if the link is up; the behaviour itself watches for the answer."""

    message: Message


@dataclass(frozen=True, slots=True)
class Keep:
    """Journal a message (fsync), then send it until the service has answered it, across reboots and outages.

    ``note`` becomes safe with it: what the node wants to know at its next start, when the message may long be answered. It
    replaces the note before; an empty one leaves that as it is.
    """

    message: Kept
    note: bytes = b""


@dataclass(frozen=True, slots=True)
class Tell:
    """Give a driver a command."""

    port: str
    command: object


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Wake me with :class:`TimeReached`. Replaces any earlier wish; ``None`` withdraws it."""

    at: Ms | None


@dataclass(frozen=True, slots=True)
class FollowDesk:
    """Listen to the desk of this counter from now on, instead of any other."""

    counter: CounterId


@dataclass(frozen=True, slots=True)
class Note:
    """Write a line to the log. Never a card, a name or an ID number of a visitor."""

    event: str
    fields: dict[str, Any] = field(default_factory=dict)


Effect = Say | Keep | Tell | WakeAt | FollowDesk | Note
State = TypeVar("State")


class Behaviour(Protocol[State]):
    """What a room provides: a module-level pair of functions, wrapped so that the node can run them."""

    def begin(self, now: Ms) -> tuple[State, Sequence[Effect]]:
        """The state at the start of the process."""

    def step(self, state: State, happening: Happening, now: Ms) -> tuple[State, Sequence[Effect]]:
        """What this happening changes, and what is to be done about it, in order."""


# --- Values that behaviours keep -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestIds:
    """Makes request ids; ``next`` returns one and the maker of the following one."""

    node: NodeName
    boot: BootId
    seq: int = 0

    def next(self) -> "tuple[RequestId, RequestIds]":
        """An id never given before by this node."""
        return RequestId(f"{self.node}/{self.boot}/{self.seq}"), RequestIds(self.node, self.boot, self.seq + 1)


HEARTBEAT_LOST_AFTER: Ms = 15_000
"""Three heartbeats of 5 s: after this silence a node takes the service for gone (design rule 5, dead man)."""

OLDEST_RETAINED: Ms = 6_000
"""A living service says a heartbeat every 5 s, so the retained one is hardly older; the slack is the network's."""

PERISHES_AFTER: Ms = 3_000
"""How long a request that can be repeated stays valid."""


@dataclass(frozen=True, slots=True)
class HallClock:
    """The hall clock as a node knows it: the last heartbeat heard, and when, in monotonic time.

    The first heartbeat of a connection is a retained one and may be old (a server back from a power cut delivers one of
    yesterday); from the second on the time is ``confirmed``. What must not happen too late, or shows the time to
    somebody, asks for that. ``is_new_link``: no heartbeat was heard on this connection yet.
    """

    heard_hall: HallTime | None = None
    heard_at: Ms | None = None
    service_online: bool = False
    confirmed: bool = False
    is_new_link: bool = False

    def heard(self, state: ServiceState, now: Ms) -> "HallClock":
        """The clock after a heartbeat. A last will says the service is away but sets no time.

        The hall clock never goes back and every heartbeat has a later time than the one before, so one that does not is
        an old one delivered again: it says neither what time it is nor that the service lives.
        """
        if not state.online:
            return replace(self, service_online=False)
        if self.heard_hall is not None and state.hall_now <= self.heard_hall:
            return self
        return HallClock(self._newer(state.hall_now, now), now, service_online=True, confirmed=self.heard_hall is not None)

    def _newer(self, said: HallTime, now: Ms) -> HallTime:
        """After a lost link the retained heartbeat is up to one beat old, and what ran on here meanwhile knows better."""
        own = self.at(now)
        is_behind = own is not None and 0 < own - said <= OLDEST_RETAINED
        return own if self.is_new_link and own is not None and is_behind else said

    def link_lost(self) -> "HallClock":
        """The clock when the link is down: it runs on, and the next heartbeat is a retained one."""
        return replace(self, is_new_link=True)

    def away(self) -> "HallClock":
        """As :meth:`link_lost`, for whoever takes the service for gone at once."""
        return replace(self, service_online=False, is_new_link=True)

    def at(self, now: Ms) -> HallTime | None:
        """The hall clock now, or ``None`` if none was ever heard."""
        if self.heard_hall is None or self.heard_at is None:
            return None
        return HallTime(self.heard_hall + now - self.heard_at)

    def monotonic(self, at: HallTime) -> Ms | None:
        """This node's monotonic time at a hall time, or ``None`` if no hall clock was ever heard."""
        if self.heard_hall is None or self.heard_at is None:
            return None
        return self.heard_at + at - self.heard_hall

    def expires_at(self, now: Ms) -> HallTime | None:
        """Until when a repeatable request made now is good."""
        at = self.at(now)
        return None if at is None else HallTime(at + PERISHES_AFTER)

    def is_live(self, now: Ms) -> bool:
        """Whether the service has been heard within the last 15 s."""
        return self.service_online and self.heard_at is not None and now - self.heard_at < HEARTBEAT_LOST_AFTER

    def lost_at(self) -> Ms | None:
        """When the service must be taken for gone if nothing more is heard."""
        return self.heard_at + HEARTBEAT_LOST_AFTER if self.service_online and self.heard_at is not None else None
