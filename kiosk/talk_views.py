"""What the text line says in a conversation. Pure; nothing of a card is in it, and what is typed in secret is stars."""

from contracts.messages import KioskSettings, RequestDone, TicketIssued
from contracts.values import HallTime, Ms
from kiosk.layout import group_of, local
from kiosk.talk import (
    COUNTS_DOWN,
    PHONE_DIGITS,
    CheckingIn,
    ChoosingService,
    ConfirmingReturn,
    NamingProject,
    NamingTicket,
    OfferingCare,
    Purpose,
    Silent,
    Talk,
)
from words import text

Lines = tuple[str, ...]


def _zh(key: str, **values: str) -> str:
    return text(key).zh.format_map(values)


def lines(talk: Talk, until: Ms, now: Ms) -> Lines | None:
    """The text of this situation, ``None`` if there is no conversation; the last seconds are counted."""
    said = _said(talk)
    left = until - now
    if said is None or left > COUNTS_DOWN:
        return said
    return (*said, _zh("tm.countdown", s=str(-(-max(left, 1) // 1_000))))


def _said(talk: Talk) -> Lines | None:  # noqa: PLR0911 -- one situation, one line
    match talk:
        case Silent():
            return None
        case OfferingCare():
            return (_zh("tm.care.ask"), _zh("tm.keys"), _zh("tm.privacy"))
        case ChoosingService(project=str()):
            return (_zh("tm.service.choose"),)
        case ChoosingService(care=True, visitor=visitor):
            return (_zh("tm.care.age") if visitor.by_age else _zh("slip.care"), _zh("tm.service.choose"))
        case ChoosingService():
            return (_zh("tm.service.choose"), _zh("tm.privacy"))
        case NamingTicket(group, digits):
            return (_zh("tm.noshow.enter"), *_entered(f"{group or ''}{digits}"))
        case ConfirmingReturn():
            return (_zh("tm.noshow.ask", no=talk.no), _zh("tm.keys"))
        case CheckingIn(digits):
            return (_zh("tm.appt.prompt"), *_entered(stars(digits)))
        case NamingProject(_, digits):
            return (_zh("tm.green.code"), *_entered(digits))


def stars(digits: str) -> str:
    """As many stars as digits: a telephone number and a booking code are nobody else's business."""
    phone, code = digits[:PHONE_DIGITS], digits[PHONE_DIGITS:]
    return f"{'*' * len(phone)} {'*' * len(code)}".strip()


def _entered(typed: str) -> Lines:
    return (_zh("tm.entered", text=typed),) if typed else ()


def done(purpose: Purpose, answer: RequestDone, at: HallTime | None) -> Lines:
    """The service has done what it was asked in a conversation."""
    values = {"no": "", "n": "0", "time": "", **answer.values}
    match purpose:
        case Purpose.RETURN:
            return (_zh("tm.noshow.done", n=values["n"]),)
        case Purpose.CHECK_IN:
            is_late = at is not None and values["time"] != "" and values["time"] < local(at).strftime("%H:%M")
            agreed = _zh("tm.appt.late", time=values["time"]) if is_late else _zh("tm.appt.early")
            return (_zh("tm.dup", no=values["no"]), agreed)
        case Purpose.HELP:
            return (_zh("tm.help.ok"),)


def checked_in(ticket: TicketIssued, settings: KioskSettings | None, at: HallTime | None) -> Lines:
    """An appointment's ticket is on its way: what was agreed, and whether it is early or late. Empty for any other."""
    if ticket.appointment_at is None:
        return ()
    agreed = local(ticket.appointment_at)
    group = None if settings is None else group_of(ticket.group, settings)
    time = agreed.strftime("%H:%M")
    found = _zh(
        "tm.appt.found",
        date=f"{agreed.month}月{agreed.day}日",
        time=time,
        service=ticket.group if group is None else group.zh,
    )
    is_late = (ticket.issued_at if at is None else at) > ticket.appointment_at
    return (found, _zh("tm.appt.late", time=time) if is_late else _zh("tm.appt.early"))


def check_in_by_code() -> Lines:
    """What to type where a card does not tell."""
    return (_zh("tm.appt.prompt"),)


def card_failed() -> Lines:
    """Not read, or not in order."""
    return (_zh("tm.auth.idcard.fail"),)


def card_expired() -> Lines:
    """Its last day is over."""
    return (_zh("tm.auth.idcard.expired"),)


def choose_first() -> Lines:
    """A key that says nothing by itself."""
    return (_zh("tm.auth.choose"), _zh("tm.service.choose"))


def not_without_service() -> Lines:
    """Only tickets are given without the service."""
    return (_zh("tm.offline.other"),)
