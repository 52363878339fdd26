"""What every command raises when it cannot be carried out as typed."""


class CommandError(ValueError):
    """The message says why, for whoever typed it."""
