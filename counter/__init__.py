"""The clerk's call terminal (窗口终端): six keys, a lamp, a card reader and a text line. Start with ``behaviour``."""
