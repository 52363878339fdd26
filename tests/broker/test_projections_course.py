"""The tables people read follow a ticket through its whole course, and ``verify`` finds nothing wrong with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from broker.archive import Archive
from broker.opening import FILE_NAME
from broker.store import Store
from broker.verify import verify
from contracts import messages as m
from contracts.values import TicketId, VisitorClass
from sim.rules_day import RulesDay, hall_text


@pytest.fixture
def day() -> RulesDay:
    """The small hall at nine, everybody at work."""
    opened = RulesDay(hall_text("demo-small"))
    for counter, staff in (("W01", "S101"), ("W02", "S102"), ("W03", "S103")):
        opened.login(counter, staff)
    opened.at("09:00")
    return opened


@contextmanager
def stored(day: RulesDay, folder: Path) -> Iterator[Database]:
    """The facts of a day in a database, projected one by one."""
    store = Store.open(folder / FILE_NAME)
    with store.batch():
        for one in day.facts:
            store.append(one.at, None, one.fact)
    try:
        yield store.database
    finally:
        store.close()


def row(database: Database, table: str, what: str, key: str) -> dict[str, Any]:
    """Some columns of one row."""
    column = "call" if table == "calls" else "ticket"
    cursor = database.execute(f"SELECT {what} FROM {table} WHERE {column} = ?", (key,))
    return dict(zip([name[0] for name in cursor.description], cursor.fetchone(), strict=True))


def whole_course(day: RulesDay) -> str:
    """Held, resumed, transferred, missed, back, led to the next counter; the ticket."""
    ticket = day.enter("A", actor="S004")
    day.call("W02")
    day.start("W02")
    day.hold("W02")
    day.resume_held("W02")
    day.call("W02")
    day.start("W02")
    day.at("09:05")
    day.transfer("W02", "B")
    day.call("W03")
    day.miss("W03")
    day.reactivate(ticket)
    day.call("W03")
    day.start("W03")
    day.lead("W03", "W01")
    day.at("09:10")
    day.accept("W01")
    return ticket.id


def test_course_of_a_ticket_stands_in_its_row(day: RulesDay, tmp_path: Path) -> None:
    """State, group, chain, first asker and handler; and how each call ended (1.0.5, FIRST-3, FIRST-4.2)."""
    ticket = whole_course(day)
    with stored(day, tmp_path) as database:
        columns = "state, queue_group, transferred_from, reactivations, first_asker, first_handler, chain"
        found = row(database, "tickets", columns, ticket)
        calls = database.execute("SELECT call, counter, tier, announcements, left_as, session FROM calls ORDER BY fact")
        assert found == {
            "state": "serving",
            "queue_group": "B",
            "transferred_from": "A",
            "reactivations": 1,
            "first_asker": "S004",
            "first_handler": "S102",
            "chain": "S004,S102,S103,S101",
        }
        assert calls.fetchall() == [
            (f"{ticket}/c1", "W02", "score", 1, "held", f"{ticket}/s1"),
            (f"{ticket}/c2", "W02", "resumed", 1, "transferred", f"{ticket}/s2"),
            (f"{ticket}/c3", "W03", "score", 3, None, None),
            (f"{ticket}/c4", "W03", "score", 1, "led", f"{ticket}/s3"),
            (f"{ticket}/c5", "W01", "led", 0, None, f"{ticket}/s4"),
        ]
        ends = [row(database, "calls", "finished_at", f"{ticket}/c{n}")["finished_at"] for n in (1, 2, 4)]
        assert ends == [None, day.time("09:05"), day.time("09:10")]


def test_row_equals_the_fold(day: RulesDay, tmp_path: Path) -> None:
    """What the table says of a ticket is what the rules know of it."""
    ticket = day.hall.tickets[TicketId(whole_course(day))]
    with stored(day, tmp_path) as database:
        found = row(database, "tickets", "queue_group, transferred_from, first_asker, first_handler, chain", ticket.id)
    known = (ticket.group, ticket.transferred_from, ticket.first_asker, ticket.first_handler, ",".join(ticket.chain))
    assert tuple(found.values()) == known


def look(day: RulesDay, **outcome: bool) -> None:
    """The clerk of W02 has looked at the priority of the ticket on the desk."""
    day.do("TRM-W02", m.CareCheckRequested, call=day.call_id("W02"), **outcome)


def test_care_ledger_says_who_opened_declined_or_looked(day: RulesDay, tmp_path: Path) -> None:
    """CARE-7: number, class, verified by whom; the basis is kept apart and is not here."""
    for outcome in ({"verified": True}, {"verified": False}, {"verified": False, "to_queue": True}):
        day.take("A", care=True)
        day.call("W02")
        look(day, **outcome)
        if "to_queue" not in outcome:
            day.serve("W02")
    day.change_class(day.take("A"))
    day.change_class(day.take("A", care=True), withdraw=True)
    with stored(day, tmp_path) as database:
        care = database.execute("SELECT no, classes, care, care_by FROM tickets ORDER BY no").fetchall()
    assert care == [
        ("A001", "normal,care", "verified", "S102"),
        ("A002", "normal,care", "care_unverified", "S102"),
        ("A003", "normal", "returned", "S102"),
        ("A004", "normal,care", "opened", "S004"),
        ("A005", "normal", "declined", "S004"),
    ]


def test_green_class_shows_in_the_row(day: RulesDay, tmp_path: Path) -> None:
    """GREEN-9: the green ledger reads the class; care stays untouched by it."""
    ticket = day.take("A")
    day.change_class(ticket, VisitorClass.GREEN, project="YA2026-007")
    with stored(day, tmp_path) as database:
        assert row(database, "tickets", "classes, care", ticket.id) == {"classes": "normal,green", "care": None}


def test_verify_recomputes_it_all(day: RulesDay, tmp_path: Path) -> None:
    """``hall-broker verify``: chain, calls with the new tier, every step of the course, every row of every table."""
    whole_course(day)
    with stored(day, tmp_path):
        pass
    with Archive(tmp_path) as archive:
        report = verify(archive)
    assert report.differences == []
    assert (report.counts["calls recomputed"], report.counts["steps recomputed"]) == (4, 6)


def test_database_of_before_learns_who_was_first(tmp_path: Path) -> None:
    """An older file: the new columns are filled from its facts, so that ``verify`` finds nothing."""
    day = RulesDay(hall_text("demo-small"))
    day.login("W02", "S102")
    day.at("09:00")
    day.enter("A", actor="S004")
    day.take("A")
    for _ in range(2):
        day.call_and_serve("W02")
    day.take("A")
    with stored(day, tmp_path) as database:
        for column in ("transferred_from", "reactivations", "care", "care_by", "first_asker", "first_handler", "chain"):
            database.execute(f"ALTER TABLE tickets DROP COLUMN {column}")
        for column in ("left_as", "left_at"):
            database.execute(f"ALTER TABLE calls DROP COLUMN {column}")
        database.execute("DELETE FROM _sqlite_migrations WHERE name = 'm004_course_of_a_ticket'")
        database.conn.commit()
    store = Store.open(tmp_path / FILE_NAME)
    first = store.database.execute("SELECT first_asker, first_handler, chain FROM tickets ORDER BY ticket").fetchall()
    store.close()
    assert first == [("S004", "S102", "S004,S102"), ("S102", "S102", "S102"), (None, None, None)]


def owners(database: Database) -> list[tuple[str | None, ...]]:
    """Who served and for whom: of the calls, then of the ratings."""
    calls = database.execute("SELECT staff, post_owner FROM calls ORDER BY fact").fetchall()
    return [*calls, *database.execute("SELECT staff, post_owner FROM ratings ORDER BY at").fetchall()]


def test_tables_tell_for_whose_post(day: RulesDay, tmp_path: Path) -> None:
    """AB-4.3: S103 acts at W01 for S101; calls and ratings name both, also in a file of before the columns were there."""
    day.take("A")
    day.call_and_serve("W01")
    day.login("W03", "S103")
    day.login("W01", "S101")
    day.login("W01", "S103")
    day.take("B")
    day.call("W01")
    session = day.serve("W01")
    day.do("PAD-W01", m.RatingSubmitted, session=session, level=2)
    expected = [("S101", None), ("S103", "S101"), ("S103", "S101")]
    with stored(day, tmp_path) as database:
        assert owners(database) == expected
        for table in ("calls", "ratings"):
            database.execute(f"ALTER TABLE {table} DROP COLUMN post_owner")
        database.execute("DROP TABLE vault")
        database.execute(
            "CREATE TABLE vault (reference TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('ticket', 'contact')),"
            " day TEXT NOT NULL, box BLOB NOT NULL) STRICT"
        )
        database.execute("INSERT INTO vault VALUES ('~1', 'contact', '2026-03-10', x'00')")
        database.execute("DELETE FROM _sqlite_migrations WHERE name = 'm005_notes_and_post_owners'")
        database.conn.commit()
    store = Store.open(tmp_path / FILE_NAME)
    assert owners(store.database) == expected
    store.database.execute("INSERT INTO vault VALUES ('~2', 'note', '2026-03-10', x'00')")
    assert [row[0] for row in store.database.execute("SELECT reference FROM vault ORDER BY 1").fetchall()] == ["~1", "~2"]
    store.close()
