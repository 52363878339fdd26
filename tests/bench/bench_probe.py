"""A node that only passes on: a contact closes, a byte leaves.

What it takes is the simulator's pin socket and pty, and being woken.
``bench_probe.py SERIAL-URL`` with the pin factory's environment. Its wires, its inbox and its loop are the firmware's own.
"""

import sys
from functools import partial

from firmware.runtime.inbox import Inbox
from firmware.wire.base import EdgeSeen, FromWire
from firmware.wire.open import open_wire

KEY = 5


def main() -> None:
    """Pass on until the process is stopped."""
    inbox: Inbox[FromWire] = Inbox()
    out = open_wire(sys.argv[1], inbox.post)
    open_wire(f"gpio:?in={KEY}", partial(inbox.post))
    while True:
        if inbox.take(None) == EdgeSeen(KEY, active=True):
            out.write(b"x")


if __name__ == "__main__":
    main()
