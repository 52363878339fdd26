"""What nobody can repeat is said until it is answered, and never floods anybody."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from contracts.messages import (
    Kept,
    Message,
    PunchMade,
    PunchStored,
    RatingRecorded,
    RequestDone,
    RequestRefused,
    ServiceState,
    Stamp,
)
from contracts.topics import Topics
from contracts.values import BootId, CardHash, HallId, HallTime, Ms, NodeName, Refusal, RequestId, SessionId
from firmware.runtime.journal import Journal
from firmware.runtime.outbox import FIRST_PAUSE, LONGEST_PAUSE, WINDOW, JournalOutbox
from sim.clock import ManualClock
from sim.testing import Memory

NODE, BOOT = NodeName("CLK-01"), BootId("00000000000000aa")
WALL = HallTime(1_773_100_800_000)


class RecordingLink:
    """A link that remembers what was said."""

    def __init__(self) -> None:
        self.said: list[Kept] = []
        self.look: Callable[[Kept], None] = lambda _message: None

    def say(self, message: Message) -> None:
        """Remember it."""
        assert isinstance(message, Kept)
        self.look(message)
        self.said.append(message)

    def follow_desk(self, counter: str) -> None:
        """An outbox follows no desk."""
        raise AssertionError(counter)

    def close(self, *, reason: str) -> None:
        """An outbox closes no link."""
        raise AssertionError(reason)

    def take(self) -> list[str]:
        """The sequence numbers said since the last time."""
        numbers = [message.request_id.rpartition("/")[2] for message in self.said]
        self.said = []
        return numbers


class Desk:
    """An outbox with its link, journal and clock, and what a node would tell it."""

    def __init__(self, folder: Path, log: Memory, boot: BootId = BOOT, at: Ms = 1_000) -> None:
        self.clock = ManualClock(WALL, at)
        self.link = RecordingLink()
        self.log = log
        topics = Topics(HallId("demo"))
        journal = Journal(folder / "journal", log)
        self.outbox = JournalOutbox(journal, self.link, self.clock, log, topics=topics, node=NODE, boot=boot)
        self.boot = boot

    @property
    def now(self) -> Ms:
        """The monotonic time."""
        return self.clock.monotonic_ms()

    def keep(self, seq: int) -> PunchMade:
        """Somebody punches."""
        punch = PunchMade(request_id=self.id(seq), card=CardHash("c" * 16), staff=None)
        self.outbox.keep(punch, self.now)
        return punch

    def id(self, seq: int) -> RequestId:
        """A request id of this life."""
        return RequestId(f"{NODE}/{self.boot}/{seq}")

    def answer(self, seq: int) -> None:
        """The service has stored a punch."""
        self.outbox.heard(PunchStored(request_id=self.id(seq), at=WALL), self.now)

    def heartbeat(self, *, online: bool = True) -> None:
        """The service is there, or has gone."""
        state = ServiceState(epoch=1, boot=BootId("b" * 16), hall_now=HallTime(WALL + self.now), online=online)
        self.outbox.heard(state, self.now)

    def pass_time(self, milliseconds: Ms, *, heartbeats: bool = True) -> None:
        """Let time pass, waking the outbox whenever it wishes, with a heartbeat every 5 s."""
        end = self.now + milliseconds
        while self.now < end:
            wake_at = self.outbox.wake_at
            step = min(end, (self.now // 5_000 + 1) * 5_000, wake_at if wake_at is not None else end)
            self.clock.advance_to(max(self.now, step))
            if heartbeats and self.now % 5_000 == 0:
                self.heartbeat()
            if self.outbox.wake_at is not None and self.outbox.wake_at <= self.now:
                self.outbox.wake(self.now)


@pytest.fixture
def desk(tmp_path: Path, log: Memory) -> Desk:
    """An outbox whose link is up and whose service is alive."""
    desk = Desk(tmp_path, log)
    desk.outbox.link_up(desk.now)
    desk.outbox.heard(ServiceState(epoch=1, boot=BootId("b" * 16), hall_now=HallTime(WALL - 4_000)), desk.now)
    desk.heartbeat()
    return desk


def test_a_kept_message_is_in_the_journal_before_it_is_said(desk: Desk, tmp_path: Path) -> None:
    """Whoever hears it can be sure that a power cut does not unsay it."""
    kept: list[bool] = []
    desk.link.look = lambda message: kept.append(message.request_id.encode() in (tmp_path / "journal").read_bytes())
    desk.keep(0)
    assert kept == [True]


def test_it_carries_all_the_clocks_the_node_has(desk: Desk) -> None:
    """Boot, monotonic and wall time, and the last time sync before."""
    desk.clock.advance_to(4_000)
    desk.keep(0)
    expected = Stamp(
        boot=BOOT,
        monotonic_ms=4_000,
        wall_at=HallTime(WALL + 3_000),
        heard_hall_at=HallTime(WALL + 1_000),
        heard_monotonic_ms=1_000,
        age_ms=0,
    )
    assert desk.link.said[0].stamp == expected


def test_before_the_first_heartbeat_the_stamp_says_so(tmp_path: Path, log: Memory) -> None:
    """A node that has never heard the hall clock does not invent it."""
    desk = Desk(tmp_path, log)
    desk.keep(0)
    desk.heartbeat()
    stamp = desk.link.said[0].stamp
    assert stamp is not None
    assert (stamp.heard_hall_at, stamp.heard_monotonic_ms) == (None, None)


def test_nothing_is_said_to_a_service_that_is_not_heard(tmp_path: Path, log: Memory) -> None:
    """The server would deliver it when the service is back, hours later, with the age of now."""
    desk = Desk(tmp_path, log)
    desk.outbox.link_up(desk.now)
    desk.keep(0)
    desk.pass_time(3_600_000, heartbeats=False)
    assert desk.link.take() == []
    desk.heartbeat()
    stamp = desk.link.said[0].stamp
    assert stamp is not None
    assert stamp.age_ms == 3_600_000
    desk.answer(0)
    desk.pass_time(16_000, heartbeats=False)
    desk.keep(1)
    assert desk.link.take() == ["0"]
    desk.heartbeat()
    assert desk.link.take() == ["1"]


def test_a_retained_heartbeat_is_no_time_sync(tmp_path: Path, log: Memory) -> None:
    """It may be of yesterday; until a newer one comes the stamp leaves the hall clock out."""
    desk = Desk(tmp_path, log)
    desk.outbox.link_up(desk.now)
    desk.heartbeat()
    desk.keep(0)
    stamp = desk.link.said[0].stamp
    assert stamp is not None
    assert (stamp.heard_hall_at, stamp.heard_monotonic_ms) == (None, None)


@pytest.mark.parametrize(
    "answer",
    [
        PunchStored(request_id=RequestId("CLK-01/00000000000000aa/0"), at=WALL),
        RatingRecorded(request_id=RequestId("CLK-01/00000000000000aa/0"), session=SessionId("2026-03-10/A017/s1")),
        RequestDone(request_id=RequestId("CLK-01/00000000000000aa/0")),
        RequestRefused(request_id=RequestId("CLK-01/00000000000000aa/0"), reason=Refusal.ALREADY_RATED),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_any_answer_ends_it_for_ever(desk: Desk, answer: Message, tmp_path: Path, log: Memory) -> None:
    """Answered is answered, in this life and the next."""
    desk.keep(0)
    desk.link.take()
    desk.outbox.heard(answer, desk.now)
    desk.pass_time(120_000)
    assert desk.link.take() == []
    desk.outbox.close()
    assert len(Desk(tmp_path, log).outbox) == 0


def test_a_refusal_of_something_kept_is_logged(desk: Desk, log: Memory) -> None:
    """A punch the service will not have is an administrator's affair."""
    desk.keep(0)
    desk.outbox.heard(RequestRefused(request_id=desk.id(0), reason=Refusal.NODE_NOT_DECLARED), desk.now)
    assert log.events == ["kept_request_refused"]


def test_an_answer_to_somebody_else_ends_nothing(desk: Desk) -> None:
    """Only its own id ends a message."""
    desk.keep(0)
    desk.outbox.heard(RequestDone(request_id=RequestId("CLK-01/ffffffffffffffff/0")), desk.now)
    assert len(desk.outbox) == 1


def test_unanswered_it_is_said_again_with_growing_pauses_and_its_age(desk: Desk) -> None:
    """2, 4, 8, 16, then every 30 s, for as long as it takes; the age grows, the rest stays."""
    desk.keep(0)
    first = desk.link.said[0]
    desk.pass_time(120_000)
    ages = [message.stamp.age_ms for message in desk.link.said if message.stamp is not None]
    assert ages == [0, 2_000, 6_000, 14_000, 30_000, 60_000, 90_000, 120_000]
    assert first.stamp is not None
    for message in desk.link.said:
        assert replace(message, stamp=first.stamp) == first
    assert LONGEST_PAUSE == 30_000
    assert FIRST_PAUSE == 2_000


def test_without_heartbeats_nothing_is_repeated_and_with_the_first_one_everything_is(desk: Desk) -> None:
    """An outage of an hour leaves one copy for the absent service, not a hundred."""
    desk.keep(0)
    desk.pass_time(3_600_000, heartbeats=False)
    assert len(desk.link.take()) <= 4
    desk.heartbeat()
    assert desk.link.take() == ["0"]


def test_the_last_will_of_the_service_ends_the_repeating(desk: Desk) -> None:
    """A service that has died is not spoken to in vain."""
    desk.keep(0)
    desk.link.take()
    desk.heartbeat(online=False)
    desk.pass_time(60_000, heartbeats=False)
    assert desk.link.take() == []
    assert desk.outbox.wake_at is None


def test_a_new_connection_starts_from_the_oldest(desk: Desk) -> None:
    """After an outage everything unanswered is said again, in the order in which it happened."""
    for seq in range(5):
        desk.keep(seq)
    desk.answer(2)
    desk.link.take()
    desk.outbox.link_up(desk.now)
    assert desk.link.take() == ["0", "1", "3", "4"]


def test_after_a_reboot_the_rest_is_said_with_unknown_age(desk: Desk, tmp_path: Path, log: Memory) -> None:
    """Another life cannot know how much time lies between; the stamp of the first life stays."""
    desk.keep(0)
    desk.keep(1)
    desk.answer(0)
    stamp = desk.link.said[1].stamp
    desk.outbox.close()
    later = Desk(tmp_path, log, BootId("00000000000000bb"), at=50)
    later.outbox.link_up(later.now)
    later.heartbeat()
    assert stamp is not None
    assert [message.stamp for message in later.link.said] == [replace(stamp, age_ms=None)]
    assert later.link.take() == ["1"]


def test_a_month_of_punches_goes_out_in_a_bounded_stream(desk: Desk) -> None:
    """Of 5,000 waiting messages never more than 20 are unanswered on the way, in order, and all of them arrive."""
    desk.outbox.link_up(desk.now)
    for seq in range(5_000):
        desk.keep(seq)
    arrived = said = desk.link.take()
    assert said == [str(seq) for seq in range(WINDOW)]
    while said:
        for number in said:
            desk.answer(int(number))
        said = desk.link.take()
        assert len(said) <= WINDOW
        arrived = arrived + said
    assert arrived == [str(seq) for seq in range(5_000)]
    assert len(desk.outbox) == 0


def test_messages_that_are_never_answered_do_not_block_the_others(desk: Desk) -> None:
    """Twenty that the service for some reason does not answer give their places free."""
    for seq in range(WINDOW + 5):
        desk.keep(seq)
    desk.link.take()
    desk.pass_time(60_000)
    assert set(desk.link.take()) == {str(seq) for seq in range(WINDOW + 5)}


def test_a_row_of_a_newer_version_is_left_for_it(tmp_path: Path, log: Memory) -> None:
    """After a downgrade an unknown message stays in the journal, and the others are sent."""
    journal = Journal(tmp_path / "journal", log)
    journal.keep(b'{"schema":1,"message":"FaceSeen","request_id":"x"}')
    journal.keep(b"not even JSON")
    journal.close()
    desk = Desk(tmp_path, log)
    desk.heartbeat()
    desk.keep(7)
    assert desk.link.take() == ["7"]
    assert log.events == ["journal_row_unreadable", "journal_row_unreadable"]
    desk.answer(7)
    desk.outbox.close()
    journal = Journal(tmp_path / "journal", log)
    assert len(journal.unfinished) == 2
    journal.close()
