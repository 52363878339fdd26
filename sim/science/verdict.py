"""From stretches to a mean with its error, and whether that is what theory says.

The mean of each class is corrected by its twin's luck (control variate): the stretches tell by regression how a class's
mean moves with the mean of first come first served on the same arrivals and services, whose true value is known.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from sim.science.line import Stretch
from sim.science.theory import Case, conserved, first_come

LARGEST_T = 3.5
LARGEST_HALF_WIDTH = 0.01
"""Of a 95 % interval, relative to the wait."""
LARGEST_LEAK = 0.005
"""How far the conservation law may be off."""
_NORMAL_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Measured:
    """A class's mean wait: as it came out, corrected, and the corrected one's standard error with its degrees of freedom."""

    raw: float
    mean: float
    error: float
    freedom: int

    @property
    def half_width(self) -> float:
        """Of the 95 % interval."""
        return student_95(self.freedom) * self.error

    def t(self, claimed: float) -> float:
        """How many standard errors it is off what was claimed; 0 if both are the same to the last digits."""
        off = self.mean - claimed
        if abs(off) <= 1e-9 * claimed:
            return 0.0
        return off / self.error if self.error else math.copysign(math.inf, off)


def student_95(freedom: int) -> float:
    """The 97.5 % quantile of Student's t, by the expansion of Cornish and Fisher; right to 0.5 % from 5 degrees on."""
    z, n = _NORMAL_95, freedom
    first = (z**3 + z) / (4 * n)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
    return z + first + second + third


def corrected(values: Sequence[float], control: Sequence[float], expected: float) -> Measured:
    """The mean of the values, corrected by what the control was off its expectation."""
    many, mean, control_mean = len(values), fmean(values), fmean(control)
    spread = sum((one - control_mean) ** 2 for one in control)
    slope = sum((v - mean) * (c - control_mean) for v, c in zip(values, control, strict=True)) / spread
    luck = control_mean - expected
    left = sum((v - mean - slope * (c - control_mean)) ** 2 for v, c in zip(values, control, strict=True))
    freedom = many - 2
    error = math.sqrt(left / freedom * (1 / many + luck**2 / spread))
    return Measured(mean, mean - slope * luck, error, freedom)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One case against what was claimed of it. ``leak`` is the conservation law's miss on the very same stretches."""

    case: Case
    stretches: int
    visitors: int
    measured: tuple[Measured, ...]
    claimed: tuple[float, ...] | None
    p95: tuple[float, ...]
    leak: float
    leak_of_means: float

    @property
    def ts(self) -> tuple[float, ...]:
        """Of each class."""
        return tuple(one.t(claim) for one, claim in zip(self.measured, self.claimed or (), strict=False))

    @property
    def is_rejected(self) -> bool:
        """Whether the waits cannot be those that were claimed."""
        return any(abs(t) > LARGEST_T for t in self.ts)

    @property
    def complaints(self) -> tuple[str, ...]:
        """Everything that is not as accepted."""
        found = [f"class {place}: t = {t:.2f}" for place, t in enumerate(self.ts) if abs(t) > LARGEST_T]
        for place, one in enumerate(self.measured):
            if one.half_width > LARGEST_HALF_WIDTH * one.mean:
                found.append(f"class {place}: half-width {one.half_width / one.mean:.2%}")
        if max(abs(self.leak), abs(self.leak_of_means)) > LARGEST_LEAK:
            found.append(f"conservation off by {self.leak:.3%} and {self.leak_of_means:.3%}")
        return tuple(found)


def everybody(stretch: Stretch) -> float:
    """The mean wait of all who were counted; all classes take equally long, so the conservation law says: as the twin."""
    return sum(n * mean for n, mean in zip(stretch.counted, stretch.means, strict=True)) / sum(stretch.counted)


def judge(case: Case, stretches: Sequence[Stretch], claimed: tuple[float, ...] | None) -> Verdict:
    """Put the stretches of a case together."""
    twin = [one.twin for one in stretches]
    measured = tuple(
        corrected([one.means[place] for one in stretches], twin, first_come(case)) for place in range(len(case.kinds))
    )
    return Verdict(
        case=case,
        stretches=len(stretches),
        visitors=sum(one.visitors for one in stretches),
        measured=measured,
        claimed=claimed,
        p95=tuple(fmean(one.p95[place] for one in stretches) for place in range(len(case.kinds))),
        leak=fmean(everybody(one) for one in stretches) / fmean(twin) - 1,
        leak_of_means=conserved(case, tuple(one.mean for one in measured)) - 1,
    )
