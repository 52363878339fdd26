"""The other end of every wire, and the people in the hall. Start with ``devices``, then ``hall``."""
