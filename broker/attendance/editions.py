"""Which evaluator judges a day: that of the edition of the rule book in force on it; a later edition rewrites nothing."""

from collections.abc import Callable, Iterable, Mapping

from broker.attendance.evaluate import evaluate
from broker.attendance.record import RULEBOOK, DayRecord, Duty, Excuse, Punch
from broker.schema import AttendanceParams

Evaluator = Callable[[Iterable[Punch], Duty, Iterable[Excuse], AttendanceParams], DayRecord]

EVALUATORS: Mapping[str, Evaluator] = {RULEBOOK: evaluate}
"""By ``hall.rulebook``. A new edition gets a line of its own; the lines of the old ones stay for ever."""
