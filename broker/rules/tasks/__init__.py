"""Tasks: whatever needs a person, asked of the right one, then of the next, until somebody takes it.

Any rule opens a task with :func:`broker.rules.tasks.open.opened` and closes it with ``closed``; who is asked when stands
in the task itself, so nothing here knows what a surge or a vacancy is.
"""
