"""Staff number and PIN at the clock (D15, COND-4): a punch like any other, told apart only in the record."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.cards import card_hash
from contracts.messages import ClockSettings, HealthReported, PinEntry, PunchMade, RosterEntry, ServiceState, Shift
from contracts.values import BootId, CardHash, HallTime, NodeName, PunchIntent, StaffNo
from firmware.drivers.card_reader import CardPresented
from firmware.drivers.key_events import Pressed
from firmware.drivers.keypad import KeypadBack, KeypadLost
from firmware.drivers.lamps import Light, Pattern
from firmware.runtime.steps import Heard, Keep, LinkUp, Note, Reported, Say, Tell
from punch_clock.behaviour import ClockBehaviour
from punch_clock.pin_pad import FREE_TRIES, REST, TYPING_STAYS, WRONG_COUNTS
from punch_clock.situations import PAD_KEYS, Typing, Waiting
from sim.solo import Solo

KEY = b"k" * 32
MIDNIGHT = 1_773_072_000_000  # 2026-03-10 00:00 in the hall
HOUR = 3_600_000
CARD, LOST, STRANGER = "7200944C78", "7200944C79", "0A00944C78"
PIN = "482915"


def hashed(card: str) -> CardHash:
    """As the node hashes it."""
    return card_hash(KEY, card)


SETTINGS = ClockSettings(
    hash="h",
    hall_name_zh="x",
    hall_name_en="x",
    hotline="1",
    roster=(RosterEntry(staff=StaffNo("S102"), name="李娜", card=hashed(CARD)),),
    shifts=(Shift(start=HallTime(MIDNIGHT + 9 * HOUR), end=HallTime(MIDNIGHT + 12 * HOUR)),),
    lost=(hashed(LOST),),
    pins=(
        PinEntry(staff=StaffNo("S101"), name="张敏", salt="00", verifier=PIN),
        PinEntry(staff=StaffNo("S102"), name="李娜", salt="00", verifier="735146"),
    ),
)


def same(entry: PinEntry, typed: str) -> bool:
    """Stands for the slow hash, which ``tests/rules/test_work_cards.py`` looks at."""
    return entry.verifier == typed


class Pad:
    """A clock with a keypad, at a time of day."""

    def __init__(self, hours: float = 8.9, settings: ClockSettings | None = SETTINGS) -> None:
        self.run = Solo(ClockBehaviour(NodeName("CLK-01"), BootId("0" * 16), partial(card_hash, KEY), same))
        at = HallTime(MIDNIGHT + int(hours * HOUR))
        beats = [ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(at + ms)) for ms in (0, 1_000)]
        self.run.at(0, LinkUp(), *([] if settings is None else [Heard(settings)]), Heard(beats[0]))
        self.run.at(1_000, Heard(beats[1]))
        self.run.history.clear()

    def press(self, *keys: str) -> "Pad":
        """Keys, one after the other within a second."""
        for key in keys:
            self._at(100, Reported("keypad", Pressed(key)))
        return self

    def type(self, number: str, pin: str = PIN) -> "Pad":
        """A staff number and a PIN, each ended with 确认."""
        return self.press(*number, "ok", *pin, "ok")

    def show(self, card: str) -> "Pad":
        """A work card."""
        return self._at(100, Reported("reader", CardPresented(card)))

    def wait(self, ms: int) -> "Pad":
        """Let time pass."""
        self.run.until(self.run.now + ms)
        return self

    def _at(self, after: int, happening: Any) -> "Pad":
        self.run.at(self.run.now + after, happening)
        return self

    @property
    def glass(self) -> str:
        """What the text line shows."""
        return "|".join(self.run.state.face.lines)

    @property
    def kept(self) -> list[PunchMade]:
        """What is in the journal."""
        effects = [one for _, one in self.run.history if isinstance(one, Keep)]
        return [one.message for one in effects if isinstance(one.message, PunchMade)]

    @property
    def beeps(self) -> list[Pattern]:
        """What the beeper was told."""
        tells = [one.command for _, one in self.run.history if isinstance(one, Tell)]
        return [one.pattern for one in tells if isinstance(one, Light) and one.lamp == "beeper"]


def test_number_and_pin_are_a_punch_without_a_card() -> None:
    """Stored with the person and no card, so that the record can tell; one beep, name and time."""
    pad = Pad().press("1")
    assert pad.glass == "请输入工号和密码|工号 S1"
    pad.press("0", "1", "ok", "4", "8")
    assert pad.glass == "请输入工号和密码|密码 **"
    pad.press("2", "9", "1", "5")
    assert pad.kept == []
    pad.press("ok")
    assert [(one.card, one.staff, one.intent) for one in pad.kept] == [(None, "S101", PunchIntent.NONE)]
    assert pad.glass == "张敏,打卡成功 08:54"
    assert pad.beeps == [Pattern.BEEP]


def test_a_mode_goes_before_the_number_or_in_the_middle_of_it() -> None:
    """As with a card; the line says what it will mean."""
    pad = Pad().press("in", "1")
    assert pad.glass == "请输入工号和密码|上班 工号 S1"
    pad.press("0", "1", "ok", *PIN, "ok")
    assert (pad.kept[0].intent, pad.glass) == (PunchIntent.IN, "张敏,上班打卡成功 08:54")
    later = Pad().press("1", "0", "1", "train", "ok", *PIN, "ok")
    assert later.kept[0].intent is PunchIntent.TRAIN


@pytest.mark.parametrize(("number", "pin"), [("101", "482916"), ("101", "735146"), ("103", PIN), ("999", PIN), ("101", "4")])
def test_what_is_not_right_is_one_sentence(number: str, pin: str) -> None:
    """A wrong PIN, another's, a number without a PIN or of nobody: nobody can find out which numbers there are."""
    pad = Pad().type(number, pin)
    assert (pad.kept, pad.glass, pad.beeps) == ([], "工号或密码有误,请您重试", [Pattern.BEEP_TWICE])


def test_a_clock_that_was_never_told_of_pins_takes_none() -> None:
    """No settings, no roster: a card is stored, a number that proves nothing is not."""
    assert Pad(settings=None).type("101").kept == []


def test_five_wrong_ones_and_the_pad_rests_while_cards_go_on() -> None:
    """Guessing is slow for everybody at this pad; no person is locked, and a right PIN in between wins nothing back."""
    pad = Pad()
    for n in range(FREE_TRIES):
        pad.type("101", "000000")
        pad.type("102", "735146")
        assert len(pad.kept) == n + 1 - (n == FREE_TRIES - 1)
    assert pad.press("1").glass == f"请您{REST // 1000 - 1}秒后再输入,或请刷卡"
    kept = len(pad.kept)
    pad.type("101")
    assert len(pad.kept) == kept
    pad.show(CARD)
    assert len(pad.kept) == kept + 1
    pad.wait(REST)
    assert pad.type("101").kept[-1].staff == "S101"
    pad.type("101", "000000").wait(REST).press("1")
    assert "再输入" in pad.glass, "the sixth wrong one rests it for longer"
    pad.wait(WRONG_COUNTS).press("1")
    assert "再输入" not in pad.glass


def test_the_log_hears_of_wrong_ones_without_names() -> None:
    """How often, and nothing else."""
    pad = Pad().type("101", "000000")
    assert [one for _, one in pad.run.history if isinstance(one, Note)] == [Note("pin_wrong", {"tries": 1})]


def test_whoever_walks_away_leaves_nothing_behind() -> None:
    """8 s after the last key the clock waits for a card again, without a mode."""
    pad = Pad().press("in", "1", "0", "1", "ok", "4", "8").wait(TYPING_STAYS - 1)
    assert "密码" in pad.glass
    pad.wait(1)
    assert pad.run.state.situation == Waiting()
    assert pad.show(CARD).kept[0].intent is PunchIntent.NONE


def test_back_takes_back_and_leaves_at_last() -> None:
    """Digit by digit, from the PIN to the number, and out; 取消 at once."""
    pad = Pad().press("1", "0", "2", "ok", "4", "back", "back", "back", "1")
    assert pad.glass.endswith("工号 S101")
    pad.press("ok", *PIN, "ok")
    assert [one.staff for one in pad.kept] == ["S101"]
    assert Pad().press("1", "back", "back").run.state.situation == Waiting()
    assert Pad().press("1", "0", "1", "ok", "4", "cancel").run.state.situation == Waiting()


def test_a_card_in_the_middle_of_typing_is_a_punch_of_that_card() -> None:
    """The next in line is not held up; what was typed is forgotten."""
    pad = Pad().press("1", "0", "1", "ok", "4").show(CARD)
    assert [(one.staff, one.card) for one in pad.kept] == [("S102", hashed(CARD))]
    assert "李娜" in pad.glass


def test_leaving_early_by_pin_is_asked_and_answered_on_the_pad() -> None:
    """ATT-8.2: 确认 or 返回 of the pad answer as the keys do; silence records."""
    asked = Pad(11).press("out").type("101")
    assert (asked.kept, asked.glass) == ([], "现在未到下班时间(差60分钟),是否确认?|确认/取消")
    assert [one.intent for one in asked.press("ok").kept] == [PunchIntent.OUT]
    assert Pad(11).press("out").type("101").press("back").kept == []
    assert len(Pad(11).press("out").type("101").wait(8_000).kept) == 1


def test_card_and_pin_of_one_person_within_a_minute_are_told() -> None:
    """clk.dup, and both are stored: the algorithm decides."""
    pad = Pad().show(CARD).type("102", "735146")
    assert (len(pad.kept), pad.glass) == (2, "您已打卡,无需重复")


def test_a_lost_card_is_nobodys_and_asks_for_the_pin() -> None:
    """COND-4: two beeps, red, 该卡已挂失 and what to do instead; stored raw, as no punch of its person."""
    pad = Pad().show(LOST)
    assert pad.glass == "该卡已挂失|请输入工号和密码"
    assert [(one.card, one.staff) for one in pad.kept] == [(hashed(LOST), None)]
    assert (pad.beeps, pad.run.state.face.red) == ([Pattern.BEEP_TWICE], Pattern.ON)


def test_keys_a_clock_does_not_have_mean_nothing() -> None:
    """The same pad hangs on ticket machines, with four keys more; at no moment do they do anything here."""
    for before in ((), ("in",), ("1",)):
        pad = Pad().press(*before)
        situation = pad.run.state.situation
        assert pad.press("help", "project", "appointment", "reactivate").run.state.situation == situation


def test_an_unplugged_pad_is_reported_and_cards_go_on() -> None:
    """The service hears it; the clock is not out of service."""
    pad = Pad()
    pad.run.at(pad.run.now, Reported("keypad", KeypadLost("gone")))
    assert len(pad.show(CARD).kept) == 1
    pad.run.at(pad.run.now, Reported("keypad", KeypadBack()))
    said = [one.message for _, one in pad.run.history if isinstance(one, Say)]
    assert [(one.part, one.condition.value) for one in said if isinstance(one, HealthReported)] == [
        ("keypad", "fault"),
        ("keypad", "ok"),
    ]


@given(
    st.lists(
        st.sampled_from([*PAD_KEYS, "in", "out", "confirm", "cancel", "help", CARD, LOST, STRANGER, "wait"]), max_size=40
    )
)
def test_whatever_is_typed_every_card_is_kept_once_and_no_pin_is_shown(keys: list[str]) -> None:
    """No key sequence loses a card, invents a punch, or puts typed digits where they can be read."""
    pad, cards = Pad(), 0
    for key in keys:
        if key == "wait":
            pad.wait(5_000)
        elif key in {CARD, LOST, STRANGER}:
            pad.show(key)
            cards += 1
        else:
            pad.press(key)
        typing = pad.run.state.situation
        if isinstance(typing, Typing) and typing.pin:
            assert pad.glass.endswith(f"密码 {'*' * len(typing.pin)}")
    assert len(pad.wait(8_000).kept) == cards


def test_a_typed_pin_is_never_logged_nor_shown() -> None:
    """Neither effects nor what is printed of the state hold it."""
    pad = Pad().press("1", "0", "1", "ok", *PIN)
    assert PIN not in repr(pad.run.state.situation)
    pad.press("ok")
    assert PIN not in repr(pad.run.history)
