"""The arrows of a ticket on its way to paper: issued, printed, failed. Pure.

The rule (I8, one press gives one paper or a clear refusal): once the person has been told no, the press is over. A number
that arrives after that is burnt at once (``TicketUnprinted``), whatever has been pressed since, because nobody is told of a
paper that would now come out. A number for a press that has got one of the machine's own is absorbed (``offline``). A ticket
of which any part may be on paper is never burnt; it is printed anew as 补打.
"""

from dataclasses import replace

from contracts.messages import (
    Kept,
    OfflineTicketPrinted,
    OfflineTicketUnprinted,
    TicketIssued,
    TicketPrinted,
    TicketUnprinted,
)
from contracts.values import Ms, RequestId, TicketId
from firmware.drivers.thermal_printer import JobFailed, Printed
from firmware.runtime.steps import Keep, Note
from kiosk import asking, offline, talk_views, views
from kiosk.machine import AwaitingNumber, Done, Idle, Machine, OwnTicket, Paper, Printing, Result, Sentence, refuse
from kiosk.offline import REFUSAL_STAYS, REMEMBERED

TAKE_STAYS: Ms = 5_000
AGREED_STAYS: Ms = 12_000
"""Take your ticket, and what was agreed for it: two pages of the text line, twice."""
ATTEMPTS = 3
"""After so many papers that were not confirmed a ticket is left to the service, which presumes it printed: a printer with a
broken cutter must not go on for ever."""


def issued(machine: Machine, ticket: TicketIssued, now: Ms) -> Result:
    """A ticket has come: the one asked for, one to be printed for somebody else or again, or one nobody waits for."""
    done = next((one for one in reversed(machine.printed) if one.key in _keys(ticket)), None)
    if done is not None and ticket.copy <= done.copy:
        return _keep_printed(machine, done)
    if (answered := _served_wish(machine, ticket)) is not None:
        return _answered(answered, ticket, now)
    if ticket.request_id in machine.overdue:
        overdue = tuple(one for one in machine.overdue if one != ticket.request_id)
        return _queue(replace(machine, overdue=overdue), ticket), ()
    if ticket.request_id in machine.attempts:
        return machine, offline.absorbed(ticket)
    if _is_known(machine, ticket) or (ticket.ticket in machine.given_up and not ticket.copy):
        return machine, ()
    return _unexpected(machine, ticket)


def _unexpected(machine: Machine, ticket: TicketIssued) -> Result:
    """Too late, or to be printed now, or ordered of an earlier life of this machine and delivered once more."""
    if not ticket.copy and _asked_in_this_boot(machine, ticket):
        return _burn(machine, ticket.ticket, "late")
    if ticket.for_boot != machine.ids.boot:
        return machine, (Note("paper_ordered_of_another_life", {"ticket": ticket.ticket}),)
    return _queue(machine, ticket), ()


def _served_wish(machine: Machine, ticket: TicketIssued) -> Machine | None:
    """The machine without the wish this ticket answers, just in time or late but before a number of our own was given."""
    situation = machine.situation
    if isinstance(situation, AwaitingNumber) and situation.request_id == ticket.request_id:
        return replace(machine, situation=Idle())
    if (checked_in := asking.answered_by_ticket(machine, ticket.request_id)) is not None:
        return checked_in
    waiting = [wish for wish in machine.wishes if wish.attempt_of is None or wish.attempt_of != ticket.request_id]
    return replace(machine, wishes=tuple(waiting)) if len(waiting) < len(machine.wishes) else None


def printed(machine: Machine, report: Printed, now: Ms) -> Result:
    """A paper certainly came out."""
    if not isinstance(machine.situation, Printing) or machine.situation.paper.job != report.job:
        return machine, (Note("printer_spoke_of_another_job", {"job": report.job}),)
    paper = machine.situation.paper
    done = Done(paper.key, paper.copy, report.proof, own=isinstance(paper.issued, OwnTicket))
    machine = replace(
        machine,
        situation=Idle(),
        printed=(*machine.printed, done)[-REMEMBERED:],
        sentence=_take(machine, paper, now),
    )
    return _keep_printed(machine, done)


def _take(machine: Machine, paper: Paper, now: Ms) -> Sentence:
    """The paper is out; somebody who had an appointment also reads again what was agreed."""
    issued_ = paper.issued
    agreed = (
        () if isinstance(issued_, OwnTicket) else talk_views.checked_in(issued_, machine.settings, machine.hall_now(now))
    )
    return Sentence((*views.take(), *agreed[1:]), now + (AGREED_STAYS if agreed else TAKE_STAYS))


def failed(machine: Machine, report: JobFailed, now: Ms) -> Result:
    """A paper is not confirmed: printed anew when the printer is well, or burnt if no part of it can be in a hand."""
    if not isinstance(machine.situation, Printing) or machine.situation.paper.job != report.job:
        return machine, (Note("printer_spoke_of_another_job", {"job": report.job}),)
    paper = machine.situation.paper
    machine = replace(machine, situation=Idle())
    if paper.presser:
        machine = refuse(machine, views.out_of_service(machine), now + REFUSAL_STAYS, (paper.issued.group,))
    note = Note("paper_failed", {"job": report.job, "reason": report.reason, "anything_printed": report.anything_printed})
    if report.anything_printed:
        return _again(machine, paper), (note,)
    if not paper.presser and not machine.can_print:
        return replace(machine, papers=(paper, *machine.papers)), (note,)
    if paper.copy:
        return machine, (note,)
    machine, effects = _burn_paper(machine, paper, report.reason)
    return machine, (note, *effects)


def _answered(machine: Machine, ticket: TicketIssued, now: Ms) -> Result:
    """The number somebody is waiting for: next into the printer, or burnt if the printer has failed meanwhile."""
    if machine.can_print:
        agreed = talk_views.checked_in(ticket, machine.settings, machine.hall_now(now))
        if agreed:
            machine = replace(machine, sentence=Sentence(agreed, now + AGREED_STAYS))
        return replace(machine, papers=(Paper(ticket, ticket.copy, presser=True), *machine.papers)), ()
    machine = refuse(machine, views.out_of_service(machine), now + REFUSAL_STAYS, (ticket.group,))
    return _burn(machine, ticket.ticket, machine.printer.code if machine.printer is not None else "printer_unknown")


def _is_known(machine: Machine, ticket: TicketIssued) -> bool:
    """Whether this ticket is in the printer or queued as the same or a higher copy, and so will be answered anyway."""
    papers = machine.papers
    if isinstance(machine.situation, Printing):
        papers = (machine.situation.paper, *papers)
    return any(paper.key in _keys(ticket) and ticket.copy <= paper.copy for paper in papers)


def _keys(ticket: TicketIssued) -> tuple[str | None, ...]:
    """The names a paper of this ticket may have here: a number of our own comes back under the request that told of it."""
    return (ticket.ticket, ticket.request_id)


def _asked_in_this_boot(machine: Machine, ticket: TicketIssued) -> bool:
    return ticket.request_id is not None and ticket.request_id.startswith(f"{machine.ids.node}/{machine.ids.boot}/")


def _queue(machine: Machine, ticket: TicketIssued) -> Machine:
    """Print it when its turn comes. One asked for before a reboot may be partly on paper, so it is 补打 in any case.

    A lower copy of the same ticket that still waits is replaced: one paper is enough.
    """
    another_life = ticket.request_id is not None and not _asked_in_this_boot(machine, ticket)
    paper = Paper(ticket, max(ticket.copy, 1 if another_life else 0))
    waiting = tuple(one for one in machine.papers if one.key not in _keys(ticket))
    return replace(machine, papers=(*waiting, paper))


def _again(machine: Machine, paper: Paper) -> Machine:
    """Before everything else that waits, as the next copy; after too many attempts no more."""
    if paper.attempts + 1 >= ATTEMPTS:
        return replace(machine, given_up=(*machine.given_up, paper.key)[-REMEMBERED:])
    again = replace(paper, copy=paper.copy + 1, presser=False, attempts=paper.attempts + 1)
    return replace(machine, papers=(again, *machine.papers))


def _burn_paper(machine: Machine, paper: Paper, reason: str) -> Result:
    if isinstance(paper.issued, OwnTicket):
        request_id, ids = machine.ids.next()
        unprinted = OfflineTicketUnprinted(request_id=request_id, taken=paper.issued.taken.request_id, reason=reason)
        return replace(machine, ids=ids), (Keep(unprinted),)
    return _burn(machine, paper.issued.ticket, reason)


def _burn(machine: Machine, ticket: TicketId, reason: str) -> Result:
    request_id, ids = machine.ids.next()
    unprinted = TicketUnprinted(request_id=request_id, ticket=ticket, reason=reason)
    return replace(machine, ids=ids), (Keep(unprinted),)


def _keep_printed(machine: Machine, done: Done) -> Result:
    request_id, ids = machine.ids.next()
    message: Kept = TicketPrinted(request_id=request_id, ticket=TicketId(done.key), copy=done.copy, proof=done.proof)
    if done.own:
        message = OfflineTicketPrinted(request_id=request_id, taken=RequestId(done.key), copy=done.copy, proof=done.proof)
    return replace(machine, ids=ids), (Keep(message),)
