"""The rules service in virtual time, asked in messages: everything said goes through the codec, everything kept into SQL.

The nodes of this house are scripted: whoever acts hands in the request a node would send, and reads the retained states a
node would hear. After everything the service has done, the invariants of the hall are checked.
"""

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from msgspec.structs import replace

from broker.archive import Chained
from broker.chain import Row
from broker.config import load
from broker.identity_keys import MemoryKeys
from broker.opening import in_memory
from broker.rows import unpack
from broker.rules.estimate.state import next_morning
from broker.rules.facts import LearnedTime, Recorded
from broker.rules.hall import Hall
from broker.rules.invariants import check, check_fully
from broker.service import Service
from broker.store import Store
from broker.verify import verify
from contracts import messages as m
from contracts.codec import decode, encode
from contracts.topics import Topics
from contracts.values import BootId, HallTime, Ms, NodeName, Refusal, RequestId
from firmware.runtime.link import Arrived
from sim.clock import Alarm, ManualClock, Scheduler
from sim.eventlog import EventLog

Kind = TypeVar("Kind", bound=m.Request)

_LOOK_FULLY_EVERY: Ms = 10 * 60_000
_MOST_VIOLATIONS = 50
_UNHEARD = "/service/state"


class House:
    """A hall's service from ``start`` on. ``say`` of :attr:`heard` is called with every state it publishes.

    ``is_checked`` false leaves the invariants out, for comparisons of many days whose code is checked elsewhere.
    """

    def __init__(self, text: str, *, seed: int, start: HallTime, is_checked: bool = True) -> None:
        self.config = load(text, "hall.toml")
        self.scheduler = Scheduler(ManualClock(start))
        self._origin = start
        self.events = EventLog(lambda: self.scheduler.now, is_kept=False)
        self.heard: list[Callable[[m.Message], None]] = []
        self.states: dict[str, m.Message] = {}
        """The last state of every topic that was decoded: boards, desks, the hall, tasks."""
        self.violations: list[str] = []
        self.checks = 0
        self.refusals: Counter[str] = Counter()
        """How often what was refused why: ``CallNextRequested nobody_waiting``."""
        self.lives = 0
        self.experience: tuple[LearnedTime, ...] = ()
        """What the hall has learned of its times before it is first started here."""
        self._text = text
        self._draw = random.Random(f"house/{seed}")
        self._is_checked = is_checked
        self._looked_fully_at: Ms = 0
        self._looked_at_fact = -1
        self._is_cut = False
        self._kept: list[tuple[str, m.Kept, HallTime]] = []
        self.after_the_cut: list[m.Message | None] = []
        """The answers to what was kept while the server was down; each was sent twice."""
        self._database = in_memory()
        self._keys = MemoryKeys(random.Random(f"{seed}/identity").randbytes)
        self._boots: dict[str, BootId] = {}
        self._seq: Counter[str] = Counter()
        self._answers: dict[RequestId, list[m.Message]] = {}
        self.orders: dict[NodeName, list[m.TicketIssued]] = {}
        """Papers ordered from each machine, answers to presses among them."""
        self._waking = Alarm(self.scheduler, self._wake)
        self._service: Service[Arrived] | None = None
        self._store: Store
        self.topics = Topics(self.config.hall.id)

    # --- The service's life ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the service on what is stored."""
        self.lives += 1
        key = hashlib.sha256(b"card key of a simulated day").digest()
        self._store = Store(self._database)
        self._service = Service(
            self._store,
            _Link(self._hear),
            self._text,
            boot=BootId(f"{self._draw.getrandbits(64):016x}"),
            card_key=key,
            keys=self._keys,
            entropy=self._draw.randbytes,
            log=self.events.log_of("service"),
        )
        if self.lives == 1:
            self._service.hall.learning = next_morning(self.experience)
        self._service.begin(self.now)
        self._service.connected(self.now)
        self._settle()

    def kill(self) -> None:
        """End the service as kill -9 does; what was stored is there."""
        self._service = None
        self._waking.set(None)

    def close(self) -> None:
        """Give the database back."""
        self.kill()
        self._database.close()

    @property
    def is_up(self) -> bool:
        """Whether the service runs."""
        return self._service is not None

    @property
    def hall(self) -> Hall:
        """The hall inside, for whoever checks; people read :attr:`states`."""
        assert self._service is not None, "the service is down"
        return self._service.hall

    # --- Time ------------------------------------------------------------------------------------------------------------

    @property
    def now(self) -> HallTime:
        """Civil time."""
        return self.scheduler.clock.wall_ms()

    def at(self, when: HallTime, what: Callable[[], None]) -> None:
        """Do this at an instant, or at once if it has passed."""
        self.scheduler.at(when - self._origin, what)

    def run_until(self, when: HallTime) -> None:
        """Let everything happen that is due up to and including this instant."""
        self.scheduler.run_until(when - self._origin)

    def _wake(self) -> None:
        if self._service is not None:
            self._service.wake(self.now)
            self._settle()

    def _settle(self) -> None:
        assert self._service is not None
        self._look(self._service.hall, self._store.head.number)
        self._waking.set(self.scheduler.now + max(0, self._service.wake_at - self._service.hall_now))

    def _look(self, hall: Hall, facts: int) -> None:
        """Look at the hall, unless nothing was stored since the last look: only facts change it."""
        if not self._is_checked or facts == self._looked_at_fact:
            return
        self._looked_at_fact = facts
        fully = self.scheduler.now - self._looked_fully_at >= _LOOK_FULLY_EVERY
        if fully:
            self._looked_fully_at = self.scheduler.now
        self.checks += 1
        for broken in check_fully(hall) if fully else check(hall):
            self.wrong(broken)

    def wrong(self, what: str) -> None:
        """Note a broken promise, each once."""
        if what not in self.violations and len(self.violations) < _MOST_VIOLATIONS:
            self.violations.append(what)

    # --- Asking ----------------------------------------------------------------------------------------------------------

    def born(self, *nodes: str) -> None:
        """These nodes start."""
        for name in nodes:
            self._boots[name] = BootId(f"{self._draw.getrandbits(64):016x}")
            self.tell_state(name, online=True)

    def tell_state(self, name: str, *, online: bool) -> None:
        """A node's birth, its coming back in the same life, or its last will."""
        node = NodeName(name)
        state = m.NodeState(node=node, boot=self._boots[name], online=online)
        self._hand_in(self.topics.node_state(node), state)

    def request(self, node: str, kind: type[Kind], /, **fields: Any) -> Kind:
        """A request of this node under the next id of its life."""
        self._seq[node] += 1
        return kind(request_id=RequestId(f"{node}/{self._boots[node]}/{self._seq[node]}"), **fields)

    def ask(self, node: str, kind: type[m.Request], /, **fields: Any) -> m.Message | None:
        """Let a node ask; the first answer to it, ``None`` if there is none (or no service)."""
        return self.send(node, self.request(node, kind, **fields))

    def send(self, node: str, request: m.Request) -> m.Message | None:
        """Hand in a request made before, perhaps once more. What is kept waits while the server is down."""
        if self._is_cut and isinstance(request, m.Kept):
            self._kept.append((node, request, self.now))
            return None
        self._hand_in(self.topics.up(NodeName(node), type(request)), request)
        answers = self._answers.pop(request.request_id, [])
        answer = answers[0] if answers else None
        if isinstance(answer, m.RequestRefused | m.RatingRefused):
            self.refusals[f"{type(request).__name__} {answer.reason.value}"] += 1
        return answer

    def _hand_in(self, topic: str, message: m.Message) -> None:
        payload = encode(message)
        self.events.note("node", f"{topic} {payload.decode()}")
        if self._service is not None and not self._is_cut:
            self._service.handle([Arrived(topic, payload, retained=False, mid=0, connection=0)], self.now)
            self._settle()

    def boot(self, node: str) -> BootId:
        """The boot id of a node's present life."""
        return self._boots[node]

    def cut_off(self, *, lasts: Ms) -> None:
        """The MQTT server is down for so long: the service lives, hears nothing, and is heard by nobody."""
        self._is_cut = True
        self.scheduler.after(lasts, self._mended)

    def _mended(self) -> None:
        self._is_cut = False
        if self._service is not None:
            self._service.connected(self.now)
            self._settle()
        kept, self._kept = self._kept, []
        for node, request, at in kept:
            stamp = m.Stamp(boot=self._boots[node], monotonic_ms=at, wall_at=at, age_ms=self.now - at)
            for _ in range(2):  # the answer to the first sending was lost
                self.after_the_cut.append(self.send(node, replace(request, stamp=stamp)))

    # --- Hearing ---------------------------------------------------------------------------------------------------------

    def _hear(self, topic: str, payload: bytes) -> None:
        """Everything the service says is heard at once by whoever listens; heartbeats by nobody here."""
        self.events.note("service", f"{topic} {payload.decode()}")
        if self._is_cut or not payload or topic.endswith(_UNHEARD):
            return
        message = decode(topic, payload)
        if isinstance(message, m.TicketIssued):
            self.orders.setdefault(NodeName(topic.split("/")[4]), []).append(message)
            if message.request_id is not None:
                self._answers.setdefault(message.request_id, []).append(message)
        elif isinstance(message, m.Answer):
            self._answers.setdefault(message.request_id, []).append(message)
        elif isinstance(message, m.Settings):
            self.states[topic] = message
        else:
            self.states[topic] = message
            for listener in self.heard:
                listener(message)

    # --- What was stored -------------------------------------------------------------------------------------------------

    def facts(self, after: int = 0) -> Iterator[Recorded]:
        """Everything that is stored, in order."""
        query = "SELECT number, at, request_id, kind, body FROM facts WHERE number > ? ORDER BY number"
        for values in self._database.execute(query, (after,)):
            yield unpack(Row(*values))

    def prove(self) -> None:
        """Recompute everything from the stored facts; each difference is a violation."""
        report = verify(Chained(self._database))
        for difference in report.differences:
            self.wrong(f"verify: {difference}")


class _Link:
    """The service's way out: taken at once, always."""

    def __init__(self, hear: Callable[[str, bytes], None]) -> None:
        self._hear = hear

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> bool:  # noqa: ARG002 -- whoever listens hears it now
        """Say it."""
        self._hear(topic, payload)
        return True

    def ack(self, _item: Arrived) -> bool:
        """Nothing comes twice here."""
        return True

    def close(self, farewell: m.ServiceState) -> None:
        """The simulated service is killed, it never says goodbye."""


def refused(answer: m.Message | None) -> Refusal | None:
    """Why it was not done, if the asker was told so."""
    return answer.reason if isinstance(answer, m.RequestRefused | m.RatingRefused) else None
