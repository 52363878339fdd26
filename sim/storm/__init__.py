"""Deterministic storms: whole days of the real nodes, service, contracts and SQL under virtual time and seeded faults."""
