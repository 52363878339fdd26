"""How long a ticket will wait, as a range, by playing the hall forward with the rules' own ``pick``.

``state`` is what was learned of the hall, ``evolve`` learns it from facts, ``times`` makes distributions of it, ``counters``
says who may call what from when, ``order`` replays the calls, ``paths`` repeats them with other service times and with
people still to come, ``views`` puts it together. Decision 25 tells why it is done in this order.
"""
