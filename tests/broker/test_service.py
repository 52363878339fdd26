"""The service: commit, then answer, then show, then acknowledge; once and for all; and nobody is left waiting."""

import json
from pathlib import Path
from typing import Any

import pytest

from broker.book import Book
from broker.rules import facts
from broker.trouble import OtherHallError, WriteFailedError
from contracts import messages as m
from contracts.cards import card_hash
from contracts.codec import MAX_BYTES, decode, encode
from contracts.values import (
    BootId,
    CardHash,
    Condition,
    CounterId,
    GroupId,
    HallTime,
    NodeName,
    PrintProof,
    Refusal,
    RequestId,
    StaffNo,
)
from sim.service_bench import OPEN, TOPICS, Bench, visit

W02 = CounterId("W02")


def _refusal(answer: m.Message) -> Refusal:
    assert isinstance(answer, m.RequestRefused)
    return answer.reason


def _punch(bench: Bench) -> m.PunchMade:
    return m.PunchMade(request_id=bench.request_id("CLK-01"), card=CardHash("ab" * 16), staff=StaffNo("S101"))


def _by_card(bench: Bench, card: CardHash) -> StaffNo | None:
    """Whose the punch is that a clock without a roster tells of."""
    bench.ask("CLK-01", m.PunchMade(request_id=bench.request_id("CLK-01"), card=card, staff=None))
    stored = [one.fact for one in bench.store.facts_to_start_from() if isinstance(one.fact, facts.PunchStored)]
    assert stored[-1].card == card
    return stored[-1].staff


def test_a_punch_at_a_clock_without_a_roster_is_its_persons(bench: Bench) -> None:
    """I7: the clock was green before it had ever heard whose card that is; the service knows (chaos 9007).

    A card nobody has stays nobody's, and so does one that is reported lost (COND-4).
    """
    card = next(one.card for one in bench.service.hall.in_force.config.staff if one.id == "S101")
    assert card is not None
    mine = card_hash(b"k" * 32, card)
    assert _by_card(bench, mine) == "S101"
    assert _by_card(bench, CardHash("0" * 32)) is None
    lost = m.CardLostRequested(
        request_id=bench.request_id("OPS-01"),
        expires_at=HallTime(OPEN + 60_000),
        actor=StaffNo("S003"),
        staff=StaffNo("S101"),
    )
    bench.ask("OPS-01", lost)
    assert _by_card(bench, mine) is None


# --- The order of things -------------------------------------------------------------------------------------------------


def test_answers_then_state_then_acknowledgements_in_order_of_arrival(bench: Bench) -> None:
    """One batch of three: every answer before any state, all state before any acknowledgement, nothing before COMMIT."""
    presses = [bench.item("TM-01", bench.press(group)) for group in ("A", "B", "A")]
    answers = bench.handle(*presses)
    assert [(one.no, one.request_id) for one in answers if isinstance(one, m.TicketIssued)] == [
        ("A001", "TM-01/00000000000000bb/0"),
        ("B001", "TM-01/00000000000000bb/1"),
        ("A002", "TM-01/00000000000000bb/2"),
    ]
    kinds = [kind for kind, _ in bench.link.noted]
    assert kinds == sorted(kinds, key=["answer", "state", "ack"].index)
    assert [mid for kind, mid in bench.link.noted if kind == "ack"] == [str(one.mid) for one in presses]


def test_the_sign_comes_before_the_desk_and_the_desk_before_the_word_that_it_was_done(bench: Bench) -> None:
    """Everyone looks up for the call, and a terminal takes its next key only when it knows what it is about."""
    visit(bench)
    issued = bench.ask("TM-01", bench.press())
    assert isinstance(issued, m.TicketIssued)
    printed = m.TicketPrinted(request_id=bench.request_id("TM-01"), ticket=issued.ticket, copy=0, proof=PrintProof.CONFIRMED)
    bench.ask("TM-01", printed)
    bench.ask("TRM-W02", m.CallNextRequested(request_id=bench.request_id("TRM-W02")))
    topics = [topic for _, topic in bench.link.noted]
    done = f"{TOPICS.root}/node/TRM-W02/down/RequestDone"
    order = [TOPICS.counter_board(W02), TOPICS.desk(W02), TOPICS.queue_board(GroupId("A")), done]
    assert [topics.index(one) for one in order] == sorted(topics.index(one) for one in order)
    assert topics[0] == TOPICS.counter_board(W02)


def test_a_batch_is_one_transaction(bench: Bench) -> None:
    """However many requests were drained, there is one COMMIT for all of them."""
    commits: list[str] = []
    bench.store._connection.set_trace_callback(commits.append)
    bench.handle(*(bench.item("TM-01", bench.press()) for _ in range(50)))
    assert commits.count("COMMIT") == 1
    assert bench.count("tickets") == 50


def test_state_carries_the_version_and_only_what_changed_is_said(bench: Bench) -> None:
    """A press changes the group's number, the paper the desks that may call it; each under (epoch, last fact)."""
    issued = bench.ask("TM-01", bench.press())
    assert isinstance(issued, m.TicketIssued)
    assert [topic for kind, topic in bench.link.noted if kind == "state"] == [TOPICS.queue_board(GroupId("A"))]
    board = bench.state(m.QueueBoard, TOPICS.queue_board(GroupId("A")))
    assert (board.epoch, board.fact, board.waiting) == (bench.store.epoch, bench.store.head.number, 1)
    bench.ask(
        "TM-01",
        m.TicketPrinted(request_id=bench.request_id("TM-01"), ticket=issued.ticket, copy=0, proof=PrintProof.CONFIRMED),
    )
    said = {topic for kind, topic in bench.link.noted if kind == "state"}
    assert said == {TOPICS.desk(CounterId("W01")), TOPICS.desk(W02)}
    assert bench.state(m.DeskState, TOPICS.desk(W02)).fact == bench.store.head.number


def test_a_whole_visit_leaves_its_rows(bench: Bench) -> None:
    """From the key to the face: each step answered, and the tables for people and reports say what happened."""
    answers = visit(bench)
    assert [type(one).__name__ for one in answers] == [
        "RequestDone",
        "TicketIssued",
        *["RequestDone"] * 4,
        "RatingRecorded",
    ]
    row = bench.store._connection.execute(
        "SELECT no, queue_group, classes, kiosk, printed, state, announcements, calls.counter, calls.staff, missed_at, level"
        " FROM tickets JOIN calls USING (ticket) JOIN ratings USING (session)"
    ).fetchall()
    assert row == [("A001", "A", "normal", "TM-01", "confirmed", "done", 1, "W02", "S102", None, 5)]


# --- Once and for all ----------------------------------------------------------------------------------------------------


def test_a_repeated_request_is_answered_with_the_same_bytes_and_does_nothing(bench: Bench) -> None:
    """The press that arrives twice takes one number; the second answer is the first one, byte for byte."""
    press = bench.press()
    bench.handle(bench.item("TM-01", press))
    first = bench.link.said[0]
    facts_before = bench.facts()
    bench.handle(bench.item("TM-01", press))
    assert bench.link.said == [first]
    assert bench.facts() == facts_before
    assert bench.service.counts["repeated"] == 1


def test_a_request_repeated_within_one_batch_is_decided_once(bench: Bench) -> None:
    """A redelivery in the same breath changes nothing, and both deliveries are acknowledged."""
    press = bench.press()
    one, two = bench.handle(bench.item("TM-01", press), bench.item("TM-01", press))
    assert one == two
    assert bench.count("tickets") == 1
    assert len(bench.link.acked) == 2


def test_a_refusal_is_remembered_too(bench: Bench) -> None:
    """What was refused stays refused under that id, even after the reason has gone."""
    request = m.CallNextRequested(request_id=bench.request_id("TRM-W02"))
    assert _refusal(bench.ask("TRM-W02", request)) is Refusal.NOT_LOGGED_IN
    visit(bench)
    assert _refusal(bench.ask("TRM-W02", request)) is Refusal.NOT_LOGGED_IN


def test_an_answer_outlives_the_process(disk_bench: Bench) -> None:
    """After a restart the same id is answered with the same ticket."""
    press = disk_bench.press()
    first = disk_bench.ask("TM-01", press)
    disk_bench.service.close()
    disk_bench.start()
    assert disk_bench.ask("TM-01", press) == first


def test_an_expired_request_is_refused(bench: Bench) -> None:
    """A press whose 3 s are over takes no number: the citizen has long pressed again."""
    press = m.TicketRequested(request_id=bench.request_id("TM-01"), group=GroupId("A"), expires_at=HallTime(OPEN - 1))
    assert _refusal(bench.ask("TM-01", press)) is Refusal.EXPIRED
    assert bench.count("tickets") == 0


def test_a_journalled_request_never_expires(bench: Bench) -> None:
    """A punch that waited in a journal for a day is stored as one."""
    punch = _punch(bench)
    bench.later(26 * 3_600_000)
    assert isinstance(bench.ask("CLK-01", punch), m.PunchStored)
    assert bench.count("punches") == 1


# --- What cannot be used -------------------------------------------------------------------------------------------------


def _broken(bench: Bench, node: str, message: str, **fields: Any) -> Any:
    return bench.raw(
        f"{TOPICS.root}/node/{node}/up/{message}", json.dumps({"message": message, "schema": 1, **fields}).encode()
    )


def test_a_malformed_request_is_answered_stored_and_acknowledged(bench: Bench) -> None:
    """Its id can be read, so the kiosk hears that it will not be done, and the same id is never decided otherwise."""
    request_id = bench.request_id("TM-01")
    item = _broken(bench, "TM-01", "TicketRequested", request_id=request_id, group="A", care="yes")
    (answer,) = bench.handle(item)
    assert _refusal(answer) is Refusal.MALFORMED
    assert isinstance(answer, m.RequestRefused)
    assert "care" in answer.detail
    assert bench.link.acked == [item.mid]
    again = bench.ask("TM-01", m.TicketRequested(request_id=request_id, group=GroupId("A")))
    assert again == answer
    assert bench.count("tickets") == 0


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", None),
        (b"\x00\xff", "malformed"),
        (b"[" * 5000, "malformed"),
        (b"[]", "malformed"),
        (b'{"message":"TicketRequested"}', "malformed"),
        (b'{"message":"TicketRequested","schema":1,"group":"A","request_id":7}', "malformed"),
        (b'{"message":"TicketRequested","schema":1,"group":"A","request_id":"nonsense"}', "malformed"),
        (b'{"message":"TicketRequested","schema":0,"group":"A","request_id":"x"}', "malformed"),
        (b'{"message":"TicketRequested","schema":1,"request_id":"' + b"x" * MAX_BYTES + b'"}', "oversized"),
    ],
)
def test_what_nobody_can_be_told_about_is_counted_and_acknowledged(bench: Bench, payload: bytes, why: str | None) -> None:
    """Noise on a topic of ours is logged and acknowledged: it stops nobody and never comes again."""
    item = bench.raw(f"{TOPICS.root}/node/TM-01/up/TicketRequested", payload)
    press = bench.item("TM-01", bench.press())
    (answer,) = bench.handle(item, press)
    assert isinstance(answer, m.TicketIssued)
    assert bench.link.acked == [item.mid, press.mid]
    assert dict(bench.service.counts) == ({} if why is None else {why: 1})
    assert ("message_refused" in bench.log.events) == (why is not None)


def test_a_request_of_another_hall_is_not_ours(bench: Bench) -> None:
    """A node set up for another hall is not served here, whatever it says; its screen shows that nobody answers."""
    item = bench.raw("hall/v1/other-hall/node/TM-01/up/TicketRequested", encode(bench.press()))
    assert bench.handle(item) == []
    assert bench.service.counts["wrong_hall"] == 1
    assert bench.link.acked == [item.mid]


def test_a_newer_schema_is_served_an_unknown_field_of_ours_is_not(bench: Bench) -> None:
    """A newer kiosk's extra field is ignored; the same field under our own schema number is a mistake and refused."""
    newer = {"request_id": bench.request_id("TM-01"), "group": "A", "mood": "good"}
    payload = json.dumps({"message": "TicketRequested", "schema": 99, **newer}).encode()
    (answer,) = bench.handle(bench.raw(f"{TOPICS.root}/node/TM-01/up/TicketRequested", payload))
    assert isinstance(answer, m.TicketIssued)
    ours = {"request_id": bench.request_id("TM-01"), "group": "A", "mood": "good"}
    (answer,) = bench.handle(_broken(bench, "TM-01", "TicketRequested", **ours))
    assert _refusal(answer) is Refusal.MALFORMED


def test_an_unknown_message_is_answered(bench: Bench) -> None:
    """A message only newer nodes know is refused at once, so that they need not wait."""
    (answer,) = bench.handle(_broken(bench, "TM-01", "CoffeeRequested", request_id=bench.request_id("TM-01")))
    assert _refusal(answer) is Refusal.MALFORMED


def test_nobody_asks_under_another_nodes_id(bench: Bench) -> None:
    """The answer goes to the one who spoke, and the other's id stays free for the other."""
    stolen = m.TicketRequested(request_id=RequestId("TM-01/00000000000000cc/0"), group=GroupId("A"))
    bench.handle(bench.raw(f"{TOPICS.root}/node/PAD-W02/up/TicketRequested", encode(stolen)))
    ((topic, payload),) = [one for one in bench.link.said if "/down/" in one[0]]
    assert topic == TOPICS.down(NodeName("PAD-W02"), m.RequestRefused)
    assert _refusal(decode(topic, payload)) is Refusal.MALFORMED
    assert isinstance(bench.ask("TM-01", stolen), m.TicketIssued)


def test_a_node_that_is_not_declared_is_told_and_reported_but_fills_no_disk(bench: Bench) -> None:
    """However often a stranger asks, it is refused each time, reported once, and no request of it is kept."""
    for _ in range(20):
        press = m.TicketRequested(request_id=bench.request_id("TM-77"), group=GroupId("A"))
        assert _refusal(bench.ask("TM-77", press)) is Refusal.NODE_NOT_DECLARED
    assert bench.facts().count("NodeTurnedAway") == 1
    assert bench.count("requests") == 0
    assert bench.handle(bench.raw(f"{TOPICS.root}/node/TM-77/up/TicketRequested", b"{}")) == []


def test_evidence_is_kept_of_what_nobody_can_repeat(bench: Bench) -> None:
    """An unreadable punch is refused, but its text stays for a person; a card presented at a terminal is never kept."""
    bench.handle(_broken(bench, "CLK-01", "PunchMade", request_id=bench.request_id("CLK-01"), staff=101))
    bench.handle(_broken(bench, "TRM-W02", "LoginRequested", request_id=bench.request_id("TRM-W02"), card=4))
    rows = bench.store._connection.execute("SELECT message, outcome, payload LIKE '%101%' FROM requests ORDER BY message")
    assert rows.fetchall() == [("LoginRequested", "rejected", None), ("PunchMade", "rejected", 1)]


# --- When the rules themselves break -------------------------------------------------------------------------------------


def test_a_request_the_rules_break_on_stops_nobody(bench: Bench) -> None:
    """It is rejected, answered, logged and acknowledged; those before and behind it in the batch are decided as ever.

    The rules are broken from inside, by a hall that lost a desk it should have.
    """
    before = bench.item("TM-01", bench.press())
    login = m.LoginRequested(request_id=bench.request_id("TRM-W02"), card="04A1000102")
    behind = bench.item("TM-01", bench.press())
    del bench.service.hall.desks[W02]
    one, broken, two = bench.handle(before, bench.item("TRM-W02", login), behind)
    assert isinstance(one, m.TicketIssued)
    assert _refusal(broken) is Refusal.MALFORMED
    assert isinstance(two, m.TicketIssued)
    assert (one.no, two.no) == ("A001", "A002")
    assert len(bench.link.acked) == 3
    assert "request_undecidable" in bench.log.events
    assert bench.ask("TRM-W02", login) == broken
    fresh = m.LoginRequested(request_id=bench.request_id("TRM-W02"), card="04A1000102")
    assert isinstance(bench.ask("TRM-W02", fresh), m.RequestDone), "the hall was folded anew and has its desk again"


def test_a_fact_the_tables_refuse_is_taken_back(bench: Bench) -> None:
    """If a projection's law is broken (two ratings of one session), the fact goes with it and the service lives on."""
    visit(bench)
    number = bench.store.head.number
    session = bench.store._connection.execute("SELECT session FROM ratings").fetchone()[0]
    again = facts.RatingRecorded(
        session=session, level=1, request_id=RequestId("PAD-W02/00000000000000bb/99"), counter=W02, staff=StaffNo("S102")
    )
    book: Book = bench.service._book
    with pytest.raises(Exception, match="UNIQUE"), bench.store.batch(), bench.store.attempt():
        bench.store.append(OPEN, None, again)
    assert bench.store.head.number == number
    book.fold()
    assert isinstance(bench.ask("TM-01", bench.press()), m.TicketIssued)


# --- When the disk is full -----------------------------------------------------------------------------------------------


def test_a_full_disk_says_nothing_and_acknowledges_nothing(disk_bench: Bench) -> None:
    """COMMIT failed: no answer, no state, no acknowledgement; with room again every request is decided as if it were new."""
    bench = disk_bench
    kept = bench.ask("TM-01", bench.press())
    connection = bench.store._connection
    connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}")
    presses = [bench.press() for _ in range(200)]
    del bench.link.noted[:], bench.link.said[:], bench.link.acked[:]
    with pytest.raises(WriteFailedError, match="full"):
        bench.service.handle([bench.item("TM-01", press) for press in presses], bench.now)
    assert bench.link.noted == []
    bench.store.close()

    bench.start()
    answers = bench.handle(*(bench.item("TM-01", press) for press in presses))
    assert isinstance(kept, m.TicketIssued)
    numbers = [one.no for one in answers if isinstance(one, m.TicketIssued)]
    assert numbers == [f"A{number:03d}" for number in range(2, 202)]


# --- Retained state, clock, heartbeat ------------------------------------------------------------------------------------


def test_everything_retained_is_said_again_on_every_connection(bench: Bench) -> None:
    """A server that lost its memory gets settings, boards, desks and a heartbeat back, under the versions they had."""
    visit(bench)
    version = bench.store.head.number
    del bench.link.said[:]
    bench.service.connected(bench.now)
    said = dict(bench.link.said)
    assert {"node/TM-01/settings", "node/CLK-01/settings", "board/hall", "board/queue/B", "desk/W03", "service/state"} <= {
        topic.removeprefix(TOPICS.root + "/") for topic in said
    }
    quiet = decode(TOPICS.desk(CounterId("W03")), said[TOPICS.desk(CounterId("W03"))])
    busy = decode(TOPICS.desk(W02), said[TOPICS.desk(W02)])
    assert isinstance(quiet, m.DeskState)
    assert isinstance(busy, m.DeskState)
    assert (quiet.fact, busy.fact) == (4, version)


def test_what_changed_while_the_server_was_away_is_said_when_it_is_back(bench: Bench) -> None:
    """State that could not be said is not forgotten."""
    bench.link.is_up = False
    bench.later(4 * 3_600_000)
    bench.link.is_up = True
    bench.service.connected(bench.now)
    assert bench.state(m.HallBoard, TOPICS.hall_board).phase == "noon"


def test_a_heartbeat_every_five_seconds_and_at_every_birth(bench: Bench) -> None:
    """Nodes learn the time from it; a node just born learns it at once, or its first request would seem expired.

    And again at once: it takes the first for one the MQTT server had kept, and believes the second.
    """
    del bench.link.said[:]
    bench.later(20_000)
    beats = [decode(topic, payload) for topic, payload in bench.link.said if topic == TOPICS.service_state]
    assert [one.hall_now - OPEN for one in beats if isinstance(one, m.ServiceState)] == [5_000, 10_000, 15_000, 20_000]
    bench.now = HallTime(bench.now + 3_000)
    bench.handle(bench.item("TM-01", m.NodeState(node=NodeName("TM-01"), boot=BootId("0" * 16), online=True)))
    assert bench.state(m.ServiceState, TOPICS.service_state).hall_now == OPEN + 23_000
    bench.later(100)
    assert bench.state(m.ServiceState, TOPICS.service_state).hall_now == OPEN + 23_100


def test_the_hall_clock_never_goes_back(disk_bench: Bench) -> None:
    """Not when the machine's clock is set back, and not over a restart with a clock that is wrong."""
    bench = disk_bench
    bench.later(60_000)
    bench.ask("TM-01", bench.press())
    bench.now = HallTime(OPEN - 3_600_000)
    bench.ask("TM-01", bench.press())
    assert bench.service.hall_now == OPEN + 60_000
    bench.service.close()
    bench.start()
    assert bench.service.hall_now == OPEN + 60_000
    times = [at for (at,) in bench.store._connection.execute("SELECT at FROM facts ORDER BY number")]
    assert times == sorted(times)


def test_a_quiet_hall_hardly_writes(bench: Bench) -> None:
    """An hour in which nothing happens and nobody is missed costs six small transactions, for the clock alone."""
    for counter, card in (("W01", "04A1000101"), ("W02", "04A1000102"), ("W03", "04A1000103")):
        terminal = f"TRM-{counter}"
        bench.ask(terminal, m.LoginRequested(request_id=bench.request_id(terminal), card=card))
    before = bench.store._connection.total_changes
    bench.later(3_600_000)
    assert bench.store._connection.total_changes - before <= 6
    assert bench.store.hall_clock >= bench.now - 10 * 60_000


def test_the_epoch_rises_with_every_start(disk_bench: Bench) -> None:
    """So state said by a restored, older database still replaces what the screens hold."""
    first = disk_bench.store.epoch
    disk_bench.service.close()
    disk_bench.start()
    assert disk_bench.store.epoch > first
    assert disk_bench.state(m.DeskState, TOPICS.desk(W02)).epoch == disk_bench.store.epoch


def test_the_day_goes_on_after_a_restart(disk_bench: Bench) -> None:
    """Everything in memory is the fold of what is on disk: the hall after the restart is the hall before it."""
    bench = disk_bench
    visit(bench)
    bench.ask("TM-01", bench.press("B"))
    bench.handle(bench.item("TM-01", m.NodeState(node=NodeName("TM-01"), boot=BootId("0" * 16), online=True)))
    bench.ask(
        "LED-00",
        m.HealthReported(request_id=bench.request_id("LED-00"), part="sign.W02", condition=Condition.FAULT, code="silent"),
    )
    before = bench.service.hall
    bench.service.close()
    bench.start()
    assert bench.service.hall == before
    assert bench.service.hall is not before


def test_the_goodbye_says_that_the_service_is_away(bench: Bench) -> None:
    """An orderly stop tells every node at once, so a kiosk goes on by itself without waiting for silence."""
    store, bench.store = bench.store, Bench(None).store
    bench.service.close()
    assert bench.link.farewell is not None
    assert not bench.link.farewell.online
    assert store.epoch == bench.link.farewell.epoch


# --- The configuration ---------------------------------------------------------------------------------------------------


def test_a_changed_configuration_is_adopted_once_and_clears_what_is_gone(disk_bench: Bench) -> None:
    """The new text becomes a fact; state of a counter that no longer exists is taken off the server."""
    bench = disk_bench
    bench.service.close()
    lines = [line for line in bench.text.splitlines() if '"W03"' not in line]
    bench.text = "\n".join(lines).replace('"SV07"], mutual = true', '"SV07"]') + "\n"
    bench.start()
    assert bench.facts().count("ConfigurationAdopted") == 2
    gone = dict(bench.link.said)
    assert gone[TOPICS.desk(CounterId("W03"))] == b""
    assert gone[TOPICS.settings(NodeName("PAD-W03"))] == b""
    assert gone[TOPICS.desk(W02)] != b""
    bench.service.close()
    bench.start()
    assert bench.facts().count("ConfigurationAdopted") == 2


def test_the_database_of_another_hall_is_refused(disk_bench: Bench, tmp_path: Path) -> None:
    """A mixed-up --data or --config is noticed before anything is written."""
    bench = disk_bench
    head = bench.store.head
    bench.service.close()
    bench.text = bench.text.replace('id = "yongan-small"', 'id = "other-hall"')
    with pytest.raises(OtherHallError, match=r"(?s)yongan-small.*other-hall"):
        bench.start()
    assert bench.store.head == head
