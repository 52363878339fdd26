"""What a conversation asks of the service, and what the person is told of the answer. Pure.

A question without an answer is given up with a sentence; whoever asked may press again. It takes no turn: tickets go on.
"""

from collections.abc import Callable
from dataclasses import replace

from contracts.identities import check_in_proof, key_ends_at
from contracts.messages import CheckInRequested, HelpRequested, Perishable, ReactivateRequested, RequestDone, RequestRefused
from contracts.values import GroupId, HelpKind, HolderHash, Ms, Refusal, RequestId, TicketNo
from firmware.runtime.steps import Say
from kiosk import talk_views, views
from kiosk.machine import Machine, Result, Sentence
from kiosk.talk import ANSWERED_WITHIN, PHONE_DIGITS, SILENT, TALK_STAYS, Asked, CheckingIn, Purpose

MOST_OVERDUE = 50
SENTENCE_STAYS: Ms = 6_000
READ_STAYS: Ms = 9_000
"""For what takes two pages of the text line."""


def come_back(  # noqa: PLR0913 -- by number or by card
    machine: Machine,
    now: Ms,
    *,
    no: TicketNo | None = None,
    otherwise: TicketNo | None = None,
    holder: HolderHash | None = None,
    group: GroupId | None = None,
) -> Result:
    """恢复排队 by number or by card."""

    def request(request_id: RequestId) -> Perishable:
        expires_at = machine.clock.expires_at(now)
        return ReactivateRequested(request_id=request_id, expires_at=expires_at, no=no, holder=holder, group=group)

    return _ask(machine, Purpose.RETURN, request, now, otherwise)


def check_in(machine: Machine, now: Ms, *, digits: str = "", holder: HolderHash | None = None) -> Result:
    """预约签到 by card, or by the digits that were typed; those go no further than the hash of them."""
    settings, at = machine.settings, machine.hall_now(now)
    proof = None
    if holder is None:
        ends = key_ends_at(settings)
        if settings is None or ends is None or at is None or at >= ends:
            return say(machine, talk_views.not_without_service(), now), ()
        proof = check_in_proof(settings.identity_key, digits[:PHONE_DIGITS], digits[PHONE_DIGITS:])

    def request(request_id: RequestId) -> Perishable:
        return CheckInRequested(request_id=request_id, expires_at=machine.clock.expires_at(now), proof=proof, holder=holder)

    return _ask(machine, Purpose.CHECK_IN, request, now, by_card=holder is not None)


def help_wanted(machine: Machine, kind: HelpKind, now: Ms) -> Result:
    """呼叫引导员."""

    def request(request_id: RequestId) -> Perishable:
        return HelpRequested(request_id=request_id, expires_at=machine.clock.expires_at(now), kind=kind)

    return _ask(machine, Purpose.HELP, request, now)


def _ask(  # noqa: PLR0913 -- a question, and what may follow its answer
    machine: Machine,
    purpose: Purpose,
    request: Callable[[RequestId], Perishable],
    now: Ms,
    otherwise: TicketNo | None = None,
    *,
    by_card: bool = False,
) -> Result:
    """Say it, and wait for the answer; without a living service nobody is left waiting."""
    if not machine.clock.is_live(now):
        return say(machine, talk_views.not_without_service(), now), ()
    request_id, ids = machine.ids.next()
    asked = Asked(purpose, request_id, now + ANSWERED_WITHIN, otherwise, by_card=by_card)
    machine = replace(machine, ids=ids, asked=(*machine.asked, asked), talk=SILENT, talk_until=None, sentence=None)
    return machine, (Say(request(request_id)),)


def say(machine: Machine, lines: tuple[str, ...], now: Ms, *, stays: Ms = SENTENCE_STAYS) -> Machine:
    """Tell the person something, and end the conversation."""
    return replace(machine, talk=SILENT, talk_until=None, sentence=Sentence(lines, now + stays))


# --- Answers -------------------------------------------------------------------------------------------------------------


def done(machine: Machine, answer: RequestDone, now: Ms) -> Result:
    """Done; what changed shows on the screens, the person reads a sentence."""
    asked = _of(machine, answer.request_id)
    if asked is None:
        return machine, ()
    lines = talk_views.done(asked.purpose, answer, machine.hall_now(now))
    return say(_without(machine, asked), lines, now, stays=READ_STAYS), ()


def refused(machine: Machine, refusal: RequestRefused, now: Ms) -> Result | None:
    """Not done; ``None`` if it was not asked in a conversation. What may be a machine's own number is asked again as one."""
    asked = _of(machine, refusal.request_id)
    if asked is None:
        return None
    machine = _without(machine, asked)
    if asked.otherwise is not None and refusal.reason in {Refusal.UNKNOWN_TICKET, Refusal.WRONG_TICKET_STATE}:
        return come_back(machine, now, no=asked.otherwise)
    if asked.purpose is Purpose.CHECK_IN and asked.by_card and refusal.reason is Refusal.UNKNOWN_APPOINTMENT:
        return _by_code_instead(machine, refusal, now)
    return say(machine, views.refused(refusal), now, stays=READ_STAYS), ()


def _by_code_instead(machine: Machine, refusal: RequestRefused, now: Ms) -> Result:
    """A card is known only where it was shown at the booking for this day: the booking code may still be typed."""
    said = say(machine, (*views.refused(refusal), *talk_views.check_in_by_code()), now, stays=READ_STAYS)
    return replace(said, talk=CheckingIn(), talk_until=now + TALK_STAYS), ()


def answered_by_ticket(machine: Machine, request_id: RequestId | None) -> Machine | None:
    """The machine without the question a ticket answers, ``None`` if it answers none."""
    asked = None if request_id is None else _of(machine, request_id)
    return None if asked is None else _without(machine, asked)


def time_reached(machine: Machine, now: Ms) -> Machine:
    """Give up what has waited too long."""
    late = [one for one in machine.asked if now >= one.give_up_at]
    if not late:
        return machine
    overdue = [one.request_id for one in late if one.purpose is Purpose.CHECK_IN]
    machine = replace(
        machine,
        asked=tuple(one for one in machine.asked if one not in late),
        overdue=(*machine.overdue, *overdue)[-MOST_OVERDUE:],
    )
    return say(machine, talk_views.not_without_service(), now)


def _of(machine: Machine, request_id: RequestId) -> Asked | None:
    return next((one for one in machine.asked if one.request_id == request_id), None)


def _without(machine: Machine, asked: Asked) -> Machine:
    return replace(machine, asked=tuple(one for one in machine.asked if one is not asked))
