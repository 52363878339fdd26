"""Runs a Python module in a process of its own with the recorder loaded, and reads what it recorded."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).with_name("recorder.c")
DIED = 9
"""The exit code of a process that the recorder ended."""


class NoRecorderError(Exception):
    """The recorder cannot be built here; the message says what is missing."""


class RecordedProcessError(Exception):
    """The recorded process failed by itself; the message is what it printed."""


def recorder(build: Path = Path("build/power")) -> Path:
    """The recorder as a library, compiled if this version of it has not been. Raises :class:`NoRecorderError`."""
    source = SOURCE.read_bytes()
    library = (build / f"recorder-{hashlib.sha256(source).hexdigest()[:16]}.so").absolute()
    if library.exists():
        return library
    if not sys.platform.startswith("linux"):
        raise NoRecorderError("power cuts are recorded with LD_PRELOAD, which needs Linux")
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise NoRecorderError("power cuts need a C compiler for sim/power/recorder.c; on Debian: apt install gcc libc6-dev")
    library.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=library.parent) as half:
        fresh = Path(half) / "recorder.so"
        done = subprocess.run(  # noqa: S603 -- the compiler of this machine, our own source
            [compiler, "-O2", "-shared", "-fPIC", "-o", str(fresh), str(SOURCE), "-ldl"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise NoRecorderError(f"{compiler} cannot compile {SOURCE}: {done.stderr.strip()[-600:]}")
        fresh.replace(library)
    return library


def record(library: Path, module: str, *arguments: object, folder: Path, log: Path, die_at: int = 0) -> bool:
    """Run ``python -m module arguments`` and append to ``log`` what it does below ``folder``; returns whether it lived.

    With ``die_at`` it is gone right after so many calls, as by ``kill -9``. Raises :class:`RecordedProcessError`.
    """
    environment = {
        **os.environ,
        "LD_PRELOAD": str(library),
        "HALL_POWER_FOLDER": str(folder),
        "HALL_POWER_LOG": str(log),
        "HALL_POWER_DIE_AT": str(die_at),
        "PYTHONHASHSEED": "0",
    }
    done = subprocess.run(  # noqa: S603 -- this Python, our own module
        [sys.executable, "-m", module, *map(str, arguments)], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return True
    if done.returncode == DIED and die_at:
        return False
    raise RecordedProcessError(f"{module} ended with {done.returncode}: {(done.stdout + done.stderr).strip()[-2000:]}")


def work_folder() -> Path:
    """A folder in memory if this machine has one: thousands of small databases are opened there, and none must last."""
    memory = Path("/dev/shm")  # noqa: S108 -- a fresh folder is made in it
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    return Path(tempfile.mkdtemp(prefix="hall-power-", dir=memory if usable else None))
