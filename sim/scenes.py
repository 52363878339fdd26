"""Scenes that must end in a refusal: how the tests of every area show that each reason has its situation."""

from collections.abc import Callable

from broker.rules import facts as f
from broker.rules.asking import Decision
from contracts import messages as m
from contracts.values import Refusal
from sim.rules_day import RulesDay, refusal
from words import text

Scene = Callable[[RulesDay], Decision]


class Scenes:
    """The scenes of one test module, each with the reason it must end in."""

    def __init__(self) -> None:
        self.found: list[tuple[Refusal, Scene]] = []

    @property
    def names(self) -> list[str]:
        """What the tests are called."""
        return [scene.__name__ for _, scene in self.found]

    def refuses(self, reason: Refusal) -> Callable[[Scene], Scene]:
        """Decorates a scene that must end in this refusal."""

        def remember(scene: Scene) -> Scene:
            self.found.append((reason, scene))
            return scene

        return remember


def check_refused(day: RulesDay, reason: Refusal, scene: Scene) -> None:
    """Play the scene: it is refused for this reason, changes nothing, and every person reads a whole sentence."""
    decision = scene(day)
    assert refusal(decision) is reason, decision
    assert all(isinstance(fact, f.RatingRefused | f.NodeTurnedAway) for fact in decision.facts)
    answer = decision.answers[0][1]
    if isinstance(answer, m.RequestRefused):
        assert text(f"refusal.{reason.value}").zh.format(**answer.values)
        assert text(f"refusal.{reason.value}").en.format(**answer.values)
