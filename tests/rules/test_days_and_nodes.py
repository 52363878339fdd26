"""What time brings by itself, and who lives: parts of the day, the turn of the day, births and wills, configurations."""

from datetime import date

import pytest

from broker.rules import facts as f
from broker.rules.due import next_due
from broker.rules.hall import empty_hall
from broker.rules.hours import clock_of, day_of, midnight, on_day
from broker.rules.workdays import MissingYearError, day_plan, is_workday, knows_year
from contracts import messages as m
from contracts.values import HallPhase, HallTime, NodeName, StaffNo
from sim.rules_day import RulesDay, hall_text, refusal

DAY = 86_400_000


@pytest.fixture
def day() -> RulesDay:
    """The small hall on its demo day at eight."""
    return RulesDay(hall_text("demo-small"))


def phases(day: RulesDay) -> list[tuple[str, str]]:
    """Every change of the part of the day, with its time."""
    return [(clock_of(one.at), one.fact.phase.value) for one in day.facts if isinstance(one.fact, f.HallPhaseChanged)]


# --- The calendar --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2025, 2026])
def test_year_has_248_workdays(year: int) -> None:
    """1.0.1 check values, from the notices in the demo hall."""
    calendar = RulesDay(hall_text("demo-hall")).hall.in_force.config.calendar
    first = date(year, 1, 1).toordinal()
    days = [date.fromordinal(first + n) for n in range(365)]
    assert sum(is_workday(calendar, one) for one in days) == 248


@pytest.mark.parametrize(
    ("day_", "works"), [((10, 8), True), ((10, 9), True), ((10, 10), True), ((10, 11), False), ((10, 1), False)]
)
def test_adjusted_saturday_is_a_workday(day_: tuple[int, int], works: bool) -> None:
    """Demo day variant (e): Saturday 2026-10-10 is worked, the Sunday after it is not."""
    config = RulesDay(hall_text("demo-hall")).hall.in_force.config
    assert is_workday(config.calendar, date(2026, *day_)) is works
    assert day_plan(config, date(2026, *day_)).works is works


def test_year_without_data_is_not_guessed(day: RulesDay) -> None:
    """``calendar.missing_year``: a workday of 2027 is not computed; the hall opens by the plain week and says so."""
    config = day.hall.in_force.config
    with pytest.raises(MissingYearError, match="2027") as raised:
        is_workday(config.calendar, date(2027, 1, 4))
    assert raised.value.year == 2027
    assert not knows_year(config.calendar, 2027)
    day.advance(midnight(date(2027, 1, 4)))
    assert any(one.fact == f.CalendarYearMissing(year=2027) for one in day.facts)
    assert day.hall.today.works


def test_hall_days_are_shanghai_days() -> None:
    """A day of the hall begins at 16:00 UTC of the day before."""
    assert on_day(date(1970, 1, 1), "08:00") == 0
    assert midnight(date(2026, 3, 10)) == 1_773_072_000_000
    assert day_of(HallTime(midnight(date(2026, 3, 10)) - 1)) == date(2026, 3, 9)
    assert clock_of(on_day(date(2026, 3, 10), "17:30")) == "17:30"


def test_last_enabled_schedule_of_a_day_counts() -> None:
    """The summer schedule starts the afternoon an hour later, once it is enabled."""
    text = hall_text("demo-hall").replace('to = "09-30" }, enabled = false', 'to = "09-30" }, enabled = true')
    config = RulesDay(text).hall.in_force.config
    assert clock_of(day_plan(config, date(2026, 7, 1)).afternoon) == "14:30"
    assert clock_of(day_plan(config, date(2026, 3, 10)).afternoon) == "13:30"


# --- Parts of the day ----------------------------------------------------------------------------------------------------


def test_day_has_its_parts(day: RulesDay) -> None:
    """Opening, noon, afternoon, closing; with nobody in the hall it closes at once (EXT-3.3)."""
    day.advance(HallTime(day.now + DAY))
    parts = [("09:00", "open"), ("12:00", "noon"), ("13:30", "open"), ("17:30", "after_closing"), ("17:30", "closed")]
    assert phases(day)[:6] == [("08:00", "before_opening"), *parts]


def test_rest_day_is_one_part(day: RulesDay) -> None:
    """Saturday 2026-03-14 has no hours."""
    day.advance(HallTime(midnight(date(2026, 3, 14)) + DAY - 1))
    assert phases(day)[-1] == ("00:00", "rest")


def test_service_that_was_away_over_noon_finds_the_present_part(day: RulesDay) -> None:
    """Down from before noon to 13:40: one change, and time goes on."""
    day.at("09:00")
    day.now = day.time("13:40")
    day.let_time_pass()
    assert phases(day)[-1] == ("13:40", "open")
    assert day.hall.next_change == day.time("17:30")


def test_service_that_was_away_for_days_begins_one_day(day: RulesDay) -> None:
    """Down for a week: leftovers end, one new day begins."""
    day.at("09:00")
    day.take("A")
    day.now = HallTime(day.now + 7 * DAY)
    day.let_time_pass()
    began = [one.fact.date for one in day.facts if isinstance(one.fact, f.DayBegan)]
    assert began == ["2026-03-10", "2026-03-17"]


def test_nothing_is_due_before_a_configuration() -> None:
    """An empty hall waits for its configuration; then for its first day, at once."""
    assert next_due(empty_hall()) is None


# --- The turn of the day -------------------------------------------------------------------------------------------------


def test_leftovers_end_at_midnight(day: RulesDay) -> None:
    """1.0.5: every ticket ends; who forgot to log out is logged out; numbers start again at 001."""
    day.login("W02", "S102")
    day.login("W01", "S101")
    day.at("17:00")
    for _ in range(3):
        day.take("A")
    day.call("W02")
    day.call("W01")
    day.start("W01")
    day.advance(day.hall.today.over)
    ended = [one.fact for one in day.facts if isinstance(one.fact, f.TicketCancelled)]
    assert [one.reason for one in ended] == ["day_over"] * 3
    assert [one.fact.why for one in day.facts if isinstance(one.fact, f.StaffLoggedOut)] == ["day_over"] * 2
    assert (day.hall.tickets, day.hall.sits_at) == ({}, {})
    day.at("17:00")
    day.advance(HallTime(day.hall.today.morning))
    assert day.take("A").id == "2026-03-11/A001"


def test_emergency_goes_on_over_midnight(day: RulesDay) -> None:
    """An emergency nobody has ended is not ended by the calendar."""
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    day.advance(day.hall.today.over)
    assert day.hall.emergency_since == midnight(date(2026, 3, 11))


def test_queue_clock_stands_still_in_an_emergency(day: RulesDay) -> None:
    """HALL-8.2: it stops with the beginning, goes on with the end, and a second beginning changes nothing."""
    begin = day.at("09:10")
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    assert day.hall.queue_clock(day.at("09:20")) == begin
    day.record(f.EmergencyBegan(actor=StaffNo("S001")))
    assert day.hall.queue_clock(day.at("09:30")) == begin
    day.record(f.EmergencyEnded(actor=StaffNo("S002")))
    day.record(f.EmergencyEnded(actor=StaffNo("S002")))
    assert day.hall.queue_clock(day.at("09:40")) == day.time("09:20")


# --- Nodes ---------------------------------------------------------------------------------------------------------------


def test_birth_and_will_are_facts_once(day: RulesDay) -> None:
    """Said again, or by the will of an earlier life, nothing changes."""
    assert day.born("PAD-W01").facts == (f.NodeBorn(node=NodeName("PAD-W01"), boot=day.boot("PAD-W01")),)
    assert not day.born("PAD-W01", again=True).facts
    old = day.boot("PAD-W01")
    day.born("PAD-W01")
    state = m.NodeState(node=NodeName("PAD-W01"), boot=old, online=False)
    assert not day.heard("PAD-W01", state).facts
    died = day.died("PAD-W01", planned=True).facts
    assert died == (f.NodeDied(node=NodeName("PAD-W01"), boot=day.boot("PAD-W01"), planned=True),)
    assert not day.died("PAD-W01").facts


def test_same_life_that_comes_back_is_born_again(day: RulesDay) -> None:
    """A link lost and found: online again, no new life."""
    day.born("PAD-W01")
    day.died("PAD-W01")
    assert len(day.born("PAD-W01", again=True).facts) == 1


def test_stranger_is_reported_once_a_day(day: RulesDay) -> None:
    """A name the hall does not declare: by birth or by request, once a day, whatever boot it invents; then only refused."""
    assert len(day.born("TM-09").facts) == 1
    assert not day.ask("TM-09", m.TicketRequested, group="A").facts
    assert not day.born("TM-09").facts


def test_flood_of_strangers_fills_no_disk(day: RulesDay) -> None:
    """I15: one name with 150 boots is one report, 150 names are a hundred, and a name as long as a topic is cut."""
    for _ in range(150):
        day.born("TM-09")
    for number in range(150):
        day.born(f"TM-{number:03d}" + "x" * 5_000)
    reports = [one.fact for one in day.facts if isinstance(one.fact, f.NodeTurnedAway)]
    assert len(reports) == 100
    assert max(len(one.node) + len(one.boot) for one in reports) <= 126


def test_node_that_speaks_under_another_name_is_a_stranger(day: RulesDay) -> None:
    """The topic says who speaks; a payload that says otherwise is not believed."""
    state = m.NodeState(node=NodeName("PAD-W02"), boot=day.boot("PAD-W02"), online=True)
    assert isinstance(day.heard("PAD-W01", state).facts[0], f.NodeTurnedAway)


# --- Configurations ------------------------------------------------------------------------------------------------------


def test_same_configuration_is_adopted_once(day: RulesDay) -> None:
    """A restart with the same file leaves no fact."""
    assert not day.adopt(hall_text("demo-small")).facts


def test_new_hours_count_from_their_adoption(day: RulesDay) -> None:
    """A hall that now opens at 10:00 is not open at 09:30 any more."""
    day.at("09:30")
    later = hall_text("demo-small").replace('start = "09:00"', 'start = "10:00"')
    day.adopt(later)
    day.let_time_pass()
    assert day.hall.phase is HallPhase.BEFORE_OPENING
    assert next_due(day.hall) == day.time("10:00")
    assert refusal(day.ask("TM-01", m.TicketRequested, group="A")) is not None


def test_counter_that_is_no_more_lets_its_clerk_go(day: RulesDay) -> None:
    """Who sat at a counter taken out of the hall may log in elsewhere; waiting tickets are kept."""
    day.login("W03", "S103")
    day.at("09:00")
    ticket = day.take("B")
    lines = [line for line in hall_text("demo-small").splitlines() if '"W03"' not in line]
    day.adopt("\n".join(lines))
    assert all(desk.counter != "W03" for desk in day.hall.desks.values())
    day.login("W01", "S103")
    assert day.call("W01") == ticket.no


def test_ticket_on_the_desk_of_a_removed_counter_ends_with_the_day(day: RulesDay) -> None:
    """A configuration changed under a visitor's hands loses nothing: the ticket ends at midnight with its reason."""
    day.login("W03", "S103")
    day.at("09:00")
    ticket = day.take("B")
    day.call("W03")
    day.adopt("\n".join(line for line in hall_text("demo-small").splitlines() if '"W03"' not in line))
    day.advance(day.hall.today.over)
    assert f.TicketCancelled(ticket=ticket.id, reason="day_over") in [one.fact for one in day.facts]
