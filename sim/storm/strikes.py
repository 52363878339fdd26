"""How each kind of fault is done to a simulated hall, and undone when its time is over. The kinds stand in ``KINDS``.

A strike never raises: what is dead already cannot be killed, what is unplugged cannot be unplugged. Everything it leaves
open it draws from its own dice.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from contracts.codec import encode
from contracts.messages import NodeState
from contracts.values import BootId, CounterId, Ms, NodeName
from firmware.runtime.journal import MAX_BYTES
from sim.furniture import Counter
from sim.hall import Hall
from sim.mqtt import Publication
from sim.mqtt_network import Path
from sim.storm.doors import Doorway, connection_of
from sim.storm.setting import MINUTE, SECOND
from sim.storm.watch import LOSING, Watch
from sim.storm.weather import SERVICE, Strike

_NEW_ROLL_TAKES: Ms = 8 * SECOND


@dataclass(frozen=True, slots=True)
class People:
    """What fate can make the people of the hall do."""

    work: Callable[[random.Random], None]
    """Guide or duty leader do something of their day."""
    dawdle: Callable[[Ms], None]
    """Clerks who have called somebody do something else until then."""
    alarm: Callable[..., None]
    """``alarm(on=True)``: everybody has to leave; ``on=False``: they may come back."""


class Hand:
    """The hand of fate in one hall."""

    def __init__(
        self,
        hall: Hall,
        watch: Watch,
        doorways: dict[NodeName, Doorway],
        people: People,
    ) -> None:
        self.hall = hall
        self.watch = watch
        self.doorways = doorways
        self.people = people
        self.is_calm = False
        self.said: list[Publication] = []
        """What was said lately, to be said again."""
        self._undo: dict[int, Callable[[], None]] = {}

    def strike(self, one: Strike) -> None:
        """Let it happen, now."""
        if not self.is_calm:
            KINDS[one.kind](self, one, random.Random(one.dice))

    def hear(self, publication: Publication) -> None:
        """Remember what is said, except what is said again."""
        if not self.watch.is_saying_again:
            self.said.append(publication)
            if len(self.said) > 400:  # noqa: PLR2004 -- some minutes
                del self.said[:200]

    def calm(self) -> None:
        """Put everything right."""
        self.is_calm = True
        for undo in list(self._undo.values()):
            undo()
        self.watch.spoilt.clear()
        for doorway in self.doorways.values():
            doorway.left = None
        self.hall.service.die_at = None
        self.hall.service.clock.wall_error = 0
        if not self.hall.server.is_up:
            self.hall.server.start()
        self.revive()

    def revive(self) -> None:
        """Systemd starts whatever is dead."""
        if self.hall.service.service is None:
            self.hall.service.start()
        for host in self.hall.nodes.values():
            if host.node is None:
                host.start()

    def for_a_while(self, one: Strike, undo: Callable[[], None], *spoils: str) -> None:
        """Undo it when its time is over; until then these are spoilt."""
        for what in spoils:
            self.watch.spoilt[what] += 1
        key = len(self._undo)
        while key in self._undo:
            key += 1

        def put_right() -> None:
            if self._undo.pop(key, None) is not None:
                undo()
                for what in spoils:
                    self.watch.spoilt[what] -= 1
                    self.watch.mended(what)

        self._undo[key] = put_right
        self.hall.scheduler.after(max(1, one.lasts), put_right)

    def client(self, target: str) -> str:
        """The MQTT client of a node or the service."""
        host: Any = self.hall.service if target == SERVICE else self.hall.nodes[NodeName(target)]
        return str(connection_of(host).client_id)

    def path(self, target: str) -> Path:
        """The network between a node, or the service, and the server."""
        return self.hall.server.path(self.client(target))

    def tend(self) -> None:
        """What systemd does: start again what has died. Called every second."""
        if self.is_calm:
            return
        host = self.hall.service
        if host.service is None and not self.watch.spoilt["service down"]:
            host.start()
        for name, node in self.hall.nodes.items():
            if node.node is None and not self.watch.spoilt[f"down {name}"]:
                node.start()


# --- Processes -----------------------------------------------------------------------------------------------------------


def _node_killed(hand: Hand, one: Strike, _dice: random.Random) -> None:
    hand.hall.nodes[NodeName(one.target)].kill()
    hand.for_a_while(one, lambda: None, f"down {one.target}")


def _node_without_power(hand: Hand, one: Strike, dice: random.Random) -> None:
    host = hand.hall.nodes[NodeName(one.target)]
    host.kill()
    if dice.random() < 0.5:  # noqa: PLR2004 -- half of them have no battery: their clock begins in 1970 or last summer
        host.clock.wall_error = dice.choice((-1_773_000_000_000, -200 * 86_400_000))

    def back() -> None:
        if host.node is None:
            host.clock.power_on()

    hand.for_a_while(one, back, f"down {one.target}")


def _node_dies_in_a_step(hand: Hand, one: Strike, dice: random.Random) -> None:
    hand.doorways[NodeName(one.target)].die_after(dice.randint(0, 12))


def _service_killed(hand: Hand, one: Strike, _dice: random.Random) -> None:
    hand.hall.service.kill()
    hand.for_a_while(one, lambda: None, "service down")


def _service_dies_at_a_milestone(hand: Hand, _one: Strike, dice: random.Random) -> None:
    hand.hall.service.die_at = dice.choice(("before_commit", "after_commit", "after_publish"))


# --- The network ---------------------------------------------------------------------------------------------------------


def _server_stops(hand: Hand, one: Strike, *, with_memory: bool) -> None:
    if hand.hall.server.is_up:
        hand.hall.server.stop(with_memory=with_memory)
        hand.for_a_while(one, hand.hall.server.start, SERVICE)


def _server_restarts(hand: Hand, one: Strike, _dice: random.Random) -> None:
    _server_stops(hand, one, with_memory=True)


def _server_forgets(hand: Hand, one: Strike, _dice: random.Random) -> None:
    _server_stops(hand, one, with_memory=False)


def _cut(hand: Hand, one: Strike, dice: random.Random, *, up: bool = True, down: bool = True) -> None:
    client = hand.client(one.target)
    hand.hall.server.cut(client, notice_after=dice.randint(1 * SECOND, 15 * SECOND), up=up, down=down)
    hand.for_a_while(one, lambda: hand.hall.server.mend(client), one.target)


def _cut_both_ways(hand: Hand, one: Strike, dice: random.Random) -> None:
    _cut(hand, one, dice)


def _cut_one_way(hand: Hand, one: Strike, dice: random.Random) -> None:
    up = dice.random() < 0.5  # noqa: PLR2004 -- either way
    _cut(hand, one, dice, up=up, down=not up)


def _kiosk_alone(hand: Hand, one: Strike, dice: random.Random) -> None:
    """A machine that hears nobody, whose power flickers, while people press on."""
    node, scheduler = NodeName("TM-01"), hand.hall.scheduler
    longer = replace(one, target=str(node), lasts=one.lasts + 30 * SECOND)
    _cut(hand, longer, dice)

    def flicker() -> None:
        hand.hall.nodes[node].kill()

    for part in range(1, 4):
        scheduler.after(longer.lasts * part // 5, partial(hand.hall.kiosk().press, dice.choice("AB")))
        if part != 1 or dice.random() < 0.5:  # noqa: PLR2004 -- sometimes it has given numbers before
            scheduler.after(longer.lasts * part // 5 + dice.randint(100, 4_000), flicker)


def _display_alone(hand: Hand, one: Strike, dice: random.Random) -> None:
    """The signs hear nothing for a while, and calls of that time are still under way when they hear again."""
    longer = replace(one, target="LED-00", lasts=one.lasts + 20 * SECOND)
    _cut(hand, longer, dice)
    hand.people.dawdle(hand.hall.scheduler.now + longer.lasts + 8 * SECOND)


def _slow(hand: Hand, one: Strike, dice: random.Random) -> None:
    path, most = hand.path(one.target), dice.choice((50, 500, 4_000))
    before, path.delay = path.delay, lambda _publication: dice.randint(1, most)

    def heal() -> None:
        path.delay = before

    hand.for_a_while(one, heal, one.target)


def _copies(hand: Hand, one: Strike, copies: Callable[[Publication], int]) -> None:
    path, client = hand.path(one.target), hand.client(one.target)
    before, path.copies = path.copies, copies

    def heal() -> None:
        path.copies = before
        hand.hall.server.cut(client, notice_after=1)
        hand.hall.scheduler.after(2, lambda: hand.hall.server.mend(client))

    hand.for_a_while(one, heal, one.target)


def _doubled(hand: Hand, one: Strike, dice: random.Random) -> None:
    _copies(hand, one, lambda _publication: 1 + (dice.random() < 0.5))  # noqa: PLR2004 -- every other one


def _lost(hand: Hand, one: Strike, dice: random.Random) -> None:
    """Messages are lost, as when a server dies that had taken them; the connection ends in the end, so all is said again."""
    _copies(hand, one, lambda _publication: int(dice.random() < 0.7))  # noqa: PLR2004 -- three of ten
    hand.for_a_while(one, lambda: None, LOSING)


def _say_again(hand: Hand, publication: Publication) -> None:
    """Deliver once more what was delivered before; the server's own memory of it stays as it is."""
    if hand.hall.server.is_up:
        hand.watch.is_saying_again = True
        hand.hall.server.publish(Publication(publication.topic, publication.payload))
        hand.watch.is_saying_again = False


def _said_again(hand: Hand, _one: Strike, dice: random.Random) -> None:
    for publication in dice.sample(hand.said, min(len(hand.said), dice.randint(1, 30))):
        _say_again(hand, publication)


def _late(hand: Hand, one: Strike, dice: random.Random) -> None:
    """Much of what was said lately comes again, much later, in another order."""
    for publication in dice.sample(hand.said, min(len(hand.said), 10)):
        after = dice.randint(1 * SECOND, dice.choice((one.lasts + 2 * SECOND, 60 * MINUTE)))
        hand.hall.scheduler.after(after, partial(_say_again, hand, publication))


# --- Disks and clocks ----------------------------------------------------------------------------------------------------


def _service_disk_full(hand: Hand, one: Strike, _dice: random.Random) -> None:
    database = hand.hall.service.database
    pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.execute(f"PRAGMA max_page_count = {pages}")
    hand.for_a_while(one, lambda: database.execute("PRAGMA max_page_count = 1073741823").fetchone(), SERVICE)


def _node_disk_full(hand: Hand, one: Strike, _dice: random.Random) -> None:
    host = hand.hall.nodes[NodeName(one.target)]

    def limit(size: int) -> None:
        if host.node is not None and host._journal is not None:  # noqa: SLF001 -- under the floor of the simulator
            host._journal._max_bytes = size  # noqa: SLF001 -- as above

    limit(1)
    hand.for_a_while(one, lambda: limit(MAX_BYTES))


def _node_clock_wrong(hand: Hand, one: Strike, dice: random.Random) -> None:
    clock = hand.hall.nodes[NodeName(one.target)].clock
    clock.wall_error += dice.choice((-1, 1)) * dice.choice((90 * SECOND, 60 * MINUTE, 400 * 24 * 60 * MINUTE))


def _service_clock_jumps(hand: Hand, one: Strike, dice: random.Random) -> None:
    """Back, as a wrong time server has it, or some minutes ahead."""
    hand.hall.service.clock.wall_error += dice.choice((-3_600, -90, -5, 3, 20)) * SECOND
    hand.watch.has_jumped = True
    hand.for_a_while(replace(one, lasts=30 * SECOND), lambda: None, "clock")


# --- Devices -------------------------------------------------------------------------------------------------------------


def _printer(hand: Hand, one: Strike, begin: Callable[[Any, Ms], None], end: Callable[[Any, Ms], None]) -> None:
    machine, scheduler = hand.hall.kiosk(), hand.hall.scheduler

    def handle(act: Callable[[Any, Ms], None]) -> None:
        act(machine.printer, scheduler.now)
        machine.printer_plug.settle()

    handle(begin)
    hand.for_a_while(one, lambda: handle(end))


def _paper_out(hand: Hand, one: Strike, dice: random.Random) -> None:
    """The roll comes to its end, and somebody puts in a new one if it has, which takes hands some time.

    A roll is not torn out while it prints, nor changed in the instant it ends.
    """
    lines, machine, scheduler = dice.randint(0, 40), hand.hall.kiosk(), hand.hall.scheduler

    def load() -> None:
        machine.printer.load_paper(scheduler.now)
        machine.printer_plug.settle()

    def renew(printer: Any, now: Ms) -> None:
        if printer.quirks.paper_out:
            scheduler.after(_NEW_ROLL_TAKES, load)
        else:
            printer.set_quirks(now, paper_out_after_lines=None)

    _printer(hand, one, lambda p, now: p.set_quirks(now, paper_out_after_lines=lines), renew)


def _printer_cover(hand: Hand, one: Strike, _dice: random.Random) -> None:
    _printer(hand, one, lambda p, now: p.open_cover(now), lambda p, now: p.close_cover(now))


def _printer_fails_meanwhile(hand: Hand, one: Strike, dice: random.Random) -> None:
    """Somebody presses, and while the answer is slow in coming the cover is opened: this number is on no paper."""
    path, scheduler = hand.path("TM-01"), hand.hall.scheduler
    before, path.delay = path.delay, lambda _publication: dice.randint(500, 700)

    def heal() -> None:
        path.delay = before

    hand.for_a_while(replace(one, lasts=one.lasts + 5 * SECOND), heal, "TM-01")
    hand.hall.kiosk().press(dice.choice("AB"))
    opens = replace(one, at=scheduler.now + dice.randint(20, 900), lasts=10 * SECOND)
    scheduler.at(opens.at, lambda: None if hand.is_calm else _printer_cover(hand, opens, dice))


def _printer_silent(hand: Hand, one: Strike, dice: random.Random) -> None:
    every = dice.choice((1, 2, 3))
    _printer(
        hand,
        one,
        lambda p, now: p.set_quirks(now, drop_reply_every=every),
        lambda p, now: p.set_quirks(now, drop_reply_every=0),
    )


def _printer_without_power(hand: Hand, one: Strike, _dice: random.Random) -> None:
    _printer(hand, one, lambda p, now: p.power_off(now), lambda p, now: p.power_on(now))


def _cutter_jammed(hand: Hand, one: Strike, _dice: random.Random) -> None:
    _printer(hand, one, lambda p, now: p.set_quirks(now, cutter_jammed=True), lambda p, now: p.free_cutter(now))


def _line_unplugged(hand: Hand, one: Strike, _dice: random.Random) -> None:
    line = hand.hall.world.lines[one.target]
    line.unplug()
    hand.for_a_while(one, line.replug, one.target)


def _sign_fails(hand: Hand, one: Strike, dice: random.Random) -> None:
    signs, scheduler = hand.hall.furnished.displays[NodeName("LED-00")], hand.hall.scheduler
    sign = signs.signs[CounterId(one.target)]
    wrong: dict[str, Any] = dice.choice(
        ({"dead": True}, {"dead": True}, {"unpowered": True}, {"nak_every": 2}, {"half_reply": True}, {"silent_for": 30})
    )
    well = {name: type(value)() for name, value in wrong.items()}
    sign.set_quirks(scheduler.now, **wrong)
    hand.for_a_while(one, lambda: sign.set_quirks(scheduler.now, **well), f"sign {one.target}")


def _bus_echoes(hand: Hand, one: Strike, _dice: random.Random) -> None:
    bus = hand.hall.furnished.displays[NodeName("LED-00")].buses["rs485-1"]

    def set_echo(*, echo: bool) -> None:
        bus.echo = echo

    set_echo(echo=True)
    hand.for_a_while(one, lambda: set_echo(echo=False), "LED-00/rs485-1")


def _key_stuck(hand: Hand, one: Strike, dice: random.Random) -> None:
    counter, key = hand.hall.counter(one.target), dice.choice(list(Counter.KEYS))
    counter.stick(key)
    hand.for_a_while(one, lambda: counter.free(key))


def _key_bounces(hand: Hand, _one: Strike, dice: random.Random) -> None:
    hand.hall.kiosk().press(dice.choice("AB"), bounce_ms=dice.randint(1, 100))


def _card_noise(hand: Hand, one: Strike, dice: random.Random) -> None:
    reader = hand.hall.clock().reader
    wrong: dict[str, Any] = dice.choice(({"bad_checksum": True}, {"cut_frames": True}, {"noise": dice.randbytes(5)}))
    reader.set_quirks(**wrong)
    hand.for_a_while(one, lambda: reader.set_quirks(**{name: type(value)() for name, value in wrong.items()}))


# --- Other people --------------------------------------------------------------------------------------------------------


def _flood(hand: Hand, _one: Strike, dice: random.Random) -> None:
    """A node of ours that has gone mad: hundreds of presses, or one rating again and again under new ids."""
    topics = hand.hall.service.service.topics if hand.hall.service.service is not None else None
    if topics is None:
        return
    node = dice.choice(("PAD-W01", "PAD-W02", "PAD-W03"))
    counter = CounterId(node.removeprefix("PAD-"))
    session = hand.watch.windows.get(counter, ("2026-03-10/A001/s1", 0))[0]
    boot = f"{dice.getrandbits(64):016x}"
    stamp = f'"boot":"{boot}","monotonic_ms":5,"wall_at":0,"age_ms":0'
    for number in range(dice.choice((3, 30, 300))):
        body = (
            f'{{"message":"RatingSubmitted","schema":1,"request_id":"{node}/{boot}/{number}","session":"{session}",'
            f'"level":{dice.randint(1, 5)},"stamp":{{{stamp}}}}}'
        )
        hand.hall.server.publish(Publication(f"{topics.root}/node/{node}/up/RatingSubmitted", body.encode()))


def _strangers(hand: Hand, _one: Strike, dice: random.Random) -> None:
    """Nodes nobody has declared, under ever new names and boots."""
    root = f"hall/v1/{hand.hall.id}"
    for _ in range(dice.choice((5, 60, 300))):
        name = dice.choice(("TM-99", "X", f"S-{dice.randrange(1000)}"))
        state = NodeState(node=NodeName(name), boot=BootId(f"{dice.getrandbits(64):016x}"), online=True, room="kiosk")
        hand.hall.server.publish(Publication(f"{root}/node/{name}/state", encode(state)))


def _rubbish(hand: Hand, _one: Strike, dice: random.Random) -> None:
    """Bytes that are no message, on every kind of topic; and messages with a byte changed."""
    root = f"hall/v1/{hand.hall.id}"
    places = (
        "node/TM-01/up/TicketRequested",
        "node/TM-01/down/TicketIssued",
        "board/counter/W01",
        "desk/W02",
        "service/state",
    )
    hand.watch.is_saying_again = True
    for _ in range(dice.randint(1, 40)):
        if hand.said and dice.random() < 0.5:  # noqa: PLR2004 -- half of each
            publication = dice.choice(hand.said)
            payload = bytearray(publication.payload or b"{}")
            payload[dice.randrange(len(payload))] = dice.choice(b'{}[]",:\x00\xff')
            hand.hall.server.publish(Publication(publication.topic, bytes(payload)))
        else:
            payload = bytearray(
                dice.choice((b"", b"{", b"null", b"[]", b'{"message":"X"}', dice.randbytes(40), b"[" * 9_000))
            )
            hand.hall.server.publish(Publication(f"{root}/{dice.choice(places)}", bytes(payload)))
    hand.watch.is_saying_again = False


def _staff_at_work(hand: Hand, _one: Strike, dice: random.Random) -> None:
    hand.people.work(dice)


def _emergency(hand: Hand, one: Strike, _dice: random.Random) -> None:
    """Everybody leaves, and comes back (HALL-8.2)."""
    hand.people.alarm(on=True)
    hand.for_a_while(one, lambda: hand.people.alarm(on=False))


KINDS: dict[str, Callable[[Hand, Strike, random.Random], None]] = {
    "node_killed": _node_killed,
    "node_without_power": _node_without_power,
    "node_dies_in_a_step": _node_dies_in_a_step,
    "service_killed": _service_killed,
    "service_dies_at_a_milestone": _service_dies_at_a_milestone,
    "server_restarts": _server_restarts,
    "server_forgets": _server_forgets,
    "cut": _cut_both_ways,
    "cut_one_way": _cut_one_way,
    "slow": _slow,
    "kiosk_alone": _kiosk_alone,
    "display_alone": _display_alone,
    "doubled": _doubled,
    "lost": _lost,
    "said_again": _said_again,
    "late": _late,
    "service_disk_full": _service_disk_full,
    "node_disk_full": _node_disk_full,
    "node_clock_wrong": _node_clock_wrong,
    "service_clock_jumps": _service_clock_jumps,
    "paper_out": _paper_out,
    "printer_cover": _printer_cover,
    "printer_fails_meanwhile": _printer_fails_meanwhile,
    "printer_silent": _printer_silent,
    "printer_without_power": _printer_without_power,
    "cutter_jammed": _cutter_jammed,
    "line_unplugged": _line_unplugged,
    "sign_fails": _sign_fails,
    "bus_echoes": _bus_echoes,
    "key_stuck": _key_stuck,
    "key_bounces": _key_bounces,
    "card_noise": _card_noise,
    "flood": _flood,
    "strangers": _strangers,
    "rubbish": _rubbish,
    "staff_at_work": _staff_at_work,
    "emergency": _emergency,
}
