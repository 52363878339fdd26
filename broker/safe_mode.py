"""Safe mode: a hall.toml that is refused again and again does not keep a hall closed that was open yesterday.

Every start that succeeds keeps the text it started with. When hall.toml has been refused for the fifth time in two minutes,
the service starts with that text instead, says so loudly, and tells it in its heartbeat. Before that, and where there is no
such text, it refuses to start. The next start with a good hall.toml ends it. Going back to the release before belongs to
updates, which this project does not have yet.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from broker.config import ConfigError, config_hash, load, read_text
from contracts.values import HallId, Ms
from firmware.runtime.files import write_atomically
from firmware.runtime.node import Log

LAST_GOOD = "last-good-hall.toml"
REFUSED = "refused-starts.json"
MOST = 5
WITHIN: Ms = 120_000
CONFIGURATION_REFUSED = "configuration_refused"
"""What the heartbeat says (``ServiceState.trouble``)."""


class RefusedAgainError(ConfigError):
    """hall.toml is refused, and there is a good one to fall back on: to be started again, safe mode may be near."""

    exit_code = 65  # EX_DATAERR: systemd starts it again, unlike 78

    def __init__(self, error: ConfigError) -> None:
        ValueError.__init__(self, str(error))
        self.path, self.section, self.key = error.path, error.section, error.key


@dataclass(frozen=True, slots=True)
class Chosen:
    """The configuration to start with; ``trouble`` is empty unless it is not the one in hall.toml."""

    text: str
    hall: HallId
    trouble: str = ""


def choose(path: Path, data: Path, now: Ms, log: Log) -> Chosen:
    """hall.toml, or in safe mode the last good one. ``now`` is monotonic. Raises :class:`ConfigError`."""
    try:
        text = read_text(path)
        return Chosen(text, HallId(load(text, str(path)).hall.id))
    except ConfigError as error:
        good = _last_good(data)
        if good is None:
            raise
        starts = _count(data / REFUSED, now)
        if starts < MOST:
            log("configuration_refused", level="error", error=str(error), times=starts, safe_mode_after=MOST)
            raise RefusedAgainError(error) from error
        log("safe_mode", level="error", error=str(error), configuration=config_hash(good.text)[:12])
        return good


def keep_good(data: Path, chosen: Chosen) -> None:
    """The service has started with this. Ends safe mode if it was not needed. Raises ``OSError``."""
    if chosen.trouble:
        return
    path = data / LAST_GOOD
    text = chosen.text.encode("utf-8")
    if not path.exists() or path.read_bytes() != text:
        write_atomically(path, text)
    (data / REFUSED).unlink(missing_ok=True)


def _last_good(data: Path) -> Chosen | None:
    """What the last good start was made with, if this version still takes it."""
    try:
        text = read_text(data / LAST_GOOD)
        return Chosen(text, HallId(load(text, LAST_GOOD).hall.id), CONFIGURATION_REFUSED)
    except ConfigError:
        return None


def _count(path: Path, now: Ms) -> int:
    """Note this refused start; returns how many there have been lately.

    Times are monotonic, so a clock that is set does not matter; those of before a reboot lie ahead and do not count. In
    safe mode the latest ones stay where they are: a restart goes straight back into it, however much later.
    """
    try:
        before = [int(one) for one in json.loads(path.read_text(encoding="ascii"))]
    except (OSError, ValueError, TypeError):
        before = []
    if len(before) >= MOST:
        return len(before)
    recent = [one for one in before if now - WITHIN < one <= now] + [now]
    write_atomically(path, json.dumps(recent).encode("ascii"))
    return len(recent)
