"""The clock's keys: what a punch means, what is said about it, and the question about leaving early (ATT-8.2, HALL-11.2)."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.cards import card_hash
from contracts.messages import Away, ClockSettings, PunchMade, RosterEntry, ServiceState, Shift
from contracts.values import BootId, HallTime, NodeName, PunchIntent, StaffNo
from firmware.drivers.buttons import Pressed
from firmware.drivers.card_reader import CardPresented
from firmware.drivers.lamps import Light
from firmware.runtime.steps import Heard, Keep, LinkUp, Reported, Tell
from punch_clock.behaviour import MODE_STAYS, ClockBehaviour
from punch_clock.punching import CONFIRM_WITHIN
from sim.hall import Hall
from sim.solo import Solo

KEY = b"k" * 32
MIDNIGHT = 1_773_072_000_000  # 2026-03-10 00:00 in the hall
CARD, OTHER_CARD = "7200944C78", "0A00944C78"
ZHANG = RosterEntry(staff=StaffNo("S101"), name="张敏", card=card_hash(KEY, CARD))
LI = RosterEntry(staff=StaffNo("S102"), name="李娜", card=card_hash(KEY, OTHER_CARD))


def at(clock: str) -> HallTime:
    """``HH:MM:SS`` of 2026-03-10 in the hall."""
    hours, minutes, seconds = (int(part) for part in (clock + ":00").split(":")[:3])
    return HallTime(MIDNIGHT + ((hours * 60 + minutes) * 60 + seconds) * 1000)


def settings(*away: Away, works: bool = True) -> ClockSettings:
    """The hours of the day and who is away."""
    shifts = (Shift(start=at("09:00"), end=at("12:00")), Shift(start=at("13:30"), end=at("17:30")))
    tomorrow = tuple(Shift(start=HallTime(one.start + 86_400_000), end=HallTime(one.end + 86_400_000)) for one in shifts)
    return ClockSettings(
        hash="h",
        hall_name_zh="x",
        hall_name_en="x",
        hotline="1",
        roster=(ZHANG, LI),
        shifts=(*shifts, *tomorrow) if works else tomorrow,
        away=away,
    )


def meeting(begins: str, ends: str) -> Away:
    """An approved outing of S101."""
    return Away(staff=ZHANG.staff, begins=at(begins), ends=at(ends), kind="meeting", outing=True)


class Day:
    """A clock at a time of day."""

    def __init__(self, clock: str, *away: Away, works: bool = True) -> None:
        self.run = Solo(
            ClockBehaviour(NodeName("CLK-01"), BootId("0" * 16), partial(card_hash, KEY), lambda _entry, _typed: False)
        )
        beat = ServiceState(epoch=1, boot=BootId("b"), hall_now=at(clock))
        later = ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(at(clock) + 1_000))
        self.run.at(0, LinkUp(), Heard(settings(*away, works=works)), Heard(beat))
        self.run.at(1_000, Heard(later))
        self.now = 1_000
        self.run.history.clear()

    def press(self, key: str, after: int = 100) -> "Day":
        """A key."""
        return self._then(Reported("keys", Pressed(key)), after)

    def show(self, card: str = CARD, after: int = 100) -> "Day":
        """A work card."""
        return self._then(Reported("reader", CardPresented(card)), after)

    def wait(self, ms: int) -> "Day":
        """Let time pass."""
        self.now += ms
        self.run.until(self.now)
        return self

    def _then(self, happening: Any, after: int) -> "Day":
        self.now += after
        self.run.at(self.now, happening)
        return self

    @property
    def glass(self) -> str:
        """What the text line shows."""
        return "|".join(self.run.state.face.lines)

    @property
    def kept(self) -> list[tuple[str | None, PunchIntent]]:
        """What is in the journal."""
        effects = [one for _, one in self.run.history if isinstance(one, Keep)]
        return [(one.message.staff, one.message.intent) for one in effects if isinstance(one.message, PunchMade)]

    @property
    def beeps(self) -> int:
        """How often it beeped."""
        return sum(
            isinstance(one, Tell) and isinstance(one.command, Light) and one.command.lamp == "beeper"
            for _, one in self.run.history
        )


@pytest.mark.parametrize(
    ("clock", "key", "says", "intent"),
    [
        ("08:57", "in", "张敏,上班打卡成功 08:57", PunchIntent.IN),
        ("09:00:40", "in", "张敏,上班打卡成功 09:00", PunchIntent.IN),
        ("09:01:00", "in", "张敏,打卡成功 09:01,超过上班时间1分钟", PunchIntent.IN),
        ("13:50", "in", "张敏,打卡成功 13:50,超过上班时间20分钟", PunchIntent.IN),
        ("12:05", "in", "张敏,上班打卡成功 12:05", PunchIntent.IN),
        ("12:05", "out", "张敏,下班打卡成功 12:05,您辛苦了", PunchIntent.OUT),
        ("17:30", "out", "张敏,下班打卡成功 17:30,您辛苦了", PunchIntent.OUT),
        ("16:20", "train", "当前没有可签到的培训,打卡已记录", PunchIntent.TRAIN),
    ],
)
def test_a_key_and_a_card(clock: str, key: str, says: str, intent: PunchIntent) -> None:
    """clk.in.ok, clk.in.late, clk.out.ok, clk.train.ok, at minute precision (D1); the intent goes into the journal."""
    day = Day(clock).press(key).show()
    assert day.glass.startswith(says)
    assert day.kept == [("S101", intent)]
    assert day.beeps == 1


def test_without_a_key_nothing_is_said_about_the_hours() -> None:
    """No mode: the algorithm infers, and the clock says only that it is recorded."""
    day = Day("09:20").show()
    assert day.glass.startswith("张敏,打卡成功 09:20")
    assert day.kept == [("S101", PunchIntent.NONE)]


def test_a_mode_holds_for_one_card_or_eight_seconds() -> None:
    """After one card, after 8 s, or pressed twice, the clock infers again."""
    day = Day("08:50").press("in")
    assert "上班" in day.glass
    day.show().show(OTHER_CARD)
    assert day.kept == [("S101", PunchIntent.IN), ("S102", PunchIntent.NONE)]
    late = Day("08:50").press("in").wait(MODE_STAYS)
    assert "上班" not in late.glass
    assert late.show().kept == [("S101", PunchIntent.NONE)]
    assert Day("08:50").press("in").press("in").show().kept == [("S101", PunchIntent.NONE)]
    assert Day("08:50").press("in").press("out").press("cancel").show().kept == [("S101", PunchIntent.NONE)]


def test_leaving_early_is_asked_and_only_cancel_discards() -> None:
    """ATT-8.2: 17:29:59 is a minute early; asked, not beeped. 确认 records it, 取消 does not."""
    asked = Day("17:29:50").press("out").show()
    assert asked.glass == "现在未到下班时间(差1分钟),是否确认?|确认/取消"
    assert (asked.kept, asked.beeps) == ([], 0)
    assert asked.press("confirm").kept == [("S101", PunchIntent.OUT)]
    assert asked.beeps == 1
    taken_back = Day("16:00").press("out").show().press("cancel")
    assert (taken_back.kept, taken_back.beeps, taken_back.glass) == ([], 0, "本次未记录")


def test_an_unanswered_question_is_recorded_after_eight_seconds() -> None:
    """Whoever walks away has punched: silence never discards."""
    day = Day("16:00").press("out").show().wait(CONFIRM_WITHIN - 1)
    assert day.kept == []
    assert day.wait(1).kept == [("S101", PunchIntent.OUT)]
    assert day.beeps == 1


def test_the_next_in_line_answers_for_who_walked_away() -> None:
    """A second card while the question stands records both, each as its own person's."""
    day = Day("16:00").press("out").show().show(OTHER_CARD)
    assert day.kept == [("S101", PunchIntent.OUT), ("S102", PunchIntent.NONE)]


def test_going_out_needs_an_approved_outing_and_is_recorded_all_the_same() -> None:
    """HALL-11.2, ATT-6: with one, until when; without, what is missing, in red; the punch is stored either way."""
    assert Day("14:00", meeting("14:00", "16:00")).press("outing").show().glass == "公出已登记,请于16:00前返岗"
    assert Day("13:45", meeting("14:00", "16:00")).press("outing").show().glass == "公出已登记,请于16:00前返岗"
    none = Day("14:00").press("outing").show()
    assert none.glass == "未查到已批准的公出,请先填写公出台账"
    assert none.kept == [("S101", PunchIntent.OUTING)]


def test_coming_back_tells_how_much_later_than_planned() -> None:
    """ATT-6.2: planned 16:00, back 16:20: recorded, 20 minutes later than planned; no word of lateness."""
    assert Day("16:20", meeting("14:00", "16:00")).press("return").show().glass == "返岗已登记 16:20,晚于计划20分钟"
    assert Day("15:50", meeting("14:00", "16:00")).press("return").show().glass == "返岗已登记 15:50"
    assert Day("15:50").press("return").show().glass == "返岗已登记 15:50"


def test_what_counts_as_an_outing_is_told_by_the_settings() -> None:
    """A kind of the hall's own (``outing_kinds``) is an outing all the same; one that is not an outing never is."""
    own = Away(staff=ZHANG.staff, begins=at("14:00"), ends=at("16:00"), kind="inspection", outing=True)
    assert Day("14:00", own).press("outing").show().glass == "公出已登记,请于16:00前返岗"
    assert Day("16:20", own).press("return").show().glass == "返岗已登记 16:20,晚于计划20分钟"
    leave = Away(staff=ZHANG.staff, begins=at("14:00"), ends=at("16:00"), kind="meeting")
    assert Day("14:00", leave).press("outing").show().glass.startswith("未查到已批准的公出")


def test_leave_and_rest_days_are_told_to_the_person_alone() -> None:
    """clk.leave names half and kind; clk.rest on a day the hall rests. Both punches are stored."""
    away = Away(staff=ZHANG.staff, begins=at("09:00"), ends=at("12:00"), kind="annual")
    leave = Day("09:10", away).show()
    assert leave.glass == "您上午已请假(年休假),无需打卡"
    assert leave.kept == [("S101", PunchIntent.NONE)]
    assert Day("09:10", away).show(OTHER_CARD).glass.startswith("李娜,打卡成功")
    assert Day("09:10", works=False).press("in").show().glass == "今日休息,打卡已记录"


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["in", "out", "outing", "return", "train", "confirm", "cancel"]),
            st.sampled_from([CARD, OTHER_CARD]),
            st.integers(0, 9_000),
        ),
        max_size=25,
    ),
    st.sampled_from(["08:50", "09:30", "11:59", "12:30", "17:29", "17:40"]),
)
def test_every_card_is_kept_once_unless_somebody_cancels(acts: list[str | int], clock: str) -> None:
    """No key sequence loses a punch: cards shown less those discarded by 取消 at a question are in the journal."""
    day, shown, discarded = Day(clock), 0, 0
    for act in acts:
        if isinstance(act, int):
            day.wait(act)
        elif act in {CARD, OTHER_CARD}:
            day.show(act)
            shown += 1
        else:
            discarded += act == "cancel" and "确认" in day.glass
            day.press(act)
    day.wait(CONFIRM_WITHIN)
    assert len(day.kept) == shown - discarded


def test_in_the_hall_a_key_reaches_the_database() -> None:
    """Real keys on real pins, the real service: 公出 without an approved outing is told and stored with its intent."""
    with Hall.demo_small(seed=3, start="2026-03-10T13:59:00") as hall:
        hall.run_until("14:00:00")
        clock = hall.clock()
        clock.press("outing")
        hall.run_for(500)
        clock.show_card(hall.card_of("S101"))
        hall.run_for(2_000)
        assert clock.text().startswith("未查到已批准的公出")
        found = hall.service.database.execute("SELECT staff, intent FROM punches").fetchall()
        assert found == [("S101", "outing")]


class Model:
    """What a clock should do, told once more in other words: the mode with its time, the question with its deadline."""

    def __init__(self, *, early: bool) -> None:
        self.early = early
        self.mode, self.mode_until = PunchIntent.NONE, 0
        self.asked_until: int | None = None
        self.kept: list[tuple[int, PunchIntent]] = []

    def answer(self, now: int) -> None:
        """The question is over and its punch counts, at the latest when its time is."""
        if self.asked_until is not None:
            self.kept.append((min(now, self.asked_until), PunchIntent.OUT))
            self.asked_until = None

    def at(self, now: int) -> None:
        """Time passes."""
        if self.asked_until is not None and now >= self.asked_until:
            self.answer(now)
        if now >= self.mode_until:
            self.mode = PunchIntent.NONE

    def card(self, now: int) -> None:
        """A card."""
        self.answer(now)
        if self.mode is PunchIntent.OUT and self.early:
            self.asked_until = now + CONFIRM_WITHIN
        else:
            self.kept.append((now, self.mode))
        self.mode = PunchIntent.NONE

    def key(self, key: str, now: int) -> None:
        """A key."""
        if self.asked_until is not None and key == "cancel":
            self.asked_until = None
        elif self.asked_until is not None and key == "confirm":
            self.answer(now)
        elif key in {"cancel", "confirm"}:
            self.mode = self.mode if key == "confirm" else PunchIntent.NONE
        else:
            self.answer(now)
            pressed = PunchIntent(key)
            self.mode = PunchIntent.NONE if pressed is self.mode else pressed
            self.mode_until = now + MODE_STAYS


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["in", "out", "out", "outing", "return", "confirm", "cancel", CARD, CARD, OTHER_CARD, ""]),
            st.sampled_from([1, 100, 3_000, 7_899, 7_999, 8_000, 8_001]),
        ),
        max_size=30,
    ),
    st.sampled_from(["08:20", "10:30", "14:00"]),
)
def test_modes_and_questions_end_after_one_card_or_eight_seconds(acts: list[tuple[str, int]], clock: str) -> None:
    """Against a second telling of the rule: the same punches, intents and instants, whatever is done."""
    day, model = Day(clock), Model(early=clock != "08:20")
    for act, after in acts:
        model.at(day.now + after)
        if act in {CARD, OTHER_CARD}:
            day.show(act, after)
            model.card(day.now)
        elif act:
            day.press(act, after)
            model.key(act, day.now)
        else:
            day.wait(after)
    day.wait(CONFIRM_WITHIN)
    model.at(day.now)
    kept = [(at, one.message) for at, one in day.run.history if isinstance(one, Keep)]
    assert [(at, one.intent) for at, one in kept if isinstance(one, PunchMade)] == model.kept
