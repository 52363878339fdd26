"""The 256 bytes of text on an ID card: UTF-16LE, fields of fixed length padded with spaces. Four layouts. Pure.

The flag at 248 tells them apart and is looked at before any other field: blank for a resident's card, ``J`` for the
residence permit of Hong Kong, Macao and Taiwan residents, ``I`` for a foreigner's permanent residence card of 2017, ``Y``
for that of 2023. Source: hardware notes 4; the offsets of ``Y`` as a vendor's sample program for these readers has them; its
letter is less certain and to be tried on a real card.

Everything on the card is checked, and only what a ticket needs is handed on: no name, no address, no nationality. No error
holds anything that stood on a card, because errors reach logs.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from firmware.drivers.id_reader_numbers import Said, read_eighteen, read_fifteen

FOREVER = "长期"
ETHNICITIES = frozenset({*(f"{code:02}" for code in range(1, 57)), "97", "98"})
SEXES = frozenset("0129")
_TEXT_BYTES = 256


class CardError(ValueError):
    """A card that is not accepted. ``code`` is a stable word and says nothing of the person."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Kind(Enum):
    """The layouts, by their flag."""

    RESIDENT = ""
    RESIDENCE_PERMIT = "J"
    FOREIGNER = "I"
    FOREIGNER_2023 = "Y"


@dataclass(frozen=True, slots=True)
class IdCard:
    """What a ticket needs of a card. ``valid_until`` is ``None`` for 长期. Nothing of it is ever shown by ``repr``."""

    kind: Kind
    number: str = field(repr=False)
    born: date = field(repr=False)
    valid_from: date = field(repr=False)
    valid_until: date | None = field(repr=False)

    def has_expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.valid_until is not None and today > self.valid_until


def read_card(text: bytes) -> IdCard:
    """The card with this text block. Raises :class:`CardError`."""
    if len(text) != _TEXT_BYTES:
        raise CardError("length")
    flag = _field(text, 248, 2)
    if flag not in {kind.value for kind in Kind}:
        raise CardError("unknown_kind")
    kind = Kind(flag)
    match kind:
        case Kind.RESIDENT | Kind.RESIDENCE_PERMIT | Kind.FOREIGNER_2023:
            return _eighteen(text, kind)
        case Kind.FOREIGNER:
            return _fifteen(text)


def _eighteen(text: bytes, kind: Kind) -> IdCard:
    """The three layouts that are alike from 0 to 220; a foreigner has his name of Latin letters where others live."""
    _need(_field(text, 0, 30) or (kind is Kind.FOREIGNER_2023 and _field(text, 52, 70)), "name")
    _need(kind is not Kind.RESIDENT or _field(text, 32, 4) in ETHNICITIES, "ethnicity")
    number = _field(text, 122, 36)
    said = read_eighteen(number)
    if said is None:
        raise CardError("check_digit")
    _need(kind is not Kind.FOREIGNER_2023 or number.startswith("9"), "number")
    return _card(text, kind, number, said, sex=_field(text, 30, 2), birth=_field(text, 36, 16))


def _fifteen(text: bytes) -> IdCard:
    """The layout of 2017: name 120, sex, number 30, nationality 6, Chinese name 30, from, to, birth, version, authority."""
    _need(_field(text, 0, 120), "name")
    number = _field(text, 122, 30)
    said = read_fifteen(number)
    if said is None:
        raise CardError("number")
    return _card(text, Kind.FOREIGNER, number, said, sex=_field(text, 120, 2), birth=_field(text, 220, 16))


def _card(text: bytes, kind: Kind, number: str, said: Said, *, sex: str, birth: str) -> IdCard:  # noqa: PLR0913 -- its parts
    _need(sex in SEXES, "sex")
    _need(said.sex is None or sex in {"0", "9", said.sex}, "sex_differs")
    _need(birth.endswith(said.birth), "birth_differs")
    born, valid_from = _date(birth), _date(_field(text, 188, 16))
    until = _field(text, 204, 16)
    valid_until = None if until == FOREVER else _date(until)
    _need(born <= valid_from and (valid_until is None or valid_from <= valid_until), "dates")
    return IdCard(kind, number, born, valid_from, valid_until)


def _field(text: bytes, at: int, size: int) -> str:
    try:
        return text[at : at + size].decode("utf-16-le").rstrip(" \0")
    except UnicodeDecodeError:
        raise CardError("text") from None


def _date(digits: str) -> date:
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):  # noqa: PLR2004 -- YYYYMMDD
        raise CardError("dates")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise CardError("dates") from None


def _need(claim: object, code: str) -> None:
    if not claim:
        raise CardError(code)
