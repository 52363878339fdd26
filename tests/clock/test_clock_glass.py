"""What stands on the clock's glass: every sentence whole, in simplified characters every display has, nothing run over."""

import pytest

from contracts.values import PunchIntent
from firmware.drivers.base import Send, TimeReached
from firmware.drivers.text_line import MISSING, PAGE_STAYS, Show, TextLine, pages_of
from firmware.wire.base import WireOpened
from punch_clock import views
from sim.devices.text_line import TextLine as SimulatedTextLine
from words import text
from words.clk import STRINGS

LONGEST = {
    "name": "欧阳建国",
    "time": "17:30",
    "m": "210",
    "half": "上午",
    "type": "年休假",
    "date": "12月31日",
    "io": "下班",
    "n": "2",
    "place": "二楼东侧员工通道",
    "s": "540",
}
TYPING = [views.typing(mode, "10155", digits) for mode in PunchIntent for digits in (None, 6)]
SCREENS = [*((text(key).zh.format(**LONGEST),) for key in STRINGS), *TYPING, views.lost_card(), views.confirm(210)]


def shown(lines: tuple[str, ...], rows: int = 2, columns: int = 20) -> list[tuple[str, ...]]:
    """What the simulated display shows of it, page after page."""
    driver, device = TextLine(rows=rows, columns=columns), SimulatedTextLine(columns=columns, rows=rows)
    state, _ = driver.begin(0)
    found, now = [], 0
    happenings = [WireOpened(), Show(lines), *([TimeReached()] * (len(pages_of(lines, rows, columns)) - 1))]
    for happening in happenings:
        state, outputs = driver.step(state, happening, now)
        for one in outputs:
            if isinstance(one, Send):
                device.hear(one.data, now)
        found.append(device.lines())
        now += PAGE_STAYS
    assert (device.unknown, device.refused, device.overflows) == ([], [], [])
    return found[1:]


@pytest.mark.parametrize("lines", SCREENS, ids=lambda lines: lines[-1][:12])
@pytest.mark.parametrize("rows", [2, 4])
def test_every_sentence_is_shown_whole(lines: tuple[str, ...], rows: int) -> None:
    """With the longest name, place and numbers, on the glass of two rows and of four: no character is lost on the way."""
    seen = "".join("".join(page) for page in shown(lines, rows))
    assert seen.replace(" ", "") == "".join(lines).replace(" ", "")
    assert MISSING not in seen


@pytest.mark.parametrize("key", STRINGS)
def test_every_character_is_simplified_and_in_every_display(key: str) -> None:
    """GB2312 is what the oldest of the clones have."""
    assert text(key).zh.encode("gb2312").decode("gb2312") == text(key).zh


@pytest.mark.parametrize("lines", TYPING, ids=lambda lines: lines[-1])
def test_what_somebody_types_is_seen_at_once(lines: tuple[str, ...]) -> None:
    """Prompt and digits stand on one page, whatever mode was chosen: nobody types blind."""
    assert len(pages_of(lines, 2, 20)) == 1
