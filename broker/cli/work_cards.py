"""``hall-broker staff card-lost|card-found|pin|login|cards``: whoever has no work card today (COND-4, D15)."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from broker.cli.asking import ask_as
from broker.cli.command_error import CommandError
from broker.cli.standing import standing
from broker.cli.typed import Commands, add_asking
from contracts import messages as m
from contracts.pins import PIN_DIGITS, SALT_BYTES, is_weak, stretched
from contracts.values import CounterId, StaffNo


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    whole = commands.add_parser("staff", help="工作卡、密码 lost work cards, PINs for the attendance clocks")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    for kind, about in (
        ("card-lost", "挂失 refused at once at every clock and counter"),
        ("card-found", "解除挂失 it counts again"),
    ):
        one = kinds.add_parser(kind, help=about)
        _add_staff(one)
        one.set_defaults(act=card_lost, found=kind == "card-found")
    one = kinds.add_parser("pin", help=f"设置密码 {PIN_DIGITS} digits, typed twice by the person, never on the command line")
    one.add_argument("--remove", action="store_true", help="the person has no PIN any more")
    _add_staff(one)
    one.set_defaults(act=pin)
    one = kinds.add_parser("login", help="无卡登录 a person without a card sits down at a counter; you know who it is")
    one.add_argument("--counter", required=True, metavar="W02")
    one.add_argument("--leave", action="store_true", help="or leaves it")
    _add_staff(one)
    one.set_defaults(act=login)
    one = kinds.add_parser("cards", help="which cards are lost, and who has a PIN")
    one.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")
    one.set_defaults(act=show)


def _add_staff(one: argparse.ArgumentParser) -> None:
    one.add_argument("--staff", required=True, metavar="STAFF", help="whose, a staff number")
    add_asking(one)


def card_lost(arguments: argparse.Namespace) -> int:
    """A card is lost, or is there again."""
    said = f"{arguments.staff} 的工作卡已挂失\nThe work card of {arguments.staff} is reported lost"
    if arguments.found:
        said = f"{arguments.staff} 的工作卡已解除挂失\nThe work card of {arguments.staff} counts again"
    return ask_as(
        arguments,
        lambda common: m.CardLostRequested(**common, staff=StaffNo(arguments.staff), found=arguments.found),
        lambda _: said,
    )


def login(arguments: argparse.Namespace) -> int:
    """Somebody without a card sits down at a counter, or leaves it."""
    who, where = arguments.staff, arguments.counter
    said = f"{who} 已登录 {where}\n{who} is logged in at {where}"
    if arguments.leave:
        said = f"{who} 已退出 {where}\n{who} has left {where}"
    return ask_as(
        arguments,
        lambda common: m.LoginVouchRequested(
            **common, staff=StaffNo(arguments.staff), counter=CounterId(arguments.counter), leaves=arguments.leave
        ),
        lambda _: said,
    )


def pin(arguments: argparse.Namespace) -> int:
    """A PIN is typed, or taken away. It is stretched here; neither arguments nor messages nor the disk ever hold it."""
    salt, typed = ("", "") if arguments.remove else _typed()

    said = f"{arguments.staff} 的密码已设置\nThe PIN of {arguments.staff} is set"
    if arguments.remove:
        said = f"{arguments.staff} 的密码已取消\n{arguments.staff} has no PIN any more"
    return ask_as(
        arguments,
        lambda common: m.PinRequested(
            **common, staff=StaffNo(arguments.staff), salt=salt, stretched=typed, remove=arguments.remove
        ),
        lambda _: said,
    )


def _typed() -> tuple[str, str]:
    """Salt and stretched PIN, or :class:`CommandError` for one that is no PIN, too easy, or not the same twice."""
    first = getpass.getpass(f"请输入{PIN_DIGITS}位数字密码 PIN ({PIN_DIGITS} digits): ")
    if len(first) != PIN_DIGITS or not (first.isascii() and first.isdigit()):
        raise CommandError(f"密码须为{PIN_DIGITS}位数字\nA PIN has {PIN_DIGITS} digits")
    if is_weak(first):
        raise CommandError("密码过于简单,请另选一个\nThis PIN is too easy to guess; please choose another")
    if getpass.getpass("请再次输入 Once more: ") != first:
        raise CommandError("两次输入不一致,未作更改\nThe two differ; nothing was changed")
    salt = os.urandom(SALT_BYTES).hex()
    return salt, stretched(salt, first)


def show(arguments: argparse.Namespace) -> int:
    """Every lost card by its person, then everybody with a PIN; no card number, no hash."""
    cards = standing(arguments.data).work_cards
    for one in sorted(cards.lost.values(), key=lambda one: one.staff):
        sys.stdout.write(f"{one.staff}  已挂失 card lost\n")
    for staff in sorted(cards.pins):
        sys.stdout.write(f"{staff}  有密码 has a PIN\n")
    if not (cards.lost or cards.pins):
        sys.stdout.write("没有挂失的卡,也没有密码\nNo card is lost, nobody has a PIN.\n")
    return 0
