"""``hall-broker ticket enter|cancel|reprint|reactivate|class``: a ticket of somebody, by staff."""

import argparse

from broker.cli.asking import Ask, ask, ask_as, common_of, ticket_number, ticket_of, values_of
from broker.cli.typed import Commands, add_asking, add_ticket_number, clock
from broker.rules.hours import day_of, on_day
from contracts.messages import (
    Answer,
    ClassChangeRequested,
    ReactivateRequested,
    ReprintRequested,
    TicketCancelRequested,
    TicketEntryRequested,
)
from contracts.values import GroupId, HallTime, NodeName, RequestId, ServiceId, StaffNo, TicketNo, VisitorClass

_CLASSES = [one.value for one in VisitorClass if one is not VisitorClass.APPOINTMENT_DUE]


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    whole = commands.add_parser("ticket", help="代取号、取消、补打、恢复排队、优先 tickets of visitors")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    one = kinds.add_parser("enter", help="a ticket for somebody")
    one.add_argument("--group", required=True, metavar="A")
    one.add_argument("--service", metavar="ID")
    one.add_argument("--class", dest="visitor_class", choices=_CLASSES, default="normal")
    one.add_argument("--appointment", metavar="HH:MM", type=clock, help="today")
    one.add_argument("--project", metavar="CODE", help="for green and urgent")
    one.add_argument("--approved-by", metavar="STAFF", help="for urgent")
    one.add_argument("--print-at", metavar="KIOSK", help="without it the number counts as told to its holder")
    add_asking(one)
    one.set_defaults(act=enter)
    one = kinds.add_parser("cancel", help="a ticket is given up")
    one.add_argument("--reason", required=True)
    add_ticket_number(one)
    add_asking(one)
    one.set_defaults(act=cancel)
    one = kinds.add_parser("reprint", help="print a ticket again, marked 补打")
    one.add_argument("--print-at", required=True, metavar="KIOSK")
    add_ticket_number(one)
    add_asking(one)
    one.set_defaults(act=reprint)
    one = kinds.add_parser("reactivate", help="恢复排队 a missed ticket waits again, once (D9)")
    one.add_argument("no", metavar="NO", help="A017")
    add_asking(one)
    one.set_defaults(act=reactivate)
    _add_class(kinds)


def _add_class(kinds: Commands) -> None:
    one = kinds.add_parser("class", help="开通或取消优先 a class is opened for a ticket, or taken away (CARE-3.1, GREEN-2)")
    add_ticket_number(one)
    one.add_argument("visitor_class", metavar="CLASS", choices=[each for each in _CLASSES if each != "normal"])
    one.add_argument("--withdraw", action="store_true", help="it is taken away")
    one.add_argument("--reason", default="", help="for the record; never why somebody is given care")
    one.add_argument("--basis", default="", help="a code of why care is given: kept apart and deleted the next day")
    one.add_argument("--project", metavar="CODE", help="for green and urgent")
    one.add_argument("--approved-by", metavar="STAFF", help="for urgent")
    add_asking(one)
    one.set_defaults(act=change_class)


def enter(arguments: argparse.Namespace) -> int:
    """A ticket for somebody: green, urgent, care, with an appointment, or plain."""

    def make(request_id: RequestId, now: HallTime) -> TicketEntryRequested:
        at = None if arguments.appointment is None else on_day(day_of(now), arguments.appointment)
        return TicketEntryRequested(
            **common_of(arguments, request_id, now),
            group=GroupId(arguments.group),
            service=None if arguments.service is None else ServiceId(arguments.service),
            visitor_class=VisitorClass(arguments.visitor_class),
            appointment_at=at,
            project=arguments.project,
            approved_by=None if arguments.approved_by is None else StaffNo(arguments.approved_by),
            print_at=None if arguments.print_at is None else NodeName(arguments.print_at),
        )

    def done(answer: Answer) -> str:
        no = ticket_number(answer)
        return f"已取号 {no}\nEntered as {no}"

    return ask(arguments, Ask(make, done))


def cancel(arguments: argparse.Namespace) -> int:
    """A ticket is given up."""

    def make(request_id: RequestId, now: HallTime) -> TicketCancelRequested:
        return TicketCancelRequested(
            **common_of(arguments, request_id, now),
            ticket=ticket_of(arguments, now),
            reason=arguments.reason,
        )

    return ask(arguments, Ask(make, lambda _: f"已取消 {arguments.no}\nCancelled {arguments.no}"))


def reprint(arguments: argparse.Namespace) -> int:
    """A kiosk prints a ticket again, marked 补打."""

    def make(request_id: RequestId, now: HallTime) -> ReprintRequested:
        return ReprintRequested(
            **common_of(arguments, request_id, now),
            ticket=ticket_of(arguments, now),
            print_at=NodeName(arguments.print_at),
        )

    where = arguments.print_at
    return ask(arguments, Ask(make, lambda _: f"{where} 将补打 {arguments.no}\n{where} will print {arguments.no} again"))


def reactivate(arguments: argparse.Namespace) -> int:
    """A missed ticket waits again."""

    def done(answer: Answer) -> str:
        ahead = values_of(answer).get("n", "?")
        return f"已恢复排队 {arguments.no},前面还有{ahead}位\n{arguments.no} is back in the queue, {ahead} ahead"

    return ask_as(arguments, lambda common: ReactivateRequested(**common, no=TicketNo(arguments.no)), done)


def change_class(arguments: argparse.Namespace) -> int:
    """A class is opened for a ticket, or taken away."""

    def make(request_id: RequestId, now: HallTime) -> ClassChangeRequested:
        return ClassChangeRequested(
            **common_of(arguments, request_id, now),
            ticket=ticket_of(arguments, now),
            visitor_class=VisitorClass(arguments.visitor_class),
            withdraw=arguments.withdraw,
            reason=arguments.reason,
            basis=arguments.basis,
            project=arguments.project,
            approved_by=None if arguments.approved_by is None else StaffNo(arguments.approved_by),
        )

    what = f"{arguments.no} {arguments.visitor_class}"
    done = f"已取消 {what}\nTaken away: {what}" if arguments.withdraw else f"已开通 {what}\nOpened: {what}"
    return ask(arguments, Ask(make, lambda _: done))
