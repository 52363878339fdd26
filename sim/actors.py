"""People as stories: a generator that says what it waits for next, told on by a timetable.

A story yields how many milliseconds to wait, or :class:`Until` something is so. It never sees the machine's clock, so one
story serves virtual and real time.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

from contracts.values import Ms
from sim.clock import Timetable


@dataclass(frozen=True, slots=True)
class Until:
    """Wait until this is so, looking every ``look_every`` ms; the story gets whether it became so ``within`` that time."""

    is_so: Callable[[], bool]
    within: Ms
    look_every: Ms = 250


Story = Generator[Ms | Until, bool, None]
Found = TypeVar("Found")
Part = Generator[Ms | Until, bool, Found]
"""A part of a story, told with ``yield from``; says what came of it."""


class Teller:
    """Tells stories on a timetable. ``under_way`` counts those without an end yet."""

    def __init__(self, timetable: Timetable) -> None:
        self.under_way = 0
        self._timetable = timetable

    @property
    def now(self) -> Ms:
        """Monotonic milliseconds."""
        return self._timetable.now

    def tell(self, story: Story, *, after: Ms = 0) -> None:
        """Begin a story ``after`` that long."""
        self.under_way += 1
        self._timetable.after(after, lambda: self._go_on(story, answer=None))

    def _go_on(self, story: Story, *, answer: bool | None) -> None:
        try:
            wish = next(story) if answer is None else story.send(answer)
        except StopIteration:
            self.under_way -= 1
            return
        if isinstance(wish, Until):
            self._look(story, wish, self.now + wish.within)
        else:
            self._timetable.after(wish, lambda: self._go_on(story, answer=True))

    def _look(self, story: Story, wish: Until, limit: Ms) -> None:
        if wish.is_so():
            self._go_on(story, answer=True)
        elif self.now >= limit:
            self._go_on(story, answer=False)
        else:
            pause = min(wish.look_every, limit - self.now)
            self._timetable.after(pause, lambda: self._look(story, wish, limit))
