"""Reminders at the clock: a record of the last working days is missing and can still be made good (clk.missing).

A courtesy, no record: the month is computed elsewhere from all punches (``broker.timesheet``). The hall remembers the
punches of the running day and, over the night, only those of the few days that lack one.
"""
