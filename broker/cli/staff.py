"""What leaders, guides and agents ask of the whole hall until the web pages come: emergency, counters, extended hours."""

import argparse

from broker.cli.asking import Ask, Common, ask, ask_as, common_of, said_of, ticket_number, ticket_of
from broker.cli.typed import Commands, add_asking, add_ticket_number
from contracts import messages as m
from contracts.values import CounterId, GroupId, HallTime, HelpKind, RequestId, StaffNo, TicketId

_CONFIRM = (
    "应急尚未启动。请在一分钟内再次确认:hall-broker emergency begin --confirm\n"
    "Nothing has begun yet. Confirm within a minute: hall-broker emergency begin --confirm"
)


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    _add_emergency(commands)
    _add_hours(commands)
    _add_counter(commands)
    _add_help(commands)


def _add_emergency(commands: Commands) -> None:
    whole = commands.add_parser("emergency", help="应急 everyone leaves, nothing is called, all tickets stay (HALL-8.2)")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    one = kinds.add_parser("begin", help="in two steps: without, then with --confirm")
    one.add_argument("--confirm", action="store_true")
    add_asking(one)
    one.set_defaults(act=emergency_begins)
    one = kinds.add_parser("end", help="everything goes on")
    add_asking(one)
    one.set_defaults(act=emergency_ends)


def _add_hours(commands: Commands) -> None:
    one = commands.add_parser("noon-service", help="午间延时 calls go on through today's noon break (D8)")
    add_asking(one)
    one.set_defaults(act=noon_service)
    one = commands.add_parser("closing-plan", help="下班后保留的窗口 which counters stay until all are served (EXT-3.3)")
    one.add_argument("counters", nargs="+", metavar="W02")
    add_asking(one)
    one.set_defaults(act=closing_plan)
    whole = commands.add_parser("extension", help="延时服务 somebody else for a clerk who cannot stay (EXT-4)")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    one = kinds.add_parser("assign", help="who goes on with this ticket")
    add_ticket_number(one)
    one.add_argument("--to", required=True, metavar="STAFF")
    add_asking(one)
    one.set_defaults(act=extension_assigned)
    one = kinds.add_parser("stay", help="who stays for those who wait for this counter")
    one.add_argument("counter", metavar="W07")
    one.add_argument("--to", required=True, metavar="STAFF")
    add_asking(one)
    one.set_defaults(act=counter_taken_over)


def _add_counter(commands: Commands) -> None:
    whole = commands.add_parser("counter", help="增设窗口、调整业务 counters that help out or change (EXT-3.4, HALL-19.3)")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    for kind, about in (("add", "it serves one of its surge groups as well"), ("withdraw", "no longer")):
        one = kinds.add_parser(kind, help=about)
        one.add_argument("counter", metavar="W12")
        one.add_argument("--group", required=True, metavar="A")
        add_asking(one)
        one.set_defaults(act=counter_added, withdraw=kind == "withdraw")
    one = kinds.add_parser("groups", help="what it serves for the rest of the day")
    one.add_argument("counter", metavar="W12")
    one.add_argument("groups", nargs="+", metavar="A")
    add_asking(one)
    one.set_defaults(act=counter_groups)


def _add_help(commands: Commands) -> None:
    one = commands.add_parser("help-call", help="请求协助 somebody needs a guide, an agent, a wheelchair (AGENT-4.1)")
    one.add_argument("kind", choices=[each.value for each in HelpKind])
    one.add_argument("--ticket", metavar="ID", help="2026-03-10/A017: whom it is for")
    add_asking(one)
    one.set_defaults(act=help_called)


def emergency_begins(arguments: argparse.Namespace) -> int:
    """The first step, or with ``--confirm`` the second."""
    begun = "应急已启动,停止取号和叫号\nThe emergency has begun; no tickets, no calls"
    return ask_as(
        arguments,
        lambda common: m.EmergencyRequested(**common, confirmed=arguments.confirm),
        lambda _: begun if arguments.confirm else _CONFIRM,
    )


def emergency_ends(arguments: argparse.Namespace) -> int:
    """It is over."""
    return ask_as(
        arguments,
        lambda common: m.EmergencyEndRequested(**common),
        lambda _: "应急已解除,恢复取号和叫号\nThe emergency is over; everything goes on",
    )


def noon_service(arguments: argparse.Namespace) -> int:
    """Calls go on through the noon break."""
    return ask_as(
        arguments,
        lambda common: m.NoonServiceRequested(**common),
        lambda _: "今日午间继续叫号\nCalls go on through today's noon break",
    )


def closing_plan(arguments: argparse.Namespace) -> int:
    """Which counters stay."""
    which = ", ".join(arguments.counters)
    return ask_as(
        arguments,
        lambda common: m.ClosingPlanRequested(**common, counters=tuple(CounterId(one) for one in arguments.counters)),
        said_of(which, "保留窗口", "These counters stay"),
    )


def extension_assigned(arguments: argparse.Namespace) -> int:
    """Who goes on with a visitor whose clerk cannot stay."""

    def make(request_id: RequestId, now: HallTime) -> m.ExtensionAssignRequested:
        return m.ExtensionAssignRequested(
            **common_of(arguments, request_id, now),
            ticket=ticket_of(arguments, now),
            to=StaffNo(arguments.to),
        )

    def done(answer: m.Answer) -> str:
        no = ticket_number(answer)
        return f"{no} 由 {arguments.to} 继续办理\n{arguments.to} goes on with {no}"

    return ask(arguments, Ask(make, done))


def counter_taken_over(arguments: argparse.Namespace) -> int:
    """Who stays for a free counter whose clerk cannot."""
    counter, to = CounterId(arguments.counter), StaffNo(arguments.to)

    return ask_as(
        arguments,
        lambda common: m.ExtensionAssignRequested(**common, counter=counter, to=to),
        lambda _: f"{counter} 由 {to} 延时服务\n{to} stays for {counter}",
    )


def counter_added(arguments: argparse.Namespace) -> int:
    """A counter helps a group out, or no longer does."""
    counter, group = arguments.counter, arguments.group

    done = f"{counter} 不再增办 {group}\n{counter} no longer serves {group}"
    if not arguments.withdraw:
        done = f"{counter} 已增办 {group}\n{counter} now serves {group} as well"
    return ask_as(
        arguments,
        lambda common: m.CounterAddRequested(
            **common, counter=CounterId(counter), group=GroupId(group), withdraw=arguments.withdraw
        ),
        lambda _: done,
    )


def counter_groups(arguments: argparse.Namespace) -> int:
    """What a counter serves for the rest of the day."""

    def make(common: Common) -> m.CounterGroupsRequested:
        return m.CounterGroupsRequested(
            **common,
            counter=CounterId(arguments.counter),
            groups=tuple(GroupId(one) for one in arguments.groups),
        )

    what = ", ".join(arguments.groups)
    return ask_as(arguments, make, lambda _: f"{arguments.counter} 今日办理 {what}\n{arguments.counter} serves {what} today")


def help_called(arguments: argparse.Namespace) -> int:
    """Somebody is asked to come."""

    def make(common: Common) -> m.HelpRequested:
        return m.HelpRequested(
            **common,
            kind=HelpKind(arguments.kind),
            ticket=None if arguments.ticket is None else TicketId(arguments.ticket),
        )

    return ask_as(arguments, make, lambda _: "已通知工作人员\nStaff have been told")
