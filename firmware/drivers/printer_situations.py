"""What a thermal printer's driver is told, reports and can be in, and the pieces its arrows are made of. Pure.

The driver itself, with its table, is ``thermal_printer``.
"""

from dataclasses import dataclass, replace
from typing import TypeAlias

from contracts.values import Condition, Ms, PrintProof
from firmware.drivers import printer_round
from firmware.drivers.base import Output, Report, Send
from firmware.drivers.document import Document
from firmware.drivers.printer_round import Round
from firmware.drivers.printer_status import Health, Trouble, health

# --- Commands and reports ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Print:
    """Command: print this as one paper. Answered by ``Printed`` or ``JobFailed`` with the same ``job``.

    Give one at a time, and only while ``PrinterChanged`` last said it is not a fault.
    """

    job: str
    document: Document


@dataclass(frozen=True, slots=True)
class Printed:
    """The paper has left the cutter."""

    job: str
    proof: PrintProof


@dataclass(frozen=True, slots=True)
class JobFailed:
    """The paper is not confirmed and will not be. ``reason`` is a ``Trouble``, ``busy``, ``not_ready`` or ``unprintable``.

    If ``anything_printed`` part or all of it may be on paper; ``PrinterChanged`` with a fault has then been told before.
    """

    job: str
    reason: str
    anything_printed: bool


@dataclass(frozen=True, slots=True)
class PrinterChanged:
    """The printer's health is another one; ``code`` is ``ok`` or a ``Trouble``."""

    condition: Condition
    code: str


# --- Situations ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unplugged:
    """No wire. ``told`` is the health last reported, ``None`` before the first report."""

    told: Health | None = None


@dataclass(frozen=True, slots=True)
class Watching:
    """At rest, asked from time to time. A paper may be begun if ``told`` allows it and the printer is ``cleared``.

    ``filled`` once the filler was sent in this silence. ``ask_at`` counts while no round is going on.
    """

    told: Health | None
    cleared: bool
    asking: Round | None
    ask_at: Ms
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Clearing:
    """Its status is fine; waiting for the answers to the barriers it has been sent. ``well`` is what to report then."""

    told: Health | None
    well: Health
    until: Ms
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Printing:
    """A whole paper is on its way or in the buffer. ``until`` is when it must be out (or, by draining, is taken to be)."""

    told: Health
    job: str
    until: Ms
    asking: Round | None
    ask_at: Ms


@dataclass(frozen=True, slots=True)
class Checking:
    """The paper is out; a last look at the status, begun when an answer to an earlier question can no more be on its way."""

    told: Health
    job: str
    asking: Round | None
    ask_at: Ms


Situation = Unplugged | Watching | Clearing | Printing | Checking
Step: TypeAlias = tuple[Situation, list[Output]]


# --- Pieces of the arrows ------------------------------------------------------------------------------------------------


def ready(state: Watching) -> bool:
    """Whether a paper may be begun now."""
    return state.cleared and state.told is not None and state.told.prints


def send(data: bytes) -> list[Output]:
    """These bytes, if any."""
    return [Send(data)] if data else []


def changed(told: Health | None, seen: Health) -> list[Output]:
    """The report of a health that is news."""
    return [] if told == seen else [Report(PrinterChanged(seen.condition, seen.code))]


def tell(state: Watching, seen: Health) -> tuple[Watching, list[Output]]:
    """Report a health that is news, and remember it as told."""
    return replace(state, told=seen), changed(state.told, seen)


def look_at_once(told: Health | None, now: Ms, *, cleared: bool) -> Step:
    """At rest, with a whole round of questions begun."""
    asking, request = printer_round.begin(printer_round.FULL, now)
    return Watching(told, cleared, asking, now), [Send(request)]


def fail(state: Printing | Checking, seen: Health, now: Ms) -> Step:
    """The paper under way is not confirmed: tell the fault first, so that nobody prints again before it is over."""
    reports = [*changed(state.told, seen), Report(JobFailed(state.job, seen.code, anything_printed=True))]
    if state.asking is not None and state.asking.asked:
        return Watching(seen, cleared=False, asking=None, ask_at=state.asking.until), reports
    looking, request = look_at_once(seen, now, cleared=False)
    return looking, [*reports, *request]


def unplug(state: Situation) -> Step:
    """The wire is gone, and with it the paper under way."""
    gone = health([Trouble.UNPLUGGED])
    failed: list[Output] = []
    if isinstance(state, Printing | Checking):
        failed = [Report(JobFailed(state.job, gone.code, anything_printed=True))]
    return Unplugged(gone), [*changed(state.told, gone), *failed]


def due(state: Situation) -> Ms | None:
    """When this situation wants to be woken."""
    match state:
        case Unplugged():
            return None
        case Clearing():
            return state.until
        case Printing():
            return min(state.until, state.asking.until if state.asking else state.ask_at)
        case Watching() | Checking():
            return state.asking.until if state.asking else state.ask_at
