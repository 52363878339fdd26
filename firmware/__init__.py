"""What every node is made of: the runtime (loop, link, journal, clock), the wires, and the drivers on them."""

VERSION = "0.1.0"
"""The release a node reports at its birth; the same as in pyproject.toml, which would cost 2 MiB to ask for."""
