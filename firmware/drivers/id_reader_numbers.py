"""Numbers on ID cards: the check digit of GB 11643, and what a number says about its holder. Pure."""

import re
from dataclasses import dataclass

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""2 to the power of 17, 16 ... 1, modulo 11 (GB 11643, ISO 7064 MOD 11-2)."""
CHECKS = "10X98765432"

_CITIZEN = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_OLD_FOREIGNER = re.compile(r"[A-Z]{3}[0-9]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """What a number says: the birth as its digits stand there (8, or 6 without the century), and the sex code, if any."""

    birth: str
    sex: str | None


def check_digit(seventeen: str) -> str:
    """The 18th character for these 17 digits."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(seventeen, WEIGHTS, strict=True)) % 11]


def read_eighteen(number: str) -> Said | None:
    """A citizen's number, one on a residence permit, or a foreigner's since 2023; ``None`` if it cannot be one."""
    if not _CITIZEN.fullmatch(number) or check_digit(number[:17]) != number[17]:
        return None
    return Said(number[6:14], "1" if int(number[16]) % 2 else "2")


def read_fifteen(number: str) -> Said | None:
    """A foreigner's number before 2023: nationality, region, birth without century, order, check.

    Its last digit is not checked: no source we could read says how.
    """
    return Said(number[7:13], None) if _OLD_FOREIGNER.fullmatch(number) else None
