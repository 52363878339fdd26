"""``hall-broker outing submit|approve|reject|extend|withdraw|return|list|show``: the outing ledger at work (ATT-6)."""

import argparse

from broker.cli import outing_lists
from broker.cli.asking import ask_as, numbered, values_of
from broker.cli.typed import Commands, add_asking, instant
from contracts import messages as m
from contracts.values import OutingNo, StaffNo


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    whole = commands.add_parser("outing", help="公出 business outings: enter, approve, extend, come back (ATT-6)")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    _add_submit(kinds)
    one = _add(kinds, "approve", "before leaving (HALL-11.2)", approve)
    one.add_argument("--override", default="", metavar="WHY", help="a manager's reason where nobody would be left (ATT-7)")
    one = _add(kinds, "reject", "not approved", reject)
    one.add_argument("--reason", required=True)
    one = _add(kinds, "extend", "it may last longer; also afterwards", extend)
    one.add_argument("--to", dest="ends", type=instant, required=True, metavar="TIME", help="2026-03-10T16:30")
    one.add_argument("--reason", required=True)
    _add(kinds, "withdraw", "the person does not go, or has not gone", withdraw)
    one = _add(kinds, "return", "enter a return that no punch and no login tells", come_back)
    one.add_argument("--at", type=instant, metavar="TIME", help="default: now")
    outing_lists.add_to(kinds)


def _add(kinds: Commands, name: str, what: str, act: object) -> argparse.ArgumentParser:
    one = kinds.add_parser(name, help=what)
    one.add_argument("outing", metavar="GC-...")
    add_asking(one)
    one.set_defaults(act=act)
    return one


def _add_submit(kinds: Commands) -> None:
    one = kinds.add_parser("submit", help="an entry for the ledger; somebody else approves it")
    one.add_argument("--staff", metavar="STAFF", help="who goes; default: who asks")
    one.add_argument(
        "--kind", required=True, help="meeting 会议, study 学习, training 培训, trip 出差, errand 临时任务, outing"
    )
    one.add_argument("--from", dest="begins", type=instant, required=True, metavar="TIME", help="2026-03-10T14:00")
    one.add_argument("--to", dest="ends", type=instant, required=True, metavar="TIME", help="2026-03-10T16:00")
    one.add_argument("--reason", required=True)
    one.add_argument("--place", required=True)
    one.add_argument("--cover", metavar="STAFF", help="who takes over; default: the B of the post")
    add_asking(one)
    one.set_defaults(act=submit)


def submit(arguments: argparse.Namespace) -> int:
    """A new entry; prints its number, who decides, and what it would leave empty."""
    return ask_as(
        arguments,
        lambda common: m.OutingRequested(
            **common,
            staff=StaffNo(arguments.staff or arguments.actor),
            kind=arguments.kind,
            begins=arguments.begins,
            ends=arguments.ends,
            reason=arguments.reason,
            place=arguments.place,
            cover=None if arguments.cover is None else StaffNo(arguments.cover),
        ),
        _submitted,
    )


def _submitted(answer: m.Answer) -> str:
    values = values_of(answer)
    said = f"已登记公出 {values['no']},请由{values['who']}审批\nEntered as {values['no']}; to be approved by {values['who']}"
    gap = values.get("gap", "")
    if not gap:
        return said
    return f"{said}\n注意:批准后{gap}无人在岗,须分管领导注明理由\nNobody would be left for {gap}: a manager must say why"


def approve(arguments: argparse.Namespace) -> int:
    """It may begin."""
    return ask_as(
        arguments,
        lambda common: m.OutingApproveRequested(**common, outing=OutingNo(arguments.outing), override=arguments.override),
        numbered("已批准 {no}", "Approved: {no}"),
    )


def reject(arguments: argparse.Namespace) -> int:
    """It may not."""
    return ask_as(
        arguments,
        lambda common: m.OutingRejectRequested(**common, outing=OutingNo(arguments.outing), reason=arguments.reason),
        numbered("未批准 {no}", "Rejected: {no}"),
    )


def extend(arguments: argparse.Namespace) -> int:
    """Approved for longer."""
    return ask_as(
        arguments,
        lambda common: m.OutingExtendRequested(
            **common, outing=OutingNo(arguments.outing), ends=arguments.ends, reason=arguments.reason
        ),
        numbered("已延长 {no}", "Extended: {no}"),
    )


def withdraw(arguments: argparse.Namespace) -> int:
    """Nobody goes."""
    return ask_as(
        arguments,
        lambda common: m.OutingWithdrawRequested(**common, outing=OutingNo(arguments.outing)),
        numbered("已撤销 {no}", "Withdrawn: {no}"),
    )


def come_back(arguments: argparse.Namespace) -> int:
    """Back, and by how much later than approved."""

    def said(answer: m.Answer) -> str:
        values = values_of(answer)
        over = int(values.get("m", "0"))
        late = (f",晚于批准时间{over}分钟", f", {over} min later than approved") if over else ("", "")
        return f"已登记返岗 {values['no']}{late[0]}\nReturn recorded: {values['no']}{late[1]}"

    return ask_as(
        arguments, lambda common: m.OutingReturnRequested(**common, outing=OutingNo(arguments.outing), at=arguments.at), said
    )


def _values(answer: m.Answer) -> dict[str, str]:
    assert isinstance(answer, m.RequestDone)
    return answer.values
