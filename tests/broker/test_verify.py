"""``verify`` finds every kind of tampering, names it, and finds nothing where nothing is wrong."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from broker.archive import Archive
from broker.chain import Head, Row, link
from broker.verify import Report, verify
from contracts import messages as m
from contracts.values import CallId, CardHash, StaffNo
from sim.service_bench import Bench, visit


@pytest.fixture
def folder(disk_bench: Bench) -> Path:
    """The data folder of a hall with two days of visits, ratings, a punch, a recall and a missed ticket."""
    bench = disk_bench
    for _ in range(3):
        visit(bench)
    _miss_one(bench)
    bench.later(24 * 3_600_000)
    visit(bench)
    visit(bench, "B", "W03", "04A1000103")
    bench.ask("CLK-01", m.PunchMade(request_id=bench.request_id("CLK-01"), card=CardHash("ab" * 16), staff=StaffNo("S101")))
    bench.service.close()
    assert bench.path is not None
    return bench.path.parent


def _miss_one(bench: Bench) -> None:
    """A ticket is called three times and nobody comes."""
    issued = bench.ask("TM-01", bench.press())
    assert isinstance(issued, m.TicketIssued)
    bench.later(25_000)
    bench.ask("TRM-W02", m.CallNextRequested(request_id=bench.request_id("TRM-W02")))
    call = CallId(f"{issued.ticket}/c1")
    for _ in range(2):
        bench.later(5_000)
        bench.ask("TRM-W02", m.RecallRequested(request_id=bench.request_id("TRM-W02"), call=call))
    bench.later(10_000)
    done = bench.ask("TRM-W02", m.NoShowRequested(request_id=bench.request_id("TRM-W02"), call=call))
    assert isinstance(done, m.RequestDone)


def _look(folder: Path) -> Report:
    with Archive(folder) as archive:
        return verify(archive)


def _tamper(folder: Path, *statements: str) -> None:
    """What somebody with the file and sqlite3 could do, past every trigger."""
    with contextlib.closing(sqlite3.connect(folder / "hall.db")) as connection, connection:
        for name, kind in connection.execute("SELECT name, type FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP {kind} {name}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_an_honest_database_has_no_difference(folder: Path) -> None:
    """Everything is recomputed and counted: two days, every call, every row."""
    report = _look(folder)
    assert report.differences == []
    assert {
        name: report.counts[name] for name in ("days", "calls recomputed", "tickets", "calls", "ratings", "punches")
    } == {
        "days": 2,
        "calls recomputed": 6,
        "tickets": 6,
        "calls": 6,
        "ratings": 5,
        "punches": 1,
    }


def test_verify_works_beside_the_running_service(disk_bench: Bench) -> None:
    """The nightly check needs no stop."""
    visit(disk_bench)
    assert disk_bench.path is not None
    assert _look(disk_bench.path.parent).differences == []
    visit(disk_bench)


_RATED = "SELECT number FROM facts WHERE kind = 'RatingRecorded' LIMIT 1"
_CALLED = "SELECT number FROM facts WHERE kind = 'TicketCalled' LIMIT 1"


@pytest.mark.parametrize(
    ("statements", "finding"),
    [
        # edited
        ([f"UPDATE facts SET body = replace(body, '\"level\":5', '\"level\":1') WHERE number = ({_RATED})"], "hash chain"),
        (["UPDATE facts SET at = at - 60000 WHERE number = 12"], "dated before"),
        (["UPDATE facts SET at = at + 1 WHERE number = 12"], "hash chain"),
        (["UPDATE facts SET request_id = NULL WHERE number = 12"], "hash chain"),
        (["UPDATE facts SET request_id = replace(request_id, '/00', '/10') WHERE number = 12"], "did not lead to it"),
        (["UPDATE facts SET hash = zeroblob(32) WHERE number = 12"], "hash chain"),
        (["UPDATE facts SET kind = 'CounterPaused' WHERE number = 12"], "cannot be applied"),
        # dropped
        (["PRAGMA foreign_keys = OFF", "DELETE FROM facts WHERE number = 12"], "missing, the next one is 13"),
        # swapped
        (
            [
                "UPDATE facts SET number = -1 WHERE number = 12",
                "UPDATE facts SET number = 12 WHERE number = 13",
                "UPDATE facts SET number = 13 WHERE number = -1",
            ],
            "hash chain",
        ),
        # slipped in at the end
        (
            ["INSERT INTO facts SELECT number + 1, at, NULL, kind, body, hash FROM facts ORDER BY number DESC LIMIT 1"],
            "the last one written was",
        ),
        # the tail cut off
        (["DELETE FROM facts WHERE number = (SELECT max(number) FROM facts)"], "the last one written was"),
        # what is read from the facts
        (["UPDATE ratings SET level = 1 WHERE level = 5"], "level is 1, the facts say 5"),
        (["UPDATE tickets SET state = 'done' WHERE state = 'no_show'"], "state is 'done', the facts say 'no_show'"),
        (["DELETE FROM punches"], "is missing"),
        (["INSERT INTO punches SELECT 'CLK-01/0/0', clock, card, staff, intent, at, 0 FROM punches"], "know nothing of it"),
        (["UPDATE calls SET announcements = 1 WHERE announcements = 3"], "announcements is 1, the facts say 3"),
        # what was answered
        (["UPDATE requests SET first_fact = first_fact - 1 WHERE last_fact = 12"], "not where it says"),
        (["DELETE FROM requests WHERE last_fact = 12"], "did not lead to it"),
    ],
)
def test_every_kind_of_tampering_is_found(folder: Path, statements: list[str], finding: str) -> None:
    """An edit, a gap, a swap, an insertion, a cut, a changed table: each is named."""
    _tamper(folder, *statements)
    differences = _look(folder).differences
    assert any(finding in one for one in differences), differences


def _forge(folder: Path) -> None:
    """Write the whole chain anew over what the facts now say, head included: all a forger can do without the key."""
    with contextlib.closing(sqlite3.connect(folder / "hall.db")) as connection, connection:
        head = Head(0, bytes(32))
        rows = connection.execute("SELECT number, at, request_id, kind, body FROM facts ORDER BY number").fetchall()
        for values in rows:
            head = Head(values[0], link(head.hash, Row(*values)))
            connection.execute("UPDATE facts SET hash = ? WHERE number = ?", (head.hash, head.number))
        connection.execute("UPDATE meta SET head_number = ?, head_hash = ?", head)
    connection.close()


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('"tier":"score"', '"tier":"urgent"', "computed is"),
        ('"score":', '"score":1', "comparison differs"),
        ('"queue_clock":', '"queue_clock":1', "queue_clock is"),
    ],
)
def test_a_call_that_the_rules_would_not_make_is_found_even_in_a_forged_chain(
    folder: Path, old: str, new: str, finding: str
) -> None:
    """Whoever forges the whole chain still has to answer to the rules: every call is decided once more."""
    _tamper(folder, f"UPDATE facts SET body = replace(body, '{old}', '{new}') WHERE number = ({_CALLED})")
    _forge(folder)
    differences = _look(folder).differences
    assert any(finding in one for one in differences), differences


def test_what_cannot_be_found_is_known(folder: Path) -> None:
    """A tail cut off with everything that follows from it, chain and head rewritten, is a shorter but sound history.

    That is why ``deploy/README.md`` tells to keep the head of every night elsewhere: the head is another.
    """
    honest = _look(folder).head
    _tamper(
        folder,
        "DELETE FROM punches",
        "DELETE FROM requests WHERE message = 'PunchMade'",
        "DELETE FROM facts WHERE number = (SELECT max(number) FROM facts WHERE kind = 'PunchStored')",
    )
    _forge(folder)
    forged = _look(folder)
    assert forged.differences == []
    assert forged.head != honest
