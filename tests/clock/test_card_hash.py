"""Card hashes: keyed, short, the same everywhere."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.cards import card_hash

CARDS = st.text("0123456789ABCDEF", min_size=10, max_size=10)


def test_it_is_hmac_sha256_cut_to_32_digits() -> None:
    """RFC 4231, test case 2 (key "Jefe"): the construction is the standard one."""
    whole = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert hmac.new(b"Jefe", b"what do ya want for nothing?", "sha256").hexdigest() == whole
    assert card_hash(b"Jefe", "7200944C78") == hmac.new(b"Jefe", b"7200944C78", "sha256").hexdigest()[:32]


@given(CARDS, CARDS)
def test_two_cards_differ_and_the_case_of_digits_does_not(one: str, other: str) -> None:
    """The same card, however written, is the same hash; another card, or another key, is another."""
    key = b"k" * 32
    assert card_hash(key, one) == card_hash(key, one.lower())
    assert (card_hash(key, one) == card_hash(key, other)) == (one == other)
    assert card_hash(key, one) != card_hash(b"j" * 32, one)


def test_no_key_is_refused() -> None:
    """An empty key would protect nothing."""
    with pytest.raises(ValueError, match="empty"):
        card_hash(b"", "7200944C78")
