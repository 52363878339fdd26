"""The ticket machine (取号机): a key per queue group, the 爱心 key, a printer, a text line. Start with ``behaviour``."""
