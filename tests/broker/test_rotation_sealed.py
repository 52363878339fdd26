"""Who is to come in a rotation, and why: read by those who decide, found nowhere in clear, gone when its time is over."""

from pathlib import Path

import pytest
from sqlite_utils import Database

from broker.identity_keys import FOLDER
from broker.migrations import MIGRATIONS
from contracts import messages as m
from contracts.values import RotationNo, StaffNo
from sim.service_bench import OPEN, Bench

NAME, PARTICULARS, REASON = "测试乙某某", "户政业务三年某某", "年度轮换某某"
WHY = "配偶异地,确需返回原籍某某"
DAY = 24 * 3_600_000


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A service on a disk, with one rotation asked for and agreed to as an exception: it is April."""
    bench = Bench(tmp_path / "hall.db", at=type(OPEN)(OPEN + 30 * DAY))
    asked = m.RotationRequested(
        request_id=bench.request_id("OPS-01"),
        actor=StaffNo("S001"),
        outgoing=StaffNo("S101"),
        name=NAME,
        particulars=PARTICULARS,
        reason=REASON,
    )
    answer = bench.ask("OPS-01", asked)
    assert isinstance(answer, m.RequestDone)
    assert answer.values["unmet"] == "window"
    decision = m.RotationDecisionRequested(
        request_id=bench.request_id("OPS-01"), actor=StaffNo("S001"), rotation=number(answer), approve=True, explanation=WHY
    )
    assert isinstance(bench.ask("OPS-01", decision), m.RequestDone)
    return bench


def number(answer: m.RequestDone) -> RotationNo:
    """What it was stored under."""
    return RotationNo(answer.values["no"])


def shown(bench: Bench) -> m.RotationShown:
    """The manager looks at it."""
    request = m.RotationShowRequested(
        request_id=bench.request_id("OPS-01"), actor=StaffNo("S001"), rotation=RotationNo("LH-20260409-001")
    )
    answer = bench.ask("OPS-01", request)
    assert isinstance(answer, m.RotationShown), answer
    return answer


def test_it_is_told_to_who_decides_and_stands_nowhere_in_clear(bench: Bench) -> None:
    """ROT-4, 2.6: names of people who are nobody of the hall yet are sealed, in database, WAL and log."""
    answer = shown(bench)
    assert (answer.name, answer.particulars, answer.reason, answer.explanation) == (NAME, PARTICULARS, REASON, WHY)
    assert bench.path is not None
    files = [one for one in bench.path.parent.rglob("*") if one.is_file() and one.parent.name != FOLDER]
    stuff = b"".join(one.read_bytes() for one in files) + str(bench.log.events).encode()
    assert [one for one in (NAME, PARTICULARS, REASON, WHY) if one.encode() in stuff] == []


def test_after_its_time_nothing_is_left_to_tell(bench: Bench) -> None:
    """``retention_days.attendance``: the fact stays, with a reference that says nothing."""
    bench.now = type(OPEN)(bench.now + 1095 * DAY)
    bench.service.wake(bench.now)
    answer = shown(bench)
    assert (answer.name, answer.particulars, answer.reason, answer.explanation) == ("", "", "", "")


def test_an_older_vault_is_taken_over_whole() -> None:
    """A database from before there were more kinds keeps every box, and takes the new kind."""
    older = Database(memory=True)
    MIGRATIONS.apply(older, stop_before="m005_notes_and_post_owners")
    box = ("~1", "contact", "2026-03-10", b"box")
    older.execute("INSERT INTO vault VALUES (?, ?, ?, ?)", box)
    MIGRATIONS.apply(older)
    older.execute("INSERT INTO vault VALUES ('~2', 'rotation', '2026-03-10', x'00')")
    assert older.execute("SELECT * FROM vault WHERE reference = '~1'").fetchone() == box
    named = older.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'vault'").fetchall()
    assert ("vault_by_day",) in named
