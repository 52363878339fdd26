"""How a person becomes something that may be said and stored for one day: keyed hashes, the same at machine and service.

The key is the identity key of its day, 64 hex digits (``KioskSettings.identity_key``). When the service destroys it, nobody
can tell any more whose ticket was whose, and numbers that have so little in them as these cannot be tried out.
"""

import hashlib
import hmac

from contracts.values import HolderHash

IDENTITY_KEY_BYTES = 32


def holder_hash(key: str, number: str) -> HolderHash:
    """HMAC-SHA256 of a document's number, in capitals as printed. Raises ``ValueError`` for what is no key."""
    return HolderHash(_keyed(key, number.upper()))


def check_in_proof(key: str, phone_tail: str, code: str) -> str:
    """HMAC-SHA256 of ``1234:567890``: the last four digits of a telephone number and a booking code."""
    return _keyed(key, f"{phone_tail}:{code}")


def _keyed(key: str, text: str) -> str:
    try:
        secret = bytes.fromhex(key)
    except ValueError:
        secret = b""
    if len(secret) != IDENTITY_KEY_BYTES:
        raise ValueError(f"an identity key has {2 * IDENTITY_KEY_BYTES} hex digits")
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
