"""GREEN-4: a green project is asked about every second working day until it is closed, across nights and holidays."""

from datetime import date

import pytest

from broker.rules.hours import on_day
from contracts import messages as m
from contracts.values import HallTime, StaffNo, TaskKind, VisitorClass
from sim.rules_day import RulesDay, hall_text, refusal

CODE = "YA2026-007"


@pytest.fixture
def day() -> RulesDay:
    """Tuesday 2026-03-10 at nine in the demo hall: the project has just taken a ticket."""
    one = RulesDay(hall_text("demo-hall"), "09:00")
    one.enter("F", actor="S004", visitor_class=VisitorClass.GREEN, project=CODE)
    return one


def questions(day: RulesDay) -> list[str]:
    """The open questions, by their projects' codes."""
    return [one.values["code"] for one in day.hall.tasks.of(TaskKind.GREEN_FOLLOW_UP)]


def go_to(day: RulesDay, when: date, clock: str = "09:01") -> None:
    """Go on to a time of another day."""
    day.advance(on_day(when, clock))


def answer(day: RulesDay, kind: type[m.Request], actor: str = "S005") -> None:
    """The case manager says something about the open question."""
    task = day.hall.tasks.of(TaskKind.GREEN_FOLLOW_UP)[0]
    day.do("OPS-01", kind, actor=StaffNo(actor), task=task.id)


def test_asked_two_working_days_after_the_visit(day: RulesDay) -> None:
    """Tuesday's visit is followed up on Thursday when the hall opens; the case manager is asked first."""
    assert questions(day) == []
    go_to(day, date(2026, 3, 11))
    assert questions(day) == []
    go_to(day, date(2026, 3, 12), "08:59")
    assert questions(day) == []
    go_to(day, date(2026, 3, 12), "09:00")
    assert questions(day) == [CODE]
    assert day.hall.tasks.of(TaskKind.GREEN_FOLLOW_UP)[0].ladder[0].staff == (StaffNo("S005"),)


def test_acknowledged_it_comes_again_two_working_days_later(day: RulesDay) -> None:
    """Thursday's answer brings the next question on Monday: the weekend does not count."""
    go_to(day, date(2026, 3, 12))
    answer(day, m.TaskAckRequested)
    day.advance(HallTime(day.now + 1_000))
    assert questions(day) == []
    go_to(day, date(2026, 3, 13))
    assert questions(day) == []
    go_to(day, date(2026, 3, 16))
    assert questions(day) == [CODE]


def test_closed_it_never_comes_again(day: RulesDay) -> None:
    """Done is done; a new visit of the project begins anew."""
    go_to(day, date(2026, 3, 12))
    answer(day, m.TaskCloseRequested)
    for number in (13, 16, 17, 18):
        go_to(day, date(2026, 3, number))
        assert questions(day) == []
    day.enter("F", actor="S004", visitor_class=VisitorClass.GREEN, project=CODE)
    go_to(day, date(2026, 3, 20))
    assert questions(day) == [CODE]


def test_left_alone_it_comes_every_morning(day: RulesDay) -> None:
    """A question nobody has taken ends with its day and is put again."""
    for number in (12, 13, 16):
        go_to(day, date(2026, 3, number))
        assert questions(day) == [CODE]


def test_only_those_asked_may_answer(day: RulesDay) -> None:
    """A clerk has no say in it."""
    go_to(day, date(2026, 3, 12))
    task = day.hall.tasks.of(TaskKind.GREEN_FOLLOW_UP)[0]
    assert refusal(day.ask("OPS-01", m.TaskCloseRequested, actor=StaffNo("S101"), task=task.id)) is not None


def test_a_project_whose_time_is_over_is_not_asked_about() -> None:
    """YA2026-011 is valid to 2026-03-31: a visit on the 31st is not followed up in April."""
    one = RulesDay(hall_text("demo-hall"), "09:00", date(2026, 3, 31))
    one.enter("F", actor="S004", visitor_class=VisitorClass.GREEN, project="YA2026-011")
    go_to(one, date(2026, 4, 2))
    assert questions(one) == []


def test_the_fold_from_any_morning_knows_the_next_question(day: RulesDay) -> None:
    """DayBegan carries it: whoever starts in the morning asks at the same time."""
    go_to(day, date(2026, 3, 11))
    assert day.hall.follow_ups == {CODE: date(2026, 3, 12)}
    assert day.folded().follow_ups == day.hall.follow_ups
