"""The judge: compares what was seen in the hall with what the database says, and names every broken promise by its id.

Pure: two records in, sentences out. The ids are those of the target sheet (I1 ... I13).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from contracts.values import Ms
from sim.chaos.history import History, PaperSeen, Records

SIGN_WITHIN: Ms = 2_000
"""In a quiet hall (I10)."""
_ENDED = frozenset({"done", "no_show", "cancelled"})
_PROVEN = frozenset({"confirmed", "drained"})
_MERGED = "merged:"
_Thing = TypeVar("_Thing")


def judge(history: History, records: Records) -> list[str]:
    """Every broken promise, empty if none."""
    return [
        *_paper(history, records),
        *_tickets(history, records),
        *_presses(history, records),
        *_ratings(history, records),
        *_punches(history, records),
        *_signs(history, records),
        *(f"I14: {what}" for what in history.crashes),
        *(f"I8: {what}" for what in history.misread),
        *(f"verify: {what}" for what in records.differences),
        *records.broken,
    ]


# --- Paper and tickets ---------------------------------------------------------------------------------------------------


def _paper(history: History, records: Records) -> Iterator[str]:
    by_number: dict[str, list[PaperSeen]] = defaultdict(list)
    for paper in history.papers:
        by_number[paper.no].append(paper)
    tickets = {ticket.no: ticket for ticket in records.tickets}
    for no, papers in by_number.items():
        codes = {paper.code for paper in papers if paper.code}
        if len(codes) > 1:
            yield f"I1: {no} is on {len(papers)} papers of different tickets"
        if no not in tickets:
            yield f"I2: {no} was printed and is in no record"
        elif len(codes) == 1 and not codes.pop().endswith(tickets[no].token):
            yield f"I1: the paper of {no} is of another ticket than the record"
        elif tickets[no].state == "cancelled" and any(paper.whole for paper in papers):
            yield f"I2: somebody holds {no}, and it is cancelled: {tickets[no].reason}"


def _tickets(history: History, records: Records) -> Iterator[str]:
    whole = {paper.no for paper in history.papers if paper.whole}
    yield from (f"I1: {no} was given {times} times" for no, times in _doubled(one.no for one in records.tickets))
    called = {call.no for call in records.calls}
    for ticket in records.tickets:
        if ticket.state not in _ENDED:
            yield f"I2: {ticket.no} has not come to an end: {ticket.state}"
        if ticket.state == "cancelled" and not ticket.reason:
            yield f"I2: {ticket.no} is cancelled without a reason"
        if ticket.printed in _PROVEN and ticket.no not in whole:
            yield f"I9: {ticket.no} counts as printed ({ticket.printed}), and no paper came out"
        if ticket.kiosk and ticket.no in called and not ticket.printed:
            yield f"I9: {ticket.no} was called, and is neither printed nor presumed so"
    yield from (f"I13: {what}" for what in history.stuck)


def _presses(history: History, records: Records) -> Iterator[str]:
    """Every ticket comes from a press of its key; those with numbers of the service in the order of the presses.

    A number the machine gave by itself (``A1-03``) reaches the service later than younger ones, and the number the service
    gave for the same press meanwhile is merged into it.
    """
    merged = {one.no for one in records.tickets if one.state == "cancelled" and one.reason.startswith(_MERGED)}
    for kiosk, issued in records.issued.items():
        given = [no for no in issued if no not in merged]
        pressed = [press.group for press in history.presses if press.kiosk == kiosk]
        in_turn = [no[0] for no in given if "-" not in no]
        if not _is_part(in_turn, pressed) or Counter(no[0] for no in given) - Counter(pressed):
            yield f"I8: {kiosk} gave {given}, which do not come from the presses {pressed}"
    for press in history.presses:
        if press.must_answer and not press.answered:
            yield f"I8: a press for {press.group} at {press.kiosk} ({press.at}) was met with silence"


# --- Lamps and beeps -----------------------------------------------------------------------------------------------------


def _ratings(history: History, records: Records) -> Iterator[str]:
    pads = {press.pad for press in history.faces} | {row.pad for row in records.ratings}
    for pad in sorted(pads):
        pressed = [press.level for press in history.faces if press.pad == pad]
        lit = [press.level for press in history.faces if press.pad == pad and press.lit]
        stored = [row.level for row in records.ratings if row.pad == pad]
        if not _is_part(lit, stored):
            yield f"I6: {pad} lit its lamp for {lit}, the service has {stored}"
        if not _is_part(stored, pressed):
            yield f"I6: the service has {stored} from {pad}, people pressed {pressed}"
    recorded = (row.session for row in records.ratings if not row.refused)
    yield from (f"I6: {session} has {times} ratings" for session, times in _doubled(recorded))


def _punches(history: History, records: Records) -> Iterator[str]:
    stored = Counter(records.punches)
    for card in history.cards:
        if card.green and not stored[card.staff]:
            yield f"I7: {card.clock} was green for {card.staff}, and the punch is lost"
    shown = Counter(card.staff for card in history.cards)
    for staff, times in stored.items():
        if times > shown[staff]:
            yield f"I7: {staff} held up a card {shown[staff]} times and has {times} punches"


# --- Signs ---------------------------------------------------------------------------------------------------------------


def _signs(history: History, records: Records) -> Iterator[str]:
    """A sign may miss a call while it is dead, but never goes back to an earlier one."""
    for counter in sorted({sign.counter for sign in history.signs}):
        shown = [no for no, _ in groupby(sign.no for sign in history.signs if sign.counter == counter)]
        called = [call.no for call in records.calls if call.counter == counter]
        if not _is_part(shown, called):
            yield f"I10: the sign of {counter} called {shown}, the service called {called}"
    for timed in history.timed:
        if timed.calm and (timed.sign_after is None or timed.sign_after > SIGN_WITHIN):
            yield f"I10: {timed.no} was called at {timed.counter} ({timed.at}), on its sign after {timed.sign_after} ms"
    for counter, text in history.final_signs.items():
        if not text:
            yield f"I10: the sign of {counter} is dark in the end"
        elif "办理" in text or "恢复" in text:
            yield f"I10: the sign of {counter} says {text!r} although nobody is called"


def _is_part(some: Sequence[_Thing], of: Sequence[_Thing]) -> bool:
    """Whether ``some`` can be had from ``of`` by leaving things out, the order kept."""
    rest = iter(of)
    return all(any(one == other for other in rest) for one in some)


def _doubled(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    return ((name, times) for name, times in Counter(names).items() if times > 1)
