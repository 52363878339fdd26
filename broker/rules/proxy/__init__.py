"""代考勤 (ATT-8.3.2): the machine suspects, two persons confirm. Nobody is blocked, and no result changes before.

``noticing`` says what is suspicious, ``deciding`` who may decide it; what a confirmed case amounts to is computed where days
are evaluated (``broker.timesheet``).
"""
