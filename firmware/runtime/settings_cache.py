"""The node's copy of its retained settings, used while the rules service is away.

A ticket machine's settings carry the identity key of a day. The file is readable by the node alone, and the key is taken out
of it when its day is over: by the hall clock as far as it was heard, at a start also by the machine's own clock; if that is
wrong, too much is forgotten rather than too little, or the first heartbeat puts it right.
"""

from pathlib import Path

import msgspec

from contracts.codec import ContractError, decode, encode
from contracts.identities import key_ends_at, without_key
from contracts.messages import Message, ServiceState, Settings
from contracts.values import HallTime, Ms
from firmware.runtime.files import write_atomically
from firmware.runtime.node import Log
from firmware.runtime.steps import HallClock

OWNER_ONLY = 0o600


class SettingsCache:
    """Keeps the last :class:`Settings` heard in a file, fsync'd.

    ``topic`` is the node's settings topic: a file that could not have come over it is not used.
    """

    def __init__(self, path: Path, topic: str, log: Log) -> None:
        self._path = path
        self._topic = topic
        self._log = log
        self._kept: Settings | None = None
        self._clock = HallClock()

    def load(self, wall_at: HallTime | None = None) -> Settings | None:
        """The cached settings, or ``None`` if there are none that can be used; the service will send them anew.

        ``wall_at`` is what this machine believes is the time.
        """
        try:
            message = decode(self._topic, self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ContractError) as error:
            self._log("settings_cache_unusable", level="warning", path=str(self._path), error=str(error))
            return None
        self._kept = message if isinstance(message, Settings) else None
        self._forget_key(wall_at)
        return self._kept

    def hear(self, message: Message, now: Ms) -> None:
        """Keep settings; take the time from heartbeats."""
        match message:
            case Settings():
                self.keep(message)
            case ServiceState():
                self._clock = self._clock.heard(message, now)
            case _:
                pass

    def tend(self, now: Ms) -> None:
        """Take the key out of the file if its day is over."""
        self._forget_key(self._clock.at(now))

    def keep(self, settings: Settings) -> None:
        """Keep these from now on; a disk that cannot take them is logged, the node works on with what it heard."""
        if settings == self._kept:
            return
        if self._write(settings):
            self._kept = settings
            self._log("settings_cached", hash=settings.hash)

    def _forget_key(self, at: HallTime | None) -> None:
        ends = key_ends_at(self._kept)
        if at is None or ends is None or at < ends or self._kept is None:
            return
        self._kept = without_key(self._kept)
        if self._write(self._kept):
            self._log("identity_key_forgotten")

    def _write(self, settings: Settings) -> bool:
        try:
            write_atomically(self._path, msgspec.json.format(encode(settings), indent=2), mode=OWNER_ONLY)
        except OSError as error:
            self._log("settings_not_cached", level="error", path=str(self._path), error=str(error))
            return False
        return True
