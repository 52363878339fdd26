"""What has happened to a ticket beside its calls, each step as a few words in both languages."""

from typing import NamedTuple

from broker.rules import facts as f
from broker.rules.hours import clock_of
from contracts.values import CounterId, HallTime, VisitorClass


class Why(NamedTuple):
    """The same words in Chinese and English."""

    zh: str
    en: str


CLASSES: dict[VisitorClass, Why] = {
    VisitorClass.NORMAL: Why("普通", "normal"),
    VisitorClass.GREEN: Why("绿色通道", "green channel"),
    VisitorClass.CARE: Why("爱心通道", "care channel"),
    VisitorClass.APPOINTMENT_DUE: Why("预约到点", "appointment due"),
    VisitorClass.URGENT: Why("紧急", "urgent"),
}

Step = (
    f.TicketMissed
    | f.TicketCancelled
    | f.TicketHeld
    | f.HeldResumed
    | f.HeldReleased
    | f.TicketTransferred
    | f.LeadAccepted
    | f.TicketReactivated
    | f.ClassChanged
    | f.CareChecked
)


def leaves_waiting(fact: Step) -> bool:
    """Whether the ticket stands in line after this step."""
    is_back = isinstance(fact, f.CareChecked) and fact.outcome is f.CareOutcome.RETURNED
    return is_back or isinstance(fact, f.HeldResumed | f.HeldReleased | f.TicketTransferred | f.TicketReactivated)


def told(at: HallTime, fact: Step, announced: int) -> Why | None:
    """The step in words, ``announced`` being how often a missed call was made; ``None`` if it says nothing of the order."""
    time = clock_of(at)
    match fact:
        case f.TicketMissed():
            return Why(
                f"呼叫{announced}次未到,{time}过号", f"announced {announced} times in vain, it was a no-show at {time}"
            )
        case f.TicketCancelled():
            reason = cancelled(fact)
            return Why(f"{time}{reason.zh}", f"at {time} {reason.en}")
        case f.TicketReactivated():
            return Why(f"{time}恢复排队", f"at {time} it rejoined the line")
        case f.ClassChanged(visitor_class=kind, withdrawn=withdrawn):
            return _class(time, CLASSES[kind], withdrawn=withdrawn)
        case f.CareChecked(counter=counter, outcome=outcome):
            return _returned(time, counter) if outcome is f.CareOutcome.RETURNED else None
        case _:
            return _moved(time, fact)


def _class(time: str, kind: Why, *, withdrawn: bool) -> Why:
    if withdrawn:
        return Why(f"{time}起不再按{kind.zh}计", f"from {time} on it no longer counted as {kind.en}")
    return Why(f"{time}起按{kind.zh}计", f"from {time} on it counted as {kind.en}")


def _returned(time: str, counter: CounterId) -> Why:
    return Why(
        f"{time}经{_window(counter)}号窗口核验按普通号回到队列",
        f"at {time} counter {_window(counter)} sent it back to its line as a normal ticket",
    )


def _moved(time: str, fact: Step) -> Why | None:
    match fact:
        case f.TicketHeld(counter=counter):
            w = _window(counter)
            return Why(f"{time}在{w}号窗口挂起", f"at {time} it was put on hold at counter {w}")
        case f.HeldResumed(counter=counter):
            w = _window(counter)
            return Why(f"{time}在{w}号窗口恢复办理", f"at {time} it was resumed at counter {w}")
        case f.HeldReleased(counter=counter):
            w = _window(counter)
            return Why(
                f"{time}因{w}号窗口无人继续办理而回到队列",
                f"at {time} it went back to its line because nobody at counter {w} could go on with it",
            )
        case f.TicketTransferred(counter=counter, group=group):
            w = _window(counter)
            return Why(f"{time}由{w}号窗口转至{group}类队列", f"at {time} counter {w} transferred it to group {group}")
        case f.LeadAccepted(by=by, counter=counter):
            w, to = _window(by), _window(counter)
            return Why(f"{time}由{w}号窗口领办至{to}号窗口", f"at {time} it was led from counter {w} to counter {to}")
        case _:
            return None


def _window(counter: CounterId) -> int:
    """The number citizens read."""
    return int(counter[1:])


def cancelled(fact: f.TicketCancelled) -> Why:
    """How a ticket ended without service."""
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
