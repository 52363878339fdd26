"""A recorded story: what was done to the files, and what had been promised at every point of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Generic, TypeVar

from sim.power.disk import Disk, Image
from sim.power.log import Done, Kind

State = TypeVar("State")


@dataclass(frozen=True)
class Seen(Generic[State]):
    """A mark: what was kept at this place of the record, and whether somebody had been promised it."""

    place: int
    state: State
    promised: bool


@dataclass(frozen=True)
class Cut:
    """The power goes at ``place``: what the disk holds, and what was done since the cut before."""

    number: int
    place: int
    passed: Sequence[Done]
    image: Image


@dataclass(frozen=True)
class Story(Generic[State]):
    """One record, from its first call to its last; ``begins_with`` is what lay on the disk before."""

    root: str
    begins_with: Image
    record: Sequence[Done]
    seen: Sequence[Seen[State]]

    def allowed(self, place: int) -> Sequence[State]:
        """What may be found after a cut at this place: the last thing promised, or something later that was under way."""
        last = max((index for index, one in enumerate(self.seen) if one.promised and one.place < place), default=0)
        after = (index for index, one in enumerate(self.seen) if one.promised and one.place >= place)
        return [one.state for one in self.seen[last : next(after, len(self.seen)) + 1]]

    def before(self, place: int) -> Sequence[State]:
        """Everything that had been there at some time before this place, oldest first."""
        return [one.state for one in self.seen if one.place < place]

    def places(self, cuts: int, chance: Random) -> list[int]:
        """Where to cut: half of them anywhere, half beside calls of some kind and size, each as likely as any other kind."""
        groups: dict[tuple[Kind, int, int], list[int]] = {}
        for place, done in enumerate(self.record):
            groups.setdefault((done.kind, done.how, len(done.data).bit_length()), []).append(place)
        kinds = list(groups)
        places = []
        for _ in range(cuts):
            if chance.random() < 0.5:  # noqa: PLR2004 -- half
                places.append(chance.randint(0, len(self.record)))
            else:
                beside = chance.choice(groups[chance.choice(kinds)]) + chance.randint(0, 2)
                places.append(min(beside, len(self.record)))
        return sorted(places)

    def cuts(self, cuts: int, chance: Random) -> Iterator[Cut]:
        """Cut so many times, in the order of the record."""
        disk = Disk(self.root, self.begins_with)
        followed = 0
        for number, place in enumerate(self.places(cuts, chance)):
            passed = self.record[followed:place]
            for done in passed:
                disk.follow(done)
            followed = place
            yield Cut(number, place, passed, disk.cut(chance))

    def proven(self, folder: Path, but: Sequence[str] = ()) -> list[str]:
        """Files below the real folder that are not what the record makes of them; none if the record is complete."""
        made = {path: data for path, data in self._end().items() if data is not None}
        real = {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
        return sorted(
            path for path in made.keys() | real.keys() if made.get(path) != real.get(path) and not path.endswith(tuple(but))
        )

    def _end(self) -> Image:
        disk = Disk(self.root, self.begins_with)
        for done in self.record:
            disk.follow(done)
        return disk.now()


def lay_out(image: Image, folder: Path) -> None:
    """Put an image into an empty folder."""
    for path, data in sorted(image.items()):
        if data is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(data)
