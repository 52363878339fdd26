"""COND-8: board, pad and slips name who really serves, and for whom; of two persons at a counter not always the first."""

from contracts.values import HallTime
from sim.rules_day import RulesDay, hall_text

TWO_SEATS = hall_text("demo-hall").replace('groups = ["D"], post = "P07"', 'groups = ["D"], post = "P07", seats = 2')
Named = tuple[str | None, str | None, str | None]


def two_at_w07() -> RulesDay:
    """S108 does transfers, S111, who came second, the tax."""
    day = RulesDay(TWO_SEATS, "08:50")
    day.login("W07", "S108")
    day.login("W07", "S111")
    day.at("09:00")
    return day


def named(day: RulesDay, counter: str) -> Named:
    """Whom the board names; the desk names the same."""
    board, desk = day.board(counter), day.desk_state(counter)
    found = board.server, board.server_name, board.server_for
    assert (desk.server, desk.server_name, desk.server_for) == found
    return found


def test_of_two_the_one_who_serves_is_named() -> None:
    """COND-8: the tax is S111's; called, served and while it may be rated she is named, then whoever sits first."""
    day = two_at_w07()
    day.take("D", service="SV13")
    day.call("W07")
    name = next(one.zh for one in day.hall.in_force.config.staff if one.id == "S111")
    assert (day.desk_state("W07").staff, named(day, "W07")) == ("S108", ("S111", name, None))
    day.start("W07")
    assert named(day, "W07")[0] == "S111"
    day.advance(HallTime(day.now + 120_000))
    day.finish("W07")
    assert (day.desk_state("W07").arm_until is not None, named(day, "W07")[0]) == (True, "S111")
    day.advance(HallTime(day.now + 600_000))
    assert named(day, "W07")[0] == "S108"


def test_b_who_acts_is_named_with_the_main_person() -> None:
    """COND-8, the example: S102 acts at W02: 李娜 S102 协岗 代 主岗张敏, free and serving."""
    day = RulesDay(hall_text("demo-hall"), "08:50")
    day.login("W02", "S102")
    assert named(day, "W02") == ("S102", "李娜", "张敏")
    day.at("09:00")
    day.take("A")
    day.call("W02")
    assert named(day, "W02") == ("S102", "李娜", "张敏")
    day.start("W02")
    assert named(day, "W02") == ("S102", "李娜", "张敏")


def test_at_their_own_post_nobody_acts_for_anybody() -> None:
    """AB-4.3: the main person, and an empty counter names nobody."""
    day = RulesDay(hall_text("demo-hall"), "08:50")
    assert named(day, "W02") == (None, None, None)
    day.login("W02", "S101")
    assert named(day, "W02") == ("S101", "张敏", None)
