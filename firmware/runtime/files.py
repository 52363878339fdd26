"""Files and folders that survive a power cut: either the old content or the new one, never half of it, and the name too."""

import contextlib
import os
from pathlib import Path

ANYBODY = 0o666
"""Whoever the umask lets."""


def write_atomically(path: Path, data: bytes, *, mode: int = ANYBODY) -> None:
    """Replace the content of ``path``; when this returns, the new content survives a power cut. ``mode``: who may read it.

    Raises ``OSError`` (disk full, for one); then the old content may still be the one that survives.
    """
    os.close(replace_file(path, data, mode=mode))
    sync_folder(path.parent)


def replace_file(path: Path, data: bytes, *, mode: int = ANYBODY) -> int:
    """Put a new file in the place of ``path`` and return it open. Its content is synced, its name only by ``sync_folder``.

    Raises ``OSError`` and leaves the old file as it was.
    """
    beside = path.with_name(path.name + ".new")
    handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        if mode != ANYBODY:
            os.fchmod(handle, mode)  # one that was left over might be read by anybody
        write_at(handle, data, 0)
        os.fsync(handle)
        beside.replace(path)
    except OSError:
        os.close(handle)
        beside.unlink(missing_ok=True)
        raise
    return handle


def write_at(handle: int, data: bytes, at: int) -> None:
    """Write all of it at this place of an open file."""
    written = 0
    while written < len(data):
        written += os.pwrite(handle, data[written:], at + written)


def make_folder(folder: Path) -> None:
    """Make a folder and every missing one above it; when this returns, their names survive a power cut.

    An empty folder counts as new: whoever made it may have been killed before it was safe.
    """
    if folder.is_dir():
        if not any(folder.iterdir()):
            with contextlib.suppress(PermissionError):  # somebody else has made it who may look further than we
                sync_folder(folder.parent)
        return
    if folder.parent.is_dir() or not folder.parent.exists():
        make_folder(folder.parent)
    folder.mkdir(exist_ok=True)  # says that it is not a folder, where a file is in the way
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut: after a rename or a new file."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
