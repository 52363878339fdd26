"""The disk model: what was synced stays, what was not may stay in any part, and nothing else is ever there."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.power.damage import Change, Damage, Resize, Written, apply
from sim.power.disk import Disk, UnexpectedCallError
from sim.power.log import CREATED, FOLDER, Done, Kind

ROOT = "/hall"
CUTS = 300
changes = st.lists(
    st.one_of(
        st.builds(Written, st.integers(0, 9_000), st.binary(min_size=1, max_size=2_000)),
        st.builds(Resize, st.integers(0, 9_000)),
    ),
    max_size=6,
)


def call(kind: Kind, file: int = 0, at: int = 0, data: bytes = b"", how: int = 0) -> Done:
    """One call of a record."""
    return Done(kind, how, file, at, data)


CREATE = [call(Kind.OPEN, 3, data=b"/hall/a", how=CREATED), call(Kind.WRITE, 3, data=b"one" * 2_000)]
SYNC_FILE = [call(Kind.SYNC, 3)]
SYNC_NAMES = [call(Kind.OPEN, 4, data=b"/hall", how=FOLDER), call(Kind.SYNC, 4)]
RENAME = [call(Kind.RENAME, data=b"/hall/a\0/hall/b")]


def left(*calls: Done) -> list[dict[str, bytes | None]]:
    """What many cuts after these calls leave."""
    disk = Disk(ROOT)
    for one in calls:
        disk.follow(one)
    return [disk.cut(Random(seed)) for seed in range(CUTS)]


def test_a_synced_file_under_a_synced_name_survives_every_cut() -> None:
    """Both are needed, and then nothing can take it away."""
    assert all(image == {"a": b"one" * 2_000} for image in left(*CREATE, *SYNC_FILE, *SYNC_NAMES))


def test_a_synced_file_may_lose_its_name() -> None:
    """The name stands in the folder, which was not synced; its content is whole wherever the name has arrived."""
    images = left(*CREATE, *SYNC_FILE)
    assert {"a" in image for image in images} == {True, False}
    assert {image["a"] for image in images if "a" in image} == {b"one" * 2_000}


def test_an_unsynced_file_may_be_anything_of_what_was_written() -> None:
    """Empty, short, whole, with holes, and torn inside a sector."""
    contents = {image["a"] for image in left(*CREATE, *SYNC_NAMES)}
    assert {b"", b"one" * 2_000, bytes(6_000)} <= contents
    assert len(contents) > 20


def test_a_renaming_that_was_not_synced_leaves_either_name() -> None:
    """Never both, and never neither."""
    images = left(*CREATE, *SYNC_FILE, *SYNC_NAMES, *RENAME)
    assert {tuple(image) for image in images} == {("a",), ("b",)}


def test_a_folder_that_was_not_synced_takes_everything_with_it() -> None:
    """However well what lies in it was synced."""
    made = [call(Kind.MAKE_FOLDER, data=b"/hall/data"), call(Kind.OPEN, 3, data=b"/hall/data/a", how=CREATED)]
    inside = [call(Kind.SYNC, 3), call(Kind.OPEN, 5, data=b"/hall/data", how=FOLDER), call(Kind.SYNC, 5)]
    assert {tuple(image) for image in left(*made, *inside)} == {(), ("data", "data/a")}
    assert {tuple(image) for image in left(*made, *inside, *SYNC_NAMES)} == {("data", "data/a")}


def test_a_file_nobody_has_made_is_a_hole_in_the_record() -> None:
    """The campaign stops rather than to conclude from a record with holes."""
    with pytest.raises(UnexpectedCallError, match="which is not there"):
        Disk(ROOT).follow(call(Kind.OPEN, 3, data=b"/hall/a"))


@given(changes, changes, st.integers(0, 2**32))
def test_a_cut_changes_only_what_was_written_since_the_sync(certain: list[Change], later: list[Change], seed: int) -> None:
    """Bytes that no later change has touched are as they were synced, and nobody gets more bytes than were ever there."""
    before, now = bytearray(), bytearray()
    for change in certain:
        apply(before, change)
        apply(now, change)
    touched: set[int] = set()
    longest = len(before)
    for change in later:
        apply(now, change)
        longest = max(longest, len(now))
        match change:
            case Written(at, data):
                touched |= set(range(at, at + len(data)))
            case Resize(size):
                touched |= set(range(size, max(longest, 9_001)))
    found = Damage(Random(seed)).content(before, now, later)
    assert len(found) <= longest
    assert all(found[at] == before[at] for at in range(min(len(found), len(before))) if at not in touched)
