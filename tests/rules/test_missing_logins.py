"""Five minutes into each half: who has logged in nowhere is a clue for the patrol, never lateness (ATT-8.1)."""

from broker.rules import facts as f
from contracts import messages as m
from contracts.values import CounterId, HallTime, StaffNo
from sim.rules_day import RulesDay, hall_text


def checked(day: RulesDay) -> list[f.LoginsChecked]:
    """Every look at the logins so far."""
    return [one.fact for one in day.facts if isinstance(one.fact, f.LoginsChecked)]


def missing(day: RulesDay) -> list[str]:
    """Whose login was missing at the last look."""
    return [one.staff for one in checked(day)[-1].missing]


def test_clue_names_who_should_be_here_and_is_not() -> None:
    """At 09:05:00, not before: S101 sits at his counter, S103 is on leave, S104 acts for her; S102 is missing at W03."""
    day = RulesDay(hall_text("demo-hall"), "08:30")
    day.away("S103", "09:00", "17:30")
    day.login("W01", "S104")
    day.login("W02", "S101")
    day.at("09:04:59")
    assert checked(day) == []
    day.at("09:05")
    found = checked(day)[0]
    assert (found.half, found.in_time) == (day.time("09:00"), True)
    assert f.MissingLogin(counter=CounterId("W03"), post="P03", staff=StaffNo("S102")) in found.missing
    assert not {"S101", "S103", "S104"} & set(missing(day))


def test_whoever_comes_later_or_leaves_again_raises_no_second_clue() -> None:
    """One look a half: a logout at ten, or a login at 09:06, changes nothing; the afternoon is looked at by itself."""
    day = RulesDay(hall_text("demo-hall"), "08:30")
    day.login("W02", "S101")
    day.at("09:06")
    day.login("W03", "S102")
    day.at("10:00")
    day.login("W02", "S101")
    day.at("13:34:59")
    assert len(checked(day)) == 1
    day.at("13:35")
    assert len(checked(day)) == 2
    assert "S101" in missing(day)
    assert "S102" not in missing(day)


def test_punches_and_lateness_are_not_touched() -> None:
    """A punch in time is in time, login or not: the clue stands in a fact of its own and nothing else follows."""
    day = RulesDay(hall_text("demo-hall"), "08:30")
    day.at("08:59")
    day.do("CLK-01", m.PunchMade, card=None, staff="S101", stamp=None)
    before = len(day.facts)
    day.at("09:05")
    assert [type(one.fact) for one in day.facts[before:]] == [f.HallPhaseChanged, f.LoginsChecked]


def test_a_service_that_was_away_suspects_nobody() -> None:
    """It starts at half past ten: nobody could log in, so nobody is missing; the afternoon is looked at as always."""
    day = RulesDay(hall_text("demo-hall"), "10:30")
    day.let_time_pass()
    assert checked(day) == [f.LoginsChecked(half=day.time("09:00"), in_time=False)]
    day.at("13:35")
    assert checked(day)[-1].in_time


def test_an_emergency_puts_it_off_and_rest_days_have_none() -> None:
    """Every timer stands still in an emergency (HALL-8.2); on Saturday nobody is expected."""
    day = RulesDay(hall_text("demo-hall"), "08:30")
    day.at("09:01")
    for confirmed in (False, True):
        day.do("OPS-01", m.EmergencyRequested, actor="S002", confirmed=confirmed)
    day.at("09:11")
    assert checked(day) == []
    day.do("OPS-01", m.EmergencyEndRequested, actor="S002")
    day.at("09:14:59")
    assert checked(day) == []
    day.at("09:15")
    assert checked(day)[0].in_time
    day.advance(HallTime(day.time("12:00") + 4 * 24 * 3_600_000))
    day.let_time_pass()
    assert day.hall.today.date.isoformat() == "2026-03-14"
    assert all(one.half < day.time("23:59") + 3 * 24 * 3_600_000 for one in checked(day))
