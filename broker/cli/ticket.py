"""``hall-broker ticket enter|cancel|reprint``: staff take, give up or print a ticket for somebody."""

import argparse

from broker.cli.asking import Ask, actor_of, ask, expires_at, ticket_number, ticket_of
from broker.cli.typed import Commands, add_asking, add_ticket_number, clock
from broker.rules.hours import day_of, on_day
from contracts.messages import Answer, ReprintRequested, TicketCancelRequested, TicketEntryRequested
from contracts.values import GroupId, HallTime, NodeName, RequestId, ServiceId, StaffNo, VisitorClass

_CLASSES = [one.value for one in VisitorClass if one is not VisitorClass.APPOINTMENT_DUE]


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    whole = commands.add_parser("ticket", help="代取号、取消、补打 enter, cancel or reprint a ticket")
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


def enter(arguments: argparse.Namespace) -> int:
    """A ticket for somebody: green, urgent, care, with an appointment, or plain."""

    def make(request_id: RequestId, now: HallTime) -> TicketEntryRequested:
        at = None if arguments.appointment is None else on_day(day_of(now), arguments.appointment)
        return TicketEntryRequested(
            request_id=request_id,
            expires_at=expires_at(now),
            actor=actor_of(arguments),
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
            request_id=request_id,
            expires_at=expires_at(now),
            actor=actor_of(arguments),
            ticket=ticket_of(arguments, now),
            reason=arguments.reason,
        )

    return ask(arguments, Ask(make, lambda _: f"已取消 {arguments.no}\nCancelled {arguments.no}"))


def reprint(arguments: argparse.Namespace) -> int:
    """A kiosk prints a ticket again, marked 补打."""

    def make(request_id: RequestId, now: HallTime) -> ReprintRequested:
        return ReprintRequested(
            request_id=request_id,
            expires_at=expires_at(now),
            actor=actor_of(arguments),
            ticket=ticket_of(arguments, now),
            print_at=NodeName(arguments.print_at),
        )

    where = arguments.print_at
    return ask(arguments, Ask(make, lambda _: f"{where} 将补打 {arguments.no}\n{where} will print {arguments.no} again"))
