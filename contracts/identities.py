"""How a person becomes something that may be said and stored for one day: keyed hashes, the same at machine and service.

The key is the identity key of its day, 64 hex digits (``KioskSettings.identity_key``). When the service destroys it, nobody
can tell any more whose ticket was whose, and numbers that have so little in them as these cannot be tried out.
"""

import hashlib
import hmac
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

from msgspec.structs import replace

from contracts.messages import KioskSettings, Settings
from contracts.values import HallTime, HolderHash

IDENTITY_KEY_BYTES = 32
_CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


def holder_hash(key: str, number: str) -> HolderHash:
    """HMAC-SHA256 of a document's number, in capitals as printed. Raises ``ValueError`` for what is no key."""
    return HolderHash(_keyed(key, number.upper()))


def check_in_proof(key: str, phone_tail: str, code: str) -> str:
    """HMAC-SHA256 of ``1234:567890``: the last four digits of a telephone number and a booking code."""
    return _keyed(key, f"{phone_tail}:{code}")


def key_ends_at(settings: Settings | None) -> HallTime | None:
    """When the day of an identity key is over, ``None`` if there is no key. A day nobody can read is over already."""
    if not isinstance(settings, KioskSettings) or not settings.identity_key:
        return None
    return _end_of(settings.identity_day or "")


@lru_cache(maxsize=4)
def _end_of(day: str) -> HallTime:
    try:
        midnight = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), _CHINA)
    except (ValueError, OverflowError):
        return HallTime(0)
    return HallTime(round(midnight.timestamp() * 1000))


def without_key(settings: Settings) -> Settings:
    """The settings as they may outlive the day."""
    return replace(settings, identity_key="", identity_day=None) if isinstance(settings, KioskSettings) else settings


def _keyed(key: str, text: str) -> str:
    try:
        secret = bytes.fromhex(key)
    except ValueError:
        secret = b""
    if len(secret) != IDENTITY_KEY_BYTES:
        raise ValueError(f"an identity key has {2 * IDENTITY_KEY_BYTES} hex digits")
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
