"""A month without the service: punches and ratings wait in bounded memory and disk, and are stored exactly once."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.messages import CardLostRequested, PinRequested
from contracts.pins import stretched
from contracts.values import NodeName
from sim.hall import Hall

DAY = 86_400_000
PUNCHES_A_DAY = 60
CLOCK, PAD = NodeName("CLK-01"), NodeName("PAD-W02")


@pytest.fixture
def hall() -> Iterator[Hall]:
    """The small hall at ten to nine."""
    with Hall.demo_small() as small:
        small.run_until("08:50")
        yield small


def leave_alone(hall: Hall, *names: NodeName) -> None:
    """Everything else is switched off, and the service dies."""
    for name, host in hall.nodes.items():
        if name not in names:
            host.kill()
    hall.service.kill()
    hall.run_for(60_000)


def journal_bytes(hall: Hall, name: NodeName) -> int:
    """How large a node's journal is on its disk."""
    path: Path = hall.nodes[name]._folder / "outbox.journal"
    return path.stat().st_size


def held_by_the_firmware() -> int:
    """How many bytes the nodes' runtime holds in memory: journal and outbox above all."""
    firmware = tracemalloc.Filter(inclusive=True, filename_pattern="*/firmware/runtime/*")
    return sum(one.size for one in tracemalloc.take_snapshot().filter_traces([firmware]).statistics("filename"))


@pytest.mark.parametrize("days", [2, pytest.param(30, marks=pytest.mark.slow)])
def test_a_clock_keeps_every_punch_and_hands_each_over_once(hall: Hall, days: int) -> None:
    """60 punches a day: under 1 KiB of disk and 2 KiB of memory each; drained oldest first, at their time, forgotten."""
    cards = [person.card for person in hall.config.staff if person.card is not None]
    leave_alone(hall, CLOCK)
    is_short = days < 30
    if is_short:  # a month of traced allocations takes minutes
        tracemalloc.start()
    try:
        disk, memory = journal_bytes(hall, CLOCK), held_by_the_firmware() if is_short else 0
        made = []
        for number in range(days * PUNCHES_A_DAY):
            hall.clock().show_card(cards[number % len(cards)])
            assert hall.wait_until(hall.clock().is_green, within=3_000), f"punch {number}: {hall.clock().text()}"
            made.append(hall.scheduler.clock.wall_ms())
            hall.run_for(DAY // PUNCHES_A_DAY - hall.scheduler.now % (DAY // PUNCHES_A_DAY))
        assert journal_bytes(hall, CLOCK) - disk < 1_024 * len(made)
        assert not is_short or held_by_the_firmware() - memory < 2_048 * len(made)
    finally:
        tracemalloc.stop()
    hall.service.start()
    hall.run_for(60_000 + 200 * len(made))
    rows = hall.service.database.execute("SELECT at, unverified FROM punches ORDER BY rowid").fetchall()
    assert len(rows) == len(made)
    assert all(abs(at - when) < 1_000 for (at, _), when in zip(rows, made, strict=True))
    assert not any(unverified for _, unverified in rows)
    assert journal_bytes(hall, CLOCK) < disk + 256 * 1_024, "what was answered is compacted away"


def test_a_clock_rebooted_within_a_month_still_tells_when(hall: Hall) -> None:
    """Its wall clock is right, so every punch counts for its own day; the service hears of all its lives at once."""
    leave_alone(hall, CLOCK)
    made = []
    for day in range(12):
        hall.clock().show_card(hall.card_of("S101"))
        assert hall.wait_until(hall.clock().is_green, within=3_000)
        made.append(hall.scheduler.clock.wall_ms())
        if day % 5 == 0:
            hall.run_for(5_000)
            hall.nodes[CLOCK].power_cycle()
        hall.run_for(DAY)
    hall.service.start()
    hall.run_for(60_000)
    rows = hall.service.database.execute("SELECT at FROM punches ORDER BY at").fetchall()
    assert len(rows) == len(made)
    assert all(abs(at - when) < 2_000 for (at,), when in zip(rows, made, strict=True))


def test_a_pad_cut_off_for_a_month_keeps_its_one_rating_and_asks_for_no_other(hall: Hall) -> None:
    """Without the service nobody is asked, so a month of pressed faces is one row, recorded for when it was pressed."""
    hall.kiosk().press("A")
    assert hall.wait_until(lambda: bool(hall.papers()))
    hall.card("W02", hall.card_of("S102"))
    hall.run_until("09:01")
    hall.keys("W02", "next", "start", "finish", pause=2_000)
    assert hall.pad("W02").lit() == [5, 4, 3, 2, 1]
    hall.service.kill()
    hall.pad("W02").press(4)
    leave_alone(hall, PAD)
    size = journal_bytes(hall, PAD)
    for _ in range(30):
        for level in (1, 2, 3, 4, 5):
            hall.pad("W02").press(level)
            hall.run_for(2_000)
        hall.run_for(DAY)
    assert journal_bytes(hall, PAD) == size
    hall.service.start()
    hall.run_for(60_000)
    rows = hall.service.database.execute("SELECT session, level, refused FROM ratings").fetchall()
    assert rows == [("2026-03-10/A001/s1", 4, None)]


@pytest.mark.parametrize("days", [1, pytest.param(30, marks=pytest.mark.slow)])
def test_a_clock_left_alone_still_knows_which_card_is_lost_and_whose_pin_is_right(hall: Hall, days: int) -> None:
    """COND-4, D15: what it was told before the outage stands in its cached settings, over a power cut too."""
    salt, pin = "00112233aabbccdd", "482915"
    hall.ops(CardLostRequested, actor="S003", staff="S101")
    hall.ops(PinRequested, actor="S003", staff="S101", salt=salt, stretched=stretched(salt, pin))
    hall.run_for(2_000)
    leave_alone(hall, CLOCK)
    hall.run_for(days * DAY)
    for _ in range(2):
        hall.clock().show_card(hall.card_of("S101"))
        hall.run_for(600)
        assert hall.clock().text() == "该卡已挂失\n请输入工号和密码"
        hall.clock().type("101")
        hall.clock().type(pin)
        assert hall.wait_until(hall.clock().is_green, within=3_000), hall.clock().text()
        hall.nodes[CLOCK].power_cycle()
        hall.run_for(5_000)
    hall.service.start()
    hall.run_for(60_000)
    rows = hall.service.database.execute("SELECT staff, card IS NULL FROM punches ORDER BY at").fetchall()
    assert rows == [(None, 0), ("S101", 1), (None, 0), ("S101", 1)]
