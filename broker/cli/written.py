"""Files a command was asked for: all of it or nothing, for a sheet that is half written must not be signed."""

from pathlib import Path

from broker.cli.command_error import CommandError
from firmware.runtime.files import write_atomically


def write_out(out: Path, content: bytes) -> None:
    """Put the file in its place. Raises ``CommandError`` where it cannot be written; an older file is then as it was."""
    try:
        write_atomically(out, content)
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}") from error
