"""What comes in, what goes out: a submission by a node, a decision of facts and answers; and who may ask what."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from broker.rules.facts import Fact
from broker.rules.hall import Hall
from broker.schema import Device, DeviceKind
from contracts.messages import Message, Request, RequestDone, RequestRefused
from contracts.values import HallTime, NodeName, Refusal, TicketId


@dataclass(frozen=True, slots=True)
class TimeReached:
    """The instant ``next_due`` named has come; what it brings is stored like anything else."""


@dataclass(frozen=True, slots=True)
class AdoptConfiguration:
    """The shell has read and checked a hall.toml; ``hash`` is the SHA-256 of its text."""

    content: str
    hash: str


@dataclass(frozen=True, slots=True)
class Submission:
    """One thing to decide. ``node`` is who the topic says is speaking; ``token`` 22 random url-safe characters."""

    node: NodeName | None
    what: Message | TimeReached | AdoptConfiguration
    token: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The facts to store, and what to say to whom once they are stored; the reply to the asking node comes first."""

    facts: tuple[Fact, ...] = ()
    answers: tuple[tuple[NodeName, Message], ...] = ()


@dataclass(frozen=True, slots=True)
class Asker:
    """The declared node that asks, and the token drawn for its request."""

    device: Device
    token: str = ""

    @property
    def node(self) -> NodeName:
        """Its name."""
        return self.device.id


@dataclass(frozen=True, slots=True)
class Rule:
    """Which kinds of device may ask for something (any, if empty), and how it is decided."""

    kinds: tuple[DeviceKind, ...]
    decide: Callable[[Hall, Asker, Any, HallTime], Decision]


@dataclass(frozen=True, slots=True)
class No:
    """Why not: a reason for machines, ``detail`` for an administrator, ``values`` for the sentence people read."""

    reason: Refusal
    detail: str = ""
    values: dict[str, str] = field(default_factory=dict)


def refused(asker: Asker, request: Request, no: No) -> Decision:
    """Not done: an answer, and no fact."""
    refusal = RequestRefused(request_id=request.request_id, reason=no.reason, values=no.values, detail=no.detail)
    return Decision((), ((asker.node, refusal),))


def done(
    asker: Asker, request: Request, *facts: Fact, ticket: TicketId | None = None, values: dict[str, str] | None = None
) -> Decision:
    """Done: the facts, and the plain answer; ``values`` fill the sentence the asking person reads."""
    answer = RequestDone(request_id=request.request_id, ticket=ticket, values=values or {})
    return Decision(facts, ((asker.node, answer),))
