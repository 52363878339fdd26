"""What the database of a hall says in the end, and what recomputing it says."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from broker.archive import Archive
from broker.opening import open_reading
from broker.rows import unpack
from broker.rules.evolve import evolve
from broker.rules.hall import empty_hall
from broker.rules.invariants import check, check_fully
from broker.verify import verify
from firmware.drivers.card_reader import SAME_SWIPE
from punch_clock.punching import SAME_PUNCH
from sim.chaos.history import CallRow, RatingRow, Records, TicketRow

_FULLY_EVERY = 25
"""Looking at every ticket after every decision would take longer than the storm."""


def read_records(data: Path) -> Records:
    """Read and recompute everything in this folder; nobody writes it any more."""
    with Archive(data) as archive:
        db = archive.database
        issued: dict[str, list[str]] = defaultdict(list)
        for (body,) in db.execute(
            "SELECT body FROM facts WHERE kind = 'TicketIssued' AND request_id IS NOT NULL ORDER BY number"
        ):
            fact = json.loads(body)
            issued[fact["kiosk"]].append(fact["no"])
        tickets = (
            "SELECT no, queue_group, state, coalesce(reason, ''), coalesce(printed, ''), coalesce(kiosk, ''), token"
            " FROM tickets"
        )
        ratings = "SELECT request_id, level, session, coalesce(refused, '') FROM ratings ORDER BY rowid"
        return Records(
            tickets=tuple(TicketRow(*row) for row in db.execute(tickets)),
            calls=tuple(
                CallRow(*row)
                for row in db.execute("SELECT no, counter FROM calls JOIN tickets USING (ticket) ORDER BY fact")
            ),
            ratings=tuple(RatingRow(str(row[0]).split("/")[0], *row[1:]) for row in db.execute(ratings)),
            punches=tuple(presented(db.execute("SELECT coalesce(staff, '?'), at FROM punches ORDER BY at"))),
            issued=dict(issued),
            differences=tuple(verify(archive).differences),
            broken=tuple(_broken(archive)),
        )


def presented(punches: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Who held up a card how often: all punches but second readings, which count as none (1.0.3).

    A clock that was stopped while a card lay on it finds old frames of the card when it goes on. One reading that was stored
    twice has one time, and is told twice.
    """
    last: dict[str, int] = {}
    for staff, at in punches:
        since = at - last.get(staff, at)
        last[staff] = at
        if not SAME_SWIPE < since < SAME_PUNCH:
            yield staff


def _broken(archive: Archive) -> Iterator[str]:
    """The rules' own invariants after every decision, which is a run of facts with one time and one request."""
    hall, decided, last = empty_hall(), 0, None
    for row in archive.rows(0):
        recorded = unpack(row)
        now = (recorded.at, recorded.request_id)
        if last is not None and now != last:
            decided += 1
            for what in check_fully(hall) if decided % _FULLY_EVERY == 0 else check(hall):
                yield f"{what} (before fact {recorded.number})"
        last = now
        hall = evolve(hall, recorded)
    yield from check_fully(hall)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a hall has come: the tickets that have not ended, all numbers, how many facts."""

    still_open: list[str]
    numbers: set[str]
    facts: int


def progress(data: Path) -> Progress:
    """Look into the database while the service writes it. Raises ``broker.trouble.StoreError``."""
    db = open_reading(data / "hall.db")
    try:
        tickets = db.execute("SELECT no, state, ended_at FROM tickets ORDER BY no").fetchall()
        return Progress(
            still_open=[f"{no} {state}" for no, state, ended in tickets if ended is None],
            numbers={str(no) for no, _, _ in tickets},
            facts=int(db.execute("SELECT max(number) FROM facts").fetchone()[0]),
        )
    finally:
        db.close()
