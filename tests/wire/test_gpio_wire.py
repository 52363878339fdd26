"""Pins: edges in, levels out, and every mistake in the configuration named."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPin

from firmware.wire.base import EdgeSeen, FromWire, WireError, WireOpened
from firmware.wire.open import open_wire

Closing = Callable[[Any], Any]


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    """The library's own mock pins."""
    before, factory = Device.pin_factory, MockFactory()
    Device.pin_factory = factory
    yield factory
    factory.reset()
    Device.pin_factory = before


class JammedPin(MockPin):  # type: ignore[misc]  # gpiozero ships no types
    """A pin held to ground, which no pull-up inside the processor can raise."""

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        self._change_state(False)


def test_a_closing_contact_is_an_active_edge(pins: MockFactory, closing: Closing) -> None:
    """A key pulls its pin to ground: low is active. Every bounce is posted; debouncing is the driver's."""
    posted: list[FromWire] = []
    closing(open_wire("gpio:?in=5,6", posted.append))
    assert posted == [WireOpened()]
    for _ in range(2):
        pins.pin(5).drive_low()
        pins.pin(5).drive_high()
    pins.pin(6).drive_low()
    edge, back = EdgeSeen(5, active=True), EdgeSeen(5, active=False)
    assert posted[1:] == [edge, back, edge, back, EdgeSeen(6, active=True)]


def test_a_key_that_is_closed_at_the_start_is_told(pins: MockFactory, closing: Closing) -> None:
    """A key jammed since before the node started is known to its driver."""
    pins.pin_class = JammedPin
    posted: list[FromWire] = []
    closing(open_wire("gpio:?in=5", posted.append))
    assert posted == [WireOpened(), EdgeSeen(5, active=True)]


def test_lamps_are_dark_at_the_start_and_do_what_they_are_told(pins: MockFactory, closing: Closing) -> None:
    """High is lit."""
    wire = closing(open_wire("gpio:?in=5&out=17,27", lambda _: None))
    assert (pins.pin(17).state, pins.pin(27).state) == (False, False)
    wire.set(17, active=True)
    assert (pins.pin(17).state, pins.pin(27).state) == (True, False)
    wire.set(17, active=False)
    assert pins.pin(17).state is False


def test_after_close_edges_are_silent_and_the_pins_are_free(pins: MockFactory, closing: Closing) -> None:
    """The same pins can be had again."""
    posted: list[FromWire] = []
    wire = open_wire("gpio:?in=5&out=17", posted.append)
    wire.close()
    pins.pin(5).drive_low()
    assert posted == [WireOpened()]
    pins.pin(5).drive_high()
    closing(open_wire("gpio:?in=5&out=17", posted.append))


@pytest.mark.usefixtures("pins")
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("gpio:?in=5,5", "pin 5 is used twice"),
        ("gpio:?in=5&out=17,5", "pin 5 is used twice"),
        ("gpio:?in=28", "pin 28 is not on the header; accepted are BCM numbers 0 to 27"),
        ("gpio:?in=a", 'pin "a" is not a BCM number'),
        ("gpio:?in=5,", 'pin "" is not a BCM number'),
        ("gpio:?inn=5", "unknown option inn; did you mean in? Accepted are: in, out"),
        ("gpio:5,6", '"5,6" is not understood; pins are given as gpio:?in=5,6&out=17'),
    ],
)
def test_a_mistake_in_the_pins_is_refused_with_what_to_change(url: str, said: str) -> None:
    """Named with the URL, so that it is found in node.toml."""
    with pytest.raises(WireError) as caught:
        open_wire(url, lambda _: None)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f'wire "{url}": ')


@pytest.mark.usefixtures("pins")
def test_a_pin_that_another_wire_has_is_refused_and_the_others_are_given_back(closing: Closing) -> None:
    """Two gpio wires of one process cannot fight over a pin, and a failed attempt keeps nothing."""
    closing(open_wire("gpio:?out=17", lambda _: None))
    with pytest.raises(WireError, match=r"these pins cannot be had: .*GPIO17"):
        open_wire("gpio:?in=5&out=17", lambda _: None)
    closing(open_wire("gpio:?in=5", lambda _: None))


@pytest.mark.usefixtures("pins")
def test_only_outputs_can_be_set_and_no_bytes_written(closing: Closing) -> None:
    """A lamp that node.toml forgot is named, with those it has."""
    wire = closing(open_wire("gpio:?in=5&out=17,27", lambda _: None))
    with pytest.raises(WireError, match="pin 5 is no output of this wire; outputs are: 17, 27"):
        wire.set(5, active=True)
    with pytest.raises(WireError, match="takes no bytes"):
        wire.write(b"x")
