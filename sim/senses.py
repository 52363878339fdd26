"""What people make of what they see and hear: the number on a paper, a call on a sign, a call from the loudspeaker.

Nothing here knows a message or a state of the service: people have only what the hall shows them.
"""

import re
from collections.abc import Iterator, Sequence

from contracts.values import CounterId, TicketNo
from sim.devices.paper import Paper
from sim.furnishing import Furnished

_NUMBER = re.compile(r"[A-Z](?:\d-\d{2,3}|\d{3})")
_CALL = re.compile(rf"请({_NUMBER.pattern})办理")
_WAITING = re.compile(r"等候(\d+)人")
_DIGITS = dict(zip("零一二三四五六七八九", "0123456789", strict=True))
_DASH = "杠"


def number_on(paper: Paper) -> TicketNo | None:
    """The ticket number that stands alone in a line of a paper."""
    return next((TicketNo(line) for line in paper.lines if _NUMBER.fullmatch(line)), None)


def number_in(text: str) -> TicketNo | None:
    """The first ticket number in a text."""
    found = _NUMBER.search(text)
    return TicketNo(found[0]) if found else None


def waiting_in(text: str) -> int:
    """How many wait, as a clerk's text line says; 0 if it does not."""
    found = _WAITING.search(text)
    return int(found[1]) if found else 0


class Senses:
    """Knows which number was called to which counter, from signs and, with ``ears``, from loudspeakers."""

    def __init__(self, furnished: Furnished, *, ears: bool) -> None:
        self.calls: dict[TicketNo, CounterId] = {}
        """The counter each number was last called to."""
        self.heard: list[TicketNo] = []
        """What the loudspeakers called, in order."""
        self._furnished = furnished
        self._ears = ears
        self._listened = dict.fromkeys(furnished.displays, 0)

    def look(self) -> None:
        """Look at every sign, and listen to what has been said since."""
        for counter, text in self._furnished.texts().items():
            if found := _CALL.search(text):
                self.calls[TicketNo(found[1])] = counter
        if self._ears:
            for number, counter in self._new_announcements():
                self.heard.append(number)
                self.calls[number] = counter

    def _new_announcements(self) -> Iterator[tuple[TicketNo, CounterId]]:
        """Calls that have been spoken to their end, so that nobody acts on half a number."""
        for name, display in self._furnished.displays.items():
            now = display.world.timetable.now
            while self._listened[name] < len(display.voice.history):
                if display.voice.history[self._listened[name]].end > now - 300:
                    break
                said = display.voice.said_at(self._listened[name])
                self._listened[name] += 1
                yield from calls_in(said)


def calls_in(said: Sequence[str]) -> Iterator[tuple[TicketNo, CounterId]]:
    """The calls in an announcement: 请 A 零 零 一 号 到 二 号 窗口 办理."""
    spoken = "".join(_DIGITS.get(one, "-" if one == _DASH else one) for one in said)
    for number, counter in re.findall(rf"请({_NUMBER.pattern})号?到([\d十]+)号?窗口", spoken):
        tens, ten, ones = counter.rpartition("十")
        place = int(tens or 1) * 10 + int(ones or 0) if ten else int(counter)
        yield TicketNo(number), CounterId(f"W{place:02d}")
