"""What the clock adds to a punch: trainings, leave that is over, a record that is missing; and time to read it."""

from functools import partial

import pytest

from contracts.cards import card_hash
from contracts.messages import Away, ClockSettings, MissingRecord, PunchMade, RosterEntry, ServiceState, Shift, TrainingInfo
from contracts.values import BootId, HalfOfDay, HallTime, NodeName, PunchIntent, StaffNo, TrainingNo
from firmware.drivers.card_reader import CardPresented
from firmware.drivers.key_events import Pressed
from firmware.drivers.text_line import PAGE_STAYS, pages_of
from firmware.runtime.steps import Heard, Keep, KeepFailed, LinkUp, Reported
from punch_clock.behaviour import ClockBehaviour
from punch_clock.situations import Waiting
from sim.solo import Solo
from words import text

KEY = b"k" * 32
DAY, HOUR, MINUTE = 86_400_000, 3_600_000, 60_000
MIDNIGHT = 1_773_072_000_000  # Tuesday 2026-03-10 00:00 in the hall
ZHANG, LI = "7200944C78", "0A00944C78"
S101, S102 = StaffNo("S101"), StaffNo("S102")


def at(clock: str, days: int = 0) -> HallTime:
    """``HH:MM`` of 2026-03-10, or so many days later."""
    hours, minutes = clock.split(":")
    return HallTime(MIDNIGHT + days * DAY + int(hours) * HOUR + int(minutes) * MINUTE)


def settings(
    *, away: tuple[Away, ...] = (), trainings: tuple[TrainingInfo, ...] = (), missing: tuple[MissingRecord, ...] = ()
) -> ClockSettings:
    """A week of working days from Monday the 9th on."""
    halves = [(one, bounds) for one in range(-1, 4) for bounds in (("09:00", "12:00"), ("13:30", "17:30"))]
    return ClockSettings(
        hash="h",
        hall_name_zh="x",
        hall_name_en="x",
        hotline="1",
        roster=(
            RosterEntry(staff=S101, name="张敏", card=card_hash(KEY, ZHANG)),
            RosterEntry(staff=S102, name="李娜", card=card_hash(KEY, LI)),
        ),
        shifts=tuple(Shift(start=at(begins, day), end=at(ends, day)) for day, (begins, ends) in halves),
        away=away,
        trainings=trainings,
        missing=missing,
    )


class Day:
    """A clock that knows this, at a time of day."""

    def __init__(self, clock: str, known: ClockSettings, days: int = 0) -> None:
        self.run = Solo(ClockBehaviour(NodeName("CLK-01"), BootId("0" * 16), partial(card_hash, KEY), lambda *_: False))
        beats = [ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(at(clock, days) + ms)) for ms in (0, 1_000)]
        self.run.at(0, LinkUp(), Heard(known), Heard(beats[0]))
        self.run.at(1_000, Heard(beats[1]))

    def punch(self, card: str = ZHANG, key: str | None = None, after: int = 100) -> tuple[str, ...]:
        """A card, after a key perhaps; what the clock says."""
        self.run.until(self.run.now + after)
        if key is not None:
            self.run.at(self.run.now, Reported("keys", Pressed(key)))
        self.run.at(self.run.now + 100, Reported("reader", CardPresented(card)))
        lines: tuple[str, ...] = self.run.state.face.lines
        return tuple(one for one in lines if one != text("clk.offline").zh)


def training(begins: str, ends: str, *staff: StaffNo, no: str = "PX-20260310-001") -> TrainingInfo:
    """A session with 30 minutes before and 15 minutes of grace."""
    start = at(begins)
    return TrainingInfo(
        training=TrainingNo(no),
        title="新规",
        place="会议室",
        opens=HallTime(start - 30 * MINUTE),
        begins=start,
        in_time_until=HallTime(start + 15 * MINUTE),
        ends=at(ends),
        staff=staff,
    )


# --- Trainings -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "says"),
    [
        ("15:29", "当前没有可签到的培训,打卡已记录"),
        ("15:30", "培训签到成功"),
        ("16:00", "培训签到成功"),
        ("16:15", "培训签到成功"),
        ("16:16", "培训签到成功,晚16分钟"),
        ("17:29", "培训签到成功,晚89分钟"),
        ("17:31", "培训签退已登记 17:31"),
        ("18:01", "当前没有可签到的培训,打卡已记录"),
    ],
)
def test_a_sign_in_says_how_late_it_is(clock: str, says: str) -> None:
    """TRN-9.1: from half an hour before; late from the minute after the grace on, counted from the beginning."""
    assert Day(clock, settings(trainings=(training("16:00", "17:30", S101),))).punch(key="train") == (says,)


def test_the_second_punch_signs_out_and_never_says_late() -> None:
    """Whoever signed in here and comes again leaves; another person still signs in."""
    day = Day("16:20", settings(trainings=(training("16:00", "17:30", S101),)))
    assert day.punch(key="train") == ("培训签到成功,晚20分钟",)
    assert day.punch(key="train", after=50 * MINUTE) == ("培训签退已登记 17:10",)
    assert day.punch(LI, key="train") == ("培训签到成功,晚70分钟",)


def test_a_sign_in_that_was_not_safe_is_none() -> None:
    """The journal was full: the same card signs in again, it does not sign out."""
    day = Day("16:20", settings(trainings=(training("16:00", "17:30", S101),)))
    day.punch(key="train")
    kept = next(one.message for _, one in day.run.history if isinstance(one, Keep))
    assert isinstance(kept, PunchMade)
    day.run.at(day.run.now, KeepFailed(kept, "full"))
    assert day.punch(key="train") == ("培训签到成功,晚20分钟",)


def test_of_two_trainings_the_own_one_counts() -> None:
    """The invited one before another that begins earlier; the whole hall's if one is invited to none."""
    known = settings(trainings=(training("15:30", "17:00", no="PX-20260310-002"), training("16:00", "17:30", S101)))
    assert Day("16:05", known).punch(key="train") == ("培训签到成功",)
    assert Day("16:05", known).punch(LI, key="train") == ("培训签到成功,晚35分钟",)


def test_a_training_on_a_rest_day_is_signed_in_to() -> None:
    """It is not put off with 今日休息."""
    saturday = settings(trainings=(training("16:00", "17:30"),))
    known = ClockSettings(**{name: getattr(saturday, name) for name in saturday.__struct_fields__} | {"shifts": ()})
    assert Day("16:00", known).punch(key="train") == ("培训签到成功",)


# --- Leave that is over --------------------------------------------------------------------------------------------------


def leave(begins: HallTime, ends: HallTime, kind: str = "annual", *, outing: bool = False) -> Away:
    """S101 is or was away."""
    return Away(staff=S101, begins=begins, ends=ends, kind=kind, outing=outing)


def test_the_first_punch_after_leave_is_reminded_of_it() -> None:
    """clk.leave.over: 年休假 until 03-09, punch on 03-10; its person alone, and nobody is refused."""
    day = Day("08:58", settings(away=(leave(at("09:00", -8), at("17:30", -1)),)))
    assert day.punch() == ("张敏,打卡成功 08:58", "您的年休假已于3月9日期满,请办理销假或续假")
    assert day.punch(LI) == ("李娜,打卡成功 08:58",)


def test_leave_that_goes_on_or_was_an_outing_reminds_nobody() -> None:
    """Renewed in time, ended this morning, or on business."""
    renewed = (leave(at("09:00", -8), at("17:30", -1)), leave(at("00:00"), at("17:30", 3)))
    assert Day("09:10", settings(away=renewed)).punch() == ("您上午已请假(年休假),无需打卡",)
    assert len(Day("13:20", settings(away=(leave(at("09:00"), at("12:00")),))).punch()) == 1
    assert len(Day("09:10", settings(away=(leave(at("09:00", -1), at("17:30", -1), "meeting", outing=True),))).punch()) == 1


# --- A missing record ----------------------------------------------------------------------------------------------------


def missing(
    day: str = "2026-03-09", half: HalfOfDay = HalfOfDay.PM, until: int = 2, *, coming: bool = False
) -> MissingRecord:
    """S101 lacks a record that can be made good for so many days from today."""
    return MissingRecord(staff=S101, date=day, half=half, coming=coming, until=at("00:00", until))


def test_a_missing_record_is_reminded_of_with_the_days_left() -> None:
    """clk.missing: the working days from today on; the last one says one; then nothing."""
    known = settings(missing=(missing(),))
    line = "您3月9日下午缺少下班记录,请在{n}个工作日内补签"
    assert Day("08:58", known).punch() == ("张敏,打卡成功 08:58", line.format(n=2))
    assert Day("08:58", known, days=1).punch()[1:] == (line.format(n=1),)
    assert Day("08:58", known, days=2).punch()[1:] == ()
    assert Day("08:58", known).punch(LI)[1:] == ()


def test_of_several_the_one_that_is_soonest_too_late_is_told() -> None:
    """One sentence is what somebody reads; the other one comes when this is made good."""
    known = settings(missing=(missing(until=2), missing("2026-03-06", HalfOfDay.AM, 1, coming=True)))
    assert Day("08:58", known).punch()[1:] == ("您3月6日上午缺少上班记录,请在1个工作日内补签",)


# --- Time to read --------------------------------------------------------------------------------------------------------


def test_everything_is_shown_for_long_enough() -> None:
    """Every page of the text line gets its turn before the clock waits again."""
    known = settings(missing=(missing(),), away=(leave(at("09:00", -8), at("17:30", -1)),))
    day = Day("08:58", known)
    pages = len(pages_of(day.punch(key="in"), 2, 20))
    assert pages == 4
    shown_until = day.run.now + pages * PAGE_STAYS
    day.run.until(shown_until)
    assert day.run.state.situation != Waiting()
    day.run.until(shown_until + 1_000)
    assert day.run.state.situation == Waiting()


def test_the_intent_in_the_journal_does_not_depend_on_what_is_said() -> None:
    """Reminders are words: the punch is stored as it was made."""
    day = Day("08:58", settings(missing=(missing(),)))
    day.punch(key="in")
    kept = [one.message for _, one in day.run.history if isinstance(one, Keep)]
    assert [one.intent for one in kept if isinstance(one, PunchMade)] == [PunchIntent.IN]
