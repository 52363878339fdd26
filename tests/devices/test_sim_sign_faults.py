"""The simulated sign bus in trouble: dead, silent, busy, echoing, noisy, slow, rebooting signs, and collisions."""

import pytest

from sim.devices.bench import Bench
from sim.devices.led_sign import LedSign, SignQuirks
from sim.devices.sign_bus import SignBus
from sim.devices.sign_frames import wrap

PING = b"\xa2\x00\x01\x00\x00"
TEXT = bytes.fromhex("A306010000 00 01 1C00 00 0080 0000 8080 1000 00 00 00 0000 00 00 0A 01 01 01 00 02 0A 01000000 41")
PING_3 = wrap(3, 0x8000, PING)


def ack(address: int) -> bytes:
    """The ACK frame of a sign."""
    return wrap(0x8000, address, b"\xa0\x00\x00\x00\x00")


def bus_of_three(*, echo: bool = False) -> tuple[SignBus, Bench]:
    """Signs 1, 2 and 3."""
    bus = SignBus([LedSign(1), LedSign(2), LedSign(3)], echo=echo)
    return bus, Bench(bus)


def test_only_the_addressed_sign_answers() -> None:
    """Three signs hear everything; the addressed one acts and answers; an address nobody has stays silent."""
    bus, bench = bus_of_three()
    for address in (1, 2, 3, 9):
        bench.tell(wrap(address, 0x8000, PING))
    assert bench.replies == [ack(1), ack(2), ack(3)]
    assert [len(sign.history) for sign in bus.signs] == [1, 1, 1]
    assert [frame.destination for frame in bus.unanswered] == [9]


@pytest.mark.parametrize("quirk", ["dead", "unpowered", "wrong_baud"])
def test_a_sign_that_hears_nothing_does_not_disturb_the_others(quirk: str) -> None:
    """It stays silent, its neighbours answer."""
    bus, bench = bus_of_three()
    bus.sign(3).set_quirks(0, **{quirk: True})
    bench.tell(PING_3 + wrap(2, 0x8000, PING))
    assert bench.replies == [ack(2)]
    bus.sign(3).set_quirks(0, **{quirk: False})
    bench.wait(2000)
    bench.tell(PING_3)
    assert bench.replies[1:] == [ack(3)]


def test_a_silent_sign_does_what_it_is_told() -> None:
    """Silent for two: two requests are carried out unanswered, the third is answered."""
    bus, bench = bus_of_three()
    bus.sign(3).set_quirks(0, silent_for=2)
    bench.tell(wrap(3, 0x8000, TEXT) + PING_3 + PING_3)
    assert (bus.sign(3).text(0), bench.replies) == ("A", [ack(3)])


def test_a_busy_sign_does_not_do_it() -> None:
    """Every second: each second request gets NACK 3 and has no effect."""
    bus, bench = bus_of_three()
    bus.sign(3).set_quirks(0, nak_every=2)
    bench.tell(PING_3 + wrap(3, 0x8000, TEXT))
    assert bench.replies == [ack(3), wrap(0x8000, 3, b"\xa0\x01\x03\x00\x00")]
    assert bus.sign(3).text(0) == ""


def test_a_cheap_adapter_echoes() -> None:
    """The host hears its own bytes before the answer."""
    _, bench = bus_of_three(echo=True)
    bench.tell(PING_3, piece=5)
    assert b"".join(bench.replies) == PING_3 + ack(3)


def test_half_an_answer_and_noise_before_it() -> None:
    """Noise and a broken-off frame are all that arrives."""
    bus, bench = bus_of_three()
    bus.sign(3).set_quirks(0, half_reply=True, noise=b"\x00\xff")
    bench.tell(PING_3)
    assert bench.replies == [b"\x00\xff" + ack(3)[: len(ack(3)) // 2]]


def test_a_slow_sign_answers_late_and_a_hasty_host_collides() -> None:
    """The answer comes after its delay; speaking before it came is recorded as a collision."""
    bus, bench = bus_of_three()
    bus.sign(3).set_quirks(0, delay_ms=400)
    bench.tell(PING_3)
    assert (bench.replies, bus.wake_at) == ([], 400)
    bench.wait(400)
    assert [(heard.at, heard.data) for heard in bench.heard] == [(400, ack(3))]
    assert bus.collisions == []
    bench.tell(PING_3)
    bench.tell(wrap(1, 0x8000, PING))
    assert bus.collisions == [400]


def test_all_signs_answering_at_once_spoil_each_other() -> None:
    """FFFE with three signs on the bus: three answers in one, readable by nobody."""
    bus, bench = bus_of_three()
    bench.tell(wrap(0xFFFE, 0x8000, PING))
    (mixed,) = bench.replies
    assert bus.collisions == [0]
    assert ack(0xFFFE) not in mixed


def test_a_reboot_loses_the_texts() -> None:
    """After power comes back a sign is deaf for two seconds, and dark until somebody tells it its text again."""
    bus, bench = bus_of_three()
    sign = bus.sign(3)
    bench.tell(wrap(3, 0x8000, TEXT))
    sign.set_quirks(bench.now, unpowered=True)
    assert sign.text(bench.now) == ""
    bench.wait(1000)
    sign.set_quirks(bench.now, unpowered=False)
    bench.tell(PING_3)
    assert len(bench.replies) == 1
    bench.wait(2000)
    bench.tell(PING_3)
    assert (len(bench.replies), sign.text(bench.now)) == (2, "")


def test_a_dead_card_leaves_its_panel_on() -> None:
    """What it showed stays readable: that is why texts carry a timeout."""
    bus, bench = bus_of_three()
    bench.tell(wrap(3, 0x8000, TEXT))
    bus.sign(3).set_quirks(0, dead=True)
    assert bus.sign(3).text(60_000) == "A"


def test_an_unknown_sign_is_named() -> None:
    """Asking the bus for a sign it does not have says which it has."""
    bus, _ = bus_of_three()
    with pytest.raises(KeyError, match=r"no sign 7 on this bus, only \[1, 2, 3\]"):
        bus.sign(7)


def test_quirks_can_be_given_at_the_start() -> None:
    """A sign can come up with something wrong."""
    bench = Bench(SignBus([LedSign(3, quirks=SignQuirks(dead=True))]))
    bench.tell(PING_3)
    assert bench.replies == []
