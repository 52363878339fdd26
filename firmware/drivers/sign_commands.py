"""What the owner of a sign bus can be told, and what it reports."""

from dataclasses import dataclass

from firmware.drivers.sign_text import Colour

# --- Commands --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Show:
    """This sign is to show this one line, until told otherwise.

    ``urgent``: somebody is being called, do not wait for the 1 s that signs want between two texts.
    """

    address: int
    text: str
    colour: Colour
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Clear:
    """This sign is to show nothing."""

    address: int


@dataclass(frozen=True, slots=True)
class Brightness:
    """This sign is to be this bright, 0 to 15; told again when it comes back."""

    address: int
    level: int


@dataclass(frozen=True, slots=True)
class Release:
    """This sign is no longer ours: nothing is sent to it, its text expires by itself."""

    address: int


# --- Reports ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignAnswered:
    """The sign has taken what it was last told; said once for each new text."""

    address: int


@dataclass(frozen=True, slots=True)
class SignSilent:
    """The sign does not answer any more."""

    address: int


@dataclass(frozen=True, slots=True)
class SignBack:
    """A silent sign has answered; its text is on its way."""

    address: int


@dataclass(frozen=True, slots=True)
class SignRefused:
    """The sign answers but does not take its text (NACK); tried again with every refresh."""

    address: int
    error: int
    reason: str


@dataclass(frozen=True, slots=True)
class TextRefused:
    """A sign cannot show this text. It is cleared: an old text would be a lie."""

    address: int
    reason: str


@dataclass(frozen=True, slots=True)
class BusLost:
    """The wire of the whole bus is gone."""

    reason: str


@dataclass(frozen=True, slots=True)
class BusBack:
    """The wire is there again; every sign gets its state."""
