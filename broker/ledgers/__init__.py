"""Ledgers 台账 of the queue: extended service, added counters, calls. Each is made anew from the facts of a day.

A ledger is :class:`broker.ledgers.table.Table`; ``broker.cli.ledger`` writes it as CSV.
"""
