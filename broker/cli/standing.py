"""The hall as it stands, for commands that only look: folded from the day's facts in a database opened read-only."""

from pathlib import Path

from broker.archive import Archive
from broker.rules.evolve import evolve
from broker.rules.hall import Hall, empty_hall


def standing(folder: Path) -> Hall:
    """The hall after the last fact in this folder's database; an empty one before the first day began."""
    hall = empty_hall()
    with Archive(folder) as archive:
        today = archive.today
        for recorded in () if today is None else archive.foldable(today):
            evolve(hall, recorded)
    return hall
