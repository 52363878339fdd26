"""What is claimed of the call order, case by case, and how much of it is run."""

from dataclasses import dataclass, replace

from sim.science.theory import Case, Kind, Service, kleinrock, strict

_TWO, _THREE = (1, 2), (1, 2, 4)
HEAD_START = 5.0


def _kinds(rates: tuple[float, ...], speeds: tuple[float, ...], head_starts: tuple[float, ...] = ()) -> tuple[Kind, ...]:
    starts = head_starts or (0.0,) * len(rates)
    return tuple(Kind(*one) for one in zip(rates, speeds, starts, strict=True))


A = Case("A", _kinds((0.6, 0.3), _TWO))
B = Case("B", _kinds((0.5, 0.3), (1, 4)))
C = Case("C", _kinds((0.5, 0.25, 0.15), _THREE))
D = Case("D", _kinds((0.5, 0.25, 0.15), _THREE), Service.FIXED)
TWO_COUNTERS = Case("two counters", _kinds((1.2, 0.6), _TWO), servers=2)
SIX_COUNTERS = Case("six counters", _kinds((3.0, 1.5, 0.9), _THREE), servers=6)
SAME_SPEED = Case("same speed", _kinds((0.6, 0.3), (1, 1)))
STRICT = Case("strict", _kinds((0.6, 0.3), (1, 1), (0.0, 1e7)))
HEAD_STARTS = tuple(
    Case(f"head start, load {load}", _kinds((load * 2 / 3, load / 3), (1, 1), (0.0, HEAD_START)))
    for load in (0.8, 0.9, 0.95, 0.98)
)
WRONG_RATE = replace(A, kinds=_kinds((0.6, 0.3), (1, 1.9)))
"""What a scheduler goes by in which somebody has typed 1.9 for 2.0; it must not pass for case A."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A case, the mean waits it must have (``None``: no closed form), and how often it is lived through.

    ``told``: what the scheduler goes by, if it is another case. ``holds``: whether the waits must be those claimed.
    """

    case: Case
    waits: tuple[float, ...] | None
    stretches: int = 20
    told: Case | None = None
    holds: bool = True

    @property
    def name(self) -> str:
        """What the table calls it."""
        return self.case.name if self.told is None else f"{self.case.name}, planted rate 1.9"


CLAIMS = (
    *(Claim(case, kleinrock(case)) for case in (A, B, C, D, TWO_COUNTERS)),
    Claim(SIX_COUNTERS, kleinrock(SIX_COUNTERS), stretches=30),
    Claim(A, kleinrock(A), told=WRONG_RATE, holds=False),
    Claim(SAME_SPEED, kleinrock(SAME_SPEED), stretches=5),
    Claim(STRICT, strict(A)),
    *(Claim(case, None) for case in HEAD_STARTS),
)
SEEDS_FROM = 2026
"""The seeds of a case are these and the following; nothing is rolled again."""
VISITORS = 400_000
"""How many come in one stretch."""
