"""What stands for a person for one day: the hashes byte for byte, and when their key is over."""

import hashlib
import hmac

import pytest

from contracts.identities import check_in_proof, holder_hash, key_ends_at, without_key
from contracts.messages import KioskSettings, PadSettings
from contracts.values import CounterId

KEY = "5c" * 32
SETTINGS = KioskSettings(
    hash="h",
    hall_name_zh="",
    hall_name_en="",
    hotline="",
    ordinal=1,
    groups=(),
    rating_url="",
    rating_days=30,
    identity_day="2026-03-10",
    identity_key=KEY,
)


def test_a_holder_is_the_hmac_of_the_number_as_it_is_printed() -> None:
    """HMAC-SHA256 under the key of the day, 64 hex digits; x and X are one number."""
    expected = hmac.new(bytes.fromhex(KEY), b"13999919660310011X", hashlib.sha256).hexdigest()
    assert holder_hash(KEY, "13999919660310011x") == holder_hash(KEY, "13999919660310011X") == expected
    assert holder_hash("5d" * 32, "13999919660310011X") != expected


def test_a_proof_is_the_hmac_of_telephone_and_code() -> None:
    """``1234:567890``."""
    expected = hmac.new(bytes.fromhex(KEY), b"1234:567890", hashlib.sha256).hexdigest()
    assert check_in_proof(KEY, "1234", "567890") == expected


@pytest.mark.parametrize("key", ["", "5c", "5c" * 31, "zz" * 32, "5c" * 33])
def test_what_is_no_key_protects_nobody_and_is_not_shown(key: str) -> None:
    """Refused, and the error holds neither key nor number."""
    with pytest.raises(ValueError, match="64 hex digits") as caught:
        holder_hash(key, "139999196603100111")
    assert "1399" not in str(caught.value)


def test_a_key_is_over_at_midnight_of_the_hall() -> None:
    """2026-03-11 00:00 in China; other settings have none."""
    assert key_ends_at(SETTINGS) == 1_773_158_400_000
    assert key_ends_at(without_key(SETTINGS)) is None
    assert key_ends_at(None) is None
    pad = PadSettings(hash="h", hall_name_zh="", hall_name_en="", hotline="", counter=CounterId("W01"))
    assert key_ends_at(pad) is None
    assert without_key(pad) == pad
