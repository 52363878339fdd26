"""Attendance (1.0.3): what the punches of one person on one day amount to, and nothing else.

Pure like ``broker.rules``: whoever stores, approves and shows calls :func:`evaluate`. Start reading in ``evaluate.py``; its
values stand in ``record.py``.
"""

from broker.attendance.evaluate import evaluate
from broker.attendance.record import (
    RULEBOOK,
    Absence,
    DayRecord,
    Duty,
    Excuse,
    ExcuseKind,
    HalfRecord,
    Punch,
    Result,
    Word,
)
from contracts.values import HalfOfDay

__all__ = [
    "RULEBOOK",
    "Absence",
    "DayRecord",
    "Duty",
    "Excuse",
    "ExcuseKind",
    "HalfOfDay",
    "HalfRecord",
    "Punch",
    "Result",
    "Word",
    "evaluate",
]
