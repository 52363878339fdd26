"""``hall-broker training plan|invite|cancel|assess|close|list|show|hints``: training of staff (TRN)."""

import argparse
import sys
from pathlib import Path

from broker.archive import Archive
from broker.cli.asking import ask_as, numbered, said_of
from broker.cli.command_error import CommandError
from broker.cli.typed import Commands, add_asking, instant
from broker.ledgers.training import KINDS, Entry, came_text, entries
from broker.ledgers.training_hints import KINDS as HINT_KINDS
from broker.ledgers.training_hints import hints
from broker.rules.hours import clock_of, day_of, spelled
from contracts import messages as m
from contracts.values import ServiceId, StaffNo, TrainingForm, TrainingNo, TrainingTopic
from words import text


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    whole = commands.add_parser("training", help="培训学习 training: plan, invite, assess (TRN)")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    _add_plan(kinds)
    _add_changes(kinds)
    one = kinds.add_parser("list", help="培训计划 the sessions of a year, planned and extra")
    one.add_argument("--year", type=int, metavar="YYYY", help="default: every year")
    one.set_defaults(act=show_list)
    three = kinds.add_parser("hints", help="matters that have changed and nobody has trained yet (TRN-7)")
    three.set_defaults(act=show_hints)
    two = kinds.add_parser("show", help="one session: who was to come, who came, what came of it")
    two.add_argument("training", metavar="PX-...")
    two.set_defaults(act=show)
    for each in (one, two, three):
        each.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")


def _add_plan(kinds: Commands) -> None:
    one = kinds.add_parser("plan", help="put a session on the list")
    one.add_argument("--title", required=True)
    topics, forms = ([each.value for each in kind] for kind in (TrainingTopic, TrainingForm))
    one.add_argument("--topic", choices=topics, required=True, help="what it is about (TRN-3)")
    one.add_argument("--form", choices=forms, default=TrainingForm.LECTURE.value)
    one.add_argument("--place", required=True)
    one.add_argument("--from", dest="begins", type=instant, required=True, metavar="TIME", help="2026-03-10T16:00")
    one.add_argument("--to", dest="ends", type=instant, required=True, metavar="TIME", help="2026-03-10T17:30")
    one.add_argument("--invite", nargs="+", default=[], metavar="STAFF")
    one.add_argument("--services", nargs="+", default=[], metavar="SV03", help="the matters it is about (TRN-7)")
    one.add_argument("--extra", action="store_true", help="not in the year's plan (TRN-5)")
    one.add_argument("--pre-job", action="store_true", help="岗前培训: who passes may work (TRN-6)")
    one.add_argument(
        "--override", default="", metavar="WHY", help="the manager's reason where a post would have nobody (ATT-7)"
    )
    add_asking(one)
    one.set_defaults(act=plan)


def _add_changes(kinds: Commands) -> None:
    one = kinds.add_parser("invite", help="more people are to come, or some need not")
    one.add_argument("training", metavar="PX-...")
    one.add_argument("staff", nargs="+", metavar="STAFF")
    one.add_argument("--withdraw", action="store_true")
    one.add_argument("--override", default="", metavar="WHY")
    add_asking(one)
    one.set_defaults(act=invite)
    one = kinds.add_parser("cancel", help="it does not take place")
    one.add_argument("training", metavar="PX-...")
    one.add_argument("--reason", required=True)
    add_asking(one)
    one.set_defaults(act=cancel)
    one = kinds.add_parser("assess", help="what came of it for a person (TRN-9.2)")
    one.add_argument("training", metavar="PX-...")
    one.add_argument("--staff", required=True, metavar="STAFF")
    result = one.add_mutually_exclusive_group(required=True)
    result.add_argument("--passed", action="store_true")
    result.add_argument("--failed", action="store_true")
    one.add_argument("--score", type=int, metavar="0-100")
    add_asking(one)
    one.set_defaults(act=assess)
    one = kinds.add_parser("close", help="assessed, with a remark on the whole")
    one.add_argument("training", metavar="PX-...")
    one.add_argument("--remark", required=True)
    add_asking(one)
    one.set_defaults(act=close)


def plan(arguments: argparse.Namespace) -> int:
    """A session on the list; its number is said."""
    return ask_as(
        arguments,
        lambda common: m.TrainingPlanRequested(
            **common,
            title=arguments.title,
            topic=TrainingTopic(arguments.topic),
            form=TrainingForm(arguments.form),
            place=arguments.place,
            begins=arguments.begins,
            ends=arguments.ends,
            planned=not arguments.extra,
            pre_job=arguments.pre_job,
            invited=_staff(arguments.invite),
            override=arguments.override,
            services=tuple(ServiceId(one) for one in arguments.services),
        ),
        numbered("已登记培训 {no}", "Entered: {no}"),
    )


def _staff(typed: list[str]) -> tuple[StaffNo, ...]:
    return tuple(StaffNo(one) for one in typed)


def invite(arguments: argparse.Namespace) -> int:
    """These are to come, or need not."""
    who = " ".join(arguments.staff)
    return ask_as(
        arguments,
        lambda common: m.TrainingInviteRequested(
            **common,
            training=TrainingNo(arguments.training),
            staff=_staff(arguments.staff),
            withdraw=arguments.withdraw,
            override=arguments.override,
        ),
        said_of(who, "不再邀请" if arguments.withdraw else "已邀请", "Done"),
    )


def cancel(arguments: argparse.Namespace) -> int:
    """It does not take place."""
    return ask_as(
        arguments,
        lambda common: m.TrainingCancelRequested(**common, training=TrainingNo(arguments.training), reason=arguments.reason),
        said_of(arguments.training, "已取消", "Done"),
    )


def assess(arguments: argparse.Namespace) -> int:
    """What came of it for somebody."""
    result = text("trn.passed" if arguments.passed else "trn.failed")
    return ask_as(
        arguments,
        lambda common: m.TrainingAssessRequested(
            **common,
            training=TrainingNo(arguments.training),
            staff=StaffNo(arguments.staff),
            passed=arguments.passed,
            score=arguments.score,
        ),
        lambda _: f"{arguments.staff} {result.zh}\n{arguments.staff}: {result.en}",
    )


def close(arguments: argparse.Namespace) -> int:
    """Over and assessed."""
    return ask_as(
        arguments,
        lambda common: m.TrainingCloseRequested(**common, training=TrainingNo(arguments.training), remark=arguments.remark),
        said_of(arguments.training, "已办结", "Done"),
    )


def show_list(arguments: argparse.Namespace) -> int:
    """A line for each session: number, time, planned or extra, title, how many came, state."""
    found = [one for one in _entries(arguments.data) if arguments.year in (None, day_of(one.session.begins).year)]
    sys.stdout.writelines(_line(one) for one in found)
    if not found:
        sys.stdout.write("没有登记的培训\nNo training is entered.\n")
    return 0


def _entries(folder: Path) -> list[Entry]:
    with Archive(folder) as archive:
        return entries(archive.of_kinds(KINDS), archive.hall_clock)


def _line(entry: Entry) -> str:
    one = entry.session
    plan_word = text("trn.planned" if one.planned else "trn.extra").zh
    times = f"{spelled(one.begins)}-{clock_of(one.ends)}"
    about = text("trn.pre_job" if one.pre_job else f"trn.topic.{one.topic.value}").zh
    return (
        f"{one.no}  {times}  {plan_word}  {about}  {one.title}  {len(one.came)}/{len(one.invited)}  {text(entry.state).zh}\n"
    )


def show_hints(arguments: argparse.Namespace) -> int:
    """A line for each matter: since when it is another, and who has the skill."""
    with Archive(arguments.data) as archive:
        found = hints(archive.of_kinds(HINT_KINDS))
    for one in found:
        sys.stdout.write(f"{one.service.id} {one.service.zh}  {day_of(one.since)}  {' '.join(one.staff)}\n")
    if not found:
        sys.stdout.write("没有待培训的事项变化\nNothing has changed that was not trained.\n")
    return 0


def show(arguments: argparse.Namespace) -> int:
    """One session and everyone of it."""
    entry = next((one for one in _entries(arguments.data) if one.session.no == arguments.training), None)
    if entry is None:
        raise CommandError(f"没有培训 {arguments.training}\nThere is no training {arguments.training}.")
    sys.stdout.write(_line(entry))
    for one in entry.people:
        result = "" if one.assessed is None else text("trn.passed" if one.assessed.passed else "trn.failed").zh
        score = "" if one.assessed is None or one.assessed.score is None else f" {one.assessed.score}"
        sys.stdout.write(f"  {one.staff}  {came_text(one)}  {result}{score}".rstrip() + "\n")
    if entry.note:
        sys.stdout.write(f"  {entry.note}\n")
    return 0
