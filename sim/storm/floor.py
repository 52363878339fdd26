"""The floor a simulated day is measured against: its SQL alone, 600 tickets in 3,000 transactions, in memory."""

import resource
import sqlite3

_TICKETS, _STEPS = 600, 5


def bare_sql() -> float:
    """Seconds of processor time of a day's bare SQL; the best of three."""
    return min(_once() for _ in range(3))


def _once() -> float:
    begun = _spent()
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.execute("CREATE TABLE facts (number INTEGER PRIMARY KEY, at INTEGER, kind TEXT, body TEXT) STRICT")
    database.execute("CREATE TABLE tickets (no TEXT PRIMARY KEY, state TEXT) STRICT")
    for number in range(_TICKETS * _STEPS):
        database.execute("BEGIN")
        database.execute(
            "INSERT INTO facts VALUES (?, ?, 'Fact', ?)", (number, number * 1000, '{"ticket":"A001","more":"words"}')
        )
        if number % _STEPS == 0:
            database.execute("INSERT INTO tickets VALUES (?, 'waiting')", (f"A{number}",))
        else:
            database.execute(
                "UPDATE tickets SET state = ? WHERE no = ?", (f"s{number % _STEPS}", f"A{number - number % _STEPS}")
            )
        database.execute("COMMIT")
    database.close()
    return _spent() - begun


def _spent() -> float:
    """Seconds of processor time in our own code so far, to the microsecond (``os.times`` counts hundredths)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime
