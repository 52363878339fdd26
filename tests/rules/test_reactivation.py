"""过号 and 恢复排队: missed after the calls, back once behind the third who waits (D9, 1.0.4, 1.0.5)."""

import pytest

from broker.rules import facts as f
from broker.rules.hall import Ticket, TicketState
from contracts import messages as m
from contracts.values import HallPhase, HallTime, PrintProof, Refusal, StaffNo, TaskKind, VisitorClass
from sim.rules_day import RulesDay, hall_text, refusal


@pytest.fixture
def day() -> RulesDay:
    """The small hall at nine with W02 staffed."""
    opened = RulesDay(hall_text("demo-small"))
    opened.login("W02", "S102")
    opened.at("09:00")
    return opened


def phase(day: RulesDay) -> HallPhase:
    """The part of the day the hall is in."""
    return day.hall.phase


def missed(day: RulesDay, *, care: bool = False) -> Ticket:
    """A ticket that was called in vain."""
    ticket = day.take("A", care=care)
    assert day.call("W02") == ticket.no
    day.miss("W02")
    assert ticket.state is TicketState.NO_SHOW
    return ticket


def sinces(ticket: Ticket) -> dict[str, HallTime]:
    """A ticket's claims: class and since."""
    return {one.visitor_class.value: one.since for one in ticket.claims}


def test_comes_back_behind_the_third_who_waits(day: RulesDay) -> None:
    """D9: of five who wait three are called first; its holder is told the number and how many are ahead."""
    ticket = missed(day)
    day.at("09:02")
    others = []
    for minute in range(2, 7):
        day.at(f"09:0{minute}")
        others.append(day.take("A"))
    day.at("09:10")
    assert day.reactivate(ticket) == {"no": ticket.no, "n": "3"}
    assert sinces(ticket) == {"normal": others[2].since + 1}
    assert ticket.since == others[2].since + 1
    called = [day.call_and_serve("W02") for _ in range(6)]
    assert called == [*(one.no for one in others[:3]), ticket.no, *(one.no for one in others[3:])]


def test_behind_the_last_if_fewer_wait(day: RulesDay) -> None:
    """1.0.4: the last if fewer."""
    ticket = missed(day)
    day.at("09:05")
    only = day.take("A")
    day.at("09:10")
    assert day.reactivate(ticket)["n"] == "1"
    assert ticket.since == only.since + 1
    late = day.take("A")
    assert [day.call_and_serve("W02") for _ in range(3)] == [only.no, ticket.no, late.no]


def test_from_now_if_nobody_waits(day: RulesDay) -> None:
    """1.0.4: now if none."""
    ticket = missed(day)
    day.at("09:10")
    assert day.reactivate(ticket)["n"] == "0"
    assert sinces(ticket) == {"normal": day.now}
    assert day.call("W02") == ticket.no


def test_every_claim_has_its_own_third(day: RulesDay) -> None:
    """1.0.4: of its class and group; care stands behind the care tickets, normal behind the third of all."""
    ticket = missed(day, care=True)
    day.at("09:02")
    normal = [day.take("A") for _ in range(3)]
    day.at("09:03")
    care = day.take("A", care=True)
    day.take("B", care=True)
    day.at("09:10")
    day.reactivate(ticket)
    assert sinces(ticket) == {"normal": normal[2].since + 1, "care": care.since + 1}
    assert day.call("W02") == care.no


def test_held_and_resumed_tickets_are_none_of_those_it_goes_behind(day: RulesDay) -> None:
    """They stand in no line of the group."""
    ticket = missed(day)
    day.at("09:05")
    held = day.take("A")
    day.call("W02")
    day.hold("W02")
    day.resume_held("W02")
    day.at("09:10")
    day.reactivate(ticket)
    assert ticket.since == day.now
    assert [day.call_and_serve("W02") for _ in range(2)] == [held.no, ticket.no]


def test_appointment_does_not_count_before_its_time(day: RulesDay) -> None:
    """1.0.4: now >= agreed time holds for a returned ticket too."""
    day.at("09:10")
    ticket = day.enter(visitor_class=VisitorClass.APPOINTMENT_DUE, appointment_at=day.time("09:30"))
    day.call("W02")
    day.miss("W02")
    day.reactivate(ticket)
    assert sinces(ticket)["appointment_due"] == day.time("09:30")
    later = missed_appointment(day)
    day.reactivate(later)
    assert sinces(later)["appointment_due"] == day.time("09:30") + 1


def missed_appointment(day: RulesDay) -> Ticket:
    """Another one for the same time, missed after it, while the first still waits."""
    day.at("09:25")
    ticket = day.enter(visitor_class=VisitorClass.CARE, appointment_at=day.time("09:26"))
    day.at("09:27")
    assert day.call("W02") == ticket.no
    day.miss("W02")
    return ticket


def test_morning_ticket_that_returns_in_the_afternoon_was_not_carried_over(day: RulesDay) -> None:
    """D8 is for those who waited over noon; whoever missed their call stands behind, as D9 says."""
    ticket = missed(day)
    others = []
    for minute in range(40, 44):
        day.at(f"13:{minute}")
        others.append(day.take("A"))
    assert day.reactivate(ticket)["n"] == "3"
    assert [day.call_and_serve("W02") for _ in range(4)] == [*(one.no for one in others[:3]), ticket.no]


def test_afternoon_answer_counts_those_carried_over(day: RulesDay) -> None:
    """The number ahead is what the call order makes of it, tiers included."""
    ticket = missed(day)
    day.at("11:58")
    for _ in range(5):
        day.take("A")
    day.at("13:40")
    day.take("A")
    assert day.reactivate(ticket)["n"] == "5"


def test_once_a_day(day: RulesDay) -> None:
    """1.0.5: NO_SHOW -> at most once WAITING."""
    ticket = missed(day)
    day.reactivate(ticket)
    day.call("W02")
    day.miss("W02")
    assert refusal(day.ask("TM-01", m.ReactivateRequested, no=ticket.no)) is Refusal.ALREADY_REACTIVATED
    assert ticket.state is TicketState.NO_SHOW


def test_how_often_and_how_far_are_configured() -> None:
    """D9: reactivations and reactivate_after are the hall's."""
    text = hall_text("demo-small").replace("[params.queue]", "[params.queue]\nreactivations = 2\nreactivate_after = 1")
    day = RulesDay(text)
    day.login("W02", "S102")
    day.at("09:00")
    ticket = missed(day)
    day.at("09:05")
    first = day.take("A")
    day.at("09:06")
    day.take("A")
    day.reactivate(ticket)
    assert ticket.since == first.since + 1
    day.call_and_serve("W02")
    assert day.call("W02") == ticket.no
    day.miss("W02")
    day.reactivate(ticket)
    assert ticket.reactivations == 2


def test_hall_without_reactivation() -> None:
    """Zero is a choice."""
    day = RulesDay(hall_text("demo-small").replace("[params.queue]", "[params.queue]\nreactivations = 0"))
    day.login("W02", "S102")
    day.at("09:00")
    ticket = missed(day)
    assert refusal(day.ask("TM-01", m.ReactivateRequested, no=ticket.no)) is Refusal.ALREADY_REACTIVATED


def test_guide_asks_for_somebody(day: RulesDay) -> None:
    """1.0.5: at a machine or by the guide; the fact names who."""
    ticket = missed(day)
    day.do("OPS-01", m.ReactivateRequested, no=ticket.no, actor="S004")
    fact = day.facts[-1].fact
    assert isinstance(fact, f.TicketReactivated)
    assert fact.actor == "S004"


def holders_ticket(day: RulesDay, group: str, holder: str) -> Ticket:
    """A ticket taken with an ID card, its paper out."""
    answer = day.do("TM-01", m.TicketRequested, group=group, holder=holder).answers[0][1]
    assert isinstance(answer, m.TicketIssued)
    day.do("TM-01", m.TicketPrinted, ticket=answer.ticket, copy=0, proof=PrintProof.CONFIRMED)
    return day.hall.tickets[answer.ticket]


def test_card_finds_the_ticket(day: RulesDay) -> None:
    """Without the paper: the holder's missed ticket, of the group asked for; never somebody else's."""
    day.login("W03", "S103")
    mine, other, theirs = (
        holders_ticket(day, "A", "f" * 64),
        holders_ticket(day, "B", "f" * 64),
        holders_ticket(day, "A", "e" * 64),
    )
    for counter in ("W02", "W03", "W02"):
        day.call(counter)
        day.miss(counter)
    assert {one.state for one in (mine, other, theirs)} == {TicketState.NO_SHOW}
    day.do("TM-01", m.ReactivateRequested, holder="f" * 64, group="A")
    assert [one.state.value for one in (mine, other, theirs)] == ["waiting", "no_show", "no_show"]
    day.do("TM-01", m.ReactivateRequested, holder="f" * 64)
    assert other.state is TicketState.WAITING
    assert refusal(day.ask("TM-01", m.ReactivateRequested, holder="a" * 64)) is Refusal.UNKNOWN_TICKET


def test_no_show_does_not_keep_the_hall_open(day: RulesDay) -> None:
    """EXT-3.3: absent at call after hours is a no-show, and if it was the last, the hall closes."""
    day.at("17:29")
    ticket = day.take("A")
    day.at("17:31")
    day.call("W02")
    day.miss("W02")
    assert phase(day) is HallPhase.CLOSED
    assert refusal(day.ask("TM-01", m.ReactivateRequested, no=ticket.no)) is Refusal.CLOSED_TODAY
    assert refusal(day.ask("OPS-01", m.ReactivateRequested, no=ticket.no, actor="S004")) is Refusal.CLOSED_TODAY


def test_returns_after_hours_while_others_are_served(day: RulesDay) -> None:
    """EXT-3.2, EXT-3.3: no new tickets, but whoever holds one is served; then the hall closes."""
    day.at("17:28")
    ticket = missed(day)
    day.at("17:29")
    other = day.take("A")
    day.at("17:35")
    day.reactivate(ticket)
    assert [day.call_and_serve("W02") for _ in range(2)] == [other.no, ticket.no]
    assert phase(day) is HallPhase.CLOSED


def test_duty_leader_may_reopen_the_hall_for_it(day: RulesDay) -> None:
    """EXT-3.2: as for a ticket issued after closing."""
    day.at("17:29")
    ticket = day.take("A")
    day.at("17:31")
    day.call("W02")
    day.miss("W02")
    day.do("OPS-01", m.ReactivateRequested, no=ticket.no, actor="S002")
    assert phase(day) is HallPhase.AFTER_CLOSING
    assert day.call_and_serve("W02") == ticket.no
    assert phase(day) is HallPhase.CLOSED


def test_yesterdays_number_is_unknown(day: RulesDay) -> None:
    """D9: the same day."""
    ticket = missed(day)
    day.advance(HallTime(day.hall.today.over))
    day.advance(HallTime(day.now + 10 * 3_600_000))
    assert refusal(day.ask("TM-01", m.ReactivateRequested, no=ticket.no)) is Refusal.UNKNOWN_TICKET


def test_returned_ticket_ends_with_the_day_like_any_other(day: RulesDay) -> None:
    """1.0.5: every ticket ends."""
    ticket = missed(day)
    day.reactivate(ticket)
    day.advance(day.hall.today.over)
    ends = [one.fact for one in day.facts if isinstance(one.fact, f.TicketMissed | f.TicketCancelled)]
    assert [type(one).__name__ for one in ends if one.ticket == ticket.id] == ["TicketMissed", "TicketCancelled"]


# --- Care calls ----------------------------------------------------------------------------------------------------------


def care_called(day: RulesDay, times: int) -> Ticket:
    """A care ticket announced so often."""
    ticket = day.take("A", care=True)
    day.call("W02")
    for _ in range(times - 1):
        call = day.hall.desks[next(one for one in day.hall.desks if one == "W02")].call
        assert call is not None
        day.advance(max(day.now, day.hall.recall_at(call)))
        day.do("TRM-W02", m.RecallRequested, call=call.id)
    return ticket


def tasks(day: RulesDay) -> list[str]:
    """The open tasks about called care tickets."""
    return [str(one.ticket) for one in day.hall.tasks.of(TaskKind.CARE_CALLED)]


def test_third_call_of_a_care_ticket_alerts_the_guides(day: RulesDay) -> None:
    """1.0.5: five announcements, and at the third the guide desk looks for the holder."""
    ticket = care_called(day, 2)
    assert tasks(day) == []
    day.advance(HallTime(day.now + 60_000))
    day.do("TRM-W02", m.RecallRequested, call=day.call_id("W02"))
    (task,) = day.hall.tasks.of(TaskKind.CARE_CALLED)
    assert (task.ticket, task.values) == (ticket.id, {"no": ticket.no})
    assert task.asks(StaffNo("S004"), "guide")
    assert not task.asks(StaffNo("S101"), "clerk")


@pytest.mark.parametrize("comes", [True, False])
def test_alert_ends_when_the_visitor_comes_or_is_missed(day: RulesDay, comes: bool) -> None:
    """Nobody is looked for any longer than needed; five announcements were made before the no-show."""
    care_called(day, 3)
    if comes:
        day.start("W02")
    else:
        day.miss("W02")
        repeats = [one.fact.announcement for one in day.facts if isinstance(one.fact, f.CallRepeated)]
        assert repeats == [2, 3, 4, 5]
    day.let_time_pass()
    assert tasks(day) == []


def test_alert_ends_when_the_call_is_put_aside(day: RulesDay) -> None:
    """Held, the ticket is not called any more."""
    care_called(day, 3)
    day.hold("W02")
    day.let_time_pass()
    assert tasks(day) == []


def test_ordinary_tickets_alert_nobody(day: RulesDay) -> None:
    """Three calls are all they get."""
    day.take("A")
    day.call("W02")
    day.miss("W02")
    assert not any(isinstance(one.fact, f.TaskOpened) for one in day.facts)
