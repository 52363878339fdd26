"""``hall-broker proxy report|sign|countersign|dismiss|list``: cases of proxy clocking, decided by people (ATT-8.3.2)."""

import argparse
import sys
from datetime import date
from pathlib import Path

from broker.cli.asking import ask_as, numbered, said_of
from broker.cli.standing import standing
from broker.cli.typed import Commands, add_asking
from broker.rules.facts import Suspicion
from contracts import messages as m
from contracts.values import HalfOfDay, ProxyCaseNo, ProxyEvidence, PunchId, StaffNo
from words import text


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    whole = commands.add_parser("proxy", help="代考勤核查 cases of proxy clocking: a suspicion proves nothing")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    _add_report(kinds)
    _add_sign(kinds)
    for name, about, act in (
        ("countersign", "the second signature, of a duty leader or manager: now it counts", countersign),
        ("dismiss", "it was not so; every result stays", dismiss),
    ):
        one = kinds.add_parser(name, help=about)
        one.add_argument("case", metavar="DK-...")
        add_asking(one)
        one.set_defaults(act=act)
    one = kinds.add_parser("list", help="the open cases")
    one.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")
    one.set_defaults(act=show)


def _add_report(kinds: Commands) -> None:
    one = kinds.add_parser("report", help="open a case the machine has not seen (inspector)")
    one.add_argument("--principal", required=True, metavar="STAFF", help="whose record it is")
    one.add_argument("--proxy", metavar="STAFF", help="who made it; without, the principal alone")
    one.add_argument("--date", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    _add_halves(one, required=True)
    one.add_argument("--punch", action="append", default=[], metavar="PUNCH", help="as attendance show names it; repeatable")
    add_asking(one)
    one.set_defaults(act=report)


def _add_sign(kinds: Commands) -> None:
    one = kinds.add_parser("sign", help="it was so: the first signature (inspector)")
    one.add_argument("case", metavar="DK-...")
    one.add_argument(
        "--evidence", action="append", required=True, choices=[each.value for each in ProxyEvidence], help="repeatable"
    )
    one.add_argument("--record", default="", help="the number under which the evidence is filed")
    one.add_argument("--principal", metavar="STAFF", help="who was not there, if the case has it the other way round")
    one.add_argument("--alone", action="store_true", help="nobody helped")
    _add_halves(one, required=False)
    add_asking(one)
    one.set_defaults(act=sign)


def _add_halves(one: argparse.ArgumentParser, *, required: bool) -> None:
    halves = [each.value for each in HalfOfDay]
    one.add_argument("--half", action="append", default=[], choices=halves, required=required, help="repeatable")


def _halves(arguments: argparse.Namespace) -> tuple[HalfOfDay, ...]:
    return tuple(HalfOfDay(one) for one in arguments.half)


def report(arguments: argparse.Namespace) -> int:
    """Open a case; prints its number."""
    return ask_as(
        arguments,
        lambda common: m.ProxyReportRequested(
            **common,
            principal=StaffNo(arguments.principal),
            proxy=None if arguments.proxy is None else StaffNo(arguments.proxy),
            day=arguments.date.isoformat(),
            halves=_halves(arguments),
            punches=tuple(PunchId(one) for one in arguments.punch),
        ),
        numbered("已登记核查 {no}", "Opened as {no}"),
    )


def sign(arguments: argparse.Namespace) -> int:
    """The first signature."""
    said = f"已签字 {arguments.case},待会签\nSigned: {arguments.case}; it awaits the second signature"
    return ask_as(
        arguments,
        lambda common: m.ProxySignRequested(
            **common,
            case=ProxyCaseNo(arguments.case),
            evidence=tuple(ProxyEvidence(one) for one in arguments.evidence),
            record=arguments.record,
            principal=None if arguments.principal is None else StaffNo(arguments.principal),
            alone=arguments.alone,
            halves=_halves(arguments),
        ),
        lambda _: said,
    )


def countersign(arguments: argparse.Namespace) -> int:
    """The second signature."""
    case = ProxyCaseNo(arguments.case)
    return ask_as(
        arguments,
        lambda common: m.ProxyCountersignRequested(**common, case=case),
        said_of(arguments.case, "已确认", "Confirmed"),
    )


def dismiss(arguments: argparse.Namespace) -> int:
    """It was not so."""
    case = ProxyCaseNo(arguments.case)
    return ask_as(
        arguments,
        lambda common: m.ProxyDismissRequested(**common, case=case),
        said_of(arguments.case, "已排除", "Dismissed"),
    )


def show(arguments: argparse.Namespace) -> int:
    """Every open case."""
    cases = standing(arguments.data).proxy.cases.values()
    for one in cases:
        state = text("att.case.suspected" if one.inspector is None else "att.case.signed")
        why = text(f"att.why.{Suspicion(one.why).value}")
        whom = " ".join(one.concerned)
        sys.stdout.write(f"{one.case}  {one.day} {'/'.join(one.halves)}  {whom}  {state.zh} {state.en}\n")
        sys.stdout.write(f"      {why.zh}\n      {why.en}\n")
    if not cases:
        sys.stdout.write("没有待核查事项\nNo case is open.\n")
    return 0
