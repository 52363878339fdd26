"""The store keeps what was acknowledged, refuses what it must not touch, and says what to do about it."""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.chain import BEFORE_THE_FIRST, Head, Row, link
from broker.opening import open_reading
from broker.rows import UnreadableFactError, pack, unpack
from broker.rules.facts import ConfigurationAdopted, DayBegan, Fact, Recorded
from broker.store import Outcome, Store, StoredAnswer
from broker.trouble import DamagedError, InUseError, MissingError, NotOursError, TooNewError, WriteFailedError
from contracts.values import HallTime, NodeName, RequestId

AT = HallTime(1_773_104_400_000)
ID = RequestId("TM-01/0000000000000001/0")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database of a test lies."""
    return tmp_path / "hall.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """An open store with a configuration and a day."""
    opened = Store.open(path)
    _write(opened, ConfigurationAdopted(content="[hall]", hash="aa"), DayBegan(date="2026-03-10"))
    yield opened
    opened.close()


def _write(store: Store, *facts: Fact) -> None:
    with store.batch():
        for fact in facts:
            store.append(AT, None, fact)


def _write_until_full(store: Store) -> Iterator[Head]:
    while True:
        _write(store, ConfigurationAdopted(content="x" * 3000, hash="cc"))
        yield store.head


def _append_and_break(store: Store) -> None:
    store.append(AT, None, _day(12))
    raise KeyError


def _day(number: int) -> DayBegan:
    return DayBegan(date=f"2026-03-{number:02d}")


def test_what_was_committed_is_there_after_a_restart(path: Path) -> None:
    """Facts, head, epoch, clock and answers come back exactly as they were stored."""
    store = Store.open(path)
    answers = (StoredAnswer(NodeName("TM-01"), "RequestDone", '{"schema":1}'),)
    with store.batch():
        recorded = store.append(AT, ID, _day(10))
        store.keep_outcome(Outcome(ID, "TicketRequested", rejected=False, answers=answers), AT, since=0)
    epoch, head = store.begin_epoch(AT), store.head
    store.close()

    store = Store.open(path)
    assert (store.head, store.epoch, store.hall_clock) == (head, epoch, AT)
    assert list(store.facts_to_start_from()) == [recorded]
    assert store.answers_to(ID) == answers
    assert store.answers_to(RequestId("TM-01/0000000000000001/1")) is None
    store.close()


def test_every_transaction_is_synced_in_full(store: Store) -> None:
    """The connection that acknowledges runs WAL with synchronous=FULL and watches foreign keys."""
    pragmas = [
        store._connection.execute(f"PRAGMA {one}").fetchone()[0] for one in ("journal_mode", "synchronous", "foreign_keys")
    ]
    assert pragmas == ["wal", 2, 1]


def test_an_attempt_is_taken_back_alone(store: Store) -> None:
    """One request that breaks leaves no trace, the others of its batch are kept, and the numbers have no gap."""
    with store.batch():
        store.append(AT, None, _day(11))
        with pytest.raises(KeyError), store.attempt():
            _append_and_break(store)
        store.append(AT, None, _day(13))
    assert [
        row[0] for row in store._connection.execute("SELECT json_extract(body, '$.date') FROM facts WHERE number > 2")
    ] == [
        "2026-03-11",
        "2026-03-13",
    ]
    assert store.head.number == 4


def test_a_batch_is_taken_back_whole(store: Store) -> None:
    """A batch left with an error never was, and the head is where it was before."""
    before = store.head
    with pytest.raises(KeyError), store.batch():
        _append_and_break(store)
    assert store.head == before
    assert [recorded.number for recorded in store.facts_to_start_from()] == [1, 2]


def test_the_epoch_rises_with_every_start_and_follows_the_clock(store: Store) -> None:
    """So versions said before a restore of an old backup are always below those said after it."""
    first = store.begin_epoch(AT)
    assert first == AT // 1000
    assert store.begin_epoch(AT) == first + 1
    assert store.begin_epoch(HallTime(0)) == first + 2
    assert store.begin_epoch(HallTime(AT + 60_000)) == first + 60


def test_the_start_needs_the_configuration_and_the_last_day_only(store: Store) -> None:
    """Start-up reads the configuration in force when the day began, and everything since."""
    _write(store, ConfigurationAdopted(content="b", hash="bb"), _day(11), ConfigurationAdopted(content="c", hash="cc"))
    assert [recorded.number for recorded in store.facts_to_start_from()] == [3, 4, 5]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE facts SET at = at + 1 WHERE number = 1",
        "DELETE FROM facts WHERE number = 2",
        "INSERT INTO facts SELECT 9, at, request_id, kind, body, hash FROM facts WHERE number = 1",
        "INSERT OR REPLACE INTO facts SELECT * FROM facts WHERE number = 1",
        "UPDATE requests SET outcome = 'decided'",
        "DELETE FROM requests",
    ],
)
def test_facts_and_requests_are_append_only(store: Store, sql: str) -> None:
    """The database itself refuses to change, delete, replace or skip a fact, or to touch an answered request."""
    with store.batch():
        store.keep_outcome(Outcome(ID, "TicketRequested", rejected=True, answers=()), AT, since=2)
    with pytest.raises(sqlite3.IntegrityError):
        store._connection.execute(sql)


def test_the_chain_covers_every_column() -> None:
    """Whatever of a row changes, its hash changes; and it depends on the hash before."""
    row = Row(7, AT, ID, "DayBegan", '{"date":"2026-03-10"}')
    other = [
        row._replace(number=8),
        row._replace(at=HallTime(AT + 1)),
        row._replace(request_id=None),
        row._replace(kind="DayEnded"),
        row._replace(body="{}"),
    ]
    hashes = {link(BEFORE_THE_FIRST, one) for one in [row, *other]} | {link(b"\1" * 32, row)}
    assert len(hashes) == 7


def test_the_chain_is_as_documented() -> None:
    """A golden value, so that a chain written today can be checked in ten years, by anyone."""
    row = Row(1, HallTime(1000), None, "DayBegan", '{"date":"2026-03-10","fact":"DayBegan"}')
    by_hand = hashlib.sha256(
        bytes(32) + rb'[1,1000,null,"DayBegan","{\"date\":\"2026-03-10\",\"fact\":\"DayBegan\"}"]'
    ).digest()
    assert link(BEFORE_THE_FIRST, row) == by_hand


def test_a_fact_survives_packing() -> None:
    """What is unpacked is what was packed; an unknown kind and a wrong body are refused with the number."""
    recorded = Recorded(number=3, at=AT, request_id=ID, fact=_day(10))
    assert unpack(pack(recorded)) == recorded
    with pytest.raises(UnreadableFactError, match="fact 3: unknown kind 'Nothing'"):
        unpack(pack(recorded)._replace(kind="Nothing"))
    with pytest.raises(UnreadableFactError, match="fact 3: DayBegan"):
        unpack(pack(recorded)._replace(body="{}"))


# --- What must not be opened ---------------------------------------------------------------------------------------------


def test_a_second_writer_is_refused(store: Store, path: Path) -> None:
    """It says who has the database, in both languages, and the first one goes on undisturbed."""
    with pytest.raises(InUseError, match=rf"(?s)pid {os.getpid()}.*一个大厅只能运行一个.*stop it first"):
        Store.open(path)
    _write(store, _day(11))


def test_a_second_process_is_refused(store: Store, path: Path) -> None:
    """The lock holds between processes, and ends with the process that held it, however that ended."""
    script = "import sys; from pathlib import Path; from broker.store import Store; Store.open(Path(sys.argv[1]))"
    second = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False)
    assert "InUseError" in second.stderr
    store.close()
    assert (
        subprocess.run([sys.executable, "-c", script + "; import os; os._exit(9)", str(path)], check=False).returncode == 9
    )
    Store.open(path)


def _flip(path: Path, at: int, length: int = 64) -> None:
    data = bytearray(path.read_bytes())
    for index in range(at, min(at + length, len(data))):
        data[index] ^= 0xA5
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("at", [0, 20, 4096 * 2, 4096 * 5])
def test_a_damaged_file_is_refused_unchanged(path: Path, at: int) -> None:
    """Bytes flipped in the header, the schema or a table: no start, no write, advice in both languages."""
    store = Store.open(path)
    _write(store, *(_day(1 + number % 28) for number in range(500)))
    store.close()
    _flip(path, at)
    damaged = path.read_bytes()
    with pytest.raises(DamagedError, match=r"(?s)已损坏.*is damaged.*\.recover"):
        Store.open(path)
    assert path.read_bytes() == damaged
    assert sorted(one.name for one in path.parent.iterdir()) == ["hall.db", "hall.db.lock"]


def test_advice_names_the_newest_backup_and_the_commands(path: Path) -> None:
    """The command that is printed really restores: pasted into a shell, the next start works."""
    store = Store.open(path)
    _write(store, _day(10))
    store.close()
    backups = path.parent / "backups"
    backups.mkdir()
    for age, name in ((20, "hall-2026-03-08.db"), (10, "hall-2026-03-09.db")):
        shutil.copy(path, backups / name)
        os.utime(backups / name, (1_773_000_000 - age, 1_773_000_000 - age))
    path.write_bytes(b"not a database at all, only long enough to look like one" * 40)
    with pytest.raises(DamagedError) as refused:
        Store.open(path)
    advice = str(refused.value).splitlines()[-1]
    assert "hall-2026-03-09.db" in advice
    commands = (
        advice.split("To restore it: ")[1].split(" && hall-broker verify")[0].replace("systemctl stop hall-broker; ", "")
    )
    subprocess.run(["/bin/sh", "-c", commands], check=True)
    restored = Store.open(path)
    assert restored.head.number == 1
    restored.close()
    assert path.with_name("hall.damaged").exists()


def test_an_empty_file_is_damage_not_a_new_hall(path: Path) -> None:
    """A database cut to nothing must not start an empty hall as if nothing had ever been."""
    path.touch()
    with pytest.raises(DamagedError, match="the file is empty"):
        Store.open(path)


def test_somebody_elses_database_is_left_alone(path: Path) -> None:
    """A sound SQLite file of another program is not written to."""
    with contextlib.closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE photos (name TEXT)")
    other.close()
    with pytest.raises(NotOursError):
        Store.open(path)


def test_a_newer_database_is_refused(store: Store, path: Path) -> None:
    """A step this version does not know is named; nothing is guessed."""
    store._connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('hall', 'm099_from_the_future', '2030')"
    )
    store._connection.commit()
    store.close()
    with pytest.raises(TooNewError, match="m099_from_the_future"):
        Store.open(path)


def test_a_broken_chain_of_today_is_refused(path: Path) -> None:
    """Facts of the running day that do not fit their chain are not built upon."""
    store = Store.open(path)
    _write(store, _day(10), ConfigurationAdopted(content="a", hash="aa"))
    store.close()
    with contextlib.closing(sqlite3.connect(path)) as other, other:
        other.execute("DROP TRIGGER facts_never_change")
        other.execute("UPDATE facts SET body = replace(body, '\"aa\"', '\"ab\"') WHERE number = 2")
    other.close()
    store = Store.open(path)
    with pytest.raises(DamagedError, match="fact 2 does not fit the hash chain"):
        list(store.facts_to_start_from())
    store.close()


def test_a_database_older_than_its_head_is_refused(path: Path) -> None:
    """A tail of facts that is gone while the head remembers it is damage."""
    store = Store.open(path)
    _write(store, _day(10), _day(11))
    store.close()
    with contextlib.closing(sqlite3.connect(path)) as other, other:
        other.execute("DROP TRIGGER facts_never_go")
        other.execute("DELETE FROM facts WHERE number = 2")
    other.close()
    store = Store.open(path)
    with pytest.raises(DamagedError, match="the facts end at 1, but 2 was the last one written"):
        list(store.facts_to_start_from())
    store.close()


def test_a_torn_wal_opens_with_whole_transactions_only(path: Path, tmp_path: Path) -> None:
    """After a power cut in the middle of a write, the file opens with every transaction before it and nothing of it."""
    store = Store.open(path)
    for number in range(1, 21):
        _write(store, _day(number))
    wal = path.with_name("hall.db-wal").read_bytes()
    database = path.read_bytes()
    store.close()
    seen = set()
    for cut in range(32, len(wal), 997):
        folder = tmp_path / str(cut)
        folder.mkdir()
        (folder / "hall.db").write_bytes(database)
        (folder / "hall.db-wal").write_bytes(wal[:cut])
        again = Store.open(folder / "hall.db")
        facts = list(again.facts_to_start_from())
        assert (facts[-1].number if facts else 0) == again.head.number
        seen.add(again.head.number)
        again.close()
    assert seen >= set(range(1, 20))


def test_a_full_disk_fails_the_batch_and_keeps_the_rest(store: Store, path: Path) -> None:
    """No room: the batch is refused with advice, what was committed before is whole, and with room it goes on."""
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    written = [store.head]
    with pytest.raises(WriteFailedError, match=r"(?s)full.*磁盘空间.*df -h"):
        written.extend(_write_until_full(store))
    kept = written[-1]
    assert store.head == kept
    store._connection.execute(f"PRAGMA max_page_count = {pages + 1000}")
    _write(store, _day(12))
    assert store.head.number == kept.number + 1
    store.close()
    assert Store.open(path).head.number == kept.number + 1


# --- Reading beside the writer -------------------------------------------------------------------------------------------


def test_reading_needs_no_lock_and_leaves_no_trace(store: Store, path: Path) -> None:
    """A reader sees what is committed while the service writes; after the service is gone it leaves no file behind."""
    reader = open_reading(path)
    assert reader.execute("SELECT max(number) FROM facts").fetchone()[0] == 2
    _write(store, _day(11))
    assert reader.execute("SELECT max(number) FROM facts").fetchone()[0] == 3
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("INSERT INTO meta VALUES (2, 0, 0, 0, x'')")
    reader.close()
    store.close()
    open_reading(path).close()
    assert sorted(one.name for one in path.parent.iterdir()) == ["hall.db", "hall.db.lock"]


def test_reading_nothing_says_so(tmp_path: Path) -> None:
    """A wrong --data is answered with the path, not with an empty database."""
    with pytest.raises(MissingError, match=str(tmp_path)):
        open_reading(tmp_path / "hall.db")
    assert list(tmp_path.iterdir()) == []


def test_the_store_in_memory_is_the_same_store() -> None:
    """The simulator's store keeps, numbers and chains like the one on disk."""
    store = Store.in_memory()
    _write(store, _day(10))
    assert store.head == Head(1, link(BEFORE_THE_FIRST, pack(next(store.facts_to_start_from()))))
    store.close()
