"""ID cards: four layouts read field by field, the check digit of GB 11643, and nothing accepted that contradicts itself."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.id_reader_layouts import CardError, IdCard, Kind, read_card
from firmware.drivers.id_reader_numbers import check_digit, read_eighteen, read_fifteen
from sim.devices.id_cards import (
    ADULT_M,
    ELDER,
    EXPIRED,
    FOREIGNER,
    FOREIGNER_2023,
    PEOPLE,
    PERMIT,
    SENIOR,
    Card,
    Layout,
)


def block(*fields: str) -> bytes:
    """A text block from its fields, each already padded to its width; 128 characters in all."""
    text = "".join(fields)
    assert len(text) == 128
    return text.encode("utf-16-le")


RESIDENT = block(
    "张三".ljust(15), "1", "01", "19660310", "永安县测试路1号".ljust(35), "139999196603100111", "永安县公安局".ljust(15),
    "20200101", "长期".ljust(8), " " * 18,
)  # fmt: skip
"""Field by field from the table of the hardware notes: 30, 2, 4, 16, 70, 36, 30, 16, 16, 36 bytes."""


def code_of(text: bytes) -> str:
    """Why this card is not accepted."""
    with pytest.raises(CardError) as caught:
        read_card(text)
    assert caught.value.__cause__ is None
    return caught.value.code


# --- The four layouts ----------------------------------------------------------------------------------------------------


def test_a_residents_card_byte_for_byte() -> None:
    """张三, 20 5F 09 4E: number, birth, 长期 as the table says; a card without end never expires."""
    assert RESIDENT.startswith(bytes.fromhex("20 5F 09 4E 20 00 20 00"))
    card = read_card(RESIDENT)
    assert card == IdCard(Kind.RESIDENT, "139999196603100111", date(1966, 3, 10), date(2020, 1, 1), None)
    assert not card.has_expired(date(2199, 1, 1))


def test_a_residence_permit_byte_for_byte() -> None:
    """J: pass number 18, issue count 4, reserved 6, flag 2, reserved 6 after the fields of a resident; no ethnicity."""
    text = block(
        "李四".ljust(15), "2", "  ", "19910820", "永安县".ljust(35), "139999199108200223", "永安县公安局".ljust(15),
        "20230101", "20280101", "H00000000", "01", "   ", "J", "   ",
    )  # fmt: skip
    assert read_card(text) == IdCard(
        Kind.RESIDENCE_PERMIT, "139999199108200223", date(1991, 8, 20), date(2023, 1, 1), date(2028, 1, 1)
    )


def test_a_foreigners_card_of_2017_byte_for_byte() -> None:
    """I: name 120, sex 2, number 30, nationality 6, Chinese name 30, from, to, birth, version 4, authority 8, flag, 6."""
    text = block(
        "SPECIMEN, NOBODY".ljust(60), "2", "UTO999988061502", "UTO", "无人".ljust(15), "20180101", "20280101", "19880615",
        "01", "1500", "I", "   ",
    )  # fmt: skip
    assert read_card(text) == IdCard(
        Kind.FOREIGNER, "UTO999988061502", date(1988, 6, 15), date(2018, 1, 1), date(2028, 1, 1)
    )


def test_a_foreigners_card_of_2023_byte_for_byte() -> None:
    """Y: like a resident's, with issue count, English name, no authority, more English name 22, nationality 6."""
    text = block(
        "无人".ljust(15), "1", "01", "19660310", "SPECIMEN, NOBODY".ljust(35), "999999196603100111", " " * 15,
        "20240101", "20340101", " " * 11, "UTO", "Y", "   ",
    )  # fmt: skip
    assert read_card(text) == IdCard(
        Kind.FOREIGNER_2023, "999999196603100111", date(1966, 3, 10), date(2024, 1, 1), date(2034, 1, 1)
    )


@pytest.mark.parametrize("card", [*PEOPLE, EXPIRED, PERMIT, FOREIGNER, FOREIGNER_2023], ids=lambda card: card.layout)
def test_every_synthetic_card_of_the_simulator_is_read(card: Card) -> None:
    """Both ends wrote the layouts from the notes by themselves, and agree."""
    read = read_card(card.text())
    assert read.number == card.number
    assert read.born.strftime("%Y%m%d") == (card.birth or card.number[6:14])


def test_a_card_expires_after_its_last_day() -> None:
    """Valid to 2025-01-01: on that day it is good, the next it is not."""
    card = read_card(EXPIRED.text())
    assert not card.has_expired(date(2025, 1, 1))
    assert card.has_expired(date(2025, 1, 2))
    assert not read_card(ELDER.text()).has_expired(date(2199, 1, 1))


# --- What is not accepted ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"number": "139999196603100112"}, "check_digit"),
        ({"number": "13999919660310011"}, "check_digit"),
        ({"number": ""}, "check_digit"),
        ({"birth": "19660311"}, "birth_differs"),
        ({"birth": "        "}, "birth_differs"),
        ({"sex": "2"}, "sex_differs"),
        ({"sex": "3"}, "sex"),
        ({"nation": "57"}, "ethnicity"),
        ({"name": ""}, "name"),
        ({"begins": "20200230"}, "dates"),
        ({"begins": "2020010 "}, "dates"),
        ({"begins": "19660309"}, "dates"),
        ({"ends": "20191231"}, "dates"),
        ({"ends": "永远"}, "dates"),
        ({"ends": ""}, "dates"),
        ({"flag": "Q"}, "unknown_kind"),
    ],
)
def test_a_card_that_contradicts_itself_is_refused_by_a_word(other: dict[str, str], code: str) -> None:
    """Wrong check digit, birth, sex, dates, flag or text: a stable word that names nobody."""
    assert code_of(SENIOR.text(**other)) == code


def test_text_that_is_none_is_refused() -> None:
    """Half a surrogate pair is no UTF-16."""
    assert code_of(b"\x00\xd8" + SENIOR.text()[2:]) == "text"


def test_unknown_sex_is_no_contradiction() -> None:
    """Code 0 and 9 say nothing, so nothing is compared."""
    for code in "09":
        assert read_card(SENIOR.text(sex=code)).number == SENIOR.number


@pytest.mark.parametrize("number", ["UTO99996603100", "UT0999966031001", "uto999966031001", "UTO99996603100X"])
def test_a_foreigners_number_of_2017_has_three_letters_and_twelve_digits(number: str) -> None:
    """Anything else is no number; and the birth in it must be the birth on the card."""
    assert code_of(FOREIGNER.text(number=number)) == "number"
    assert code_of(FOREIGNER.text(birth="19660311")) == "birth_differs"
    assert read_fifteen(number) is None


def test_a_foreigners_number_of_2023_begins_with_nine() -> None:
    """A citizen's number under that flag is refused."""
    assert code_of(FOREIGNER_2023.text(number=SENIOR.number)) == "number"


def test_the_end_of_the_block_is_its_end() -> None:
    """One byte less or more is no card."""
    assert code_of(RESIDENT[:-1]) == "length"
    assert code_of(RESIDENT + b" ") == "length"


# --- Laws ----------------------------------------------------------------------------------------------------------------


def test_the_check_digits_of_the_demo_day() -> None:
    """Every number of 4.2, and the leap day and the two elders of the hardware notes."""
    numbers = [one.number for one in PEOPLE] + ["110101194912310016", "110101194912310024", "110101200802290032"]
    for number in numbers:
        assert check_digit(number[:17]) == number[17]
        assert read_eighteen(number) is not None


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place: int, more: int) -> None:
    """GB 11643 catches every single wrong digit."""
    number = SENIOR.number
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert read_eighteen(wrong) is None


@given(st.integers(0, 15))
def test_two_digits_exchanged_are_always_found(place: int) -> None:
    """... and neighbours that have changed places."""
    number = ADULT_M.number
    one, two = number[place], number[place + 1]
    swapped = number[:place] + two + one + number[place + 2 :]
    assert (read_eighteen(swapped) is None) is (one != two)


DAYS = st.dates(date(1900, 1, 1), date(2019, 12, 31))


@given(
    born=DAYS,
    order=st.integers(0, 999),
    ends=st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2099, 12, 31))),
    layout=st.sampled_from(list(Layout)),
    name=st.text("甲乙丙丁·", min_size=1, max_size=15),
)
def test_whatever_is_written_is_read(born: date, order: int, ends: date | None, layout: Layout, name: str) -> None:
    """Any birth, order, end and layout comes back as it was written."""
    day = born.strftime("%Y%m%d")
    region = "999999" if layout is Layout.FOREIGNER_2023 else "139999"
    seventeen = f"{region}{day}{order:03}"
    number = f"UTO9999{day[2:]}{order % 100:02}" if layout is Layout.FOREIGNER else seventeen + check_digit(seventeen)
    sex = "" if layout is not Layout.FOREIGNER else "2"
    until = "长期" if ends is None else ends.strftime("%Y%m%d")
    read = read_card(Card(number, layout, birth=day, sex=sex, name=name, ends=until).text())
    assert (read.number, read.born, read.valid_until) == (number, born, ends)


@given(st.binary(min_size=256, max_size=256))
def test_any_bytes_are_a_card_or_a_word(text: bytes) -> None:
    """No other error than ours."""
    with contextlib.suppress(CardError):
        assert isinstance(read_card(text), IdCard)


@given(st.sampled_from(PEOPLE), st.integers(0, 255), st.binary(min_size=1, max_size=6))
def test_no_error_and_no_repr_tells_of_the_person(person: Card, at: int, other: bytes) -> None:
    """Damaged anywhere: neither what is raised nor what a log line would show holds number, name or birth."""
    text = bytearray(person.text())
    text[at : at + len(other)] = other
    try:
        shown = repr(read_card(bytes(text[:256])))
    except CardError as error:
        shown = repr(error)
    for secret in (person.number, person.number[6:14], person.name, person.address):
        assert secret not in shown


def test_a_card_has_no_age_trouble_with_leap_days() -> None:
    """Born on 29 February: a birth like any other."""
    born = date(2008, 2, 29)
    seventeen = "13999920080229003"
    card = read_card(Card(seventeen + check_digit(seventeen), begins="20200101").text())
    assert card.born == born
    assert card.born + timedelta(days=1) == date(2008, 3, 1)
