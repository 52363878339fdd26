"""What systemd does for a hall: ``Restart=always, RestartSec=1``, and a list of who died of what."""

import contextlib
import os
import signal
from collections import Counter
from dataclasses import dataclass

from contracts.values import Ms
from sim.chaos.faults import Kind
from sim.chaos.hall import ON_SMALL_DISK, ChaosHall
from sim.process_hall import SERVICE

RESTART_AFTER: Ms = 1_000
_KILLED = -int(signal.SIGKILL)
_DISK_FULL_CODES = {SERVICE: {74}, ON_SMALL_DISK: {1, 2, 74}}


@dataclass(frozen=True, slots=True)
class Death:
    """A process ended."""

    at: Ms
    name: str
    code: int


class Supervisor:
    """Starts again what has ended; ask it to ``look`` often, always from the same thread."""

    def __init__(self, hall: ChaosHall) -> None:
        self.deaths: list[Death] = []
        self.kills: Counter[str] = Counter()
        """Kills that met somebody alive, by what was killed."""
        self.crashes: list[str] = []
        """Deaths nobody had meant."""
        self.born: dict[str, Ms] = dict.fromkeys(hall.children, hall.loop.now)
        self.full: set[str] = set()
        """Whose disk is, or was a moment ago, full."""
        self._hall = hall
        self._due: dict[str, Ms] = {}
        self._struck: set[str] = set()

    @property
    def names(self) -> list[str]:
        """Everybody there is."""
        return sorted(self.born)

    def is_up(self, name: str) -> bool:
        """Whether it runs."""
        return name not in self._due and self._hall.children[name].exit_code is None

    def kill(self, name: str, kind: str) -> bool:
        """``kill -9``; returns whether it met somebody alive. Safe from the thread of the hall's loop too."""
        if not self.is_up(name):
            return False
        self._struck.add(name)
        self._signal(name, signal.SIGKILL)
        self.kills[f"{kind}:{name}"] += 1
        return True

    def freeze(self, name: str) -> bool:
        """SIGSTOP."""
        if self.is_up(name):
            self._signal(name, signal.SIGSTOP)
            return True
        return False

    def thaw(self, name: str) -> None:
        """SIGCONT."""
        if self.is_up(name):
            self._signal(name, signal.SIGCONT)

    def _signal(self, name: str, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has gone by itself this very moment
            os.kill(self._hall.children[name].popen.pid, number)

    def look(self) -> None:
        """Note who has died, start again whose second is over."""
        now = self._hall.loop.now
        for name in self.names:
            child = self._hall.children[name]
            if name not in self._due and child.exit_code is not None:
                self._due[name] = now + RESTART_AFTER
                self._note(Death(now, name, child.exit_code), child.last_words(2))
            elif self._due.get(name, now + 1) <= now:
                del self._due[name]
                self._hall.start_again(name)
                self.born[name] = now

    def _note(self, death: Death, last_words: str) -> None:
        self.deaths.append(death)
        if death.code == _KILLED and death.name not in self._struck:
            self.kills[f"{Kind.KILL_SERVICE_AT.value}:{death.name}"] += 1  # it has met a wish of its own accord
        self._struck.discard(death.name)
        expected = {_KILLED, *(_DISK_FULL_CODES.get(death.name, set()) if death.name in self.full else set())}
        if death.code not in expected:
            self.crashes.append(f"{death.name} ended with exit code {death.code}: {last_words[-400:]}")
