"""The sessions as an attendance clock knows them (TRN-9.1)."""

from broker.rules.facts import TrainingOnFile
from broker.rules.hall import Hall
from broker.rules.hours import DAY
from broker.rules.training.signing import in_time_until, opens
from contracts import messages as m


def change_with(hall: Hall) -> object:
    """What the clocks' trainings depend on: who came is not part of it."""
    return tuple((one.no, one.invited) for one in _open(hall))


def trainings(hall: Hall) -> tuple[m.TrainingInfo, ...]:
    """Those of today and ahead, the earliest first."""
    return tuple(
        m.TrainingInfo(
            training=one.no,
            title=one.title,
            place=one.place,
            opens=opens(hall, one),
            begins=one.begins,
            in_time_until=in_time_until(hall, one),
            ends=one.ends,
            staff=one.invited,
        )
        for one in sorted(_open(hall), key=lambda one: (one.begins, one.no))
    )


def _open(hall: Hall) -> list[TrainingOnFile]:
    if hall.day is None:
        return []
    began = hall.day.over - DAY
    return [one for one in hall.training.sessions.values() if not one.cancelled and one.ends > began]
