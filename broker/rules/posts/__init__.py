"""Posts: who may sit at a counter, who acts for whom when the main person is away, and which counters stand empty.

Rules AB (A and B of a post), HALL-11.1 (vacant counters), ROT-5 and TRN-6 (who may log in).
"""
