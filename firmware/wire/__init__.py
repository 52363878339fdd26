"""The ends of the wires: bytes out, bytes in. May import nobody but contracts. Start with ``base``."""
