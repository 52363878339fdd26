"""What the store costs: one COMMIT for a batch against one for each request, and starting on a year of facts.

Both run the real service on a real disk; only the MQTT server is left out.
"""

import re
import sqlite3
from datetime import date, timedelta
from pathlib import Path

from broker.chain import Head, Row, link
from broker.projections import project
from broker.rows import unpack
from broker.store import Store
from contracts.values import HallTime, RequestId
from firmware.runtime.clock import precise_ns
from sim.service_bench import Bench, visit

BATCH = 200
_DAY_MS = 86_400_000
_FIRST = date(2026, 3, 10)


def group_commit(folder: Path, rounds: int = 10) -> tuple[list[float], list[float]]:
    """Requests per second, interleaved: (in batches of 200 with one COMMIT each, with a COMMIT for every request)."""
    bench = Bench(folder / "group-commit.db")
    together, alone = [], []
    for _ in range(rounds):
        items = [bench.item("TM-01", bench.press()) for _ in range(BATCH)]
        together.append(_per_second(bench, [items]))
        items = [bench.item("TM-01", bench.press()) for _ in range(BATCH)]
        alone.append(_per_second(bench, [[item] for item in items]))
    bench.service.close()
    return together, alone


def _per_second(bench: Bench, batches: list[list[object]]) -> float:
    started = precise_ns()
    for batch in batches:
        bench.service.handle(batch, bench.now)  # type: ignore[arg-type]  # items of the bench
    return sum(len(batch) for batch in batches) * 1e9 / (precise_ns() - started)


def start_on_a_year(folder: Path, days: int = 250, visits: int = 600) -> dict[str, float]:
    """Write a year of facts, then start on it: seconds until the service could connect, and what it started on."""
    path = folder / "year.db"
    _write_days(path, days, visits)
    size = path.stat().st_size
    started = precise_ns()
    store = Store.open(path)
    opened = precise_ns()
    facts = store.head.number
    folded = sum(1 for _ in store.facts_to_start_from())
    store.close()
    now = HallTime(1_773_104_700_000 + (days - 1) * _DAY_MS + 8 * 3_600_000)
    begun = precise_ns()
    bench = Bench(path, at=now)
    ready = precise_ns()
    bench.service.close()
    return {
        "facts": facts,
        "mebibytes": round(size / 2**20, 1),
        "facts_folded": folded,
        "check_s": round((opened - started) / 1e9, 3),
        "start_s": round((ready - begun) / 1e9, 3),
    }


def _write_days(path: Path, days: int, visits: int) -> None:
    """One real day, and the same day again under other dates: chained, projected, with its answers."""
    bench = Bench(path)
    for _ in range(visits):
        visit(bench)
        bench.later(15_000)
    store = bench.store
    rows = [Row(*values) for values in store.database.execute("SELECT number, at, request_id, kind, body FROM facts")]
    began = next(row.number for row in rows if row.kind == "DayBegan")
    day = [row for row in rows if row.number >= began]
    requests = store.database.execute("SELECT * FROM requests").fetchall()
    bench.service.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")  # only while the year is made up
    head = Head(*connection.execute("SELECT head_number, head_hash FROM meta").fetchone())
    store = Store.open(path)
    store.database.execute("PRAGMA synchronous = OFF")
    for index in range(1, days):
        head = _repeat(store, day, requests, index, head)
    store.close()
    connection.close()


def _repeat(store: Store, day: list[Row], requests: list[tuple[object, ...]], index: int, head: Head) -> Head:
    today, shift = (_FIRST + timedelta(days=index)).isoformat(), index * _DAY_MS
    behind = head.number + 1 - day[0].number

    def renamed(text: str | None) -> str | None:
        return (
            None
            if text is None
            else re.sub("/00000000000000bb/", f"/{0x1000 + index:016x}/", text.replace(_FIRST.isoformat(), today))
        )

    connection = store.database.conn
    with store.database.atomic():
        for row in day:
            body = renamed(row.body)
            assert body is not None
            request_id = renamed(row.request_id)
            one = Row(
                head.number + 1,
                HallTime(row.at + shift),
                None if request_id is None else RequestId(request_id),
                row.kind,
                body,
            )
            head = Head(one.number, link(head.hash, one))
            connection.execute("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)", (*one, head.hash))
            project(store.database, unpack(one))
        for request_id, message, at, outcome, answers, first, last, payload in requests:
            assert isinstance(at, int)
            moved = [None if number is None else int(str(number)) + behind for number in (first, last)]
            values = (renamed(str(request_id)), message, at + shift, outcome, renamed(str(answers)), *moved, payload)
            connection.execute("INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        connection.execute("UPDATE meta SET head_number = ?, head_hash = ?", head)
    store.head = head
    return head
