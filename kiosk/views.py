"""What text line and lamps show of a machine. Pure; simplified Chinese, as on every public device."""

from contracts.messages import HallBoard, KioskSettings, RequestRefused, TicketHours
from contracts.values import Condition, HallPhase, HallTime, Ms, Refusal, TicketNo
from firmware.drivers.lamps import Pattern
from kiosk import talk_views
from kiosk.layout import local
from kiosk.machine import CARE, Idle, Lines, Machine
from kiosk.talk import ChoosingService, OfferingCare
from words import text


class _Values(dict[str, str]):
    """Fills placeholders; one without a value is left out rather than shown in braces."""

    def __missing__(self, key: str) -> str:
        return ""


_OWN_WORDS = {
    Refusal.UNKNOWN_PROJECT: "tm.green.bad",
    Refusal.DUPLICATE_TICKET: "tm.dup",
    Refusal.ALREADY_REACTIVATED: "tm.noshow.limit",
    Refusal.CHECKIN_NOT_OPEN: "tm.appt.too_early",
    Refusal.UNKNOWN_APPOINTMENT: "tm.appt.none",
    Refusal.APPOINTMENT_FORFEITED: "tm.appt.forfeited",
    Refusal.EMERGENCY: "tm.emergency",
}


def _zh(key: str, **values: str) -> str:
    return text(key).zh.format_map(_Values(values))


def lines(machine: Machine, now: Ms) -> Lines:  # noqa: PLR0911 - one situation, one line
    """The text for the person in front of the machine; what was just said to somebody goes before what is always so."""
    if machine.is_emergency:
        return emergency()
    if machine.sentence is not None:
        return machine.sentence.lines
    if not machine.can_print:
        return out_of_service(machine)
    talk = None if machine.talk_until is None else talk_views.lines(machine.talk, machine.talk_until, now)
    if talk is not None:
        return talk
    if machine.asked:
        return (_zh("tm.wait"),)
    if not isinstance(machine.situation, Idle):
        return printing()
    if machine.care_armed:
        return (_zh("slip.care"), _zh("tm.service.choose"))
    if machine.settings is None:
        return away()
    if not machine.clock.is_live(now):
        return _offline(machine.settings, machine.hall_now(now))
    return (*_welcome(machine, machine.settings, now), *_paper_low(machine))


def lamps(machine: Machine) -> dict[str, Pattern]:
    """A key blinks while somebody waits for its paper; the 爱心 key is lit while it counts for the next press."""
    waited_for = machine.waited_for()
    keys: dict[str, Pattern] = {group: Pattern.BLINK if group in waited_for else Pattern.OFF for group in machine.keys}
    return {**keys, CARE: _care_lamp(machine)}


def _care_lamp(machine: Machine) -> Pattern:
    """It blinks while care is offered, and stays lit once it is taken."""
    match machine.talk:
        case OfferingCare():
            return Pattern.BLINK
        case ChoosingService(care=care):
            return Pattern.ON if care else Pattern.OFF
        case _:
            return Pattern.ON if machine.care_armed else Pattern.OFF


def emergency() -> Lines:
    """Everybody is asked to leave; no press is taken (HALL-8.2)."""
    return (_zh("tm.emergency"),)


def duplicate(no: TicketNo) -> Lines:
    """This person holds a number of the group."""
    return (_zh("tm.dup", no=no),)


def out_of_service(machine: Machine) -> Lines:
    """This machine cannot print; where to go instead: the other machine, or the guide desk in a hall that has only one."""
    elsewhere = machine.settings.elsewhere if machine.settings is not None else ""
    return (_zh("tm.paper.out", place=elsewhere or _zh("tm.guide")),)


def away() -> Lines:
    """No number can be given: nothing is known of the hall, or the journal takes no more."""
    return (_zh("tm.away"),)


def _offline(settings: KioskSettings, at: HallTime | None) -> Lines:
    """The rules service is away; the machine gives numbers of its own, in the hours if it knows the time."""
    return (None if at is None else closed(settings, at)) or (_zh("tm.offline"), _zh("tm.service.choose"))


def closed(settings: KioskSettings, at: HallTime) -> Lines | None:
    """Why no ticket is given at this hour, by the hours in the settings; ``None`` if one is, or nobody can know.

    For a machine that cannot ask the service.
    """
    coming = next((one for one in settings.hours if at < one.closes), None)
    if coming is not None and coming.opens <= at:
        return None
    today = local(at).date()
    if coming is not None and local(coming.opens).date() == today:
        return (_zh("tm.closed.before", time=local(coming.opens).strftime("%H:%M")),)
    if any(local(one.closes).date() == today for one in settings.hours):
        return (_zh("tm.closed.after"),)
    return None if coming is None else (_holiday(coming),)


def _holiday(coming: TicketHours) -> str:
    opens = local(coming.opens)
    return _zh("tm.holiday", date=f"{opens.month}月{opens.day}日")


def refused(refusal: RequestRefused) -> Lines:
    """The service said no, and why; in the machine's own words where the list has them."""
    key = _OWN_WORDS.get(refusal.reason, f"refusal.{refusal.reason.value}")
    return (_zh(key, **refusal.values),)


def printing() -> Lines:
    """A ticket is on its way."""
    return (_zh("tm.printing"),)


def take() -> Lines:
    """The paper is out."""
    return (_zh("tm.take"), _zh("tm.thanks"))


def _paper_low(machine: Machine) -> Lines:
    low = machine.printer is not None and machine.printer.condition is Condition.WARNING
    return (_zh("tm.paper.low"),) if low else ()


def _welcome(machine: Machine, settings: KioskSettings, now: Ms) -> Lines:
    """The standing text: what part of the day it is, where that matters to somebody who wants a ticket.

    Tickets are given some minutes before the hall opens, so before opening the hours of tickets count, not those of calls.
    """
    hall = settings.hall_name_zh
    phase = machine.hall.phase if machine.hall is not None else HallPhase.OPEN
    match phase:
        case HallPhase.OPEN:
            return (hall, _zh("tm.service.choose"))
        case HallPhase.NOON:
            return (_zh("tm.service.choose"), _at("tm.noon", machine.hall))
        case HallPhase.BEFORE_OPENING:
            at = machine.hall_now(now)
            not_yet = None if at is None else closed(settings, at)
            return (hall, *(not_yet or (_zh("tm.service.choose"),)))
        case HallPhase.REST:
            return (hall, _at("tm.holiday", machine.hall))
        case HallPhase.AFTER_CLOSING | HallPhase.CLOSED:
            return (_zh("tm.closed.after"),)


def _at(key: str, hall: HallBoard | None) -> str:
    if hall is None or hall.next_at is None:
        return _zh(key)
    at = local(hall.next_at)
    return _zh(key, time=at.strftime("%H:%M"), date=f"{at.month}月{at.day}日")
