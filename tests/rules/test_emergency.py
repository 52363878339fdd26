"""应急 (HALL-8.2): machines stop, nothing is called, every timer stands still, and afterwards nothing is lost."""

import pytest

from broker.rules import facts as f
from broker.rules.hall import LIVE
from broker.rules.hours import MINUTE
from broker.rules.views import views
from contracts import messages as m
from contracts.topics import Topics
from contracts.values import HallId, HallPhase, HallTime, Refusal, TaskKind
from sim.rules_day import RulesDay, hall_text, refusal

HALL = HallId("yongan")


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at ten in the morning, S101 at W02, S102 at W03."""
    day = RulesDay(hall_text("demo-hall"))
    day.login("W02", "S101")
    day.login("W03", "S102")
    day.at("10:00")
    return day


def begin(day: RulesDay, actor: str = "S002") -> None:
    """Both steps."""
    for confirmed in (False, True):
        day.do("OPS-01", m.EmergencyRequested, actor=actor, confirmed=confirmed)


def end(day: RulesDay, actor: str = "S002") -> None:
    """It is over."""
    day.do("OPS-01", m.EmergencyEndRequested, actor=actor)


def board(day: RulesDay) -> m.HallBoard:
    """What everybody sees."""
    found = views(day.hall, HALL)[Topics(HALL).hall_board]
    assert isinstance(found, m.HallBoard)
    return found


def test_first_step_alone_changes_nothing(day: RulesDay) -> None:
    """HALL-8.2: one press by mistake does not empty a hall."""
    day.do("OPS-01", m.EmergencyRequested, actor="S002")
    assert not board(day).emergency
    day.take("A")
    assert day.call("W02") == "A001"


@pytest.mark.parametrize("second", ["S002", "S001"])
def test_a_leader_confirms_within_a_minute(day: RulesDay, second: str) -> None:
    """The same leader or another one; the last second of the minute counts."""
    day.do("OPS-01", m.EmergencyRequested, actor="S002")
    day.at("10:01:00")
    day.do("OPS-01", m.EmergencyRequested, actor=second, confirmed=True)
    assert board(day).emergency
    assert day.hall.emergency_since == day.time("10:01")


def test_every_emergency_takes_two_steps(day: RulesDay) -> None:
    """The first step of the last one does not serve for the next."""
    begin(day)
    end(day)
    again = day.ask("OPS-01", m.EmergencyRequested, actor="S002", confirmed=True)
    assert refusal(again) is Refusal.CONFIRM_FIRST


def test_asking_twice_is_asking_once(day: RulesDay) -> None:
    """Neither a second beginning nor a second end is a fact."""
    begin(day)
    assert day.do("OPS-01", m.EmergencyRequested, actor="S001", confirmed=True).facts == ()
    end(day)
    assert day.do("OPS-01", m.EmergencyEndRequested, actor="S001").facts == ()


def test_emergency_from_ten_to_twelve_minutes_past(day: RulesDay) -> None:
    """HALL-8.2, the example: the clock of every timer stands still for those 12 minutes, points as well."""
    ticket = day.take("A")
    begin(day)
    q = day.hall.queue_clock(day.now)
    day.at("10:12")
    assert day.hall.queue_clock(day.now) == q
    end(day)
    assert day.hall.frozen == 12 * MINUTE
    assert day.hall.hall_time(HallTime(day.time("09:45") + 30 * MINUTE)) == day.time("10:27")
    day.at("10:13")
    assert day.call("W02") == ticket.no
    called = day.facts[-1].fact
    assert isinstance(called, f.TicketCalled)
    assert called.compared[0].points == 100 * MINUTE, "one minute before 10:00:00 and one after 10:12, not thirteen"


def test_recall_and_no_show_go_on_where_they_stood(day: RulesDay) -> None:
    """Timers of a call: 20 s to the recall, of which 15 had passed; nobody is missed for having left as told."""
    day.take("A")
    day.call("W02")
    day.at("10:00:15")
    begin(day)
    day.at("10:12:15")
    end(day)
    recall = m.RecallRequested
    assert refusal(day.ask("TRM-W02", recall, call=day.call_id("W02"))) is Refusal.TOO_SOON
    day.at("10:12:19")
    assert refusal(day.ask("TRM-W02", recall, call=day.call_id("W02"))) is Refusal.TOO_SOON
    day.at("10:12:20")
    assert refusal(day.ask("TRM-W02", recall, call=day.call_id("W02"))) is None


def test_ladder_of_a_task_stands_still(day: RulesDay) -> None:
    """EXT-3.5 under HALL-8.2: five minutes of the queue clock, not of the wall."""
    for _ in range(10):
        day.take("A")
    day.at("10:01")
    (task,) = day.hall.tasks.of(TaskKind.SURGE)
    assert task.opened_at == day.time("10:00")
    day.at("10:03")
    begin(day)
    day.at("10:30")
    assert task.level == 0
    end(day)
    day.at("10:31:59")
    assert task.level == 0
    day.at("10:32")
    assert task.level == 1


def test_sessions_in_service_may_finish(day: RulesDay) -> None:
    """Whoever is being served may finish, and no ticket is lost."""
    day.take("A")
    waiting = day.take("A")
    day.call("W02")
    day.start("W02")
    begin(day)
    day.at("10:05")
    day.finish("W02")
    assert refusal(day.try_call("W02")) is Refusal.EMERGENCY
    assert refusal(day.ask("TM-01", m.TicketRequested, group="A")) is Refusal.EMERGENCY
    day.at("10:12")
    end(day)
    assert day.call("W02") == waiting.no


def test_paper_and_ratings_do_not_wait_for_an_emergency(day: RulesDay) -> None:
    """Decision 22: a printer and a pad have clocks of their own, and neither calls anybody back into the hall."""
    ticket = day.press("A")
    day.take("A")
    day.call_and_serve("W02")
    begin(day)
    day.at("10:02")
    assert ticket.presumed
    assert not day.hall.windows


def test_no_ticket_is_lost_over_noon_and_closing(day: RulesDay) -> None:
    """An emergency over a bound of the day: the part of the day goes on by the wall, tickets stay."""
    first, second = day.take("A"), day.take("A")
    day.at("11:55")
    begin(day)
    day.at("12:20")
    assert board(day).phase is HallPhase.NOON
    assert board(day).emergency
    end(day)
    day.at("13:30")
    assert day.call_and_serve("W02") == first.no
    day.at("17:20")
    begin(day)
    day.at("17:40")
    assert board(day).phase is HallPhase.AFTER_CLOSING
    assert day.hall.service_day.proposed is None, "nobody is asked who stays while everybody leaves"
    end(day)
    day.let_time_pass()
    assert day.hall.service_day.proposed == ("W02",)
    day.at("17:41")
    assert day.call_and_serve("W02") == second.no
    assert day.hall.phase is HallPhase.CLOSED


def test_emergency_goes_on_over_midnight(day: RulesDay) -> None:
    """The day ends all tickets; the emergency is still on the next morning, and its queue clock still stands."""
    day.take("A")
    begin(day)
    day.advance(HallTime(day.time("23:59") + 10 * 60 * MINUTE))
    assert not any(one.state in LIVE for one in day.hall.tickets.values())
    assert board(day).emergency
    assert refusal(day.ask("TM-01", m.TicketRequested, group="A")) is Refusal.EMERGENCY
    end(day)
    day.take("A")


def test_restart_finds_the_same_emergency(day: RulesDay) -> None:
    """A service that starts again folds the same hall: emergency, first step and frozen time."""
    day.take("A")
    day.do("OPS-01", m.EmergencyRequested, actor="S002")
    assert day.folded().service_day.confirm_until == day.time("10:01")
    day.do("OPS-01", m.EmergencyRequested, actor="S002", confirmed=True)
    day.at("10:12")
    assert day.folded() == day.hall
    end(day)
    assert day.folded() == day.hall
