"""One pure state machine per device: happenings in, bytes and reports out. May import wire and contracts, never runtime.

Start with ``base``; then read ``thermal_printer``.
"""
