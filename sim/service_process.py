"""The real ``hall-broker run`` as a process on a real MQTT server, for tests that kill it, starve it and start it again."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from sim.service_bench import SMALL
from sim.testing import PATIENCE_S, Memory, Mosquitto

OPEN_ISO = "2026-03-10T09:05:00"


class ServiceProcess:
    """One life of the service. ``program`` replaces ``hall-broker``, ``before`` stands in front (``prlimit ...``)."""

    def __init__(
        self,
        server: Mosquitto,
        data: Path,
        *,
        program: Sequence[str] = (sys.executable, "-m", "broker"),
        before: Sequence[str] = (),
        config: Path = SMALL,
    ) -> None:
        self.log = Memory()
        self.stderr: list[str] = []
        command = [*before, *program, "run", "--config", str(config), "--data", str(data)]
        command += ["--mqtt", f"127.0.0.1:{server.port}", "--hall-clock-start", OPEN_ISO]
        self._popen = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)  # noqa: S603 -- ours
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._popen.stderr is not None
        with self._popen.stderr:
            for line in self._popen.stderr:
                self.stderr.append(line)
                if line.startswith("{"):
                    fields = json.loads(line)
                    self.log(fields.pop("event"), **fields)

    def up(self) -> "ServiceProcess":
        """Wait until it hears requests."""
        self.log.wait_for("link_up")
        return self

    def kill(self) -> int:
        """Power cut."""
        return self._end(signal.SIGKILL)

    def stop(self) -> int:
        """An orderly stop; returns the exit code."""
        return self._end(signal.SIGTERM)

    def ended(self) -> int:
        """Wait until it ends by itself; returns the exit code."""
        code = self._popen.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        return code

    def close(self) -> None:
        """See :meth:`kill`; nothing if it has ended."""
        if self._popen.poll() is None:
            self.kill()

    def _end(self, number: signal.Signals) -> int:
        self._popen.send_signal(number)
        return self.ended()
