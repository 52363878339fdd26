"""延时服务 (EXT-1, EXT-2, EXT-4, D8): served on after hours, handed on by a clerk who cannot stay."""

import pytest

from broker.rules import facts as f
from broker.rules.hall import TicketState
from broker.rules.views import views
from contracts import messages as m
from contracts.topics import Topics
from contracts.values import CounterId, HallId, HallPhase, Refusal, StaffNo, TaskKind, VisitorClass
from sim.rules_day import RulesDay, hall_text, refusal

HALL = HallId("yongan")
REASON = f.ExtensionReason


@pytest.fixture
def day() -> RulesDay:
    """The demo hall before opening."""
    return RulesDay(hall_text("demo-hall"))


def desk(day: RulesDay, counter: str) -> m.DeskState:
    """What the terminal shows."""
    found = views(day.hall, HALL)[Topics(HALL).desk(CounterId(counter))]
    assert isinstance(found, m.DeskState)
    return found


def board(day: RulesDay, counter: str) -> m.CounterBoard:
    """What the sign shows."""
    found = views(day.hall, HALL)[Topics(HALL).counter_board(CounterId(counter))]
    assert isinstance(found, m.CounterBoard)
    return found


def hall_board(day: RulesDay) -> m.HallBoard:
    """What the main board shows."""
    found = views(day.hall, HALL)[Topics(HALL).hall_board]
    assert isinstance(found, m.HallBoard)
    return found


def began(day: RulesDay) -> list[f.ExtensionBegan]:
    """Every extension so far."""
    return [one.fact for one in day.facts if isinstance(one.fact, f.ExtensionBegan)]


def closed(day: RulesDay) -> bool:
    """Whether the last visitor has been served."""
    return day.hall.phase is HallPhase.CLOSED


def serving(day: RulesDay, counter: str, staff: str, clock: str, group: str, **fields: object) -> str:
    """A visitor is being served at this counter since then; the number."""
    day.at("09:00")
    day.login(counter, staff)
    day.at(clock)
    ticket = day.take(group, **fields)  # type: ignore[arg-type]
    day.call(counter)
    day.start(counter)
    return ticket.no


def test_session_becomes_extended_at_the_closing_second(day: RulesDay) -> None:
    """EXT-1, EXT-2: D001 at W08 17:12-18:05: extended since 17:30:00 by itself, by S111, reason current."""
    no = serving(day, "W08", "S111", "17:12", "D")
    day.at("17:29:59")
    assert not board(day, "W08").extended
    assert not hall_board(day).extended
    day.at("17:30")
    assert board(day, "W08").extended
    assert desk(day, "W08").extended
    assert hall_board(day).extended
    (fact,) = began(day)
    assert (fact.ticket, fact.staff, fact.since, fact.reason) == (
        f"2026-03-10/{no}",
        "S111",
        day.time("17:30"),
        REASON.CURRENT,
    )
    day.at("18:05")
    day.finish("W08")
    assert not board(day, "W08").extended
    assert day.hall.phase is HallPhase.CLOSED


def test_session_over_noon_is_extended_until_it_ends(day: RulesDay) -> None:
    """D8: at 12:00 the current one is finished, W07 until 12:09; those who wait come first at 13:30."""
    serving(day, "W07", "S108", "11:40", "D")
    waiting = [day.take("D").no for _ in range(4)]
    day.at("12:00")
    assert began(day)[0].since == day.time("12:00")
    assert board(day, "W07").extended
    day.at("12:09")
    day.finish("W07")
    assert refusal(day.try_call("W07")) is Refusal.NOON_BREAK
    day.at("13:31")
    assert [day.call_and_serve("W07") for _ in range(4)] == waiting


def test_session_that_runs_into_the_afternoon_is_extended_no_more(day: RulesDay) -> None:
    """EXT-1: after hours only; from 13:30 on it is an ordinary session."""
    serving(day, "W07", "S108", "11:40", "D")
    day.at("13:30")
    assert not board(day, "W07").extended
    assert not hall_board(day).extended


def test_service_that_was_away_at_closing_counts_from_closing(day: RulesDay) -> None:
    """EXT-2: starts at the closing second, whenever the service hears of it."""
    serving(day, "W08", "S111", "17:12", "D")
    day.now = day.time("17:45")
    day.let_time_pass()
    assert [one.since for one in began(day)] == [day.time("17:30")]


def test_reasons_of_the_ledger(day: RulesDay) -> None:
    """EXT-2: called before the end is current, held a ticket is waiting, green is green."""
    day.login("W02", "S101")
    day.at("17:29")
    called, waiting = day.take("A"), day.take("A")
    green = day.enter(actor="S002", group="A", visitor_class=VisitorClass.GREEN, project="YA2026-007")
    day.call("W02")
    first = day.hall.desks[CounterId("W02")].ticket
    day.at("17:31")
    day.serve("W02")
    day.call_and_serve("W02")
    day.call_and_serve("W02")
    reasons = {one.ticket: one.reason for one in began(day)}
    assert first == green.id, "it has a head start of 15 points"
    assert reasons == {green.id: REASON.GREEN, called.id: REASON.WAITING, waiting.id: REASON.WAITING}


def test_called_before_closing_is_current(day: RulesDay) -> None:
    """EXT-2: the visitor was called in hours and sat down after them."""
    day.login("W02", "S101")
    day.at("17:29:50")
    day.take("A")
    day.call("W02")
    day.at("17:30:10")
    day.start("W02")
    assert [(one.since, one.reason) for one in began(day)] == [(day.time("17:30:10"), REASON.CURRENT)]


def test_ticket_of_the_last_second_is_served(day: RulesDay) -> None:
    """EXT-3.2: issued at 17:29:58 and served at 18:20."""
    day.login("W02", "S101")
    day.at("17:29:58")
    ticket = day.take("A")
    day.at("18:20")
    assert day.call_and_serve("W02") == ticket.no
    assert day.hall.phase is HallPhase.CLOSED


def test_noon_service_lets_call_through_the_break(day: RulesDay) -> None:
    """D8: the duty leader presses 午间延时; sessions begun at noon are extended from their start."""
    day.login("W02", "S101")
    day.at("11:59")
    first = day.take("A")
    day.at("12:00")
    assert refusal(day.try_call("W02")) is Refusal.NOON_BREAK
    day.do("OPS-01", m.NoonServiceRequested, actor="S002")
    assert hall_board(day).noon_service
    day.at("12:05")
    assert day.call("W02") == first.no
    day.start("W02")
    assert [(one.since, one.reason) for one in began(day)] == [(day.time("12:05"), REASON.WAITING)]
    day.advance(day.hall.today.over)
    assert not day.hall.service_day.noon_service, "it is today's noon only"


# --- A clerk who cannot stay ---------------------------------------------------------------------------------------------


def refuses(day: RulesDay, counter: str = "W07") -> None:
    """Press 无法延时."""
    day.do(f"TRM-{counter}", m.ExtensionRefusalRequested, reason="接孩子")


def test_w07_hands_over_to_s109(day: RulesDay) -> None:
    """EXT-4, the example: 17:31 S108 refuses (接孩子), S109 takes over at W07 at 17:34."""
    no = serving(day, "W07", "S108", "17:20", "D", service="SV11")
    assert not desk(day, "W07").goes_home
    day.at("17:31")
    assert desk(day, "W07").goes_home
    refuses(day)
    ticket = day.hall.tickets[day.facts[-2].fact.ticket]  # type: ignore[attr-defined]
    assert ticket.state is TicketState.HELD
    assert not desk(day, "W07").goes_home
    assert not closed(day)
    (task,) = day.hall.tasks.of(TaskKind.EXTENSION_REFUSED)
    assert task.ladder[0].roles == ("duty_leader",), "S108 is the chief of ZR himself (CREP-4.0)"
    assert task.values == {"w": "7", "no": no, "suggested": "S109"}
    day.do("OPS-01", m.ExtensionAssignRequested, actor="S002", ticket=ticket.id, to="S109")
    assert not day.hall.tasks.of(TaskKind.EXTENSION_REFUSED)
    day.login("W07", "S108")  # the same card again: he leaves
    day.at("17:34")
    day.login("W07", "S109")
    assert day.call("W07") == no
    day.start("W07")
    assert began(day)[-1].staff == "S109"
    day.at("18:00")
    day.finish("W07")
    assert closed(day)


def test_whoever_is_picked_at_another_counter_gets_the_visitor_there(day: RulesDay) -> None:
    """EXT-4: the ticket resumes where that person sits, before all others there."""
    no = serving(day, "W02", "S101", "17:20", "A")
    day.login("W03", "S102")
    other = day.take("A").no
    day.at("17:31")
    refuses(day, "W02")
    ticket = day.hall.service_day.refused
    (held,) = ticket
    day.do("OPS-01", m.ExtensionAssignRequested, actor="S002", ticket=held, to="S102")
    assert day.call_and_serve("W03") == no
    assert day.call_and_serve("W03") == other


def test_ladder_goes_head_leader_manager(day: RulesDay) -> None:
    """EXT-4: the chief representative of the clerk's department, after 5 min the duty leader, then the manager."""
    serving(day, "W07", "S109", "17:20", "D")
    day.at("17:31")
    refuses(day)
    (task,) = day.hall.tasks.of(TaskKind.EXTENSION_REFUSED)
    assert task.ladder[0].staff == ("S108",)
    day.at("17:35:59")
    assert task.level == 0
    day.at("17:36")
    assert task.level == 1
    assert task.ladder[1].roles == ("duty_leader",)
    assert task.ladder[2].roles == ("manager",)


def test_window_head_picks(day: RulesDay) -> None:
    """EXT-4: who was asked may pick."""
    serving(day, "W07", "S109", "17:20", "D")
    day.at("17:31")
    refuses(day)
    (held,) = day.hall.service_day.refused
    day.do("OPS-01", m.ExtensionAssignRequested, actor="S108", ticket=held, to="S108")
    assert day.hall.service_day.refused[held].to == StaffNo("S108")


def test_pick_waits_for_the_person_to_come(day: RulesDay) -> None:
    """EXT-4: S109 is at home when picked; the visitor stays held until that card is presented."""
    serving(day, "W07", "S108", "17:20", "D", service="SV11")
    day.at("17:31")
    refuses(day)
    (held,) = day.hall.service_day.refused
    day.do("OPS-01", m.ExtensionAssignRequested, actor="S002", ticket=held, to="S109")
    assert day.hall.tickets[held].state is TicketState.HELD
    day.login("W07", "S108")
    day.login("W07", "S109")
    assert day.hall.tickets[held].state is TicketState.WAITING


def test_task_ends_with_its_visitor(day: RulesDay) -> None:
    """A visitor who is taken up again by the same clerk needs nobody else."""
    serving(day, "W07", "S108", "17:20", "D")
    day.at("17:31")
    refuses(day)
    day.do("TRM-W07", m.HeldResumeRequested)
    day.let_time_pass()
    assert not day.hall.tasks.of(TaskKind.EXTENSION_REFUSED)


def test_task_stays_when_the_visitor_is_let_go_into_an_empty_line(day: RulesDay) -> None:
    """EXT-4: S108 has gone, nobody came; after ten minutes D001 waits in its group, and the leader is still asked for it."""
    no = serving(day, "W07", "S108", "17:20", "D", service="SV11")
    day.at("17:31")
    refuses(day)
    day.login("W07", "S108")
    day.at("17:45")
    (case,) = day.hall.service_day.refused
    assert day.hall.tickets[case].state is TicketState.WAITING
    (task,) = day.hall.tasks.of(TaskKind.EXTENSION_REFUSED)
    assert task.level == 1
    day.do("OPS-01", m.ExtensionAssignRequested, actor="S001", ticket=case, to="S109")
    day.login("W07", "S109")
    assert day.call_and_serve("W07") == no


def test_midnight_ends_what_nobody_took_over(day: RulesDay) -> None:
    """1.0.5: every ticket ends, also a held one whose task nobody took."""
    serving(day, "W07", "S108", "17:20", "D")
    day.at("17:31")
    refuses(day)
    (held,) = day.hall.service_day.refused
    day.advance(day.hall.today.over)
    ends = [one.fact.reason for one in day.facts if isinstance(one.fact, f.TicketCancelled) and one.fact.ticket == held]
    assert ends == ["day_over"]
    assert not day.hall.service_day.refused
