"""``hall-broker leave submit|approve|reject|withdraw|renew|return|paper|reason|list|show|import``: leave (ATT-4, ATT-5)."""

import argparse
import sys

from broker.cli import leave_import, leave_lists
from broker.cli.asking import ask_as, said_of, values_of
from broker.cli.typed import Commands, add_asking, instant
from contracts import messages as m
from contracts.values import LeaveNo, StaffNo
from words import text

_FROM_INPUT = "-"


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    whole = commands.add_parser("leave", help="请假、销假 ask for leave, sign it, report back, import DingTalk's exports")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    _add_entering(kinds)
    _add(kinds, "approve", "the next level signs", approve).add_argument(
        "--override",
        default="",
        metavar="REASON",
        help="manager: why a post may be left empty; - reads it from standard input",
    )
    _add_reason(_add(kinds, "reject", "the next level says no", reject))
    _add(kinds, "withdraw", "given up: all of it, or the rest", withdraw).add_argument(
        "--until", type=instant, metavar="TIME", help="only what lies behind this time"
    )
    _add(kinds, "return", "销假: the person is back, or confirms what a punch has told", come_back)
    _add(kinds, "paper", "the countersigned paper slip is on file", paper)
    _add(kinds, "reason", "why, for whoever decides; who looks is on record", reason)
    leave_lists.add_to(kinds)
    leave_import.add_to(kinds)


def _add_entering(kinds: Commands) -> None:
    one = kinds.add_parser("submit", help="ask for leave, for oneself or for somebody")
    one.add_argument("--staff", metavar="STAFF", help="whose leave, a staff number; default: of who asks")
    one.add_argument("--kind", required=True, help="personal, sick, annual, marriage, maternity, other ...")
    one.add_argument("--from", dest="begins", type=instant, required=True, metavar="TIME", help="2026-03-10T09:00")
    one.add_argument("--to", dest="ends", type=instant, required=True, metavar="TIME", help="2026-03-10T17:30")
    _add_papers(one)
    one.set_defaults(act=submit)
    one = _add(kinds, "renew", "续假: on from where it ends", renew, asks=False)
    one.add_argument("--to", dest="ends", type=instant, required=True, metavar="TIME", help="2026-03-12T17:30")
    _add_papers(one)
    one.set_defaults(act=renew)


def _add_papers(one: argparse.ArgumentParser) -> None:
    _add_reason(one)
    one.add_argument("--dingtalk", default="", metavar="NO", help="its number in DingTalk")
    one.add_argument("--paper", action="store_true", help="the countersigned paper slip is on file already")
    add_asking(one)


def _add_reason(one: argparse.ArgumentParser) -> None:
    one.add_argument("--reason", required=True, help="- reads it from standard input, out of lists of processes")


def _add(kinds: Commands, name: str, about: str, act: object, *, asks: bool = True) -> argparse.ArgumentParser:
    one = kinds.add_parser(name, help=about)
    one.add_argument("leave", metavar="QJ-...", help="QJ-20260310-001")
    if asks:
        add_asking(one)
    one.set_defaults(act=act)
    return one


def _typed_or_read(typed: str) -> str:
    return sys.stdin.readline().strip() if typed == _FROM_INPUT else typed


def submit(arguments: argparse.Namespace) -> int:
    """Asked for; prints the number, who decides first, and what it would leave empty."""
    why = _typed_or_read(arguments.reason)
    return ask_as(
        arguments,
        lambda common: m.LeaveSubmitRequested(
            **common,
            staff=StaffNo(arguments.staff or arguments.actor),
            kind=arguments.kind,
            begins=arguments.begins,
            ends=arguments.ends,
            reason=why,
            dingtalk_no=arguments.dingtalk,
            paper_slip_filed=arguments.paper,
        ),
        _entered,
    )


def renew(arguments: argparse.Namespace) -> int:
    """Asked for, from where the other ends."""
    why = _typed_or_read(arguments.reason)
    return ask_as(
        arguments,
        lambda common: m.LeaveRenewRequested(
            **common,
            leave=LeaveNo(arguments.leave),
            ends=arguments.ends,
            reason=why,
            dingtalk_no=arguments.dingtalk,
            paper_slip_filed=arguments.paper,
        ),
        _entered,
    )


def _entered(answer: m.Answer) -> str:
    values = values_of(answer)
    level = text(f"leave.level.{values['level']}")
    said = f"已登记 {values['no']},待{level.zh}审批\nEntered as {values['no']}; the {level.en} decides"
    gap = values.get("gap")
    return said if not gap else f"{said}\n注意:批准后无人在岗 {gap}\nNobody would be left for it: see ATT-7"


def approve(arguments: argparse.Namespace) -> int:
    """Signed; prints which level is next, if any."""
    override = _typed_or_read(arguments.override)
    leave = LeaveNo(arguments.leave)
    return ask_as(arguments, lambda common: m.LeaveApproveRequested(**common, leave=leave, override=override), _signed)


def _signed(answer: m.Answer) -> str:
    values = values_of(answer)
    if not values.get("level"):
        return f"已批准 {values['no']}\nApproved: {values['no']}"
    level = text(f"leave.level.{values['level']}")
    return f"已登记,{values['no']}待{level.zh}审批\nRecorded; of {values['no']} the {level.en} decides next"


def reject(arguments: argparse.Namespace) -> int:
    """Not approved, and why."""
    why = _typed_or_read(arguments.reason)
    return ask_as(
        arguments,
        lambda common: m.LeaveRejectRequested(**common, leave=LeaveNo(arguments.leave), reason=why),
        said_of(arguments.leave, "未批准", "Rejected"),
    )


def withdraw(arguments: argparse.Namespace) -> int:
    """Given up."""
    leave = LeaveNo(arguments.leave)
    return ask_as(
        arguments,
        lambda common: m.LeaveWithdrawRequested(**common, leave=leave, until=arguments.until),
        said_of(arguments.leave, "已撤销", "Given up"),
    )


def come_back(arguments: argparse.Namespace) -> int:
    """Back."""
    return ask_as(
        arguments,
        lambda common: m.LeaveReturnRequested(**common, leave=LeaveNo(arguments.leave)),
        said_of(arguments.leave, "已销假", "Back"),
    )


def paper(arguments: argparse.Namespace) -> int:
    """The slip is filed."""
    return ask_as(
        arguments,
        lambda common: m.LeavePaperRequested(**common, leave=LeaveNo(arguments.leave)),
        said_of(arguments.leave, "纸质假条已归档", "Slip on file"),
    )


def reason(arguments: argparse.Namespace) -> int:
    """On this screen alone."""
    return ask_as(arguments, lambda common: m.LeaveReasonRequested(**common, leave=LeaveNo(arguments.leave)), _shown)


def _shown(answer: m.Answer) -> str:
    assert isinstance(answer, m.LeaveReasonShown)
    lines = [f"事由 reason: {answer.reason or '已按期销毁 destroyed after its time'}"]
    lines += [f"未批准原因 rejected: {answer.rejected}"] if answer.rejected else []
    lines += [f"无人在岗仍批准 allowed: {answer.override}"] if answer.override else []
    return "\n".join(lines)
