"""The moment formalities and training are both complete (ROT-5): whichever of the two comes last."""

from broker.rules import facts as f
from broker.rules.hall import Hall
from contracts.values import HallTime, StaffNo, TrainingNo

_AT_ONCE = HallTime(0)


def due(hall: Hall) -> HallTime | None:
    """At once while somebody is complete and not let in yet."""
    return _AT_ONCE if _complete(hall) else None


def time_reached(hall: Hall, _now: HallTime) -> list[f.Fact]:
    """They may work from here on."""
    return [f.StaffOnboarded(staff=staff, training=training) for staff, training in _complete(hall)]


def _complete(hall: Hall) -> list[tuple[StaffNo, TrainingNo]]:
    """Passed, in hall.toml with a card: the card is issued and the account made; and not let in yet."""
    people = hall.in_force.staff
    return [
        (staff, training)
        for staff, training in sorted(hall.training.passed.items())
        if staff not in hall.training.onboarded
        and (person := people.get(staff)) is not None
        and person.card is not None
        and not person.onboarded
    ]
