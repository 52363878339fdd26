"""``hall-sim science``: the call order against theory and the estimate against what came, with a progress bar."""

import argparse
import importlib.util
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.science import quality
from sim.science.campaign import is_as_claimed, run, table, work
from sim.science.cases import CLAIMS, VISITORS, A, Claim
from sim.science.report import call_order_table, waits_table
from sim.science.theory import kleinrock
from sim.science.verdict import judge
from sim.science.whole_rules import days

WAIT_SEEDS = 4
"""How many runs of each world, from seed 1 on."""
WHOLE_DAYS = 36
"""How many days of case A through all the rules."""


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line this command."""
    one = commands.add_parser(
        "science", help="the real call order against queueing theory, the waiting time against what came"
    )
    one.add_argument("--visitors", type=int, default=VISITORS, metavar="N", help=f"in one stretch ({VISITORS})")
    one.add_argument("--cases", metavar="NAMES", help="only these cases, by their names, comma between")
    one.add_argument("--jobs", type=int, default=1, help="how many processes work (1)")
    one.add_argument("--only", choices=tuple(_STUDIES), help="only this study (all)")
    one.add_argument("--days", type=int, default=10, help="days of each of the eight runs of the waiting time (10)")
    one.add_argument("--out", type=Path, default=Path("build/science"), help="folder of the figures (build/science)")
    one.set_defaults(act=act)


def act(arguments: argparse.Namespace) -> int:
    """Do it; returns 0 if everything is as claimed."""
    arguments.out.mkdir(parents=True, exist_ok=True)
    return max(study(arguments) for name, study in _STUDIES.items() if arguments.only in (None, name))


def _call_order(arguments: argparse.Namespace) -> int:
    wanted = None if arguments.cases is None else set(arguments.cases.split(","))
    claims = tuple(one for one in CLAIMS if wanted is None or one.name in wanted)
    with _progress() as bar:
        task = bar.add_task("call order", total=len(work(claims)))
        verdicts, rate = run(claims, arguments.visitors, arguments.jobs, lambda: bar.advance(task))
    figures = {"visitors_per_second_and_processor": round(rate), "cases": table(claims, verdicts)}
    (arguments.out / "call-order.json").write_text(
        json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    sys.stdout.write(call_order_table(figures) + "\n")
    return 0 if all(is_as_claimed(claim, verdict) for claim, verdict in zip(claims, verdicts, strict=True)) else 1


def _waits(arguments: argparse.Namespace) -> int:
    plan = [(name, seed, arguments.days) for name in quality.WORLDS for seed in range(1, WAIT_SEEDS + 1)]
    with _progress() as bar:
        task = bar.add_task("waiting time", total=len(plan))
        told = quality.run(plan, arguments.jobs, lambda: bar.advance(task))
    found = {name: quality.figures(one) for name, one in told.items()}
    wrong = {name: quality.missed(one) for name, one in found.items()}
    everything = {"worlds": found, "missed": wrong}
    (arguments.out / "waits.json").write_text(json.dumps(everything, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(waits_table(found, wrong) + "\n")
    return 1 if any(wrong.values()) else 0


def _whole_rules(arguments: argparse.Namespace) -> int:
    with _progress() as bar:
        task = bar.add_task("whole rules", total=WHOLE_DAYS)
        verdict = judge(A, days(WHOLE_DAYS, lambda: bar.advance(task)), kleinrock(A))
    figures = {"cases": table([Claim(A, kleinrock(A))], [verdict])}
    (arguments.out / "whole-rules.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(call_order_table(figures) + "\n")
    return 1 if verdict.complaints else 0


def _second_opinion(arguments: argparse.Namespace) -> int:
    if importlib.util.find_spec("ciw") is None:
        sys.stderr.write("the second opinion was not asked: pip install 'hallworks[test]'\n")
        return 0
    from sim.science.second_opinion import CASES, RUNS, compared  # noqa: PLC0415 -- ciw is an extra

    with _progress() as bar:
        task = bar.add_task("second opinion", total=len(CASES) * RUNS)
        rows = compared(lambda: bar.advance(task))
    (arguments.out / "second-opinion.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for row in rows:
        sys.stdout.write(f"{row['case']}: {row['ciw']} against {row['claimed']}\n")
    return 0 if all(row["agrees"] for row in rows) else 1


_STUDIES = {"call-order": _call_order, "waits": _waits, "whole-rules": _whole_rules, "second-opinion": _second_opinion}


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
