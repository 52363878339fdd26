"""挂起 and 恢复办理: put aside at a counter, taken up there before all others, never forgotten (1.0.4, 1.0.5)."""

import pytest

from broker.rules import facts as f
from broker.rules.hall import Ticket, TicketState
from broker.rules.views import views
from contracts import messages as m
from contracts.topics import Topics
from contracts.values import CounterPhase, GroupId, HallId, HallPhase, Refusal, VisitorClass
from sim.rules_day import RulesDay, hall_text, refusal

HALL = HallId("yongan-small")


@pytest.fixture
def day() -> RulesDay:
    """The small hall at nine: W01 can do everything, W02 group A, W03 group B."""
    opened = RulesDay(hall_text("demo-small"))
    for counter, staff in (("W01", "S101"), ("W02", "S102"), ("W03", "S103")):
        opened.login(counter, staff)
    opened.at("09:00")
    return opened


def phase(day: RulesDay) -> HallPhase:
    """The part of the day the hall is in."""
    return day.hall.phase


def state(ticket: Ticket) -> TicketState:
    """Where a ticket is in its life."""
    return ticket.state


def desk(day: RulesDay, counter: str) -> m.DeskState:
    """What the terminal of a counter sees."""
    state = views(day.hall, HALL)[f"{Topics(HALL).root}/desk/{counter}"]
    assert isinstance(state, m.DeskState)
    return state


def last_call(day: RulesDay) -> f.TicketCalled:
    """The last call that was made."""
    return next(one.fact for one in reversed(day.facts) if isinstance(one.fact, f.TicketCalled))


def held_from_service(day: RulesDay, counter: str = "W02") -> Ticket:
    """A ticket of group A whose service was interrupted."""
    ticket = day.take("A")
    assert day.call(counter) == ticket.no
    day.start(counter)
    day.hold(counter)
    return ticket


def test_held_ticket_frees_the_counter_and_is_live(day: RulesDay) -> None:
    """1.0.5: SERVING -> HELD; the counter calls the next, the terminal lists who is aside, nobody else can call them."""
    ticket, following = held_from_service(day), day.take("A")
    assert state(ticket) is TicketState.HELD
    assert desk(day, "W02").held == (ticket.no,)
    assert desk(day, "W02").phase is CounterPhase.FREE
    assert day.call("W02") == following.no
    assert day.call("W01") is None
    assert day.hall.live == 2


def test_called_visitor_can_be_held_too(day: RulesDay) -> None:
    """1.0.5: CALLED -> HELD, and no session has begun."""
    ticket = day.take("A")
    day.call("W02")
    day.hold("W02")
    fact = day.facts[-1].fact
    assert fact == f.TicketHeld(ticket=ticket.id, call=last_call(day).call, counter=last_call(day).counter)
    assert ticket.sessions == 0


def test_resumed_ticket_comes_first_at_its_own_counter_alone(day: RulesDay) -> None:
    """1.0.4: highest tier, reason resumed, before urgent; to other counters it does not exist."""
    ticket = held_from_service(day)
    urgent = day.enter(actor="S002", visitor_class=VisitorClass.URGENT, project="YA2026-011", approved_by="S002")
    day.resume_held("W02")
    assert state(ticket) is TicketState.WAITING
    assert desk(day, "W02").waiting == 2
    assert desk(day, "W01").waiting == 1
    assert day.call("W01") == urgent.no
    other = day.enter(actor="S002", visitor_class=VisitorClass.URGENT, project="YA2026-011", approved_by="S002")
    assert day.call("W02") == ticket.no
    call = last_call(day)
    assert (call.tier, call.call) == (f.Tier.RESUMED, f"{ticket.id}/c2")
    assert [one.ticket for one in call.compared] == [ticket.id, other.id]


def test_who_put_somebody_aside_goes_on_with_them_though_the_counter_serves_other_groups_by_now(day: RulesDay) -> None:
    """1.0.5 (storm seed 102): held at W03 while it covered W01; the cover ends, the clerk serves the visitor to the end."""
    day.pause("W01")
    day.cover("W03", "W01")
    ticket = held_from_service(day, "W03")
    day.end_cover("W03")
    day.resume("W01")
    day.at("09:30")
    assert state(ticket) is TicketState.HELD, "not given back: somebody sits there who can go on"
    day.resume_held("W03")
    assert day.call("W03") == ticket.no


def test_several_are_called_in_the_order_of_resuming(day: RulesDay) -> None:
    """1.0.4: not by points, not by the order of holding."""
    first, second, third = (held_from_service(day) for _ in range(3))
    for one in (second, third, first):
        day.at(f"09:0{1 + [second, third, first].index(one)}")
        day.resume_held("W02", one)
    assert [day.call_and_serve("W02") for _ in range(3)] == [second.no, third.no, first.no]


def test_resuming_without_a_number_takes_the_one_held_longest(day: RulesDay) -> None:
    """The key alone is enough while one visitor is aside."""
    first, second = held_from_service(day), held_from_service(day)
    day.resume_held("W02")
    assert desk(day, "W02").held == (second.no,)
    assert day.call("W02") == first.no


def test_class_given_while_resumed_keeps_the_place(day: RulesDay) -> None:
    """In order of resuming, whatever becomes of the claims meanwhile."""
    first, second = held_from_service(day), held_from_service(day)
    day.resume_held("W02", first)
    day.resume_held("W02", second)
    day.change_class(first)
    assert day.call("W02") == first.no


def test_visit_is_rated_once_when_it_is_over(day: RulesDay) -> None:
    """EVAL-6.1, decision 20: the interrupted part arms no pad, the end does."""
    ticket = held_from_service(day)
    day.at("09:05")
    assert not day.hall.windows
    day.resume_held("W02")
    day.call("W02")
    session = day.serve("W02")
    assert session == f"{ticket.id}/s2"
    assert list(day.hall.windows) == [session]
    assert state(ticket) is TicketState.DONE


def test_resumed_visitor_who_does_not_come_is_a_no_show(day: RulesDay) -> None:
    """D9 holds for every call; from there the ordinary line is the only way back."""
    ticket = held_from_service(day)
    day.resume_held("W02")
    day.call("W02")
    day.miss("W02")
    day.reactivate(ticket)
    assert day.call("W01") == ticket.no
    assert last_call(day).tier is f.Tier.SCORE


def test_hall_stays_open_for_whoever_is_held(day: RulesDay) -> None:
    """EXT-3.3: HELD is live; the hall closes when the held one is done."""
    day.at("17:20")
    ticket = held_from_service(day)
    day.at("17:45")
    assert phase(day) is HallPhase.AFTER_CLOSING
    day.resume_held("W02")
    assert day.call_and_serve("W02") == ticket.no
    assert phase(day) is HallPhase.CLOSED


def test_held_ticket_can_be_given_up(day: RulesDay) -> None:
    """1.0.5: by the guide for its holder, and after hours that closes the hall."""
    day.at("17:20")
    ticket = held_from_service(day)
    day.at("17:45")
    day.do("OPS-01", m.TicketCancelRequested, actor="S004", ticket=ticket.id, reason="改天再来")
    assert state(ticket) is TicketState.CANCELLED
    assert phase(day) is HallPhase.CLOSED
    assert not day.hall.course.held


def test_held_ticket_ends_with_the_day(day: RulesDay) -> None:
    """1.0.5: every ticket ends; at midnight at the latest."""
    ticket = held_from_service(day)
    day.advance(day.hall.today.over)
    assert f.TicketCancelled(ticket=ticket.id, reason="day_over") in [one.fact for one in day.facts]
    assert not day.hall.course.held


# --- The counter is left -------------------------------------------------------------------------------------------------


def test_ten_minutes_after_the_clerk_left_the_ticket_is_everybodys(day: RulesDay) -> None:
    """Decision 20: where it stood in its group, by its own since, for whoever can serve it."""
    ticket = held_from_service(day)
    since = ticket.since
    day.at("09:20")
    day.login("W02", "S102")
    day.at("09:29:59")
    assert state(ticket) is TicketState.HELD
    day.at("09:30")
    assert day.facts[-1].fact == f.HeldReleased(ticket=ticket.id, counter=last_call(day).counter)
    assert (ticket.state, ticket.since) == (TicketState.WAITING, since)
    assert day.call("W01") == ticket.no


def test_resumed_ticket_is_released_likewise(day: RulesDay) -> None:
    """It waits at a counter that nobody calls from any more."""
    ticket = held_from_service(day)
    day.resume_held("W02")
    day.login("W02", "S102")
    day.at("09:10")
    assert day.call("W01") == ticket.no
    assert day.hall.waiting[ticket.group] == 0


def test_whoever_takes_over_the_counter_goes_on_with_it(day: RulesDay) -> None:
    """The ticket belongs to the counter, not to the person."""
    ticket = held_from_service(day)
    day.login("W02", "S102")
    day.login("W01", "S101")
    day.login("W02", "S101")
    day.at("09:30")
    day.resume_held("W02")
    assert day.call("W02") == ticket.no


def test_somebody_without_the_skill_does_not_block_it() -> None:
    """1.0.4: qualified persons only; after a while it goes where it can be served."""
    day = RulesDay(hall_text("demo-hall"))
    day.login("W08", "S111")
    day.login("W07", "S108")
    day.at("09:00")
    ticket = day.take("D", service="SV13")
    day.call("W08")
    day.hold("W08")
    day.login("W08", "S111")
    day.login("W07", "S108")
    day.login("W08", "S108")
    assert refusal(day.ask("TRM-W08", m.HeldResumeRequested)) is Refusal.NOT_QUALIFIED
    day.at("09:10")
    assert state(ticket) is TicketState.WAITING
    assert day.call("W08") is None
    day.login("W08", "S108")
    day.login("W08", "S111")
    assert day.call("W08") == ticket.no


def test_pause_keeps_it(day: RulesDay) -> None:
    """A clerk on a short break comes back to it."""
    ticket = held_from_service(day)
    day.do("TRM-W02", m.PauseRequested)
    day.at("09:40")
    assert state(ticket) is TicketState.HELD


def test_counter_that_is_no_more_lets_go_at_once(day: RulesDay) -> None:
    """A configuration without W02: nobody will sit there again today."""
    ticket = held_from_service(day)
    text = hall_text("demo-small")
    gone = "\n".join(line for line in text.splitlines() if '"W02"' not in line)
    day.adopt(gone)
    day.let_time_pass()
    assert state(ticket) is TicketState.WAITING
    assert day.call("W01") == ticket.no


def test_emergency_stops_the_wait_for_the_clerk(day: RulesDay) -> None:
    """HALL-8.2: everybody is outside; ten minutes are ten minutes of the hall at work."""
    ticket = held_from_service(day)
    day.login("W02", "S102")
    day.record(f.EmergencyBegan(actor=day.hall.in_force.config.staff[1].id))
    day.at("09:40")
    assert state(ticket) is TicketState.HELD
    day.record(f.EmergencyEnded(actor=day.hall.in_force.config.staff[1].id))
    day.at("09:49:59")
    assert state(ticket) is TicketState.HELD
    day.at("09:50")
    assert state(ticket) is TicketState.WAITING


def test_wait_for_the_clerk_is_configured() -> None:
    """Every time is the hall's own (0.4)."""
    day = RulesDay(hall_text("demo-small").replace("[params.queue]", "[params.queue]\nheld_release_min = 3"))
    day.login("W02", "S102")
    day.at("09:00")
    ticket = held_from_service(day)
    day.login("W02", "S102")
    day.at("09:03")
    assert state(ticket) is TicketState.WAITING


def test_held_over_noon_comes_first_in_the_afternoon(day: RulesDay) -> None:
    """D8: it waited since the morning, also if its clerk has gone to lunch and not come back."""
    day.at("11:50")
    ticket = held_from_service(day)
    day.login("W02", "S102")
    day.at("12:30")
    assert state(ticket) is TicketState.WAITING
    day.take("A", care=True)
    day.at("13:30")
    assert day.call("W01") == ticket.no
    assert last_call(day).tier is f.Tier.CARRIED_OVER


def test_counts_of_those_who_wait_stay_right(day: RulesDay) -> None:
    """The queue board counts a resumed ticket, not a held one."""
    held_from_service(day)
    group = GroupId("A")
    assert day.hall.waiting[group] == 0
    day.resume_held("W02")
    assert day.hall.waiting[group] == 1
    day.call("W02")
    assert day.hall.waiting[group] == 0
