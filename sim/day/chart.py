"""The chart of a day: who came and who was called, who waited in which group, how long each class waited, the counters."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from broker.rules.hours import MINUTE, clock_of
from contracts.values import HallTime
from sim.day.drawing import FAINT, GRID, INK, SERIES, Box, Sheet, height_of
from sim.day.figures import courses, figures, slots
from sim.day.random_day import Played

CLASS_NAMES = {
    "urgent": ("紧急", "urgent"),
    "appointment_due": ("预约", "appointment"),
    "care": ("爱心", "care"),
    "green": ("绿色", "green"),
    "normal": ("普通", "ordinary"),
}
_WIDTH, _HEIGHT = 1480, 1240
_LEFT, _RIGHT = 90, 1450
_CAME, _CALLED = SERIES[0], SERIES[1]
_BUSY, _FREE = SERIES[2], GRID
_HOUR = 60 * MINUTE


def draw(played: Played, path: Path) -> None:
    """Draw the day to a PNG."""
    found = courses(played)
    table, figure = slots(played, found.values()), figures(played)
    sheet = Sheet(_WIDTH, _HEIGHT)
    title = f"{played.config.hall.name_zh}  {figure['date']}  模拟日 Simulated day"
    sheet.text((_LEFT - 60, 22), title, 26)
    sheet.text((_LEFT - 60, 60), _summary(figure), 17, FAINT)
    _arrivals(sheet, Box(_LEFT, 150, _RIGHT, 390), table)
    _waiting(sheet, Box(_LEFT, 490, _RIGHT, 790), table, {one.id: one.zh for one in played.config.queue_groups})
    _classes(sheet, 30, 870, figure["classes"])
    _counters(sheet, 800, 870, figure["utilisation"])
    sheet.save(path)


def _summary(figure: Mapping[str, Any]) -> str:
    return (
        f"取号 {figure['tickets']} 张 tickets   未到 {figure['no_shows']} no-shows   "
        f"延时 {figure['overtime_min']:.0f} 分钟 minutes after closing   "
        f"规则检查 {figure['checks']} 次、违反 {len(figure['violations'])} 处 checks, broken   种子 seed {figure['seed']}"
    )


def _columns(sheet: Sheet, box: Box, table: list[dict[str, Any]]) -> float:
    """The hours below a box; returns the width of a quarter of an hour."""
    width = (box.right - box.left) / len(table)
    for place, slot in enumerate(table):
        at = HallTime(slot["at"])
        if at % _HOUR == 0:
            left = box.left + place * width
            sheet.line(((left, box.bottom), (left, box.bottom + 6)), FAINT)
            sheet.text((left, box.bottom + 9), clock_of(at), 14, FAINT, "ma")
    return width


def _arrivals(sheet: Sheet, box: Box, table: list[dict[str, Any]]) -> None:
    sheet.text((box.left - 60, box.top - 58), "每 15 分钟取号与叫号  Tickets and calls in each quarter of an hour", 19)
    sheet.legend(box.left, box.top - 28, [("取号 tickets", _CAME), ("叫号 calls", _CALLED)])
    top = sheet.scale(box, max(max(one["came"], one["called"]) for one in table), "人次")
    width = _columns(sheet, box, table)
    for place, slot in enumerate(table):
        left = box.left + place * width + width * 0.12
        half = width * 0.38
        sheet.bar(left, height_of(box, slot["came"], top), left + half, box.bottom, _CAME)
        sheet.bar(left + half, height_of(box, slot["called"], top), left + 2 * half, box.bottom, _CALLED)
    sheet.line(((box.left, box.bottom), (box.right, box.bottom)), INK)


def _waiting(sheet: Sheet, box: Box, table: list[dict[str, Any]], names: Mapping[str, str]) -> None:
    sheet.text(
        (box.left - 60, box.top - 58), "等候人数(每 15 分钟末,按队列)  Waiting at the end of each quarter, by group", 19
    )
    entries = [(f"{group} {zh}", SERIES[place % len(SERIES)]) for place, (group, zh) in enumerate(names.items())]
    sheet.legend(box.left, box.top - 28, entries)
    top = sheet.scale(box, max(1, *(sum(one["waiting"].values()) for one in table)), "人")
    width = _columns(sheet, box, table)
    for place, slot in enumerate(table):
        left, below = box.left + place * width, 0
        for number, group in enumerate(names):
            above = below + slot["waiting"][group]
            colour = SERIES[number % len(SERIES)]
            sheet.bar(left + 2, height_of(box, above, top), left + width - 1, height_of(box, below, top), colour)
            below = above
    sheet.line(((box.left, box.bottom), (box.right, box.bottom)), INK)


def _classes(sheet: Sheet, left: int, top: int, classes: Mapping[str, Mapping[str, Any]]) -> None:
    sheet.text((left, top), "各类等候时间(分钟)  Waits by class, minutes", 19)
    heads = ("办结", "平均", "中位", "80%", "95%", "最长"), ("served", "mean", "median", "80 %", "95 %", "longest")
    for column, (zh, en) in enumerate(zip(*heads, strict=True)):
        x = left + 270 + column * 82
        sheet.text((x, top + 42), zh, 16, FAINT, "ra")
        sheet.text((x, top + 62), en, 14, FAINT, "ra")
    for row, (name, figure) in enumerate(classes.items()):
        y = top + 92 + row * 34
        zh, en = CLASS_NAMES[name]
        sheet.line(((left, y - 5), (left + 690, y - 5)), GRID)
        sheet.text((left, y), f"{zh} {en}", 17)
        keys = ("mean_min", "p50_min", "p80_min", "p95_min", "max_min")
        values = [f"{figure['served']}", *(f"{figure[key]:.1f}" for key in keys)]
        for column, value in enumerate(values):
            sheet.text((left + 270 + column * 82, y), value, 17, INK, "ra")


def _counters(sheet: Sheet, left: int, top: int, counters: Mapping[str, Mapping[str, Any]]) -> None:
    sheet.text((left, top), "窗口办理时间占比  Share of manned time in which a counter served", 19)
    for row, (counter, one) in enumerate(counters.items()):
        y = top + 42 + row * 26
        sheet.text((left, y), counter, 15)
        sheet.bar(left + 50, y + 2, left + 450, y + 18, _FREE)
        sheet.bar(left + 50, y + 2, left + 50 + 400 * one["share"], y + 18, _BUSY)
        sheet.text((left + 462, y), f"{one['share']:.0%}  {one['served']} 次 visits", 15, FAINT)
