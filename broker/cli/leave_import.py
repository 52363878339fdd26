"""``hall-broker leave import FILE.csv --dry-run|--apply``: what DingTalk has approved (``broker.dingtalk``)."""

import argparse
import sys
from pathlib import Path

from broker.cli.asking import Ask, ask, configuration_of, dated
from broker.cli.command_error import CommandError
from broker.cli.trying import refusal_of, trial_of
from broker.cli.typed import Commands, add_asking
from broker.dingtalk import BrokenExportError, Line, read
from broker.rules.asking import Decision
from contracts import messages as m
from contracts.values import RequestId, StaffNo
from words import text


def add_to(kinds: Commands) -> None:
    """Its part of the command line."""
    one = kinds.add_parser("import", help="bring in what DingTalk has approved; the same number twice is once")
    one.add_argument("file", type=Path, metavar="FILE.csv", help="DingTalk's export of leave approvals, UTF-8 or GBK")
    how = one.add_mutually_exclusive_group(required=True)
    how.add_argument("--dry-run", action="store_true", help="say of each line what would be done; needs --data")
    how.add_argument("--apply", action="store_true", help="bring the lines in, in their order")
    add_asking(one)
    one.set_defaults(act=bring_in)


def bring_in(arguments: argparse.Namespace) -> int:
    """Each line by itself; 1 if any was refused. Of a broken file nothing is brought in.

    Raises:
        CommandError: the file cannot be read, or is no such export.
    """
    try:
        lines = read(arguments.file.read_bytes(), configuration_of(arguments))
    except OSError as error:
        raise CommandError(f"{arguments.file}: {error.strerror}") from error
    except BrokenExportError as error:
        raise CommandError(f"{arguments.file}: {error}\n未导入任何内容 Nothing was brought in.") from error
    return _try(arguments, lines) if arguments.dry_run else _apply(arguments, lines)


def _request(line: Line, actor: StaffNo) -> m.LeaveImportRequested | None:
    if line.wanted is None:
        return None
    one = line.wanted
    return m.LeaveImportRequested(
        request_id=RequestId("import"),
        actor=actor,
        staff=one.staff,
        kind=one.kind,
        begins=one.begins,
        ends=one.ends,
        reason=one.reason,
        dingtalk_no=line.no,
        approvers=one.approvers,
        approved_at=one.approved_at,
    )


def _try(arguments: argparse.Namespace, lines: tuple[Line, ...]) -> int:
    trial, refused = trial_of(arguments.data), 0
    for line in lines:
        request = _request(line, StaffNo(arguments.actor))
        said = f"✗ {line.why}" if request is None else _outcome(trial.ask(request))
        refused += said[:1] != "✓"
        sys.stdout.write(f"{line.number}  {line.no}  {said}\n")
    return 1 if refused else 0


def _outcome(decision: Decision) -> str:
    answer = decision.answers[0][1]
    return refusal_of(answer) if isinstance(answer, m.RequestRefused) else f"✓ {_done(answer)}"


def _apply(arguments: argparse.Namespace, lines: tuple[Line, ...]) -> int:
    refused = 0
    for line in lines:
        sys.stdout.write(f"{line.number}  {line.no}  ")
        sys.stdout.flush()
        request = _request(line, StaffNo(arguments.actor))
        if request is None:
            sys.stdout.write(f"✗ {line.why}\n")
        refused += 1 if request is None else ask(arguments, Ask(dated(request), _done))
    return 1 if refused else 0


def _done(answer: m.Message) -> str:
    assert isinstance(answer, m.RequestDone)
    values = answer.values
    if values["state"] == "known":
        return f"{values['no']} 已导入过 brought in before"
    if values["state"] == "approved":
        return f"{values['no']} 已批准 approved"
    level = text(f"leave.level.{values['level']}")
    return f"{values['no']} 已登记,待{level.zh}审批 entered; the {level.en} decides"
