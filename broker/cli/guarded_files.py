"""Writes files that not everybody may read, never readable for others, not even for a moment."""

import os
import shutil
from pathlib import Path

from firmware.runtime.files import write_atomically

OURS = 0o600
SERVERS = 0o640
EVERYBODYS = 0o644
_SERVER_GROUP = "mosquitto"


def write_guarded(path: Path, content: bytes, mode: int) -> None:
    """Replace a file. One for the MQTT server goes to its group if it is installed here and we are root.

    The server opens its files after it has given up root's rights.
    """
    previous = os.umask(0o777 & ~mode)
    try:
        write_atomically(path, content)
    finally:
        os.umask(previous)
    path.chmod(mode)
    if mode == SERVERS and os.geteuid() == 0:
        try:
            shutil.chown(path, group=_SERVER_GROUP)
        except LookupError:
            return  # deploy/README.md says what to do on the server's machine
