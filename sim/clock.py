"""Virtual time: a clock that stands still until the scheduler moves it, and the order in which things happen.

Same seed, same order: events are kept in a heap by (time, sequence number), so two events of one millisecond happen in
the order they were asked for, whatever the hash seed of the process.
"""

import heapq
import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable

from contracts.values import HallTime, Ms


class ManualClock:
    """A clock that only a scheduler or a test moves: monotonic and wall milliseconds go forward together.

    It is a ``firmware.runtime.clock.Clock``. ``wall_at`` is the civil time at the start; :meth:`set_wall` puts the wall
    clock alone wrong, as on a device whose battery is flat. Monotonic time never jumps.
    """

    def __init__(self, wall_at: HallTime, monotonic_ms: Ms = 0) -> None:
        self._monotonic = monotonic_ms
        self._wall_minus_monotonic = wall_at - monotonic_ms

    def monotonic_ms(self) -> Ms:
        """Milliseconds since some start; never goes back."""
        return self._monotonic

    def wall_ms(self) -> HallTime:
        """Civil time in milliseconds since 1970-01-01 UTC, as this clock believes it."""
        return HallTime(self._monotonic + self._wall_minus_monotonic)

    def set_wall(self, at: HallTime) -> None:
        """Put the wall clock wrong, or right again."""
        self._wall_minus_monotonic = at - self._monotonic

    def advance_to(self, at: Ms) -> None:
        """Move on to this monotonic time; a time already past is a mistake of the caller."""
        if at < self._monotonic:
            raise ValueError(f"time cannot go back from {self._monotonic} to {at}")
        self._monotonic = at


class Appointment:
    """Something the scheduler will do; :meth:`cancel` takes it back."""

    __slots__ = ("_what", "at")

    def __init__(self, at: Ms, what: Callable[[], None]) -> None:
        self.at = at
        self._what: Callable[[], None] | None = what

    def cancel(self) -> None:
        """Do nothing when the time comes."""
        self._what = None

    def keep(self) -> None:
        """Do it now, at most once."""
        what, self._what = self._what, None
        if what is not None:
            what()


class Timetable(ABC):
    """What is to be done when. Whoever lives in a simulation, device or person, makes appointments here and nowhere else.

    The same people and devices run under virtual time (:class:`Scheduler`) and real time (``sim.realtime.RealTime``).
    """

    def __init__(self) -> None:
        self._heap: list[tuple[Ms, int, Appointment]] = []
        self._sequence = itertools.count()
        self.steps = 0
        """How many appointments were kept; the size of a run."""

    @property
    @abstractmethod
    def now(self) -> Ms:
        """Monotonic milliseconds."""

    def at(self, when: Ms, what: Callable[[], None]) -> Appointment:
        """Do this at ``when``, or as soon as possible if that has passed."""
        appointment = Appointment(max(when, self.now), what)
        heapq.heappush(self._heap, (appointment.at, next(self._sequence), appointment))
        return appointment

    def after(self, delay: Ms, what: Callable[[], None]) -> Appointment:
        """Do this ``delay`` milliseconds from now; 0 means after everything already due now."""
        return self.at(self.now + delay, what)

    @property
    def next_at(self) -> Ms | None:
        """When something is to be done next."""
        return self._heap[0][0] if self._heap else None

    def _take_next(self) -> Appointment:
        self.steps += 1
        return heapq.heappop(self._heap)[2]


class Scheduler(Timetable):
    """The one loop of a simulation in virtual time: does what is due, in order, and moves the clock between."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__()
        self.clock = clock

    @property
    def now(self) -> Ms:
        """The virtual monotonic time."""
        return self.clock.monotonic_ms()

    def run_until(self, when: Ms) -> None:
        """Let everything happen that is due up to and including ``when``, and leave the clock there."""
        while self.next_at is not None and self.next_at <= when:
            self._do_next()
        self.clock.advance_to(max(when, self.now))

    def run_until_true(self, is_so: Callable[[], bool], *, within: Ms) -> bool:
        """Run until a claim holds; false if it still does not after ``within`` milliseconds of virtual time."""
        limit = self.now + within
        while not is_so():
            if self.next_at is None or self.next_at > limit:
                self.clock.advance_to(limit)
                return is_so()
            self._do_next()
        return True

    def _do_next(self) -> None:
        appointment = self._take_next()
        self.clock.advance_to(appointment.at)
        appointment.keep()


class Alarm:
    """One wish to be woken that may move: holds at most one live appointment."""

    def __init__(self, timetable: Timetable, ring: Callable[[], None]) -> None:
        self._timetable = timetable
        self._ring = ring
        self._appointment: Appointment | None = None

    def set(self, at: Ms | None) -> None:
        """Ring at this time instead of any other; ``None`` means never."""
        if self._appointment is not None:
            if self._appointment.at == at:
                return
            self._appointment.cancel()
        self._appointment = None if at is None else self._timetable.at(at, self._go_off)

    def _go_off(self) -> None:
        self._appointment = None
        self._ring()
