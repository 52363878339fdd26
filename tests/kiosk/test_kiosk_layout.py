"""The ticket as words 3.5 lays it out, and the configuration of the machine."""

from pathlib import Path

import pytest

from contracts.messages import GroupInfo, KioskSettings, TicketIssued
from contracts.values import CounterId, GroupId, HallTime, RequestId, TicketId, TicketNo
from firmware.drivers.columns import width, wrap
from firmware.drivers.document import Align, Qr, Rule, Text
from firmware.runtime.settings import SettingsError, parse
from kiosk.config import KioskConfig
from kiosk.layout import ticket

TOKEN = "abcdefghijklmnopqrstuv"
ISSUED_AT = HallTime(1_773_104_820_000)
"""2026-03-10 09:07 in China, 01:07 UTC."""


def settings(*counters: str, zone: str = "综合受理区", zh: str = "企业开办与许可") -> KioskSettings:
    """A machine's settings with the one group A."""
    group = GroupInfo(id=GroupId("A"), zh=zh, en="", zone=zone, counters=tuple(map(CounterId, counters)))
    return KioskSettings(
        hash="h",
        hall_name_zh="永安县政务服务中心",
        hall_name_en="",
        hotline="0000-12345678",
        ordinal=1,
        groups=(group,),
        rating_url="https://hall.example/r",
        rating_days=30,
        elsewhere="二楼大厅",
    )


def issued(group: str = "A", copy: int = 0) -> TicketIssued:
    """Ticket A007 with five people ahead."""
    return TicketIssued(
        request_id=RequestId("TM-01/b/0"),
        ticket=TicketId("2026-03-10/A007"),
        no=TicketNo("A007"),
        group=GroupId(group),
        service=None,
        issued_at=ISSUED_AT,
        waiting=5,
        token=TOKEN,
        copy=copy,
    )


def test_ticket_says_what_the_layout_of_words_says() -> None:
    """Every line of 3.5 in its order; the time in China; the QR only the token; no line for a wait nobody estimated."""
    assert ticket(issued(), settings("W01", "W02", "W03"), copy=0) == (
        Text("永安县政务服务中心", align=Align.CENTRE),
        Text("排队号票", align=Align.CENTRE),
        Rule(),
        Text("A007", size=2, align=Align.CENTRE, bold=True),
        Rule(),
        Text("办理业务:企业开办与许可"),
        Text("办理窗口:1号、2号、3号窗口 综合受理区"),
        Text("前面等候 5 人"),
        Text("取号时间 2026-03-10 09:07"),
        Rule(),
        Text("请留意叫号,多次呼叫未到视为过号"),
        Text("过号后当日可在取号机恢复排队一次"),
        Text("办理完毕,请扫码评价(30天内有效)"),
        Qr(f"https://hall.example/r/{TOKEN}"),
        Text("咨询投诉电话 0000-12345678"),
    )


def test_reprint_is_marked() -> None:
    """补打2 stands under the title of the second copy."""
    assert Text("补打2", align=Align.CENTRE, bold=True) in ticket(issued(), settings("W01"), copy=2)


def test_counter_numbers_are_what_citizens_read() -> None:
    """W12 is 12号; a group without counters shows its zone; an undeclared group its letter."""
    assert Text("办理窗口:10号、12号窗口 综合受理区") in ticket(issued(), settings("W10", "W12"), copy=0)
    assert Text("办理窗口:咨询引导区") in ticket(issued(), settings(zone="咨询引导区"), copy=0)
    assert Text("办理业务:X") in ticket(issued("X"), settings("W01"), copy=0)


@pytest.mark.parametrize("columns", [32, 48])
def test_nothing_is_cut_off_on_either_paper(columns: int) -> None:
    """The longest place of the demo hall and a long name break into rows that fit, with every character kept."""
    wide = settings(*(f"W{n:02}" for n in range(1, 13)), zh="公共场所卫生许可与建筑工程施工许可证核发及变更延续注销")
    for line in ticket(issued(), wide, copy=1):
        if isinstance(line, Text):
            rows = wrap(line.text, columns // line.size)
            assert all(width(row) <= columns // line.size for row in rows)
            assert "".join(rows).replace(" ", "") == line.text.replace(" ", "")


CONFIG = """
hall = "yongan"
node = "TM-01"
data_dir = "data"
[wires]
printer = "serial:/dev/ttyUSB0?baud=115200"
text_line = "serial:/dev/ttyUSB1?baud=9600"
[groups.A]
key = 5
lamp = 17
[care]
key = 6
lamp = 27
"""


def test_configuration_is_read() -> None:
    """A node.toml as the deployment guide shows it."""
    config = parse(CONFIG, Path("node.toml"), KioskConfig)
    assert config.groups["A"].key == 5
    assert config.printer.width_dots == 384
    assert (config.wires.id_reader, config.wires.keypad, config.keypad, config.large) == (None, None, {}, False)


def test_reader_keypad_and_large_print_are_configured_if_there_are_any() -> None:
    """A file of before works unchanged; these are added by section and key."""
    wires = '[wires]\nid_reader = "serial:/dev/ttyUSB2?baud=115200"\nkeypad = "serial:/dev/ttyUSB3?baud=9600"\n'
    text = "large = true\n" + CONFIG.replace("[wires]\n", wires) + "[keypad]\n7 = 20\nok = 21\nhelp = 22\n"
    config = parse(text, Path("node.toml"), KioskConfig)
    assert config.wires.id_reader == "serial:/dev/ttyUSB2?baud=115200"
    assert config.keypad == {"7": 20, "ok": 21, "help": 22}
    assert config.large


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (CONFIG.replace("key = 6", "key = 5"), "pin 5 is used 2 times"),
        (CONFIG.replace("groups.A", "groups.AB"), '"AB"'),
        (CONFIG.replace("[care]", "[cares]"), "did you mean care"),
        (CONFIG + "[keypad]\nenter = 20\n", '"enter" in section .keypad. is no key'),
        (CONFIG + "[keypad]\nok = 5\n", "pin 5 is used 2 times"),
        (CONFIG + '[printer]\nconfirm = "maybe"\n', "barrier"),
        (CONFIG.replace("lamp = 17", "lamp = 40"), "0 to 27"),
    ],
)
def test_wrong_configuration_is_refused_with_its_place(wrong: str, named: str) -> None:
    """A pin used twice, a group that is none, an unknown key, a wrong value: the error says what is accepted."""
    with pytest.raises(SettingsError, match=named):
        parse(wrong, Path("node.toml"), KioskConfig)
