"""A node's journal cut off at every byte, and the same with zeros in place of the rest: exactly the whole rows are found."""

import bisect
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from contracts.messages import PunchMade
from contracts.values import BootId, CardHash, RequestId
from sim.power.node_life import NODE, NodeLife
from sim.power.tally import Tally

ROWS = 100
BOOT = BootId("00000000000000bb")


@dataclass(frozen=True)
class JournalFile:
    """A journal's bytes. ``ends[n]`` is where its change n + 1 ends, ``owed[n]`` what is owed after n of them."""

    data: bytes
    ends: tuple[int, ...]
    owed: tuple[dict[str, str], ...]
    notes: tuple[str, ...]


def made(folder: Path, rows: int = ROWS) -> JournalFile:
    """A journal of so many presses, half of them with a note, some of them answered."""
    chance = Random("journal")
    node = NodeLife(folder, BOOT)
    path = folder / "outbox.journal"
    owed: list[dict[str, str]] = [{}]
    ends: list[int] = []
    notes = [""]
    for number in range(rows):
        punch = PunchMade(request_id=RequestId(f"{NODE}/{BOOT}/{number}"), card=CardHash(f"{number:032x}"), staff=None)
        note = f"the {number}th" if number % 2 else ""
        node.press(punch, note)
        ends.append(path.stat().st_size)
        owed.append({**owed[-1], str(punch.request_id): str(punch.card)})
        notes.append(note or notes[-1])
        if chance.random() < 0.5:  # noqa: PLR2004 -- half
            name = next(iter(owed[-1]))
            node.answer(RequestId(name))
            ends.append(path.stat().st_size)
            owed.append({other: card for other, card in owed[-1].items() if other != name})
            notes.append(notes[-1])
    node.outbox.close()
    return JournalFile(path.read_bytes(), tuple(ends), tuple(owed), tuple(notes))


def cut_up(file: JournalFile, folder: Path, cuts: Iterable[int], tally: Tally) -> None:
    """Cut at each of these places, twice: the file ends there, or it has its size and zeros from there on."""
    for cut in cuts:
        for filled in (False, True):
            tally.cuts += 1
            rest = file.data[cut:]
            left = file.data[:cut] + bytes(len(rest) if filled else 0)
            whole = cut + (len(rest) - len(rest.lstrip(b"\0")) if filled else 0)  # zeros that belong there anyway
            for what in _wrong(file, whole, left, folder / "node"):
                tally.wrong("acked_lost", f"journal cut at byte {cut}{', zeros behind' if filled else ''}: {what}")


def _wrong(file: JournalFile, cut: int, left: bytes, folder: Path) -> list[str]:
    folder.mkdir()
    (folder / "outbox.journal").write_bytes(left)
    node = NodeLife(folder, BOOT)
    found = {str(one.request_id): str(one.card) for one in node.outbox.unanswered if isinstance(one, PunchMade)}
    note = node.outbox.note.decode()
    node.outbox.close()
    shutil.rmtree(folder)
    whole = bisect.bisect_right(file.ends, cut)
    wrong = []
    if found != file.owed[whole]:
        wrong.append(f"{len(found)} presses are found, {len(file.owed[whole])} are owed")
    if note != file.notes[whole]:
        wrong.append(f"the note is {note!r}, not {file.notes[whole]!r}")
    return wrong
