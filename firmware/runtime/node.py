"""One node: its behaviour, its ports, its link. Everything that happens passes through ``handle``, one at a time.

The loop that waits stands in ``loop``; the simulator calls ``handle`` and ``wake`` itself. So a node cannot tell whether
its time is real.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from contracts.messages import Kept, Message
from contracts.values import CounterId, Ms
from firmware.runtime.steps import (
    Behaviour,
    Effect,
    FollowDesk,
    Happening,
    Heard,
    Keep,
    KeepFailed,
    LinkDown,
    LinkUp,
    Note,
    Reported,
    Say,
    Tell,
    TimeReached,
    WakeAt,
)


class PortLike(Protocol):
    """A driver on a wire, as the node sees it (``firmware.drivers.base.Port``)."""

    wake_at: Ms | None

    def begin(self, now: Ms) -> list[object]:
        """Start; returns reports."""

    def handle(self, happening: object, now: Ms) -> list[object]:
        """One happening of the wire, or one command; returns reports."""

    def wake(self, now: Ms) -> list[object]:
        """The wished time has come; returns reports."""

    def close(self) -> None:
        """Close the wire."""


class Link(Protocol):
    """The way to the MQTT server, as the node sees it (``firmware.runtime.link`` or the simulator's)."""

    def say(self, message: Message) -> None:
        """Publish on the topic this node uses for such a message; dropped while the link is down."""

    def follow_desk(self, counter: CounterId) -> None:
        """Subscribe to this counter's desk, and no longer to another's; kept up across reconnects."""

    def close(self, *, reason: str) -> None:
        """Say goodbye (a retained offline state with this reason) and disconnect."""


class Outbox(Protocol):
    """The journal and its resending (``firmware.runtime.outbox``)."""

    @property
    def wake_at(self) -> Ms | None:
        """When ``wake`` wants to be called."""

    @property
    def note(self) -> bytes:
        """The last note that was kept, in this life or an earlier one; empty if there was none."""

    @property
    def unanswered(self) -> tuple[Kept, ...]:
        """What waits for an answer, oldest first; at the start, what earlier lives have left."""

    def keep(self, message: Kept, now: Ms, note: bytes = b"") -> None:
        """Stamp, journal (with the note), fsync, then send. Raises ``OSError`` if the row is not safe."""

    def heard(self, message: Message, now: Ms) -> None:
        """Notice heartbeats (for the stamps) and answers (which end the resending)."""

    def link_up(self, now: Ms) -> None:
        """Send everything unanswered, as soon as the service is heard."""

    def wake(self, now: Ms) -> None:
        """Send again what has waited too long."""

    def close(self) -> None:
        """Close the file."""


class Log(Protocol):
    """Structured log lines (``firmware.runtime.log``)."""

    def __call__(self, event: str, /, **fields: Any) -> None:
        """One line."""


@dataclass(frozen=True, slots=True)
class FromWire:
    """An inbox item: something came over the wire of these ports."""

    ports: tuple[str, ...]
    happening: object


@dataclass(frozen=True, slots=True)
class FromLink:
    """An inbox item: ``Heard``, ``LinkUp`` or ``LinkDown``."""

    happening: Heard | LinkUp | LinkDown


InboxItem = FromWire | FromLink
State = TypeVar("State")


class Node(Generic[State]):
    """A behaviour joined to its ports, its link and its outbox."""

    def __init__(
        self,
        behaviour: Behaviour[State],
        ports: Mapping[str, PortLike],
        link: Link,
        outbox: Outbox,
        log: Log,
    ) -> None:
        self._behaviour = behaviour
        self._ports = dict(ports)
        self._link = link
        self._outbox = outbox
        self._log = log
        self._wake_at: Ms | None = None
        self.state: State

    def begin(self, now: Ms) -> None:
        """Start every port, then the behaviour, whose first effects may already tell the ports something."""
        reports = deque[Happening](Reported(name, what) for name, port in self._ports.items() for what in port.begin(now))
        self.state, effects = self._behaviour.begin(now)
        self._settle(reports, now, effects)

    def handle(self, item: InboxItem, now: Ms) -> None:
        """Let one thing happen, and everything that follows from it here and now."""
        match item:
            case FromWire(ports, happening):
                for name in ports:
                    self._settle(deque(Reported(name, what) for what in self._ports[name].handle(happening, now)), now)
            case FromLink(happening):
                if isinstance(happening, Heard):
                    self._outbox.heard(happening.message, now)
                elif isinstance(happening, LinkUp):
                    self._outbox.link_up(now)
                self._settle(deque([happening]), now)

    @property
    def wake_at(self) -> Ms | None:
        """The earliest time anything in this node wants to be woken."""
        wishes = [self._wake_at, self._outbox.wake_at, *(port.wake_at for port in self._ports.values())]
        return min((wish for wish in wishes if wish is not None), default=None)

    def wake(self, now: Ms) -> None:
        """Wake everything whose time has come."""
        if self._outbox.wake_at is not None and self._outbox.wake_at <= now:
            self._outbox.wake(now)
        for name, port in self._ports.items():
            if port.wake_at is not None and port.wake_at <= now:
                self._settle(deque(Reported(name, what) for what in port.wake(now)), now)
        if self._wake_at is not None and self._wake_at <= now:
            self._wake_at = None
            self._settle(deque([TimeReached()]), now)

    def close(self, *, reason: str = "planned") -> None:
        """Say goodbye and close every wire and file."""
        self._link.close(reason=reason)
        for port in self._ports.values():
            port.close()
        self._outbox.close()

    def _settle(self, pending: deque[Happening], now: Ms, effects: Sequence[Effect] = ()) -> None:
        """Carry out effects, then step through what is pending and what the ports report on the way."""
        self._carry_out(effects, pending, now)
        while pending:
            self.state, effects = self._behaviour.step(self.state, pending.popleft(), now)
            self._carry_out(effects, pending, now)

    def _carry_out(self, effects: Sequence[Effect], pending: deque[Happening], now: Ms) -> None:
        for effect in effects:
            match effect:
                case Say(message):
                    self._link.say(message)
                case Keep(message, note):
                    try:
                        self._outbox.keep(message, now, note)
                    except OSError as error:
                        self._log("journal_failed", message=type(message).__name__, error=str(error))
                        pending.append(KeepFailed(message, str(error)))
                        return
                case Tell(port, command):
                    pending.extend(Reported(port, what) for what in self._ports[port].handle(command, now))
                case WakeAt(at):
                    self._wake_at = at
                case FollowDesk(counter):
                    self._link.follow_desk(counter)
                case Note(event, fields):
                    self._log(event, **fields)
