"""People: what they make of what they see, their stories, and the account of their day."""

import contextlib
import json
import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from broker.config import load
from contracts.values import CounterId, GroupId, HallTime, StaffNo, TicketNo
from sim import account, pictures
from sim.account import Ledger
from sim.actors import Part, Story, Teller, Until
from sim.clock import ManualClock, Scheduler
from sim.furnishing import furnish
from sim.hall import Hall
from sim.halls import config_text
from sim.manners import Manners, Memories
from sim.people import People
from sim.rooms import toml
from sim.senses import calls_in, number_in, waiting_in
from sim.stopwatch import Stopwatch, percentile
from sim.view import Glance, LiveView, PlainView, open_tasks
from sim.world import VirtualWorld

QUICK = Manners(walk=(1_000, 3_000), service=(2_000, 6_000), reaction=(300, 900), never_come=0.25, care=0.25)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["chime", "请", "A", "零", "一", "七", "号", "到", "二", "号", "窗口", "办理"], [("A017", "W02")]),
        (["请", "B", "一", "二", "三", "号到", "十", "二", "号窗口", "办理"], [("B123", "W12")]),
        (["请", "A", "二", "杠", "零", "三", "号", "到", "十", "号", "窗口"], [("A2-03", "W10")]),
        (["各位办事群众,您好,现在开始办理业务"], []),
        (["请", "A", "零", "一"], []),
    ],
)
def test_a_spoken_call_is_understood_digit_by_digit(said: list[str], expected: list[tuple[str, str]]) -> None:
    """Letters, digits, the dash of an offline number, and counters of two digits; half a call is none."""
    assert list(calls_in(said)) == expected


def test_what_is_read_from_a_text_line() -> None:
    """The number and how many wait; nothing where there is none."""
    assert number_in("呼叫A017 第2次\n等候12人 可重呼") == "A017"
    assert waiting_in("呼叫A017 第2次\n等候12人 可重呼") == 12
    assert number_in("窗口空闲 李娜") is None
    assert waiting_in("暂停服务") == 0


def test_a_story_waits_as_long_as_it_says_and_until_what_it_says() -> None:
    """Waits take their time; ``Until`` answers whether it became so, at the next look or at its limit."""
    scheduler = Scheduler(ManualClock(HallTime(0)))
    teller = Teller(scheduler)
    told: list[tuple[int, object]] = []

    def part() -> Part[str]:
        yield 5
        return "part"

    def story() -> Story:
        told.append((scheduler.now, "begins"))
        yield 100
        became_so = yield Until(lambda: scheduler.now >= 250, within=1_000, look_every=100)
        told.append((scheduler.now, became_so))
        became_so = yield Until(lambda: False, within=250, look_every=100)
        told.append((scheduler.now, became_so))
        what = yield from part()
        told.append((scheduler.now, what))

    teller.tell(story(), after=10)
    scheduler.run_until(300)
    assert teller.under_way == 1
    scheduler.run_until(2_000)
    assert told == [(10, "begins"), (310, True), (560, False), (565, "part")]
    assert teller.under_way == 0


@pytest.fixture
def visited() -> Iterator[tuple[Hall, People, Stopwatch]]:
    """The small demo hall after twenty visitors, some of whom never came."""
    with Hall.demo_small(seed=2, start="2026-03-10T08:59:50") as hall:
        stopwatch = Stopwatch(hall.furnished)
        people = People(hall.furnished, Teller(hall.scheduler), 2, QUICK, ears=True)
        people.begin()
        clerks = {"W01": "S101", "W02": "S102", "W03": "S103"}
        people.staff({CounterId(counter): hall.card_of(staff) for counter, staff in clerks.items()})
        people.citizens(20, over=120_000, shares={GroupId("A"): 0.5, GroupId("B"): 0.5})
        people.is_over = True
        assert hall.wait_until(lambda: people.have_gone, within=900_000)
        yield hall, people, stopwatch


def ledger_of(hall: Hall) -> Ledger:
    """The account of a hall whose database is in memory."""
    execute = hall.service.database.execute
    return Ledger(
        states=dict(execute("SELECT no, state FROM tickets ORDER BY no").fetchall()),
        called=execute("SELECT count(*) FROM calls").fetchone()[0],
        rated=execute("SELECT count(*) FROM ratings WHERE refused IS NULL").fetchone()[0],
        punches=execute("SELECT count(*) FROM punches").fetchone()[0],
    )


def test_a_good_day_has_no_problems_and_everybody_went_home(visited: tuple[Hall, People, Stopwatch]) -> None:
    """Everyone who came was served, everyone who stayed away was called and missed; papers, memories and database agree."""
    hall, people, stopwatch = visited
    assert account.problems(ledger_of(hall), hall.papers(), people.memories) == []
    assert len(people.memories.papers) == 20
    assert sorted(people.memories.missed) == sorted(people.memories.stayed_away)
    assert people.memories.stayed_away
    assert len(people.memories.served) == 20 - len(people.memories.missed)
    assert people.memories.punches == 6
    assert set(people.senses.heard) <= set(people.memories.papers)
    assert len(stopwatch.press_to_print) == 20
    assert len(stopwatch.call_to_sign) == 20
    assert max(stopwatch.press_to_print + stopwatch.call_to_sign) < 700


def test_signs_and_boards_of_a_day_had_nothing_to_refuse(visited: tuple[Hall, People, Stopwatch]) -> None:
    """Every text fitted, no frame was bad, no two signs spoke at once, nothing was unknown to the printer."""
    hall, _, _ = visited
    for display in hall.furnished.displays.values():
        assert display.board.refused == []
        assert display.voice.overlaps == []
        assert [(bus.collisions, bus.bad_frames, bus.unanswered) for bus in display.buses.values()] == [([], [], [])]
        assert [(sign.overflows, sign.refused) for sign in display.signs.values()] == 3 * [([], [])]
    assert hall.kiosk().printer.unknown == []


def broken(states: dict[str, str], **memories: list[str]) -> list[str]:
    """The problems of a day with these tickets and memories, and no paper."""
    told = Memories(**{name: [TicketNo(no) for no in numbers] for name, numbers in memories.items()})  # type: ignore[arg-type]  # only lists of numbers are given
    ledger = Ledger({TicketNo(no): state for no, state in states.items()}, called=0, rated=0, punches=0)
    return account.problems(ledger, [], told)


def test_what_does_not_agree_is_said_in_words() -> None:
    """A ticket without paper, without an end, a service nobody stored, somebody who waited in vain."""
    assert broken({"A001": "cancelled"}) == []
    assert broken({"A001": "no_show"}) == ["A001 is no_show and no paper came out"]
    assert "A001 has not come to an end: waiting" in broken({"A001": "waiting"})
    assert "A001 was served, the database says None" in broken({}, served=["A001"])
    assert "A001 was missed, the database says done" in broken({"A001": "done"}, missed=["A001"])
    assert "people remember 1 services, the database has 0" in broken({}, served=["A001"])
    assert "A001 waited and was never called" in broken({}, gave_up=["A001"])


def test_paper_that_is_nowhere_or_twice_is_a_problem(visited: tuple[Hall, People, Stopwatch]) -> None:
    """A number on two papers, and a paper whose ticket the database does not have."""
    hall, people, _ = visited
    ledger, papers = ledger_of(hall), hall.papers()
    found = account.problems(ledger, [*papers, papers[0]], people.memories)
    assert [one for one in found if "2 times" in one] == found[:1]
    first = next(iter(ledger.states))
    fewer = Ledger({no: state for no, state in ledger.states.items() if no != first}, ledger.called, ledger.rated, 6)
    assert f"{first} was printed and is not in the database" in account.problems(fewer, papers, people.memories)


def test_pictures_of_everything_can_be_made(visited: tuple[Hall, People, Stopwatch], tmp_path: Path) -> None:
    """One for each paper, sign and text line, and the board as a picture and as text."""
    hall, _, _ = visited
    assert len(pictures.tickets(hall.furnished, tmp_path)) == 20
    assert len(pictures.signs(hall.furnished, tmp_path, "end")) == 3
    assert len(pictures.faces(hall.furnished, tmp_path)) == 5
    drawn, board = pictures.board(hall.furnished, tmp_path)
    assert drawn.suffix == ".png"
    assert "叫号信息" in board.read_text(encoding="utf-8")


def test_percentiles_are_of_the_nearest_rank() -> None:
    """Of a hundred samples the 99th, of few the largest, of none nothing."""
    assert percentile(list(range(1, 101)), 99) == 99
    assert percentile([7, 3, 5], 50) == 5
    assert percentile([7, 3, 5], 99) == 7
    assert percentile([], 50) is None


def test_the_whole_demo_hall_can_be_furnished_and_its_pins_do_not_clash() -> None:
    """Twelve counters on two buses, two ticket machines with eight keys each, two clocks."""
    config = load(config_text("demo-hall"), "hall.toml")
    furnished = furnish(VirtualWorld(Scheduler(ManualClock(HallTime(0))), seed=1), config)
    assert len(furnished.machines) == 2
    assert all(len(machine.keys) == 8 for machine in furnished.machines.values())
    assert len(furnished.counters) == len(furnished.pads) == 12
    assert [sorted(display.buses) for display in furnished.displays.values()] == [["rs485-1", "rs485-2"]]
    assert len(furnished.nodes) == len(set(furnished.nodes)) == 29


def test_a_node_toml_says_what_its_table_says() -> None:
    """Whatever a table holds is read back as it was."""
    table = {"node": "TM-01", "text": '引号" \\ \n', "pins": {"keys": [1, 2], "lamp": 3}, "groups": {"A": {"key": 5}}}
    assert tomllib.loads(toml(table)) == table


def test_the_views_show_what_is_new(tmp_path: Path) -> None:
    """Plain lines come once for every change; the live picture names every sign, and both do without a database."""
    seen = Glance({CounterId("W02"): "请A017办理"}, {CounterId("W02"): "呼叫A017"}, ("叫号信息",), 3, 2, 1)
    path = tmp_path / "plain"
    with path.open("w", encoding="utf-8") as out, PlainView(out, tmp_path / "none.db") as plain:
        plain.show(seen, "1 s")
        plain.show(seen, "2 s")
    assert path.read_text(encoding="utf-8") == "1 s sign W02: 请A017办理\n"
    with path.open("w", encoding="utf-8") as out:
        console = Console(file=out, force_terminal=True, width=140)
        with LiveView(console, tmp_path / "none.db") as live:
            live.show(seen, "1 s")
    assert "请A017办理" in path.read_text(encoding="utf-8")


def test_the_view_names_what_staff_are_asked_to_see_to(tmp_path: Path) -> None:
    """Open tasks in their own words, closed ones no more; an old database has none."""
    database = tmp_path / "hall.db"
    assert open_tasks(database) == []
    facts = [
        ("TaskOpened", {"task": "t1", "kind": "vacancy", "values": {"w": "2", "m": "10"}}),
        ("TaskOpened", {"task": "t2", "kind": "care_called", "values": {"no": "A017"}}),
        ("TicketCalled", {"task": "t2"}),
        ("TaskClosed", {"task": "t1", "why": "settled"}),
    ]
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE facts (number INTEGER, kind TEXT, body TEXT)")
        rows = [(number, kind, json.dumps(body)) for number, (kind, body) in enumerate(facts)]
        connection.executemany("INSERT INTO facts VALUES (?, ?, ?)", rows)
    assert open_tasks(database) == ["A017已呼叫三次,请协助寻找"]


def test_one_is_handed_on_one_put_aside_and_one_looked_at() -> None:
    """Everybody is served all the same, under the number they have, and the account is in order (1.0.5, CARE-2.1)."""
    manners = Manners(
        walk=(1_000, 3_000),
        service=(20_000, 30_000),
        reaction=(300, 900),
        never_come=0,
        care=1,
        transfers={CounterId("W02"): "社会事务"},
        holds=1,
        checks=2,
    )
    with Hall.demo_small(seed=2, start="2026-03-10T08:59:50") as hall:
        people = People(hall.furnished, Teller(hall.scheduler), 2, manners, ears=True)
        people.begin()
        clerks = {"W01": "S101", "W02": "S102", "W03": "S103"}
        people.staff({CounterId(counter): hall.card_of(staff) for counter, staff in clerks.items()})
        people.citizens(8, over=60_000, shares={GroupId("A"): 0.7, GroupId("B"): 0.3})
        people.is_over = True
        assert hall.wait_until(lambda: people.have_gone, within=1_800_000)
        memories = people.memories
        assert (len(memories.handed_on), len(memories.put_aside), memories.verified) == (1, 1, 2)
        assert len(memories.served) == 8
        assert account.problems(ledger_of(hall), hall.papers(), memories) == []


def test_people_of_one_seed_are_the_same_whoever_is_faster() -> None:
    """The n-th person's nature depends on the seed and n alone."""
    config = load(config_text("demo-small"), "hall.toml")
    assert StaffNo("S101") in {person.id for person in config.staff}
    one, other = (
        People(furnish(VirtualWorld(Scheduler(ManualClock(HallTime(0))), seed=1), config), Teller(scheduler), 9, QUICK)
        for scheduler in (Scheduler(ManualClock(HallTime(0))), Scheduler(ManualClock(HallTime(5))))
    )
    assert [one._person().random() for _ in range(5)] == [other._person().random() for _ in range(5)]
