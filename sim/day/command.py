"""``hall-sim day``: a random working day of a hall, or the scripted one. ``hall-sim compare``: call orders side by side."""

import argparse
import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.day import chart, compare_sheet, script
from sim.day.compare import Study, days, result
from sim.day.figures import figures
from sim.day.nature import Nature
from sim.day.policies import NAMES
from sim.day.random_day import play
from sim.day.script import SCRIPTS
from sim.day.variants import VARIANTS, WORKDAYS, workdays
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
    day.add_argument("--pace", type=float, default=Nature().pace, help="service times as a share of the catalogue's (0.55)")
    day.add_argument("--script", choices=sorted(SCRIPTS), help="play this script of the demo hall instead of a random day")
    variants = sorted({*VARIANTS, WORKDAYS} - {""})
    day.add_argument("--variant", choices=variants, default="", help="the script with something broken")
    day.add_argument("--json", type=Path, metavar="OUT", help="write the figures there")
    day.add_argument("--png", type=Path, metavar="OUT", help="draw the random day there")
    day.set_defaults(act=act_day)
    one = commands.add_parser("compare", help="the same random days under several call orders")
    one.add_argument("--policies", type=_policies, default=list(NAMES), metavar="A,B", help=f"of {','.join(NAMES)} (all)")
    one.add_argument("--seeds", type=_seeds, default=range(20), metavar="FROM:TO", help="which days (0:20, the last not)")
    one.add_argument("--config", default="demo-hall", metavar="HALL", help="demo-hall, demo-small, or a hall.toml")
    one.add_argument("--visitors", type=int, default=600, help="how many come each day (600)")
    one.add_argument("--date", type=date.fromisoformat, default=TUESDAY, help="which date (2026-03-10)")
    one.add_argument("--jobs", type=int, default=1, help="how many processes work (1)")
    one.add_argument("--json", type=Path, metavar="OUT", help="write the figures there")
    one.add_argument("--png", type=Path, metavar="OUT", help="draw the comparison there")
    one.set_defaults(act=act_compare)


def _policies(text: str) -> list[str]:
    names = list(dict.fromkeys(text.split(",")))
    unknown = [one for one in names if one not in NAMES]
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose of {', '.join(NAMES)}")
    return names


def _seeds(text: str) -> range:
    first, colon, last = text.partition(":")
    seeds = range(int(first), int(last) if colon else int(first) + 1)
    if not seeds:
        raise argparse.ArgumentTypeError(f"{text}: no day lies between; 0:20 are twenty days")
    return seeds


def act_day(arguments: argparse.Namespace) -> int:
    """Play a day; 0 if no promise was broken and every line of the script held."""
    if arguments.script or arguments.variant:
        return _scripted(arguments)
    nature = replace(Nature(), pace=arguments.pace)
    played = play(hall_toml(arguments.config), arguments.date, arguments.seed, arguments.visitors, nature)
    found = figures(played)
    if arguments.json:
        write(arguments.json, found)
    if arguments.png:
        chart.draw(played, arguments.png)
    sys.stdout.write(_sheet(found))
    return 1 if found["violations"] else 0


def _scripted(arguments: argparse.Namespace) -> int:
    text = hall_toml(arguments.config)
    if arguments.variant == WORKDAYS:
        found = workdays(text)
    else:
        name = arguments.script or "demo-day"
        found = script.play(text, SCRIPTS[name], arguments.date, arguments.variant)
    if arguments.json:
        write(arguments.json, found)
    for row in found["checks"]:
        if not row["ok"]:
            told = f"{row['time']} {row['rule']} {row['what']}: expected {row['expected']!r}, found {row['found']!r}"
            sys.stdout.write(f"  不符 {told}\n")
    for what in found["violations"]:
        sys.stdout.write(f"  违反 broken: {what}\n")
    held = len(found["checks"]) - found["failed"]
    waiting = len(found.get("not_checked", ()))
    sys.stdout.write(
        f"{held} 项相符 checks hold, {found['failed']} 项不符 do not, {waiting} 项不在此检查 belong elsewhere\n"
    )
    return 1 if found["failed"] or found["violations"] else 0


def act_compare(arguments: argparse.Namespace) -> int:
    """Play the same days under each call order and show the waits; 0 if no promise was broken."""
    study = Study(hall_toml(arguments.config), arguments.date, arguments.visitors)
    lived = []
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("compare", total=len(arguments.seeds) * len(arguments.policies))
        for one in days(study, arguments.policies, arguments.seeds, arguments.jobs):
            lived.append(one)
            progress.advance(bar)
    found = result(lived, arguments.policies)
    if arguments.json:
        write(arguments.json, found)
    if arguments.png:
        compare_sheet.draw(found, arguments.png)
    sys.stdout.write(compare_sheet.table(found))
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
