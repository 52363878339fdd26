"""``hall-broker handover out|phone|ack|show|return|confirm|substitute|list|hint``: between A and B of a post (AB)."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from broker.archive import Archive
from broker.cli.asking import ask_as
from broker.cli.command_error import CommandError
from broker.cli.typed import Commands, add_asking, instant
from broker.ledgers.handover import KINDS, Entry, entries, items
from broker.rules.evolve import evolve
from broker.rules.hall import Hall, empty_hall
from broker.rules.handover.hint import Hint, counter_of, hint
from broker.rules.hours import day_of, spelled
from broker.rules.posts.vacancy import name
from contracts import messages as m
from contracts.values import CounterId, HallTime, HandoverNo, StaffNo, TicketId
from words import text

_FROM_INPUT = "-"
_WRITTEN = "may name visitors: sealed, never in a ledger; - reads it from standard input"


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    whole = commands.add_parser("handover", help="AB岗交接 hand-overs between A and B of a post (AB)")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    for word, about, act in (
        ("out", "A hands over before leaving (AB-4.2a)", out),
        ("phone", "B has taken over and A has told them by telephone (AB-4.2b)", phone),
    ):
        one = _add(kinds, word, about, act)
        one.add_argument("--counter", metavar="W02", help="needed only by who could mean several")
        one.add_argument("--remarks", default="", help=_WRITTEN)
    for word, about, act in (
        ("ack", "B has read it", ack),
        ("confirm", "A or B confirms the return list (AB-4.4)", confirm),
        ("return", "B makes the return list", give_back),
    ):
        one = _add(kinds, word, about, act)
        one.add_argument("no", nargs="?", metavar="JJ-...", help="default: the oldest that waits for this person")
        if word == "return":
            one.add_argument("--documents", default="", help=f"papers that go back; {_WRITTEN}")
    one = _add(kinds, "show", "whom to telephone, remarks, papers: for A, B and leaders", show)
    one.add_argument("no", nargs="?", metavar="JJ-...")
    one.add_argument("--counter", metavar="W02", help="the one somebody acts for, instead of a number")
    one = _add(kinds, "substitute", "B is away too: a duty leader names a third person (AB-2)", substitute)
    one.add_argument("--counter", required=True, metavar="W02")
    one.add_argument("--staff", required=True, metavar="STAFF")
    _add_reading(kinds)


def _add(kinds: Commands, word: str, about: str, act: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    one = kinds.add_parser(word, help=about)
    add_asking(one)
    one.set_defaults(act=act)
    return one


def _add_reading(kinds: Commands) -> None:
    one = kinds.add_parser("list", help="those that are not over, and those of today")
    one.set_defaults(act=show_list)
    two = kinds.add_parser("hint", help="whom a clue may concern: A, B or both (AB-5); a hint only")
    two.add_argument("--ticket", metavar="A017", help="of the day of --at")
    two.add_argument("--counter", metavar="W02", help="default: where the ticket is or was")
    two.add_argument("--at", type=instant, metavar="TIME", help="2026-03-10T15:00; default: now in the hall")
    two.set_defaults(act=show_hint)
    for each in (one, two):
        each.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")


# --- Asking --------------------------------------------------------------------------------------------------------------


def out(arguments: argparse.Namespace) -> int:
    """The post is handed over."""
    return _ask(arguments, m.HandoverRequested, counter=_counter(arguments), remarks=_typed_or_read(arguments.remarks))


def phone(arguments: argparse.Namespace) -> int:
    """What a telephone call told is entered."""
    return _ask(arguments, m.HandoverPhoneRequested, counter=_counter(arguments), remarks=_typed_or_read(arguments.remarks))


def ack(arguments: argparse.Namespace) -> int:
    """It was read."""
    return _ask(arguments, m.HandoverAckRequested, no=_number(arguments))


def show(arguments: argparse.Namespace) -> int:
    """It is read once more."""
    return _ask(arguments, m.HandoverShowRequested, no=_number(arguments), counter=_counter(arguments))


def give_back(arguments: argparse.Namespace) -> int:
    """The return list is made."""
    documents = _typed_or_read(arguments.documents)
    return _ask(arguments, m.HandoverReturnRequested, no=_number(arguments), documents=documents)


def confirm(arguments: argparse.Namespace) -> int:
    """The return list is confirmed."""
    return _ask(arguments, m.HandoverConfirmRequested, no=_number(arguments))


def substitute(arguments: argparse.Namespace) -> int:
    """A third person is named."""
    said = f"已指定 {arguments.staff} 到 {arguments.counter} 顶岗\nNamed for {arguments.counter}: {arguments.staff}"
    return ask_as(
        arguments,
        lambda common: m.SubstituteRequested(**common, counter=CounterId(arguments.counter), staff=StaffNo(arguments.staff)),
        lambda _: said,
    )


def _ask(arguments: argparse.Namespace, kind: Callable[..., m.Request], **fields: Any) -> int:
    return ask_as(arguments, lambda common: kind(**common, **fields), as_lines)


def as_lines(answer: m.Answer) -> str:
    """The hand-over, for the person who asked."""
    assert isinstance(answer, m.HandoverTold)
    people = f"{answer.giver_name} {answer.giver} -> {answer.taker_name} {answer.taker}"
    lines = [
        f"{answer.handover or '—'}  {answer.counter}  {people}  {text(f'ab.kind.{answer.kind}').zh}",
        f"交接清单 open then: {_told(answer.listed)}",
        "(办件尚未接入,不在清单内 cases are not known to the hall yet)",
    ]
    if answer.phone:
        lines.append(f"主岗电话 call: {answer.phone}")
    if answer.remarks:
        lines.append(f"备注 remarks: {answer.remarks}")
    if answer.served or answer.done or answer.still or answer.documents:
        lines.append(f"已办结 done: {'、'.join(answer.done) or '—'} ({answer.served})")
        lines.append(f"未办结 still open: {_told(answer.still)}")
        lines.append(f"交还材料 papers: {answer.documents or '—'}")
    return "\n".join(lines)


def _told(found: tuple[m.HandoverItem, ...]) -> str:
    return "、".join(f"{text(f'ab.what.{one.what}').zh}{one.no}" for one in found) or "—"


def _counter(arguments: argparse.Namespace) -> CounterId | None:
    return None if arguments.counter is None else CounterId(arguments.counter)


def _number(arguments: argparse.Namespace) -> HandoverNo | None:
    return None if arguments.no is None else HandoverNo(arguments.no)


def _typed_or_read(typed: str) -> str:
    """What must not stand in a list of processes can be typed after the start."""
    return sys.stdin.readline().strip() if typed == _FROM_INPUT else typed


# --- Reading -------------------------------------------------------------------------------------------------------------


def show_list(arguments: argparse.Namespace) -> int:
    """Every entry that both have not confirmed yet, and those of today, one a line."""
    with Archive(arguments.data) as archive:
        today = archive.today
        found = [one for one in entries(archive.of_kinds(KINDS)) if one.no and not one.replaced_by]
    shown = [one for one in found if day_of(one.at) == today or not _is_over(one)]
    for one in shown:
        sys.stdout.write(_as_line(one) + "\n")
    if not shown:
        sys.stdout.write("没有待办的交接\nNo hand-over is open.\n")
    return 0


def _is_over(one: Entry) -> bool:
    return {one.giver, one.taker} <= set(one.confirmed)


def _as_line(one: Entry) -> str:
    state = "已确认 confirmed" if _is_over(one) else "已交还 returned" if one.returned_at else "已接收 acknowledged"
    if one.acknowledged_at is None and one.returned_at is None:
        state = "待接收 waiting"
    return f"{one.no}  {spelled(one.at)}  {one.counter}  {one.giver} -> {one.taker}  {state}  {items(one.listed)}".rstrip()


def show_hint(arguments: argparse.Namespace) -> int:
    """Whom a clue may concern, from the facts up to that time.

    Raises:
        CommandError: neither ticket nor counter is known, or nothing was stored on that day.
    """
    if arguments.ticket is None and arguments.counter is None:
        raise CommandError("请填写号码或窗口\nGive --ticket or --counter.")
    with Archive(arguments.data) as archive:
        at = arguments.at or archive.hall_clock
        hall = folded(archive, at)
    ref = None if arguments.ticket is None else TicketId(f"{day_of(at)}/{arguments.ticket}")
    counter = _counter(arguments) or (None if ref is None else counter_of(hall, ref))
    if counter is None:
        raise CommandError(
            f"未找到 {arguments.ticket} 的窗口\n{arguments.ticket} was at no counter by then; give --counter."
        )
    sys.stdout.write(sentence(hall, hint(hall, counter, ref)) + "\n")
    return 0


def folded(archive: Archive, at: HallTime) -> Hall:
    """The hall as it was then. Raises :class:`CommandError` for a day without facts."""
    hall = empty_hall()
    for one in archive.foldable(day_of(at)):
        if one.at <= at:
            evolve(hall, one)
    if hall.day is None:
        raise CommandError(f"{day_of(at)} 没有记录\nNothing was stored on {day_of(at)}.")
    return hall


def sentence(hall: Hall, found: Hint | None) -> str:
    """The hint in both languages, the number of the entry, and that it is no more than a hint."""
    if found is None:
        return "该窗口没有AB岗\nThis counter has no A and B."
    names = {"a": _person(hall, found.a), "b": "" if found.b is None else _person(hall, found.b)}
    said, only = text(f"ab.hint.{found.why}"), text("ab.hint.only")
    entry = "" if found.entry is None else f" [{found.entry.no} {text(f'ab.kind.{found.entry.kind}').zh}]"
    return f"{said.zh.format(**names)}{entry}\n{said.en.format(**names)}\n{only.zh}\n{only.en}"


def _person(hall: Hall, staff: StaffNo) -> str:
    return f"{name(hall, staff)} {staff}"
