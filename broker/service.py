"""The rules service: one writer that drains what nodes ask, decides, stores, and only then speaks.

A batch is one transaction. What it says comes after COMMIT, in this order: answers that bring something (a ticket, a
refusal), changed retained state with what people look at first, answers that only say it was done, then the
acknowledgements in order of arrival. So a terminal sees its desk before it takes the next key. If COMMIT fails nothing is
said at all, and everyone asks again (design 5).

Nothing here waits or reads a clock: the process's loop (``broker.cli.run``) and the simulator call ``begin``, ``connected``,
``handle`` and ``wake`` with the time of day.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Generic, Protocol, TypeVar

from msgspec.structs import replace

from broker.board_waits import BoardWaits
from broker.book import Book, UndecidableError
from broker.chain import Head
from broker.config import config_hash, load
from broker.identity_keys import KeyRing
from broker.incoming import Asked, Cleared, StateHeard, Unusable, read
from broker.retained import Retained
from broker.rules.decide import AdoptConfiguration, Submission
from broker.rules.hall import Hall
from broker.rules.hours import day_of
from broker.rules.kept_views import KeptViews
from broker.rules.views import settings, settings_change_with
from broker.rules.work_cards.views import whose
from broker.store import Outcome, Store, StoredAnswer
from broker.trouble import OtherHallError, WriteFailedError
from broker.vault import Vault
from contracts.codec import encode
from contracts.messages import Kept, Message, PunchMade, Request, RequestDone, RequestRefused, ServiceState
from contracts.topics import Topics
from contracts.values import BootId, HallId, HallTime, Ms, NodeName, Refusal, RequestId
from firmware.runtime.node import Log

HEARTBEAT_EVERY: Ms = 5_000
BEATS_AGAIN_AFTER: Ms = 100
"""After a birth: a newborn takes the first heartbeat it hears for one that the MQTT server had kept."""
CLOCK_KEPT_EVERY: Ms = 10 * 60_000
"""In a quiet hall the database is written this often and no more: an SD card wears."""
_DONE = RequestDone.__name__


class Incoming(Protocol):
    """A message as it came (``firmware.runtime.link.Arrived``)."""

    @property
    def topic(self) -> str:
        """Where it was said."""

    @property
    def payload(self) -> bytes:
        """What was said, not decoded."""


Item = TypeVar("Item", bound=Incoming)
Item_contra = TypeVar("Item_contra", bound=Incoming, contravariant=True)


class Link(Protocol[Item_contra]):
    """The way to the MQTT server (``firmware.runtime.link.ServiceLink``, or the simulator's)."""

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> bool:
        """Publish; returns whether it was taken."""

    def ack(self, item: Item_contra, /) -> bool:
        """Acknowledge, unless its connection is gone."""

    def close(self, farewell: ServiceState, /) -> None:
        """Say goodbye and disconnect."""


def nothing(_point: str) -> None:
    """What happens at a milestone unless a test wants to be there."""


class Service(Generic[Item]):
    """One hall's rules service on an open store.

    ``keys`` are those of single days (``broker.identity_keys``), ``entropy(n)`` gives n random bytes. ``milestone`` hears
    ``before_commit``, ``after_commit`` and ``after_publish`` (answers are out, nothing is acknowledged yet) of every
    batch; tests die there. Raises :class:`broker.config.ConfigError` and, like every method that stores,
    :class:`broker.trouble.StoreError`; after an error the service is not to be used again, because the hall in memory may be
    ahead of the file.
    """

    def __init__(  # noqa: PLR0913 -- the composition root hands over everything the service has
        self,
        store: Store,
        link: Link[Item],
        config_text: str,
        *,
        boot: BootId,
        card_key: bytes,
        keys: KeyRing,
        entropy: Callable[[int], bytes],
        log: Log,
        milestone: Callable[[str], None] = nothing,
    ) -> None:
        config = load(config_text, "hall.toml")
        self._store = store
        self._link = link
        self._config_text = config_text
        self._card_key = card_key
        self._vault = Vault(store.database, keys, entropy, card_key)
        self._vault_day: date | None = None
        self._log = log
        self._milestone = milestone
        self.declared = frozenset(device.id for device in config.devices)
        """The nodes this hall declares."""
        self._topics = Topics(config.hall.id)
        self._retained = Retained(lambda topic, payload: link.publish(topic, payload, retain=True))
        self._settings: dict[str, Message] = {}
        self._settings_of: object = None
        self._heartbeat_at = HallTime(0)
        self._waits = BoardWaits()
        self._somebody_was_born = False  # it heard the retained heartbeat, up to 5 s old; its requests would seem expired
        self._views = KeptViews(config.hall.id)
        self._book = Book(store, self._views, entropy, log)
        self.boot = boot
        self.hall_now = store.hall_clock
        """The hall clock as last read; never before anything it has ever said."""
        self.trouble = ""
        """What an administrator must know of how it was started; the heartbeat says it (``broker.safe_mode``)."""
        self.counts: Counter[str] = Counter()
        """How often what came in was repeated, rejected, malformed, oversized, of another hall."""

    @property
    def hall(self) -> Hall:
        """The hall as it stands, for whoever only looks."""
        return self._book.hall

    @property
    def topics(self) -> Topics:
        """The topics of this hall."""
        return self._topics

    # --- Called by the loop ----------------------------------------------------------------------------------------------

    def begin(self, wall: HallTime) -> None:
        """Start the day's work: a new epoch, the configuration adopted if it is another, time passed."""
        now = self._read_clock(wall)
        self._refuse_other_hall()
        self._store.begin_epoch(now)
        adopted, digest = self._book.adopted, config_hash(self._config_text)
        is_new = adopted is None or adopted.hash != digest
        if adopted is not None and is_new:
            self._show()  # so that what the new configuration no longer has is cleared
        with self._store.batch():
            if is_new:
                self._book.decide(Submission(None, AdoptConfiguration(content=self._config_text, hash=digest)), now)
            self._book.let_time_pass(now)
        self._turn_day()
        self._show()
        self._heartbeat_at = now
        self._log("service_began", epoch=self._store.epoch, fact=self._store.head.number, configuration=digest[:12])

    def connected(self, wall: HallTime) -> None:
        """A connection is up: say everything again, the server may have lost it, and be heard at once."""
        now = self._read_clock(wall)
        self._retained.say_again()
        self._beat(now)

    def handle(self, batch: Sequence[Item], wall: HallTime) -> None:
        """Decide and store what has arrived, in order, then answer and acknowledge it."""
        now = self._read_clock(wall)
        head = self._store.head
        with self._store.batch():
            answers = self._book.let_time_pass(now)
            for item in batch:
                answers += self._take(item, now)
            self._milestone("before_commit")
        self._milestone("after_commit")
        self._turn_day()
        self._speak(answers, head)
        self._milestone("after_publish")
        for item in batch:
            self._link.ack(item)

    def _speak(self, answers: list[StoredAnswer], before: Head) -> None:
        self._reply(one for one in answers if one.message != _DONE)
        if self._store.head != before:
            self._show()
        self._reply(one for one in answers if one.message == _DONE)
        if self._somebody_was_born:
            self._somebody_was_born = False
            self._beat(self.hall_now)
            self._heartbeat_at = HallTime(self.hall_now + BEATS_AGAIN_AFTER)

    def _reply(self, answers: Iterable[StoredAnswer]) -> None:
        for answer in answers:
            topic = f"{self._topics.root}/node/{answer.node}/down/{answer.message}"
            self._link.publish(topic, self._vault.completed(answer).payload.encode(), retain=False)

    @property
    def wake_at(self) -> HallTime:
        """When :meth:`wake` is to be called, by the hall clock."""
        due = self._book.due
        return self._heartbeat_at if due is None else min(due, self._heartbeat_at)

    def wake(self, wall: HallTime) -> None:
        """Do what time alone brings about: heartbeat, recalls and appointments due, the parts of the day."""
        now = self._read_clock(wall)
        if (due := self._book.due) is not None and due <= now:
            self.handle((), now)
        if self._heartbeat_at <= now:
            self._retained.say_unsaid()
            self._beat(now)
            self._waits.look_ahead(self.hall, now)
            if now - self._store.hall_clock >= CLOCK_KEPT_EVERY:
                self._store.keep_clock(now)

    def close(self) -> None:
        """Say goodbye, so that every node knows at once, and close the store."""
        self._link.close(self._state(online=False))
        try:
            self._store.keep_clock(self.hall_now)
        finally:
            self._store.close()

    # --- One thing that arrived ------------------------------------------------------------------------------------------

    def _take(self, item: Item, now: HallTime) -> list[StoredAnswer]:
        match read(self._topics, item.topic, item.payload):
            case Asked(node, request):
                return self._answer(node, request, now)
            case StateHeard(node, state):
                self._somebody_was_born |= state.online
                try:
                    return self._book.decide(Submission(node, state, self._book.token()), now)
                except UndecidableError as error:
                    self._log("node_state_undecidable", level="error", node=node, error=str(error))
                    return []
            case Unusable() as unusable:
                return self._turn_down(item.topic, unusable, now)
            case Cleared():
                return []

    def _answer(self, node: NodeName, request: Request, now: HallTime) -> list[StoredAnswer]:
        known = self._store.answers_to(request.request_id)
        if known is not None:
            self.counts["repeated"] += 1
            return list(known)
        kind = type(request).__name__
        since = self._store.head.number
        sealed = self._vault.seal(self._named(request), self._today(now))
        try:
            what = Submission(node, sealed.request, self._book.token())
            answers = self._book.decide(what, now, request.request_id, partial(self._vault.keep, sealed.secrets))
        except UndecidableError as error:
            self.counts["rejected"] += 1
            self._log("request_undecidable", level="error", request_id=request.request_id, message=kind, error=str(error))
            evidence = encode(sealed.request).decode() if isinstance(request, Kept) else None
            return self._reject(node, request.request_id, kind, now, "the rules could not decide this", evidence)
        if node in self.declared:
            self._store.keep_outcome(Outcome(request.request_id, kind, rejected=False, answers=tuple(answers)), now, since)
        return answers

    def _named(self, request: Request) -> Request:
        """A punch that a clock without a roster, or with one of yesterday, has beeped for, with whose it is (I7)."""
        if not isinstance(request, PunchMade) or request.card is None or request.staff is not None or self.hall.plan is None:
            return request
        return replace(request, staff=whose(self.hall, self._card_key, request.card))

    def _turn_down(self, topic: str, unusable: Unusable, now: HallTime) -> list[StoredAnswer]:
        self.counts[unusable.why] += 1
        self._log("message_refused", level="warning", why=unusable.why, topic=topic, error=unusable.what)
        node, request_id = unusable.node, unusable.answer_to
        if node is None or request_id is None or node not in self.declared:
            return []
        if not unusable.is_its_own:
            return [_refused(node, request_id, unusable.what)]
        known = self._store.answers_to(request_id)
        if known is not None:
            return list(known)
        return self._reject(node, request_id, unusable.message, now, unusable.what, unusable.evidence)

    def _reject(  # noqa: PLR0913, PLR0917 -- the columns of a rejected request
        self, node: NodeName, request_id: RequestId, kind: str, now: HallTime, why: str, evidence: str | None
    ) -> list[StoredAnswer]:
        """Store that it was not decided, so that it is answered alike for ever and never comes to the rules again."""
        answers = [_refused(node, request_id, why)]
        since = self._store.head.number
        self._store.keep_outcome(
            Outcome(request_id, kind, rejected=True, answers=tuple(answers), payload=evidence), now, since
        )
        return answers

    # --- What is personal ------------------------------------------------------------------------------------------------

    def _today(self, now: HallTime) -> date:
        return day_of(now) if self.hall.day is None else self.hall.day.date

    def _turn_day(self) -> None:
        """With every new day its keys are there, and what is over cannot be read any more (2.6); also after a crash."""
        day, plan = self.hall.day, self.hall.plan
        if day is None or plan is None or day.date == self._vault_day:
            return
        params = plan.config.params
        try:
            self._vault.make_keys(day.date, params)
            self._vault.destroy_keys(day.date, params)
        except OSError as error:
            raise WriteFailedError(self._store.path, f"identity keys: {error.strerror or error}") from error
        with self._store.batch():
            gone = self._vault.forget(day.date, params)
        if gone:
            self._log("vault_forgot", rows=gone, wal_emptied=self._store.empty_wal())
        self._vault_day = day.date

    # --- What everyone sees ----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Publish what has changed of the retained state."""
        hall, adopted = self._book.hall, self._book.adopted
        if adopted is not None and self._settings_of != settings_change_with(hall):
            found = settings(hall, self._card_key, "" if hall.day is None else self._vault.identity_key(hall.day.date))
            self._settings = {self._topics.settings(node): message for node, message in found.items()}
            self._settings_of = settings_change_with(hall)
        seen = self._views.states(hall)
        self._waits.write_on(seen, self._topics)
        self._retained.become({**self._settings, **seen}, self._store.epoch, self._store.head.number)

    def _beat(self, now: HallTime) -> None:
        self._link.publish(self._topics.service_state, encode(self._state(online=True)), retain=True)
        self._heartbeat_at = HallTime(now + HEARTBEAT_EVERY)

    def _state(self, *, online: bool) -> ServiceState:
        return ServiceState(
            epoch=self._store.epoch, boot=self.boot, hall_now=self.hall_now, online=online, trouble=self.trouble
        )

    def _read_clock(self, wall: HallTime) -> HallTime:
        """The hall clock: the wall clock, but never back."""
        self.hall_now = max(self.hall_now, wall)
        return self.hall_now

    def _refuse_other_hall(self) -> None:
        if self._book.adopted is not None:
            owner = tomllib.loads(self._book.adopted.content)["hall"]["id"]
            if owner != self._topics.hall:
                raise OtherHallError(self._store.path, HallId(owner), self._topics.hall)


def _refused(node: NodeName, request_id: RequestId, why: str) -> StoredAnswer:
    refusal = RequestRefused(request_id=request_id, reason=Refusal.MALFORMED, detail=why)
    return StoredAnswer(node, type(refusal).__name__, encode(refusal).decode())
