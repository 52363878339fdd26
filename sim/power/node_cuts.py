"""Cuts the power of a node thousands of times and looks at what its own start-up finds in its journal.

Everything whose keeping had returned and that nobody has answered must be said again, as it was; nothing may be said that
was never tried. What was answered may be said again: the service answers it as the first time. A file that is replaced
holds the last content promised, or a later one that was under way.
"""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from contracts.messages import PunchMade
from contracts.values import BootId, RequestId
from sim.power import log
from sim.power.disk import Image
from sim.power.log import Done, Kind
from sim.power.node_life import COMPACT_ABOVE, NodeLife
from sim.power.recording import record
from sim.power.service_story import IncompleteRecordError
from sim.power.story import Cut, Story, lay_out
from sim.power.tally import Tally

LIFE = "sim.power.node_life"
TURNS = 300
LOOKER = BootId("00000000000000cc")
NEXT = RequestId("CLK-01/00000000000000cc/0")


@dataclass
class Promises:
    """What holds at one place of a record."""

    owed: dict[str, str] = field(default_factory=dict)
    """Kept and not answered: request id to card."""
    tried: dict[str, str] = field(default_factory=dict)
    notes: set[str] = field(default_factory=lambda: {""})
    """What the note may be: the last one kept, or one that was tried since then."""
    pair: tuple[str, str] | None = None
    """The last press that was tried with a note, and that note: whoever finds the press must find the note."""
    content: str | None = None
    replacing: set[str] = field(default_factory=set)

    def hear(self, done: Done) -> None:
        """Take in a mark."""
        match done.mark:
            case {"tried": name, "card": card, "note": note}:
                self.tried[name] = card
                if note:
                    self.notes.add(note)
                    self.pair = name, note
            case {"kept": name}:
                self.owed[name] = self.tried[name]
                if self.pair is not None and self.pair[0] == name:
                    self.notes = {self.pair[1]}
            case {"answered": name}:
                self.owed.pop(name, None)
            case {"replacing": content}:
                self.replacing.add(content)
            case {"replaced": content}:
                self.content, self.replacing = content, set()


def campaign(library: Path, folder: Path, seed: int, cuts: int, weakness: str = "none") -> Tally:
    """One seed: half of the cuts in a story that begins with nothing, half in one that begins with what a cut has left."""
    tally = Tally()
    left: Image = {}
    for part, some in ((1, (cuts + 1) // 2), (2, cuts // 2)):
        where = f"seed {seed}, story {part}"
        promises = _found(left, folder / "found") if left else Promises()
        story = tell(library, folder / "told", f"{seed}/{part}", weakness, left)
        left = _look_at(story.cuts(some, Random(f"node cuts {where}")), promises, folder / "cut", tally, where)
        shutil.rmtree(folder / "told")
    return tally


def tell(library: Path, folder: Path, seed: str, weakness: str, begins_with: Image) -> Story[None]:
    """Record two lives of a node, the first killed at any call."""
    chance = Random(f"node story {seed}")
    die_at = chance.randint(1, 3 * TURNS)
    return tell_lives(library, folder, seed, (die_at, 0), begins_with, chance.choice(COMPACT_ABOVE), weakness)


def tell_lives(  # noqa: PLR0913, PLR0917 -- what distinguishes one story from another
    library: Path,
    folder: Path,
    seed: str,
    deaths: Sequence[int],
    begins_with: Image,
    compact_above: int = COMPACT_ABOVE[0],
    weakness: str = "none",
) -> Story[None]:
    """Record one life for each of ``deaths``, killed right after so many calls. Raises :class:`IncompleteRecordError`."""
    root, record_file = folder / "disk", folder / "record"
    root.mkdir(parents=True)
    lay_out(begins_with, root)
    for life, die_at in enumerate(deaths):
        words = ["--data", root / "node", "--log", record_file, "--seed", f"{seed}/{life}"]
        words += ["--turns", TURNS // 2, "--compact-above", compact_above, "--weakness", weakness]
        record(library, LIFE, *words, folder=root, log=record_file, die_at=die_at)
    story: Story[None] = Story(str(root.resolve()), begins_with, log.read(record_file), ())
    if wrong := story.proven(root):
        raise IncompleteRecordError(f"the record of {root} does not make {', '.join(wrong)}")
    return story


def _look_at(cuts: Iterable[Cut], promises: Promises, folder: Path, tally: Tally, where: str) -> Image:
    chance = Random(where)
    left: Image = {}
    for cut in cuts:
        for done in cut.passed:
            if done.kind is Kind.MARK:
                promises.hear(done)
        if chance.random() * (cut.number + 1) < 1:
            left = cut.image
        tally.cuts += 1
        for kind, what in look(cut.image, promises, folder):
            tally.wrong(kind, f"{where}, cut {cut.number} at call {cut.place}: {what}")
    return left


def _found(image: Image, folder: Path) -> Promises:
    """What a start finds there is on the disk for certain: from now on it is owed."""
    folder.mkdir()
    lay_out(image, folder)
    node = NodeLife(folder / "node", LOOKER)
    note, cards = node.outbox.note.decode(), _cards(node)
    content = folder / "node" / "settings.json"
    held = content.read_bytes().hex() if content.exists() else None
    shutil.rmtree(folder)
    return Promises(dict(cards), dict(cards), {note}, content=held)


def _cards(node: NodeLife) -> dict[str, str]:
    """What is said until it is answered."""
    said = node.drained()
    node.outbox.close()
    return {str(name): one.card or "none" for name, one in said.items() if isinstance(one, PunchMade)}


def look(image: Image, promises: Promises, folder: Path) -> list[tuple[str, str]]:
    """Start the node on this disk, twice, and say what is wrong."""
    folder.mkdir()
    lay_out(image, folder)
    try:
        return _looked(folder / "node", promises)
    except OSError as error:
        return [("corrupt", f"the journal does not open: {error}")]
    finally:
        shutil.rmtree(folder)


def _looked(data: Path, promises: Promises) -> list[tuple[str, str]]:
    wrong = []
    node = NodeLife(data, LOOKER)
    note = node.outbox.note.decode()
    node.press(PunchMade(request_id=NEXT, card=None, staff=None))
    node.outbox.close()
    found = _cards(NodeLife(data, LOOKER))
    if found.pop(NEXT, None) is None:
        wrong.append(("acked_lost", "the next press was kept and is not said"))
    if lost := [name for name, card in promises.owed.items() if found.get(name) != card]:
        wrong.append(("acked_lost", f"{len(lost)} presses, {lost[0]} the first"))
    if strange := [name for name, card in found.items() if promises.tried.get(name) != card]:
        wrong.append(("corrupt", f"{strange[0]} was never pressed like that"))
    if note not in promises.notes:
        wrong.append(("acked_lost", "the note is another one than was made"))
    if promises.pair is not None and promises.pair[0] in found and promises.pair[1] != note:
        wrong.append(("corrupt", f"{promises.pair[0]} is kept without its note"))
    last = NodeLife(data, LOOKER)
    if last.outbox.note.decode() != note:
        wrong.append(("acked_lost", "the note did not outlive the rows"))
    if rest := len(last.outbox):
        wrong.append(("corrupt", f"{rest} presses are still owed after all were answered"))
    last.outbox.close()
    cached = data / "settings.json"
    content = cached.read_bytes().hex() if cached.exists() else None
    if content != promises.content and content not in promises.replacing:
        wrong.append(("acked_lost" if promises.content else "corrupt", "the replaced file holds neither content"))
    return wrong
