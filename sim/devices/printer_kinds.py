"""What kinds of ticket printer there are, what can be wrong with one, and what one remembers of its day."""

from dataclasses import dataclass

from contracts.values import Ms
from sim.devices.paper import Paper

PAPER_58_MM = 384
PAPER_80_MM = 576


@dataclass(frozen=True, slots=True)
class Model:
    """What kind of printer it is. Lengths in dots, 8 to the millimetre."""

    width: int = PAPER_58_MM
    dots_per_second: int = 800
    cut_ms: Ms = 300
    gap: int = 112
    """From the print head to the cutter."""
    buffer_bytes: int = 65_536


@dataclass(frozen=True, slots=True)
class Quirks:
    """What is wrong with it now. All of it may change at run time, see ``set_quirks``."""

    near_end: bool = False
    paper_out: bool = False
    paper_out_after_lines: int | None = None
    """The roll ends after that many more lines, perhaps in the middle of a ticket."""
    cover_open: bool = False
    cutter_jammed: bool = False
    """The next cut fails and puts it offline until the cutter is freed; then the cut is made."""
    silent: bool = False
    """Prints, but its answers do not arrive."""
    dead: bool = False
    """Hears nothing."""
    no_barrier: bool = False
    """A clone that ignores GS r."""
    slowness: int = 1
    """So many times slower than its model."""
    drop_reply_every: int = 0
    """Every n-th answer is lost."""
    noise: bytes = b""
    """Arrives before every answer."""


@dataclass(frozen=True, slots=True)
class Answered:
    """It sent an answer; ``lost`` if a quirk kept it from the wire."""

    at: Ms
    to: str
    data: bytes
    lost: bool = False


@dataclass(frozen=True, slots=True)
class CameOut:
    """A piece of paper came out."""

    at: Ms
    paper: Paper


@dataclass(frozen=True, slots=True)
class Happened:
    """Something else worth telling: refused commands, overflow, quirks, power."""

    at: Ms
    what: str
