"""Whose turn it is at a ticket machine, and how a turn begins. Pure."""

from dataclasses import replace

from contracts.messages import KioskSettings, TicketRequested
from contracts.values import Ms
from firmware.drivers.thermal_printer import Print
from firmware.runtime.steps import Note, Say, Tell
from kiosk import views
from kiosk.layout import local, ticket
from kiosk.machine import PRINTER, AwaitingNumber, Idle, Lines, Machine, Paper, Printing, Result, Wish, refuse
from kiosk.papers import REFUSAL_STAYS

ANSWER_WITHIN: Ms = 1_500


def go_on(machine: Machine, now: Ms) -> Result:
    """Whoever is next: issued tickets first, then the pressed keys in their order."""
    if not isinstance(machine.situation, Idle):
        return machine, ()
    if not machine.can_print:
        return _refuse_wishes(machine, views.out_of_service(machine), now), ()
    if machine.papers and machine.settings is not None:
        return _print_next(machine, machine.settings, now)
    if machine.wishes and (machine.settings is None or not machine.clock.is_live(now)):
        return _refuse_wishes(machine, views.away(), now), ()
    if machine.wishes:
        return _ask(machine, machine.wishes[0], now)
    return machine, ()


def _print_next(machine: Machine, settings: KioskSettings, now: Ms) -> Result:
    paper, *rest = machine.papers
    machine = replace(machine, papers=tuple(rest))
    if _is_of_another_day(paper, machine, now):
        machine, effects = go_on(machine, now)
        return machine, (Note("paper_of_another_day", {"job": paper.job}), *effects)
    document = ticket(paper.issued, settings, copy=paper.copy)
    return replace(machine, situation=Printing(paper)), (Tell(PRINTER, Print(paper.job, document)),)


def _is_of_another_day(paper: Paper, machine: Machine, now: Ms) -> bool:
    """A paper that could not be printed on its day would only puzzle the first visitor of the next."""
    today = machine.clock.at(now)
    return today is not None and local(today).date() > local(paper.issued.issued_at).date()


def _ask(machine: Machine, wish: Wish, now: Ms) -> Result:
    request_id, ids = machine.ids.next()
    request = TicketRequested(
        request_id=request_id, expires_at=machine.clock.expires_at(now), group=wish.group, care=wish.care
    )
    awaiting = AwaitingNumber(wish, request_id, now + ANSWER_WITHIN)
    return replace(machine, ids=ids, wishes=machine.wishes[1:], situation=awaiting), (Say(request),)


def _refuse_wishes(machine: Machine, lines: Lines, now: Ms) -> Machine:
    if not machine.wishes:
        return machine
    groups = [wish.group for wish in machine.wishes]
    return refuse(replace(machine, wishes=()), lines, now + REFUSAL_STAYS, groups)
