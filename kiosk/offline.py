"""The arrows of a number the machine gives by itself: taken, refused for lack of a journal, printed again. Pure.

A number is in the journal before the first byte of its paper leaves (design rule 5). The service makes one ticket of it and
of the online attempt of the same press; whatever the service still sends for that attempt is absorbed here.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import replace

from contracts.messages import Kept, OfflineTicketPrinted, OfflineTicketTaken, OfflineTicketUnprinted, Stamp, TicketIssued
from contracts.values import HallTime, Ms, RequestId
from firmware.drivers.thermal_printer import Print
from firmware.runtime.steps import Effect, Keep, Note, Tell
from kiosk import views
from kiosk.layout import local, own_ticket
from kiosk.machine import PRINTER, Held, Idle, Machine, OwnTicket, Paper, Printing, Result, Wish, refuse
from kiosk.numbers import next_number, note_of, remembered

REMEMBERED = 1_000
REFUSAL_STAYS: Ms = 6_000
_TOKEN_BYTES = 16


def remember(machine: Machine, note: bytes, unanswered: Iterable[Kept]) -> Machine:
    """Begin a life with what earlier ones have left in the journal.

    An own number whose paper is not known to be out is printed again as 补打: somebody may wait for it.
    """
    kept = tuple(unanswered)
    taken = [one for one in kept if isinstance(one, OfflineTicketTaken)]
    settled = {one.taken for one in kept if isinstance(one, OfflineTicketPrinted | OfflineTicketUnprinted)}
    return replace(
        machine,
        numbers=remembered(note, kept),
        attempts=tuple(one.attempt_of for one in taken if one.attempt_of is not None)[-REMEMBERED:],
        papers=tuple(Paper(OwnTicket(one, _at(one.stamp)), 1) for one in taken if one.request_id not in settled),
        held=tuple(Held(one.holder, one.group, one.no) for one in taken if one.holder is not None),
    )


def _at(stamp: Stamp | None) -> HallTime | None:
    """When it was taken, by the hall clock its life had heard."""
    if stamp is None or stamp.heard_hall_at is None or stamp.heard_monotonic_ms is None:
        return None
    return HallTime(stamp.heard_hall_at + stamp.monotonic_ms - stamp.heard_monotonic_ms)


def take(machine: Machine, wish: Wish, now: Ms) -> Result:
    """A number of our own for this press: into the journal, then to the printer; in this order, and nothing after them."""
    settings = machine.settings
    assert settings is not None, "asked for before anything is taken up"
    at = machine.hall_now(now)
    if at is not None and (closed := views.closed(settings, at)) is not None:
        return refuse(machine, closed, now + REFUSAL_STAYS, (wish.group,)), ()
    if (held := _held(machine, wish)) is not None:
        return refuse(machine, views.duplicate(held.no), now + REFUSAL_STAYS, (wish.group,)), ()
    request_id, ids = machine.ids.next()
    number, numbers = next_number(
        machine.numbers, wish.group, None if at is None else local(at).date().isoformat(), settings
    )
    taken = OfflineTicketTaken(
        request_id=request_id,
        no=number,
        group=wish.group,
        care=wish.care,
        token=_token(machine.secret, request_id),
        day=numbers.day,
        attempt_of=wish.attempt_of,
        waited_ms=0 if wish.asked_at is None else now - wish.asked_at,
        holder=wish.holder,
        by_age=wish.by_age,
    )
    paper = Paper(OwnTicket(taken, at), 0, presser=True)
    given = () if wish.holder is None else (Held(wish.holder, wish.group, number),)
    attempts = machine.attempts if wish.attempt_of is None else (*machine.attempts, wish.attempt_of)
    machine = replace(
        machine,
        ids=ids,
        numbers=numbers,
        attempts=attempts[-REMEMBERED:],
        held=(*machine.held, *given)[-REMEMBERED:],
        situation=Printing(paper),
    )
    document = own_ticket(taken, at, settings, copy=0, large=machine.large)
    return machine, (Keep(taken, note_of(numbers)), Tell(PRINTER, Print(paper.job, document)))


def _held(machine: Machine, wish: Wish) -> Held | None:
    """The number this person has got here in this outage, if any; the service alone knows of all others (EXT-3.2)."""
    mine = (one for one in machine.held if (one.holder, one.group) == (wish.holder, wish.group))
    return next(mine, None)


def _token(secret: bytes, request_id: RequestId) -> str:
    """22 url-safe characters nobody can guess: as many and as good as the service's."""
    digest = hmac.new(secret, request_id.encode("ascii"), hashlib.sha256).digest()[:_TOKEN_BYTES]
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def not_taken(machine: Machine, taken: OfflineTicketTaken, now: Ms) -> Machine:
    """The journal could not take it, so nothing was printed: the person is told no, the number stays unused."""
    situation = machine.situation
    if isinstance(situation, Printing) and situation.paper.key == taken.request_id:
        machine = replace(machine, situation=Idle())
    attempts = tuple(one for one in machine.attempts if one != taken.attempt_of)
    held = tuple(one for one in machine.held if one.no != taken.no)
    return refuse(replace(machine, attempts=attempts, held=held), views.away(), now + REFUSAL_STAYS, (taken.group,))


def absorbed(ticket: TicketIssued) -> tuple[Effect, ...]:
    """A number for a press that has its own paper already: the service learns of it from that paper's own message."""
    return (Note("late_number_absorbed", {"ticket": ticket.ticket}),)
