"""A day of the rules with trainings: leaders plan and assess, people sign in at the clock."""

from typing import Any

from broker.ledgers.training import Entry, entries
from broker.rules import facts as f
from broker.rules.asking import Decision
from contracts import messages as m
from contracts.values import CardHash, PunchIntent, TrainingNo, TrainingTopic
from sim.rules_day import RulesDay, refusal

FIRST = TrainingNo("PX-20260310-001")
"""The first training of the demo day."""


class TrainingDay(RulesDay):
    """``S001`` is the manager, ``S002`` duty leader; a training is this afternoon's unless the times say otherwise."""

    def try_plan(self, *invited: str, begins: str = "16:00", ends: str = "17:30", **fields: Any) -> Decision:
        """A leader plans a training of today."""
        about = {"title": "企业开办新规", "topic": TrainingTopic.POLICY, "place": "三楼会议室", "actor": "S001"}
        times = {"begins": self.time(begins), "ends": self.time(ends)}
        return self.ask("OPS-01", m.TrainingPlanRequested, invited=invited, **{**about, **times, **fields})

    def plan(self, *invited: str, **fields: Any) -> TrainingNo:
        """Likewise; it must be accepted. Its number."""
        decision = self.try_plan(*invited, **fields)
        assert refusal(decision) is None, decision
        answer = decision.answers[0][1]
        assert isinstance(answer, m.RequestDone)
        return TrainingNo(answer.values["no"])

    def try_change(self, kind: type[m.Request], actor: str = "S002", **fields: Any) -> Decision:
        """A leader asks something about a training, the first of the demo day unless another is named."""
        return self.ask("OPS-01", kind, **{"actor": actor, "training": FIRST, **fields})

    def change(self, kind: type[m.Request], actor: str = "S002", **fields: Any) -> None:
        """Likewise; it must be accepted."""
        decision = self.try_change(kind, actor, **fields)
        assert refusal(decision) is None, decision

    def assess(self, staff: str, *, passed: bool = True, **fields: Any) -> None:
        """What came of it for somebody."""
        self.change(m.TrainingAssessRequested, staff=staff, passed=passed, **fields)

    def punch(self, staff: str, at: str, intent: PunchIntent = PunchIntent.TRAIN) -> None:
        """A card at the clock, at this time."""
        self.at(at)
        self.do("CLK-01", m.PunchMade, card=CardHash("x"), staff=staff, intent=intent)

    def entry(self, no: str = FIRST) -> Entry:
        """Its line of the ledger."""
        return next(one for one in entries(self.facts, self.now) if one.session.no == no)

    def came(self) -> dict[str, str]:
        """What the ledger says of each person of the first training."""
        return {one.staff: one.came.rpartition(".")[2] for one in self.entry().people}

    def signed_in(self) -> list[f.TrainingSignedIn]:
        """Every sign-in so far."""
        return [one.fact for one in self.facts if isinstance(one.fact, f.TrainingSignedIn)]
