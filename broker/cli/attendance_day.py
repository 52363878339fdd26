"""``hall-broker attendance show --staff S105 --date D``: one day of one person as an auditor reads it (1.0.3, step 9)."""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from broker.archive import Archive
from broker.attendance import Result
from broker.cli.command_error import CommandError
from broker.cli.typed import Commands, instant
from broker.rules.hours import SECOND, to_second
from broker.timesheet.filed import Given, Presented
from broker.timesheet.history import History, NothingStoredError
from broker.timesheet.judged import Judged, judged, span
from broker.timesheet.reading import read
from broker.timesheet.versions import Version, versions
from contracts.values import HalfOfDay, HallTime, Ms, PunchId, PunchIntent, StaffNo
from words import Text, text


def add_to(commands: Commands) -> None:
    """Its part of the command line."""
    one = commands.add_parser("show", help="考勤明细 one day of one person: punches, excuses, every version of the result")
    one.add_argument("--staff", required=True, metavar="STAFF", help="S105")
    one.add_argument("--date", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    one.add_argument("--as-of", type=instant, metavar="TIME", help="as it was known then; default: now")
    one.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")
    one.set_defaults(act=show)


def show(arguments: argparse.Namespace) -> int:
    """Print it in both languages.

    Raises:
        CommandError: no configuration yet, or nobody of this number on any day.
    """
    with Archive(arguments.data) as archive:
        try:
            history = read(archive)
        except NothingStoredError as error:
            raise CommandError(str(error)) from error
    staff, day = StaffNo(arguments.staff), arguments.date
    if staff not in history.in_force(day).staff and staff not in history.files:
        raise CommandError(f"{day} 没有工号 {staff}\nNobody has the number {staff} on {day}.")
    seen = history.now if arguments.as_of is None else min(arguments.as_of, history.now)
    sys.stdout.writelines(f"{line}\n" for line in told(history, staff, day, seen))
    return 0


def told(history: History, staff: StaffNo, day: date, seen: HallTime) -> Iterator[str]:
    """The lines, as the day was known at ``seen``."""
    force = history.in_force(day)
    member = force.staff.get(staff)
    yield f"{staff} {'' if member is None else member.zh}  {day}  {force.config.hall.rulebook}  ({to_second(seen)})"
    found, (begins, ends) = judged(history, staff, day, seen), span(history, day)
    file = history.of(staff)
    known = [one for one in file.around(day) if one.learned.at <= seen and begins <= one.at(seen) < ends]
    again = _duplicates(known, force.config.params.attendance.debounce_s * SECOND, seen)
    for one in sorted(known, key=lambda each: each.at(seen)):
        yield from _punch(one, found, seen)
        if one.id in again:
            yield "      " + _both(text("att.show.duplicate"))
    for given in file.excusing(begins, ends):
        yield from _excuse(given, seen)
    for half in HalfOfDay:
        every = versions(history, staff, day, half, seen)
        name = text(f"att.{half.value.lower()}")
        yield f"{name.zh} {name.en}" + ("" if every else f": {_nothing(found)}")
        for version in every:
            yield from _version(version)
    if found.record.day and every and not every[-1].provisional:
        yield _both(text("att.show.whole_day"), results=found.record.day[0].spelled)


def _duplicates(known: list[Presented], debounce: Ms, seen: HallTime) -> set[PunchId]:
    """The punches that only repeat one before them (1.0.3, step 3)."""
    kept: dict[PunchIntent, HallTime] = {}
    found: set[PunchId] = set()
    for one in sorted(known, key=lambda each: (each.at(seen), each.intent)):
        if one.void(seen) is not None:
            continue
        if one.intent in kept and one.at(seen) - kept[one.intent] <= debounce:
            found.add(one.id)
        else:
            kept[one.intent] = one.at(seen)
    return found


def _nothing(found: Judged) -> str:
    key = "att.means.unevaluated" if found.record.unevaluated else "att.means.open"
    return " ".join(text(key))


def _both(sentence: Text, **values: str) -> str:
    return f"{sentence.zh.format(**values)}  {sentence.en.format(**values)}"


def _punch(one: Presented, found: Judged, seen: HallTime) -> Iterator[str]:
    """When, where, what it meant; then all that was said about it."""
    source = text(f"att.source.{one.source}")
    yield f"  {to_second(one.at(seen))}  {one.intent.value}  {source.zh} {source.en}  {one.place}  {one.id}"
    if one.learned.at > one.stored:
        yield "      " + _both(text("att.show.heard"), time=to_second(one.learned.at), n=str(one.learned.number))
    checked = one.checked(seen)
    if one.unverified and checked is None:
        yield "      " + _both(text("att.show.unverified"))
    for each in one.retimed:
        if each.learned.at <= seen:
            values = {"from": to_second(one.stored), "to": to_second(each.at)}
            yield "      " + _both(text("att.show.retimed"), actor=each.actor, time=to_second(each.learned.at), **values)
    void = one.void(seen)
    if void is not None:
        yield "      " + _both(text("att.show.void"), actor=void.actor, time=to_second(void.learned.at), why=void.why)
    if one.id in found.superfluous:
        yield "      " + _both(text("att.show.superfluous"))


def _excuse(one: Given, seen: HallTime) -> Iterator[str]:
    if one.learned.at > seen:
        return
    known = one.as_known(seen)
    begins, ends = (one.absence.begins, one.absence.ends) if known is None else known
    kept = "att.show.excuse" if known is not None else "att.show.withdrawn"
    values = {"kind": one.absence.kind, "ref": one.absence.ref or f"#{one.learned.number}"}
    times = {"from": to_second(begins), "to": to_second(ends), "time": to_second(one.learned.at)}
    yield "  " + _both(text(kept), actor=one.actor, **values, **times)


def _version(one: Version) -> Iterator[str]:
    """``v2  2026-03-11 10:00:00  LEAVE (sick; retroactive)  QJ-20260311-001 #4711``."""
    results = " + ".join(_result(result) for result in one.results)
    flags = "".join(f"  [{_flag(flag)}]" for flag in one.flags)
    causes = "".join(f"  {cause.name} #{cause.number}" for cause in one.because)
    provisional = f"  {_both(text('att.show.provisional'))}" if one.provisional else ""
    yield f"  v{one.number}  {to_second(one.at)}  {results}{flags}{provisional}{causes}"


def _result(result: Result) -> str:
    meaning = text(f"att.result.{result.word.value.lower()}")
    reason = f" {result.reason}" if result.reason else ""
    return f"{result.spelled}{reason} {meaning.zh}"


def _flag(flag: str) -> str:
    word = text(f"att.flag.{flag}")
    return f"{word.zh} {word.en}"
