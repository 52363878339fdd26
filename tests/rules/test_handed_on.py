"""转移, 领办导办: the visitor goes on elsewhere and loses nothing (1.0.5, FIRST-3, FIRST-4.2, FIRST-6, EVAL-6.1)."""

import pytest

from broker.rules import facts as f
from broker.rules.hall import Ticket, TicketState
from broker.rules.views import views
from contracts import messages as m
from contracts.topics import Topics
from contracts.values import CounterPhase, GroupId, HallId, HallPhase, Refusal, StaffNo, TaskKind, VisitorClass
from sim.rules_day import RulesDay, hall_text, refusal

HALL = HallId("yongan")


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at nine: S101 at W02 (A), S102 at W03 (A), S114 at W10 (F), S103 at W01 (A, B, F)."""
    opened = RulesDay(hall_text("demo-hall"))
    for counter, staff in (("W02", "S101"), ("W03", "S102"), ("W10", "S114"), ("W01", "S103")):
        opened.login(counter, staff)
    opened.at("09:00")
    return opened


def phase(day: RulesDay) -> HallPhase:
    """The part of the day the hall is in."""
    return day.hall.phase


def board(day: RulesDay, counter: str) -> m.CounterBoard:
    """What the public sees of a counter."""
    state = views(day.hall, HALL)[f"{Topics(HALL).root}/board/counter/{counter}"]
    assert isinstance(state, m.CounterBoard)
    return state


def desk(day: RulesDay, counter: str) -> m.DeskState:
    """What the terminal of a counter sees."""
    state = views(day.hall, HALL)[f"{Topics(HALL).root}/desk/{counter}"]
    assert isinstance(state, m.DeskState)
    return state


def chain(ticket: Ticket) -> list[str]:
    """Everybody who had the visitor."""
    return list(ticket.chain)


def first(ticket: Ticket) -> tuple[str | None, str | None]:
    """First asker and first handler."""
    return ticket.first_asker, ticket.first_handler


def served(day: RulesDay, counter: str = "W02", *, care: bool = False) -> Ticket:
    """A ticket of group A being served."""
    ticket = day.take("A", care=care)
    assert day.call(counter) == ticket.no
    day.start(counter)
    return ticket


# --- Transfer ------------------------------------------------------------------------------------------------------------


def test_transfer_keeps_claims_since_and_first_handler(day: RulesDay) -> None:
    """1.0.5: SERVING -> WAITING in another group, with transferred_from; nothing else about the visitor changes."""
    ticket = served(day, care=True)
    before = (ticket.claims, ticket.since, ticket.issued_at, ticket.first_handler, ticket.sequence)
    day.at("09:20")
    day.transfer("W02", "F")
    assert (ticket.state, ticket.group, ticket.transferred_from) == (TicketState.WAITING, "F", "A")
    assert (ticket.claims, ticket.since, ticket.issued_at, ticket.first_handler, ticket.sequence) == before
    assert desk(day, "W02").phase is CounterPhase.FREE
    assert {group: n for group, n in day.hall.waiting.items() if n} == {"F": 1}


def test_transferred_visitor_is_called_by_points_since_the_issue(day: RulesDay) -> None:
    """They wait with the age they have: before everybody of the new group who came later."""
    ticket = served(day)
    day.at("09:10")
    day.take("F")
    day.at("09:20")
    day.transfer("W02", "F")
    assert day.call("W10") == ticket.no
    assert board(day, "W10").continued
    day.serve("W10")
    assert (ticket.first_handler, ticket.chain) == ("S101", ("S101", "S114"))


def test_first_counter_is_nothing_continued(day: RulesDay) -> None:
    """voice.transfer is only said where the visitor was somewhere else before."""
    served(day)
    assert not board(day, "W02").continued


def test_long_session_is_rated_short_one_is_not(day: RulesDay) -> None:
    """EVAL-6.1: a session handed on has a window of its own if it lasted 60 s."""
    served(day)
    day.at("09:00:59")
    day.transfer("W02", "F")
    assert not day.hall.windows
    ticket = served(day)
    day.at("09:01:59")
    day.transfer("W02", "F")
    assert list(day.hall.windows) == [f"{ticket.id}/s1"]
    assert desk(day, "W02").arm_until == day.time("09:02:59")
    day.do("PAD-W02", m.RatingSubmitted, session=f"{ticket.id}/s1", level=5)
    day.at("09:05")
    for _ in range(2):
        day.call("W10")
        session = day.serve("W10")
    assert session == f"{ticket.id}/s2"
    day.do("PAD-W10", m.RatingSubmitted, session=session, level=1)


def test_shortest_rated_session_is_configured() -> None:
    """Every time is the hall's own (0.4)."""
    day = RulesDay(hall_text("demo-hall").replace("[params.rating]", "[params.rating]\nmin_session_s = 5"))
    day.login("W02", "S101")
    day.login("W10", "S114")
    day.at("09:00")
    served(day)
    day.at("09:00:05")
    day.transfer("W02", "F")
    assert day.hall.windows


def test_transfer_needs_somebody_who_can(day: RulesDay) -> None:
    """FIRST-4.2: to a group nobody able is logged in for it is refused, and the visitor stays where they are."""
    ticket = served(day)
    decision = day.ask("TRM-W02", m.TransferRequested, call=day.call_id("W02"), group="D")
    assert refusal(decision) is Refusal.NO_OPEN_COUNTER
    assert ticket.state is TicketState.SERVING
    day.login("W07", "S108")
    tax = day.ask("TRM-W02", m.TransferRequested, call=day.call_id("W02"), group="D", service="SV13")
    assert refusal(tax) is Refusal.NO_OPEN_COUNTER
    day.transfer("W02", "D", "SV11")
    assert day.call("W07") == ticket.no


def test_paused_counter_is_open(day: RulesDay) -> None:
    """Its clerk is here and comes back."""
    day.do("TRM-W10", m.PauseRequested)
    day.login("W01", "S103")
    served(day)
    day.transfer("W02", "F")


def test_transferred_ticket_keeps_the_hall_open(day: RulesDay) -> None:
    """EXT-3.3: it is live until it is served."""
    day.at("17:29")
    ticket = served(day)
    day.at("17:40")
    day.transfer("W02", "F")
    assert phase(day) is HallPhase.AFTER_CLOSING
    assert day.call_and_serve("W10") == ticket.no
    assert phase(day) is HallPhase.CLOSED


def test_numbers_of_the_new_group_are_not_touched(day: RulesDay) -> None:
    """Words 3.2: the number stays A001; the next of group F is F001."""
    served(day)
    day.transfer("W02", "F")
    assert day.take("F").no == "F001"
    assert day.take("A").no == "A002"


def test_third_transfer_without_being_served_is_brought_to_notice(day: RulesDay) -> None:
    """FIRST-6: a chain of three opens a task; it ends when the visitor is served at last."""
    ticket = served(day)
    for counter, group, following in (("W02", "F", "W10"), ("W10", "A", "W02")):
        day.transfer(counter, group)
        assert day.call(following) == ticket.no
        day.start(following)
    assert not day.hall.tasks.open
    day.transfer("W02", "F")
    (task,) = day.hall.tasks.of(TaskKind.TRANSFER_CHAIN)
    assert (task.ticket, task.values) == (ticket.id, {"no": ticket.no})
    assert task.asks(day.hall.in_force.staff[StaffNo("S002")].id, "duty_leader")
    assert task.asks(StaffNo("S999"), "inspector"), "a clue (FIRST-6)"
    day.call("W10")
    day.serve("W10")
    day.let_time_pass()
    assert not day.hall.tasks.open


# --- Lead ----------------------------------------------------------------------------------------------------------------


def test_lead_is_complete_only_when_the_other_counter_accepts(day: RulesDay) -> None:
    """FIRST-4.2: until then the first one keeps the visitor; chain S004 -> S101 -> S114, first asker and handler stay."""
    ticket = day.enter("A", actor="S004")
    day.call("W02")
    day.start("W02")
    day.at("09:30")
    day.lead("W02", "W10")
    assert (desk(day, "W02").leads_to, desk(day, "W10").led_here) == ("W10", (ticket.no,))
    assert desk(day, "W02").ticket == ticket.no
    assert chain(ticket) == ["S004", "S101"]
    day.at("09:31")
    assert day.accept("W10") == ticket.no
    assert chain(ticket) == ["S004", "S101", "S114"]
    assert first(ticket) == ("S004", "S101")
    assert (ticket.state, ticket.group, ticket.transferred_from) == (TicketState.SERVING, "F", "A")
    assert (desk(day, "W02").phase, desk(day, "W10").phase) == (CounterPhase.FREE, CounterPhase.SERVING)
    assert (desk(day, "W02").leads_to, desk(day, "W10").led_here) == (None, ())


def test_machine_alone_makes_no_first_asker(day: RulesDay) -> None:
    """FIRST-3.1: without an inquiry it is the first counter that served."""
    ticket = day.take("A")
    assert first(ticket)[0] is None
    day.call("W02")
    assert first(ticket)[0] is None
    day.start("W02")
    assert first(ticket) == ("S101", "S101")


def test_first_handler_is_never_overwritten(day: RulesDay) -> None:
    """FIRST-3.2: written at the first service.started, whatever follows: hold, transfer, lead, no-show and return."""
    ticket = served(day)
    day.hold("W02")
    day.login("W02", "S101")
    day.at("09:11")
    assert day.call("W03") == ticket.no
    day.start("W03")
    day.transfer("W03", "F")
    day.call("W10")
    day.miss("W10")
    day.reactivate(ticket)
    day.call("W10")
    day.start("W10")
    day.lead("W10", "W01")
    day.accept("W01")
    assert first(ticket) == ("S101", "S101")
    assert ticket.chain == ("S101", "S102", "S114", "S103")


def test_led_session_is_rated_at_both_counters(day: RulesDay) -> None:
    """EVAL-6.1, D10: one session is one counter; the first ends when the second begins."""
    ticket = served(day)
    day.at("09:02")
    day.lead("W02", "W10")
    day.at("09:03")
    day.accept("W10")
    assert desk(day, "W02").arm_until == day.time("09:04")
    day.do("PAD-W02", m.RatingSubmitted, session=f"{ticket.id}/s1", level=4)
    assert day.finish("W10") == f"{ticket.id}/s2"


def test_own_group_is_kept_where_the_new_counter_serves_it(day: RulesDay) -> None:
    """To a colleague of the same group: nothing but the person changes."""
    ticket = day.take("A", service="SV05")
    day.call("W02")
    day.start("W02")
    day.lead("W02", "W03")
    day.accept("W03")
    assert (ticket.group, ticket.service, ticket.transferred_from) == ("A", "SV05", None)


def test_leading_counter_takes_the_visitor_back(day: RulesDay) -> None:
    """Nobody came to fetch them; they are served on, and the other counter sees nothing any more."""
    served(day)
    day.lead("W02", "W10")
    day.do("TRM-W02", m.LeadEndRequested, call=day.call_id("W02"))
    assert desk(day, "W10").led_here == ()
    assert refusal(day.ask("TRM-W10", m.LeadAcceptRequested)) is Refusal.NOT_LED
    day.finish("W02")


def test_lead_to_another_counter_replaces_the_first(day: RulesDay) -> None:
    """A visitor is on the way to one place; saying it twice changes nothing."""
    served(day)
    day.lead("W02", "W10")
    assert not day.do("TRM-W02", m.LeadRequested, call=day.call_id("W02"), to="W10").facts
    day.lead("W02", "W03")
    assert (desk(day, "W10").led_here, desk(day, "W03").led_here) == ((), ("A001",))


def test_several_led_visitors_are_taken_in_order(day: RulesDay) -> None:
    """The one announced longest first, or the one named."""
    first, second = served(day, "W02"), served(day, "W03")
    day.lead("W03", "W10")
    day.lead("W02", "W10")
    assert desk(day, "W10").led_here == (second.no, first.no)
    day.do("TRM-W10", m.LeadAcceptRequested, ticket=first.id)
    day.finish("W10")
    assert day.accept("W10") == second.no


@pytest.mark.parametrize("way", ["finish", "hold", "transfer"])
def test_lead_ends_with_whatever_else_the_first_counter_does(day: RulesDay, way: str) -> None:
    """The ticket is in one place; no lead outlives it."""
    served(day)
    day.lead("W02", "W10")
    if way == "finish":
        day.finish("W02")
    elif way == "hold":
        day.hold("W02")
    else:
        day.transfer("W02", "F")
    assert not day.hall.course.leads


def test_lead_to_a_counter_that_closes_comes_back(day: RulesDay) -> None:
    """FIRST-4.2: the receiving counter closed: the first one has the visitor and is told so at once."""
    served(day)
    day.lead("W02", "W10")
    day.login("W10", "S114")
    day.let_time_pass()
    assert any(isinstance(one.fact, f.LeadEnded) and one.fact.why == "closed" for one in day.facts)
    assert desk(day, "W02").leads_to is None


def test_chain_counts_leads_and_transfers_alike(day: RulesDay) -> None:
    """FIRST-6: three hand-overs of whatever kind."""
    ticket = served(day)
    day.lead("W02", "W10")
    day.accept("W10")
    day.transfer("W10", "A")
    assert day.call("W03") == ticket.no
    day.start("W03")
    day.lead("W03", "W01")
    assert not day.hall.tasks.open
    day.accept("W01")
    assert [one.kind for one in day.hall.tasks.open.values()] == [TaskKind.TRANSFER_CHAIN]


def test_busy_counter_accepts_later(day: RulesDay) -> None:
    """The visitor waits at the first counter's expense, not on nobody's desk (I3)."""
    day.take("F")
    day.call("W10")
    day.start("W10")
    served(day)
    day.lead("W02", "W10")
    assert refusal(day.ask("TRM-W10", m.LeadAcceptRequested)) is Refusal.COUNTER_BUSY
    day.finish("W10")
    day.accept("W10")


def test_led_ticket_held_there_is_resumed_there(day: RulesDay) -> None:
    """What the receiving counter holds it can go on with: the ticket is of its group now."""
    ticket = served(day)
    day.lead("W02", "W10")
    day.accept("W10")
    day.hold("W10")
    day.resume_held("W10")
    assert day.call("W10") == ticket.no
    assert ticket.group == GroupId("F")
    assert VisitorClass.NORMAL in {one.visitor_class for one in ticket.claims}
