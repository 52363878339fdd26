"""Numbers a machine gave by itself: merged as if there had been no outage, one ticket for one press (design 5)."""

from typing import Any

import pytest

from broker.rules import facts as f
from broker.rules.hall import Ticket, TicketState
from broker.rules.views import settings, settings_change_with
from broker.why import why
from contracts import messages as m
from contracts.values import BootId, GroupId, HallPhase, HallTime, NodeName, PrintProof, Refusal, RequestId, StaffNo
from sim.rules_alone import BrokenPromiseError
from sim.rules_day import RulesDay, hall_text, refusal

MINUTE = 60_000


@pytest.fixture
def day() -> RulesDay:
    """The small hall, W02 staffed, at half past nine."""
    opened = RulesDay(hall_text("demo-small"))
    opened.login("W02", "S102")
    opened.at("09:30")
    return opened


def report(day: RulesDay, /, no: str = "A1-01", age: int = 0, **fields: Any) -> tuple[Refusal | None, RequestId]:
    """The machine tells of a number it gave so many minutes ago; why that was refused, and the id of the message."""
    stamp = m.Stamp(boot=day.boot("TM-01"), monotonic_ms=0, wall_at=HallTime(0), age_ms=age * MINUTE)
    told = {"no": no, "group": no[0], "care": False, "token": "x" * 22, "stamp": stamp, **fields}
    decision = day.ask("TM-01", m.OfflineTicketTaken, **told)
    answer = decision.answers[0][1]
    assert isinstance(answer, m.RequestDone | m.RequestRefused)
    return refusal(decision), answer.request_id


def merged(day: RulesDay, /, no: str = "A1-01", age: int = 0, *, paper: bool = True, **fields: Any) -> Ticket:
    """The ticket made of an own number, its paper out."""
    reason, taken = report(day, no, age, **fields)
    assert reason is None
    if paper:
        day.do("TM-01", m.OfflineTicketPrinted, taken=taken, copy=0, proof=PrintProof.CONFIRMED)
    return day.hall.tickets[day.hall.offline[taken]]


def test_own_number_waits_since_its_press(day: RulesDay) -> None:
    """Taken at 09:10, reported at 09:30: before the ticket of 09:20, and its number stays as printed."""
    day.at("09:20")
    online = day.take("A")
    day.at("09:30")
    own = merged(day, age=20)
    assert (own.no, own.issued_at, own.id) == ("A1-01", day.time("09:10"), "2026-03-10/A1-01")
    assert [day.call_and_serve("W02"), day.call_and_serve("W02")] == ["A1-01", online.no]


def test_care_key_counts_from_the_press_too(day: RulesDay) -> None:
    """The claim of an own number is as old as its press."""
    own = merged(day, age=20, care=True)
    assert {one.visitor_class.value: one.since for one in own.claims} == dict.fromkeys(("normal", "care"), day.time("09:10"))


def test_wait_before_the_stamp_is_counted(day: RulesDay) -> None:
    """The machine waited 1.5 s for the service before it took its own number."""
    assert merged(day, waited_ms=1_500).issued_at == day.now - 1_500


def test_it_is_called_only_when_its_paper_is_out(day: RulesDay) -> None:
    """I9: like any other; after the wait its paper is presumed."""
    own = merged(day, age=5, paper=False)
    assert day.call("W02") is None
    day.at("09:30:20")
    assert day.call("W02") == own.no


def test_press_with_an_online_number_becomes_one_ticket(day: RulesDay) -> None:
    """I8: the answer came too late; the printed label wins and the unprinted number is burnt with its reason."""
    online = day.press("A")
    day.at("09:30:02")
    own = merged(day, attempt_of=online.press)
    assert online.state is TicketState.CANCELLED
    assert own.issued_at == online.issued_at
    assert day.hall.waiting[GroupId("A")] == 1
    assert f.TicketCancelled(ticket=online.id, reason="merged: A1-01") in [one.fact for one in day.facts]
    found = why(day.facts, online.id)
    assert found is not None
    assert "已并入同一次取号的A1-01号" in found.zh
    assert day.take("A").no == "A002"


def test_online_request_that_arrives_after_its_own_number_is_refused(day: RulesDay) -> None:
    """I8: the messages of one press in the other order make one ticket as well."""
    merged(day, attempt_of=RequestId("TM-01/0000000000000001/77"))
    request = m.TicketRequested(request_id=RequestId("TM-01/0000000000000001/77"), group=GroupId("A"))
    decision = day.submit_raw("TM-01", request)
    assert (refusal(decision), decision.facts) == (Refusal.EXPIRED, ())


def test_online_number_already_called_is_not_recalled(day: RulesDay) -> None:
    """Presumed printed and called for nobody: it takes its own end, and the holder of the paper is called next."""
    online = day.press("A")
    day.at("09:31")
    assert day.call("W02") == online.no
    own = merged(day, attempt_of=online.press)
    assert online.state is TicketState.CALLED
    assert own.is_callable


def test_machine_numbers_its_own_copies(day: RulesDay) -> None:
    """A machine that died between paper and proof prints copy 1 by itself; its rebirth orders none on top."""
    own = merged(day, paper=False)
    day.do("TM-01", m.OfflineTicketPrinted, taken=next(iter(day.hall.offline)), copy=1, proof=PrintProof.CONFIRMED)
    assert own.is_callable
    assert not day.born("TM-01").answers


def test_number_on_no_paper_is_burnt(day: RulesDay) -> None:
    """The printer failed for good, nobody holds it."""
    own = merged(day, paper=False)
    day.do("TM-01", m.OfflineTicketUnprinted, taken=next(iter(day.hall.offline)), reason="paper out")
    assert own.state is TicketState.CANCELLED


def test_number_of_yesterday_is_on_record_and_over(day: RulesDay) -> None:
    """Heard of only after midnight: I2, it ends with the day it was taken on, and today's numbers are not touched."""
    day.at("17:00")
    day.advance(HallTime(day.hall.today.over + 9 * 60 * MINUTE))
    _, taken = report(day, age=16 * 60)
    ticket = day.hall.tickets[day.hall.offline[taken]]
    assert (ticket.id, ticket.state) == ("2026-03-10/A1-01", TicketState.CANCELLED)
    assert merged(day, age=1, day="2026-03-11").id == "2026-03-11/A1-01"
    assert day.hall.offline_counts == {"A1": 1}


def test_day_by_the_machines_hall_clock_is_believed(day: RulesDay) -> None:
    """A day it cannot be (not a date, or tomorrow) is not."""
    assert merged(day, "A1-01", day="2026-03-09", paper=False).id == "2026-03-09/A1-01"
    assert merged(day, "A1-02", day="soon").id == "2026-03-10/A1-02"
    assert merged(day, "A1-03", day="2026-03-11").id == "2026-03-10/A1-03"


def test_hall_that_had_closed_serves_whoever_holds_a_number(day: RulesDay) -> None:
    """EXT-3.3: a machine that was cut off all afternoon brings a ticket of 17:20 at 17:40."""
    day.at("17:40")
    assert day.hall.phase is HallPhase.CLOSED
    own = merged(day, age=20)
    assert day.call_and_serve("W02") == own.no


def test_emergency_does_not_lengthen_its_wait(day: RulesDay) -> None:
    """HALL-8.2: pressed before the evacuation or after it, only the time outside it counts."""
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    day.at("09:42")
    day.record(f.EmergencyEnded(actor=StaffNo("S002")))
    day.at("09:50")
    before, after = merged(day, "A1-01", age=25), merged(day, "A1-02", age=5)
    q = day.hall.queue_clock(day.now)
    assert [(q - one.since) // MINUTE for one in (before, after)] == [13, 5]


@pytest.mark.parametrize(
    ("no", "group", "reason"),
    [("A017", "A", Refusal.BAD_VALUE), ("B1-01", "A", Refusal.BAD_VALUE), ("A1-1", "A", Refusal.BAD_VALUE)],
)
def test_number_that_is_none_of_a_machine_is_refused(day: RulesDay, no: str, group: str, reason: Refusal) -> None:
    """Offline numbers and the service's own never meet."""
    assert report(day, no, group=group)[0] is reason


def test_number_of_a_queue_that_is_no_more_is_on_record_and_over(day: RulesDay) -> None:
    """A machine with old settings gave it: nobody can call it, but no paper is without its ticket (I2)."""
    _, taken = report(day, "Z1-01")
    ticket = day.hall.tickets[day.hall.offline[taken]]
    assert ticket.state is TicketState.CANCELLED
    sentence = why(day.facts, ticket.id)
    assert sentence is not None
    assert "no such queue" in sentence.en


def test_same_number_twice_on_a_day_is_found_out_and_both_holders_are_called(day: RulesDay) -> None:
    """Only a swapped storage can do that. I1 is broken on paper and says so, but nobody who holds one is left waiting."""
    merged(day, age=9)
    with pytest.raises(BrokenPromiseError, match="I1: number A1-01 was given 2 times"):
        report(day, age=3)
    assert [one.id for one in day.hall.tickets.values()] == ["2026-03-10/A1-01", "2026-03-10/A1-01~2"]


def test_rebooted_machine_whose_wall_clock_says_yesterday_gave_its_number_today(day: RulesDay) -> None:
    """No age, no hall clock, no day: it counts as taken when tickets began today, and a person may check it."""
    stamp = m.Stamp(boot=BootId("0" * 16), monotonic_ms=5, wall_at=HallTime(day.now - 15 * 60 * MINUTE))
    own = merged(day, stamp=stamp)
    assert (own.id, own.issued_at, own.state) == ("2026-03-10/A1-01", day.time("08:45"), TicketState.WAITING)
    issued = [one.fact for one in day.facts if isinstance(one.fact, f.TicketIssued)]
    assert [one.unverified for one in issued] == [True]


def test_rebooted_machine_with_a_plausible_clock_is_believed_within_the_hours(day: RulesDay) -> None:
    """Its wall clock says 09:05, the service was away since: no place is lost; a time still to come is now."""
    boot = BootId("0" * 16)
    stamp = m.Stamp(boot=boot, monotonic_ms=5, wall_at=day.time("09:05"))
    assert merged(day, "A1-01", stamp=stamp).issued_at == day.time("09:05")
    stamp = m.Stamp(boot=boot, monotonic_ms=5, wall_at=day.time("11:00"))
    assert merged(day, "A1-02", stamp=stamp).issued_at == day.now


def test_machine_reborn_after_its_press_loses_nothing_of_the_hall_clock_it_had_heard(day: RulesDay) -> None:
    """The life that gave the number knew the time exactly, whenever the service hears of its death."""
    day.died("TM-01")
    day.born("TM-01")
    stamp = m.Stamp(
        boot=BootId("0" * 16),
        monotonic_ms=160_000,
        wall_at=HallTime(0),
        heard_hall_at=day.time("09:10"),
        heard_monotonic_ms=100_000,
    )
    assert merged(day, stamp=stamp).issued_at == day.time("09:11")


def test_copy_a_machine_made_by_itself_leaves_the_next_number_to_a_reprint(day: RulesDay) -> None:
    """Killed and reborn it printed 补打1; what staff order then is 补打2, under the machine's own name for the ticket."""
    _, taken = report(day)
    day.do("TM-01", m.OfflineTicketPrinted, taken=taken, copy=1, proof=PrintProof.CONFIRMED)
    decision = day.do("OPS-01", m.ReprintRequested, actor="S004", ticket=day.hall.offline[taken], print_at="TM-01")
    order = decision.answers[1][1]
    assert isinstance(order, m.TicketIssued)
    assert (order.copy, order.request_id) == (2, taken)


def test_papers_of_unknown_or_foreign_numbers_are_refused() -> None:
    """Nothing is known of them, or another machine gave them."""
    day = RulesDay(hall_text("demo-hall"), "09:00")
    for node in ("TM-01", "TM-02"):
        day.born(node)
    _, taken = report(day)
    for kind, rest in (
        (m.OfflineTicketPrinted, {"copy": 0, "proof": "confirmed"}),
        (m.OfflineTicketUnprinted, {"reason": "x"}),
    ):
        assert refusal(day.ask("TM-02", kind, taken=taken, **rest)) is Refusal.WRONG_NODE
        assert refusal(day.ask("TM-01", kind, taken="TM-01/x/9", **rest)) is Refusal.UNKNOWN_TICKET


def test_printed_own_number_cannot_be_burnt(day: RulesDay) -> None:
    """A paper somebody holds is never called void by a printer."""
    merged(day)
    decision = day.ask("TM-01", m.OfflineTicketUnprinted, taken=next(iter(day.hall.offline)), reason="jam")
    assert refusal(decision) is Refusal.WRONG_TICKET_STATE


def test_word_of_the_same_copy_twice_is_one_fact(day: RulesDay) -> None:
    """Said again under another id, it changes nothing."""
    merged(day)
    taken = next(iter(day.hall.offline))
    assert not day.do("TM-01", m.OfflineTicketPrinted, taken=taken, copy=0, proof=PrintProof.CONFIRMED).facts


def test_machine_is_told_what_it_needs_when_cut_off(day: RulesDay) -> None:
    """The day, the hours of the working days ahead, and how far the service has seen it count."""
    before = settings_change_with(day.hall)
    merged(day, "A1-04")
    told = settings(day.hall, b"k" * 32)[NodeName("TM-01")]
    assert isinstance(told, m.KioskSettings)
    assert settings_change_with(day.hall) != before
    assert (told.day, told.offline_counts) == ("2026-03-10", {"A": 4})
    assert told.hours[0] == m.TicketHours(opens=day.time("08:45"), closes=day.time("17:30"))
    assert len(told.hours) == 22
