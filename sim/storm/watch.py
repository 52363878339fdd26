"""Eyes on everything a storm must not spoil, while it blows: signs, pads, the service's words, each step of the hall."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

import words
from broker.rules.invariants import check, check_fully
from broker.service import Service
from contracts.values import CounterId, CounterPhase, HallTime, Ms, NodeName, TicketNo
from firmware.runtime.link import Arrived
from sim.hall import Hall
from sim.mqtt import Publication
from sim.storm.doors import connection_of
from sim.storm.secrets import Secrets
from sim.storm.setting import SECOND

LOOK_EVERY: Ms = 1 * SECOND
_QUIET, _RECONNECTED, _DEAD_MAN = 2 * SECOND, 5 * SECOND, 22 * SECOND
"""I10; and how long a sign may show a call as live when nobody can tell it better: 15 s, and 5 s for its own timeout."""
_PAD_GRACE: Ms = 10 * SECOND
_MOST_NAMED = 20
_UP, _DOWN = "/up/", "/down/"
_NEVER = HallTime(0)
_EVACUATION = tuple(words.text(f"wled.emergency.{page}").zh for page in (1, 2))
LOSING = "messages"
"""Single messages are being lost while the heartbeat gets through: until the connection ends nobody can know better."""


@dataclass(slots=True)
class Board:
    """The newest public state of a counter, and since when."""

    version: tuple[int, int]
    phase: str
    ticket: TicketNo | None
    since: Ms


@dataclass(slots=True)
class Announced:
    """The display node says that it announces a call; a ticket may be called more than once at a counter."""

    at: Ms
    counter: str
    call: str
    announcement: int


@dataclass(slots=True)
class Watch:
    """What was seen; ``problems`` is empty after a good day. ``called`` is told what a sign calls."""

    hall: Hall
    called: Callable[[CounterId, TicketNo], None]
    problems: list[str] = field(default_factory=list)
    boards: dict[CounterId, Board] = field(default_factory=dict)
    announcements: dict[tuple[str, str, int], Ms] = field(default_factory=dict)
    """When each announcement was first published."""
    spoken: list[Announced] = field(default_factory=list)
    handled: Counter[tuple[str, bytes, int]] = field(default_factory=Counter)
    spoilt: Counter[str] = field(default_factory=Counter)
    """What a strike has in its hands at the moment: a client's path, a bus, a sign."""
    beats: list[tuple[Ms, HallTime]] = field(default_factory=list)
    is_saying_again: bool = False
    is_calm: bool = False
    checks: int = 0
    windows: dict[CounterId, tuple[str, Ms]] = field(default_factory=dict)
    """The last session each pad was to ask about, and until when of virtual time."""
    alarm_since: Ms | None = None
    """Since when everybody has to leave, if they have to (HALL-8.2)."""
    has_jumped: bool = False
    """The hall clock has jumped today: until when a pad may ask is anybody's guess."""
    _fair_since: Ms = 0
    _fair: bool = True
    """At the last look."""
    _is_back: bool = False
    """Whether this is the first look at which it is fair again."""
    _beat_at: Ms = 0
    _said: dict[str, bytes] = field(default_factory=dict)
    _hall_now: HallTime = _NEVER
    _texts: dict[CounterId, tuple[Any, str]] = field(default_factory=dict)
    _asking: dict[CounterId, list[int]] = field(default_factory=dict)
    _wrong_since: dict[CounterId, Ms] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _secrets: Secrets = field(init=False)

    def __post_init__(self) -> None:
        self._secrets = Secrets(self.hall.config)

    def wrong(self, what: str) -> None:
        """Note a broken promise, once."""
        head = what if len(what) < 90 else what[:90]  # noqa: PLR2004 -- one of a kind is enough
        if head not in self._known and len(self.problems) < _MOST_NAMED:
            self._known.add(head)
            self.problems.append(f"{self.hall.scheduler.now / 1000:.1f} s: {what}")

    # --- The service -----------------------------------------------------------------------------------------------------

    def step(self, service: Service[Arrived]) -> None:
        """After everything the service has done: the local invariants."""
        self.checks += 1
        for broken in check(service.hall):
            self.wrong(broken)

    def mended(self, what: str) -> None:
        """A strike is over, perhaps a short one between two looks: a sign has its time from now on to show what is right."""
        if what.startswith("sign "):
            self._wrong_since[CounterId(what.removeprefix("sign "))] = self.hall.scheduler.now

    def look_fully(self) -> None:
        """Every ticket of the hall."""
        service = self.hall.service.service
        if service is not None:
            for broken in check_fully(service.hall):
                self.wrong(broken)

    def says(self, topic: str, payload: bytes) -> None:
        """The service says what the state is now: the newest of each counter, and the hall clock."""
        kind = topic.split("/")[3:]
        self._said[topic] = payload
        if kind[:2] == ["board", "counter"]:
            self._board(CounterId(kind[2]), msgspec.json.decode(payload))
        elif kind == ["board", "hall"]:
            self._hall_board(msgspec.json.decode(payload))
        elif kind == ["service", "state"]:
            self._beat(msgspec.json.decode(payload))
        elif kind[0] == "desk":
            self._desk(CounterId(kind[1]), msgspec.json.decode(payload))

    def look_at_the_server(self) -> None:
        """When all is calm the server has everything that stands, whatever it had forgotten (design rule 4)."""
        for topic, payload in self._said.items():
            if not topic.endswith("service/state") and self.hall.server.retained.get(topic) != payload:
                self.wrong(f"I10: the server does not have {topic} as the service said it last")

    def _board(self, counter: CounterId, said: dict[str, Any]) -> None:
        version = said["epoch"], said["fact"]
        before = self.boards.get(counter)
        if before is not None and version < before.version:
            self.wrong(f"I10: {counter} was published with version {version} after {before.version}")
        phase, ticket = said["phase"], said.get("ticket")
        if before is None or (before.phase, before.ticket) != (phase, ticket):
            self.boards[counter] = Board(version, phase, ticket, self.hall.scheduler.now)
        else:
            before.version = version
        if phase == CounterPhase.CALLED.value and ticket is not None:
            self.announcements.setdefault((counter, said["call"], said["announcement"]), self.hall.scheduler.now)

    def _hall_board(self, said: dict[str, Any]) -> None:
        if said["emergency"] and self.alarm_since is None:
            self.alarm_since = self.hall.scheduler.now
        elif not said["emergency"] and self.alarm_since is not None:
            self.alarm_since, self._fair_since = None, self.hall.scheduler.now

    def _beat(self, said: dict[str, Any]) -> None:
        hall_now = HallTime(said["hall_now"])
        if hall_now < self._hall_now and said["online"]:
            self.wrong(f"I11: the hall clock went back by {self._hall_now - hall_now} ms")
        self._hall_now = max(self._hall_now, hall_now)
        self._beat_at = self.hall.scheduler.now
        if said["online"]:
            self.beats.append((self.hall.scheduler.now, hall_now))

    def _desk(self, counter: CounterId, said: dict[str, Any]) -> None:
        if said.get("arm_until") is not None:
            self.windows[counter] = said["session"], said["arm_until"] - self._hall_now + self._beat_at

    def acknowledged(self, client: str, topic: str, payload: bytes) -> None:
        """The server takes an acknowledgement: the service must have dealt with that very message."""
        connection = connection_of(self.hall.service)
        if connection is None or client != connection.client_id:
            return
        key = topic, payload, connection.number
        if self.handled[key] < 1:
            self.wrong(f"order: {topic} was acknowledged although nobody had dealt with it on this connection")
        else:
            self.handled[key] -= 1

    def published(self, publication: Publication) -> None:
        """Whatever is said to more than one node; requests and answers are between a node and the service (I16)."""
        topic, payload = publication.topic, publication.payload or b""
        if _UP not in topic and _DOWN not in topic and self._secrets.told_in(payload.decode("utf-8", "replace")):
            self.wrong(f"I16: a secret is told on {topic}")

    def logged(self, who: str, event: str, fields: dict[str, Any]) -> None:
        """A line of somebody's log."""
        if self._secrets.told_in(str(fields)):
            self.wrong(f"I16: the log of {who} tells a secret at {event}")
        if event == "announced" and "ticket" in fields:  # news of the whole hall name nobody
            self.spoken.append(Announced(self.hall.scheduler.now, fields["counter"], fields["call"], fields["announcement"]))
        elif event in {"request_undecidable", "time_undecidable", "time_stands_still", "node_state_undecidable"}:
            self.wrong(f"I14: {who}: {event}: {fields.get('error', '')}")

    # --- Signs and pads --------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Look at every sign and every pad."""
        now = self.hall.scheduler.now
        was_fair, self._fair = self._fair, self._is_fair()
        self._is_back = self._fair and not was_fair
        if not self._fair:
            self._fair_since = now
        for display in self.hall.furnished.displays.values():
            for counter, sign in display.signs.items():
                text = self._text(counter, sign, now)
                self._sign(counter, text, now)
        for counter, pad in self.hall.furnished.pads.items():
            self._pad(counter, pad.node, pad.lit())

    def _is_fair(self) -> bool:
        """Whether what the service has decided can reach the signs' bus at this moment."""
        host, display = self.hall.service, self.hall.nodes[NodeName("LED-00")]
        if host.service is None or display.node is None:
            return False
        if any(self.spoilt[what] for what in ("service", "LED-00", "LED-00/rs485-1", "clock")):
            return False
        return bool(connection_of(host).is_up and connection_of(display).is_up)

    def _text(self, counter: CounterId, sign: Any, now: Ms) -> str:
        shown = [one.area for one in sign.shown(now)]
        known = self._texts.get(counter)
        if known is not None and known[0] == shown:
            return known[1]
        text = sign.text(now)
        self._texts[counter] = shown, text
        return str(text)

    def _sign(self, counter: CounterId, text: str, now: Ms) -> None:
        board = self.boards.get(counter)
        called = text[1:-2] if text.startswith("请") and text.endswith("办理") else None
        if called is not None:
            self.called(counter, TicketNo(called))
        if board is None:
            return
        if self.alarm_since is not None:
            self._evacuates(counter, text, now, self.alarm_since)
            return
        is_right = board.ticket is None or board.ticket in text
        is_live = board.phase == CounterPhase.CALLED.value and called == board.ticket
        if self.spoilt[f"sign {counter}"] or self.spoilt[LOSING]:
            self._wrong_since[counter] = now
        elif called is not None and not is_live and self._is_dead_man(now, counter, board):
            self.wrong(f"I10: the sign of {counter} calls {called} {(now - board.since) / 1000:.0f} s after that was over")
        if is_right and (called is None or is_live):
            return
        since = max(board.since + _QUIET, self._fair_since + _RECONNECTED, self._wrong_since.get(counter, 0) + _RECONNECTED)
        if now > since + LOOK_EVERY:
            self.wrong(f"I10: the sign of {counter} says {text!r}, but it is {board.phase} {board.ticket}")

    def _is_dead_man(self, now: Ms, counter: CounterId, board: Board) -> bool:
        """Too long for a sign nobody can tell better; but not in the moment in which the service has just come back to it.

        What was under way before the silence arrives first then, and is overtaken by what came after it.
        """
        wrong_for = now - max(board.since, self._wrong_since.get(counter, 0))
        return wrong_for > _DEAD_MAN and not self._is_back

    def _evacuates(self, counter: CounterId, text: str, now: Ms, since: Ms) -> None:
        """In an emergency every sign says the way out, and nobody's number (HALL-8.2)."""
        if self.spoilt[f"sign {counter}"] or self.spoilt[LOSING]:
            self._wrong_since[counter] = now
        since = max(since + _QUIET, self._fair_since + _RECONNECTED, self._wrong_since.get(counter, 0) + _RECONNECTED)
        if text not in _EVACUATION and now > since + LOOK_EVERY:
            self.wrong(f"I10: the sign of {counter} says {text!r} in an emergency")

    def _pad(self, counter: CounterId, node: NodeName, lit: list[int]) -> None:
        """A pad goes on by itself when nobody talks to it, so it has to end by itself too, whatever is broken elsewhere."""
        before = self._asking.get(counter, [])
        window = self.windows.get(counter)
        if len(lit) > 1 and len(before) > 1 and window is not None and not self.has_jumped:
            late = self.hall.scheduler.now - window[1]
            if late > _PAD_GRACE:
                self.wrong(f"I6: the pad {node} asks {late / 1000:.0f} s after its window has closed")
        self._asking[counter] = lit
