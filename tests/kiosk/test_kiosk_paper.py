"""The whole ticket as it comes out of the simulated printer: 58 and 80 mm, ordinary and large print, row by row."""

import pytest
from msgspec.structs import replace

from contracts.messages import TicketIssued
from contracts.values import GroupId, HallTime, TicketId, TicketNo
from firmware.drivers.document import Qr, Rule, Text
from firmware.drivers.escpos_encoder import Model, encode
from kiosk.layout import ticket
from sim.devices.printer_kinds import Model as Kind
from sim.devices.thermal_printer import ThermalPrinter
from sim.kiosk_bench import SETTINGS

ISSUED_AT = HallTime(1_773_104_820_000)
TICKET = TicketIssued(
    request_id=None,
    ticket=TicketId("2026-03-10/A007"),
    no=TicketNo("A007"),
    group=GroupId("A"),
    service=None,
    issued_at=ISSUED_AT,
    waiting=5,
    token="abcdefghijklmnopqrstuv",
    wait_low=20,
    wait_high=30,
    appointment_at=HallTime(ISSUED_AT + 53 * 60_000),
)


def rows(width_dots: int, *, large: bool) -> list[str]:
    """What stands on the paper, row by row."""
    printer = ThermalPrinter(Kind(width=width_dots))
    printer.connect(lambda _: None)
    printer.hear(encode(ticket(TICKET, SETTINGS, copy=0, large=large), Model(width_dots=width_dots)), 0)
    for second in range(1, 60):
        printer.wake(second * 1_000)
    [paper] = printer.papers
    assert paper.complete
    return list(paper.lines)


HEAD = ["永安县政务服务中心", "排队号票"]
BODY = [
    "办理业务:企业开办与许可",
    "办理窗口:1号窗口 综合受理区",
    "前面等候 5 人",
    "预计等候 20至30分钟",
    "取号时间 2026-03-10 09:07",
    "预约时间 2026-03-10 10:00",
]
NOTES = ["请留意叫号,多次呼叫未到视为过号", "过号后当日可在取号机恢复排队一次", "办理完毕,请扫码评价(30天内有效)"]
TAIL = ["咨询投诉电话 0000-12345678"]


@pytest.mark.parametrize(("width_dots", "columns"), [(384, 32), (576, 48)])
def test_the_ticket_with_estimate_and_appointment(width_dots: int, columns: int) -> None:
    """Words 3.5 on both papers: every line on one row, the estimate under the waiting, the agreed time under the issue."""
    rule = "-" * columns
    assert rows(width_dots, large=False) == [*HEAD, rule, "A007", rule, *BODY, rule, *NOTES, *TAIL]


def test_large_print_on_narrow_paper() -> None:
    """Every line doubled except the rules: sixteen columns, broken between words, a date never torn."""
    assert rows(384, large=True) == [
        *("永安县政务服务中", "心", "排队号票", "-" * 32, "A007", "-" * 32),
        *("办理业务:企业开", "办与许可", "办理窗口:1号窗口", "综合受理区", "前面等候 5 人", "预计等候 20至", "30分钟"),
        *("取号时间", "2026-03-10 09:07", "预约时间", "2026-03-10 10:00", "-" * 32),
        *(
            "请留意叫号,多次",
            "呼叫未到视为过号",
            "过号后当日可在取",
            "号机恢复排队一次",
            "办理完毕,请扫码",
            "评价(30天内有效)",
        ),
        *("咨询投诉电话", "0000-12345678"),
    ]


def test_large_print_doubles_every_line_but_rules_and_code() -> None:
    """The number, twice as large already, is doubled too; the QR code is as it was."""
    normal, large = (ticket(TICKET, SETTINGS, copy=1, large=large) for large in (False, True))
    for one, other in zip(normal, large, strict=True):
        if isinstance(one, Text):
            assert isinstance(other, Text)
            assert (other.size, other.text) == (2 * one.size, one.text)
        else:
            assert isinstance(one, Rule | Qr)
            assert other == one


@pytest.mark.parametrize(("low", "high"), [(None, None), (20, None), (None, 30)])
def test_without_a_range_there_is_no_line_for_it(low: int | None, high: int | None) -> None:
    """No estimate is better than half of one; no appointment, no time of one."""
    plain = replace(TICKET, wait_low=low, wait_high=high, appointment_at=None)
    texts = [line.text for line in ticket(plain, SETTINGS, copy=0) if isinstance(line, Text)]
    assert not [text for text in texts if "预计" in text or "预约" in text]
