"""``hall-sim day``: a random working day of a hall, or the scripted one. ``hall-sim compare``: call orders side by side."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from sim.day import chart
from sim.day.figures import figures
from sim.day.random_day import play
from sim.halls import config_text

TUESDAY = date(2026, 3, 10)
"""The demo day of the rule book, an ordinary working day."""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line these commands."""
    day = commands.add_parser("day", help="a working day in virtual time on the real rules service, random or scripted")
    day.add_argument("--config", default="demo-hall", metavar="HALL", help="demo-hall, demo-small, or a hall.toml")
    day.add_argument("--visitors", type=int, default=600, help="how many come on a random day (600)")
    day.add_argument("--seed", type=int, default=1, help="which random day (1); same seed, same output")
    day.add_argument("--date", type=date.fromisoformat, default=TUESDAY, help="which date (2026-03-10)")
    day.add_argument("--json", type=Path, metavar="OUT", help="write the figures there")
    day.add_argument("--png", type=Path, metavar="OUT", help="draw the day there")
    day.set_defaults(act=act_day)


def act_day(arguments: argparse.Namespace) -> int:
    """Play a random day; 0 if no promise was broken."""
    played = play(hall_toml(arguments.config), arguments.date, arguments.seed, arguments.visitors)
    found = figures(played)
    if arguments.json:
        write(arguments.json, found)
    if arguments.png:
        chart.draw(played, arguments.png)
    sys.stdout.write(_sheet(found))
    return 1 if found["violations"] else 0


def hall_toml(name: str) -> str:
    """The text of a hall that ships, or of a file."""
    return Path(name).read_text(encoding="utf-8") if name.endswith(".toml") else config_text(name)


def write(path: Path, found: dict[str, Any]) -> None:
    """Write figures, always the same bytes for the same figures."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _sheet(found: dict[str, Any]) -> str:
    lines = [f"{found['date']}  取号 {found['tickets']} tickets, 未到 {found['no_shows']} no-shows"]
    for name, figure in found["classes"].items():
        zh, en = chart.CLASS_NAMES[name]
        lines.append(
            f"  {zh} {en:12} {figure['served']:4} 办结 served   平均 mean {figure['mean_min']:6.1f}"
            f"   80% {figure['p80_min']:6.1f}   最长 longest {figure['max_min']:6.1f} 分钟 min"
        )
    lines.append(f"  延时 {found['overtime_min']:.0f} 分钟 minutes after closing")
    lines += [f"  违反 broken: {one}" for one in found["violations"]]
    return "\n".join(lines) + "\n"
