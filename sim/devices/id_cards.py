"""ID cards that belong to nobody: the 256 bytes of text each layout holds, and the synthetic persons of the demo day (4.2).

Region 139999 is not assigned, nor is the foreign region 9999 or the nationality 999; never put a real number here. Names are
made up. Written from the layouts in the hardware notes, without a look at the driver.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

TEXT_BYTES = 256
FOREVER = "长期"


class Layout(StrEnum):
    """What kind of card it is."""

    RESIDENT = "resident"
    PERMIT = "permit"
    """港澳台居民居住证."""
    FOREIGNER = "foreigner"
    """外国人永久居留身份证 of 2017."""
    FOREIGNER_2023 = "foreigner_2023"


class Part(NamedTuple):
    """One field: where it begins and how many bytes it has."""

    at: int
    size: int


_COMMON = {
    "name": Part(0, 30), "sex": Part(30, 2), "birth": Part(36, 16), "number": Part(122, 36),
    "begins": Part(188, 16), "ends": Part(204, 16), "flag": Part(248, 2),
}  # fmt: skip
"""Where all but the card of 2017 have the same; the flag of a resident's card is blank."""
_PLACES: dict[Layout, dict[str, Part]] = {
    Layout.RESIDENT: _COMMON | {"nation": Part(32, 4), "address": Part(52, 70), "authority": Part(158, 30)},
    Layout.PERMIT: _COMMON
    | {"address": Part(52, 70), "authority": Part(158, 30), "pass_number": Part(220, 18), "issued": Part(238, 4)},
    Layout.FOREIGNER: {
        "english": Part(0, 120), "sex": Part(120, 2), "number": Part(122, 30), "country": Part(152, 6),
        "name": Part(158, 30), "begins": Part(188, 16), "ends": Part(204, 16), "birth": Part(220, 16),
        "version": Part(236, 4), "authority": Part(240, 8), "flag": Part(248, 2),
    },
    Layout.FOREIGNER_2023: _COMMON | {"issued": Part(32, 4), "english": Part(52, 70), "country": Part(242, 6)},
}  # fmt: skip
_FLAGS = {Layout.PERMIT: "J", Layout.FOREIGNER: "I", Layout.FOREIGNER_2023: "Y"}


@dataclass(frozen=True, slots=True)
class Card:
    """A card somebody may lay on a reader."""

    number: str
    layout: Layout = Layout.RESIDENT
    birth: str = ""
    sex: str = ""
    begins: str = "20200101"
    ends: str = "20400101"
    name: str = "测试"
    address: str = "永安县测试路1号"

    def text(self, **other: str) -> bytes:
        """Its text block; ``other`` fields take the place of its own, as on a card that is not in order."""
        values = {
            "name": self.name,
            "sex": self.sex or ("1" if int(self.number[16:17] or "1") % 2 else "2"),
            "nation": "01",
            "birth": self.birth or self.number[6:14],
            "address": self.address,
            "number": self.number,
            "authority": "永安局" if self.layout is Layout.FOREIGNER else "永安县公安局",
            "begins": self.begins,
            "ends": self.ends,
            "english": "SPECIMEN, NOBODY",
            "country": "UTO",
            "version": "01",
            "issued": "01",
            "pass_number": "X00000000",
            "flag": _FLAGS.get(self.layout, ""),
            **other,
        }
        block = bytearray(" ".encode("utf-16-le") * (TEXT_BYTES // 2))
        for name, part in _PLACES[self.layout].items():
            written = values[name].encode("utf-16-le")
            if len(written) > part.size:
                raise ValueError(f"{name} takes {len(written)} bytes, its place has {part.size}")
            block[part.at : part.at + len(written)] = written
        return bytes(block)


SENIOR = Card("139999196603100111", name="甲")
"""60 on 2026-03-10."""
ALMOST_SENIOR = Card("139999196603110125", name="乙")
"""59, one day younger."""
ELDER = Card("139999194801010417", name="丙", ends=FOREVER)
ADULT_M = Card("139999198806150214", name="丁")
ADULT_F = Card("139999199108200223", name="戊")
MINOR = Card("139999200912010311", name="己")
"""16."""
SEVENTEEN = Card("139999200903100323", name="庚")
"""17 on that day."""
PEOPLE = (SENIOR, ALMOST_SENIOR, ELDER, ADULT_M, ADULT_F, MINOR, SEVENTEEN)
EXPIRED = Card("139999198806150214", name="丁", begins="20050101", ends="20250101")
PERMIT = Card("139999198806150214", Layout.PERMIT, name="辛")
FOREIGNER = Card("UTO999966031001", Layout.FOREIGNER, birth="19660310", sex="1", name="壬")
FOREIGNER_2023 = Card("999999196603100111", Layout.FOREIGNER_2023, name="癸")
