"""How a work card becomes something that may be stored: a keyed hash, the same at the clock and at the rules service."""

import hashlib
import hmac

from contracts.values import CardHash

CARD_HASH_DIGITS = 32
"""128 bits: no two cards of any hall share one, and a roster stays short."""
CARD_KEY_BYTES = 32


def card_hash(key: bytes, card: str) -> CardHash:
    """HMAC-SHA256 of the card's 10 hex digits under the hall's card key, its first 32 hex digits.

    EM4100 cards have so few numbers in use that a plain hash could be tried out; the key is what protects them. ``card``
    is taken in capitals, as every reader reports it. Raises ``ValueError`` for an empty key, which would protect nothing.
    """
    if not key:
        raise ValueError("the card key is empty")
    return CardHash(hmac.new(key, card.upper().encode("ascii"), hashlib.sha256).hexdigest()[:CARD_HASH_DIGITS])


def read_card_key(text: str) -> bytes:
    """The key in the text of a ``card.key`` file: 64 hex digits. Raises ``ValueError`` for anything else."""
    key = bytes.fromhex(text.strip())
    if len(key) != CARD_KEY_BYTES:
        raise ValueError(f"a card key has {2 * CARD_KEY_BYTES} hex digits, this one has {2 * len(key)}")
    return key
