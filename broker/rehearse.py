"""Trying a policy before switching: who would be called when, by the very ``compare`` the service calls with (issue 2, 10).

One group, one service, no noon. A case that cannot be understood says so in its own result; the others are computed.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from broker.rehearsal import RehearsalError, TimeOfDay, computed, read_file, seconds_of
from broker.rules.facts import Claim, Compared, Tier
from broker.rules.hours import SECOND
from broker.rules.pick import Pair, Queue, Rank, Waiting, Weights, compare, weights
from broker.rules.points import as_points
from broker.schema import Classes, Reserve
from contracts.values import GroupId, HallTime, TicketId, VisitorClass

__all__ = ["RehearsalError", "rehearse_queue"]

_ALONE = Pair(GroupId("A"), None)


class _Weight(Struct, frozen=True, forbid_unknown_fields=True):
    head_start_min: Annotated[int, Meta(ge=0)] | None = None
    speed: Annotated[int, Meta(ge=1)] | None = None


class _Policy(Struct, frozen=True, forbid_unknown_fields=True):
    classes: dict[VisitorClass, _Weight] = {}


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    cases: list[Any]
    policy: _Policy = _Policy()


class _Ticket(Struct, frozen=True, forbid_unknown_fields=True, rename={"visitor_class": "class"}):
    no: Annotated[str, Meta(min_length=1)]
    issued: TimeOfDay
    visitor_class: Literal["normal", "green", "care", "urgent"] = "normal"
    appointment: TimeOfDay | None = None


class _Case(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    tickets: list[_Ticket]
    calls: list[TimeOfDay]
    reserve: dict[VisitorClass, Annotated[int, Meta(ge=1, le=1000)]] = {}


def rehearse_queue(cases: dict[str, Any]) -> dict[str, Any]:
    """``{"cases": [{"name", "called", "reasons"}]}`` for the rehearsal in ``cases``; ``{"name", "error"}`` for a bad case.

    Raises :class:`RehearsalError` if the whole or its policy cannot be understood.
    """
    file = read_file(cases, _File)
    policy = _policy(file.policy)

    def compute(raw: Any) -> dict[str, Any]:
        return _called(msgspec.convert(raw, _Case), policy)

    return computed(file.cases, compute)


def _policy(overrides: _Policy) -> Classes:
    changed = {}
    for name, weight in overrides.classes.items():
        given = {key: value for key, value in msgspec.structs.asdict(weight).items() if value is not None}
        changed[name.value] = msgspec.structs.replace(Classes().of(name), **given)
    return msgspec.structs.replace(Classes(), **changed)


def _called(case: _Case, policy: Classes) -> dict[str, Any]:
    _check(case)
    by = weights(policy, Reserve(**{one.value: percent for one, percent in case.reserve.items()}))
    made = list(_calls(case, by))
    return {"called": [no for no, _ in made], "reasons": [reason for _, reason in made]}


def _check(case: _Case) -> None:
    numbers = [one.no for one in case.tickets]
    twice = next((no for no in numbers if numbers.count(no) > 1), None)
    if twice is not None:
        raise ValueError(f"ticket {twice} is listed twice - `$.tickets`")
    back = next((b for a, b in zip(case.calls, case.calls[1:], strict=False) if _at(b) < _at(a)), None)
    if back is not None:
        raise ValueError(f"the call at {back} comes after a later one; calls are listed in their order - `$.calls`")


def _calls(case: _Case, by: Weights) -> Iterator[tuple[str | None, str]]:
    """Let people join when their tickets are issued, and call."""
    queue = Queue()
    coming = sorted(enumerate(case.tickets, start=1), key=lambda each: (_at(each[1].issued), each[0]))
    for call in case.calls:
        q = _at(call)
        while coming and _at(coming[0][1].issued) <= q:
            place, ticket = coming.pop(0)
            queue.join(_waiting(ticket, place))
        compared = compare(queue, (_ALONE,), by, q, carried_first=False)
        if compared:
            queue.leave(compared[0].ticket)
        yield (compared[0].ticket if compared else None), _reason(compared)


def _waiting(ticket: _Ticket, sequence: int) -> Waiting:
    since = _at(ticket.issued)
    claims = [Claim(visitor_class=VisitorClass.NORMAL, since=since)]
    if ticket.visitor_class != "normal":
        claims.append(Claim(visitor_class=VisitorClass(ticket.visitor_class), since=since))
    if ticket.appointment is not None:
        agreed = max(since, _at(ticket.appointment))
        claims.append(Claim(visitor_class=VisitorClass.APPOINTMENT_DUE, since=agreed))
    rank = Rank.URGENT if ticket.visitor_class == "urgent" else Rank.PLAIN
    return Waiting(TicketId(ticket.no), _ALONE, tuple(claims), since, sequence, rank)


def _at(clock: str) -> HallTime:
    return HallTime(seconds_of(clock) * SECOND)


def _reason(compared: tuple[Compared, ...]) -> str:
    if not compared:
        return "nobody waiting"
    first = compared[0]
    why = f"{first.visitor_class.value}, {as_points(first)} points"
    if first.tier is not Tier.SCORE:
        why = f"{first.tier.value}: {why}"
    if len(compared) == 1:
        return f"{why}; no other line"
    second = compared[1]
    return f"{why}; next {second.ticket} {second.visitor_class.value}, {as_points(second)} points"
