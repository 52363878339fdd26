"""Power cuts on the code that keeps things: the rules service's database and a node's journal.

The real code runs once, in a process of its own, while ``recorder.c`` writes down every call that changes a file. From that
record ``disk`` makes what a disk may hold when the power goes at any point of it: everything that was synced, and any
part of what was not. The real start-up code then opens each such disk, and what it finds is compared with what had been
promised.

Start reading at ``service_cuts``; ``command`` is ``hall-sim power``.
"""
