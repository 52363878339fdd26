"""What stands on a queue ticket (words 3.5). Pure; the printer's driver breaks the lines to the width of its paper.

Nothing about its holder, no class, no name (rules README 4). Without an estimate of the wait there is no line for it.
"""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from contracts.messages import GroupInfo, KioskSettings, OfflineTicketTaken, TicketIssued
from contracts.values import CounterId, GroupId, HallTime
from firmware.drivers.document import Align, Document, Line, Qr, Rule, Text
from words import text

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The hall's time; China has kept one offset the whole year since 1991."""


def ticket(issued: TicketIssued, settings: KioskSettings, *, copy: int, large: bool = False) -> Document:
    """The paper of this ticket; ``copy`` above 0 marks it 补打, ``large`` is large print (长者模式)."""
    return _printed(
        large,
        *_number_and_place(issued, settings, copy),
        Text(text("slip.waiting").zh.format(n=issued.waiting)),
        *_estimate(issued),
        *_time(issued.issued_at),
        *_agreed(issued),
        *_notes(issued.token, settings),
    )


def own_ticket(
    taken: OfflineTicketTaken, at: HallTime | None, settings: KioskSettings, *, copy: int, large: bool = False
) -> Document:
    """The paper of a number of the machine's own: how many wait it cannot know, and no time is better than a wrong one."""
    return _printed(
        large,
        *_number_and_place(taken, settings, copy),
        *(() if at is None else _time(at)),
        *_notes(taken.token, settings),
    )


def _printed(large: bool, *lines: Line) -> Document:  # noqa: FBT001 -- said first, before the many lines
    """Large print doubles every line except the rules (words 3.5); the QR code is as large as it need be."""
    if not large:
        return lines
    return tuple(replace(line, size=2 * line.size) if isinstance(line, Text) else line for line in lines)


def _estimate(issued: TicketIssued) -> tuple[Line, ...]:
    """预计等候: a range, where one can be told."""
    if issued.wait_low is None or issued.wait_high is None:
        return ()
    return (Text(text("slip.est").zh.format(lo=issued.wait_low, hi=issued.wait_high)),)


def _agreed(issued: TicketIssued) -> tuple[Line, ...]:
    """The time of an appointment."""
    if issued.appointment_at is None:
        return ()
    return (Text(text("slip.appt").zh.format(time=local(issued.appointment_at).strftime("%Y-%m-%d %H:%M"))),)


def local(at: HallTime) -> datetime:
    """A hall time as the clock on the wall shows it."""
    return datetime.fromtimestamp(at / 1000, CHINA)


def _number_and_place(issued: TicketIssued | OfflineTicketTaken, settings: KioskSettings, copy: int) -> tuple[Line, ...]:
    number = Text(issued.no, size=2, align=Align.CENTRE, bold=True)
    return (*_head(settings, copy), Rule(), number, Rule(), *_where(issued.group, settings))


def _time(at: HallTime) -> tuple[Line, ...]:
    return (Text(text("slip.time").zh.format(time=local(at).strftime("%Y-%m-%d %H:%M"))),)


def _notes(token: str, settings: KioskSettings) -> tuple[Line, ...]:
    return (
        Rule(),
        Text(text("slip.note.call").zh),
        Text(text("slip.note.noshow").zh),
        Text(text("slip.note.rate").zh.format(d=settings.rating_days)),
        Qr(f"{settings.rating_url.rstrip('/')}/{token}"),
        Text(text("slip.hotline").zh.format(tel=settings.hotline)),
    )


def _head(settings: KioskSettings, copy: int) -> tuple[Line, ...]:
    lines = [
        Text(settings.hall_name_zh, align=Align.CENTRE),
        Text(text("slip.ticket.title").zh, align=Align.CENTRE),
    ]
    if copy:
        lines.append(Text(text("slip.reprint").zh.format(n=copy), align=Align.CENTRE, bold=True))
    return tuple(lines)


def _where(letter: GroupId, settings: KioskSettings) -> tuple[Line, ...]:
    """The business and its place; a group that the settings do not name is at least named by its letter."""
    group = group_of(letter, settings)
    if group is None:
        return (Text(f"{text('slip.service').zh}:{letter}"),)
    return (
        Text(f"{text('slip.service').zh}:{group.zh}"),
        Text(f"{text('slip.windows').zh}:{_place(group)}"),
    )


def group_of(group: GroupId, settings: KioskSettings) -> GroupInfo | None:
    """What the settings say about a group."""
    return next((info for info in settings.groups if info.id == group), None)


def _place(group: GroupInfo) -> str:
    """1号、2号、3号窗口 综合受理区 (HALL-4: the ticket shows the zone)."""
    counters = "、".join(f"{_number(counter)}号" for counter in group.counters)
    return f"{counters}窗口 {group.zone}" if counters else group.zone


def _number(counter: CounterId) -> str:
    return counter.lstrip("W").lstrip("0") or counter
