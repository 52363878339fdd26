"""Help and agents (AGENT-4.1, CARE-3.2, CARE-6), and years whose holidays nobody has imported (1.0.1)."""

from datetime import date

import pytest

from broker.rules import facts as f
from contracts import messages as m
from contracts.values import HallPhase, HelpKind, TaskKind
from sim.rules_day import RulesDay, hall_text


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at 09:30."""
    day = RulesDay(hall_text("demo-hall"))
    day.at("09:30")
    return day


def asked(day: RulesDay, kind: HelpKind, node: str = "TM-01", **fields: object) -> m.RequestDone:
    """Somebody asks for help; the answer."""
    answer = day.do(node, m.HelpRequested, kind=kind, **fields).answers[0][1]
    assert isinstance(answer, m.RequestDone)
    return answer


def test_agent_is_asked_and_takes_it(day: RulesDay) -> None:
    """AGENT-4.1, the example: request 09:30:00, S005 acknowledges 09:31:10."""
    ticket = day.take("A")
    asked(day, HelpKind.ASSIST, ticket=ticket.id)
    (task,) = day.hall.tasks.of(TaskKind.AGENT)
    assert (task.opened_at, task.ticket, task.values["no"]) == (day.time("09:30"), ticket.id, ticket.no)
    assert task.ladder[0].roles == ("agent",)
    day.at("09:31:10")
    day.do("OPS-01", m.TaskAckRequested, actor="S005", task=task.id)
    day.at("09:40")
    assert (task.level, ticket.accompanied_by) == (0, "S005")


def test_terminal_tells_that_an_agent_is_with_the_visitor(day: RulesDay) -> None:
    """AGENT-4.1: the ticket is flagged accompanied once somebody has taken it, and stays so when the task is over."""
    ticket = day.take("A")
    day.login("W02", "S101")
    day.call("W02")
    asked(day, HelpKind.ASSIST, ticket=ticket.id)
    assert not day.desk_state("W02").accompanied
    (task,) = day.hall.tasks.of(TaskKind.AGENT)
    day.do("OPS-01", m.TaskAckRequested, actor="S005", task=task.id)
    assert day.desk_state("W02").accompanied
    day.do("OPS-01", m.TaskCloseRequested, actor="S005", task=task.id)
    assert day.desk_state("W02").accompanied


def test_guide_desk_is_asked_after_three_minutes(day: RulesDay) -> None:
    """AGENT-4.1: no agent has taken it within 3 min, so the guide desk may."""
    asked(day, HelpKind.ASSIST, ticket=day.take("A").id)
    (task,) = day.hall.tasks.of(TaskKind.AGENT)
    day.at("09:32:59")
    assert task.level == 0
    day.at("09:33")
    assert task.ladder[task.level].roles == ("guide",)
    day.do("OPS-01", m.TaskAckRequested, actor="S004", task=task.id)
    day.do("OPS-01", m.TaskCloseRequested, actor="S004", task=task.id, note="陪同到2号窗口")
    assert not day.hall.tasks.of(TaskKind.AGENT)


def test_visitor_is_told_how_long_it_takes(day: RulesDay) -> None:
    """AGENT-4.1: no agent free means a queue of tasks, and the visitor hears of it."""
    first, second = day.take("A"), day.take("A")
    assert asked(day, HelpKind.ASSIST, ticket=first.id).values == {"m": "3", "n": "0"}
    assert asked(day, HelpKind.ASSIST, ticket=second.id).values == {"m": "3", "n": "1"}


def test_same_press_twice_is_one_task(day: RulesDay) -> None:
    """A visitor who presses again is already waited for; once somebody has come, a new press is a new task."""
    ticket = day.take("A")
    asked(day, HelpKind.ASSIST, ticket=ticket.id)
    asked(day, HelpKind.ASSIST, ticket=ticket.id)
    (task,) = day.hall.tasks.of(TaskKind.AGENT)
    day.do("OPS-01", m.TaskCloseRequested, actor="S005", task=task.id)
    asked(day, HelpKind.ASSIST, ticket=ticket.id)
    assert len(day.hall.tasks.of(TaskKind.AGENT)) == 1


@pytest.mark.parametrize(("kind", "what"), [(HelpKind.GUIDE, "引导服务"), (HelpKind.ITEMS, "轮椅、老花镜或放大镜")], ids=str)
def test_guide_and_items_go_to_the_guide_desk(day: RulesDay, kind: HelpKind, what: str) -> None:
    """CARE-6: the guide brings a wheelchair or glasses to the machine."""
    asked(day, kind)
    (task,) = day.hall.tasks.of(TaskKind.HELP)
    assert task.ladder[0].roles == ("guide",)
    assert (task.values["place"], task.values["what"]) == ("大厅入口东", what)


def test_clerk_asks_for_an_agent(day: RulesDay) -> None:
    """con.agent 请求帮办 at a terminal: the task names the counter."""
    asked(day, HelpKind.ASSIST, node="TRM-W03")
    (task,) = day.hall.tasks.of(TaskKind.AGENT)
    assert (task.counter, task.values["no"]) == ("W03", "3号窗口")


# --- Calendar ------------------------------------------------------------------------------------------------------------


def years_asked(day: RulesDay) -> list[str]:
    """The years of the open calendar tasks."""
    return [task.values["year"] for task in day.hall.tasks.of(TaskKind.CALENDAR)]


def test_next_year_is_asked_for_in_november() -> None:
    """1.0.1: import the notice every November; once a day while it is missing, and not before."""
    assert years_asked(RulesDay(hall_text("demo-hall"), day=date(2026, 10, 30))) == []
    day = RulesDay(hall_text("demo-hall"), day=date(2026, 11, 2))
    assert years_asked(day) == ["2027"]
    (task,) = day.hall.tasks.of(TaskKind.CALENDAR)
    day.do("OPS-01", m.TaskCloseRequested, actor="S002", task=task.id)
    day.at("17:00")
    assert years_asked(day) == []
    day.advance(day.hall.today.over)
    assert years_asked(day) == ["2027"]


def test_imported_year_is_not_asked_for() -> None:
    """1.0.1: a holiday of the year stands in the calendar."""
    last = '    { name = "国庆节", from = 2026-10-01, to = 2026-10-07 },'
    more = '    { name = "元旦", from = 2027-01-01, to = 2027-01-03 },'
    text = hall_text("demo-hall").replace(last, f"{last}\n{more}")
    assert "2027-01-03" in text
    assert years_asked(RulesDay(text, day=date(2026, 11, 2))) == []


def test_hall_opens_by_the_plain_week_in_an_unknown_year() -> None:
    """1.0.1: a Monday in 2027 is opened and asked about; deadlines and appointments are refused elsewhere."""
    day = RulesDay(hall_text("demo-hall"), "09:00", day=date(2027, 1, 4))
    assert day.hall.phase is HallPhase.OPEN
    assert years_asked(day) == ["2027"]
    assert [one.fact for one in day.facts if isinstance(one.fact, f.CalendarYearMissing)] == [
        f.CalendarYearMissing(year=2027)
    ]
