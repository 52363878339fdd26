"""Whatever is said to the rules service, it lives, changes nothing for what is no message, and answers what is one."""

import os

from hypothesis import HealthCheck, given, settings

from broker.book import Book
from broker.incoming import Asked, StateHeard, read
from broker.rules.kept_views import KeptViews
from contracts import messages as m
from contracts.codec import decode
from contracts.topics import TABLE, Way
from contracts.values import BootId, CounterId, HallId, NodeName, PrintProof
from sim.hostile import HOURS, Said, said, stories
from sim.service_bench import TOPICS, Bench, visit

LENGTH = 40
EXAMPLES = max(1, int(os.environ.get("HALL_HOSTILE_EXAMPLES", "1200")) // LENGTH)
"""The variable counts messages; a story has about thirty."""
LONG = settings(max_examples=EXAMPLES, database=None, suppress_health_check=list(HealthCheck))
UP = tuple(row for row in TABLE if row.way in (Way.UP, Way.BIRTH))


def in_use() -> Bench:
    """A service in the middle of its day: everybody is there, one visit done, one called, one waiting, one paper not out."""
    bench = Bench(None)
    for node in sorted(bench.service.declared):
        bench.handle(bench.item(node, m.NodeState(node=NodeName(node), boot=BootId("00000000000000bb"), online=True)))
    visit(bench)
    for _ in range(2):
        issued = bench.ask("TM-01", bench.press())
        assert isinstance(issued, m.TicketIssued)
        paper = m.TicketPrinted(
            request_id=bench.request_id("TM-01"), ticket=issued.ticket, copy=0, proof=PrintProof.CONFIRMED
        )
        bench.ask("TM-01", paper)
    bench.ask("TRM-W02", m.CallNextRequested(request_id=bench.request_id("TRM-W02")))
    bench.ask("TM-01", bench.press())
    assert bench.service.hall.desks[CounterId("W02")].call is not None
    return bench


def deliver(bench: Bench, one: Said) -> None:
    """Hand it over alone and hold the service to its promises."""
    before, answered = bench.service._store.head, len(bench.link.acked)
    bench.handle(bench.raw(one.topic, one.payload))
    assert len(bench.link.acked) == answered + 1, "everything is acknowledged, else it comes again for ever"
    heard = [(topic, decode(topic, payload)) for topic, payload in bench.link.said]
    grown = bench.service._store.head.number - before.number
    assert "request_undecidable" not in bench.log.events, bench.log.lines[-1]
    assert "node_state_undecidable" not in bench.log.events, bench.log.lines[-1]
    assert "time_undecidable" not in bench.log.events, bench.log.lines[-1]
    match read(TOPICS, one.topic, one.payload):
        case Asked(node, request):
            own = [said for topic, said in heard if topic.startswith(f"{TOPICS.root}/node/{node}/down/")]
            answers = [said for said in own if getattr(said, "request_id", None) == request.request_id]
            assert answers, "a sound request is answered under its id"
            if isinstance(answers[0], m.RequestRefused) and node in bench.service.declared:
                assert not grown, "a refusal changes nothing"
        case StateHeard():
            assert grown <= 3
        case _:
            assert not grown, "what is no message changes nothing"


@LONG
@given(stories(said(UP) | said(), length=LENGTH, pauses=HOURS))
def test_no_message_stops_the_service_or_changes_what_it_should_not(story: list[tuple[int, Said]]) -> None:
    """Sound, absurd and broken messages on right and wrong topics: all acknowledged, sound ones answered, rules decide all.

    In the end the hall is what its facts say, and the chain holds.
    """
    bench = in_use()
    for gap, one in story:
        bench.later(gap)
        deliver(bench, one)
    facts = list(bench.store.facts_to_start_from())
    assert facts[-1].number == bench.store.head.number
    assert Book(bench.store, KeptViews(HallId("hall")), bytes, bench.log).hall == bench.service.hall
