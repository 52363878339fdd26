"""The arrows of a conversation: what each key and each card means in each situation. Pure.

Every key leads to a paper, a sentence or a text that has changed; what is asked of the service is in ``asking``.
"""

from dataclasses import replace
from datetime import date

from contracts.values import GroupId, HelpKind, Ms
from firmware.drivers.id_reader import CardFailed
from firmware.drivers.id_reader_layouts import IdCard
from firmware.runtime.steps import Note
from kiosk import asking, talk_views, views
from kiosk.identity import visitor_of
from kiosk.layout import local
from kiosk.machine import Machine, Result, Wish, refuse
from kiosk.offline import REFUSAL_STAYS
from kiosk.talk import (
    CODE_DIGITS,
    DIGITS,
    MOST_PROJECT_DIGITS,
    MOST_TICKET_DIGITS,
    NOBODY,
    PHONE_DIGITS,
    SILENT,
    TALK_STAYS,
    CheckingIn,
    ChoosingService,
    ConfirmingReturn,
    NamingProject,
    NamingTicket,
    OfferingCare,
    Silent,
    Talk,
    Visitor,
    project_code,
)


def go_to(machine: Machine, talk: Talk, now: Ms) -> Result:
    """This is where the conversation is now; its time begins anew, and an earlier sentence is over."""
    until = None if isinstance(talk, Silent) else now + TALK_STAYS
    return replace(machine, talk=talk, talk_until=until, sentence=None), ()


def over(machine: Machine) -> Machine:
    """Nothing is left of it."""
    return replace(machine, talk=SILENT, talk_until=None)


def time_reached(machine: Machine, now: Ms) -> Machine:
    """Whoever has gone away without a word is forgotten."""
    return over(machine) if machine.talk_until is not None and now >= machine.talk_until else machine


# --- Cards ---------------------------------------------------------------------------------------------------------------


def card_read(machine: Machine, card: IdCard, now: Ms) -> Result:
    """A card was read. What of it is needed becomes a :class:`Visitor` here, and the card is not kept."""
    no = _cannot_serve(machine)
    if no is not None or machine.settings is None:
        return asking.say(machine, no or views.away(), now), ()
    today = _today(machine, now)
    if today is not None and card.has_expired(today):
        return asking.say(machine, talk_views.card_expired(), now), (Note("id_card_refused", {"code": "expired"}),)
    return _visitor_came(machine, visitor_of(card, machine.settings, today), now)


def card_failed(machine: Machine, failed: CardFailed, now: Ms) -> Result:
    """A card that could not be read, or is not in order; the conversation waits for another attempt."""
    note = Note("id_card_refused", {"code": failed.code})
    no = _cannot_serve(machine)
    until = None if isinstance(machine.talk, Silent) else now + TALK_STAYS
    said = asking.say(machine, no or talk_views.card_failed(), now)
    return replace(said, talk=machine.talk, talk_until=until), (note,)


def _cannot_serve(machine: Machine) -> tuple[str, ...] | None:
    """Why nobody is served here now."""
    if machine.is_emergency:
        return views.emergency()
    return None if machine.can_print else views.out_of_service(machine)


def _today(machine: Machine, now: Ms) -> date | None:
    at = machine.hall_now(now)
    return None if at is None else local(at).date()


def _visitor_came(machine: Machine, visitor: Visitor, now: Ms) -> Result:
    match machine.talk:
        case CheckingIn() if visitor.holder is not None:
            return asking.check_in(machine, now, holder=visitor.holder)
        case NamingTicket(group) if visitor.holder is not None:
            return asking.come_back(machine, now, holder=visitor.holder, group=group)
        case CheckingIn() | NamingTicket():
            return asking.say(machine, talk_views.not_without_service(), now), ()
        case NamingProject(_, digits):
            return go_to(machine, NamingProject(visitor, digits), now)
        case ChoosingService(_, care, str() as project):
            return go_to(machine, ChoosingService(visitor, care, project), now)
        case _:
            return go_to(machine, OfferingCare(visitor) if visitor.by_age else ChoosingService(visitor), now)


# --- Keys of groups ------------------------------------------------------------------------------------------------------


def group_pressed(machine: Machine, group: GroupId, now: Ms) -> Result | None:
    """A group key in a conversation; ``None`` where it is an ordinary press."""
    match machine.talk:
        case NamingTicket(_, digits):
            return go_to(machine, NamingTicket(group, digits), now)
        case OfferingCare(visitor):
            return _wish(machine, group, ChoosingService(visitor, care=True))
        case ChoosingService() as chosen:
            return _wish(machine, group, chosen)
        case _:
            return None


def _wish(machine: Machine, group: GroupId, chosen: ChoosingService) -> Result:
    """The ticket this conversation was for. The same person twice is one wish, two people with cards are two."""
    machine = replace(over(machine), sentence=None, care_until=None)
    visitor = chosen.visitor
    wish = Wish(group, chosen.care, holder=visitor.holder, by_age=visitor.by_age, project=chosen.project)
    if (group, visitor.holder) in machine.waiting_holders():
        return machine, (Note("pressed_again", {"key": group}),)
    return replace(machine, wishes=(*machine.wishes, wish)), ()


def care_pressed(machine: Machine, now: Ms) -> Result | None:
    """The 爱心 key in a conversation; ``None`` where it counts for the next group key as ever."""
    match machine.talk:
        case OfferingCare(visitor):
            return go_to(machine, ChoosingService(visitor, care=True), now)
        case ChoosingService() as chosen:
            return go_to(machine, replace(chosen, care=not chosen.care), now)
        case _:
            return None


# --- Keys of the pad -----------------------------------------------------------------------------------------------------


def key_pressed(machine: Machine, key: str, now: Ms) -> Result:
    """A digit, 确认, 返回 or one of the four functions."""
    no = _cannot_serve(machine)
    if no is not None:
        return replace(refuse(machine, no, now + REFUSAL_STAYS, ()), talk=SILENT, talk_until=None), ()
    if key in DIGITS:
        return _digit(machine, key, now)
    match key:
        case "ok":
            return _confirm(machine, now)
        case "back":
            return _back(machine, now)
        case "help":
            return _help(machine, now)
        case _:
            return _begin(machine, key, now)


def _begin(machine: Machine, key: str, now: Ms) -> Result:
    """One of the functions that need the service; a card that was just read is used at once."""
    if machine.settings is None or not machine.clock.is_live(now):
        return asking.say(machine, talk_views.not_without_service(), now), ()
    visitor = machine.talk.visitor if isinstance(machine.talk, OfferingCare | ChoosingService) else NOBODY
    match key:
        case "appointment" if visitor.holder is not None:
            return asking.check_in(machine, now, holder=visitor.holder)
        case "appointment":
            return go_to(machine, CheckingIn(), now)
        case "reactivate" if visitor.holder is not None:
            return asking.come_back(machine, now, holder=visitor.holder)
        case "reactivate":
            return go_to(machine, NamingTicket(), now)
        case _:
            return go_to(machine, NamingProject(visitor), now)


def _help(machine: Machine, now: Ms) -> Result:
    """Somebody who is served with care is asked about a wheelchair or glasses; everybody else wants a guide (CARE-6)."""
    with_care = isinstance(machine.talk, ChoosingService) and machine.talk.care
    return asking.help_wanted(machine, HelpKind.ITEMS if with_care else HelpKind.GUIDE, now)


def _digit(machine: Machine, digit: str, now: Ms) -> Result:
    """What has no room left is not taken; its time begins anew nevertheless."""
    match machine.talk:
        case NamingTicket(group, digits):
            return go_to(machine, NamingTicket(group, (digits + digit)[:MOST_TICKET_DIGITS]), now)
        case CheckingIn(digits):
            return go_to(machine, CheckingIn((digits + digit)[: PHONE_DIGITS + CODE_DIGITS]), now)
        case NamingProject(visitor, digits):
            return go_to(machine, NamingProject(visitor, (digits + digit)[:MOST_PROJECT_DIGITS]), now)
        case _:
            return _means_nothing(machine, now)


def _confirm(machine: Machine, now: Ms) -> Result:  # noqa: PLR0911 -- one situation, one line
    match machine.talk:
        case OfferingCare(visitor):
            return go_to(machine, ChoosingService(visitor, care=True), now)
        case NamingTicket(group, digits) if group is not None and digits:
            return go_to(machine, ConfirmingReturn(group, digits), now)
        case ConfirmingReturn() as named:
            return asking.come_back(machine, now, no=named.no, otherwise=named.own_no)
        case CheckingIn(digits) if len(digits) == PHONE_DIGITS + CODE_DIGITS:
            return asking.check_in(machine, now, digits=digits)
        case NamingProject(visitor, digits) if digits:
            return go_to(machine, ChoosingService(visitor, project=project_code(digits, machine.project_form)), now)
        case NamingTicket() | CheckingIn() | NamingProject():
            return go_to(machine, machine.talk, now)
        case _:
            return _means_nothing(machine, now)


def _back(machine: Machine, now: Ms) -> Result:  # noqa: PLR0911 -- one situation, one line
    """Declines care, takes a digit back, else leaves."""
    match machine.talk:
        case Silent() if machine.sentence is None and machine.care_until is None:
            return _means_nothing(machine, now)
        case OfferingCare(visitor):
            return go_to(machine, ChoosingService(visitor), now)
        case NamingTicket(group, digits) if digits:
            return go_to(machine, NamingTicket(group, digits[:-1]), now)
        case CheckingIn(digits) if digits:
            return go_to(machine, CheckingIn(digits[:-1]), now)
        case NamingProject(visitor, digits) if digits:
            return go_to(machine, NamingProject(visitor, digits[:-1]), now)
        case ConfirmingReturn(group, digits):
            return go_to(machine, NamingTicket(group, digits), now)
        case _:
            return replace(over(machine), sentence=None, care_until=None), ()


def _means_nothing(machine: Machine, now: Ms) -> Result:
    """A key that says nothing here: what can be done is said, and whatever goes on goes on."""
    if isinstance(machine.talk, ChoosingService | OfferingCare | ConfirmingReturn):
        return go_to(machine, machine.talk, now)
    return asking.say(machine, talk_views.choose_first(), now), ()
