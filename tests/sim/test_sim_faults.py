"""What citizens and clerks see when something breaks: the whole hall in virtual time, one fault at a time."""

from collections.abc import Callable, Iterator

import pytest

from contracts.values import NodeName
from sim.hall import Hall
from sim.senses import number_on


@pytest.fixture
def hall() -> Iterator[Hall]:
    """The small demo hall at 09:00:05, just opened, 李娜 at counter 2."""
    with Hall.demo_small(seed=5, start="2026-03-10T08:59:50") as hall:
        hall.run_until("09:00:03")
        hall.card("W02", hall.card_of("S102"))
        hall.run_until("09:00:05")
        yield hall


def states(hall: Hall) -> dict[str, str]:
    """Every ticket and its state, as the database says."""
    return dict(hall.service.database.execute("SELECT no, state FROM tickets ORDER BY no").fetchall())


def take(hall: Hall) -> None:
    """Somebody takes a ticket for group A, and it is printed to its end."""
    count = len(hall.papers())
    hall.kiosk().press("A")
    assert hall.wait_until(lambda: len(hall.papers()) > count)
    hall.run_for(1_000)


def numbers(hall: Hall) -> list[str | None]:
    """What the papers say."""
    return [number_on(paper) for paper in hall.papers()]


@pytest.mark.parametrize("point", ["before_commit", "after_commit", "after_publish"])
def test_the_service_dies_at_a_press_and_the_citizen_holds_one_paper_of_one_ticket(hall: Hall, point: str) -> None:
    """Killed before or after the commit, or before the acknowledgement: nobody leaves with two numbers or a lost one."""
    hall.service.die_at = point
    hall.kiosk().press("A")
    hall.run_for(900)
    assert hall.service.service is None
    hall.service.start()
    hall.run_for(20_000)
    issued = states(hall)
    assert set(numbers(hall)) == set(issued) - {no for no, state in issued.items() if state == "cancelled"}
    assert len(numbers(hall)) == len(set(numbers(hall)))
    assert set(issued.values()) <= {"waiting", "cancelled"}
    hall.kiosk().press("A")
    hall.run_for(8_000)
    assert len(numbers(hall)) == len(set(numbers(hall)))


def test_while_the_service_is_away_keys_say_so_and_signs_do_not_lie(hall: Hall) -> None:
    """A clerk's key is answered by 系统无应答 or 系统恢复中 within two seconds; after 15 s the signs show 系统恢复中."""
    take(hall)
    hall.keys("W02", "next", pause=2_000)
    assert hall.sign("W02").text() == "请A001办理"
    hall.service.kill()
    hall.keys("W02", "start", pause=2_000)
    assert "系统" in hall.counter("W02").text()
    hall.run_for(16_000)
    assert "系统恢复中" in hall.sign("W02").text()
    hall.service.start()
    hall.run_for(6_000)
    assert hall.sign("W02").text() == "请A001办理"
    hall.keys("W02", "start", pause=2_000)
    assert hall.sign("W02").text() == "A001办理中"


@pytest.mark.parametrize("with_memory", [True, False], ids=["with its memory", "without its memory"])
def test_the_mqtt_server_comes_back_and_the_hall_goes_on(hall: Hall, with_memory: bool) -> None:
    """With or without what it remembered: signs are right again, and the next press and call work."""
    take(hall)
    hall.keys("W02", "next", pause=2_000)
    hall.server.stop(with_memory=with_memory)
    hall.run_for(5_000)
    hall.server.start()
    hall.run_for(8_000)
    assert hall.sign("W02").text() == "请A001办理"
    hall.keys("W02", "start", pause=2_000)
    assert hall.sign("W02").text() == "A001办理中"
    take(hall)
    assert numbers(hall) == ["A001", "A002"]


def test_a_display_that_is_switched_off_and_on_shows_the_call_within_three_seconds(hall: Hall) -> None:
    """A rebooted display finds the state of the hall by itself, and does not speak an old call again."""
    take(hall)
    hall.keys("W02", "next", pause=12_000)
    spoken = len(hall.voice())
    hall.nodes[NodeName("LED-00")].power_cycle()
    assert hall.wait_until(lambda: hall.sign("W02").text() == "请A001办理", within=3_000)
    hall.run_for(10_000)
    assert len(hall.voice()) == spoken


def test_a_dead_display_leaves_no_number_standing(hall: Hall) -> None:
    """Texts expire in the signs themselves."""
    take(hall)
    hall.keys("W02", "next", pause=2_000)
    hall.nodes[NodeName("LED-00")].kill()
    hall.run_for(16_000)
    assert hall.sign("W02").text() == ""


@pytest.mark.parametrize("after", [1, 3, 5, 20, 150, 800, 1_300, 1_500, 2_500])
def test_a_kiosk_killed_at_any_moment_of_a_ticket_loses_nobody_their_place(hall: Hall, after: int) -> None:
    """Reborn, it prints what was not confirmed again, with 补打 on it; the number is in the queue once."""
    hall.kiosk().press("A")
    hall.run_for(after)
    hall.nodes[NodeName("TM-01")].restart()
    hall.run_for(30_000)
    assert set(numbers(hall)) == {"A001"}
    assert all(paper.complete for paper in hall.papers())
    assert sum("补打" not in paper.text for paper in hall.papers()) <= 1
    assert states(hall) == {"A001": "waiting"}


def test_a_kiosk_killed_before_anything_was_asked_gives_no_ticket_and_works_at_the_next_press(hall: Hall) -> None:
    """The key was down, but nobody was told: no number is used up."""
    hall.kiosk().press("A")
    hall.nodes[NodeName("TM-01")].restart()
    hall.run_for(10_000)
    assert states(hall) == {}
    take(hall)
    assert numbers(hall) == ["A001"]


@pytest.mark.parametrize("after", [10, 60, 500, 1_500])
def test_a_printer_unplugged_while_it_prints_gives_one_number_to_one_person(hall: Hall, after: int) -> None:
    """Back on its cable, the machine sees to it that the ticket comes out whole; then it works as before."""
    line = hall.world.lines["TM-01/printer"]
    hall.kiosk().press("A")
    hall.run_for(after)
    line.unplug()
    hall.run_for(5_000)
    line.replug()
    hall.run_for(30_000)
    assert any(number_on(paper) == "A001" and paper.complete for paper in hall.papers())
    assert states(hall) == {"A001": "waiting"}
    take(hall)
    assert numbers(hall)[-1] == "A002"


def test_a_printer_unplugged_before_its_first_byte_is_a_clear_refusal(hall: Hall) -> None:
    """Nothing can be in a hand: the number is given up, the machine says where to go, and works again once repaired."""
    line = hall.world.lines["TM-01/printer"]
    hall.kiosk().press("A")
    hall.run_for(3)
    line.unplug()
    hall.run_for(3_000)
    assert any("咨询引导台" in shown for shown in hall.kiosk().display.lines())
    line.replug()
    hall.run_for(5_000)
    assert states(hall) == {"A001": "cancelled"}
    take(hall)
    assert numbers(hall) == ["A002"]


def test_an_unplugged_sign_bus_is_right_again_soon_after(hall: Hall) -> None:
    """While it is out the texts go dark by themselves; back in, every sign shows what is so now."""
    take(hall)
    line = hall.world.lines["LED-00/rs485-1"]
    line.unplug()
    hall.keys("W02", "next", pause=20_000)
    assert hall.sign("W02").text() == ""
    line.replug()
    assert hall.wait_until(lambda: hall.sign("W02").text() == "请A001办理", within=2_000)


def test_an_unplugged_card_reader_is_said_and_works_again(hall: Hall) -> None:
    """The clerk reads that the reader is not connected; after replugging a card works."""
    hall.world.lines["TRM-W03/reader"].unplug()
    assert hall.wait_until(lambda: "读卡器未连接" in hall.counter("W03").text(), within=15_000)
    hall.world.lines["TRM-W03/reader"].replug()
    hall.run_for(1_000)
    hall.card("W03", hall.card_of("S103"))
    assert hall.wait_until(lambda: "窗口空闲 高洁" in hall.counter("W03").text())


@pytest.mark.parametrize("point", ["before_commit", "after_commit", "after_publish"])
@pytest.mark.parametrize("key", ["next", "start", "finish"])
def test_the_service_dies_at_a_clerks_key_and_the_visit_goes_on(hall: Hall, key: str, point: str) -> None:
    """Back again, the same key or the next one works, and the ticket is called once and served once."""
    take(hall)
    for step in ("next", "start", "finish"):
        if step == key:
            hall.service.die_at = point
        hall.keys("W02", step, pause=1_000)
        if hall.service.service is None:
            hall.service.start()
            hall.run_for(6_000)
            hall.keys("W02", step, pause=2_000)
    assert states(hall) == {"A001": "done"}
    assert hall.service.database.execute("SELECT count(*) FROM calls").fetchone() == (1,)
    hall.pad("W02").press(5)
    hall.run_for(2_000)
    assert hall.service.database.execute("SELECT level, refused FROM ratings").fetchall() == [(5, None)]


@pytest.mark.parametrize("point", ["before_commit", "after_commit", "after_publish"])
def test_the_service_dies_at_a_rating_and_at_a_punch_and_each_is_stored_once(hall: Hall, point: str) -> None:
    """Both are in a journal before anybody sees a lamp, and are sent until they are answered."""
    take(hall)
    hall.keys("W02", "next", "start", "finish", pause=1_500)
    acts: list[Callable[[], None]] = [
        lambda: hall.pad("W02").press(2),
        lambda: hall.clock().show_card(hall.card_of("S101")),
    ]
    for act in acts:
        hall.service.die_at = point
        act()
        hall.run_for(3_000)
        assert hall.service.service is None
        hall.service.start()
        hall.run_for(15_000)
    assert hall.service.database.execute("SELECT level, refused FROM ratings").fetchall() == [(2, None)]
    assert hall.service.database.execute("SELECT staff FROM punches").fetchall() == [("S101",)]


def test_paper_runs_out_in_the_middle_and_the_ticket_is_printed_whole_afterwards(hall: Hall) -> None:
    """The machine says what is wrong; with new paper the same number comes out whole."""
    machine = hall.kiosk()
    machine.printer.set_quirks(hall.scheduler.now, paper_out_after_lines=6)
    machine.press("A")
    hall.run_for(8_000)
    assert not any(paper.complete for paper in hall.papers())
    assert any("纸" in line or "取号" in line for line in machine.display.lines()), machine.display.lines()
    machine.printer.load_paper(hall.scheduler.now)
    machine.printer_plug.settle()
    hall.run_for(20_000)
    assert [number_on(paper) for paper in hall.papers() if paper.complete] == ["A001"]
    assert list(states(hall)) == ["A001"]


def test_nobody_gets_a_paper_below_half_of_somebody_elses(hall: Hall) -> None:
    """Power goes in the middle of A001, the service with it: the next number stands on a paper of its own (chaos 8006)."""
    machine, host = hall.kiosk(), hall.nodes[NodeName("TM-01")]
    machine.press("A")
    hall.run_for(500)
    machine.printer.power_off(hall.scheduler.now)
    machine.printer_plug.settle()
    host.kill()
    hall.service.kill()
    hall.run_for(500)
    machine.printer.power_on(hall.scheduler.now)
    machine.printer_plug.settle()
    host.start()
    hall.run_for(4_000)
    machine.press("B")
    hall.run_for(8_000)
    half, other = hall.papers()
    assert not half.complete
    assert other.complete
    assert number_on(other) == "B1-01"
    assert "A001" not in other.text


def test_a_new_roll_takes_hands(hall: Hall) -> None:
    """A roll changed in the moment of its end would be seen by no status question; nobody is that quick (chaos 8006)."""
    machine = hall.kiosk()
    machine.printer.set_quirks(hall.scheduler.now, paper_out_after_lines=6)
    machine.press("A")
    assert hall.wait_until(lambda: machine.printer.quirks.paper_out, within=5_000)
    machine.renew_roll()
    hall.run_for(7_000)
    assert machine.printer.quirks.paper_out
    hall.run_for(20_000)
    assert [number_on(paper) for paper in hall.papers() if paper.complete] == ["A001"]
    machine.printer.set_quirks(hall.scheduler.now, paper_out_after_lines=60)
    machine.renew_roll()
    assert machine.printer.quirks.paper_out_after_lines is None, "there is paper: the roll stays in"


def test_a_silent_printer_is_reported_and_its_ticket_becomes_callable_all_the_same(hall: Hall) -> None:
    """It prints but does not answer: after a while the ticket is presumed printed, so its holder is called."""
    machine = hall.kiosk()
    machine.printer.set_quirks(hall.scheduler.now, silent=True)
    machine.press("A")
    hall.run_for(60_000)
    assert states(hall) == {"A001": "waiting"}
    hall.keys("W02", "next", pause=2_000)
    assert hall.sign("W02").text() == "请A001办理"


def test_a_bouncing_key_is_one_press(hall: Hall) -> None:
    """Contacts that bounce for 30 ms give one ticket."""
    hall.kiosk().press("A", bounce_ms=30)
    hall.run_for(8_000)
    assert numbers(hall) == ["A001"]


def test_a_card_held_long_is_one_punch(hall: Hall) -> None:
    """A reader says the number again and again while the card is there."""
    clock = hall.clock()
    clock.reader.present(hall.card_of("S101"), hall.scheduler.now, hold_ms=5_000)
    clock._reader_plug.settle()
    hall.run_for(10_000)
    (punches,) = hall.service.database.execute("SELECT count(*) FROM punches").fetchone()
    assert punches == 1


def test_punches_and_ratings_made_without_the_service_arrive_once_when_it_is_back(hall: Hall) -> None:
    """The green lamp and the face light up all the same: they are safe in the journal, also over a power cut."""
    take(hall)
    hall.keys("W02", "next", "start", "finish", pause=2_000)
    assert hall.pad("W02").lit() == [5, 4, 3, 2, 1]
    hall.service.kill()
    hall.pad("W02").press(3)
    hall.clock().show_card(hall.card_of("S101"))
    assert hall.wait_until(hall.clock().is_green, within=3_000)
    assert hall.pad("W02").lit() == [3]
    hall.run_for(2_000)
    hall.nodes[NodeName("PAD-W02")].power_cycle()
    hall.nodes[NodeName("CLK-01")].power_cycle()
    hall.run_for(20_000)
    hall.service.start()
    hall.run_for(10_000)
    execute = hall.service.database.execute
    assert execute("SELECT level, refused FROM ratings").fetchall() == [(3, None)]
    assert execute("SELECT staff FROM punches").fetchall() == [("S101",)]


def test_a_sign_that_is_dead_delays_no_other_and_shows_the_call_when_it_is_back(hall: Hall) -> None:
    """The other signs go on within a second; a sign that comes back gets its text."""
    display = hall.furnished.displays[NodeName("LED-00")]
    take(hall)
    display.signs[hall.counter("W01").counter].set_quirks(hall.scheduler.now, unpowered=True)
    display.signs[hall.counter("W02").counter].set_quirks(hall.scheduler.now, dead=True)
    hall.run_for(3_000)
    hall.card("W03", hall.card_of("S103"))
    assert hall.wait_until(lambda: hall.sign("W03").text() == "3号 社会事务", within=2_500)
    hall.keys("W02", "next", pause=2_000)
    display.signs[hall.counter("W02").counter].set_quirks(hall.scheduler.now, dead=False)
    assert hall.wait_until(lambda: hall.sign("W02").text() == "请A001办理", within=5_000)


def test_a_cut_network_is_survived_by_a_kiosk(hall: Hall) -> None:
    """While the kiosk is cut off it says so or gives its own numbers; afterwards it works as before."""
    hall.server.cut("node-yongan-small-TM-01")
    hall.run_for(20_000)
    hall.kiosk().press("A")
    hall.run_for(10_000)
    hall.server.mend("node-yongan-small-TM-01")
    hall.run_for(10_000)
    before = len(hall.papers())
    take(hall)
    assert len(hall.papers()) == before + 1
    assert len(numbers(hall)) == len(set(numbers(hall)))


@pytest.mark.parametrize("kind", ["terminal", "pad", "display", "kiosk", "clock", "service"])
def test_anything_may_be_restarted_between_two_visits(hall: Hall, kind: str) -> None:
    """After a restart of any one process the next visit goes as the first."""
    restart: dict[str, Callable[[], None]] = {
        "terminal": hall.nodes[NodeName("TRM-W02")].restart,
        "pad": hall.nodes[NodeName("PAD-W02")].power_cycle,
        "display": hall.nodes[NodeName("LED-00")].restart,
        "kiosk": hall.nodes[NodeName("TM-01")].power_cycle,
        "clock": hall.nodes[NodeName("CLK-01")].restart,
        "service": hall.service.restart,
    }
    for no in ("A001", "A002"):
        take(hall)
        hall.keys("W02", "next", pause=2_000)
        assert hall.sign("W02").text() == f"请{no}办理"
        hall.keys("W02", "start", "finish", pause=1_500)
        hall.pad("W02").press(5)
        hall.run_for(2_000)
        restart[kind]()
        hall.run_for(10_000)
    assert states(hall) == {"A001": "done", "A002": "done"}
    assert hall.service.database.execute("SELECT count(*) FROM ratings").fetchone() == (2,)
