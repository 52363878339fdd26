"""Trying requests on a copy of the hall as it stands: the dry run of an import. Nothing is asked or changed."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from broker.archive import Archive
from broker.cli.command_error import CommandError
from broker.rules.asking import Decision, Submission
from broker.rules.decide import decide
from broker.rules.evolve import evolve
from broker.rules.facts import Recorded
from broker.rules.hall import Hall, empty_hall
from broker.rules.hours import day_of
from broker.sealing import MARK, sealed
from contracts import messages as m
from contracts.values import HallTime, HolderHash, NodeName, RequestId
from words import text


class _Nobody:
    """Seals, and keeps nothing (broker.sealing.Hand)."""

    def reference(self) -> str:
        return MARK

    def code(self) -> str:
        return ""

    def person(self, day: date, holder: HolderHash) -> HolderHash:  # noqa: ARG002 -- nobody is known
        return HolderHash(MARK)

    def verifier(self, stretched: str) -> str:  # noqa: ARG002 -- the same
        return ""

    def checked_in_by(self, day: date, proof: str) -> str:  # noqa: ARG002 -- the same
        return MARK


@dataclass(slots=True)
class Trial:
    """A copy of the hall, its clock, the number of its last fact, and the node the requests would come from."""

    hall: Hall
    now: HallTime
    last: int
    node: NodeName
    tried: int = 0

    def ask(self, request: m.Request) -> Decision:
        """Let the rules decide, and go on with what they have decided."""
        self.tried += 1
        asked = replace(request, request_id=RequestId(f"{self.node}/0000000000000000/{self.tried}"))
        decision = decide(self.hall, Submission(self.node, sealed(asked, day_of(self.now), _Nobody()).request), self.now)
        for fact in decision.facts:
            self.last += 1
            evolve(self.hall, Recorded(number=self.last, at=self.now, request_id=None, fact=fact))
        return decision


def trial_of(folder: Path | None) -> Trial:
    """The hall as the service would make it from this database. Raises ``CommandError`` if there is none."""
    if folder is None:
        raise CommandError("--dry-run needs --data DIR: it tries the lines on the hall as it stands there")
    with Archive(folder) as archive:
        hall, last = empty_hall(), 0
        for recorded in archive.to_start_from():
            hall, last = evolve(hall, recorded), recorded.number
        if hall.plan is None or hall.day is None:
            raise CommandError(f"{archive.path} holds no day yet; start the service first")
        now = archive.hall_clock
    ops = next((one.id for one in hall.in_force.of_kind("ops")), None)
    if ops is None:
        raise CommandError("this hall declares no ops node")
    return Trial(hall, now, last, ops)


def refusal_of(answer: m.RequestRefused) -> str:
    """The sentence of a refusal, and what is behind it."""
    sentence = text(f"refusal.{answer.reason.value}")
    return f"✗ {sentence.zh.format(**answer.values)} ({answer.detail})"
