"""What only root may do to a machine: a network namespace whose cable can be pulled, a disk so small that it fills.

Everything here is tried first; where it is not permitted the hall goes without and the report says so.
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
BALLAST = "ballast"


class NotPermittedError(RuntimeError):
    """This machine, or this user, cannot do that; says why."""


def _run(*command: str) -> None:
    program = shutil.which(command[0], path=_PATH)
    if program is None:
        raise NotPermittedError(f"{command[0]} is not installed")
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)  # noqa: S603 -- ours
    if done.returncode != 0:
        raise NotPermittedError(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")


def _quietly(*command: str) -> None:
    with contextlib.suppress(NotPermittedError):
        _run(*command)


class Cable:
    """A network namespace behind a veth pair. Raises :class:`NotPermittedError` where there can be none."""

    def __init__(self) -> None:
        number = os.getpid() % 16_000
        self.namespace = f"hall{number}"
        self._near, self._far = f"hv{number}a", f"hv{number}b"
        net = f"10.{77 + number // 16_000}.{number // 64 % 256}.{number % 64 * 4}"
        base, last = net.rsplit(".", 1)
        self.address = f"{base}.{int(last) + 1}"
        inside = f"{base}.{int(last) + 2}"
        self._may_drop = shutil.which("iptables", path=_PATH) is not None
        try:
            _run("ip", "netns", "add", self.namespace)
            _run("ip", "link", "add", self._near, "type", "veth", "peer", "name", self._far, "netns", self.namespace)
            _run("ip", "addr", "add", f"{self.address}/30", "dev", self._near)
            _run("ip", "link", "set", self._near, "up")
            self._inside("ip", "addr", "add", f"{inside}/30", "dev", self._far)
            self._inside("ip", "link", "set", self._far, "up")
            self._inside("ip", "link", "set", "lo", "up")
        except NotPermittedError:
            self.close()
            raise

    @property
    def can_drop(self) -> bool:
        """Whether packets can be dropped in silence (iptables)."""
        return self._may_drop

    def wrapped(self, command: Sequence[str]) -> list[str]:
        """A command that runs behind the cable."""
        ip = shutil.which("ip", path=_PATH)
        assert ip is not None
        return [ip, "netns", "exec", self.namespace, *command]

    def pull(self) -> None:
        """The link goes down."""
        _run("ip", "link", "set", self._near, "down")

    def drop(self, probability: float = 1.0) -> None:
        """What comes through the cable is dropped without a word, all of it or a share."""
        rule = ["-m", "statistic", "--mode", "random", "--probability", str(probability)] if probability < 1 else []
        self._inside("iptables", "-A", "INPUT", "-i", self._far, *rule, "-j", "DROP")

    def mend(self) -> None:
        """The link is up and nothing is dropped."""
        _run("ip", "link", "set", self._near, "up")
        if self._may_drop:
            self._inside("iptables", "-F", "INPUT")

    def close(self) -> None:
        """Take it away."""
        _quietly("ip", "link", "del", self._near)
        _quietly("ip", "netns", "del", self.namespace)

    def _inside(self, *command: str) -> None:
        _run("ip", "netns", "exec", self.namespace, *command)


class SmallDisk:
    """A tmpfs of a few hundred KiB on a folder, which can be filled to the last byte. Raises as :class:`Cable` does."""

    def __init__(self, folder: Path, size: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        _run("mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder))

    def fill(self) -> None:
        """Leave no room."""
        with contextlib.suppress(OSError), (self.folder / BALLAST).open("ab", buffering=0) as ballast:
            for size in (65_536, 4_096, 1):
                with contextlib.suppress(OSError):
                    while ballast.write(bytes(size)) == size:
                        pass

    def clear(self) -> None:
        """There is room again."""
        (self.folder / BALLAST).unlink(missing_ok=True)

    def close(self) -> None:
        """Take it away."""
        _quietly("umount", str(self.folder))
