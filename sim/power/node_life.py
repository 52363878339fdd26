"""One life of a node's journal, outbox and cached file, recorded. Started by ``recording``, by nobody else.

Staff punch and the service answers, at random from a seed; the journal is small, so that it is written anew often. Before
and after everything that matters a mark in the record says what is tried, what is promised and what has been answered.
"""

import argparse
import os
import random
from pathlib import Path

from contracts.messages import Kept, Message, PunchMade, PunchStored, ServiceState
from contracts.topics import Topics
from contracts.values import BootId, CardHash, CounterId, HallId, HallTime, Ms, NodeName, RequestId
from firmware.runtime import files
from firmware.runtime.files import make_folder, write_atomically
from firmware.runtime.journal import Journal
from firmware.runtime.outbox import JournalOutbox
from sim.clock import ManualClock
from sim.power.log import Marks
from sim.testing import Memory

NODE = NodeName("CLK-01")
TOPICS = Topics(HallId("demo"))
WALL = HallTime(1_773_104_700_000)
COMPACT_ABOVE = (1_000, 8_000, 256 * 1024)
"""The last is the node's own; the smaller ones make the same code run more often."""


class Air:
    """A link on which what is said is heard by nobody."""

    def __init__(self) -> None:
        self.said: dict[RequestId, Kept] = {}

    def say(self, message: Message) -> None:
        """Remember it."""
        assert isinstance(message, Kept)
        self.said[message.request_id] = message

    def follow_desk(self, counter: CounterId) -> None:
        """A punch clock has no desk."""
        raise AssertionError(counter)

    def close(self, *, reason: str) -> None:
        """It stays up."""
        raise AssertionError(reason)


class UnsyncedJournal(Journal):
    """A journal with a planted bug: it promises what it has only written. The campaign must notice."""

    def _append(self, row: bytes, *, sync: bool) -> None:
        del sync
        super()._append(row, sync=False)


class NodeLife:
    """The keeping half of a node, as ``firmware.shell`` puts it together."""

    def __init__(
        self, folder: Path, boot: BootId, *, compact_above: int = COMPACT_ABOVE[-1], kind: type[Journal] = Journal
    ) -> None:
        make_folder(folder)
        self.log = Memory()
        self.air = Air()
        self.clock = ManualClock(WALL, Ms(1_000))
        journal = kind(folder / "outbox.journal", self.log, compact_above=compact_above)
        self.outbox = JournalOutbox(journal, self.air, self.clock, self.log, topics=TOPICS, node=NODE, boot=boot)
        self.outbox.heard(ServiceState(epoch=1, boot=boot, hall_now=WALL), self.clock.monotonic_ms())

    def press(self, punch: PunchMade, note: str = "") -> None:
        """Keep it, and a note with it; when this returns the lamp may be lit."""
        self.outbox.keep(punch, self.clock.monotonic_ms(), note.encode())

    def answer(self, name: RequestId) -> None:
        """The service has answered."""
        self.outbox.heard(PunchStored(request_id=name, at=WALL), self.clock.monotonic_ms())

    def drained(self) -> dict[RequestId, Kept]:
        """Everything that is said, until all of it has been answered."""
        self.outbox.link_up(self.clock.monotonic_ms())
        answered: set[RequestId] = set()
        while waiting := [name for name in self.air.said if name not in answered]:
            for name in waiting:
                self.answer(name)
            answered.update(waiting)
        return self.air.said


def _forget(folder: Path) -> None:
    """Syncs nothing: the other planted bug."""
    del folder


def main() -> None:
    """Live one life as the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--turns", type=int, required=True)
    parser.add_argument("--compact-above", type=int, required=True)
    parser.add_argument("--weakness", choices=("none", "rows", "folders"), default="none")
    arguments = parser.parse_args()
    if arguments.weakness == "folders":
        files.sync_folder = _forget
    kind = UnsyncedJournal if arguments.weakness == "rows" else Journal
    marks = Marks(arguments.log)
    chance = random.Random(f"node {arguments.seed}")
    boot = BootId(f"{chance.getrandbits(64):016x}")
    node = NodeLife(arguments.data, boot, compact_above=arguments.compact_above, kind=kind)
    node.outbox.link_up(node.clock.monotonic_ms())
    answered: set[RequestId] = set()
    for turn in range(arguments.turns):
        waiting = [name for name in node.air.said if name not in answered]
        if waiting and chance.random() < 0.5:  # noqa: PLR2004 -- half
            name = chance.choice(waiting)
            answered.add(name)
            marks.say(answered=name)
            node.answer(name)
        elif chance.random() < 0.9:  # noqa: PLR2004 -- most of the rest
            card = CardHash(chance.randbytes(chance.randint(8, 200)).hex())
            punch = PunchMade(request_id=RequestId(f"{NODE}/{boot}/{turn}"), card=card, staff=None)
            note = str(punch.request_id) * chance.randint(0, 3)
            marks.say(tried=punch.request_id, card=card, note=note)
            node.press(punch, note)
            marks.say(kept=punch.request_id)
        else:
            content = chance.randbytes(chance.randint(10, 9_000))
            marks.say(replacing=content.hex())
            write_atomically(arguments.data / "settings.json", content)
            marks.say(replaced=content.hex())
    os._exit(0)


if __name__ == "__main__":
    main()
