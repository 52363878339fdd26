"""What a ticket machine reports about its parts: the printer, its keys, its journal. Pure."""

from dataclasses import replace

from contracts.messages import HealthReported, Kept, OfflineTicketTaken
from contracts.values import Condition, Ms
from firmware.runtime.steps import Effect, Note, Say
from kiosk.machine import PRINTER, Machine, Part, Result
from kiosk.offline import not_taken


def printer_changed(machine: Machine, part: Part) -> Result:
    """A printer that fails, or is back, takes back what was said last."""
    was_down = machine.printer is not None and machine.printer.condition is Condition.FAULT
    sentence = None if was_down or part.condition is Condition.FAULT else machine.sentence
    return _report(replace(machine, printer=part, sentence=sentence), PRINTER, part)


def _report(machine: Machine, name: str, part: Part) -> Result:
    request_id, ids = machine.ids.next()
    health = HealthReported(request_id=request_id, part=name, condition=part.condition, code=part.code)
    return replace(machine, ids=ids), (Say(health),)


def part_changed(machine: Machine, name: str, part: Part) -> Result:
    """The ID reader or the keypad: said when it changes, and again when somebody can hear it."""
    if machine.parts.get(name, Part(Condition.OK, "ok")) == part:
        return machine, ()
    return _report(replace(machine, parts={**machine.parts, name: part}), name, part)


def report_all(machine: Machine) -> Result:
    """What was said while nobody could hear it is said again."""
    parts = [] if machine.printer is None else [(PRINTER, machine.printer)]
    parts += [(f"key.{key}", _key_part(stuck=True)) for key in machine.stuck]
    parts += list(machine.parts.items())
    effects: list[Effect] = []
    for name, part in parts:
        machine, said = _report(machine, name, part)
        effects += said
    return machine, effects


def key_changed(machine: Machine, key: str, *, stuck: bool) -> Result:
    """A key is stuck, or no more; the others go on working."""
    others = tuple(one for one in machine.stuck if one != key)
    machine = replace(machine, stuck=(*others, key) if stuck else others)
    return _report(machine, f"key.{key}", _key_part(stuck=stuck))


def _key_part(*, stuck: bool) -> Part:
    return Part(Condition.FAULT, "stuck") if stuck else Part(Condition.OK, "ok")


def not_kept(machine: Machine, message: Kept, reason: str, now: Ms) -> Result:
    """The disk is full: the service is told once at least, and the hall of the disk.

    An own number that could not be kept was never given, so nothing is told of it but to the person who pressed.
    """
    machine, said = _report(machine, "journal", Part(Condition.FAULT, "journal_failed"))
    note = Note("journal_failed", {"reason": reason})
    if isinstance(message, OfflineTicketTaken):
        return not_taken(machine, message, now), (*said, note)
    return machine, (Say(message), *said, note)
