"""Why a ticket was called when it was: one sentence in each language, from the stored facts alone.

What it went through before its last call leads up to the reason, what came after follows it (``broker.why_steps``).
"""

from collections.abc import Iterable
from typing import NamedTuple

from broker.rules import facts as f
from broker.rules.hours import MINUTE, clock_of
from broker.rules.points import as_points
from broker.why_steps import CLASSES, Step, Why, cancelled, leaves_waiting, told
from contracts.values import CallId, HallTime, TicketId, TicketNo

__all__ = ["CLASSES", "Why", "why"]


_FULL_RESERVE = 100


class _Story(NamedTuple):
    """What is stored about one ticket, oldest first, with the time of each."""

    issued: tuple[HallTime, f.TicketIssued]
    calls: list[tuple[HallTime, f.TicketCalled]]
    repeats: list[tuple[HallTime, f.CallRepeated]]
    steps: list[tuple[HallTime, Step]]
    papers: list[tuple[HallTime, f.TicketPrinted | f.TicketPresumedPrinted]]
    before_call: list[int]

    @property
    def called_after(self) -> int:
        """How many of the steps came before the last call."""
        return self.before_call[-1]


def why(facts: Iterable[f.Recorded], ticket: TicketId) -> Why | None:
    """The sentence for a ticket from the facts of its day, whatever else is among them; ``None`` if it was never issued."""
    story = _story(facts, ticket)
    if story is None:
        return None
    if not story.calls:
        return _never_called(story)
    called_at = story.calls[-1][0]
    last = story.called_after
    before, after = _told(story, story.steps[:last]), _told(story, story.steps[last:])
    called, waits = _called(story, called_at, before), _waits(story)
    zh = "".join(f";{one.zh}" for one in after)
    en = "".join(f"; {one.en}" for one in after)
    return Why(f"{called.zh}{zh}{waits.zh}。", f"{called.en}{en}{waits.en}.")


def _story(facts: Iterable[f.Recorded], ticket: TicketId) -> _Story | None:
    story: _Story | None = None
    for recorded in facts:
        match recorded.fact:
            case f.TicketIssued(ticket=one) as fact if one == ticket:
                pressed_at = recorded.at if fact.taken_at is None else fact.taken_at
                story = _Story((pressed_at, fact), [], [], [], [], [])
            case _ if story is None:
                continue
            case f.TicketCalled(ticket=one) as fact if one == ticket:
                story.calls.append((recorded.at, fact))
                story.before_call.append(len(story.steps))
            case f.CallRepeated(call=call) as fact if _is_of(call, ticket):
                story.repeats.append((recorded.at, fact))
            case (f.TicketPrinted(ticket=one) | f.TicketPresumedPrinted(ticket=one)) as fact if one == ticket:
                story.papers.append((recorded.at, fact))
            case fact if isinstance(fact, Step) and fact.ticket == ticket:
                story.steps.append((recorded.at, fact))
            case _:
                continue
    return story


def _is_of(call: CallId, ticket: TicketId) -> bool:
    return call.rpartition("/")[0] == ticket


def _no(ticket: TicketId) -> TicketNo:
    return TicketNo(ticket.rpartition("/")[2])


def _told(story: _Story, steps: list[tuple[HallTime, Step]]) -> list[Why]:
    """The steps in words, those that say something."""
    words = [told(at, fact, _announced(story, fact)) for at, fact in steps]
    return [one for one in words if one is not None]


def _announced(story: _Story, fact: Step) -> int:
    call = fact.call if isinstance(fact, f.TicketMissed) else None
    return max([1, *(one.announcement for _, one in story.repeats if one.call == call)])


def _called(story: _Story, at: HallTime, before: list[Why]) -> Why:
    """Who called it when, after what, and what decided it."""
    fact = story.calls[-1][1]
    counter, time, issued = int(fact.counter[1:]), clock_of(at), clock_of(story.issued[0])
    reason = _reason(fact)
    zh, en = _led_up(before)
    return Why(
        f"{_no(fact.ticket)}号{issued}取号{zh},{time}被{counter}号窗口叫到,{reason.zh}",
        f"{_no(fact.ticket)}, issued at {issued}{en}, was called to counter {counter} at {time} {reason.en}",
    )


def _led_up(before: list[Why]) -> Why:
    if not before:
        return Why("", "")
    return Why("".join(f",{one.zh}" for one in before), f" ({'; '.join(one.en for one in before)})")


def _waits(story: _Story) -> Why:
    """Where it is now, if its last step has brought it back into line."""
    if len(story.steps) > story.called_after and leaves_waiting(story.steps[-1][1]):
        return Why(",正在等候", " and is waiting")
    return Why("", "")


def _reason(fact: f.TicketCalled) -> Why:
    mine, rest = fact.compared[0], fact.compared[1:]
    if not rest and fact.tier is not f.Tier.RESUMED:
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


def _never_called(story: _Story) -> Why:
    at, fact = story.issued
    no, time = _no(fact.ticket), clock_of(at)
    ended_at, end = story.steps[-1] if story.steps else (at, None)
    if isinstance(end, f.TicketCancelled):
        zh, en = _led_up(_told(story, story.steps[:-1]))
        reason = cancelled(end)
        return Why(
            f"{no}号{time}取号{zh},没有被叫到:{clock_of(ended_at)}{reason.zh}。",
            f"{no}, issued at {time}{en}, was never called: at {clock_of(ended_at)} {reason.en}.",
        )
    zh, en = _led_up(_told(story, story.steps))
    if fact.kiosk is not None and not story.papers:
        return Why(
            f"{no}号{time}取号{zh},尚未被叫到:号票还没有确认打印。",
            f"{no}, issued at {time}{en}, has not been called yet: its paper is not confirmed.",
        )
    return Why(
        f"{no}号{time}取号{zh},正在等候,尚未被叫到。",
        f"{no}, issued at {time}{en}, is waiting and has not been called yet.",
    )
