"""``hall-sim storm``: live through the days of many seeds and say what broke; or show that planted bugs are found."""

import argparse
import contextlib
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from firmware.runtime.clock import precise_ns
from sim.storm.campaign import Figures, days, seconds_since, setting_of
from sim.storm.day import Outcome, live
from sim.storm.floor import bare_sql
from sim.storm.garden import BY_NAME, PLANTS
from sim.storm.minimise import minimise
from sim.storm.plants import Plant
from sim.storm.setting import Setting
from sim.storm.weather import forecast

_REPLAY = "hall-sim storm --seeds {{seed}}:{{next}}{mini}{plant}"


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line this command."""
    one = commands.add_parser("storm", help="whole days in virtual time under seeded faults, every promise checked")
    one.add_argument(
        "--seeds", type=_seeds, default=range(20), metavar="FROM:TO", help="which seeds, the last one not (0:20)"
    )
    one.add_argument("--mini", action="store_true", help="days of 40 visitors instead of 600")
    one.add_argument("--calm", action="store_true", help="no faults at all: how fast a day is")
    one.add_argument("--minutes", type=float, help="stop after so many minutes, wherever the seeds are")
    one.add_argument("--jobs", type=int, default=1, help="how many processes work (1)")
    one.add_argument("--json", type=Path, metavar="OUT", help="write the figures there")
    one.add_argument("--minimise", action="store_true", help="make the first failing day as small as it goes")
    one.add_argument("--plant", choices=sorted(BY_NAME), default="none", help="plant this bug; then a violation is expected")
    one.add_argument("--plants", action="store_true", help="plant every bug, one after the other, until it is found")
    one.set_defaults(act=act)


def _seeds(text: str) -> range:
    first, colon, last = text.partition(":")
    return range(int(first), int(last) if colon else int(first) + 1)


def act(arguments: argparse.Namespace) -> int:
    """Do it; returns the exit code: 0 if nothing broke, or if every planted bug was found."""
    if arguments.plants:
        return _plants(arguments)
    plant: Plant = BY_NAME[arguments.plant]
    figures = _campaign(arguments, plant)
    if arguments.json:
        arguments.json.write_text(json.dumps(_table(figures), indent=1, ensure_ascii=False) + "\n")
    for violation in figures.violations[:20]:
        sys.stdout.write(f"seed {violation['seed']}: {violation['what']}\n    {violation['replay']}\n")
    sys.stdout.write(
        f"{figures.days} days, {figures.sums['tickets']} tickets, {sum(figures.faults.values())} faults,"
        f" {len(figures.violations)} violations, {figures.days / max(figures.seconds, 1e-9):.2f} days a second\n"
    )
    if figures.violations and arguments.minimise:
        _minimise(arguments, figures.violations[0]["seed"], plant)
    return 1 if figures.violations else 0


def _campaign(arguments: argparse.Namespace, plant: Plant) -> Figures:
    setting, figures, begun = setting_of(mini=arguments.mini), Figures(), precise_ns()
    replay = _REPLAY.format(mini=" --mini" * arguments.mini, plant=f" --plant {plant.name}" * (plant.name != "none"))
    limit = None if arguments.minutes is None else arguments.minutes * 60
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("storm", total=len(arguments.seeds))
        stop = lambda: limit is not None and seconds_since(begun) > limit  # noqa: E731 -- one question
        lived: Iterable[tuple[Outcome, float]]
        if arguments.calm:
            lived = ((live(seed, setting, (), plant), 0.0) for seed in arguments.seeds)
        else:
            lived = days(arguments.seeds, setting, plant, jobs=arguments.jobs, stop=stop)
        for outcome, cpu in lived:
            figures.add(outcome, cpu, replay.replace("{next}", str(outcome.seed + 1)))
            found = f", {len(figures.violations)} violations" if figures.violations else ""
            progress.update(bar, advance=1, description=f"storm{found}")
    figures.seconds = seconds_since(begun)
    return figures


def _table(figures: Figures) -> dict[str, Any]:
    floor = bare_sql()
    return {
        "days": figures.days,
        "violations": figures.violations,
        "days_per_second": round(figures.days / figures.seconds, 3),
        "days_per_cpu_second": round(figures.days / figures.cpu, 3) if figures.cpu else None,
        "bare_sql_ratio": round(figures.cpu / max(1, figures.days) / floor, 1) if figures.cpu else None,
        "bare_sql_s": round(floor, 4),
        "log_hash": _together(figures.hashes),
        "log_hashes": figures.hashes,
        "faults": dict(sorted(figures.faults.items())),
        **figures.sums,
    }


def _together(hashes: dict[int, str]) -> str:
    import hashlib  # noqa: PLC0415 -- only here

    return hashlib.sha256("".join(hashes[seed] for seed in sorted(hashes)).encode()).hexdigest()


def _minimise(arguments: argparse.Namespace, seed: int, plant: Plant) -> None:
    setting = setting_of(mini=arguments.mini)

    def say(line: str) -> None:
        sys.stderr.write(f"{line}\n")

    smaller, strikes, outcome = minimise(seed, setting, forecast(seed, setting), plant, say)
    sys.stdout.write(f"seed {seed} with {smaller.visitors} visitors and {len(strikes)} strikes: {outcome.violations[0]}\n")
    for strike in strikes:
        sys.stdout.write(f"    {strike}\n")


def likely(seeds: Sequence[int], setting: Setting, plant: Plant) -> list[int]:
    """The seeds, those first whose day has what brings this bug out, most of it first."""

    def suits(seed: int) -> int:
        kinds = [{strike.kind, f"{strike.kind} {strike.target}"} for strike in forecast(seed, setting)]
        return -sum(bool(kind & set(plant.needs)) for kind in kinds)

    return sorted(seeds, key=lambda seed: (suits(seed), seed))


def _plants(arguments: argparse.Namespace) -> int:
    """The table of planted bugs: who found which, at which seed, by what."""
    setting, missed = setting_of(mini=arguments.mini), 0
    for plant in PLANTS:
        if plant.harness != "storm":
            sys.stdout.write(f"{plant.name:24} {plant.harness:6} see hall-sim {plant.harness}\n")
            continue
        found = _first(likely(arguments.seeds, setting, plant), setting, plant, arguments.jobs)
        missed += found is None
        seed, what = ("-", "NOT FOUND") if found is None else (found.seed, found.violations[0])
        sys.stdout.write(f"{plant.name:24} {plant.harness:6} {seed!s:>5}  {what[:110]}\n")
        sys.stdout.flush()
    return 1 if missed else 0


def _first(seeds: Sequence[int], setting: Setting, plant: Plant, jobs: int) -> Outcome | None:
    """The first of these days on which something breaks."""
    with contextlib.closing(days(seeds, setting, plant, jobs=jobs)) as lived:
        return next((outcome for outcome, _ in lived if outcome.violations), None)
