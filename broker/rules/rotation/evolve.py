"""What the facts of rotation change."""

from typing import assert_never

from msgspec.structs import replace

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.rotation.state import Rotations
from contracts.values import HallTime


def day_began(hall: Hall, fact: f.DayBegan) -> None:
    """Numbered anew; what is not over was carried here."""
    hall.rotations = Rotations(open={one.no: one for one in fact.rotations})


def on_file(hall: Hall) -> tuple[f.RotationOnFile, ...]:
    """What outlives the night: those not decided, and those agreed to and not closed."""
    return tuple(one for one in hall.rotations.open.values() if one.approved is not False)


def apply(hall: Hall, fact: f.RotationFact, _at: HallTime) -> None:
    """One fact of a rotation."""
    known = hall.rotations
    match fact:
        case f.RotationAsked():
            known.count += 1
            known.open[fact.rotation] = f.RotationOnFile(
                no=fact.rotation,
                outgoing=fact.outgoing,
                department=fact.department,
                sealed=fact.sealed,
                within_window=fact.within_window,
                one_year_served=fact.one_year_served,
                days_left=fact.days_left,
            )
        case f.RotationDecided(rotation=rotation, approved=approved, explanation=explanation):
            known.open[rotation] = replace(known.open[rotation], approved=approved, explanation=explanation)
        case f.RotationClosed(rotation=rotation):
            del known.open[rotation]
        case f.RotationSealRead():
            pass  # stored for its own sake
        case _:
            assert_never(fact)
