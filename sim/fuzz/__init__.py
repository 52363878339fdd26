"""Targets for coverage-guided fuzzing, see ``tests/fuzz/run.py``: every decoder of bytes from outside, and its seeds."""
