"""The attendance clock (考勤机): a card reader, two lamps, a beeper and a text line. Start with ``behaviour``."""
