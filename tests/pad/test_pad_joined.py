"""A rating pad at its real far ends: five bouncing faces, the real journal, the real service."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contracts.values import NodeName
from firmware.runtime import settings
from rating_pad.config import PadConfig
from sim.hall import Hall

HERE = "W01"
NODE = NodeName("PAD-W01")
ALL = [5, 4, 3, 2, 1]


@pytest.fixture
def hall() -> Iterator[Hall]:
    """A visitor has just been served at the first counter; another one waits."""
    with Hall.demo_small(seed=5, start="2026-03-10T08:59:50") as hall:
        hall.card(HERE, hall.card_of("S101"))
        hall.run_until("09:00:01")
        for _ in range(2):
            hall.kiosk().press("A")
            hall.run_for(6_000)
        hall.keys(HERE, "next", "start")
        hall.run_for(20_000)
        assert hall.pad(HERE).lit() == []
        hall.keys(HERE, "finish", pause=200)
        yield hall


def press(hall: Hall, level: int) -> None:
    """A finger on a face; its contact bounces."""
    pad = hall.pad(HERE)
    pad.panel.press(pad._KEYS[pad.LEVELS.index(level)], hall.scheduler.now, bounce_ms=30)
    pad._soldered.settle()
    hall.run_for(500)


def heard(hall: Hall, message: str) -> int:
    """How often this was said on MQTT by or to the pad."""
    return sum(f"node/{NODE}/" in line and f"/{message} " in line for line in hall.events.of("mqtt"))


@contextmanager
def full_disk(path: Path) -> Iterator[None]:
    """No file of this process may grow beyond what this one has: the kernel itself refuses the write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_press_is_recorded_once_and_its_lamp_burns(hall: Hall) -> None:
    """All five ask, one bouncing press is one rating, its lamp burns alone, the service records it."""
    assert hall.pad(HERE).lit() == ALL
    press(hall, 4)
    assert hall.pad(HERE).lit() == [4]
    press(hall, 1)
    assert hall.pad(HERE).lit() == [4]
    assert (heard(hall, "RatingSubmitted"), heard(hall, "RatingRecorded"), heard(hall, "RatingRefused")) == (1, 1, 0)
    assert hall.counter(HERE).text().endswith("已评价")


def test_nobody_rates_and_the_lamps_go_out(hall: Hall) -> None:
    """After its window the pad is dark, and there is no rating."""
    hall.run_for(59_000)
    assert hall.pad(HERE).lit() == ALL
    hall.run_for(1_500)
    assert hall.pad(HERE).lit() == []
    press(hall, 5)
    assert heard(hall, "RatingSubmitted") == 0


def test_the_next_visitor_started_at_once_leaves_the_first_one_his_fifteen_seconds(hall: Hall) -> None:
    """The clerk is fast; the rating still counts for the session that ended, and the service takes it."""
    hall.keys(HERE, "next", "start")
    assert hall.pad(HERE).lit() == ALL
    press(hall, 3)
    assert hall.pad(HERE).lit() == [3]
    hall.run_for(3_000)
    assert hall.pad(HERE).lit() == []
    assert (heard(hall, "RatingSubmitted"), heard(hall, "RatingRecorded")) == (1, 1)


def test_the_next_visitor_does_not_see_the_prompt_of_the_one_before(hall: Hall) -> None:
    """15 s after it began, the prompt of a session that is over gives way."""
    hall.keys(HERE, "next", "start")
    hall.run_for(13_000)
    assert hall.pad(HERE).lit() == []


def test_a_rating_without_network_is_kept_and_sent_later(hall: Hall) -> None:
    """Cut off, killed and started again: one rating, recorded once, judged by when it was pressed."""
    client = f"node-{hall.id}-{NODE}"
    hall.server.cut(client)
    hall.run_for(5_000)
    press(hall, 5)
    assert hall.pad(HERE).lit() == [5]
    hall.run_for(100_000)
    hall.nodes[NODE].restart()
    hall.run_for(1_000)
    hall.server.mend(client)
    hall.run_for(20_000)
    assert heard(hall, "RatingRecorded") == 1
    assert hall.pad(HERE).lit() == []


def test_a_pad_switched_on_again_inside_the_window_asks_again_and_never_later(hall: Hall) -> None:
    """It waits for a second heartbeat to be sure of the time; the window ends when it would have."""
    hall.nodes[NODE].power_cycle()
    hall.run_for(11_000)
    assert hall.pad(HERE).lit() == ALL
    hall.run_for(49_500)
    assert hall.pad(HERE).lit() == []
    hall.nodes[NODE].power_cycle()
    hall.run_for(11_000)
    assert hall.pad(HERE).lit() == []


def test_a_full_disk_blinks_and_the_next_press_counts(hall: Hall) -> None:
    """No lamp burns alone while nothing is safe; when there is room again the visitor's second press is recorded."""
    journal = hall.nodes[NODE]._folder / "outbox.journal"
    with full_disk(journal):
        press(hall, 2)
        assert hall.pad(HERE).lit() in (ALL, [])
        hall.run_for(500)
        assert hall.pad(HERE).lit() in (ALL, [])
        assert any('"code":"full"' in line for line in hall.events.of("mqtt"))
        assert heard(hall, "RatingSubmitted") == 0
    press(hall, 2)
    assert hall.pad(HERE).lit() == [2]
    hall.run_for(2_000)
    assert (heard(hall, "RatingSubmitted"), heard(hall, "RatingRecorded")) == (1, 1)


@pytest.mark.parametrize("wrong", ["[5, 6, 12, 13]", '["5", 6, 12, 13, 16]'])
def test_a_pad_has_five_keys(wrong: str) -> None:
    """Four keys, or words, are refused with what is accepted."""
    text = f'hall = "h"\nnode = "PAD-W01"\ndata_dir = "d"\n[pins]\nkeys = {wrong}\nlamps = [17, 22, 23, 24, 25]\n'
    with pytest.raises(settings.SettingsError, match=r"section \[pins\], key keys"):
        settings.parse(text, Path("node.toml"), PadConfig)
