"""A disk as a power cut sees it: what has reached it for certain, what is on its way, and what may be left of that. Pure.

The model is POSIX, not one file system: only fsync makes anything certain. A synced file whose name was never synced in its
folder may be gone; of names, and of the sectors of one file, any part may have arrived in any order; an fsync of one file
says nothing about another.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from random import Random

from sim.power.damage import Change, Damage, Resize, Written, apply
from sim.power.log import CREATED, EMPTIED, FOLDER, Done, Kind

Image = dict[str, bytes | None]
"""What lies below a folder, by its path there; ``None`` is a folder."""


class UnexpectedCallError(Exception):
    """The recorded process did something this model does not know."""


@dataclass(eq=False)
class File:
    """A file without a name."""

    certain: bytearray = field(default_factory=bytearray)
    now: bytearray = field(default_factory=bytearray)
    unsynced: list[Change] = field(default_factory=list)

    def change(self, change: Change) -> None:
        """Write to it or resize it."""
        apply(self.now, change)
        self.unsynced.append(change)

    def sync(self) -> None:
        """Let everything arrive."""
        for change in self.unsynced:
            apply(self.certain, change)
        self.unsynced.clear()


@dataclass(frozen=True)
class Renaming:
    """A name given, taken away, or both at once. ``node`` is what gets the name ``to``."""

    away: str | None
    to: str | None
    node: "File | Folder | None"


@dataclass(eq=False)
class Folder:
    """Names."""

    certain: "dict[str, File | Folder]" = field(default_factory=dict)
    now: "dict[str, File | Folder]" = field(default_factory=dict)
    unsynced: list[Renaming] = field(default_factory=list)

    def change(self, renaming: Renaming) -> None:
        """Change a name."""
        _rename(self.now, renaming)
        self.unsynced.append(renaming)

    def sync(self) -> None:
        """Let all names arrive."""
        for renaming in self.unsynced:
            _rename(self.certain, renaming)
        self.unsynced.clear()


def _rename(names: "dict[str, File | Folder]", renaming: Renaming) -> None:
    if renaming.away is not None:
        names.pop(renaming.away, None)
    if renaming.to is not None and renaming.node is not None:
        names[renaming.to] = renaming.node


class Disk:
    """Follows a record, call by call. ``root`` is the watched folder; what ``image`` holds is there from the beginning."""

    def __init__(self, root: str, image: Image | None = None) -> None:
        self._root = PurePosixPath(root)
        self._top = Folder()
        self._open: dict[int, File | Folder] = {}
        for path, data in sorted((image or {}).items()):
            folder, name = self._place(path)
            folder.certain[name] = folder.now[name] = _made(data)

    # --- Following the record --------------------------------------------------------------------------------------------

    def follow(self, done: Done) -> None:
        """Take in the next call."""
        match done.kind:
            case Kind.BEGIN:
                self._open.clear()
            case Kind.OPEN:
                self._opened(done)
            case Kind.CLOSE:
                self._open.pop(done.file, None)
            case Kind.WRITE:
                self._file(done).change(Written(done.at, done.data))
            case Kind.TRUNCATE:
                self._file(done).change(Resize(done.at))
            case Kind.SYNC:
                self._open[done.file].sync()
            case Kind.UNLINK | Kind.RENAME | Kind.MAKE_FOLDER:
                self._named(done)
            case Kind.MARK:
                pass

    def _opened(self, done: Done) -> None:
        path = self._inside(done.data)
        if path == ".":
            self._open[done.file] = self._top
            return
        folder, name = self._place(path)
        if done.how & CREATED:
            folder.change(Renaming(None, name, File()))
        node = folder.now.get(name)
        if node is None or isinstance(node, Folder) != bool(done.how & FOLDER):
            raise UnexpectedCallError(f"opened {path}, which is not there")
        if done.how & EMPTIED and isinstance(node, File) and node.now:
            node.change(Resize(0))
        self._open[done.file] = node

    def _named(self, done: Done) -> None:
        first, _, second = done.data.partition(b"\0")
        folder, name = self._place(self._inside(first))
        if done.kind is Kind.UNLINK:
            folder.change(Renaming(name, None, None))
        elif done.kind is Kind.MAKE_FOLDER:
            folder.change(Renaming(None, name, Folder()))
        else:
            target, new = self._place(self._inside(second))
            if target is not folder:
                raise UnexpectedCallError(f"{first!r} moved to another folder")
            folder.change(Renaming(name, new, folder.now[name]))

    def _file(self, done: Done) -> File:
        node = self._open[done.file]
        assert isinstance(node, File)
        return node

    def _inside(self, path: bytes) -> str:
        return str(PurePosixPath(path.decode()).relative_to(self._root))

    def _place(self, path: str) -> tuple[Folder, str]:
        *folders, name = PurePosixPath(path).parts
        here = self._top
        for each in folders:
            below = here.now[each]
            assert isinstance(below, Folder)
            here = below
        return here, name

    # --- What the disk holds ---------------------------------------------------------------------------------------------

    def now(self) -> Image:
        """What the files hold while the power is on."""
        image: Image = {}
        _collect(self._top.now, "", lambda file: bytes(file.now), lambda folder: folder.now, image)
        return image

    def cut(self, chance: Random) -> Image:
        """What may be left if the power goes now."""
        damage = Damage(chance)

        def names(folder: Folder) -> "dict[str, File | Folder]":
            left = dict(folder.certain)
            for renaming in damage.names(folder.unsynced):
                _rename(left, renaming)
            return left

        image: Image = {}
        _collect(names(self._top), "", lambda file: damage.content(file.certain, file.now, file.unsynced), names, image)
        return image


def _made(data: bytes | None) -> File | Folder:
    return Folder() if data is None else File(bytearray(data), bytearray(data))


def _collect(
    names: "dict[str, File | Folder]",
    above: str,
    content: Callable[[File], bytes],
    below: "Callable[[Folder], dict[str, File | Folder]]",
    image: Image,
) -> None:
    for name, node in names.items():
        if isinstance(node, File):
            image[above + name] = content(node)
        else:
            image[above + name] = None
            _collect(below(node), f"{above}{name}/", content, below, image)
