"""Who decides about whom (ATT-5.1, CREP-1..4), and whom leave would leave nobody for (ATT-7)."""

import pytest

from broker.rules.authority import deciders, ladder, may_not_decide
from broker.rules.posts.both_away import gaps
from broker.schema import Level
from contracts.values import GroupId, Refusal, StaffNo
from sim.rules_day import RulesDay, hall_text

DEMO = hall_text("demo-hall")
EVERY = ("chief_rep", "duty_leader", "manager")


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at eight."""
    return RulesDay(DEMO)


def lettered(**department: str) -> RulesDay:
    """The demo hall with more to say about the public security office (GA)."""
    more = "".join(f", {key} = {value}" for key, value in department.items())
    return RulesDay(DEMO.replace('chief = "S112"', f'chief = "S112"{more}'))


@pytest.mark.parametrize(
    ("subject", "levels", "climbed"),
    [
        ("S113", EVERY, EVERY),
        ("S112", EVERY[:1], ("duty_leader",)),
        ("S112", EVERY[:2], ("duty_leader", "manager")),
        ("S112", EVERY, ("duty_leader", "manager")),
        ("S101", EVERY[:1], ("duty_leader",)),
        ("S002", EVERY[:2], ("chief_rep", "manager")),
        ("S001", EVERY, ("chief_rep", "duty_leader")),
        ("S001", ("manager",), ("manager",)),
    ],
)
def test_nobody_climbs_over_himself(
    day: RulesDay, subject: str, levels: tuple[Level, ...], climbed: tuple[str, ...]
) -> None:
    """CREP-4.0: a chief's own request begins at the duty leader, the duty leader's goes on to the manager."""
    assert ladder(day.hall, StaffNo(subject), levels) == climbed


def test_a_manager_without_a_second_is_decided_about_by_the_duty_leader(day: RulesDay) -> None:
    """There has to be somebody: never himself, and never nobody."""
    assert deciders(day.hall, StaffNo("S001"), "manager", day.now) == ("S002",)


def test_the_chief_of_the_own_department_decides(day: RulesDay) -> None:
    """ATT-5.1: S112 for S113; another department's chief is told who may."""
    assert may_not_decide(day.hall, StaffNo("S112"), StaffNo("S113"), "chief_rep", day.now) is None
    no = may_not_decide(day.hall, StaffNo("S106"), StaffNo("S113"), "chief_rep", day.now)
    assert no is not None
    assert no.reason is Refusal.NOT_PERMITTED
    assert "S112" in no.detail
    unknown = may_not_decide(day.hall, StaffNo("S999"), StaffNo("S113"), "chief_rep", day.now)
    assert unknown is not None
    assert unknown.reason is Refusal.UNKNOWN_STAFF


def test_nobody_decides_his_own_case(day: RulesDay) -> None:
    """CREP-4.0, whatever the level."""
    no = may_not_decide(day.hall, StaffNo("S002"), StaffNo("S002"), "duty_leader", day.now)
    assert no is not None
    assert no.reason is Refusal.OWN_CASE


def test_a_letter_that_has_ended_ends_the_authority() -> None:
    """CREP-3: the last day counts; after it the deputy decides, without one the duty leader."""
    ended = '{ no = "SQ-1", from = 2026-01-01, to = 2026-03-09 }'
    day = lettered(letter=ended)
    no = may_not_decide(day.hall, StaffNo("S112"), StaffNo("S113"), "chief_rep", day.now)
    assert no is not None
    assert "letter" in no.detail
    assert deciders(day.hall, StaffNo("S113"), "chief_rep", day.now) == ("S002",)
    day = lettered(letter=ended.replace("03-09", "03-10"))
    assert deciders(day.hall, StaffNo("S113"), "chief_rep", day.now) == ("S112",)


def test_the_deputy_decides_while_the_chief_is_away() -> None:
    """CREP-1: and not beside the chief; about the deputy's own request the duty leader does."""
    day = lettered(deputy='"S113"')
    assert deciders(day.hall, StaffNo("S003"), "chief_rep", day.now) == ("S101",)
    assert may_not_decide(day.hall, StaffNo("S113"), StaffNo("S112"), "chief_rep", day.now) is not None
    day.away("S112", "08:30", "12:00")
    day.at("09:00")
    assert deciders(day.hall, StaffNo("S113"), "chief_rep", day.now) == ("S002",)
    assert may_not_decide(day.hall, StaffNo("S112"), StaffNo("S113"), "chief_rep", day.now) is not None


def test_leave_of_one_of_two_leaves_no_gap(day: RulesDay) -> None:
    """ATT-7: S101 alone may go, S102 serves both counters (并岗)."""
    assert gaps(day.hall, StaffNo("S101"), day.time("09:00"), day.time("12:00")) == ()


def test_leave_of_both_leaves_a_post_empty_for_the_time_they_share(day: RulesDay) -> None:
    """ATT-7: P02 and P03 are held by S101 and S102; while both are away nobody holds either."""
    day.away("S101", "09:00", "10:30")
    found = gaps(day.hall, StaffNo("S102"), day.time("10:00"), day.time("12:00"))
    assert {(one.post, one.begins, one.ends) for one in found} == {
        (post, day.time("10:00"), day.time("10:30")) for post in ("P02", "P03")
    }


def test_leave_of_everybody_who_serves_a_group_is_a_gap(day: RulesDay) -> None:
    """ATT-7: group C has S106 and S107 only."""
    day.away("S106", "09:00", "12:00")
    found = gaps(day.hall, StaffNo("S107"), day.time("09:00"), day.time("12:00"))
    assert {one.group for one in found if one.group} == {GroupId("C")}
    assert {one.post for one in found if one.post} == {"P05", "P06"}
    assert gaps(day.hall, StaffNo("S107"), day.time("13:30"), day.time("17:30")) == ()
