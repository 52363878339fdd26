"""GREEN-8: whoever sees the code of a project is one who has to do with it, and is on record with the reason."""

from typing import Any

import pytest

from broker.rules import facts as f
from broker.rules.asking import Decision
from broker.rules.green_access import masked
from contracts import messages as m
from contracts.values import Refusal, TaskKind, VisitorClass
from sim.rules_day import RulesDay, hall_text
from sim.scenes import Scene, Scenes, check_refused

SCENES = Scenes()
refuses = SCENES.refuses
DAY = "2026-03-10"


def came(day: RulesDay) -> str:
    """A visitor of YA2026-007 takes a number; the task for its case manager S005."""
    day.enter("A", visitor_class=VisitorClass.GREEN, project="YA2026-007")
    (task,) = day.hall.tasks.of(TaskKind.GREEN_VISIT)
    return task.id


def open_(day: RulesDay, actor: str, **fields: Any) -> Decision:
    """Look, for a reason."""
    return day.ask("OPS-01", m.ProjectOpenRequested, **{"actor": actor, "reason": "对接项目", **fields})


@pytest.mark.parametrize("actor", ["S005", "S002", "S001"])
def test_the_case_manager_or_a_leader_sees_the_code_and_is_on_record(actor: str) -> None:
    """GREEN-3, GREEN-8: code and number, to the node that asked; neither name nor unit."""
    day = RulesDay(hall_text("demo-hall"), "09:00")
    task = came(day)
    ((node, answer),) = open_(day, actor, task=task).answers
    assert (node, isinstance(answer, m.ProjectOpened)) == ("OPS-01", True)
    assert isinstance(answer, m.ProjectOpened)
    assert (answer.project, answer.case_manager, answer.valid_to, answer.no) == ("YA2026-007", "S005", "2026-12-31", "A001")
    found = day.facts[-1].fact
    assert isinstance(found, f.ProjectOpened)
    assert (found.project, found.actor, found.reason, found.task) == ("YA2026-007", actor, "对接项目", task)


def test_a_leader_reads_the_ledger_of_a_day_on_record() -> None:
    """GREEN-9: the day is on record, not each project in it."""
    day = RulesDay(hall_text("demo-hall"), "09:00")
    assert isinstance(open_(day, "S002", ledger=DAY).answers[0][1], m.RequestDone)
    found = day.facts[-1].fact
    assert isinstance(found, f.ProjectOpened)
    assert (found.project, found.ledger, found.actor) == (None, DAY, "S002")


def test_lists_show_that_it_is_a_project_and_not_which() -> None:
    """GREEN-8: two letters."""
    assert masked("YA2026-007") == "YA****"


@refuses(Refusal.NOT_PERMITTED)
def a_clerk_who_was_not_asked(day: RulesDay) -> Decision:
    """GREEN-8: the task is the case manager's."""
    return open_(day, "S101", task=came(day))


@refuses(Refusal.NOT_PERMITTED)
def the_guide_reads_the_ledger(day: RulesDay) -> Decision:
    """GREEN-8: leaders and inspectors."""
    return open_(day, "S004", ledger=DAY)


@refuses(Refusal.BAD_VALUE)
def without_a_reason(day: RulesDay) -> Decision:
    """GREEN-8: access is logged with why."""
    return open_(day, "S005", task=came(day), reason=" ")


@refuses(Refusal.BAD_VALUE)
def a_task_and_a_ledger(day: RulesDay) -> Decision:
    """One of the two."""
    return open_(day, "S002", task=came(day), ledger=DAY)


@refuses(Refusal.BAD_VALUE)
def a_ledger_of_no_day(day: RulesDay) -> Decision:
    """A day of the calendar."""
    return open_(day, "S002", ledger="yesterday")


@refuses(Refusal.UNKNOWN_TASK)
def a_task_that_is_over(day: RulesDay) -> Decision:
    """An open task about a project."""
    return open_(day, "S002", task=f"{DAY}/T404")


@refuses(Refusal.UNKNOWN_STAFF)
def nobody_of_this_hall(day: RulesDay) -> Decision:
    """A person of this hall."""
    return open_(day, "S999", ledger=DAY)


@pytest.mark.parametrize(("reason", "scene"), SCENES.found, ids=SCENES.names)
def test_a_look_at_a_project_is_refused_and_changes_nothing(reason: Refusal, scene: Scene) -> None:
    """Each scene's docstring names its rule."""
    check_refused(RulesDay(hall_text("demo-hall"), "10:00"), reason, scene)
