"""Why a ticket was called when it was: one sentence in each language, from the stored facts alone."""

from collections.abc import Iterable
from typing import NamedTuple

from broker.rules import facts as f
from broker.rules.hours import MINUTE, clock_of
from broker.rules.points import as_points
from contracts.values import CallId, HallTime, TicketId, TicketNo, VisitorClass


class Why(NamedTuple):
    """The same sentence in Chinese and English."""

    zh: str
    en: str


CLASSES: dict[VisitorClass, Why] = {
    VisitorClass.NORMAL: Why("普通", "normal"),
    VisitorClass.GREEN: Why("绿色通道", "green channel"),
    VisitorClass.CARE: Why("爱心通道", "care channel"),
    VisitorClass.APPOINTMENT_DUE: Why("预约到点", "appointment due"),
    VisitorClass.URGENT: Why("紧急", "urgent"),
}
_FULL_RESERVE = 100


class _Story(NamedTuple):
    """What is stored about one ticket, oldest first, with the time of each."""

    issued: tuple[HallTime, f.TicketIssued]
    calls: list[tuple[HallTime, f.TicketCalled]]
    repeats: list[tuple[HallTime, f.CallRepeated]]
    ends: list[tuple[HallTime, f.TicketMissed | f.TicketCancelled]]
    papers: list[tuple[HallTime, f.TicketPrinted | f.TicketPresumedPrinted]]


def why(facts: Iterable[f.Recorded], ticket: TicketId) -> Why | None:
    """The sentence for a ticket from the facts of its day, whatever else is among them; ``None`` if it was never issued."""
    story = _story(facts, ticket)
    if story is None:
        return None
    if story.calls:
        called = _called(story)
        ended = _ended(story)
        return Why(f"{called.zh}{ended.zh}。", f"{called.en}{ended.en}.")
    return _never_called(story)


def _story(facts: Iterable[f.Recorded], ticket: TicketId) -> _Story | None:
    story: _Story | None = None
    for recorded in facts:
        match recorded.fact:
            case f.TicketIssued(ticket=one) as fact if one == ticket:
                pressed_at = recorded.at if fact.taken_at is None else fact.taken_at
                story = _Story((pressed_at, fact), [], [], [], [])
            case _ if story is None:
                continue
            case f.TicketCalled(ticket=one) as fact if one == ticket:
                story.calls.append((recorded.at, fact))
            case f.CallRepeated(call=call) as fact if _is_of(call, ticket):
                story.repeats.append((recorded.at, fact))
            case (f.TicketMissed(ticket=one) | f.TicketCancelled(ticket=one)) as fact if one == ticket:
                story.ends.append((recorded.at, fact))
            case (f.TicketPrinted(ticket=one) | f.TicketPresumedPrinted(ticket=one)) as fact if one == ticket:
                story.papers.append((recorded.at, fact))
            case _:
                continue
    return story


def _is_of(call: CallId, ticket: TicketId) -> bool:
    return call.rpartition("/")[0] == ticket


def _no(ticket: TicketId) -> TicketNo:
    return TicketNo(ticket.rpartition("/")[2])


def _called(story: _Story) -> Why:
    """Who called it when, and what decided it."""
    at, fact = story.calls[-1]
    counter, time = int(fact.counter[1:]), clock_of(at)
    reason = _reason(fact)
    return Why(
        f"{_no(fact.ticket)}号{clock_of(story.issued[0])}取号,{time}被{counter}号窗口叫到,{reason.zh}",
        f"{_no(fact.ticket)}, issued at {clock_of(story.issued[0])}, was called to counter {counter} at {time} {reason.en}",
    )


def _reason(fact: f.TicketCalled) -> Why:
    mine, rest = fact.compared[0], fact.compared[1:]
    if not rest:
        worth = _worth(mine, fact.queue_clock)
        return Why(
            f"因为它排在队首,积{worth.zh},该窗口当时没有其他队列等候",
            f"because it was first in line with {worth.en} and no other line of this counter had anyone waiting",
        )
    match fact.tier:
        case f.Tier.RESUMED:
            return Why(
                "因为它在该窗口挂起后恢复办理,优先于其他号",
                "because it was held at this counter and resumed, before all others",
            )
        case f.Tier.URGENT:
            return _first_in_tier(
                fact, Why("因为它是经批准的紧急号,先于其他号", "because it is an approved urgent ticket, before all others")
            )
        case f.Tier.CARRIED_OVER:
            lead = Why(
                "因为它上午取号、午间顺延,下午先叫",
                "because it waited over noon and such tickets come first in the afternoon",
            )
            return _first_in_tier(fact, lead)
        case f.Tier.SCORE:
            return _by_points(Why("因为", "because "), fact.queue_clock, mine, rest)


def _first_in_tier(fact: f.TicketCalled, lead: Why) -> Why:
    """A tier decides first, points only inside it."""
    mine, rest = fact.compared[0], tuple(one for one in fact.compared[1:] if one.tier is fact.tier)
    if not rest:
        return lead
    points = _by_points(Why(";其中", "; among those, "), fact.queue_clock, mine, rest)
    return Why(lead.zh + points.zh, lead.en + points.en)


def _by_points(lead: Why, q: HallTime, mine: f.Compared, rest: tuple[f.Compared, ...]) -> Why:
    second, worth, next_worth = rest[0], _worth(mine, q), _worth(rest[0], q)
    compared = len(rest) + 1
    if second.score == mine.score:
        return Why(
            f"{lead.zh}它积{worth.zh},与{_no(second.ticket)}号同分而取号在先",
            f"{lead.en}it had {worth.en}, as many as {_no(second.ticket)}, and was issued earlier",
        )
    return Why(
        f"{lead.zh}它积{worth.zh},在比较的{compared}个号中最高,其次是{_no(second.ticket)}号,积{next_worth.zh}",
        f"{lead.en}it had {worth.en}, the most of the {compared} compared; "
        f"next was {_no(second.ticket)} with {next_worth.en}",
    )


def _worth(one: f.Compared, q: HallTime) -> Why:
    """Points, and what they come from; minutes by the queue clock, which no emergency makes longer."""
    kind, points = CLASSES[one.visitor_class], as_points(one)
    minutes = max(0, q - one.since) // MINUTE
    reserve = Why("", "")
    if one.reserve != _FULL_RESERVE:
        reserve = Why(f",本窗口按{one.reserve}%计", f", counted at {one.reserve} % here")
    return Why(
        f"{points}分({kind.zh},计时{minutes}分钟{reserve.zh})", f"{points} points ({kind.en} for {minutes} min{reserve.en})"
    )


def _ended(story: _Story) -> Why:
    """What came of the call, if nobody was served."""
    if not story.ends:
        return Why("", "")
    (at, fact), times = story.ends[-1], _announced(story)
    if isinstance(fact, f.TicketMissed):
        return Why(
            f";呼叫{times}次未到,{clock_of(at)}过号",
            f"; announced {times} times in vain, it was a no-show at {clock_of(at)}",
        )
    reason = _cancelled(fact)
    return Why(f";{clock_of(at)}{reason.zh}", f"; at {clock_of(at)} {reason.en}")


def _announced(story: _Story) -> int:
    call = story.calls[-1][1].call
    return max([1, *(one.announcement for _, one in story.repeats if one.call == call)])


def _never_called(story: _Story) -> Why:
    at, fact = story.issued
    no, time = _no(fact.ticket), clock_of(at)
    ended_at, end = story.ends[-1] if story.ends else (at, None)
    if isinstance(end, f.TicketCancelled):
        reason = _cancelled(end)
        return Why(
            f"{no}号{time}取号,没有被叫到:{clock_of(ended_at)}{reason.zh}。",
            f"{no}, issued at {time}, was never called: at {clock_of(ended_at)} {reason.en}.",
        )
    if fact.kiosk is not None and not story.papers:
        return Why(
            f"{no}号{time}取号,尚未被叫到:号票还没有确认打印。",
            f"{no}, issued at {time}, has not been called yet: its paper is not confirmed.",
        )
    return Why(f"{no}号{time}取号,正在等候,尚未被叫到。", f"{no}, issued at {time}, is waiting and has not been called yet.")


def _cancelled(fact: f.TicketCancelled) -> Why:
    if fact.reason == "day_over":
        return Why("当日已结束", "the day was over")
    if fact.reason.startswith("not_printed:"):
        return Why("因未能打印而作废", "it was void because it could not be printed")
    if fact.reason == "unknown_group":
        return Why("因大厅已无此业务队列而作废", "it was void because the hall has no such queue any more")
    if fact.reason.startswith("merged:"):
        other = fact.reason.removeprefix("merged: ")
        return Why(f"已并入同一次取号的{other}号", f"it was merged into {other}, the paper of the same press")
    return Why(f"被取消({fact.reason})", f"it was cancelled ({fact.reason})")
