"""What has arrived, read once and strictly: a request, a node's state, or something that cannot be used. Pure.

A request that cannot be used is still answered where its id can be read, so that nobody waits for a service that has
already made up its mind, and it is acknowledged, so that it does not come again for ever.
"""

import re
from dataclasses import dataclass
from typing import cast

import msgspec

from contracts.codec import MAX_BYTES, ContractError, decode
from contracts.messages import Kept, Message, NodeState, Request
from contracts.topics import BY_NAME, Topics
from contracts.values import NodeName, RequestId

_NODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
"""As ``hall.toml`` and ``node.toml`` accept it. No other is kept or answered: to ``+`` nothing can even be published."""
_REQUEST_ID = re.compile(rf"(?P<node>{_NODE.pattern})/[0-9a-f]{{16}}/[0-9]{{1,18}}")
_HOLDER = re.compile(r"\b[0-9a-fA-F]{64}\b")
"""The hash of an ID card is kept nowhere, not even as evidence (docs/decisions/0021)."""
_LONGEST_BOOT = 16
_ROOM_FOR_EVIDENCE = 4096


@dataclass(frozen=True, slots=True)
class Asked:
    """A sound request of this node."""

    node: NodeName
    request: Request


@dataclass(frozen=True, slots=True)
class StateHeard:
    """A node's birth, or its end."""

    node: NodeName
    state: NodeState


@dataclass(frozen=True, slots=True)
class Unusable:
    """Not a message of ours. ``node`` is who spoke, if that can be told, ``answer_to`` the id it waits for.

    ``is_its_own`` is false for an id that belongs to another node: answered, never stored, else it would block the other.
    ``evidence`` is the payload of what nobody can repeat, kept so that a person can still enter it.
    """

    why: str
    what: str
    node: NodeName | None = None
    message: str = ""
    answer_to: RequestId | None = None
    is_its_own: bool = False
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Cleared:
    """An empty payload: somebody took back a retained message."""


Read = Asked | StateHeard | Unusable | Cleared


def read(topics: Topics, topic: str, payload: bytes) -> Read:
    """What this is."""
    if not topic.startswith(topics.root + "/node/"):
        return Unusable("wrong_hall", f"the topic is not one of {topics.root}/node/...")
    if not payload:
        return Cleared()
    levels = topic.removeprefix(topics.root + "/").split("/")
    node, message = NodeName(levels[1]), levels[-1]
    if _NODE.fullmatch(node) is None:
        return Unusable("malformed", "no node has such a name")
    try:
        heard = decode(topic, payload)
    except ContractError as error:
        why = "oversized" if len(payload) > MAX_BYTES else "malformed"
        return _unusable(why, error.what, node, message, payload)
    what = _misfit(heard, node)
    if what is not None:
        return _unusable("malformed", what, node, message, payload)
    return StateHeard(node, heard) if isinstance(heard, NodeState) else Asked(node, cast("Request", heard))


def _misfit(heard: Message, node: NodeName) -> str | None:
    """What is wrong with a message that is sound by itself, on the topic of this node."""
    if isinstance(heard, NodeState):
        if len(heard.boot) > _LONGEST_BOOT:
            return "field boot: no boot id"
        return None if heard.node == node else f"field node: {heard.node!r} speaks on the topic of {node}"
    if not isinstance(heard, Request):
        return f"{type(heard).__name__} is not for the service"
    spelled = _REQUEST_ID.fullmatch(heard.request_id)
    return None if spelled and spelled["node"] == node else f"field request_id: {heard.request_id!r} is no id of {node}"


def _unusable(why: str, what: str, node: NodeName, message: str, payload: bytes) -> Unusable:
    """Find out whom to answer, without trusting anything else in it."""
    request_id = _request_id_in(payload) if len(payload) <= MAX_BYTES else None
    spelled = _REQUEST_ID.fullmatch(request_id) if request_id is not None else None
    row = BY_NAME.get(message)
    irreplaceable = row is not None and issubclass(row.message, Kept) and len(payload) <= _ROOM_FOR_EVIDENCE
    return Unusable(
        why,
        what,
        node,
        message,
        answer_to=request_id if spelled else None,
        is_its_own=spelled is not None and spelled["node"] == node,
        evidence=_HOLDER.sub("(holder)", payload.decode("utf-8", "replace")) if irreplaceable else None,
    )


def _request_id_in(payload: bytes) -> RequestId | None:
    try:
        fields = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    found = fields.get("request_id") if isinstance(fields, dict) else None
    return RequestId(found) if isinstance(found, str) else None
