"""Reason and place of an outing: in the vault as long as attendance is kept, readable beside the service, else nowhere."""

from datetime import date
from pathlib import Path

import pytest

from broker.archive import Archive
from broker.identity_keys import FOLDER, key_on_disk
from broker.ledgers.outing import KINDS, ledger
from broker.sealing import Kind
from broker.vault_reading import VaultReader
from contracts import messages as m
from contracts.values import HallTime, OutingNo, StaffNo
from sim.service_bench import OPEN, Bench

DAY = 24 * 3_600_000
REASON, PLACE = "参加县局业务会议甲某", "县自然资源局三楼某室"
NO = OutingNo("GC-20260310-001")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A service on a disk, into whose ledger S101 has entered an outing."""
    made = Bench(tmp_path / "hall.db")
    request = m.OutingRequested(
        request_id=made.request_id("OPS-01"),
        actor=StaffNo("S101"),
        staff=StaffNo("S101"),
        kind="meeting",
        begins=HallTime(OPEN + 5 * 3_600_000),
        ends=HallTime(OPEN + 7 * 3_600_000),
        reason=REASON,
        place=PLACE,
    )
    answer = made.ask("OPS-01", request)
    assert isinstance(answer, m.RequestDone), answer
    return made


def read(folder: Path) -> dict[str, str] | None:
    """What a ledger finds under the reference of the entry."""
    with Archive(folder) as archive:
        about = ledger(archive.of_kinds(KINDS)).lines[NO].entry.about
        return VaultReader(archive).open(about)


@pytest.mark.usefixtures("bench")
def test_the_ledger_reads_what_no_fact_holds(tmp_path: Path) -> None:
    """ATT-6.1 wants both in the ledger; facts, requests and answers hold a reference."""
    assert read(tmp_path) == {"reason": REASON, "place": PLACE}
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("hall.db*"))
    assert REASON.encode() not in stored
    assert PLACE.encode() not in stored


@pytest.mark.usefixtures("bench")
def test_without_the_key_it_is_sealed(tmp_path: Path) -> None:
    """The key of the day is in a folder of its own, which no copy of the database holds."""
    folder, today = tmp_path / FOLDER, date(2026, 3, 10)
    key = key_on_disk(folder, Kind.OUTING, today)
    assert key is not None
    assert len(key) == len(bytes(32))
    (folder / f"{today}.outing").unlink()
    assert key_on_disk(folder, Kind.OUTING, today) is None
    assert read(tmp_path) is None


def test_it_ends_with_the_retention_of_attendance(bench: Bench, tmp_path: Path) -> None:
    """2.6: ``retention_days.attendance`` days after its entry both are gone, the entry stays."""
    days = 1095
    bench.now = HallTime(bench.now + (days - 1) * DAY)
    bench.service.wake(bench.now)
    assert read(tmp_path) is not None
    bench.now = HallTime(bench.now + DAY)
    bench.service.wake(bench.now)
    assert read(tmp_path) is None
