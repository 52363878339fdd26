"""An attendance clock at its real far ends: a reader and a text line one byte at a time, the real journal and service."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contracts.values import NodeName
from firmware.runtime import settings
from punch_clock.config import ClockConfig
from punch_clock.node import _card_key
from sim.devices.card_reader import CardReader
from sim.devices.pn532 import Pn532
from sim.hall import Hall
from sim.halls import config_text
from sim.mqtt_network import Publication
from sim.wires import Cut, Line

NODE = NodeName("CLK-01")


@pytest.fixture
def hall() -> Iterator[Hall]:
    """Five to nine; lines that bring one byte at a time."""
    with Hall.demo_small(seed=7, start="2026-03-10T08:54:40", quality={"*": Line(cut=Cut.BYTES)}) as hall:
        hall.run_until("08:55:00")
        yield hall


def present(hall: Hall, card: str) -> None:
    """Hold a card to the reader for a moment."""
    hall.clock().show_card(card)
    hall.run_for(500)


def reader(hall: Hall) -> CardReader:
    """The clock's RDM6300."""
    found = hall.clock().reader
    assert isinstance(found, CardReader)
    return found


def beeps(hall: Hall) -> list[int]:
    """The length of every beep so far; the one that sounds now counts as 0."""
    clock = hall.clock()
    return [0 if off is None else off - on for on, off in clock.panel.times_on(clock.BEEPER)]


def said(hall: Hall, message: str) -> list[str]:
    """What was said on MQTT by or to the clock under this name."""
    return [line for line in hall.events.of("mqtt") if f"node/{NODE}/" in line and f"/{message} " in line]


@contextmanager
def full_disk(path: Path) -> Iterator[None]:
    """No file of this process may grow beyond what this one has: the kernel itself refuses the write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_known_card_is_one_punch_with_name_and_time(hall: Hall) -> None:
    """Held for 400 ms it is read five times and is one punch: one beep, green, name and time, stored by the service."""
    assert hall.clock().text().startswith("请刷工作卡 08:5")
    card = hall.card_of("S101")
    present(hall, card)
    assert hall.clock().text() == "张敏,打卡成功 08:55\n"
    assert beeps(hall) == [120]
    assert hall.clock().panel.is_lit(hall.clock().GREEN)
    (punch,), (stored,) = said(hall, "PunchMade"), said(hall, "PunchStored")
    assert '"staff":"S101"' in punch
    assert '"unverified":false' in stored
    assert not any(card in line for line in hall.events.of("mqtt"))
    display = hall.clock().display
    assert (display.unknown, display.refused, display.overflows) == ([], [], [])


def test_an_unknown_card_is_stored_and_sounds_different(hall: Hall) -> None:
    """Two short beeps, red, whom to ask."""
    present(hall, "0A00944C78")
    assert hall.clock().text() == "未识别的工作卡,\n请联系管理人员"
    assert beeps(hall) == [120, 120]
    assert hall.clock().panel.is_lit(hall.clock().RED)
    assert '"staff":null' in said(hall, "PunchMade")[0]
    assert len(said(hall, "PunchStored")) == 1


def test_the_same_card_twice_is_told_and_both_are_stored(hall: Hall) -> None:
    """Ten seconds later: 您已打卡, and the algorithm gets both."""
    for _ in range(2):
        present(hall, hall.card_of("S101"))
        hall.run_for(10_000)
    assert [shown.lines[0] for shown in hall.clock().display.history].count("您已打卡,无需重复") == 1
    assert len(said(hall, "PunchStored")) == 2


def test_noise_before_every_frame_hides_no_card(hall: Hall) -> None:
    """A bad earth is no excuse."""
    reader(hall).set_quirks(noise=b"\x00\x02A\xff\x03")
    present(hall, hall.card_of("S102"))
    assert "打卡成功" in hall.clock().text()


@pytest.mark.parametrize("quirk", ["bad_checksum", "cut_frames"])
def test_a_card_that_cannot_be_read_asks_for_another_try(hall: Hall, quirk: str) -> None:
    """Nothing is stored, nobody is left waiting."""
    reader(hall).set_quirks(**{quirk: True})
    present(hall, hall.card_of("S101"))
    hall.run_for(500)
    assert hall.clock().text() == "未读到工作卡,\n请重新刷卡"
    assert said(hall, "PunchMade") == []


def test_without_service_the_punch_is_kept_over_a_power_cut_and_stored_once(hall: Hall) -> None:
    """The beep was a promise."""
    hall.service.kill()
    hall.run_for(16_000)
    present(hall, hall.card_of("S101"))
    assert beeps(hall) == [120]
    assert hall.clock().text() == "张敏,打卡成功 08:55\n"
    assert hall.wait_until(lambda: hall.clock().text() == "网络中断,\n打卡已保存在本机", within=4_000)
    hall.nodes[NODE].power_cycle()
    hall.run_for(5_000)
    hall.service.start()
    hall.run_for(30_000)
    assert len({line.split('"request_id":')[1].split(",")[0] for line in said(hall, "PunchMade")}) == 1
    assert len(set(said(hall, "PunchStored"))) == 1


def test_a_full_disk_gives_a_long_beep_and_directions(hall: Hall) -> None:
    """No ok-beep for what is not safe; when there is room again the same card is an ordinary punch."""
    card = hall.card_of("S101")
    with full_disk(hall.nodes[NODE]._folder / "outbox.journal"):
        present(hall, card)
        hall.run_for(1_000)
        assert hall.clock().text().startswith("本机暂停使用,")
        assert beeps(hall) == [800]
        assert hall.clock().panel.times_on(hall.clock().GREEN) == []
        assert said(hall, "PunchMade") == []
    hall.run_for(3_000)
    present(hall, card)
    assert hall.clock().text() == "张敏,打卡成功 08:55\n"
    assert len(said(hall, "PunchStored")) == 1


def test_an_unplugged_reader_is_told_where_it_is_and_to_the_service(hall: Hall) -> None:
    """Until it is back the clock says where to go."""
    line = hall.world.lines[f"{NODE}/reader"]
    line.unplug()
    hall.run_for(100)
    assert hall.clock().text().startswith("本机暂停使用,")
    line.replug()
    hall.run_for(100)
    assert hall.clock().text().startswith("请刷工作卡")
    assert ['"part":"reader"' in line for line in said(hall, "HealthReported")] == [True, True]


def test_a_card_key_that_is_missing_or_wrong_is_refused_with_advice(tmp_path: Path) -> None:
    """Who installs a clock reads which file it is and where it comes from."""
    path = tmp_path / "card.key"
    with pytest.raises(
        settings.SettingsError, match=r"card\.key: the card key cannot be read.*copy card\.key from the service"
    ):
        _card_key(path)
    for wrong in ("", "not hex", "ab" * 31):
        path.write_text(wrong)
        with pytest.raises(settings.SettingsError, match=r"card\.key: no card key.*copy card\.key from the service"):
            _card_key(path)
    path.write_text("ab" * 32 + "\n")
    assert _card_key(path) == b"\xab" * 32


def test_the_card_key_file_must_be_named() -> None:
    """A node.toml without it is refused with its name."""
    text = (
        'hall = "h"\nnode = "CLK-01"\ndata_dir = "d"\n[pins]\ngreen = 17\nred = 27\nbeeper = 18\n'
        '[wires]\nreader = "tcp:reader:4001"\ntext_line = "tcp:text:4001"\n'
    )
    with pytest.raises(settings.SettingsError, match="card_key_file: missing"):
        settings.parse(text, Path("node.toml"), ClockConfig)


def test_a_hall_of_mifare_cards_punches_and_logs_in_by_pn532() -> None:
    """The same hall with cards of 4 and 7 bytes: the other driver, its simulated module, the same beep and the same row."""
    text = config_text("demo-small").replace('"04A1000', '"04A10').replace("04A10101", "04A10101223344")
    with Hall(text, seed=5, start="2026-03-10T08:54:40") as hall:
        hall.open()
        hall.run_until("08:55:00")
        assert isinstance(hall.clock().reader, Pn532)
        present(hall, "04A10101223344")
        assert hall.clock().text() == "张敏,打卡成功 08:55\n"
        present(hall, "04A10102")
        assert hall.clock().text() == "李娜,打卡成功 08:55\n"
        hall.card("W02", "04A10101223344")
        assert hall.wait_until(lambda: hall.service.service is not None and "S101" in hall.service.service.hall.sits_at)
        rows = hall.service.database.execute("SELECT staff FROM punches ORDER BY at").fetchall()
        assert rows == [("S101",), ("S102",)]


def test_twenty_three_punches_of_forty_minutes_are_accepted_once_and_again_not_at_all() -> None:
    """ATT-10: CLK-01 offline 08:40-09:20, 23 punches; after reconnect 23 accepted, replay again: 0 new."""
    with Hall.demo_small(seed=9, start="2026-03-10T08:39:00") as hall:
        hall.run_until("08:40:00")
        client = f"node-{hall.id}-{NODE}"
        for name, host in hall.nodes.items():
            if name != NODE:
                host.kill()
        hall.server.cut(client)
        for number in range(23):
            present(hall, hall.card_of(("S101", "S102", "S103")[number % 3]))
            hall.run_for(100_000)
        assert hall.time >= "09:18"
        sent: list[Publication] = []
        hall.server.taps.append(lambda one: sent.append(one) if one.topic.endswith("/PunchMade") else None)
        hall.server.mend(client)
        hall.run_for(60_000)
        count = "SELECT count(*), count(DISTINCT request_id) FROM punches"
        assert hall.service.database.execute(count).fetchone() == (23, 23)
        said_before = tuple(sent)
        for one in said_before:
            hall.server.publish(one)
        hall.run_for(10_000)
        assert hall.service.database.execute(count).fetchone() == (23, 23)
        assert not any(row[0] for row in hall.service.database.execute("SELECT unverified FROM punches"))
