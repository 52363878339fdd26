"""What the hall decides, as pure functions: ``decide`` a request into facts, ``evolve`` the hall by a fact.

Nothing here reads a clock, a file or a random source. Start with ``facts``, then ``decide``.
"""
