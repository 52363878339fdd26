"""The comparison as people read it: a table, Chinese first, and bars with their confidence."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.day.chart import CLASS_NAMES
from sim.day.drawing import FAINT, INK, SERIES, Box, Colour, Sheet, height_of
from sim.day.policies import NAMES
from sim.devices.fonts import is_wide

_WIDTH, _HEIGHT = 1480, 900
_COLUMNS = (("平均 mean", 16), ("80% 在内 80 %", 16), ("95% 在内 95 %", 16), ("最长 longest", 14))
_KEYS = ("mean_min", "p80_min", "p95_min")
_CAP = 7
_Groups = Sequence[tuple[str, Sequence[Mapping[str, float] | None]]]
_Scale = tuple[Box, float]


def table(found: Mapping[str, Any]) -> str:
    """The waits of each class under each call order, in minutes, with 95 % confidence over the days."""
    seeds = found["seeds"]
    lines = [
        f"等候时间比较:{len(seeds)} 个模拟日,同样的人、同样的业务,只有叫号办法不同(分钟,± 为 95% 置信区间)",
        f"Waits compared: {len(seeds)} simulated days, the same people, only the call order differs (minutes, 95 % ±)",
        "",
        _cells([("叫号办法 call order", 44), *_COLUMNS]),
    ]
    for name in CLASS_NAMES:
        if not any(name in one["classes"] for one in found["policies"].values()):
            continue
        zh, en = CLASS_NAMES[name]
        lines.append(f"{zh} {en}")
        for policy, one in found["policies"].items():
            lines.append(_row(policy, one["classes"][name]))
    lines.append("全部 everybody")
    lines += [_row(policy, one["all"]) for policy, one in found["policies"].items()]
    lines += ["", "普通号一天里等得最久的人 The longest an ordinary visitor waited (mean of the days; worst day)"]
    for policy, one in found["policies"].items():
        longest = one["longest_ordinary_min"]
        lines.append(_cells([(_name(policy), 44), (_pm(longest), 16), (f"{longest['max']:.0f}", 16)]))
    lines += ["", "同一天相比 On the same day (mean wait, paired)"]
    for pair, classes in found["differences"].items():
        told = ", ".join(
            f"{' '.join(CLASS_NAMES[name])} {one['mean']:+.1f} ± {one['plus_minus']:.1f}" for name, one in classes.items()
        )
        lines.append(f"  {pair}: {told}")
    lines += [f"违反 broken: {one}" for one in found["violations"]]
    return "\n".join(lines) + "\n"


def _name(policy: str) -> str:
    zh, en = NAMES[policy]
    return f"  {zh} {en}"


def _row(policy: str, figure: Mapping[str, Any]) -> str:
    values = [(_pm(figure[key]), 16) for key in _KEYS]
    return _cells([(_name(policy), 44), *values, (f"{figure['max_min']:.0f}", 14)])


def _pm(one: Mapping[str, float]) -> str:
    return f"{one['mean']:.1f} ± {one['plus_minus']:.1f}"


def _cells(cells: Sequence[tuple[str, int]]) -> str:
    """Texts in columns; a hanzi takes two places."""
    padded = []
    for place, (text, width) in enumerate(cells):
        blanks = " " * max(1, width - sum(2 if is_wide(char) and char != "±" else 1 for char in text))
        padded.append(text + blanks if place == 0 else blanks + text)
    return "".join(padded)


def draw(found: Mapping[str, Any], path: Path) -> None:
    """Draw the comparison to a PNG."""
    sheet = Sheet(_WIDTH, _HEIGHT)
    policies = list(found["policies"])
    colours = dict(zip(policies, SERIES, strict=False))
    sheet.text((30, 22), "叫号办法比较  Call orders compared", 26)
    told = f"{len(found['seeds'])} 个模拟日,同样的人、同样的业务 days, the same people  细线 whiskers: 95% 置信 confidence"
    sheet.text((30, 60), told, 17, FAINT)
    sheet.legend(30, 96, [(" ".join(NAMES[policy]), colours[policy]) for policy in policies], 17)
    names = [one for one in CLASS_NAMES if any(one in found["policies"][policy]["classes"] for policy in policies)]
    bars = [
        (
            " ".join(CLASS_NAMES[name]),
            [found["policies"][policy]["classes"].get(name, {}).get("mean_min") for policy in policies],
        )
        for name in names
    ]
    bars.append(("全部 everybody", [found["policies"][policy]["all"]["mean_min"] for policy in policies]))
    left = Box(80, 190, 960, 830)
    _bars(sheet, left, "平均等候(分钟)  Mean wait, minutes", bars, [colours[one] for one in policies])
    longest = [("最长 longest", [found["policies"][policy]["longest_ordinary_min"] for policy in policies])]
    tail = [("95% 在内 95 %", [found["policies"][policy]["classes"]["normal"]["p95_min"] for policy in policies])]
    right = Box(1060, 190, 1450, 830)
    _bars(
        sheet,
        right,
        "普通号等候  Ordinary visitors, minutes",
        [*tail, *longest],
        [colours[one] for one in policies],
    )
    sheet.save(path)


def _bars(sheet: Sheet, box: Box, title: str, groups: _Groups, colours: Sequence[Colour]) -> None:
    """Groups of bars, one bar a call order, each with its whisker and its value."""
    sheet.text((box.left - 50, box.top - 52), title, 19)
    most = max(one["mean"] + one["plus_minus"] for _, values in groups for one in values if one)
    top = sheet.scale(box, most, "分钟 min")
    width = (box.right - box.left) / len(groups)
    for place, (name, values) in enumerate(groups):
        begin = box.left + place * width
        bar = width * 0.8 / len(values)
        for number, (one, colour) in enumerate(zip(values, colours, strict=True)):
            if one is not None:
                _bar(sheet, (box, top), (begin + width * 0.1 + number * bar, bar * 0.86), one, colour)
        sheet.text((begin + width / 2, box.bottom + 12), name, 16, INK, "ma")
    sheet.line(((box.left, box.bottom), (box.right, box.bottom)), INK)


def _bar(sheet: Sheet, scale: _Scale, place: tuple[float, float], one: Mapping[str, float], colour: Colour) -> None:
    left, width = place
    box, top = scale
    middle = left + width / 2
    high, low = (height_of(box, max(0.0, one["mean"] + sign * one["plus_minus"]), top) for sign in (1, -1))
    sheet.bar(left, height_of(box, one["mean"], top), left + width, box.bottom, colour)
    sheet.line(((middle, high), (middle, low)), INK, 2)
    for y in (high, low):
        sheet.line(((middle - _CAP, y), (middle + _CAP, y)), INK, 2)
    sheet.text((middle, high - 5), f"{one['mean']:.1f}", 14, INK, "md")
