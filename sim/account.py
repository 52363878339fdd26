"""The account of a hall's day: what the database says, against the paper that came out and what people remember.

Every paper must be in the database, every ticket in the database must have come to an end, every service and every rating
people remember must be stored, once. What does not agree is a problem, in words.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from broker.opening import open_reading
from contracts.values import TicketNo
from sim.devices.paper import Paper
from sim.manners import Memories
from sim.senses import number_on

_ENDED = ("done", "no_show", "cancelled")


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the database says: the state of every ticket, and how often things happened."""

    states: dict[TicketNo, str]
    called: int
    rated: int
    punches: int

    def count(self, state: str) -> int:
        """How many tickets are in this state."""
        return sum(one == state for one in self.states.values())


def read_ledger(database: Path) -> Ledger:
    """Read the tables that the service keeps for people and reports."""
    db = open_reading(database)
    try:
        return Ledger(
            states={TicketNo(no): state for no, state in db.execute("SELECT no, state FROM tickets ORDER BY no")},
            called=_one(db, "SELECT count(*) FROM calls"),
            rated=_one(db, "SELECT count(*) FROM ratings WHERE refused IS NULL"),
            punches=_one(db, "SELECT count(*) FROM punches"),
        )
    finally:
        db.close()


def _one(db: Any, query: str) -> int:
    return int(db.execute(query).fetchone()[0])


def problems(ledger: Ledger, papers: Sequence[Paper], memories: Memories) -> list[str]:
    """Everything that does not agree; empty after a good day."""
    return [*_about_paper(ledger, papers), *_about_tickets(ledger), *_about_memories(ledger, memories)]


def _about_paper(ledger: Ledger, papers: Sequence[Paper]) -> list[str]:
    numbers = [number_on(paper) for paper in papers]
    printed = Counter(number for number in numbers if number is not None)
    return [
        *(f"a paper without a number came out: {paper.text[:60]!r}" for paper in papers if number_on(paper) is None),
        *(f"{no} came out of the printer {times} times" for no, times in printed.items() if times > 1),
        *(f"{no} was printed and is not in the database" for no in printed if no not in ledger.states),
        *(
            f"{no} is {state} and no paper came out"
            for no, state in ledger.states.items()
            if _is_missing(no, state, printed)
        ),
        *(
            f"the paper of {number} is not whole"
            for paper, number in zip(papers, numbers, strict=True)
            if not paper.complete
        ),
    ]


def _is_missing(no: TicketNo, state: str, printed: Counter[TicketNo]) -> bool:
    return no not in printed and state != "cancelled"


def _about_tickets(ledger: Ledger) -> list[str]:
    return [f"{no} has not come to an end: {state}" for no, state in ledger.states.items() if state not in _ENDED]


def _about_memories(ledger: Ledger, memories: Memories) -> list[str]:
    wrong = [
        f"{no} was served, the database says {ledger.states.get(no)}"
        for no in memories.served
        if _is_not(ledger, no, "done")
    ]
    wrong += [
        f"{no} was missed, the database says {ledger.states.get(no)}"
        for no in memories.missed
        if _is_not(ledger, no, "no_show")
    ]
    wrong += [f"{no} waited and was never called" for no in memories.gave_up]
    wrong += [f"somebody left the machine without a ticket: {why}" for why in memories.without_paper]
    wrong += [f"the pad did not ask {no}" for no in memories.not_asked]
    counts = [
        ("services", len(memories.served), ledger.count("done")),
        ("ratings", len(memories.rated), ledger.rated),
        ("punches", memories.punches, ledger.punches),
    ]
    wrong += [f"people remember {ours} {what}, the database has {theirs}" for what, ours, theirs in counts if ours != theirs]
    if memories.unseen_punches:
        wrong.append(f"{memories.unseen_punches} punches without a green lamp")
    return wrong


def _is_not(ledger: Ledger, no: TicketNo, state: str) -> bool:
    return ledger.states.get(no) != state
