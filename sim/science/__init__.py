"""Studies of the rules with the rules' own code: the call order against queueing theory, the estimate against what came.

Start with ``cases`` (what is claimed), ``line`` (the event loop around the real queue) and ``verdict`` (what is accepted).
``make science`` runs it all; ``tests/science`` a slice.
"""
