"""Surges (EXT-3.4, EXT-3.5), added counters, and the hint that more guides are needed (HALL-8.1)."""

from datetime import date, timedelta

import pytest

from broker.rules import facts as f
from broker.rules.hours import MINUTE
from broker.rules.service_day.pressure import arrivals_limit
from broker.rules.views import views
from contracts import messages as m
from contracts.topics import Topics
from contracts.values import CounterId, GroupId, HallId, HallTime, Refusal, TaskKind
from sim.rules_day import RulesDay, hall_text, refusal

HALL = HallId("yongan")
A = GroupId("A")


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at ten, with three counters for group A."""
    day = RulesDay(hall_text("demo-hall"))
    for counter, staff in (("W01", "S103"), ("W02", "S101"), ("W03", "S102")):
        day.login(counter, staff)
    day.at("09:59:30")
    return day


def facts(day: RulesDay, kind: type[f.Fact]) -> list[f.Recorded]:
    """Those of a kind, with their times."""
    return [one for one in day.facts if isinstance(one.fact, kind)]


def add(day: RulesDay, counter: str = "W12", group: str = "A", *, withdraw: bool = False) -> None:
    """The duty leader adds a counter."""
    day.do("OPS-01", m.CounterAddRequested, actor="S002", counter=counter, group=group, withdraw=withdraw)


def test_twelve_waiting_for_three_counters_is_a_surge(day: RulesDay) -> None:
    """EXT-3.4, the example: 12 x 15 / 3 = 60 min > 30; W12 is proposed and joins; the board names it."""
    day.login("W12", "S117")
    for _ in range(12):
        day.take("A")
    day.at("10:00")
    (raised,) = facts(day, f.SurgeRaised)
    assert raised.at == day.time("10:00")
    assert isinstance(raised.fact, f.SurgeRaised)
    assert (raised.fact.waiting, raised.fact.counters, raised.fact.minutes, raised.fact.proposed) == (12, 3, 60, "W12")
    (task,) = day.hall.tasks.of(TaskKind.SURGE)
    assert task.values == {"group": "企业开办与许可", "n": "12", "w": "12"}
    add(day)
    board = views(day.hall, HALL)[Topics(HALL).hall_board]
    assert isinstance(board, m.HallBoard)
    assert board.added == (m.AddedCounter(counter=CounterId("W12"), group=A, since=day.now),)
    assert day.call_and_serve("W12") == "A001"


def test_ladder_of_a_surge(day: RulesDay) -> None:
    """EXT-3.5: raised 10:00 for the duty leader; unacknowledged at 10:05 the window heads too, at 10:10 S001."""
    for _ in range(12):
        day.take("A")
    day.at("10:00")
    (task,) = day.hall.tasks.of(TaskKind.SURGE)
    assert (task.opened_at, task.ladder[0].roles, task.level) == (day.time("10:00"), ("duty_leader",), 0)
    day.at("10:05")
    assert task.level == 1
    assert (task.ladder[1].roles, task.ladder[1].staff) == (("duty_leader",), ("S101",))
    day.at("10:10")
    assert (task.level, task.ladder[2].roles) == (2, ("manager",))
    mine = [one.at for one in facts(day, f.TaskEscalated) if one.fact.task == task.id]  # type: ignore[attr-defined]
    assert mine == [day.time("10:05"), day.time("10:10")]


def test_acknowledged_surge_is_not_escalated(day: RulesDay) -> None:
    """EXT-3.5: somebody has taken it."""
    for _ in range(12):
        day.take("A")
    day.at("10:00")
    (task,) = day.hall.tasks.of(TaskKind.SURGE)
    day.do("OPS-01", m.TaskAckRequested, actor="S002", task=task.id)
    day.at("10:20")
    assert task.level == 0


def test_ten_waiting_are_many(day: RulesDay) -> None:
    """EXT-3.4: waiting >= 10 alone is a surge, whatever the catalogue says how short each takes; 9 of them are not."""
    text = hall_text("demo-hall")
    line = next(one for one in text.splitlines() if '"SV17"' in one and "avg_min" in one)
    day.adopt(text.replace(line, line.replace("avg_min = 4", "avg_min = 1")))
    day.login("W11", "S116")
    for _ in range(9):
        day.take("G")
    day.at("10:01")
    assert "G" not in day.hall.service_day.surging
    day.take("G")
    day.at("10:02")
    assert "G" in day.hall.service_day.surging


def test_half_an_hour_is_not_above_half_an_hour(day: RulesDay) -> None:
    """EXT-3.4: 6 x 15 / 3 is exactly 30 min, and not more."""
    for _ in range(6):
        day.take("A")
    day.at("10:05")
    assert not day.hall.service_day.surging
    day.do("TRM-W01", m.PauseRequested)
    day.at("10:06")
    assert "A" in day.hall.service_day.surging, "two counters are left: 45 min"


def test_surge_of_less_than_a_minute_is_none(day: RulesDay) -> None:
    """EXT-3.4: the test is made at the full minute; who has been called by then does not wait."""
    day.at("10:00:05")
    for _ in range(7):
        day.take("A")
    day.at("10:00:40")
    day.call("W02")
    day.at("10:02")
    assert not facts(day, f.SurgeRaised)


def test_nothing_is_tested_out_of_hours(day: RulesDay) -> None:
    """EXT-3.4: in opening hours; over noon nobody is called anyway, and at closing the plan takes over."""
    day.at("12:00:30")
    for _ in range(12):
        day.take("A")
    day.at("13:29:59")
    assert not facts(day, f.SurgeRaised)
    day.at("13:31")
    assert facts(day, f.SurgeRaised)
    day.at("17:30")
    assert not day.hall.tasks.of(TaskKind.SURGE)


def serve(day: RulesDay, n: int) -> None:
    """This many of group A are served in no time."""
    for _ in range(n):
        assert day.call_and_serve("W02")


def test_surge_clears_after_ten_minutes_below_half(day: RulesDay) -> None:
    """EXT-3.4: below half of every threshold (4 waiting, 10 min for 2 x 15 / 3) for ten minutes; its task ends by itself."""
    for _ in range(12):
        day.take("A")
    day.at("10:01:30")
    serve(day, 9)
    day.at("10:02:30")
    assert not facts(day, f.SurgeEased), "3 x 15 / 3 = 15 min is half of the threshold, not below"
    serve(day, 1)
    day.at("10:12:59")
    assert day.hall.tasks.of(TaskKind.SURGE)
    assert [one.at for one in facts(day, f.SurgeEased)] == [day.time("10:03")]
    day.at("10:13")
    assert [one.at for one in facts(day, f.SurgeCleared)] == [day.time("10:13")]
    assert not day.hall.tasks.of(TaskKind.SURGE)


def test_a_lull_is_not_the_end(day: RulesDay) -> None:
    """EXT-3.4: it must last ten minutes in one go."""
    for _ in range(12):
        day.take("A")
    day.at("10:00:30")
    serve(day, 10)
    day.at("10:08:30")
    for _ in range(3):
        day.take("A")
    day.at("10:12")
    assert [one.at for one in facts(day, f.SurgeReturned)] == [day.time("10:09")]
    assert "A" in day.hall.service_day.surging
    serve(day, 3)
    day.at("10:23")
    assert [one.at for one in facts(day, f.SurgeCleared)] == [day.time("10:22")]


# --- The arrivals test ---------------------------------------------------------------------------------------------------


def weeks(day: RulesDay, n: int, arrivals: int) -> RulesDay:
    """The same hall on a Tuesday ``n`` weeks later, on each of which so many came to B between 10:00 and 10:15."""
    for _ in range(n):
        day.at("10:01")
        for _ in range(arrivals):
            day.do("OPS-01", m.TicketCancelRequested, actor="S004", ticket=day.take("B").id, reason="left")
            day.advance(HallTime(day.now + 20_000))
        day.at("17:30")
        for _ in range(7):
            day.advance(day.hall.today.over)
        day.date += timedelta(weeks=1)
    return day


def test_arrivals_are_compared_with_four_weeks(day: RulesDay) -> None:
    """EXT-3.4: 2.0 x the average of the same weekday and quarter of an hour; the least that counts is 6."""
    weeks(day, 4, 4)
    assert day.date == date(2026, 4, 7)
    day.login("W04", "S105")
    day.login("W01", "S103")
    day.at("10:12")
    assert arrivals_limit(day.hall, GroupId("B"), day.now) == 8
    assert arrivals_limit(day.hall, GroupId("B"), day.time("10:22")) == 8, "the middle of its 15 minutes is 10:14:30"
    assert arrivals_limit(day.hall, GroupId("B"), day.time("10:23")) == 6
    assert arrivals_limit(day.hall, A, day.now) == 6
    for _ in range(7):
        day.take("B")
        day.call_and_serve("W04")
    day.at("10:13")
    assert not facts(day, f.SurgeRaised)
    day.at("10:13:10")
    day.take("B")
    day.call_and_serve("W04")
    day.at("10:14")
    (raised,) = facts(day, f.SurgeRaised)
    assert isinstance(raised.fact, f.SurgeRaised)
    assert (raised.fact.arrivals, raised.fact.arrivals_limit, raised.fact.waiting) == (8, 8, 0)
    day.at("10:40")
    assert [one.at for one in facts(day, f.SurgeEased)] == [day.time("10:27")], "15 min after the 4th last of 10:12"
    assert [one.at for one in facts(day, f.SurgeCleared)] == [day.time("10:37")]


def test_less_than_four_weeks_tell_nothing(day: RulesDay) -> None:
    """EXT-3.4: the arrivals test starts after four weeks of data."""
    weeks(day, 3, 4)
    assert arrivals_limit(day.hall, GroupId("B"), day.now) is None


def test_history_outlives_nights_and_restarts(day: RulesDay) -> None:
    """Design 5: a fold that starts at the last DayBegan knows the weeks before; older ones are forgotten."""
    weeks(day, 5, 4)
    began = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan))
    adopted = [one for one in day.facts if isinstance(one.fact, f.ConfigurationAdopted)]
    again = day.folded([*adopted, *day.facts[began:]])
    assert again.service_day == day.hall.service_day
    assert [one.date for one in again.service_day.history] == ["2026-03-17", "2026-03-24", "2026-03-31", "2026-04-07"]
    assert again.service_day.counted_from == "2026-03-10"


# --- Added counters ------------------------------------------------------------------------------------------------------


def test_withdrawn_counter_serves_its_own_groups_again(day: RulesDay) -> None:
    """EXT-3.4: W12 calls A while it helps out, and H always."""
    day.login("W12", "S117")
    add(day)
    ticket, own = day.take("A"), day.take("H")
    add(day, withdraw=True)
    assert day.call_and_serve("W12") == own.no
    assert refusal(day.try_call("W12")) is Refusal.NOBODY_WAITING
    assert day.call_and_serve("W02") == ticket.no


def test_adding_twice_is_adding_once(day: RulesDay) -> None:
    """Neither a second adding nor a second withdrawing is a fact."""
    add(day)
    add(day)
    add(day, withdraw=True)
    add(day, withdraw=True)
    assert (len(facts(day, f.CounterAdded)), len(facts(day, f.CounterWithdrawn))) == (1, 1)


def test_added_counter_is_for_today(day: RulesDay) -> None:
    """EXT-3.4: the next day begins with the configuration."""
    add(day)
    day.advance(day.hall.today.over)
    assert not day.hall.service_day.added


def test_proposal_without_a_standby_is_an_empty_counter(day: RulesDay) -> None:
    """EXT-3.4: group C has no standby counter; W06 stands empty and its B can open it."""
    day.login("W05", "S106")
    for _ in range(10):
        day.take("C")
    day.at("10:00")
    (raised,) = facts(day, f.SurgeRaised)
    assert isinstance(raised.fact, f.SurgeRaised)
    assert raised.fact.proposed == "W06"


# --- Guides --------------------------------------------------------------------------------------------------------------


def test_more_guides_are_suggested(day: RulesDay) -> None:
    """HALL-8.1: 21 wait and there is one guide; the duty leader is told, until 10 or fewer wait."""
    for n in range(21):
        day.take("ABCDEFGH"[n % 8])
    day.at("10:00")
    (wanted,) = facts(day, f.GuidesWanted)
    assert isinstance(wanted.fact, f.GuidesWanted)
    assert (wanted.fact.waiting, wanted.fact.guides) == (21, 1)
    (task,) = day.hall.tasks.of(TaskKind.HELP)
    assert task.ladder[0].roles == ("duty_leader",)
    tickets = list(day.hall.tickets.values())
    for ticket in tickets[:10]:
        day.do("OPS-01", m.TicketCancelRequested, actor="S004", ticket=ticket.id, reason="left")
    day.at("10:01")
    assert not facts(day, f.GuidesEnough)
    day.do("OPS-01", m.TicketCancelRequested, actor="S004", ticket=tickets[10].id, reason="left")
    day.at("10:02")
    assert facts(day, f.GuidesEnough)
    assert not day.hall.tasks.of(TaskKind.HELP)


def test_twenty_for_one_guide_are_not_too_many(day: RulesDay) -> None:
    """HALL-8.1: above 20, not from 20 on."""
    for n in range(20):
        day.take("ABCDEFGH"[n % 8])
    day.at("10:05")
    assert not facts(day, f.GuidesWanted)


def test_emergency_stops_the_test(day: RulesDay) -> None:
    """HALL-8.2: nobody opens a counter while everybody leaves; afterwards it is tested again."""
    for _ in range(12):
        day.take("A")
    for confirmed in (False, True):
        day.do("OPS-01", m.EmergencyRequested, actor="S002", confirmed=confirmed)
    day.advance(HallTime(day.now + 10 * MINUTE))
    assert not facts(day, f.SurgeRaised)
    day.do("OPS-01", m.EmergencyEndRequested, actor="S002")
    day.advance(HallTime(day.now + MINUTE))
    assert facts(day, f.SurgeRaised)


def test_surge_with_no_counter_to_open_still_has_a_whole_sentence(day: RulesDay) -> None:
    """EXT-3.4: who sits at W12 cannot do A, every counter of A works; the leader is told all the same."""
    day.login("W12", "S116")
    for _ in range(12):
        day.take("A")
    day.at("10:00")
    (task,) = day.hall.tasks.of(TaskKind.SURGE)
    assert (task.counter, task.values["w"]) == (None, "—")


def test_clerks_of_a_crowded_group_read_of_it(day: RulesDay) -> None:
    """con.surge: at W02, which serves A; not at W05, which does not."""
    day.login("W05", "S106")
    for _ in range(12):
        day.take("A")
    day.at("10:00")
    states = views(day.hall, HALL)
    for counter, reads in (("W02", True), ("W05", False)):
        state = states[Topics(HALL).desk(CounterId(counter))]
        assert isinstance(state, m.DeskState)
        notes = [one.values for one in state.notes if one.key == "con.surge"]
        assert notes == ([{"group": "企业开办与许可", "w": "12"}] if reads else [])
