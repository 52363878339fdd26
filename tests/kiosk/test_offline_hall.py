"""Offline numbers in the whole hall: real machine, real journal, real service, virtual time, and a kill at every step."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.rules.facts import TicketIssued
from broker.rules.invariants import check_fully
from broker.verify import verify
from broker.why import why
from contracts.values import NodeName, TicketId
from sim.hall import Hall
from sim.halls import config_text
from sim.mqtt import Path as Network
from sim.mqtt import Publication
from sim.senses import calls_in, number_on
from sim.snapshot import facts_in, snapshot

NAME = NodeName("TM-01")
OFFLINE = re.compile(r"[A-Z]\d-\d{2,}")


@pytest.fixture
def hall() -> Iterator[Hall]:
    """The small hall at ten to nine: tickets are given, everything is switched on."""
    with Hall.demo_small() as small:
        small.run_until("08:50")
        yield small


def shown(hall: Hall) -> str:
    """What stands on the machine's text line."""
    return "".join(str(line).strip() for line in hall.kiosk().display.lines())


def papers(hall: Hall) -> list[str]:
    """The numbers on the whole papers, in their order, with their 补打 mark."""
    return [
        f"{number_on(paper)}{''.join(line for line in paper.lines if line.startswith('补打'))}"
        for paper in hall.papers()
        if paper.complete
    ]


def network(hall: Hall, name: NodeName = NAME) -> Network:
    """The network between a machine and the MQTT server."""
    return hall.server.path(f"node-{hall.id}-{name}")


def is_answer(publication: Publication) -> bool:
    """Whether the service answers a node with this."""
    return "/down/" in publication.topic


def table(hall: Hall) -> dict[str, tuple[str, str | None]]:
    """State and reason of every ticket in the database."""
    rows = hall.service.database.execute("SELECT no, state, reason FROM tickets ORDER BY no").fetchall()
    return {no: (state, reason) for no, state, reason in rows}


def press(hall: Hall, group: str = "A", *, within: int = 12_000) -> str:
    """Press, wait for the paper, and read its number."""
    before = len(papers(hall))
    hall.kiosk().press(group)
    assert hall.wait_until(lambda: len(papers(hall)) > before, within=within), shown(hall)
    hall.run_for(1_000)
    return papers(hall)[-1]


def settle(hall: Hall) -> None:
    """Faults are over; half a minute later everything must be in order."""
    hall.server.mend(f"node-{hall.id}-{NAME}")
    network(hall).copies = lambda _publication: 1
    if hall.service.service is None:
        hall.service.start()
    if hall.nodes[NAME].node is None:
        hall.nodes[NAME].start()
    hall.run_for(90_000)
    account_for(hall)


def account_for(hall: Hall) -> None:
    """I1, I2, I8 of everything that lies on paper, and the database proves itself."""
    assert hall.service.service is not None
    assert check_fully(hall.service.service.hall) == []
    with snapshot(hall.service.database) as archive:
        assert verify(archive).differences == []
        facts = facts_in(archive)
    found = table(hall)
    numbers = Counter(number_on(paper) for paper in hall.papers() if paper.complete)
    assert all(no in found for no in numbers), (numbers, found)
    issued = [one.fact for one in facts if isinstance(one.fact, TicketIssued)]
    presses = Counter(one.request_id for one in issued)
    assert all(times == 1 for times in presses.values()), presses
    own = {one.attempt_of: one.no for one in issued if one.attempt_of is not None}
    for one in issued:
        if one.request_id in own:
            assert found[one.no][0] in {"cancelled", "no_show", "called"}, f"{one.no} and {own[one.request_id]}: one press"
    for no, (state, reason) in found.items():
        if state == "cancelled" and reason is not None and reason.startswith(("merged", "not_printed")):
            assert no not in numbers, f"{no} is on paper and burnt"


# --- An outage of minutes ------------------------------------------------------------------------------------------------


def test_service_gone_the_next_press_gets_an_own_number_and_is_called_by_it(hall: Hall) -> None:
    """Paper, merge, sign, voice, service: the visitor notices nothing but the number's form."""
    assert press(hall) == "A001"
    hall.service.kill()
    hall.run_for(8_000)
    assert shown(hall).startswith("网络暂时中断,您可以正常取号")
    assert press(hall) == "A1-01"
    assert press(hall, "B") == "B1-01"
    hall.run_until("09:00")
    assert table(hall) == {"A001": ("waiting", None)}
    hall.service.start()
    hall.run_for(8_000)
    assert table(hall) == dict.fromkeys(("A001", "A1-01", "B1-01"), ("waiting", None))
    assert press(hall) == "A002"
    hall.card("W02", hall.card_of("S102"))
    assert hall.wait_until(lambda: "窗口空闲" in hall.counter("W02").text())
    called = []
    for _ in range(3):
        hall.keys("W02", "next")
        assert hall.wait_until(lambda: hall.sign("W02").text().startswith("请"))
        called.append(hall.sign("W02").text())
        hall.run_for(9_000)
        hall.keys("W02", "start", "finish")
        hall.run_for(2_000)
    assert called == ["请A001办理", "请A1-01办理", "请A002办理"]
    assert ("A1-01", "W02") in [call for said in hall.voice() for call in calls_in(said)]
    account_for(hall)


def test_why_tells_of_an_offline_number_as_of_any_other(hall: Hall) -> None:
    """Taken at its press, called by its points."""
    hall.service.kill()
    press(hall)
    hall.run_until("09:10")
    hall.service.start()
    hall.run_for(8_000)
    hall.card("W02", hall.card_of("S102"))
    hall.run_for(3_000)
    hall.keys("W02", "next")
    hall.run_for(2_000)
    with snapshot(hall.service.database) as archive:
        sentence = why(facts_in(archive), TicketId("2026-03-10/A1-01"))
    assert sentence is not None
    assert sentence.zh.startswith("A1-01号08:50取号,09:10被2号窗口叫到")


def test_a_hung_service_costs_one_press_its_patience_and_makes_one_ticket_of_two_numbers(hall: Hall) -> None:
    """The request arrives, the answer does not: A1-01 on paper, A001 burnt with its reason, one waiting ticket."""
    network(hall).copies = lambda publication: 0 if is_answer(publication) else 1
    assert press(hall) == "A1-01"
    network(hall).copies = lambda _publication: 1
    settle(hall)
    assert table(hall) == {"A001": ("cancelled", "merged: A1-01"), "A1-01": ("waiting", None)}
    assert papers(hall) == ["A1-01"]


def test_an_outage_of_a_whole_day_heard_of_the_next_morning(hall: Hall) -> None:
    """Every paper is on record and ended with its day; the machine counts anew only when it knows the day."""
    hall.service.kill()
    for name, host in hall.nodes.items():
        if name != NAME:
            host.kill()  # the machine is alone; a day of everybody else's lamps and polls would prove nothing
    for _ in range(5):
        press(hall)
    hall.run_for(24 * 3_600_000)
    assert press(hall) == "A1-01"
    hall.service.start()
    hall.run_for(30_000)
    rows = hall.service.database.execute("SELECT ticket, state, reason FROM tickets ORDER BY ticket").fetchall()
    yesterday = [(f"2026-03-10/A1-{n:02d}", "cancelled", "day_over") for n in range(1, 6)]
    assert rows == [*yesterday, ("2026-03-11/A1-01", "waiting", None)]
    with snapshot(hall.service.database) as archive:
        last = TicketId("2026-03-10/A1-05")
        sentence = why(archive.of_ticket(last), last)
    assert sentence is not None
    assert "the day was over" in sentence.en


def test_a_machine_rebooted_without_a_clock_repeats_no_number(hall: Hall) -> None:
    """Power cut with the wall clock back in 1970, twice, without the service: it counts on, the papers bear no time."""
    hall.service.kill()
    host = hall.nodes[NAME]
    numbers = []
    for _ in range(3):
        numbers.append(press(hall))
        host.clock.wall_error = -hall.scheduler.clock.wall_ms()
        host.power_cycle()
        hall.run_for(6_000)
    assert numbers == ["A1-01", "A1-02", "A1-03"]
    assert "取号时间" not in hall.papers()[-1].text
    hall.service.start()
    hall.run_for(30_000)
    assert {state for state, _ in table(hall).values()} == {"waiting"}
    account_for(hall)


def test_after_a_reconnect_the_machine_knows_what_the_service_has_of_it(hall: Hall) -> None:
    """Its storage is replaced while the service is down again: it goes on from the retained settings."""
    hall.service.kill()
    press(hall)
    press(hall)
    hall.service.start()
    hall.run_for(10_000)
    hall.service.kill()
    host = hall.nodes[NAME]
    host.kill()
    for file in host._folder.iterdir():
        file.unlink()
    host.start()
    hall.run_for(6_000)
    assert press(hall) == "A1-03"


# --- A kill at every step ------------------------------------------------------------------------------------------------

STEPS = [1, 5, 30, 100, 200, 300, 500, 900, 1_490, 1_500, 1_510, 1_600, 1_800, 2_300, 3_000]


@pytest.mark.parametrize("silent", [False, True], ids=["no heartbeat", "no answer"])
@pytest.mark.parametrize("after_ms", STEPS)
def test_killed_anywhere_between_press_and_proof(hall: Hall, after_ms: int, silent: bool) -> None:
    """Kill -9 of the machine: one number for the press at most, whatever is printed is in the database, once."""
    if silent:
        network(hall).copies = lambda publication: 0 if is_answer(publication) else 1
    else:
        hall.service.kill()
        hall.run_for(500)
    hall.kiosk().press("A")
    hall.run_for(after_ms)
    hall.nodes[NAME].kill()
    hall.run_for(2_000)
    network(hall).copies = lambda _publication: 1
    hall.nodes[NAME].start()
    hall.run_for(20_000)
    begun = {number_on(paper) for paper in hall.papers()} - {None}
    assert len(begun) <= 1
    settle(hall)
    numbers = {no.partition("补")[0] for no in papers(hall)}
    assert len(numbers) <= 1
    assert [no for no, (state, _) in table(hall).items() if state == "waiting"] == sorted(numbers)
    again = press(hall)
    assert again.partition("补")[0] not in numbers


@pytest.mark.parametrize("milestone", ["before_commit", "after_commit", "after_publish"])
@pytest.mark.parametrize("after_ms", [0, 200, 600, 1_400, 2_500, 4_000])
def test_service_killed_at_reconnect(hall: Hall, milestone: str, after_ms: int) -> None:
    """It dies in the middle of merging, and the machine a moment later: nothing is lost, nothing is doubled."""
    hall.service.kill()
    taken = [press(hall), press(hall, "B"), press(hall)]
    hall.service.die_at = milestone
    hall.service.start()
    hall.run_for(after_ms)
    hall.nodes[NAME].restart()
    hall.run_for(3_000)
    settle(hall)
    assert table(hall) == dict.fromkeys(sorted(taken), ("waiting", None))
    assert sorted(no for no in papers(hall) if "补" not in no) == sorted(taken)


@pytest.mark.parametrize("copies", [(0, 1), (2, 2), (3, 0, 1), (0, 0, 0, 2)])
def test_lost_and_doubled_messages_at_reconnect(hall: Hall, copies: tuple[int, ...]) -> None:
    """Answers and requests are lost and doubled for a while: every number becomes one ticket."""
    hall.service.kill()
    taken = [press(hall, group) for group in "ABAB"]
    turn = iter(copies * 50)
    network(hall).copies = lambda publication: next(turn, 1) if "Offline" in publication.topic else 1
    hall.service.start()
    hall.run_for(40_000)
    settle(hall)
    assert table(hall) == dict.fromkeys(sorted(taken), ("waiting", None))


def test_an_old_request_that_arrives_after_its_own_number_makes_no_second_ticket(hall: Hall) -> None:
    """The network delivers the press late and again: it is absorbed."""
    held: list[Publication] = []

    def hold(publication: Publication) -> int:
        if "TicketRequested" in publication.topic:
            held.append(publication)
            return 0
        return 1

    network(hall).copies = hold
    assert press(hall) == "A1-01"
    hall.run_for(200)
    network(hall).copies = lambda _publication: 1
    for publication in held:
        hall.server.publish(publication)
    settle(hall)
    assert table(hall) == {"A1-01": ("waiting", None)}
    assert papers(hall) == ["A1-01"]


def test_a_full_journal_refuses_clearly_and_goes_on_when_it_is_drained(hall: Hall) -> None:
    """Not a byte of paper without its row: the sentence; when the service has taken the rows there is room again."""
    hall.service.kill()
    press(hall)
    journal: Any = hall.nodes[NAME]._journal
    room, journal._max_bytes = journal._max_bytes, 1_000
    before = len(hall.papers())
    hall.kiosk().press("A")
    hall.run_for(1_000)
    assert shown(hall).startswith("系统恢复中,暂时不能取号")
    hall.run_for(10_000)
    assert len(hall.papers()) == before
    journal._max_bytes = room
    hall.service.start()
    hall.run_for(10_000)
    assert press(hall) == "A001"
    account_for(hall)


# --- Laws ----------------------------------------------------------------------------------------------------------------

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["press", "press", "press", "service", "kiosk", "power", "cut", "mute", "mqtt", "wall"]),
        st.sampled_from([0, 1, 2]),
        st.integers(50, 9_000),
    ),
    min_size=3,
    max_size=14,
)


@settings(max_examples=40)
@given(ACTS, st.integers(0, 2**16))
def test_any_outage_any_kill_two_machines(story: list[tuple[str, int, int]], seed: int) -> None:
    """Two machines: no number twice on paper, every paper accounted for, one ticket a press, online and offline disjoint."""
    with Hall(config_text("demo-hall"), seed=seed, start="2026-03-10T08:50:00") as hall:
        hall.open()
        machines = [NodeName("TM-01"), NodeName("TM-02")]
        for act, which, pause in story:
            _act(hall, act, machines[which % 2], which)
            hall.run_for(pause)
        for name in machines:
            hall.server.mend(f"node-{hall.id}-{name}")
            network(hall, name).copies = lambda _publication: 1
            if hall.nodes[name].node is None:
                hall.nodes[name].start()
        settle(hall)
        firsts = Counter(no for no in papers(hall) if "补" not in no)
        assert all(times == 1 for times in firsts.values()), firsts
        by_machine = {
            name: {number_on(paper) for paper in machine.printer.papers} - {None}
            for name, machine in hall.furnished.machines.items()
        }
        assert not by_machine[machines[0]] & by_machine[machines[1]]


def _act(hall: Hall, act: str, name: NodeName, which: int) -> None:
    host, path, client = hall.nodes[name], network(hall, name), f"node-{hall.id}-{name}"
    match act:
        case "press":
            hall.kiosk(name).press("ABC"[which])
        case "service" if hall.service.service is None:
            hall.service.start()
        case "service":
            hall.service.kill()
        case "kiosk":
            host.restart()
        case "power":
            host.power_cycle()
        case "cut":
            hall.server.mend(client) if path.is_cut else hall.server.cut(client)
        case "mute":
            path.copies = lambda publication: 0 if is_answer(publication) else 1
        case "mqtt":
            hall.server.stop(with_memory=which == 0)
            hall.run_for(700)
            hall.server.start()
        case "wall":
            host.clock.wall_error = (-1) ** which * 86_400_000
