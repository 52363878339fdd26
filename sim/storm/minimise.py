"""A failing day made small: strikes are left out one by one, and fewer people come, as long as it still fails."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sim.storm.day import Outcome, live
from sim.storm.plants import NONE, Plant
from sim.storm.setting import Setting
from sim.storm.weather import Strike


def minimise(
    seed: int, setting: Setting, strikes: Sequence[Strike], plant: Plant = NONE, tell: Callable[[str], None] = print
) -> tuple[Setting, tuple[Strike, ...], Outcome]:
    """The smallest day found that still breaks the first promise this one broke."""
    outcome = live(seed, setting, strikes, plant)
    if not outcome.violations:
        return setting, tuple(strikes), outcome
    broken = promise(outcome.violations[0])
    left = list(strikes)

    def still(setting: Setting, strikes: Sequence[Strike]) -> Outcome | None:
        found = live(seed, setting, strikes, plant)
        return found if any(promise(one) == broken for one in found.violations) else None

    for size in (len(left) // 2, len(left) // 4, 1):
        at = 0
        while size and at < len(left):
            fewer = [*left[:at], *left[at + size :]]
            if (found := still(setting, fewer)) is not None:
                left, outcome = fewer, found
                tell(f"{len(left)} strikes are enough")
            else:
                at += size
    for visitors in (5, 10, 20, 40, 80, 160):
        smaller = replace(setting, visitors=visitors)
        if visitors < setting.visitors and (found := still(smaller, left)) is not None:
            tell(f"{visitors} visitors are enough")
            return smaller, tuple(left), found
    return setting, tuple(left), outcome


def promise(violation: str) -> str:
    """Which promise a violation names: the words between the time and the first colon."""
    words = violation.split(": ")
    return words[1] if words[0].endswith(" s") and len(words) > 1 else words[0]
