"""The voice, step by step in virtual time."""

from collections.abc import Iterable

from firmware.drivers.base import Output, Report, Send, TimeReached, WakeAt
from firmware.drivers.clip_bank import BYTES_PER_MS, CHIME, ClipBank
from firmware.drivers.voice import (
    GAP,
    MOST_WAITING,
    PAUSE,
    REPEATS_WITHIN,
    WAITS_AT_MOST,
    Announce,
    NotSpoken,
    Spoken,
    State,
    Voice,
    VoiceBack,
    VoiceLost,
    Withdraw,
)
from firmware.wire.base import WireLost, WireOpened

CLIP_MS = 1_000
NAMES = (CHIME, *(f"W{number:02}" for number in range(1, 40)))
BANK = ClipBank({name: bytes([number + 1]) * CLIP_MS * BYTES_PER_MS for number, name in enumerate(NAMES)})
"""Every clip lasts a second and is told by its bytes."""
ONCE = CLIP_MS + GAP + CLIP_MS + PAUSE
"""Chime and one clip, with the pause after it."""
AGAIN = CLIP_MS + PAUSE
"""The same clip a second time, without the chime."""


def told(pcm: bytes) -> list[str]:
    """The clips in this sound."""
    return [NAMES[byte - 1] for byte in dict.fromkeys(pcm) if byte]


class Room:
    """The driver and somebody who listens."""

    def __init__(self) -> None:
        self.voice = Voice(BANK)
        self.now = 0
        self.heard: list[tuple[int, list[str]]] = []
        self.reports: list[object] = []
        self.wake_at: int | None = None
        self.state: State
        self.state, outputs = self.voice.begin(0)
        self._carry_out(outputs)

    def give(self, happening: object) -> None:
        """Let something happen now."""
        self.state, outputs = self.voice.step(self.state, happening, self.now)
        self._carry_out(outputs)

    def announce(self, *names: str, times: int = 1) -> None:
        """Announce these, each under its own name."""
        for name in names:
            self.give(Announce(name, (name,), times))

    def _carry_out(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            match output:
                case Send(data):
                    self.heard.append((self.now, told(data)))
                case Report(what):
                    self.reports.append(what)
                case WakeAt(at):
                    self.wake_at = at

    def until(self, then: int) -> None:
        """Let time pass."""
        while self.wake_at is not None and self.wake_at <= then:
            self.now, self.wake_at = self.wake_at, None
            self.give(TimeReached())
        self.now = then


def plugged() -> Room:
    """A room with a loudspeaker."""
    room = Room()
    room.give(WireOpened())
    room.reports.clear()
    return room


def test_an_announcement_starts_at_once_with_the_chime() -> None:
    """Chime first, in the step of the command; reported when its sound is over."""
    room = plugged()
    room.announce("W02")
    assert room.heard == [(0, [CHIME, "W02"])]
    room.until(ONCE - 1)
    assert room.reports == []
    room.until(ONCE)
    assert room.reports == [Spoken("W02")]
    assert room.wake_at is None


def test_a_call_is_read_twice_and_reported_once() -> None:
    """The second reading follows without another chime."""
    room = plugged()
    room.announce("W02", times=2)
    room.until(60_000)
    assert room.heard == [(0, [CHIME, "W02"]), (ONCE, ["W02"])]
    assert room.reports == [Spoken("W02")]


def test_announcements_never_overlap_and_keep_their_order() -> None:
    """One at a time, first come first read."""
    room = plugged()
    room.announce("W02", "W05", "W03")
    room.until(60_000)
    assert room.heard == [(0, [CHIME, "W02"]), (ONCE, [CHIME, "W05"]), (2 * ONCE, [CHIME, "W03"])]


def test_everyone_is_read_once_before_anyone_is_read_again() -> None:
    """At opening time every counter calls at once."""
    room = plugged()
    room.announce("W01", "W02", "W03", times=2)
    room.until(60_000)
    assert [clips[-1] for _, clips in room.heard] == ["W01", "W02", "W03", "W01", "W02", "W03"]
    assert all(CHIME in clips for _, clips in room.heard)
    assert sorted(report.subject for report in room.reports if isinstance(report, Spoken)) == ["W01", "W02", "W03"]


def test_twelve_counters_at_once_are_all_heard() -> None:
    """None of twelve calls of the same moment is dropped; repeats that would come too late are."""
    room = plugged()
    counters = [f"W{number:02}" for number in range(1, 13)]
    room.announce(*counters, times=2)
    room.until(120_000)
    assert [clips[-1] for _, clips in room.heard][:12] == counters
    first = {clips[-1]: at for at, clips in room.heard[:12]}
    assert all(at - first[clips[-1]] < ONCE + REPEATS_WITHIN for at, clips in room.heard)
    assert len(room.heard) > 12
    assert sorted(report.subject for report in room.reports if isinstance(report, Spoken)) == counters
    assert all(later - earlier >= ONCE for (earlier, _), (later, _) in zip(room.heard[:11], room.heard[1:12], strict=True))


def test_a_newer_announcement_of_a_counter_replaces_the_waiting_one() -> None:
    """A recall, or the next call of the same counter: only the newest is still true."""
    room = plugged()
    room.announce("W01")
    room.give(Announce("W02", ("W20",)))
    room.give(Announce("W02", ("W21",)))
    room.until(60_000)
    assert [clips[-1] for _, clips in room.heard] == ["W01", "W21"]


def test_a_recall_keeps_the_place_of_the_call_that_waits() -> None:
    """Twelve counters that call again every 20 s: without that, those at the end would never be heard."""
    room = plugged()
    counters = [f"W{number:02}" for number in range(1, 13)]
    for at in (0, 10_000, 20_000, 30_000):
        room.until(at)
        room.announce(*counters)
    room.until(40_000)
    assert [clips[-1] for _, clips in room.heard][:12] == counters


def test_a_recall_during_the_first_reading_replaces_its_repeat() -> None:
    """The recall is read twice, the first call only once."""
    room = plugged()
    room.give(Announce("W02", ("W20",), 2))
    room.until(500)
    room.give(Announce("W02", ("W21",), 2))
    room.until(60_000)
    assert [clips[-1] for _, clips in room.heard] == ["W20", "W21", "W21"]


def test_what_is_withdrawn_is_not_said() -> None:
    """The visitor is at the counter already: neither a waiting call nor a repeat follows."""
    room = plugged()
    room.announce("W01", "W02", times=2)
    room.give(Withdraw("W02"))
    room.give(Withdraw("W01"))
    room.until(60_000)
    assert [clips[-1] for _, clips in room.heard] == ["W01"]
    assert room.reports == [Spoken("W01")]


def test_what_has_waited_too_long_is_dropped_and_said_so() -> None:
    """After a minute a call no longer helps anybody."""
    room = plugged()
    room.give(Announce("long", ("W01",) * (WAITS_AT_MOST // CLIP_MS)))
    room.announce("W02")
    room.until(200_000)
    assert len(room.heard) == 1
    assert room.reports == [Spoken("long"), NotSpoken("W02", "waited too long")]


def test_the_queue_is_bounded_and_the_oldest_gives_way() -> None:
    """A flood of announcements fills neither memory nor the morning."""
    room = plugged()
    room.announce(*(f"W{number:02}" for number in range(1, MOST_WAITING + 4)))
    assert room.reports == [NotSpoken("W02", "too many waiting"), NotSpoken("W03", "too many waiting")]


def test_a_full_queue_drops_repeats_before_first_readings() -> None:
    """A second reading gives way silently: it was said."""
    room = plugged()
    room.announce("W01", times=2)
    room.announce("W02")
    room.until(ONCE)
    room.announce(*(f"W{number:02}" for number in range(3, MOST_WAITING + 3)))
    assert room.reports == []


def test_an_unknown_clip_is_reported_and_the_next_one_is_said() -> None:
    """A hole in the bank silences one announcement, not the voice."""
    room = plugged()
    room.give(Announce("odd", ("龘",)))
    room.announce("W02")
    assert room.reports == [NotSpoken("odd", "there is no clip '龘'")]
    assert [clips[-1] for _, clips in room.heard] == ["W02"]


def test_without_a_loudspeaker_everything_is_refused_aloud() -> None:
    """Lost in the middle: the reading, the queue and what comes meanwhile are reported; nothing old is said afterwards."""
    room = Room()
    room.announce("W01")
    room.give(WireOpened())
    room.announce("W02", "W03")
    room.give(WireLost("unplugged"))
    room.announce("W04")
    room.until(10_000)
    room.give(WireOpened())
    room.announce("W05")
    room.give(Withdraw("W01"))
    assert room.reports == [
        NotSpoken("W01", "no loudspeaker"),
        VoiceBack(),
        VoiceLost("unplugged"),
        NotSpoken("W02", "no loudspeaker"),
        NotSpoken("W03", "no loudspeaker"),
        NotSpoken("W04", "no loudspeaker"),
        VoiceBack(),
    ]
    assert [clips[-1] for _, clips in room.heard] == ["W02", "W05"]


def test_a_loudspeaker_lost_while_silent_is_reported() -> None:
    """Also when nothing is being said."""
    room = plugged()
    room.give(WireLost("unplugged"))
    assert room.reports == [VoiceLost("unplugged")]
