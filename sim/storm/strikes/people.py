"""Mad nodes, strangers and rubbish on the MQTT server; staff at their work; an alarm."""

import random

from contracts.codec import encode
from contracts.messages import NodeState
from contracts.values import BootId, CounterId, NodeName
from sim.mqtt import Publication
from sim.storm.hand import Hand
from sim.storm.weather import Strike


def flood(hand: Hand, _one: Strike, dice: random.Random) -> None:
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


def strangers(hand: Hand, _one: Strike, dice: random.Random) -> None:
    """Nodes nobody has declared, under ever new names and boots."""
    root = f"hall/v1/{hand.hall.id}"
    for _ in range(dice.choice((5, 60, 300))):
        name = dice.choice(("TM-99", "X", f"S-{dice.randrange(1000)}"))
        state = NodeState(node=NodeName(name), boot=BootId(f"{dice.getrandbits(64):016x}"), online=True, room="kiosk")
        hand.hall.server.publish(Publication(f"{root}/node/{name}/state", encode(state)))


def rubbish(hand: Hand, _one: Strike, dice: random.Random) -> None:
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


def staff_at_work(hand: Hand, _one: Strike, dice: random.Random) -> None:
    """Guide or duty leader do something of their day."""
    hand.people.work(dice)


def emergency(hand: Hand, one: Strike, _dice: random.Random) -> None:
    """Everybody leaves, and comes back (HALL-8.2)."""
    hand.people.alarm(on=True)
    hand.for_a_while(one, lambda: hand.people.alarm(on=False))
