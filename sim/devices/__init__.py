"""Simulated devices, one file each, written from the datasheets. Start with ``base``."""
