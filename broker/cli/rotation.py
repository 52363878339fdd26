"""``hall-broker rotation request|show|decide|close|list``: people of departments are changed (ROT)."""

import argparse
import sys
from pathlib import Path

from broker.archive import Archive
from broker.cli.asking import ask_as, values_of
from broker.cli.typed import Commands, add_asking
from broker.ledgers.rotation import KINDS, Entry, entries
from broker.rules.hours import day_of
from contracts import messages as m
from contracts.values import RotationNo, StaffNo
from words import text


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    whole = commands.add_parser("rotation", help="人员轮换 a department changes one of its people (ROT)")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    one = kinds.add_parser("request", help="a department asks; name, particulars and reason are kept sealed")
    one.add_argument("--out", dest="outgoing", required=True, metavar="STAFF", help="who goes")
    one.add_argument("--name", required=True, help="who is to come")
    one.add_argument("--particulars", default="", help="what the office needs to know of them")
    one.add_argument("--reason", required=True)
    one.set_defaults(act=request)
    two = kinds.add_parser("show", help="who is to come, and why; that it was read is recorded")
    two.set_defaults(act=show)
    three = kinds.add_parser("decide", help="the management office decides; without --approve it does not agree")
    three.add_argument("--approve", action="store_true")
    three.add_argument("--explanation", default="", help="at least 10 characters, where a condition is not met (ROT-6)")
    three.set_defaults(act=decide)
    four = kinds.add_parser("close", help="everything is handed over and the card comes back (ROT-7)")
    four.add_argument("--cases-handed-over", action="store_true", help="the hall keeps no register of cases: confirm it")
    four.add_argument("--items-returned", action="store_true", help="nor of borrowed items")
    four.add_argument("--successor", metavar="STAFF", help="who has come")
    four.set_defaults(act=close)
    for each in (two, three, four):
        each.add_argument("rotation", metavar="LH-...")
    for each in (one, two, three, four):
        add_asking(each)
    one = kinds.add_parser("list", help="every rotation, without names that are sealed")
    one.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")
    one.set_defaults(act=show_list)


def request(arguments: argparse.Namespace) -> int:
    """A department asks; its number and what speaks against it are said."""
    return ask_as(
        arguments,
        lambda common: m.RotationRequested(
            **common,
            outgoing=StaffNo(arguments.outgoing),
            name=arguments.name,
            particulars=arguments.particulars,
            reason=arguments.reason,
        ),
        _asked,
    )


def _asked(answer: m.Answer) -> str:
    values = values_of(answer)
    no = values.get("no", "?")
    return "\n".join((f"已登记轮换申请 {no}", f"Entered: {no}", *_against(values.get("unmet", "").split(), values)))


def _against(unmet: list[str], values: dict[str, str]) -> list[str]:
    keys = [f"rot.unmet.{one}" for one in unmet]
    sentences = [text(key) for key in (*keys, *(["rot.default.refuse"] if keys else []))]
    return [line for one in sentences for line in (one.zh.format(**values), one.en.format(**values))]


def show(arguments: argparse.Namespace) -> int:
    """What is sealed, to those who ask and decide."""
    return ask_as(arguments, lambda common: m.RotationShowRequested(**common, rotation=_rotation(arguments)), _shown)


def _rotation(arguments: argparse.Namespace) -> RotationNo:
    return RotationNo(arguments.rotation)


def _shown(answer: m.Answer) -> str:
    assert isinstance(answer, m.RotationShown)
    what = (("姓名", answer.name), ("基本情况", answer.particulars), ("原因", answer.reason), ("说明", answer.explanation))
    return "\n".join([answer.rotation, *(f"{head} {said}" for head, said in what if said)])


def decide(arguments: argparse.Namespace) -> int:
    """Agreed or not."""
    result = text("rot.state.approved" if arguments.approve else "rot.state.refused")
    return ask_as(
        arguments,
        lambda common: m.RotationDecisionRequested(
            **common, rotation=_rotation(arguments), approve=arguments.approve, explanation=arguments.explanation
        ),
        lambda _: f"{arguments.rotation} {result.zh}\n{arguments.rotation}: {result.en}",
    )


def close(arguments: argparse.Namespace) -> int:
    """Everything is handed over."""
    said = f"{arguments.rotation} 已交接,可收回工作卡\n{arguments.rotation}: handed over, the card may be withdrawn"
    return ask_as(
        arguments,
        lambda common: m.RotationCloseRequested(
            **common,
            rotation=_rotation(arguments),
            cases=arguments.cases_handed_over,
            items=arguments.items_returned,
            successor=None if arguments.successor is None else StaffNo(arguments.successor),
        ),
        lambda _: said,
    )


def show_list(arguments: argparse.Namespace) -> int:
    """A line for each rotation, oldest first."""
    with Archive(arguments.data) as archive:
        found = entries(archive.of_kinds(KINDS))
    sys.stdout.writelines(_line(one) for one in found)
    if not found:
        sys.stdout.write("没有轮换申请\nNo rotation was asked for.\n")
    return 0


def _line(one: Entry) -> str:
    asked = one.asked
    conditions = (("year", asked.one_year_served), ("window", asked.within_window))
    unmet = [text(f"rot.unmet.{what}").zh.format(days=asked.days_left) for what, holds in conditions if not holds]
    parts = (asked.rotation, str(day_of(one.at)), asked.department, asked.outgoing, text(one.state).zh, *unmet)
    return "  ".join(parts) + "\n"
