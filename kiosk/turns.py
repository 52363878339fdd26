"""Whose turn it is at a ticket machine, and how a turn begins: by asking the service, or with a number of its own. Pure."""

from dataclasses import replace

from contracts.messages import KioskSettings, TicketRequested
from contracts.values import Ms
from firmware.drivers.document import Document
from firmware.drivers.thermal_printer import Print
from firmware.runtime.steps import Note, Say, Tell
from kiosk import offline, views
from kiosk.layout import local, own_ticket, ticket
from kiosk.machine import PRINTER, AwaitingNumber, Idle, Lines, Machine, OwnTicket, Paper, Printing, Result, Wish, refuse
from kiosk.offline import REFUSAL_STAYS

ANSWER_WITHIN: Ms = 1_500


def go_on(machine: Machine, now: Ms, *, may_take: bool) -> Result:
    """Whoever is next: issued tickets first, then the pressed keys in their order.

    Without ``may_take`` a number of our own has to wait for the next step: it must be the only thing its step journals, so
    that a disk that fails is known to have failed it.
    """
    if not isinstance(machine.situation, Idle):
        return machine, ()
    if machine.is_emergency:
        machine = _refuse_wishes(machine, views.emergency(), now)
    if not machine.can_print:
        return _refuse_wishes(machine, views.out_of_service(machine), now), ()
    if machine.papers and machine.settings is not None:
        return _print_next(machine, machine.settings, now)
    if not machine.wishes:
        return machine, ()
    if machine.settings is None:
        return _refuse_wishes(machine, views.away(), now), ()
    return _serve(machine, machine.wishes[0], now, may_take=may_take)


def _serve(machine: Machine, wish: Wish, now: Ms, *, may_take: bool) -> Result:
    if wish.attempt_of is None and machine.clock.is_live(now):
        return _ask(machine, wish, now)
    if not may_take:
        return machine, ()
    machine, effects = offline.take(replace(machine, wishes=machine.wishes[1:]), wish, now)
    return (machine, effects) if effects else go_on(machine, now, may_take=may_take)


def _print_next(machine: Machine, settings: KioskSettings, now: Ms) -> Result:
    paper, *rest = machine.papers
    machine = replace(machine, papers=tuple(rest))
    if _is_of_another_day(paper, machine, now):
        machine, effects = go_on(machine, now, may_take=False)
        return machine, (Note("paper_of_another_day", {"job": paper.job}), *effects)
    document = _document(paper, settings, large=machine.large)
    return replace(machine, situation=Printing(paper)), (Tell(PRINTER, Print(paper.job, document)),)


def _document(paper: Paper, settings: KioskSettings, *, large: bool) -> Document:
    if isinstance(paper.issued, OwnTicket):
        return own_ticket(paper.issued.taken, paper.issued.at, settings, copy=paper.copy, large=large)
    return ticket(paper.issued, settings, copy=paper.copy, large=large)


def _is_of_another_day(paper: Paper, machine: Machine, now: Ms) -> bool:
    """A paper that could not be printed on its day would only puzzle the first visitor of the next."""
    at = paper.issued.at if isinstance(paper.issued, OwnTicket) else paper.issued.issued_at
    today = machine.clock.at(now)
    return today is not None and at is not None and local(today).date() > local(at).date()


def _ask(machine: Machine, wish: Wish, now: Ms) -> Result:
    request_id, ids = machine.ids.next()
    request = TicketRequested(
        request_id=request_id,
        expires_at=machine.clock.expires_at(now),
        group=wish.group,
        care=wish.care,
        holder=wish.holder,
        by_age=wish.by_age,
        project=wish.project,
    )
    awaiting = AwaitingNumber(wish, request_id, now, now + ANSWER_WITHIN)
    return replace(machine, ids=ids, wishes=machine.wishes[1:], situation=awaiting), (Say(request),)


def _refuse_wishes(machine: Machine, lines: Lines, now: Ms) -> Machine:
    if not machine.wishes:
        return machine
    groups = [wish.group for wish in machine.wishes]
    return refuse(replace(machine, wishes=()), lines, now + REFUSAL_STAYS, groups)
