"""The MQTT server, the network to it, and messages lost, late, doubled or said again."""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from contracts.values import NodeName
from sim.mqtt import Publication
from sim.storm.hand import Hand
from sim.storm.setting import MINUTE, SECOND
from sim.storm.watch import LOSING
from sim.storm.weather import SERVICE, Strike


def _server_stops(hand: Hand, one: Strike, *, with_memory: bool) -> None:
    if hand.hall.server.is_up:
        hand.hall.server.stop(with_memory=with_memory)
        hand.for_a_while(one, hand.hall.server.start, SERVICE)


def server_restarts(hand: Hand, one: Strike, _dice: random.Random) -> None:
    """The MQTT server stops and comes back with its store."""
    _server_stops(hand, one, with_memory=True)


def server_forgets(hand: Hand, one: Strike, _dice: random.Random) -> None:
    """The MQTT server stops and comes back without its store."""
    _server_stops(hand, one, with_memory=False)


def _cut(hand: Hand, one: Strike, dice: random.Random, *, up: bool = True, down: bool = True) -> None:
    client = hand.client(one.target)
    hand.hall.server.cut(client, notice_after=dice.randint(1 * SECOND, 15 * SECOND), up=up, down=down)
    hand.for_a_while(one, lambda: hand.hall.server.mend(client), one.target)


def cut_both_ways(hand: Hand, one: Strike, dice: random.Random) -> None:
    """Nothing gets through; who is cut off notices late."""
    _cut(hand, one, dice)


def cut_one_way(hand: Hand, one: Strike, dice: random.Random) -> None:
    """A node speaks but does not hear, or hears but does not speak."""
    up = dice.random() < 0.5  # noqa: PLR2004 -- either way
    _cut(hand, one, dice, up=up, down=not up)


def kiosk_alone(hand: Hand, one: Strike, dice: random.Random) -> None:
    """A machine that hears nobody, whose power flickers, while people press on."""
    node, scheduler = NodeName("TM-01"), hand.hall.scheduler
    longer = replace(one, target=str(node), lasts=one.lasts + 30 * SECOND)
    _cut(hand, longer, dice)

    def flicker() -> None:
        if not hand.is_calm:
            hand.hall.nodes[node].kill()

    for part in range(1, 4):
        scheduler.after(longer.lasts * part // 5, partial(hand.hall.kiosk().press, dice.choice("AB")))
        if part != 1 or dice.random() < 0.5:  # noqa: PLR2004 -- sometimes it has given numbers before
            scheduler.after(longer.lasts * part // 5 + dice.randint(100, 4_000), flicker)


def display_alone(hand: Hand, one: Strike, dice: random.Random) -> None:
    """The signs hear nothing for a while, and calls of that time are still under way when they hear again."""
    longer = replace(one, target="LED-00", lasts=one.lasts + 20 * SECOND)
    _cut(hand, longer, dice)
    hand.people.dawdle(hand.hall.scheduler.now + longer.lasts + 8 * SECOND)


def slow(hand: Hand, one: Strike, dice: random.Random) -> None:
    """Every message takes its time, of its own each."""
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


def doubled(hand: Hand, one: Strike, dice: random.Random) -> None:
    """Every other message arrives twice."""
    _copies(hand, one, lambda _publication: 1 + (dice.random() < 0.5))  # noqa: PLR2004 -- every other one


def lost(hand: Hand, one: Strike, dice: random.Random) -> None:
    """Messages are lost, as when a server dies that had taken them; the connection ends in the end, so all is said again."""
    _copies(hand, one, lambda _publication: int(dice.random() < 0.7))  # noqa: PLR2004 -- three of ten
    hand.for_a_while(one, lambda: None, LOSING)


def _say_again(hand: Hand, publication: Publication) -> None:
    """Deliver once more what was delivered before; the server's own memory of it stays as it is."""
    if hand.hall.server.is_up:
        hand.watch.is_saying_again = True
        hand.hall.server.publish(Publication(publication.topic, publication.payload))
        hand.watch.is_saying_again = False


def said_again(hand: Hand, _one: Strike, dice: random.Random) -> None:
    """Some of what was said lately is delivered once more."""
    for publication in dice.sample(hand.said, min(len(hand.said), dice.randint(1, 30))):
        _say_again(hand, publication)


def late(hand: Hand, one: Strike, dice: random.Random) -> None:
    """Much of what was said lately comes again, much later, in another order."""
    for publication in dice.sample(hand.said, min(len(hand.said), 10)):
        after = dice.randint(1 * SECOND, dice.choice((one.lasts + 2 * SECOND, 60 * MINUTE)))
        hand.hall.scheduler.after(after, partial(_say_again, hand, publication))
