"""The campaigns as pieces of work of some seconds each, for one process or several."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from sim.power import journal_bytes, node_cuts, service_cuts, wal_bytes
from sim.power.journal_bytes import JournalFile
from sim.power.recording import work_folder
from sim.power.tally import Tally
from sim.power.wal_bytes import WalFile

CUTS_PER_SEED = 250
_CUTS_PER_CHUNK = 20_000


@dataclass(frozen=True)
class ServiceSeed:
    """Cuts of the rules service from one seed."""

    library: Path
    seed: int
    cuts: int
    synchronous: str = "FULL"

    def run(self, folder: Path) -> Tally:
        """Do it."""
        return service_cuts.campaign(self.library, folder, self.seed, self.cuts, self.synchronous)


@dataclass(frozen=True)
class NodeSeed:
    """Cuts of a node from one seed."""

    library: Path
    seed: int
    cuts: int
    weakness: str = "none"

    def run(self, folder: Path) -> Tally:
        """Do it."""
        return node_cuts.campaign(self.library, folder, self.seed, self.cuts, self.weakness)


@dataclass(frozen=True)
class WalBytes:
    """Cuts of a WAL at these places, the highest first; ``by_store`` starts the service's store on each."""

    file: WalFile
    cuts: Sequence[int]
    by_store: bool

    def run(self, folder: Path) -> Tally:
        """Do it."""
        tally = Tally()
        (wal_bytes.by_store if self.by_store else wal_bytes.by_sqlite)(self.file, folder, self.cuts, tally)
        return tally


@dataclass(frozen=True)
class JournalBytes:
    """Cuts of a journal at these places."""

    file: JournalFile
    cuts: Sequence[int]

    def run(self, folder: Path) -> Tally:
        """Do it."""
        tally = Tally()
        journal_bytes.cut_up(self.file, folder, self.cuts, tally)
        return tally


Piece = ServiceSeed | NodeSeed | WalBytes | JournalBytes


def service(library: Path, cuts: int, first_seed: int, synchronous: str = "FULL") -> list[Piece]:
    """So many cuts of the rules service, a few hundred from each seed."""
    return [ServiceSeed(library, seed, some, synchronous) for seed, some in _seeds(cuts, first_seed)]


def node(library: Path, cuts: int, first_seed: int, weakness: str = "none") -> list[Piece]:
    """So many cuts of a node."""
    return [NodeSeed(library, seed, some, weakness) for seed, some in _seeds(cuts, first_seed)]


def _seeds(cuts: int, first_seed: int) -> Iterator[tuple[int, int]]:
    for number, before in enumerate(range(0, cuts, CUTS_PER_SEED)):
        yield first_seed + number, min(CUTS_PER_SEED, cuts - before)


def wal(stride: int) -> list[Piece]:
    """A WAL of 200 small transactions cut at every ``stride``-th byte, and one of 200 real ones beside every n-th edge."""
    folder = Path(tempfile.mkdtemp())
    try:
        for name in ("facts", "visits"):
            (folder / name).mkdir()
        small, real = wal_bytes.of_facts(folder / "facts"), wal_bytes.of_visits(folder / "visits")
    finally:
        shutil.rmtree(folder)
    pieces: list[Piece] = [WalBytes(small, some, by_store=False) for some in _chunks(range(len(small.wal), -1, -stride))]
    edges = real.edges()[:: 1 + stride // 8]
    return pieces + [WalBytes(real, some, by_store=True) for some in _chunks(edges, _CUTS_PER_CHUNK // 10)]


def journal(stride: int) -> list[Piece]:
    """A journal of 100 presses cut at every ``stride``-th byte."""
    folder = Path(tempfile.mkdtemp())
    try:
        file = journal_bytes.made(folder / "node")
    finally:
        shutil.rmtree(folder)
    cuts = range(0, len(file.data) + 1, stride)
    return [JournalBytes(file, some) for some in _chunks(cuts, _CUTS_PER_CHUNK // 10)]


def _chunks(cuts: Sequence[int], size: int = _CUTS_PER_CHUNK) -> Iterator[Sequence[int]]:
    for at in range(0, len(cuts), size):
        yield cuts[at : at + size]


def run(pieces: Sequence[Piece], jobs: int) -> Iterator[Tally]:
    """Do all of it, in this process or in several; yields what each piece has counted, as it is done."""
    if jobs == 1:
        yield from map(one, pieces)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(one, piece) for piece in pieces]):
            yield done.result()


def one(piece: Piece) -> Tally:
    """Do one piece in a folder of its own."""
    folder = work_folder()
    try:
        return piece.run(folder)
    finally:
        shutil.rmtree(folder)
