"""领办单: the slip for a visitor who is led to another counter: from where, to where, to whom (FIRST-4.2). Pure.

The number and two counters, nothing about the visitor. Printed once when the lead begins; it is a help on the way, not the
ticket: the paper with the number stays good whatever becomes of the slip.
"""

from datetime import UTC, datetime

from contracts.messages import CounterSettings, DeskState
from contracts.values import HallTime, Ms
from counter.menu import CHINA, window
from counter.terminal import PRINTER, Terminal
from firmware.drivers.document import Align, Document, Line, Rule, Text
from firmware.drivers.thermal_printer import Print
from firmware.runtime.steps import Tell
from words import text


def lead(before: Terminal, state: Terminal, now: Ms) -> tuple[Tell, ...]:
    """The slip to print if a lead has just begun; a terminal that has only just started prints none again."""
    desk, was = state.desk, before.desk
    if state.settings is None or desk is None or was is None or desk.leads_to is None or desk.ticket is None:
        return ()
    if (was.ticket, was.leads_to) == (desk.ticket, desk.leads_to):
        return ()
    document = slip(desk, state.settings, state.clock.at(now))
    return (Tell(PRINTER, Print(f"{desk.call}/{desk.leads_to}", document)),)


def slip(desk: DeskState, settings: CounterSettings, hall_now: HallTime | None) -> Document:
    """What stands on it."""
    to = "" if desk.leads_to is None else window(desk.leads_to)
    name = desk.leads_to_name or ""
    by = text("slip.lead.by").zh.format(w=window(desk.counter), name=desk.server_name or "", id=desk.server or "")
    return (
        Text(settings.hall_name_zh, align=Align.CENTRE),
        Text(text("slip.lead.title").zh, align=Align.CENTRE, bold=True),
        Rule(),
        Text(desk.ticket or "", size=2, align=Align.CENTRE, bold=True),
        Rule(),
        Text(text("slip.lead.text").zh.format(w=to, name=name) if name else text("slip.lead.to").zh.format(w=to)),
        Text(by),
        *_time(hall_now),
        Text(text("slip.hotline").zh.format(tel=settings.hotline)),
    )


def _time(hall_now: HallTime | None) -> tuple[Line, ...]:
    """No time is better than a wrong one."""
    if hall_now is None:
        return ()
    at = datetime.fromtimestamp(hall_now / 1000, UTC).astimezone(CHINA)
    return (Text(text("slip.lead.time").zh.format(time=at.strftime("%Y-%m-%d %H:%M"))),)
