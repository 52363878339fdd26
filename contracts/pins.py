"""How a typed PIN becomes something that may be stored: stretched where it is typed, then keyed with the hall's card key.

A PIN has a million values, so nothing made of it alone protects it. The key is what does: it is on the service and the
clocks and travels nowhere. Stretching makes a stolen key dear to use (docs/decisions/0035).
"""

import hashlib
import hmac
import re
from itertools import pairwise

SALT_BYTES = 8
PIN_DIGITS = 6
VERIFIER_DIGITS = 32
_COST = 2**13
"""8 MiB and some 20 ms on a desk computer, a tenth of a second on the clock's: once for each PIN typed."""
_STRETCHED = re.compile(r"[0-9a-f]{64}")


def stretched(salt: str, pin: str) -> str:
    """Scrypt of the PIN, 64 hex digits; ``salt`` is hex. Raises ``ValueError`` for a salt that is none."""
    return hashlib.scrypt(pin.encode(), salt=bytes.fromhex(salt), n=_COST, r=8, p=1, dklen=32).hex()


def is_stretched(text: str) -> bool:
    """Whether this may have come out of :func:`stretched`."""
    return _STRETCHED.fullmatch(text) is not None


def verifier(card_key: bytes, stretched_pin: str) -> str:
    """What is stored and given to clocks: HMAC-SHA256 under a key derived from the card key, its first 32 hex digits.

    Raises ``ValueError`` for an empty key, which would protect nothing.
    """
    if not card_key:
        raise ValueError("the card key is empty")
    key = hmac.new(card_key, b"pin", hashlib.sha256).digest()
    return hmac.new(key, stretched_pin.encode(), hashlib.sha256).hexdigest()[:VERIFIER_DIGITS]


def is_pin(card_key: bytes, salt: str, expected: str, typed: str) -> bool:
    """Whether the typed PIN is the one this verifier was made of."""
    return hmac.compare_digest(verifier(card_key, stretched(salt, typed)), expected)


def is_weak(pin: str) -> bool:
    """Whether everybody would try it first: one digit all along, or digits that only count up or down."""
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return len(steps) == 1 and steps <= {-1, 0, 1}
