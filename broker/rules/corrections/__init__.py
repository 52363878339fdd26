"""Corrections of attendance: 补签, the manual sheet, times to be checked, signed decisions (ATT-8.3.1c, ATT-10).

What they amount to is computed where days are evaluated (``broker.timesheet``); here is who may state what, and when.
"""
