"""What a clerk may choose beyond the six keys: a short list on the text line, made anew from the desk. Pure.

Nothing here is done by one key: 更多 (or a key of its own) shows a choice, 确定 asks for it. Every list ends with 返回. A
choice is offered only while the desk allows it; the service has the last word.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

from contracts.messages import (
    CareCheckRequested,
    CounterSettings,
    CoverEndRequested,
    CoverRequested,
    DeskState,
    ExtensionRefusalRequested,
    HandoverAckRequested,
    HandoverConfirmRequested,
    HandoverOffer,
    HandoverPhoneRequested,
    HandoverRequested,
    HandoverReturnRequested,
    HandoverShowRequested,
    HeldResumeRequested,
    HelpRequested,
    HoldRequested,
    LeadAcceptRequested,
    LeadEndRequested,
    LeadRequested,
    PauseRequested,
    Perishable,
    TransferRequested,
)
from contracts.values import (
    CallId,
    CounterId,
    CounterPhase,
    CoverMode,
    HallTime,
    HandoverAct,
    HelpKind,
    RequestId,
    TicketId,
    TicketNo,
)
from words import text

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
UNSIGNED = RequestId("")
"""In a choice the request has no id yet; it gets one when it is asked."""


class Topic(StrEnum):
    """What a choice is about; each may have a key of its own."""

    CHECK = "check"
    TRANSFER = "transfer"
    LEAD = "lead"
    HOLD = "hold"
    OTHER = "other"
    """Under 更多 alone."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A line to choose: it asks for something, opens the list ``below``, or (with neither) leads back."""

    label: str
    topic: Topic
    asks: Perishable | None = None
    below: "tuple[Choice, ...]" = ()


def back() -> Choice:
    """The end of every list: nothing is asked."""
    return Choice(text("con.back").zh, Topic.OTHER)


def offered(desk: DeskState, settings: CounterSettings, hall_now: HallTime | None) -> tuple[Choice, ...]:
    """Everything that may be chosen now, what presses first; empty if there is nothing."""
    return (*_offered(desk, settings, hall_now), *_handovers(desk), *_extension(desk, settings))


def about(topic: Topic, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """The choices of one topic; if that is one list, its lines."""
    found = tuple(one for one in choices if one.topic is topic)
    return found[0].below if len(found) == 1 and found[0].below else found


def _offered(desk: DeskState, settings: CounterSettings, hall_now: HallTime | None) -> tuple[Choice, ...]:
    match desk.phase:
        case CounterPhase.CALLED if desk.call is not None:
            return (*_check(desk, desk.call), _hold(desk, desk.call))
        case CounterPhase.SERVING if desk.call is not None and desk.leads_to is not None:
            end = LeadEndRequested(request_id=UNSIGNED, call=desk.call)
            return (Choice(text("con.lead.end").zh, Topic.LEAD, end),)
        case CounterPhase.SERVING if desk.call is not None:
            onward = (_transfer(desk.call, settings), *_lead(desk.call, settings))
            return (*_check(desk, desk.call), *onward, _hold(desk, desk.call), _agent(desk.call))
        case CounterPhase.FREE:
            pauses = tuple(_pause(reason) for reason in settings.pause_reasons)
            return (*_accept(desk, hall_now), *_resume(desk, hall_now), *pauses, *_cover(desk))
        case CounterPhase.PAUSED:
            return tuple(_cover(desk))
        case _:
            return ()


# --- The visitor at the desk ---------------------------------------------------------------------------------------------


def _check(desk: DeskState, call: CallId) -> Iterator[Choice]:
    """The priority is to be looked at (CARE-2.1): verified, not verified and served all the same, or back in line."""
    if not desk.care_open:
        return
    outcomes = (("con.care.ok", True, False), ("con.care.serve", False, False), ("con.care.no", False, True))
    below = tuple(
        Choice(
            text(key).zh,
            Topic.CHECK,
            CareCheckRequested(request_id=UNSIGNED, call=call, verified=verified, to_queue=to_queue),
        )
        for key, verified, to_queue in outcomes
    )
    yield Choice(text("con.care.verify").zh, Topic.CHECK, below=(*below, back()))


def _hold(desk: DeskState, call: CallId) -> Choice:
    label = f"{text('con.hold').zh} {desk.ticket or ''}".rstrip()
    return Choice(label, Topic.HOLD, HoldRequested(request_id=UNSIGNED, call=call))


def _agent(call: CallId) -> Choice:
    """Somebody is to come and accompany this visitor (AGENT-4.1). A call is named after its ticket."""
    ticket = TicketId(call.rpartition("/")[0])
    return Choice(text("con.agent").zh, Topic.OTHER, HelpRequested(request_id=UNSIGNED, kind=HelpKind.ASSIST, ticket=ticket))


def _transfer(call: CallId, settings: CounterSettings) -> Choice:
    """Every group of the hall; those this counter does not serve come first."""
    groups = sorted(settings.groups, key=lambda group: settings.counter in group.counters)
    word = text("con.transfer").zh
    below = tuple(
        Choice(f"{word} {group.zh}", Topic.TRANSFER, TransferRequested(request_id=UNSIGNED, call=call, group=group.id))
        for group in groups
    )
    return Choice(word, Topic.TRANSFER, below=(*below, back()))


def _lead(call: CallId, settings: CounterSettings) -> Iterator[Choice]:
    """Every other counter of the hall."""
    counters = sorted({counter for group in settings.groups for counter in group.counters} - {settings.counter})
    below = tuple(
        Choice(
            text("con.lead.to").zh.format(w=window(counter)),
            Topic.LEAD,
            LeadRequested(request_id=UNSIGNED, call=call, to=counter),
        )
        for counter in counters
    )
    if below:
        yield Choice(text("con.lead").zh, Topic.LEAD, below=(*below, back()))


# --- The free counter ----------------------------------------------------------------------------------------------------


def _accept(desk: DeskState, hall_now: HallTime | None) -> Iterator[Choice]:
    for number, no in enumerate(desk.led_here):
        asks = LeadAcceptRequested(request_id=UNSIGNED, ticket=_named(number, no, hall_now))
        yield Choice(text("con.lead.accept").zh.format(no=no), Topic.LEAD, asks)


def _resume(desk: DeskState, hall_now: HallTime | None) -> Iterator[Choice]:
    for number, no in enumerate(desk.held):
        asks = HeldResumeRequested(request_id=UNSIGNED, ticket=_named(number, no, hall_now))
        yield Choice(f"{text('con.resume').zh} {no}", Topic.HOLD, asks)


def _named(number: int, no: TicketNo, hall_now: HallTime | None) -> TicketId | None:
    """The first of a list needs no name; the others are told by their number and the hall's day."""
    if number == 0 or hall_now is None:
        return None
    return TicketId(f"{datetime.fromtimestamp(hall_now / 1000, UTC).astimezone(CHINA).date().isoformat()}/{no}")


def _pause(reason: str) -> Choice:
    return Choice(f"{text('con.pause').zh} {reason}", Topic.OTHER, PauseRequested(request_id=UNSIGNED, reason=reason))


def _cover(desk: DeskState) -> Iterator[Choice]:
    """Act for another counter, at the own one first (AB-4.6); or end that."""
    if desk.covers is not None:
        yield Choice(text("con.cover.end").zh, Topic.OTHER, CoverEndRequested(request_id=UNSIGNED))
        return
    for counter in desk.may_cover:
        for mode in CoverMode:
            label = text(f"con.cover.{mode}").zh.format(w=window(counter))
            yield Choice(label, Topic.OTHER, CoverRequested(request_id=UNSIGNED, counter=counter, mode=mode))


def _handovers(desk: DeskState) -> tuple[Choice, ...]:
    """What may be done about hand-overs (AB-4.2, AB-4.4), in a list of its own, with the name of the other person."""
    if desk.phase is CounterPhase.CLOSED or not desk.handovers:
        return ()
    below = tuple(
        Choice(text(f"con.handover.{one.act}").zh.format(name=one.name), Topic.OTHER, _about_handover(one))
        for one in desk.handovers
    )
    return (Choice(text("con.handover").zh, Topic.OTHER, below=(*below, back())),)


def _about_handover(offer: HandoverOffer) -> Perishable:
    match offer.act:
        case HandoverAct.OUT:
            return HandoverRequested(request_id=UNSIGNED, counter=offer.counter)
        case HandoverAct.PHONE:
            return HandoverPhoneRequested(request_id=UNSIGNED, counter=offer.counter)
        case HandoverAct.SHOW:
            return HandoverShowRequested(request_id=UNSIGNED, counter=offer.counter)
        case HandoverAct.ACK:
            return HandoverAckRequested(request_id=UNSIGNED, no=offer.no)
        case HandoverAct.CONFIRM:
            return HandoverConfirmRequested(request_id=UNSIGNED, no=offer.no)
        case HandoverAct.RETURN:
            return HandoverReturnRequested(request_id=UNSIGNED, no=offer.no)


def _extension(desk: DeskState, settings: CounterSettings) -> tuple[Choice, ...]:
    """Hours are over and this clerk cannot stay (EXT-4): with one of the hall's reasons."""
    if not desk.goes_home or desk.phase is CounterPhase.CLOSED or not settings.extension_reasons:
        return ()
    below = tuple(
        Choice(reason, Topic.OTHER, ExtensionRefusalRequested(request_id=UNSIGNED, reason=reason))
        for reason in settings.extension_reasons
    )
    return (Choice(text("con.ext.cannot").zh, Topic.OTHER, below=(*below, back())),)


def window(counter: CounterId) -> str:
    """What people call a counter: ``W02`` is 2."""
    digits = "".join(one for one in counter if one in "0123456789")
    return str(int(digits)) if digits else counter
