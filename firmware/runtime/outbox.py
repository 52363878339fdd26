"""What a node must get through to the rules service: stamped, journalled, said, and said again until it is answered.

At most ``WINDOW`` messages are on their way at once, oldest first, so that a month of punches does not flood a service that
has just come back. One that stays unanswered gives its place free after a few sendings, so that it cannot block the others.
While no heartbeat is heard nothing is said: the MQTT server would pile it up for the absent service and deliver it hours
later with the age it had when it was said.
"""

from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from contracts.codec import ContractError, decode, encode
from contracts.messages import Answer, Kept, Message, RequestRefused, ServiceState, Stamp
from contracts.topics import BY_NAME, Topics
from contracts.values import BootId, Ms, NodeName, RequestId
from firmware.runtime.clock import Clock
from firmware.runtime.journal import Journal
from firmware.runtime.node import Link, Log
from firmware.runtime.steps import HEARTBEAT_LOST_AFTER, HallClock

FIRST_PAUSE: Ms = 2_000
LONGEST_PAUSE: Ms = 30_000
WINDOW = 20
PATIENCE = 3
"""After so many sendings without an answer a message no longer counts against the window."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A kept message without an answer, and its row in the journal."""

    row: int
    message: Kept


@dataclass(frozen=True, slots=True)
class Said:
    """A waiting message that was said ``sendings`` times; said again at ``due``, not before a heartbeat if ``None``."""

    waiting: Waiting
    sendings: int
    due: Ms | None


class JournalOutbox:
    """Implements :class:`firmware.runtime.node.Outbox` on a :class:`firmware.runtime.journal.Journal`.

    What an earlier life of the node has left in the journal is sent too, with ``age_ms`` unknown.
    """

    def __init__(  # noqa: PLR0913 -- the composition root hands over everything an outbox has
        self, journal: Journal, link: Link, clock: Clock, log: Log, *, topics: Topics, node: NodeName, boot: BootId
    ) -> None:
        self._journal = journal
        self._link = link
        self._clock = clock
        self._log = log
        self._boot = boot
        self._hall = HallClock()
        self._live_until: Ms | None = None
        self._is_paused = False
        self._said: dict[RequestId, Said] = {}
        self._backlog = {one.message.request_id: one for one in _reload(journal, topics, node, log)}

    @property
    def wake_at(self) -> Ms | None:
        """When the next message is to be said again."""
        return min((one.due for one in self._said.values() if one.due is not None), default=None)

    def __len__(self) -> int:
        """How many messages wait for an answer."""
        return len(self._said) + len(self._backlog)

    @property
    def note(self) -> bytes:
        """See :class:`firmware.runtime.node.Outbox`."""
        return self._journal.note

    @property
    def unanswered(self) -> tuple[Kept, ...]:
        """See :class:`firmware.runtime.node.Outbox`."""
        every = [*(one.waiting for one in self._said.values()), *self._backlog.values()]
        return tuple(one.message for one in sorted(every, key=lambda one: one.row))

    def keep(self, message: Kept, now: Ms, note: bytes = b"") -> None:
        """See :class:`firmware.runtime.node.Outbox`."""
        hall, at = (self._hall.heard_hall, self._hall.heard_at) if self._hall.confirmed else (None, None)
        wall = self._clock.wall_ms()
        stamp = Stamp(boot=self._boot, monotonic_ms=now, wall_at=wall, heard_hall_at=hall, heard_monotonic_ms=at)
        stamped = replace(message, stamp=stamp)
        row = self._journal.keep(encode(stamped), note)
        self._backlog[message.request_id] = Waiting(row, stamped)
        self._fill(now)

    def heard(self, message: Message, now: Ms) -> None:
        """See :class:`firmware.runtime.node.Outbox`."""
        if isinstance(message, ServiceState):
            self._heard_heartbeat(message, now)
        elif isinstance(message, Answer):
            self._heard_answer(message, now)

    def link_up(self, now: Ms) -> None:
        """See :class:`firmware.runtime.node.Outbox`."""
        self._is_paused = False
        every = [*(one.waiting for one in self._said.values()), *self._backlog.values()]
        self._said = {}
        self._backlog = {one.message.request_id: one for one in sorted(every, key=lambda one: one.row)}
        self._fill(now)

    def wake(self, now: Ms) -> None:
        """See :class:`firmware.runtime.node.Outbox`."""
        if not self._is_live(now):
            self._is_paused = True
            self._said = {name: Said(one.waiting, one.sendings, None) for name, one in self._said.items()}
            return
        for one in list(self._said.values()):
            if one.due is not None and one.due <= now:
                self._say(one.waiting, one.sendings, now)
        self._fill(now)

    def close(self) -> None:
        """See :class:`firmware.runtime.node.Outbox`."""
        self._journal.close()

    def _is_live(self, now: Ms) -> bool:
        return self._live_until is not None and now < self._live_until

    def _heard_heartbeat(self, state: ServiceState, now: Ms) -> None:
        if not state.online:
            self._live_until = now
            return
        hall = self._hall.heard(state, now)
        if hall == self._hall:
            return  # an old one delivered again
        self._hall = hall
        self._live_until = now + HEARTBEAT_LOST_AFTER
        if self._is_paused:
            self.link_up(now)
        self._fill(now)

    def _heard_answer(self, answer: Answer, now: Ms) -> None:
        said = self._said.pop(answer.request_id, None)
        waiting = said.waiting if said else self._backlog.pop(answer.request_id, None)
        if waiting is None:
            return
        if isinstance(answer, RequestRefused):
            kind = type(waiting.message).__name__
            self._log("kept_request_refused", level="warning", message=kind, reason=answer.reason, detail=answer.detail)
        self._journal.done(waiting.row)
        self._fill(now)

    def _fill(self, now: Ms) -> None:
        """Say the oldest ones that have not had their turn, as far as the window allows."""
        if not self._backlog or not self._is_live(now):
            return
        room = WINDOW - sum(one.sendings < PATIENCE for one in self._said.values())
        for name in list(self._backlog)[: max(0, room)]:
            self._say(self._backlog.pop(name), 0, now)

    def _say(self, waiting: Waiting, sendings: int, now: Ms) -> None:
        pause = min(LONGEST_PAUSE, FIRST_PAUSE << min(sendings, 8))
        self._said[waiting.message.request_id] = Said(waiting, sendings + 1, now + pause)
        stamp = waiting.message.stamp
        assert stamp is not None, "stamped when it was kept"
        age = now - stamp.monotonic_ms if stamp.boot == self._boot else None
        self._link.say(replace(waiting.message, stamp=replace(stamp, age_ms=age)))


def _reload(journal: Journal, topics: Topics, node: NodeName, log: Log) -> list[Waiting]:
    """What an earlier life has left. A row this version cannot read stays in the journal for one that can."""
    waiting = []
    for row, payload in journal.unfinished.items():
        try:
            waiting.append(Waiting(row, _message(payload, topics, node)))
        except (ContractError, msgspec.DecodeError, KeyError, TypeError) as error:
            log("journal_row_unreadable", level="error", row=row, error=str(error))
    if waiting:
        log("journal_reloaded", rows=len(waiting))
    return waiting


def _message(payload: bytes, topics: Topics, node: NodeName) -> Kept:
    kind = BY_NAME[msgspec.json.decode(payload)["message"]].message
    message = decode(topics.up(node, kind), payload)
    if not isinstance(message, Kept) or message.stamp is None:
        raise TypeError(f"a {type(message).__name__} is nothing that is kept")
    return message
