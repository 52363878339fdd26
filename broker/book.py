"""The hall and its facts, always in step: what is decided is stored and folded, or neither."""

import base64
import sqlite3
from collections.abc import Callable

from broker.rules.decide import Submission, TimeReached, decide
from broker.rules.due import next_due
from broker.rules.evolve import evolve
from broker.rules.facts import ConfigurationAdopted, Fact, Recorded
from broker.rules.hall import Hall, empty_hall
from broker.rules.kept_views import KeptViews
from broker.store import Store, StoredAnswer
from contracts.codec import encode
from contracts.values import HallTime, Ms, RequestId
from firmware.runtime.node import Log

_TOKEN_BYTES = 16
_TRY_TIME_AGAIN: Ms = 5_000
_MOST_STEPS_OF_TIME = 1_000


def nothing_else(_facts: tuple[Fact, ...]) -> None:
    """The facts are all there is to store."""


class UndecidableError(Exception):
    """The rules broke on this submission; nothing of it was stored and the hall is as before."""


class Book:
    """Folds the facts of a store into a hall, and lets the rules add to both. Every change happens inside a batch.

    ``views`` hears every fact, so that it need not look at the whole hall after each.
    """

    def __init__(self, store: Store, views: KeptViews, entropy: Callable[[int], bytes], log: Log) -> None:
        self._store = store
        self._views = views
        self._entropy = entropy
        self._log = log
        self._time_stuck_until = HallTime(0)
        self._due: HallTime | None = None
        self._knows_due = False
        self.adopted: ConfigurationAdopted | None = None
        """The configuration in force."""
        self.hall: Hall
        self.fold()

    def fold(self) -> None:
        """Make the hall anew from what is stored."""
        hall = empty_hall()
        for recorded in self._store.facts_to_start_from():
            hall = self._evolved(hall, recorded)
        self.hall = hall
        self._views.forgotten()
        self._knows_due = False

    def decide(
        self,
        submission: Submission,
        now: HallTime,
        request_id: RequestId | None = None,
        also: Callable[[tuple[Fact, ...]], None] = nothing_else,
    ) -> list[StoredAnswer]:
        """Let the rules decide, store the facts, and return the answers. Raises :class:`UndecidableError`.

        ``also`` stores what belongs to the facts, if there are any: with them or not at all.

        An error of the database itself is raised as it is: then the whole batch is lost, not this submission alone.
        """
        try:
            with self._store.attempt():
                decision = decide(self.hall, submission, now)
                for fact in decision.facts:
                    self.hall = self._evolved(self.hall, self._store.append(now, request_id, fact))
                if decision.facts:
                    also(decision.facts)
        except Exception as error:
            if isinstance(error, sqlite3.Error) and not isinstance(error, sqlite3.IntegrityError):
                raise
            self.fold()
            raise UndecidableError(repr(error)) from error
        return [StoredAnswer(node, type(one).__name__, encode(one).decode()) for node, one in decision.answers]

    def token(self) -> str:
        """22 random url-safe characters, the secret of one ticket's QR."""
        return base64.urlsafe_b64encode(self._entropy(_TOKEN_BYTES)).decode().rstrip("=")

    @property
    def due(self) -> HallTime | None:
        """When the rules want to hear the time. Only facts change it: it is looked for after each, not at each waking."""
        if not self._knows_due:
            self._due, self._knows_due = next_due(self.hall), True
        return None if self._due is None else max(self._due, self._time_stuck_until)

    def let_time_pass(self, now: HallTime) -> list[StoredAnswer]:
        """Submit the time until nothing more is due."""
        answers: list[StoredAnswer] = []
        for _ in range(_MOST_STEPS_OF_TIME):
            due = self.due
            if due is None or due > now:
                return answers
            before = self._store.head
            try:
                answers += self.decide(Submission(None, TimeReached(), self.token()), now)
            except UndecidableError as error:
                self._log("time_undecidable", level="error", error=str(error))
            if self._store.head == before:
                break
        self._log("time_stands_still", level="error", due=self.due, now=now)
        self._time_stuck_until = HallTime(now + _TRY_TIME_AGAIN)
        return answers

    def _evolved(self, hall: Hall, recorded: Recorded) -> Hall:
        if isinstance(recorded.fact, ConfigurationAdopted):
            self.adopted = recorded.fact
        self._knows_due = False
        hall = evolve(hall, recorded)
        self._views.note(hall, recorded.fact)
        return hall
