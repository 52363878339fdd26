"""``hall-broker task list|ack|close``: what staff are asked to see to, until the guide's console comes."""

import argparse
import sys
from pathlib import Path

from broker.cli.asking import Ask, ask, common_of, said_of
from broker.cli.standing import standing
from broker.cli.typed import Commands, add_asking
from broker.rules.green_access import masked
from broker.rules.hours import clock_of, day_of
from broker.rules.tasks.views import task_board
from contracts import messages as m
from contracts.values import HallTime, RequestId, TaskId
from words import text


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    whole = commands.add_parser("task", help="待办事项 what staff are asked to see to")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    one = kinds.add_parser("list", help="the open tasks")
    one.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")
    one.set_defaults(act=tasks)
    one = kinds.add_parser("ack", help="taken: nobody else need be asked")
    one.set_defaults(act=task_taken)
    two = kinds.add_parser("close", help="done")
    two.add_argument("--note", default="")
    two.set_defaults(act=task_done)
    for each in (one, two):
        each.add_argument("task", metavar="TASK", help="2026-03-10/T017, or T017 of today")
        add_asking(each)


def tasks(arguments: argparse.Namespace) -> int:
    """Every open task, oldest first, with who was asked and who took it."""
    hall = standing(arguments.data)
    board = [] if hall.day is None else list(task_board(hall).tasks)
    for one in board:
        sys.stdout.write(_as_lines(one))
    if not board:
        sys.stdout.write("没有待办事项\nThere is nothing to see to.\n")
    return 0


def _as_lines(task: m.TaskInfo) -> str:
    asked = ", ".join((*task.roles, *task.staff))
    taken = "" if task.acknowledged_by is None else f"  {task.acknowledged_by}"
    sentence = text(f"task.{task.kind.value}")
    values = {name: masked(value) if name == "code" else value for name, value in task.values.items()}  # GREEN-8
    return (
        f"{task.id.rpartition('/')[2]}  {clock_of(task.opened_at)}  [{asked}]{taken}\n"
        f"      {sentence.zh.format(**values)}\n      {sentence.en.format(**values)}\n"
    )


def _task_of(arguments: argparse.Namespace, now: HallTime) -> TaskId:
    """``T017`` is today's."""
    if "/" in arguments.task:
        return TaskId(arguments.task)
    return TaskId(f"{day_of(now).isoformat()}/{arguments.task}")


def task_taken(arguments: argparse.Namespace) -> int:
    """Somebody takes a task."""

    def make(request_id: RequestId, now: HallTime) -> m.TaskAckRequested:
        return m.TaskAckRequested(**common_of(arguments, request_id, now), task=_task_of(arguments, now))

    return ask(arguments, Ask(make, lambda _: f"{arguments.actor} 已接单 {arguments.task}\nTaken: {arguments.task}"))


def task_done(arguments: argparse.Namespace) -> int:
    """A task is done."""

    def make(request_id: RequestId, now: HallTime) -> m.TaskCloseRequested:
        return m.TaskCloseRequested(
            **common_of(arguments, request_id, now),
            task=_task_of(arguments, now),
            note=arguments.note,
        )

    return ask(arguments, Ask(make, said_of(arguments.task, "已办结", "Done")))
