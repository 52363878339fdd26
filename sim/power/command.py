"""``hall-sim power``: cut the power of the database and of a node's journal, and say whether anything was lost."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from firmware.runtime.clock import SystemClock
from sim.power import campaign
from sim.power.campaign import CUTS_PER_SEED, Piece
from sim.power.recording import NoRecorderError, RecordedProcessError, recorder
from sim.power.service_story import IncompleteRecordError
from sim.power.tally import Tally

_WRONG = ("acked_lost", "corrupt", "chain_broken")
_INTERRUPTED = 130
_NO_COMPILER = 78


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line this command."""
    one = commands.add_parser("power", help="cut the power of database and journals, thousands of times")
    one.add_argument("--cuts", type=int, default=5_000, help="cuts of the rules service, and as many of a node (5000)")
    one.add_argument("--seed", type=int, default=0, help=f"the first seed; each makes {CUTS_PER_SEED} cuts (0)")
    one.add_argument("--control", type=int, help="cuts with weaker syncing, which must lose something (a tenth of --cuts)")
    one.add_argument(
        "--wal-stride",
        type=int,
        default=97,
        help="cut a WAL at every n-th byte, a journal at more: 1 is every one, 0 none (97)",
    )
    one.add_argument("--jobs", type=int, default=1, help="how many processes work (1)")
    one.add_argument("--json", type=Path, metavar="OUT", help="write the figures there")
    one.set_defaults(act=act)


def act(arguments: argparse.Namespace) -> int:
    """Run the campaigns; returns the exit code: 0 if nothing was lost and the controls were noticed."""
    try:
        library = recorder()
    except NoRecorderError as error:
        sys.stderr.write(f"{error}\n")
        return _NO_COMPILER
    cuts, seed, stride = arguments.cuts, arguments.seed, arguments.wal_stride
    control = cuts // 10 if arguments.control is None else arguments.control
    try:
        with _shown() as shown:
            figures = {
                **_campaign("service", campaign.service(library, cuts, seed), arguments.jobs, shown),
                "control": _campaign(
                    "service, NORMAL", campaign.service(library, control, seed, "NORMAL"), arguments.jobs, shown
                ),
                "node": _campaign("node", campaign.node(library, cuts, seed), arguments.jobs, shown),
                "node_control": _campaign(
                    "node, unsynced", campaign.node(library, control, seed, "rows"), arguments.jobs, shown
                ),
                "wal": _campaign("WAL bytes", campaign.wal(stride) if stride else [], arguments.jobs, shown),
                "journal": _campaign(
                    "journal bytes", campaign.journal(1 + stride // 8) if stride else [], arguments.jobs, shown
                ),
            }
    except KeyboardInterrupt:
        return _INTERRUPTED
    except (RecordedProcessError, IncompleteRecordError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return _told(figures, arguments)


def _told(figures: dict[str, Any], arguments: argparse.Namespace) -> int:
    """Say and write how it went."""
    kept = all(not part[kind] for part in (figures, figures["node"], figures["wal"], figures["journal"]) for kind in _WRONG)
    controls = [part for part in (figures["control"], figures["node_control"]) if part["cuts"]]
    noticed = all(part["acked_lost"] for part in controls)
    figures = {**figures, "wal_stride": arguments.wal_stride, "controls_noticed": noticed, "good": kept and noticed}
    text = json.dumps(figures, ensure_ascii=False, indent=2) + "\n"
    if arguments.json is not None:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    if not kept:
        sys.stderr.write(f"to see a seed again: hall-sim power --cuts {CUTS_PER_SEED} --seed N --wal-stride 0\n")
    if not noticed:
        sys.stderr.write("a control lost nothing: this campaign would not notice a loss\n")
    return 0 if kept and noticed else 1


class Shown(Protocol):
    """Whoever shows how far a campaign has come."""

    def begin(self, name: str, pieces: int) -> None:
        """A campaign of so many pieces begins."""

    def step(self, tally: Tally) -> None:
        """One piece is done; this is the count so far."""


def _campaign(name: str, pieces: Sequence[Piece], jobs: int, shown: Shown) -> dict[str, Any]:
    clock = SystemClock()
    began = clock.monotonic_ms()
    tally = Tally()
    shown.begin(name, len(pieces))
    for some in campaign.run(pieces, jobs):
        tally.add(some)
        shown.step(tally)
    return {
        "cuts": tally.cuts,
        **{kind: tally.counts[kind] for kind in _WRONG},
        "rows_lost": tally.counts["rows_lost"],
        "seconds": round((clock.monotonic_ms() - began) / 1000, 1),
        "seeds": [piece.seed for piece in pieces if isinstance(piece, campaign.ServiceSeed | campaign.NodeSeed)],
        "found": tally.found,
    }


class _Bar:
    """A progress bar for each campaign."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def begin(self, name: str, pieces: int) -> None:
        """Show a new bar."""
        self._task = self._progress.add_task(name, total=pieces, said="")

    def step(self, tally: Tally) -> None:
        """Move it on."""
        wrong = ", ".join(f"{tally.counts[kind]} {kind}" for kind in _WRONG if tally.counts[kind])
        self._progress.update(self._task, advance=1, said=f"{tally.cuts} cuts, {wrong or 'nothing wrong'}")


class _Lines:
    """A line for each campaign, where there is no terminal."""

    def begin(self, name: str, pieces: int) -> None:
        """Say what begins."""
        sys.stderr.write(f"{name}: {pieces} pieces\n")

    def step(self, tally: Tally) -> None:
        """Nothing until the next campaign."""


@contextmanager
def _shown() -> Iterator[Shown]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[said]}"))
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        yield _Bar(progress)
