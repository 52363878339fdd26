"""An RS-485 bus with several signs on it: who hears which frame, whose answer goes out when, and what happens to both.

Half duplex: the host speaks, the addressed sign answers. Several answers at once, or a host that speaks into one, spoil each
other and are recorded in ``collisions``.
"""

from collections.abc import Iterable
from itertools import chain, zip_longest

from contracts.values import Ms
from sim.devices.base import Send
from sim.devices.led_sign import LedSign
from sim.devices.sign_frames import ANSWER_AS_BROADCAST, BROADCAST, BadFrame, Frame, FrameFinder, wrap


def _mixed(answers: list[bytes]) -> bytes:
    slots = zip_longest(*answers)
    return bytes(chain.from_iterable((byte for byte in slot if byte is not None) for slot in slots))


class SignBus:
    """The far end of one RS-485 line. ``echo`` is a cheap adapter that lets the host hear itself."""

    def __init__(self, signs: Iterable[LedSign], *, echo: bool = False) -> None:
        self.signs = list(signs)
        self.echo = echo
        self.collisions: list[Ms] = []
        self.bad_frames: list[BadFrame] = []
        """Bytes that began like a frame; no sign answers those."""
        self.unanswered: list[Frame] = []
        """Frames for an address that no sign has, or that does not hear."""
        self.wake_at: Ms | None = None
        self._send: Send = lambda _: None
        self._finder = FrameFinder()
        self._answers: list[tuple[Ms, bytes]] = []

    def sign(self, address: int) -> LedSign:
        """The sign with this address. Raises ``KeyError``."""
        found = next((sign for sign in self.signs if sign.card.address == address), None)
        if found is None:
            raise KeyError(f"no sign {address} on this bus, only {sorted(sign.card.address for sign in self.signs)}")
        return found

    def connect(self, send: Send) -> None:
        """The wire is plugged in."""
        self._send = send

    def hear(self, data: bytes, now: Ms) -> None:
        """Bytes from the host reach all signs."""
        self.wake(now)
        if self.echo:
            self._send(data)
        if self._answers:
            self.collisions.append(now)
        for found in self._finder.feed(data):
            if isinstance(found, BadFrame):
                self.bad_frames.append(found)
            else:
                self._deliver(found, now)
        self.wake(now)

    def wake(self, now: Ms) -> None:
        """A sign has made up its answer."""
        due = [answer for at, answer in self._answers if at <= now]
        self._answers = [(at, answer) for at, answer in self._answers if at > now]
        self.wake_at = min((at for at, _ in self._answers), default=None)
        for answer in due:
            self._send(answer)

    def _deliver(self, frame: Frame, now: Ms) -> None:
        everyone = frame.destination in (BROADCAST, ANSWER_AS_BROADCAST)
        heard = [sign for sign in self.signs if (everyone or sign.card.address == frame.destination) and sign.hears(now)]
        if not heard:
            self.unanswered.append(frame)
        spoken: list[tuple[Ms, bytes]] = []
        for sign in heard:
            data = sign.handle(frame, now)
            if data is not None and frame.destination != BROADCAST:
                spoken.append((now + sign.quirks.delay_ms, self._framed(sign, frame, data)))
        if len(spoken) > 1:
            self.collisions.append(now)
            spoken = [(max(at for at, _ in spoken), _mixed([answer for _, answer in spoken]))]
        self._answers += spoken

    @staticmethod
    def _framed(sign: LedSign, request: Frame, data: bytes) -> bytes:
        speaker = ANSWER_AS_BROADCAST if request.destination == ANSWER_AS_BROADCAST else sign.card.address
        answer = wrap(request.source, speaker, data)
        if sign.quirks.half_reply:
            answer = answer[: len(answer) // 2]
        return sign.quirks.noise + answer
