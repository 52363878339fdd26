"""``hall-broker check`` and ``rehearse``: work on a file alone, without a hall."""

import argparse
import json
import sys

from broker.cli.command_error import CommandError
from broker.config import config_hash, load, read_text
from broker.rehearse import RehearsalError, rehearse_queue


def check(arguments: argparse.Namespace) -> int:
    """Say whether the service would take this hall.toml; an error names file, section, key and what is accepted."""
    content = read_text(arguments.config)
    config = load(content, str(arguments.config))
    counts = f"{len(config.counters)} counters, {len(config.staff)} staff, {len(config.devices)} devices"
    sys.stdout.write(f"{arguments.config}: in order: {config.hall.id}, {counts}, sha256 {config_hash(content)}\n")
    return 0


def rehearse(arguments: argparse.Namespace) -> int:
    """Call the tickets of a file by the rules of the service and print the order as JSON."""
    try:
        cases = json.loads(arguments.file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CommandError(f"{arguments.file}: not JSON: {error}") from error
    try:
        result = rehearse_queue(cases)
    except RehearsalError as error:
        raise CommandError(f"{arguments.file}: {error}") from error
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    return 0
