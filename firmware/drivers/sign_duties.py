"""One sign as the owner of its bus sees it: what it should show, what it is known to show, what to send to it when. Pure."""

from dataclasses import dataclass, replace

from contracts.values import Ms
from firmware.drivers import bx5k_commands
from firmware.drivers.bx5k_commands import LOOP_THEN_DELETE, Area

REFRESH_EVERY: Ms = 5_000
EXPIRES_AFTER_S = 15
"""How long a sign keeps a text that is not sent again (design rule 5, dead man): three refreshes."""
TEXT_GAP: Ms = 1_000
"""The data sheet: a dynamic area is not to be updated faster than once a second."""
PING_SILENT_EVERY: Ms = 2_000


@dataclass(frozen=True, slots=True)
class Duty:
    """One request to a sign, with what the sign will have taken once it has answered."""

    data: bytes
    shows: bool = False
    line: bytes | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """``line`` is the encoded text to show, ``None`` for a dark sign. ``is_done`` says that the sign has answered for it.

    ``was_hurried``: the last text followed another within a second, which a card may pass over though it answers.
    """

    address: int
    line: bytes | None = None
    is_done: bool = False
    is_urgent: bool = False
    level: int | None = None
    level_is_done: bool = True
    due: Ms = 0
    text_sent_at: Ms | None = None
    was_hurried: bool = False
    failures: int = 0
    is_silent: bool = False
    is_refusing: bool = False

    @property
    def rank(self) -> tuple[bool, int, bool, Ms, int]:
        """Who is served first of those that are due: answering signs, then calls, then the longest due."""
        return self.is_silent, self.failures, not self.is_urgent, self.due, self.address

    # --- What it should be like

    def wanting(self, line: bytes | None, now: Ms, *, urgent: bool = False) -> "Sign":
        """Show this from now on. What it shows already is not sent again before its refresh."""
        may_go_at = now if urgent or self.text_sent_at is None else max(now, self.text_sent_at + TEXT_GAP)
        due = self.due if self.is_silent else may_go_at
        if self.line != line or self.text_sent_at is None:
            return replace(self, line=line, is_done=False, is_urgent=urgent, is_refusing=False, due=due)
        if urgent and not self.is_done:
            return replace(self, is_urgent=True, due=due)
        return self

    def wanting_brightness(self, level: int, now: Ms) -> "Sign":
        """Be this bright from now on; refuses a level outside 0 to 15."""
        bx5k_commands.brightness(level)
        return replace(self, level=level, level_is_done=False, due=self.due if self.is_silent else now)

    def forgotten(self, now: Ms) -> "Sign":
        """Nothing is known about what it shows: tell it everything."""
        return replace(self, is_done=False, level_is_done=self.level is None, due=now, failures=0)

    # --- What is to be sent

    def next_duty(self) -> Duty:
        """What to send now that it is due: a ping to a silent sign, else what it lacks, else its refresh."""
        if self.is_silent:
            return Duty(bx5k_commands.ping())
        if not self.level_is_done and self.level is not None and not self.is_urgent:
            return Duty(bx5k_commands.brightness(self.level), level=self.level)
        if self.line is not None:
            area = Area(self.line, run_mode=LOOP_THEN_DELETE, timeout_s=EXPIRES_AFTER_S)
            return Duty(bx5k_commands.show(area), shows=True, line=self.line)
        if not self.is_done:
            return Duty(bx5k_commands.clear(), shows=True)
        return Duty(bx5k_commands.ping())

    # --- What became of it

    def sent(self, duty: Duty, now: Ms) -> "Sign":
        """This request has left."""
        if not duty.shows:
            return self
        was_hurried = self.text_sent_at is not None and now - self.text_sent_at < TEXT_GAP
        return replace(self, text_sent_at=now, was_hurried=was_hurried)

    def answered(self, duty: Duty, now: Ms) -> "Sign":
        """It took the request. A sign that was silent has lost its text with its power and gets everything again."""
        if self.is_silent:
            return replace(self.forgotten(now), is_silent=False)
        after = replace(self, failures=0)
        if duty.level is not None:
            after = replace(after, level_is_done=duty.level == self.level)
        if duty.shows and duty.line == self.line:
            after = replace(after, is_done=True, is_urgent=False, is_refusing=False)
        if after.is_done and after.level_is_done:
            return replace(after, due=now + (TEXT_GAP if self.was_hurried else REFRESH_EVERY))
        return replace(after, due=max(now, self.due))

    def refused(self, now: Ms, pause: Ms, tries: int) -> "Sign":
        """It answered NACK: try again soon, and from the third time on only with the refresh."""
        back = replace(self.forgotten(now), is_silent=False) if self.is_silent else self
        if self.failures + 1 < tries:
            return replace(back, failures=self.failures + 1, due=now + pause)
        return replace(back, failures=0, is_done=False, is_refusing=True, is_urgent=False, due=now + REFRESH_EVERY)

    def unanswered(self, now: Ms, tries: int) -> "Sign":
        """It did not answer: try again when nobody else wants the bus, and from the third time on ping only."""
        if self.is_silent:
            return replace(self, due=now + PING_SILENT_EVERY)
        if self.failures + 1 < tries:
            return replace(self, failures=self.failures + 1, due=now)
        return replace(self, failures=0, is_silent=True, is_done=False, is_urgent=False, due=now + PING_SILENT_EVERY)
