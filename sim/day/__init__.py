"""A working day of a hall in virtual time, at message level: random days, the scripted demo day, policies compared.

The rules service is the product's (its rules, its store with SQL in memory, its codec); nodes are scripted, so a day takes
seconds. Start with ``house``, then ``random_day``; ``script`` plays the rule book's demo day, ``compare`` the same random
days under several call orders. docs/day.md tells how to read what comes out.
"""
