"""What clocks are told of leave beside the absences themselves: whose is over without anybody having seen them (ATT-3.2)."""

from broker.rules.facts.posts import Absence
from broker.rules.hall import Hall
from broker.rules.leave.state import AWAITED, absence_of


def awaited(hall: Hall) -> tuple[Absence, ...]:
    """Leave that has ended on an earlier day and from which the person is not back; absences are forgotten by then."""
    known = {one.ref for one in hall.posts.absences}
    mine = [one for one in hall.leave.all.values() if one.state in AWAITED and one.no not in known]
    return tuple(absence_of(one) for one in mine if hall.day is not None and one.ends <= hall.today.morning)
