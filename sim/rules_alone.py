"""The rules service's rules without its store and its server: what decides is real, what surrounds it is a list.

For tests of the rules and for studies of the call order, where a database and messages would only take time.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from broker.config import config_hash, load
from broker.rules.decide import AdoptConfiguration, Decision, Submission, TimeReached, decide
from broker.rules.due import next_due
from broker.rules.evolve import evolve
from broker.rules.facts import Fact, Recorded
from broker.rules.hall import Hall, empty_hall
from broker.rules.hours import day_of
from broker.rules.invariants import check_fully
from broker.rules.kept_views import KeptViews
from broker.rules.recheck import recheck
from broker.rules.views import views
from broker.sealing import MARK, sealed
from contracts.messages import NodeState, Request, Versioned
from contracts.pins import VERIFIER_DIGITS
from contracts.values import BootId, HallId, HallTime, HolderHash, NodeName, RequestId


class BrokenPromiseError(AssertionError):
    """A decision left the hall in a state that must not be; names what and after which fact."""


class RulesAlone:
    """A hall that is decided and folded in memory. After every decision its invariants are checked."""

    def __init__(self, config_text: str, now: HallTime) -> None:
        load(config_text, "hall.toml")
        self.hall: Hall = empty_hall()
        self._kept = KeptViews(HallId("hall"))
        self.now = now
        self.facts: list[Recorded] = []
        self.boots: dict[str, int] = {}
        self._seq = 0
        self.adopt(config_text)
        self.let_time_pass()

    # --- Submitting ------------------------------------------------------------------------------------------------------

    def adopt(self, config_text: str) -> Decision:
        """Let a configuration come into force."""
        return self.submit(Submission(None, AdoptConfiguration(config_text, config_hash(config_text))))

    def submit(self, submission: Submission) -> Decision:
        """Decide one thing, fold its facts, and check what must always be true."""
        decision = decide(self.hall, submission, self.now)
        for fact in decision.facts:
            self.record(fact)
        broken = check_fully(self.hall)
        if broken:
            raise BrokenPromiseError(f"{broken} after {decision.facts}")
        return decision

    def record(self, fact: Fact) -> None:
        """Fold one fact, as if it had been decided; a call is recomputed first."""
        recorded = Recorded(number=len(self.facts) + 1, at=self.now, request_id=None, fact=fact)
        wrong = recheck(self.hall, recorded)
        if wrong is not None:
            raise BrokenPromiseError(wrong)
        self.facts.append(recorded)
        evolve(self.hall, recorded)
        self._kept.note(self.hall, fact)

    def ask(self, node: str, kind: Callable[..., Request], /, **fields: Any) -> Decision:
        """A node asks; its request id is made here. As in the service, all that is due by now happens first."""
        self.let_time_pass()
        self._seq += 1
        request_id = RequestId(f"{node}/{self.boot(node)}/{self._seq}")
        request = sealed(kind(request_id=request_id, **fields), self._today, self).request
        return self.submit(Submission(NodeName(node), request, token=f"{self._seq:022d}"))

    # --- Sealing (broker.sealing.Hand): references that can be told apart; nothing is kept, nothing can be opened ---------

    @property
    def _today(self) -> date:
        return day_of(self.now) if self.hall.day is None else self.hall.day.date

    def reference(self) -> str:
        """One for each request."""
        return f"{MARK}{self._seq}"

    def code(self) -> str:
        """Nobody is told it here: the reference of a contact checks in."""
        return "000000"

    def person(self, day: date, holder: HolderHash) -> HolderHash:
        """The same holder on the same day is the same person."""
        return HolderHash(f"{MARK}{day}/{holder}")

    def verifier(self, stretched: str) -> str:
        """No key is needed where nothing is kept."""
        return stretched[:VERIFIER_DIGITS]

    def checked_in_by(self, day: date, proof: str) -> str:  # noqa: ARG002 -- see above
        """The reference itself stands for telephone number and code."""
        return proof

    def submit_raw(self, node: str, request: Request) -> Decision:
        """A request made elsewhere, under this node's topic."""
        return self.submit(Submission(NodeName(node), request))

    def boot(self, node: str) -> BootId:
        """The boot id of a node's present life."""
        return BootId(f"{self.boots.get(node, 0):016x}")

    def born(self, node: str, *, again: bool = False) -> Decision:
        """A node starts, or connects again (``again``) in the same life."""
        if not again:
            self.boots[node] = self.boots.get(node, 0) + 1
        return self.heard(node, NodeState(node=NodeName(node), boot=self.boot(node), online=True))

    def died(self, node: str, *, planned: bool = False) -> Decision:
        """A node's last will."""
        reason = "planned" if planned else ""
        return self.heard(node, NodeState(node=NodeName(node), boot=self.boot(node), online=False, reason=reason))

    def heard(self, node: str, state: NodeState) -> Decision:
        """A state on a node's topic, whatever it says."""
        return self.submit(Submission(NodeName(node), state))

    # --- Time ------------------------------------------------------------------------------------------------------------

    def advance(self, to: HallTime) -> None:
        """Go on to an instant, stopping wherever the rules want to hear the time."""
        while (due := next_due(self.hall)) is not None and due <= to:
            self.now = max(self.now, due)
            self.let_time_pass()
        self.now = to

    def let_time_pass(self) -> None:
        """Submit the time until nothing is due. A decision that does not move the next due instant on is a stall."""
        while (due := next_due(self.hall)) is not None and due <= self.now:
            if not self.submit(Submission(None, TimeReached())).facts:
                raise BrokenPromiseError(f"time stands still at {due}")

    # --- Looking ---------------------------------------------------------------------------------------------------------

    def seen(self) -> dict[str, Versioned]:
        """What everyone may see now, by topic. Raises if what was kept from before is not what the hall shows."""
        kept, made = self._kept.states(self.hall), views(self.hall, HallId("hall"))
        if kept != made or list(kept) != list(made):
            wrong = [topic for topic in made if kept.get(topic) != made[topic]]
            raise BrokenPromiseError(f"views of {wrong} were not brought up with {self.facts[-1].fact}")
        return kept

    def folded(self, facts: Iterable[Recorded] | None = None) -> Hall:
        """The hall that these facts (or all so far) make from nothing."""
        hall = empty_hall()
        for recorded in self.facts if facts is None else facts:
            evolve(hall, recorded)
        return hall
