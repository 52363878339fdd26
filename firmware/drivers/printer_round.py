"""A round of status questions: one at a time, exactly one byte each, a pause after whatever does not fit. Pure.

A byte can be no answer to a question that had not left when it came. So of what arrives at once only a single status byte
is believed; after two, or none in time, a pause lets stragglers pass unheard before the same question is asked again.
"""

from dataclasses import dataclass, replace

from contracts.values import Ms
from firmware.drivers.printer_status import Question, Trouble, ask, status_bytes, troubles

ANSWER_WITHIN: Ms = 200
PAUSE: Ms = 100
ATTEMPTS = 3

FULL = (Question.PRINTER, Question.OFFLINE_CAUSE, Question.ERROR, Question.PAPER)
AFTER_CUT = (Question.OFFLINE_CAUSE, Question.PAPER)
WHILE_PRINTING = (Question.OFFLINE_CAUSE,)


@dataclass(frozen=True, slots=True)
class Round:
    """The questions still to be answered; the first is out (``asked``) or about to be, ``until`` is when that changes."""

    questions: tuple[Question, ...]
    until: Ms
    asked: bool = True
    attempts: int = 1
    found: frozenset[Trouble] = frozenset()


@dataclass(frozen=True, slots=True)
class Findings:
    """The end of a round: what was found; ``silent`` if a question stayed without an answer."""

    found: frozenset[Trouble]
    silent: bool = False


Progress = tuple[Round | Findings, bytes]


def begin(questions: tuple[Question, ...], now: Ms) -> tuple[Round, bytes]:
    """Ask the first question."""
    return Round(questions, now + ANSWER_WITHIN), ask(questions[0])


def hear(asking: Round, data: bytes, now: Ms) -> Progress:
    """Bytes have come."""
    answers = status_bytes(data)
    if not asking.asked or not answers:
        return asking, b""
    if len(answers) > 1:
        return _pause(asking, now)
    found = asking.found | troubles(asking.questions[0], answers[0])
    if len(asking.questions) == 1:
        return Findings(found), b""
    following, request = begin(asking.questions[1:], now)
    return replace(following, found=found), request


def wake(asking: Round, now: Ms) -> Progress:
    """The time of the round has come, if it has."""
    if now < asking.until:
        return asking, b""
    if asking.asked:
        return _pause(asking, now)
    again = replace(asking, asked=True, until=now + ANSWER_WITHIN, attempts=asking.attempts + 1)
    return again, ask(asking.questions[0])


def _pause(asking: Round, now: Ms) -> Progress:
    if asking.attempts >= ATTEMPTS:
        return Findings(asking.found, silent=True), b""
    return replace(asking, asked=False, until=now + PAUSE), b""
