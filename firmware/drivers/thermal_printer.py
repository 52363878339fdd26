"""An ESC/POS thermal printer: prints documents one at a time and says of each whether it is certainly out. Pure.

Printed means: after the cut the printer answered ``GS r 1``, which it does in order, within the time on the line and 3 s;
then ``DLE EOT`` 2 and 4 were clean (design 5; ``DLE EOT`` alone is answered while the paper is still in the buffer).
Status is asked every 3 s at rest, so a paper is begun without asking. Silence is a fault.

After anything that may have left a paper in the buffer, and at the start, the printer is cleared first: a ``GS r 1`` of its
own is sent, and only when answers have come and 1 s of quiet has passed can no late answer be taken for the next paper's.
Then what was printed of a broken paper is cut off, or the next person's number would stand below somebody else's.
Automatic status (``GS a``) must be off in the printer, as it is by default.
"""

from collections.abc import Sequence
from dataclasses import replace

from contracts.values import Ms, PrintProof
from firmware.drivers import escpos_graphics, printer_round
from firmware.drivers.base import Output, Report, Send, TimeReached, WakeAt
from firmware.drivers.escpos_encoder import BARRIER, CUT_OFF, Confirm, Model, encode
from firmware.drivers.printer_round import Findings, Round
from firmware.drivers.printer_situations import (
    Checking,
    Clearing,
    JobFailed,
    Print,
    Printed,
    PrinterChanged,
    Printing,
    Situation,
    Step,
    Unplugged,
    Watching,
    due,
    fail,
    look_at_once,
    ready,
    send,
    tell,
    unplug,
)
from firmware.drivers.printer_status import Trouble, barrier_bytes, health
from firmware.wire.base import BytesArrived, WireLost, WireOpened

__all__ = ["Confirm", "JobFailed", "Model", "Print", "Printed", "PrinterChanged", "ThermalPrinter"]

CLEARED_WITHIN: Ms = 3_000
ASK_EVERY: Ms = 3_000
ASK_AGAIN_AFTER: Ms = 1_000
"""How often a printer in trouble is asked, and one that is printing."""
FIRST_LOOK_AFTER: Ms = 500
"""While printing nothing is asked before this, so that an answer to an earlier question cannot be mistaken."""
QUIET_FOR: Ms = 1_000
FILLER = bytes(8_192)
"""Ends a picture or a code that a lost wire cut off, which would swallow every command: longer than any of ours, and NUL
outside a block means nothing."""


class ThermalPrinter:
    """A driver for one printer of this model."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def begin(self, now: Ms) -> tuple[Situation, Sequence[Output]]:
        """Nothing is known; the encoder's libraries are loaded here rather than before the first paper."""
        del now
        escpos_graphics.warm_up()
        return Unplugged(), ()

    # --- At rest ---

    def _start_printing(self, state: Watching, wish: Print, now: Ms) -> Step:
        if not ready(state) or state.told is None:
            return state, [Report(JobFailed(wish.job, "not_ready", anything_printed=False))]
        try:
            data = encode(wish.document, self._model)
        except ValueError:
            return state, [Report(JobFailed(wish.job, "unprintable", anything_printed=False))]
        if self._model.confirm is Confirm.BARRIER:
            data += BARRIER
        on_line = now + self._model.line_ms(data)
        look_at = max(on_line, now + FIRST_LOOK_AFTER)
        return Printing(state.told, wish.job, on_line + self._model.print_ms, None, look_at), [Send(data)]

    def _found(self, state: Watching, findings: Findings, now: Ms) -> Step:
        """A round at rest has ended."""
        if findings.silent and not state.filled:
            fill_until = now + self._model.line_ms(FILLER)
            state, outputs = tell(replace(state, asking=None, cleared=False), health([Trouble.SILENT]))
            return replace(state, filled=True, ask_at=fill_until), [*outputs, Send(FILLER)]
        if findings.silent:
            state, outputs = tell(replace(state, asking=None, cleared=False), health([Trouble.SILENT]))
            return replace(state, ask_at=now + ASK_AGAIN_AFTER), outputs
        seen = health(findings.found)
        is_to_clear = seen.prints and not state.cleared
        if is_to_clear and self._model.confirm is Confirm.BARRIER:
            return Clearing(state.told, seen, now + CLEARED_WITHIN), [Send(BARRIER)]
        pause = ASK_EVERY if seen.prints else ASK_AGAIN_AFTER
        state, outputs = tell(replace(state, asking=None, cleared=state.cleared or seen.prints, filled=False), seen)
        return replace(state, ask_at=now + pause), [*outputs, *send(CUT_OFF if is_to_clear else b"")]

    def _advance_watch(self, state: Watching, progress: printer_round.Progress, now: Ms) -> Step:
        asking, request = progress
        if isinstance(asking, Findings):
            return self._found(state, asking, now)
        return replace(state, asking=asking), send(request)

    # --- A paper under way ---

    def _paper_out(self, state: Printing, now: Ms) -> Step:
        """The barrier was answered or the buffer had its time: look once more when no earlier answer can be on its way."""
        if state.asking is not None and state.asking.asked:
            return Checking(state.told, state.job, None, state.asking.until), []
        asking, request = printer_round.begin(printer_round.AFTER_CUT, now)
        return Checking(state.told, state.job, asking, now), [Send(request)]

    def _advance_print(self, state: Printing, progress: printer_round.Progress, now: Ms) -> Step:
        """Silence while it prints may be its way of working; only what it says counts."""
        asking, request = progress
        if not isinstance(asking, Findings):
            return replace(state, asking=asking), send(request)
        seen = health(asking.found)
        if not seen.prints:
            return fail(state, seen, now)
        return replace(state, asking=None, ask_at=now + ASK_AGAIN_AFTER), []

    def _wake_print(self, state: Printing, now: Ms) -> Step:
        if now >= state.until:
            if self._model.confirm is Confirm.DRAIN:
                return self._paper_out(state, now)
            return fail(state, health([Trouble.UNCONFIRMED]), now)
        if state.asking is not None:
            return self._advance_print(state, printer_round.wake(state.asking, now), now)
        if now >= state.ask_at:
            asking, request = printer_round.begin(printer_round.WHILE_PRINTING, now)
            return replace(state, asking=asking), [Send(request)]
        return state, []

    def _advance_check(self, state: Checking, progress: printer_round.Progress, now: Ms) -> Step:
        asking, request = progress
        if not isinstance(asking, Findings):
            return replace(state, asking=asking), send(request)
        seen = health([Trouble.SILENT] if asking.silent else asking.found)
        if not seen.prints:
            return fail(state, seen, now)
        proof = PrintProof.CONFIRMED if self._model.confirm is Confirm.BARRIER else PrintProof.DRAINED
        rest, outputs = tell(Watching(state.told, cleared=True, asking=None, ask_at=now + ASK_EVERY), seen)
        return rest, [Report(Printed(state.job, proof)), *outputs]

    def step(self, state: Situation, happening: object, now: Ms) -> tuple[Situation, Sequence[Output]]:
        """The wire, the commands and waking in; bytes and reports out."""
        after, outputs = self._table(state, happening, now)
        return after, (*outputs, WakeAt(due(after)))

    def _table(self, state: Situation, happening: object, now: Ms) -> Step:  # noqa: C901, PLR0911, PLR0912 - one arrow, one case
        match state, happening:
            case Unplugged(told), WireOpened():
                return look_at_once(told, now, cleared=False)
            case Unplugged(), WireLost():
                return unplug(state)
            case Watching() | Clearing() | Printing() | Checking(), WireLost():
                return unplug(state)
            case Watching(), Print():
                return self._start_printing(state, happening, now)
            case Printing() | Checking(), Print(job):
                return state, [Report(JobFailed(job, "busy", anything_printed=False))]
            case Unplugged() | Clearing(), Print(job):
                return state, [Report(JobFailed(job, "not_ready", anything_printed=False))]
            case Watching(asking=Round() as asking), BytesArrived(data):
                return self._advance_watch(state, printer_round.hear(asking, data, now), now)
            case Watching(asking=Round() as asking), TimeReached():
                return self._advance_watch(state, printer_round.wake(asking, now), now)
            case Watching(told=told, ask_at=ask_at), TimeReached() if now >= ask_at:
                asking, request = printer_round.begin(printer_round.FULL, now)
                return replace(state, asking=asking), [Send(request)]
            case Clearing(), BytesArrived(data) if barrier_bytes(data):
                return replace(state, answered=True, until=now + QUIET_FOR), []
            case Clearing(told, well, until, answered=True), TimeReached() if now >= until:
                resting, outputs = tell(Watching(told, cleared=True, asking=None, ask_at=now + ASK_EVERY), well)
                return resting, [Send(CUT_OFF), *outputs]
            case Clearing(told, _, until), TimeReached() if now >= until:
                resting = Watching(told, cleared=False, asking=None, ask_at=now + ASK_AGAIN_AFTER)
                return tell(resting, health([Trouble.UNCONFIRMED]))
            case Printing(), BytesArrived(data) if self._model.confirm is Confirm.BARRIER and barrier_bytes(data):
                return self._paper_out(state, now)
            case Printing(asking=Round() as asking), BytesArrived(data):
                return self._advance_print(state, printer_round.hear(asking, data, now), now)
            case Printing(), TimeReached():
                return self._wake_print(state, now)
            case Checking(asking=Round() as asking), BytesArrived(data):
                return self._advance_check(state, printer_round.hear(asking, data, now), now)
            case Checking(asking=Round() as asking), TimeReached():
                return self._advance_check(state, printer_round.wake(asking, now), now)
            case Checking(ask_at=ask_at), TimeReached() if now >= ask_at:
                asking, request = printer_round.begin(printer_round.AFTER_CUT, now)
                return replace(state, asking=asking), [Send(request)]
            case _:
                return state, []
