"""Reading hall.toml: strictly, completely, with an error that names file, section, key, value and what is accepted."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from broker.config_checks import complaints
from broker.schema import HallConfig
from firmware.runtime import settings
from firmware.runtime.settings import SettingsError as ConfigError

__all__ = ["ConfigError", "HallConfig", "config_hash", "load", "read", "read_text"]

_QUOTA = re.compile(r"(^|_)(cap|quota|max_tickets|ticket_limit|daily_limit|tickets_per_day)($|_)", re.IGNORECASE)
_MONEY = re.compile(r"(^|_)(price|fee|charge|deposit)($|_)", re.IGNORECASE)


def load(text: str, name: str) -> HallConfig:
    """The configuration in this text, complete and checked as a whole, or :class:`ConfigError`.

    ``name`` is what errors call the file. Nothing is read or written.
    """
    path = Path(name)
    for section, key in _forbidden(text, path):
        raise ConfigError(path, _why_forbidden(key), section=section, key=key)
    config = settings.parse(text, path, HallConfig)
    for one in complaints(config):
        raise ConfigError(path, one.what, section=one.section, key=one.key)
    return config


def read_text(path: Path) -> str:
    """The text of a hall.toml with plain line ends, or :class:`ConfigError`."""
    try:
        return path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ConfigError(path, f"not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    except OSError as error:
        raise ConfigError(path, f"cannot be read: {error.strerror}") from error


def read(path: Path) -> HallConfig:
    """The configuration in this file, or :class:`ConfigError`."""
    return load(read_text(path), str(path))


def config_hash(text: str) -> str:
    """What the facts call this configuration: the SHA-256 of its text, in hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _forbidden(text: str, path: Path) -> Iterator[tuple[str, str]]:
    """The keys the rule book forbids under any name, with their section, before anything else is looked at."""
    table = settings.read_table(text, path)
    yield from (found for found in _keys(table, "") if _QUOTA.search(found[1]) or _MONEY.search(found[1]))


def _keys(value: Any, section: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _keys(item, f"{section}[{index}]")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield section, key
            yield from _keys(inner, f"{section}.{key}" if section else key)


def _why_forbidden(key: str) -> str:
    if _QUOTA.search(key):
        return "a hall sets no limit on the tickets of a day (EXT-3.2); there is no such key"
    return "services, appointments and extended hours are free of charge (EXT-5, APPT-8); there is no such key"
