"""``hall-broker punch regularise|approve|reject|manual|void|retime|decide|list``: records of attendance put right."""

import argparse
import sys
from datetime import date
from pathlib import Path

from broker.cli.asking import ask_as, numbered, said_of, values_of
from broker.cli.standing import standing
from broker.cli.typed import Commands, add_asking, instant
from broker.rules.hours import to_second
from contracts import messages as m
from contracts.values import CorrectionNo, HalfOfDay, PunchId, PunchIntent, PunchReason, StaffNo


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    whole = commands.add_parser("punch", help="补签、手工考勤、时间核对 missing punches, the paper sheet, doubtful times")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    _add_regularise(kinds)
    _add_checking(kinds)
    one = kinds.add_parser("list", help="what waits for a decision or a check")
    one.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")
    one.set_defaults(act=show)


def _add_regularise(kinds: Commands) -> None:
    one = kinds.add_parser("regularise", help="补签: --actor came or left without a punch")
    one.add_argument("--at", type=instant, required=True, metavar="TIME", help="when, 2026-03-10T17:32")
    one.add_argument("--intent", choices=("in", "out"), required=True, help="came (in) or left (out)")
    one.add_argument("--reason", choices=[each.value for each in PunchReason], required=True)
    one.add_argument("--witness", required=True, metavar="STAFF", help="who saw it")
    add_asking(one)
    one.set_defaults(act=regularise)
    for name, approve, about in (("approve", True, "its time is used"), ("reject", False, "it is not")):
        one = kinds.add_parser(name, help=about)
        one.add_argument("no", metavar="BQ-...", help="BQ-20260311-001")
        add_asking(one)
        one.set_defaults(act=decide_regularisation, approve=approve)


def _add_checking(kinds: Commands) -> None:
    one = kinds.add_parser("manual", help="enter the paper sheet of a total failure (inspector)")
    one.add_argument(
        "--line", action="append", required=True, type=_line, metavar="STAFF=TIME[/INTENT]", help="S105=2026-03-10T08:58/in"
    )
    one.add_argument("--cause", required=True, help="the failure: 停电")
    add_asking(one)
    one.set_defaults(act=enter_sheet)
    one = kinds.add_parser("void", help="take back a punch entered by hand (inspector)")
    one.add_argument("punch", metavar="PUNCH", help="as attendance show names it")
    one.add_argument("--cause", required=True)
    add_asking(one)
    one.set_defaults(act=void)
    one = kinds.add_parser("retime", help="confirm or set the time of an unverified punch (inspector)")
    one.add_argument("punch", metavar="PUNCH", help="as punch list names it")
    one.add_argument("--at", type=instant, metavar="TIME", help="default: the proposed time is right")
    add_asking(one)
    one.set_defaults(act=retime)
    one = kinds.add_parser("decide", help="a signed decision about a half with a missing punch (manager)")
    one.add_argument("--staff", required=True, metavar="STAFF")
    one.add_argument("--date", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    one.add_argument("--half", choices=[each.value for each in HalfOfDay], required=True)
    one.add_argument("--as", dest="as_", choices=("absent", "complete"), required=True)
    one.add_argument("--document", required=True, help="the number of the signed decision")
    add_asking(one)
    one.set_defaults(act=decide_half)


def _line(typed: str) -> m.SheetPunch:
    """``S105=2026-03-10T08:58/in``."""
    staff, _, rest = typed.partition("=")
    time, _, intent = rest.partition("/")
    if not staff or not time or intent not in {"", *(one.value for one in PunchIntent)}:
        raise argparse.ArgumentTypeError(f"{typed!r} is no line such as S105=2026-03-10T08:58/in")
    return m.SheetPunch(staff=StaffNo(staff), at=instant(time), intent=PunchIntent(intent or "none"))


def regularise(arguments: argparse.Namespace) -> int:
    """Ask to have a missing punch made good; prints its number."""
    return ask_as(
        arguments,
        lambda common: m.RegulariseRequested(
            **common,
            at=arguments.at,
            intent=PunchIntent(arguments.intent),
            reason=PunchReason(arguments.reason),
            witness=StaffNo(arguments.witness),
        ),
        numbered("已登记补签 {no},待审批", "Entered as {no}; it awaits a decision"),
    )


def decide_regularisation(arguments: argparse.Namespace) -> int:
    """Approve or reject."""
    zh, en = ("已批准", "Approved") if arguments.approve else ("未批准", "Rejected")
    return ask_as(
        arguments,
        lambda common: m.RegulariseDecisionRequested(**common, no=CorrectionNo(arguments.no), approve=arguments.approve),
        said_of(arguments.no, zh, en),
    )


def enter_sheet(arguments: argparse.Namespace) -> int:
    """The lines of the paper sheet."""

    def done(answer: m.Answer) -> str:
        n = values_of(answer).get("n", "0")
        return f"已录入 {n} 条\nEntered: {n}"

    return ask_as(
        arguments, lambda common: m.PunchSheetRequested(**common, cause=arguments.cause, punches=tuple(arguments.line)), done
    )


def void(arguments: argparse.Namespace) -> int:
    """An entry by hand counts no more."""
    return ask_as(
        arguments,
        lambda common: m.PunchVoidRequested(**common, punch=PunchId(arguments.punch), cause=arguments.cause),
        said_of(arguments.punch, "已作废", "Voided"),
    )


def retime(arguments: argparse.Namespace) -> int:
    """The time of a punch is right, or is this one."""
    return ask_as(
        arguments,
        lambda common: m.PunchTimeRequested(**common, punch=PunchId(arguments.punch), at=arguments.at),
        said_of(arguments.punch, "时间已核定", "Time settled"),
    )


def decide_half(arguments: argparse.Namespace) -> int:
    """A signed decision."""
    what = f"{arguments.staff} {arguments.date} {arguments.half} {arguments.document}"
    return ask_as(
        arguments,
        lambda common: m.HalfDecisionRequested(
            **common,
            staff=StaffNo(arguments.staff),
            day=arguments.date.isoformat(),
            half=HalfOfDay(arguments.half),
            absent=arguments.as_ == "absent",
            document=arguments.document,
        ),
        said_of(what, "已登记决定", "Decision entered"),
    )


def show(arguments: argparse.Namespace) -> int:
    """Every open 补签, and every punch of doubtful time."""
    known = standing(arguments.data).corrections
    for one in known.asked.values():
        sys.stdout.write(f"{one.no}  {one.staff}  {one.intent.value}  {to_second(one.at)}\n")
    doubtful = [one for one in known.doubtful.values() if not one.checked]
    for each in doubtful:
        sys.stdout.write(f"{each.punch}  {each.staff}  {each.intent.value}  {to_second(each.at)}  时间待核 to verify\n")
    if not known.asked and not doubtful:
        sys.stdout.write("没有待处理的补签或待核时间\nNothing waits for a decision or a check.\n")
    return 0
