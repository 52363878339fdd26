"""Starts processes and stops all of them again, whatever happens in between.

Every child is told by the kernel to die with us (``setpriv --pdeathsig``), so that even ``kill -9`` of the simulator leaves
no orphan; construct and start from one thread that lives as long as the simulator, because the kernel watches that thread.
"""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE_S = 8.0
"""How long a process may take to end after SIGTERM, before it is killed."""


@dataclass(slots=True)
class Child:
    """A process of ours, and the file with everything it has written."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def exit_code(self) -> int | None:
        """Its exit code, ``None`` while it runs."""
        return self.popen.poll()

    def last_words(self, lines: int = 5) -> str:
        """The end of what it has written."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


class Processes:
    """A context in which processes live; on leaving it they are stopped, last started first."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._logs.mkdir(parents=True, exist_ok=True)
        self.children: list[Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop_all()

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> Child:
        """Start a process in a session of its own: a Ctrl-C at the terminal reaches us alone, and we stop it in order."""
        log = self._logs / f"{name}.log"
        with log.open("ab") as output:
            popen = subprocess.Popen(  # noqa: S603 -- our own programs
                [*_dying_with_us(), *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
        child = Child(name, popen, log)
        self.children.append(child)
        return child

    def ended(self) -> list[Child]:
        """Those that have ended by themselves."""
        return [child for child in self.children if child.exit_code is not None]

    def stop_all(self) -> list[str]:
        """Stop everything; returns the names of those that had to be killed."""
        stubborn = []
        while self.children:
            child = self.children.pop()
            if not stop(child):
                stubborn.append(child.name)
        return stubborn


def stop(child: Child, patience_s: float = PATIENCE_S) -> bool:
    """Ask a process to end, insist if it does not; returns whether asking was enough."""
    child.popen.terminate()
    try:
        child.popen.wait(patience_s)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.popen.pid, signal.SIGKILL)
        child.popen.wait()
        return False
    return True


def wait_a_moment(child: Child, seconds: float = 0.05) -> bool:
    """Wait a little for a process; returns whether it is still running."""
    try:
        child.popen.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return False


def _dying_with_us() -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
