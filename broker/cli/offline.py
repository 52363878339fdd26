"""``hall-broker check`` and ``rehearse``: work on a file alone, without a hall."""

import argparse
import json
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from broker import rehearse as queue
from broker import rehearse_attendance as attendance
from broker import rehearse_deadline as deadline
from broker.cli.command_error import CommandError
from broker.config import HallConfig, config_hash, load, read, read_text
from broker.rehearsal import RehearsalError


def check(arguments: argparse.Namespace) -> int:
    """Say whether the service would take this hall.toml; an error names file, section, key and what is accepted."""
    content = read_text(arguments.config)
    config = load(content, str(arguments.config))
    counts = f"{len(config.counters)} counters, {len(config.staff)} staff, {len(config.devices)} devices"
    sys.stdout.write(f"{arguments.config}: in order: {config.hall.id}, {counts}, sha256 {config_hash(content)}\n")
    return 0


def rehearse_queue(arguments: argparse.Namespace) -> int:
    """Call the tickets of a file by the rules of the service and print the order as JSON."""
    return _rehearse(arguments.file, queue.rehearse_queue)


def rehearse_deadline(arguments: argparse.Namespace) -> int:
    """Compute the deadlines of a file with a hall's calendar and print them as JSON."""
    config = _hall(arguments.config)
    return _rehearse(arguments.file, lambda cases: deadline.rehearse_deadline(cases, config.calendar))


def rehearse_attendance(arguments: argparse.Namespace) -> int:
    """Evaluate the days of a file with a hall's hours and calendar and print the results as JSON."""
    config = _hall(arguments.config)
    return _rehearse(arguments.file, lambda cases: attendance.rehearse_attendance(cases, config))


def _hall(path: Path | None) -> HallConfig:
    """The hall of this file; the demo hall if none is named, for its calendar is the country's."""
    if path is not None:
        return read(path)
    return load(files("broker").joinpath("halls", "demo-hall.toml").read_text(encoding="utf-8"), "demo-hall.toml")


def _rehearse(file: Path, rules: Callable[[Any], dict[str, Any]]) -> int:
    try:
        cases = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CommandError(f"{file}: not JSON: {error}") from error
    try:
        result = rules(cases)
    except RehearsalError as error:
        raise CommandError(f"{file}: {error}") from error
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    return 0
