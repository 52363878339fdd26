"""``hall-broker appointment make|confirm|change|cancel|contact|check-in|open-contact``: what APPT lets staff ask for."""

import argparse
import sys
from pathlib import Path
from typing import Any

from broker.cli import appointment_lists
from broker.cli.asking import Ask, actor_of, ask, common_of, expires_at, said_of
from broker.cli.command_error import CommandError
from broker.cli.typed import Commands, add_asking, clock, instant
from broker.identity_keys import FOLDER
from broker.rules.hours import day_of, on_day, spelled
from broker.vault import identity_key_of
from contracts import messages as m
from contracts.identities import holder_hash
from contracts.values import (
    AppointmentId,
    Channel,
    ContactOutcome,
    GroupId,
    HallTime,
    HolderHash,
    Initiator,
    RequestId,
    ServiceId,
    StaffNo,
)

_FROM_INPUT = "-"


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    whole = commands.add_parser("appointment", help="预约 make, follow up, list and import appointments")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    _add_make(kinds)
    one = _add(kinds, "confirm", "time and matter are right and the one-off notice was given", confirm)
    one.add_argument("--notice", required=True, metavar="NO", help="the number of the one-off notice")
    one = _add(kinds, "change", "another time", change)
    one.add_argument("--at", required=True, type=instant, metavar="ISO", help="2026-03-12T10:00, in the hall's time")
    _add_id_number(one)
    _add_hall_side(one)
    _add_hall_side(_add(kinds, "cancel", "none any more", cancel))
    one = _add(kinds, "contact", "what came of calling somebody who has not come", contact)
    one.add_argument("--outcome", required=True, choices=[each.value for each in ContactOutcome])
    one.add_argument("--until", type=clock, metavar="HH:MM", help="for coming: the time the person named, today")
    _add(kinds, "check-in", "the person is here; the number is told to them", check_in)
    one = _add(kinds, "open-contact", "show name and telephone number; who looked and why is on record", open_contact)
    one.add_argument("--reason", required=True)
    appointment_lists.add_to(kinds)


def _add(kinds: Commands, name: str, what: str, act: object) -> argparse.ArgumentParser:
    one = kinds.add_parser(name, help=what)
    one.add_argument("appointment", metavar="NO", help="P003 of today, or 2026-03-12/P003")
    add_asking(one)
    one.set_defaults(act=act)
    return one


def _add_make(kinds: Commands) -> None:
    one = kinds.add_parser("make", help="promise a point in time")
    one.add_argument("--group", required=True, metavar="A")
    one.add_argument("--service", metavar="ID")
    one.add_argument("--at", required=True, type=instant, metavar="ISO", help="2026-03-12T10:00, in the hall's time")
    one.add_argument("--contact", required=True, help="a telephone number or e-mail address; - reads it from standard input")
    one.add_argument("--name", default="")
    one.add_argument("--channel", choices=[each.value for each in Channel], default=Channel.ONSITE.value)
    one.add_argument("--project", metavar="CODE")
    _add_id_number(one)
    add_asking(one)
    one.set_defaults(act=make)


def _add_id_number(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--id-number",
        metavar="NUMBER",
        help="lets the ID card check in: hashed here, with the key of that day in --data; - reads it from standard input",
    )


def _add_hall_side(one: argparse.ArgumentParser) -> None:
    one.add_argument("--by", choices=[each.value for each in Initiator], required=True, help="on whose wish")
    one.add_argument("--reason", default="", help="for the hall")
    one.add_argument("--approved-by", metavar="STAFF", help="for the hall: duty leader or manager, not who asks")
    one.add_argument("--notified-at", type=instant, metavar="ISO", help="for the hall: when the person was told")


def appointment_of(arguments: argparse.Namespace, now: HallTime) -> AppointmentId:
    """The appointment as typed, of today unless a day stands before it."""
    typed = arguments.appointment
    return AppointmentId(typed if "/" in typed else f"{day_of(now).isoformat()}/{typed}")


def _typed_or_read(text: str) -> str:
    """What must not stand in a list of processes can be typed after the start."""
    return sys.stdin.readline().strip() if text == _FROM_INPUT else text


def make(arguments: argparse.Namespace) -> int:
    """A point in time for somebody; prints its number and the booking code."""
    contact_, holder = _typed_or_read(arguments.contact), _holder(arguments)

    def request(request_id: RequestId, now: HallTime) -> m.AppointmentRequested:
        return m.AppointmentRequested(
            **common_of(arguments, request_id, now),
            group=GroupId(arguments.group),
            at=arguments.at,
            contact=contact_,
            channel=Channel(arguments.channel),
            service=None if arguments.service is None else ServiceId(arguments.service),
            name=arguments.name,
            project=arguments.project,
            holder=holder,
        )

    return ask(arguments, Ask(request, made))


def made(answer: m.Answer) -> str:
    """What the person is told."""
    assert isinstance(answer, m.AppointmentMade)
    when = spelled(answer.at)
    return (
        f"已预约 {answer.appointment},{when},预约码 {answer.code}\n"
        f"Booked as {answer.appointment} for {when}; the booking code is {answer.code}"
    )


def _holder(arguments: argparse.Namespace) -> HolderHash | None:
    """The hash of the ID card for the day of the appointment; its number leaves this process never."""
    if arguments.id_number is None:
        return None
    day = day_of(arguments.at).isoformat()
    if arguments.data is None:
        raise CommandError("--id-number needs --data DIR: the key of that day lies there")
    path = Path(arguments.data) / FOLDER / f"{day}.ticket"
    if not path.exists():
        raise CommandError(f"{path} is not there: appointments are not made that far ahead")
    return holder_hash(identity_key_of(bytes.fromhex(path.read_text("ascii").strip())), _typed_or_read(arguments.id_number))


def confirm(arguments: argparse.Namespace) -> int:
    """Confirmed with the notice."""

    def request(request_id: RequestId, now: HallTime) -> m.AppointmentConfirmRequested:
        return m.AppointmentConfirmRequested(
            **common_of(arguments, request_id, now),
            appointment=appointment_of(arguments, now),
            notice_id=arguments.notice,
        )

    return _ask(arguments, request, "已确认", "Confirmed")


def _hall_side(arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "actor": actor_of(arguments),
        "by": Initiator(arguments.by),
        "reason": arguments.reason,
        "approved_by": None if arguments.approved_by is None else StaffNo(arguments.approved_by),
        "notified_at": arguments.notified_at,
    }


_CARD_LOST = (
    "身份证签到只对原日期有效,请告知服务对象凭预约码签到\n"
    "The ID card was known for the old day alone: please tell the person to check in with the booking code"
)


def change(arguments: argparse.Namespace) -> int:
    """Moved to another time; says so if an ID card that was known no longer is."""
    holder = _holder(arguments)

    def request(request_id: RequestId, now: HallTime) -> m.AppointmentChangeRequested:
        appointment, until = appointment_of(arguments, now), expires_at(now)
        known = _hall_side(arguments)
        return m.AppointmentChangeRequested(
            request_id=request_id, expires_at=until, appointment=appointment, at=arguments.at, holder=holder, **known
        )

    def done(answer: m.Answer) -> str:
        assert isinstance(answer, m.RequestDone)
        moved = f"已改期 {arguments.appointment}\nMoved: {arguments.appointment}"
        return f"{moved}\n{_CARD_LOST}" if answer.values.get("card") == "lost" else moved

    return ask(arguments, Ask(request, done))


def cancel(arguments: argparse.Namespace) -> int:
    """Cancelled; prints the next free time, to be offered."""

    def request(request_id: RequestId, now: HallTime) -> m.AppointmentCancelRequested:
        appointment, until = appointment_of(arguments, now), expires_at(now)
        return m.AppointmentCancelRequested(
            request_id=request_id, expires_at=until, appointment=appointment, **_hall_side(arguments)
        )

    def done(answer: m.Answer) -> str:
        assert isinstance(answer, m.RequestDone)
        free = answer.values.get("time") or "—"
        return f"已取消 {arguments.appointment},最近可约 {free}\nCancelled {arguments.appointment}; next free time: {free}"

    return ask(arguments, Ask(request, done))


def contact(arguments: argparse.Namespace) -> int:
    """A call to somebody who has not come."""

    def request(request_id: RequestId, now: HallTime) -> m.AppointmentContactRecorded:
        return m.AppointmentContactRecorded(
            **common_of(arguments, request_id, now),
            appointment=appointment_of(arguments, now),
            outcome=ContactOutcome(arguments.outcome),
            hold_until=None if arguments.until is None else on_day(day_of(now), arguments.until),
        )

    return _ask(arguments, request, "已登记联系结果", "Recorded")


def check_in(arguments: argparse.Namespace) -> int:
    """The person stands before a guide."""

    def request(request_id: RequestId, now: HallTime) -> m.CheckInRequested:
        appointment, until = appointment_of(arguments, now), expires_at(now)
        return m.CheckInRequested(
            request_id=request_id, expires_at=until, appointment=appointment, actor=actor_of(arguments)
        )

    def done(answer: m.Answer) -> str:
        assert isinstance(answer, m.RequestDone)
        no, time = answer.values["no"], answer.values["time"]
        return f"已签到 {no},约定时间 {time}\nChecked in as {no}, agreed time {time}"

    return ask(arguments, Ask(request, done))


def open_contact(arguments: argparse.Namespace) -> int:
    """Name and number, on this screen alone."""

    def request(request_id: RequestId, now: HallTime) -> m.ContactOpenRequested:
        return m.ContactOpenRequested(
            **common_of(arguments, request_id, now),
            appointment=appointment_of(arguments, now),
            reason=arguments.reason,
        )

    def done(answer: m.Answer) -> str:
        assert isinstance(answer, m.ContactOpened)
        if not answer.contact:
            return "联系方式已按期销毁\nThe contact was kept for its time and is destroyed"
        return f"{answer.name} {answer.contact}".strip()

    return ask(arguments, Ask(request, done))


def _ask(arguments: argparse.Namespace, request: Any, zh: str, en: str) -> int:
    return ask(arguments, Ask(request, said_of(arguments.appointment, zh, en)))
