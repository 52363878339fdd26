"""One visit with accounts, access rules and TLS in force: real processes, a real mosquitto, nothing of it denied."""

import re
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from sim.furniture import Counter
from sim.guarded_hall import GuardedHall
from sim.halls import config_text
from sim.processes import wait_a_moment
from sim.senses import waiting_in

pytestmark = pytest.mark.mosquitto

_OTHER_DEVICES = re.compile(r'^    \{ id = "(TRM|PAD|LED)-W0[23]".*\n', re.MULTILINE)
_MOMENTS = 400


def wait(hall: GuardedHall, what: str, happened: Callable[[], bool]) -> None:
    """Until this is so, at most 20 s."""
    for _ in range(_MOMENTS):
        if hall.loop.ask(happened):
            return
        wait_a_moment(hall.service)
    raise AssertionError(f"not so: {what}; {hall.trouble()}")


def test_a_visit_under_accounts(tmp_path: Path, require_mosquitto: None) -> None:
    """Ticket, call, sign, service, rating and a punch, each node with nothing but its own rights; nothing is denied."""
    config = _OTHER_DEVICES.sub("", config_text("demo-small"))
    with GuardedHall(config, tmp_path, seed=1, clock_start="2026-03-10T09:00:00") as hall:
        (machine,) = hall.furnished.machines.values()
        (counter,) = hall.furnished.counters.values()
        (pad,) = hall.furnished.pads.values()
        (clock,) = hall.furnished.clocks.values()
        ask = hall.loop.ask

        ask(lambda: clock.show_card("04A1000101"))
        wait(hall, "the punch is taken", lambda: clock.greens() > 0)
        idle = ask(counter.text)
        ask(lambda: counter.show_card("04A1000101"))
        wait(hall, "the clerk is logged in", lambda: counter.text() != idle)
        ask(lambda: machine.press("A"))
        wait(hall, "a paper", machine.has_paper_in_tray)
        ask(machine.take_paper)
        wait(hall, "the terminal knows of the visitor", lambda: waiting_in(counter.text()) == 1)
        ask(lambda: counter.press("next"))
        wait(hall, "the sign calls", lambda: "A001" in hall.furnished.texts()[counter.counter])
        for key in ("start", "finish"):
            before = ask(counter.text)
            wait(hall, "the key is let go", lambda: not counter.panel.wake_at)
            ask(partial(counter.press, key))
            wait(hall, key, partial(shows_another, counter, before))
        wait(hall, "the pad asks", lambda: len(pad.lit()) > 1)
        ask(lambda: pad.press(5))
        wait(hall, "the one lamp", lambda: len(pad.lit()) == 1)
        wait(hall, "the rating is stored", lambda: rows(hall, "select count(*) from ratings") == 1)
        assert rows(hall, "select count(*) from punches") == 1
        assert hall.trouble() == []
        said = hall.server_log.read_text(encoding="utf-8").splitlines()
        assert any("Received PUBLISH from PAD-W01@yongan-small" in line for line in said), "it would tell of a denial"
        assert [line for line in said if "denied" in line.lower()] == []


def shows_another(counter: Counter, before: str) -> bool:
    """Whether the terminal's text has changed."""
    return counter.text() != before


def rows(hall: GuardedHall, query: str) -> int:
    """A number from the service's database, read beside it."""
    database = sqlite3.connect(f"file:{hall.data / 'hall.db'}?mode=ro", uri=True)
    try:
        return int(database.execute(query).fetchone()[0])
    finally:
        database.close()
