"""An LED counter sign: a BX-5K card behind a panel, what people read on it, and the ways it can fail.

It lives on a :class:`sim.devices.sign_bus.SignBus`, which finds the frames and knows whom they are for.
"""

from dataclasses import dataclass, replace
from typing import Any

from PIL import Image

from contracts.values import Ms
from sim.devices.led_panel import light_up
from sim.devices.sign_card import BRIGHTEST, BUSY, OK, Misfit, Panel, RefusedError, SignCard
from sim.devices.sign_frames import Frame
from sim.devices.sign_screen import Shown, draw, words_on

_MUST_REPLY = 0x01
_LOWEST_LIGHT = 0.25


@dataclass(frozen=True, slots=True)
class SignQuirks:
    """What is wrong with a sign now."""

    dead: bool = False
    """The card hears nothing; the panel goes on showing what it shows."""
    unpowered: bool = False
    """Dark and deaf; areas are lost when power comes back."""
    silent_for: int = 0
    """The next n requests are carried out but not answered."""
    nak_every: int = 0
    """Every n-th request is refused as busy."""
    half_reply: bool = False
    """Its answers break off in the middle."""
    noise: bytes = b""
    """Arrives before each of its answers."""
    delay_ms: Ms = 0
    """It takes that long to answer."""
    wrong_baud: bool = False
    """It hears garbage."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for this sign, from its command group on, and the data of its answer; ``None`` for silence."""

    at: Ms
    data: bytes
    answer: bytes | None


class LedSign:
    """A simulated sign. ``overflows``, ``refused`` and ``hurried`` of a good display node stay empty."""

    def __init__(self, address: int = 1, panel: Panel | None = None, quirks: SignQuirks | None = None) -> None:
        self.quirks = quirks or SignQuirks()
        self.card = SignCard(address, panel or Panel())
        self.history: list[Asked] = []
        self.refused: list[str] = []
        self._requests = 0
        self._deaf_until: Ms = 0

    # --- What people see -------------------------------------------------------------------------------------------------

    def shown(self, now: Ms) -> list[Shown]:
        """The areas that are lit, by number."""
        return self.card.shown(now) if self.card.is_on and not self.quirks.unpowered else []

    def text(self, now: Ms) -> str:
        """What it says, lines from top to bottom; empty when it is dark."""
        return words_on(self.shown(now), now, self.card.clock(now))

    def dots(self, now: Ms) -> Image.Image:
        """The lit LEDs, mode ``L``: red, green and blue bits for each."""
        panel = self.card.panel
        screen = Image.new("L", (panel.width, panel.height), 0)
        for one in self.shown(now):
            screen.paste(draw(one.area, one.page(now, self.card.clock(now))), (one.area.left, one.area.top))
        return screen.point([value & panel.colours for value in range(256)])

    def image(self, now: Ms) -> Image.Image:
        """A picture of the panel as one stands before it."""
        strength = _LOWEST_LIGHT + (1 - _LOWEST_LIGHT) * self.card.brightness / BRIGHTEST
        return light_up(self.dots(now), strength)

    @property
    def overflows(self) -> list[Misfit]:
        """Texts that did not fit or could not be shown."""
        return self.card.overflows

    @property
    def hurried(self) -> list[Ms]:
        """When texts came faster than the card is made for."""
        return self.card.hurried

    # --- People ----------------------------------------------------------------------------------------------------------

    def set_quirks(self, now: Ms, **changes: Any) -> None:
        """Change what is wrong with it: the fields of :class:`SignQuirks`."""
        was_unpowered = self.quirks.unpowered
        self.quirks = replace(self.quirks, **changes)
        if was_unpowered and not self.quirks.unpowered:
            self.reboot(now)

    def reboot(self, now: Ms, boot_ms: Ms = 2000) -> None:
        """Start anew: texts are lost, and nothing is heard while it boots."""
        self.card.start_anew()
        self._deaf_until = now + boot_ms

    # --- The bus ---------------------------------------------------------------------------------------------------------

    def hears(self, now: Ms) -> bool:
        """Whether bytes on the bus mean anything to it now."""
        quirks = self.quirks
        return not (quirks.dead or quirks.unpowered or quirks.wrong_baud or now < self._deaf_until)

    def handle(self, frame: Frame, now: Ms) -> bytes | None:
        """Carry out a request for this sign; the data of its answer, or ``None`` for silence."""
        self._requests += 1
        answer: bytes | None = self._answer(frame, now)
        if len(frame.data) < 3 or frame.data[2] != _MUST_REPLY:  # noqa: PLR2004 - the third byte
            answer = None
        if self.quirks.silent_for:
            self.quirks = replace(self.quirks, silent_for=self.quirks.silent_for - 1)
            answer = None
        self.history.append(Asked(now, frame.data, answer))
        return answer

    def _answer(self, frame: Frame, now: Ms) -> bytes:
        try:
            every = self.quirks.nak_every
            if every and self._requests % every == 0:
                return bytes((0xA0, 0x01, BUSY, 0, 0))
            return self.card.carry_out(frame, now) or bytes((0xA0, 0x00, OK, 0, 0))
        except RefusedError as refusal:
            self.refused.append(f"{frame.data[:2].hex(' ')}: {refusal}")
            return bytes((0xA0, 0x01, refusal.error, 0, 0))
