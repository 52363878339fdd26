"""A lost card in the whole hall: the console, the service, the clock with and without a link (COND-4, D15)."""

from collections.abc import Iterator

import pytest

from contracts.messages import CardLostRequested, PinRequested
from contracts.pins import stretched
from contracts.values import NodeName
from sim.hall import Hall

NODE = NodeName("CLK-01")

PIN, SALT = "482915", "00112233aabbccdd"


@pytest.fixture
def hall() -> Iterator[Hall]:
    """Five to nine."""
    with Hall.demo_small(seed=7, start="2026-03-10T08:54:40") as hall:
        hall.run_until("08:55:00")
        yield hall


def report(hall: Hall, staff: str = "S101", **fields: bool) -> None:
    """``hall-broker staff card-lost``."""
    hall.ops(CardLostRequested, actor="S003", staff=staff, **fields)


def set_pin(hall: Hall, staff: str = "S101") -> None:
    """``hall-broker staff pin``."""
    hall.ops(PinRequested, actor="S003", staff=staff, salt=SALT, stretched=stretched(SALT, PIN))


def present(hall: Hall, staff: str = "S101") -> str:
    """Hold a person's card to the reader; what the clock says."""
    hall.clock().show_card(hall.card_of(staff))
    hall.run_for(500)
    return hall.clock().text()


def type_in(hall: Hall, number: str = "101", pin: str = PIN) -> str:
    """Type number and PIN on the clock's keypad; what it says."""
    hall.clock().type(number)
    hall.run_for(200)
    hall.clock().type(pin)
    hall.run_for(500)
    return hall.clock().text()


def punches(hall: Hall) -> list[tuple[str | None, bool]]:
    """Who punched, and whether with a card, as the database has it."""
    rows = hall.service.database.execute("SELECT staff, card FROM punches ORDER BY rowid").fetchall()
    return [(staff, card is not None) for staff, card in rows]


def test_a_lost_card_is_refused_within_ten_seconds(hall: Hall) -> None:
    """COND-4: card 04A1000101 reported lost is refused at CLK-01 and at the counter at once; the raw punch is stored."""
    report(hall)
    hall.run_for(1_000)
    assert present(hall) == "该卡已挂失\n请输入工号和密码"
    hall.run_for(1_000)
    assert punches(hall) == [(None, True)]
    hall.card("W02", hall.card_of("S101"))
    assert hall.wait_until(lambda: "挂失" in hall.counter("W02").text(), within=3_000)
    report(hall, found=True)
    hall.run_for(3_000)
    assert "打卡成功" in present(hall)


def test_number_and_pin_until_there_is_a_new_card(hall: Hall) -> None:
    """Real keys on a real line, a real slow hash: the punch has its person and no card; a wrong PIN is no punch."""
    report(hall)
    set_pin(hall)
    hall.run_for(1_000)
    assert type_in(hall, pin="482916") == "工号或密码有误,\n请您重试"
    assert type_in(hall) == "张敏,打卡成功 08:55\n"
    hall.run_for(1_000)
    assert punches(hall) == [("S101", False)]


def test_a_clock_cut_off_knows_what_it_was_told_and_learns_the_rest_at_the_next_sync(hall: Hall) -> None:
    """Lost before the outage: refused offline, over a power cut too, PIN as well. Lost during it: at the next sync."""
    report(hall)
    set_pin(hall)
    hall.run_for(2_000)
    hall.server.cut(f"node-{hall.id}-{NODE}")
    hall.run_for(20_000)
    hall.nodes[NODE].power_cycle()
    hall.run_for(2_000)
    assert present(hall) == "该卡已挂失\n请输入工号和密码"
    report(hall, "S102")
    assert "李娜" in present(hall, "S102"), "nobody could tell it yet"
    assert "张敏" in type_in(hall)
    hall.server.mend(f"node-{hall.id}-{NODE}")
    hall.run_for(30_000)
    assert present(hall, "S102") == "该卡已挂失\n请输入工号和密码"
    hall.run_for(1_000)
    assert punches(hall) == [(None, True), ("S102", True), ("S101", False), (None, True)]


def test_neither_pin_nor_card_number_travels_or_is_stored(hall: Hall) -> None:
    """On the wire and in the database there are keyed hashes alone; the hall's key is in neither."""
    report(hall)
    set_pin(hall)
    hall.run_for(1_000)
    type_in(hall)
    said = "\n".join(line for line in hall.events.of("mqtt") if f"/{NODE}/" in line)
    assert (PIN in said, stretched(SALT, PIN) in said, hall.card_of("S101") in said) == (False, False, False)
    kept = "\n".join(body for (body,) in hall.service.database.execute("SELECT body FROM facts WHERE kind = 'PinSet'"))
    assert "S101" in kept
    assert stretched(SALT, PIN) not in kept
