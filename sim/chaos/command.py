"""``hall-sim chaos``: storms over halls of real processes, episode after episode, until the time is up."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, Progress, TimeElapsedColumn

from contracts.values import Ms
from firmware.runtime.clock import SystemClock
from sim.chaos import episode, recovery
from sim.chaos.episode import Episode
from sim.chaos.figures import spread
from sim.mqtt_process import NoServerError
from sim.process_hall import NotReadyError
from sim.stopping import INTERRUPTED, stoppable

STORM: Ms = 90_000
SLOW_COMMIT: Ms = 60


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line these commands."""
    one = commands.add_parser("chaos", help="real processes, killed and cut off at random; then everything is compared")
    one.add_argument("--minutes", type=float, default=5, help="about how long; the last episode is played to its end (5)")
    one.add_argument("--seed", type=int, default=1, help="the first episode's; the next ones count on (1)")
    one.add_argument("--storm", type=int, default=STORM, metavar="MS", help=f"how long each storm lasts ({STORM})")
    one.add_argument("--slow-commit", type=int, default=SLOW_COMMIT, metavar="MS", help=f"({SLOW_COMMIT})")
    one.add_argument("--json", type=Path, metavar="OUT", help="where the report goes")
    one.add_argument(
        "--folder", type=Path, default=Path("build/chaos"), help="where halls run; failed ones stay (build/chaos)"
    )
    one.set_defaults(act=run)
    recovery.add_command(commands)


def run(arguments: argparse.Namespace) -> int:
    """Play episodes; exit code 1 if any promise was broken."""
    with stoppable():
        try:
            return _play(arguments)
        except (NotReadyError, NoServerError) as error:
            sys.stderr.write(f"{error}\n")
            return 1
        except KeyboardInterrupt:
            sys.stderr.write("\ninterrupted: everything that was started has been stopped\n")
            return INTERRUPTED


def _play(arguments: argparse.Namespace) -> int:
    clock, seed = SystemClock(), arguments.seed
    began, episodes = clock.monotonic_ms(), list[Episode]()
    while not episodes or clock.monotonic_ms() - began < arguments.minutes * 60_000:
        folder = arguments.folder / f"seed-{seed}"
        episode.clear(folder)
        with _shown(seed, clock.monotonic_ms() - began, arguments.minutes) as tell:
            one = episode.play(folder, str(seed), arguments.storm, slow_commit=arguments.slow_commit, tell=tell)
        episodes.append(one)
        sys.stdout.write(_line(one))
        sys.stdout.flush()
        if not one.violations:
            episode.clear(folder)
        seed += 1
        found = report(episodes, clock.monotonic_ms() - began, arguments)
        if arguments.json is not None:
            arguments.json.parent.mkdir(parents=True, exist_ok=True)
            arguments.json.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(f"next: hall-sim chaos --seed {seed} --minutes {arguments.minutes:g}\n")
    return 1 if found["violations"] else 0


@contextmanager
def _shown(seed: int, passed: Ms, minutes: float) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, nothing elsewhere."""
    columns = "[progress.description]{task.description}", BarColumn(), TimeElapsedColumn()
    with Progress(*columns, transient=True, disable=not sys.stdout.isatty()) as progress:
        task = progress.add_task(f"seed {seed}: opening", total=minutes * 60_000, completed=passed)
        began = SystemClock().monotonic_ms()

        def tell(what: str) -> None:
            now = passed + SystemClock().monotonic_ms() - began
            progress.update(task, description=f"seed {seed}: {what}", completed=now)

        yield tell


def _line(one: Episode) -> str:
    seen = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in one.seen.items())
    verdict = "in order" if not one.violations else "BROKEN:\n  " + "\n  ".join(one.violations[:20])
    return f"seed {one.seed}: {sum(one.kills.values())} kills, {seen}: {verdict}\n"


def report(episodes: list[Episode], took: Ms, arguments: argparse.Namespace) -> dict[str, Any]:
    """What is written to the JSON file."""
    kills: Counter[str] = sum((one.kills for one in episodes), Counter())
    seen: Counter[str] = sum((Counter(one.seen) for one in episodes), Counter())
    return {
        "seeds": [one.seed for one in episodes],
        "storm_ms": arguments.storm,
        "slow_commit_ms": arguments.slow_commit,
        "took_s": took // 1000,
        "kills": sum(kills.values()),
        "kills_by_kind": _by(kills, 0),
        "kills_by_process": _by(kills, 1),
        "milestones_wished": dict(sum((one.milestones for one in episodes), Counter())),
        "faults_by_kind": dict(sum((one.faults for one in episodes), Counter())),
        **seen,
        "violations": [{"seed": one.seed, "what": what} for one in episodes for what in one.violations],
        "service_death_to_next_call_shown_ms": spread([ms for one in episodes for ms in one.service_to_call]),
        "server_death_to_next_call_shown_ms": spread([ms for one in episodes for ms in one.server_to_call]),
        "calm_call_to_sign_ms": spread([ms for one in episodes for ms in one.call_to_sign]),
        "not_possible_here": {what: why for one in episodes for what, why in one.missing.items()},
        "episodes": [one.as_json() for one in episodes],
    }


def _by(kills: "Counter[str]", part: int) -> dict[str, int]:
    found: Counter[str] = Counter()
    for name, number in kills.items():
        found[name.split(":")[part]] += number
    return dict(found)
