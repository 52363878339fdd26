"""What the hall sees and hears: all signs of this place's buses, the main board, the voice. Start with ``behaviour``."""
