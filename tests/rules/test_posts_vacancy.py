"""A counter found empty: when, who is asked, when it is over; emergencies and the noon break do not count (HALL-11.1)."""

import pytest

from broker.rules import facts as f
from contracts.values import CounterId, GroupId, StaffNo, TaskKind
from sim.rules_day import RulesDay, hall_text

TWELVE = [f"W{n:02d}" for n in range(1, 13)]


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at 08:30, nobody there yet."""
    return RulesDay(hall_text("demo-hall"), "08:30")


def vacant(day: RulesDay) -> set[str | None]:
    """The counters somebody is asked about."""
    return {one.counter for one in day.asked(TaskKind.VACANCY)}


def staffed(day: RulesDay, *but: str) -> None:
    """The main person of every post, except at these counters."""
    for post in day.hall.in_force.config.posts:
        if post.counter not in but:
            day.login(post.counter, post.a)


def test_nobody_is_missed_before_ten_past_nine(day: RulesDay) -> None:
    """In opening hours only: at 09:09:59 nobody, at 09:10:00 every post; late main persons are also asked for (AB-1)."""
    day.at("09:09:59")
    assert vacant(day) == set()
    day.at("09:10")
    assert vacant(day) == set(TWELVE)
    assert {one.counter for one in day.asked(TaskKind.ACT)} == set(TWELVE)
    proposed = [one.fact.why for one in day.facts if isinstance(one.fact, f.CoverProposed)]
    assert proposed == ["late"] * 12


def test_late_main_person_who_acts_elsewhere_is_not_late(day: RulesDay) -> None:
    """S102 fills in at W02: W03 is empty all the same, but nobody is told that she is away."""
    staffed(day, "W02", "W03")
    day.login("W02", "S102")
    day.at("09:10")
    assert vacant(day) == {"W03"}
    assert day.asked(TaskKind.ACT) == []


@pytest.mark.parametrize("reason", ["", "短暂离开"])
def test_pause_is_allowed_for_ten_minutes_with_or_without_a_reason(day: RulesDay, reason: str) -> None:
    """A short break is ten minutes; the clue keeps the reason."""
    staffed(day)
    day.at("10:00")
    day.pause("W05", reason)
    day.at("10:09:59")
    assert vacant(day) == set()
    day.at("10:10")
    assert vacant(day) == {"W05"}
    (clue,) = [one.fact for one in day.facts if isinstance(one.fact, f.CounterVacant)]
    assert (clue.reason, clue.staff, clue.since, clue.post) == (reason, "S106", day.time("10:00"), "P05")


def test_leaving_a_paused_counter_does_not_start_anew(day: RulesDay) -> None:
    """Paused at 10:00, logged out at 10:08: found at 10:10."""
    staffed(day)
    day.at("10:00")
    day.pause("W09")
    day.at("10:08")
    day.login("W09", "S112")
    day.at("10:10")
    assert vacant(day) == {"W09"}
    assert day.asked(TaskKind.ACT) == []


def test_over_when_somebody_sits_there(day: RulesDay) -> None:
    """The main person or the B; the ladder stops."""
    staffed(day, "W02", "W09")
    day.at("09:10")
    day.login("W02", "S101")
    day.login("W09", "S113")
    assert vacant(day) == set()
    day.at("09:30")
    assert not [one for one in day.facts if isinstance(one.fact, f.TaskEscalated)]


def test_empty_again_is_asked_again(day: RulesDay) -> None:
    """Each ten minutes for themselves."""
    staffed(day)
    for clock, back in (("09:20", "09:35"), ("10:20", "10:31")):
        day.at(clock)
        day.pause("W10")
        day.at(back)
        assert vacant(day) == {"W10"}
        day.resume("W10")
        assert vacant(day) == set()


def test_noon_break_does_not_count(day: RulesDay) -> None:
    """Paused at 11:55 and still at 13:30: asked at 13:40; asked before noon is over at noon."""
    staffed(day)
    day.at("11:45")
    day.pause("W08")
    day.at("11:55")
    day.pause("W10")
    assert vacant(day) == {"W08"}
    day.at("12:00")
    assert vacant(day) == set()
    closed = [one.fact.why for one in day.facts if isinstance(one.fact, f.TaskClosed)]
    assert closed == ["hours"]
    day.at("13:39:59")
    assert vacant(day) == set()
    day.at("13:40")
    assert vacant(day) == {"W08", "W10"}


def test_hours_end_it(day: RulesDay) -> None:
    """At 17:30 nobody is asked any more, and nobody anew."""
    staffed(day)
    day.at("17:00")
    day.pause("W08")
    day.at("17:25")
    day.pause("W10")
    assert vacant(day) == {"W08"}
    day.at("17:30")
    assert vacant(day) == set()
    day.at("18:30")
    assert vacant(day) == set()


def test_emergency_stops_the_clock_of_a_vacancy(day: RulesDay) -> None:
    """HALL-8.2: twelve minutes outside do not count: paused 09:55, emergency 10:00-10:12, asked at 10:17."""
    staffed(day)
    day.at("09:55")
    day.pause("W02")
    day.at("10:00")
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    day.at("10:12")
    day.record(f.EmergencyEnded(actor=StaffNo("S002")))
    day.at("10:16:59")
    assert vacant(day) == set()
    day.at("10:17")
    assert vacant(day) == {"W02"}


def test_rest_day_misses_nobody() -> None:
    """A Saturday."""
    day = RulesDay(hall_text("demo-hall"), "08:30", day=RulesDay(hall_text("demo-hall")).date.replace(day=14))
    day.at("15:00")
    assert vacant(day) == set()


def test_away_b_is_not_asked_but_the_duty_leader_at_once(day: RulesDay) -> None:
    """AB-1: B away too, so the duty leader names somebody."""
    staffed(day, "W09")
    day.away("S113", "09:00", "12:00", "sick")
    day.at("09:10")
    (task,) = day.asked(TaskKind.VACANCY)
    assert task.ladder == (f.Rung(after=0, roles=("duty_leader",)),)


def test_standby_counter_without_a_post_is_missed_only_in_a_surge() -> None:
    """A standby counter nobody is scheduled at: no alert, until it has joined for a group; then after ten minutes."""
    text = hall_text("demo-hall")
    post = next(line for line in text.splitlines() if '"P12"' in line and "a =" in line)
    bare = text.replace(post + "\n", "").replace(', post = "P12"', "")
    bare = bare.replace('b = "S117", services = ["SV17"], mutual = true', 'b = "S117", services = ["SV17"]')
    day = RulesDay(bare, "08:30")
    staffed(day)
    day.at("09:30")
    assert vacant(day) == set()
    day.record(f.CounterAdded(counter=CounterId("W12"), group=GroupId("A"), actor=StaffNo("S002")))
    day.at("09:39:59")
    assert vacant(day) == set()
    day.at("09:40")
    assert vacant(day) == {"W12"}
    (task,) = day.asked(TaskKind.VACANCY)
    assert task.ladder == (f.Rung(after=0, roles=("duty_leader",)),)
    day.record(f.CounterWithdrawn(counter=CounterId("W12"), group=GroupId("A"), actor=StaffNo("S002")))
    assert vacant(day) == set()


def test_minutes_are_the_halls(day: RulesDay) -> None:
    """vacant_post_min and vacancy_leader_min of the configuration."""
    text = hall_text("demo-hall").replace("vacant_post_min = 10", "vacant_post_min = 4\nvacancy_leader_min = 2")
    assert text != hall_text("demo-hall")
    day = RulesDay(text, "08:30")
    staffed(day, "W09")
    day.at("09:04")
    (task,) = day.asked(TaskKind.VACANCY)
    assert task.values == {"w": "9", "m": "4"}
    day.at("09:06")
    assert task.level == 1
