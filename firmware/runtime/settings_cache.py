"""The node's copy of its retained settings, used while the rules service is away."""

from pathlib import Path

import msgspec

from contracts.codec import ContractError, decode, encode
from contracts.messages import Settings
from firmware.runtime.files import write_atomically
from firmware.runtime.node import Log


class SettingsCache:
    """Keeps the last :class:`Settings` heard in a file, fsync'd.

    ``topic`` is the node's settings topic: a file that could not have come over it is not used.
    """

    def __init__(self, path: Path, topic: str, log: Log) -> None:
        self._path = path
        self._topic = topic
        self._log = log
        self._kept: Settings | None = None

    def load(self) -> Settings | None:
        """The cached settings, or ``None`` if there are none that can be used; the service will send them anew."""
        try:
            message = decode(self._topic, self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ContractError) as error:
            self._log("settings_cache_unusable", level="warning", path=str(self._path), error=str(error))
            return None
        self._kept = message if isinstance(message, Settings) else None
        return self._kept

    def keep(self, settings: Settings) -> None:
        """Keep these from now on; a disk that cannot take them is logged, the node works on with what it heard."""
        if settings == self._kept:
            return
        try:
            write_atomically(self._path, msgspec.json.format(encode(settings), indent=2))
        except OSError as error:
            self._log("settings_not_cached", level="error", path=str(self._path), error=str(error))
            return
        self._kept = settings
        self._log("settings_cached", hash=settings.hash)
