"""The attendance clock: nothing is shown before it is safe, everything is stored, and nobody is blamed."""

from functools import partial
from typing import Any

from contracts.cards import card_hash
from contracts.messages import ClockSettings, HealthReported, PunchMade, PunchStored, RosterEntry, ServiceState
from contracts.values import BootId, Condition, HallTime, NodeName, PunchIntent, RequestId, StaffNo
from firmware.drivers.card_reader import CardPresented, CardUnreadable, ReaderBack, ReaderLost
from firmware.drivers.lamps import Light, Pattern
from firmware.drivers.text_line import Show, TextBack, TextLost
from firmware.runtime.steps import Heard, Keep, KeepFailed, LinkDown, LinkUp, Note, Reported, Say, Tell
from punch_clock.behaviour import ClockBehaviour
from punch_clock.situations import Clock, Glass
from sim.solo import Solo

KEY = b"k" * 32
HALL = 1_773_104_220_000  # 2026-03-10 08:57 in the hall
CARD, STRANGER = "7200944C78", "0A00944C78"
WHO = RosterEntry(staff=StaffNo("S101"), name="张伟", card=card_hash(KEY, CARD))
SETTINGS = ClockSettings(hash="h", hall_name_zh="x", hall_name_en="x", hotline="1", roster=(WHO,), elsewhere="一楼西侧")
READY = 5_000


def heartbeat(at: int) -> Heard:
    """The service says the time."""
    return Heard(ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(HALL + at)))


def fresh(*, notice: bool = False) -> Solo:
    """A clock that has just started and knows nothing."""
    return Solo(
        ClockBehaviour(
            NodeName("CLK-01"),
            BootId("0" * 16),
            partial(card_hash, KEY),
            lambda _entry, _typed: False,
            Glass(rows=4 if notice else 2),
        )
    )


def solo() -> Solo:
    """A clock with its roster and the time, at 5 s of its life."""
    run = fresh()
    run.at(0, LinkUp(), Heard(SETTINGS), heartbeat(0))
    run.at(READY, heartbeat(READY))
    run.history.clear()
    return run


def present(card: str = CARD) -> Reported:
    """A card at the reader."""
    return Reported("reader", CardPresented(card))


def glass(run: Solo) -> tuple[str, ...]:
    """What the text line shows."""
    state: Clock = run.state
    return state.face.lines


def lamps(run: Solo) -> tuple[Pattern, Pattern]:
    """Green and red."""
    state: Clock = run.state
    return state.face.green, state.face.red


def punches(run: Solo) -> list[PunchMade]:
    """What went into the journal."""
    return [
        effect.message for _, effect in run.history if isinstance(effect, Keep) and isinstance(effect.message, PunchMade)
    ]


def beeps(effects: list[Any]) -> list[Pattern]:
    """What the beeper was told."""
    lights = [effect.command for effect in effects if isinstance(effect, Tell) and isinstance(effect.command, Light)]
    return [light.pattern for light in lights if light.lamp == "beeper"]


def health(effects: list[Any]) -> list[tuple[str, Condition]]:
    """What was reported about the clock's parts."""
    said = [effect.message for effect in effects if isinstance(effect, Say)]
    return [(one.part, one.condition) for one in said if isinstance(one, HealthReported)]


def test_a_card_is_journalled_before_beep_lamp_and_text() -> None:
    """First Keep with the keyed hash and the person, then beep, name and time, green."""
    run = solo()
    assert run.at(READY + 1, present()) == [
        Keep(
            PunchMade(
                request_id=RequestId(f"CLK-01/{'0' * 16}/0"), card=WHO.card, staff=StaffNo("S101"), intent=PunchIntent.NONE
            )
        ),
        Tell("lamps", Light("beeper", Pattern.BEEP)),
        Tell("text", Show(("张伟,打卡成功 08:57",))),
        Tell("lamps", Light("green", Pattern.ON)),
    ]
    run.until(READY + 4_001)
    assert glass(run) == ("请刷工作卡 08:57",)
    assert lamps(run) == (Pattern.OFF, Pattern.OFF)


def test_the_card_number_itself_is_nowhere() -> None:
    """Neither messages nor log lines carry it."""
    run = solo()
    run.at(READY, present(), Reported("reader", CardUnreadable()), present(STRANGER))
    assert CARD not in repr((run.history, run.state))
    assert STRANGER not in repr((run.history, run.state))


def test_an_unknown_card_is_stored_with_another_beep() -> None:
    """Stored without a person; two beeps, red, and whom to ask."""
    run = solo()
    effects = run.at(READY, present(STRANGER))
    assert punches(run)[0].staff is None
    assert punches(run)[0].card == card_hash(KEY, STRANGER)
    assert beeps(effects) == [Pattern.BEEP_TWICE]
    assert glass(run) == ("未识别的工作卡,请联系管理人员",)
    assert lamps(run) == (Pattern.OFF, Pattern.ON)


def test_the_same_card_within_a_minute_is_told_and_stored_all_the_same() -> None:
    """The algorithm decides what it means; after a minute it is an ordinary punch again."""
    run = solo()
    run.at(READY, present())
    effects = run.at(READY + 59_999, present())
    assert glass(run)[0] == "您已打卡,无需重复"
    assert beeps(effects) == [Pattern.BEEP]
    run.at(READY + 60_000, heartbeat(READY + 60_000), present())
    assert glass(run) == ("张伟,打卡成功 08:58",)
    assert len(punches(run)) == 3


def test_a_second_person_does_not_wait_for_the_first() -> None:
    """The next card in the queue is taken at once and shows its own name."""
    run = fresh()
    second = RosterEntry(staff=StaffNo("S102"), name="李娜", card=card_hash(KEY, STRANGER))
    settings = ClockSettings(hash="h", hall_name_zh="x", hall_name_en="x", hotline="1", roster=(WHO, second))
    run.at(0, Heard(settings), heartbeat(0))
    run.at(READY, heartbeat(READY))
    run.at(READY + 1, present())
    run.at(READY + 900, present(STRANGER))
    assert [punch.staff for punch in punches(run)] == ["S101", "S102"]
    assert glass(run) == ("李娜,打卡成功 08:57",)


def test_a_full_journal_gives_no_ok_beep_and_says_where_to_go() -> None:
    """A long beep, red blinking, the other place; the service hears of it; the card has not punched."""
    run = solo()
    run.at(READY, present())
    effects = run.at(READY, KeepFailed(punches(run)[0], "No space left on device"))
    assert beeps(effects) == [Pattern.BEEP_LONG]
    assert health(effects) == [("journal", Condition.FAULT)]
    assert glass(run) == ("本机暂停使用,请到一楼西侧打卡或人工签到",)
    assert lamps(run) == (Pattern.OFF, Pattern.BLINK)
    run.until(READY + 300_000)
    assert glass(run) == ("本机暂停使用,请到一楼西侧打卡或人工签到",)


def test_the_first_punch_that_is_kept_puts_the_clock_back_into_service() -> None:
    """The same card is no repetition, because it had not punched."""
    run = solo()
    run.at(READY, present())
    run.at(READY, KeepFailed(punches(run)[0], "full"))
    effects = run.at(READY + 2_600, present())
    assert isinstance(effects[0], Keep)
    assert health(effects) == [("journal", Condition.OK)]
    assert glass(run)[0] == "张伟,打卡成功 08:57"
    assert lamps(run) == (Pattern.ON, Pattern.OFF)


def test_without_another_place_the_sentence_still_makes_sense() -> None:
    """A hall with one clock sends nobody to a place without a name."""
    run = fresh()
    run.at(0, present())
    run.at(0, KeepFailed(punches(run)[0], "full"))
    assert glass(run) == ("本机暂停使用,请人工签到",)


def test_offline_the_punch_is_stored_here_and_says_so() -> None:
    """After 15 s of silence, or at once when the link is gone."""
    run = solo()
    run.until(READY + 15_000)
    assert glass(run) == ("请刷工作卡 08:57", "网络中断,可正常打卡")
    effects = run.at(READY + 16_000, present())
    assert beeps(effects) == [Pattern.BEEP]
    assert glass(run) == ("张伟,打卡成功 08:57", "网络中断,打卡已保存在本机")
    again = solo()
    again.at(READY + 10, LinkDown())
    assert glass(again) == ("请刷工作卡 08:57", "网络中断,可正常打卡")


def test_without_a_certain_time_no_time_is_shown() -> None:
    """A clock that never heard the hall, or only a retained heartbeat, promises no minute."""
    run = fresh()
    assert glass(run) == ("请刷工作卡", "网络中断,可正常打卡")
    run.at(0, Heard(SETTINGS), heartbeat(0))
    assert glass(run) == ("请刷工作卡", "时钟校准中,打卡时间以核定为准")
    run.at(1, present())
    assert glass(run) == ("张伟,打卡成功", "时钟校准中,打卡时间以核定为准")


def test_without_a_roster_the_punch_is_stored_and_nobody_is_called_unknown() -> None:
    """Before the first settings every card is taken, its name comes later."""
    run = fresh()
    effects = run.at(0, present())
    assert punches(run)[0].staff is None
    assert beeps(effects) == [Pattern.BEEP]
    assert glass(run) == ("打卡已保存,姓名稍后核定",)


def test_the_time_on_the_glass_moves_with_the_minute() -> None:
    """08:57 becomes 08:58 at the minute."""
    run = solo()
    run.at(50_000, heartbeat(50_000))
    run.until(59_999)
    assert glass(run)[0] == "请刷工作卡 08:57"
    run.until(60_000)
    assert glass(run)[0] == "请刷工作卡 08:58"


def test_an_unreadable_card_asks_for_another_try() -> None:
    """Two beeps, red, nothing stored."""
    run = solo()
    effects = run.at(READY, Reported("reader", CardUnreadable()))
    assert beeps(effects) == [Pattern.BEEP_TWICE]
    assert glass(run) == ("未读到工作卡,请重新刷卡",)
    assert punches(run) == []


def test_a_lost_reader_puts_the_clock_out_of_service_until_it_is_back() -> None:
    """Nobody waves a card at a dead reader without being told; the service hears both, the fault again with the link."""
    run = solo()
    run.at(READY, Reported("reader", ReaderLost("unplugged")), Reported("reader", ReaderLost("unplugged")))
    assert glass(run) == ("本机暂停使用,请到一楼西侧打卡或人工签到",)
    assert lamps(run) == (Pattern.OFF, Pattern.BLINK)
    run.at(READY + 1, LinkDown(), LinkUp(), heartbeat(READY + 1))
    run.at(READY + 2, Reported("reader", ReaderBack()), Reported("reader", ReaderBack()))
    assert glass(run) == ("请刷工作卡 08:57",)
    reported = health([effect for _, effect in run.history])
    assert reported == [("reader", Condition.FAULT), ("reader", Condition.FAULT), ("reader", Condition.OK)]


def test_a_lost_text_line_is_reported_and_punches_go_on() -> None:
    """The beep still says that all is well."""
    run = solo()
    run.at(READY, Reported("text", TextLost("unplugged")))
    effects = run.at(READY + 1, present())
    assert beeps(effects) == [Pattern.BEEP]
    run.at(READY + 2, Reported("text", TextBack()))
    reported = health([effect for _, effect in run.history])
    assert reported == [("text", Condition.FAULT), ("text", Condition.OK)]


def test_a_stored_punch_of_uncertain_time_is_noted() -> None:
    """The person has gone; the log has it, without card or name."""
    run = solo()
    stored = PunchStored(request_id=RequestId("CLK-01/0/0"), at=HallTime(HALL), unverified=True)
    assert run.at(READY, Heard(stored)) == [Note("time_unverified", {"request": "CLK-01/0/0"})]


def test_the_notice_stands_there_where_there_is_room() -> None:
    """A display of four rows shows the notice on proxy punching while it waits."""
    run = fresh(notice=True)
    assert glass(run)[-1].startswith("请本人打卡")
