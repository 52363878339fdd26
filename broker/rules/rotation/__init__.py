"""Rotation: a department asks to change a person of the hall, the management office decides, the person hands over (ROT)."""
