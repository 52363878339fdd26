"""What is plugged into the nodes: printer, signs, keys, card reader and their lines."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contracts.values import CounterId, Ms, NodeName
from sim.furniture import Counter
from sim.storm.hand import Hand
from sim.storm.setting import SECOND
from sim.storm.weather import Strike


def _printer(hand: Hand, one: Strike, begin: Callable[[Any, Ms], None], end: Callable[[Any, Ms], None]) -> None:
    machine, scheduler = hand.hall.kiosk(), hand.hall.scheduler

    def handle(act: Callable[[Any, Ms], None]) -> None:
        act(machine.printer, scheduler.now)
        machine.printer_plug.settle()

    handle(begin)
    hand.for_a_while(one, lambda: handle(end))


def paper_out(hand: Hand, one: Strike, dice: random.Random) -> None:
    """The roll comes to its end, and somebody puts in a new one if it has."""
    lines = dice.randint(0, 40)
    end = hand.hall.kiosk().renew_roll
    _printer(hand, one, lambda p, now: p.set_quirks(now, paper_out_after_lines=lines), lambda _p, _now: end())


def printer_cover(hand: Hand, one: Strike, _dice: random.Random) -> None:
    """Somebody opens the cover, and shuts it."""
    _printer(hand, one, lambda p, now: p.open_cover(now), lambda p, now: p.close_cover(now))


def printer_fails_meanwhile(hand: Hand, one: Strike, dice: random.Random) -> None:
    """Somebody presses, and while the answer is slow in coming the cover is opened: this number is on no paper."""
    path, scheduler = hand.path("TM-01"), hand.hall.scheduler
    before, path.delay = path.delay, lambda _publication: dice.randint(500, 700)

    def heal() -> None:
        path.delay = before

    hand.for_a_while(replace(one, lasts=one.lasts + 5 * SECOND), heal, "TM-01")
    hand.hall.kiosk().press(dice.choice("AB"))
    opens = replace(one, at=scheduler.now + dice.randint(20, 900), lasts=10 * SECOND)
    scheduler.at(opens.at, lambda: None if hand.is_calm else printer_cover(hand, opens, dice))


def printer_silent(hand: Hand, one: Strike, dice: random.Random) -> None:
    """Every reply, or every second or third, is lost."""
    every = dice.choice((1, 2, 3))
    _printer(
        hand,
        one,
        lambda p, now: p.set_quirks(now, drop_reply_every=every),
        lambda p, now: p.set_quirks(now, drop_reply_every=0),
    )


def printer_without_power(hand: Hand, one: Strike, _dice: random.Random) -> None:
    """The plug is pulled."""
    _printer(hand, one, lambda p, now: p.power_off(now), lambda p, now: p.power_on(now))


def cutter_jammed(hand: Hand, one: Strike, _dice: random.Random) -> None:
    """The paper is not cut, until somebody frees the knife."""
    _printer(hand, one, lambda p, now: p.set_quirks(now, cutter_jammed=True), lambda p, now: p.free_cutter(now))


def line_unplugged(hand: Hand, one: Strike, _dice: random.Random) -> None:
    """A serial cable is out."""
    line = hand.hall.world.lines[one.target]
    line.unplug()
    hand.for_a_while(one, line.replug, one.target)


def sign_fails(hand: Hand, one: Strike, dice: random.Random) -> None:
    """A sign is dead, without power, or answers wrongly."""
    signs, scheduler = hand.hall.furnished.displays[NodeName("LED-00")], hand.hall.scheduler
    sign = signs.signs[CounterId(one.target)]
    wrong: dict[str, Any] = dice.choice(
        ({"dead": True}, {"dead": True}, {"unpowered": True}, {"nak_every": 2}, {"half_reply": True}, {"silent_for": 30})
    )
    well = {name: type(value)() for name, value in wrong.items()}
    sign.set_quirks(scheduler.now, **wrong)
    hand.for_a_while(one, lambda: sign.set_quirks(scheduler.now, **well), f"sign {one.target}")


def bus_echoes(hand: Hand, one: Strike, _dice: random.Random) -> None:
    """An RS-485 adapter hears itself."""
    bus = hand.hall.furnished.displays[NodeName("LED-00")].buses["rs485-1"]

    def set_echo(*, echo: bool) -> None:
        bus.echo = echo

    set_echo(echo=True)
    hand.for_a_while(one, lambda: set_echo(echo=False), "LED-00/rs485-1")


def key_stuck(hand: Hand, one: Strike, dice: random.Random) -> None:
    """A key of a terminal stays down."""
    counter, key = hand.hall.counter(one.target), dice.choice(list(Counter.KEYS))
    counter.stick(key)
    hand.for_a_while(one, lambda: counter.free(key))


def key_bounces(hand: Hand, _one: Strike, dice: random.Random) -> None:
    """One press of the ticket machine, heard as several."""
    hand.hall.kiosk().press(dice.choice("AB"), bounce_ms=dice.randint(1, 100))


def card_noise(hand: Hand, one: Strike, dice: random.Random) -> None:
    """Wrong check sums, cut frames or noise from the card reader."""
    reader = hand.hall.clock().reader
    wrong: dict[str, Any] = dice.choice(({"bad_checksum": True}, {"cut_frames": True}, {"noise": dice.randbytes(5)}))
    reader.set_quirks(**wrong)
    hand.for_a_while(one, lambda: reader.set_quirks(**{name: type(value)() for name, value in wrong.items()}))
