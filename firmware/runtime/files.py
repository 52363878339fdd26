"""Writing a file so that a power cut leaves either the old or the new one, never half of it."""

import os
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Replace the content of ``path``; when this returns, the new content survives a power cut.

    Raises ``OSError`` (disk full, for one) and leaves the old file as it was.
    """
    beside = path.with_name(path.name + ".new")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut: after a rename or a new file."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
