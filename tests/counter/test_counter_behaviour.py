"""The counter terminal: every key in every phase, one request at a time, and nothing that fails in silence."""

from typing import Any

import pytest

from contracts.messages import (
    CallNextRequested,
    CounterSettings,
    DeskState,
    FinishRequested,
    HealthReported,
    LoginRequested,
    NoShowRequested,
    PauseRequested,
    RecallRequested,
    RequestDone,
    RequestRefused,
    ResumeRequested,
    ServiceState,
    StartRequested,
)
from contracts.values import (
    BootId,
    CallId,
    Condition,
    CounterId,
    CounterPhase,
    HallTime,
    NodeName,
    Refusal,
    RequestId,
    SessionId,
    StaffNo,
    TicketNo,
)
from counter.behaviour import CounterBehaviour
from counter.keys import request_for
from firmware.drivers.buttons import Pressed, Stuck, Unstuck
from firmware.drivers.card_reader import CardPresented, CardUnreadable, ReaderBack, ReaderLost
from firmware.drivers.lamps import Light, Pattern
from firmware.drivers.text_line import Show
from firmware.runtime.steps import FollowDesk, Heard, LinkDown, LinkUp, Reported, Say, Tell
from sim.solo import Solo
from words import text

HALL = HallTime(1_773_104_400_000)  # 2026-03-10 09:00 in the hall
NODE = NodeName("CT-W02")
CALL, SESSION = CallId("2026-03-10/A017/c1"), SessionId("2026-03-10/A017/s1")
SETTINGS = CounterSettings(
    hash="h",
    hall_name_zh="永安县政务服务中心",
    hall_name_en="Hall",
    hotline="1",
    counter=CounterId("W02"),
    name_zh="2号窗口",
)


def heartbeat(at: int) -> Heard:
    """The service says the time; hall time 0 of these tests is HALL."""
    return Heard(ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(HALL + at)))


def desk(phase: CounterPhase, fact: int = 1, **fields: Any) -> DeskState:
    """A desk of counter W02."""
    return DeskState(epoch=1, fact=fact, counter=CounterId("W02"), phase=phase, **fields)


def called(fact: int = 2, **fields: Any) -> DeskState:
    """A017 is called."""
    return desk(CounterPhase.CALLED, fact, ticket=TicketNo("A017"), call=CALL, announcement=1, waiting=5, **fields)


def serving(fact: int = 3) -> DeskState:
    """A017 is being served."""
    return desk(CounterPhase.SERVING, fact, ticket=TicketNo("A017"), session=SESSION, waiting=5)


FREE = desk(CounterPhase.FREE, staff=StaffNo("S101"), staff_name="张伟", waiting=5)
DESKS = {
    CounterPhase.CLOSED: desk(CounterPhase.CLOSED),
    CounterPhase.FREE: FREE,
    CounterPhase.CALLED: called(),
    CounterPhase.SERVING: serving(),
    CounterPhase.PAUSED: desk(CounterPhase.PAUSED),
}


def solo(state: DeskState | None = FREE) -> Solo:
    """A terminal that knows its counter, hears the service and has this desk."""
    run = Solo(CounterBehaviour(NODE, BootId("0" * 16)))
    run.at(0, LinkUp(), Heard(SETTINGS), heartbeat(0))
    if state is not None:
        run.at(0, Heard(state))
    run.history.clear()
    return run


def press(key: str) -> Reported:
    """A finger on a key."""
    return Reported("keys", Pressed(key))


def said(run: Solo) -> list[Any]:
    """Every message sent."""
    return [effect.message for _, effect in run.history if isinstance(effect, Say)]


def glass(run: Solo) -> tuple[str, ...]:
    """What the text line shows."""
    shown: tuple[str, ...] = run.state.shown
    return shown


def lamp(run: Solo) -> Pattern:
    """What the lamp does."""
    pattern: Pattern = run.state.lamp
    return pattern


ID = RequestId("CT-W02/0000000000000000/0")
UNTIL = HallTime(HALL + 3_000)
KEY_TABLE = {
    ("next", CounterPhase.CLOSED): Refusal.NOT_LOGGED_IN,
    ("next", CounterPhase.FREE): CallNextRequested(request_id=ID, expires_at=UNTIL),
    ("next", CounterPhase.CALLED): Refusal.COUNTER_BUSY,
    ("next", CounterPhase.SERVING): Refusal.COUNTER_BUSY,
    ("next", CounterPhase.PAUSED): Refusal.COUNTER_PAUSED,
    ("recall", CounterPhase.CLOSED): Refusal.NOT_LOGGED_IN,
    ("recall", CounterPhase.FREE): Refusal.NOTHING_CALLED,
    ("recall", CounterPhase.CALLED): RecallRequested(request_id=ID, expires_at=UNTIL, call=CALL),
    ("recall", CounterPhase.SERVING): Refusal.NOTHING_CALLED,
    ("recall", CounterPhase.PAUSED): Refusal.NOTHING_CALLED,
    ("start", CounterPhase.CLOSED): Refusal.NOT_LOGGED_IN,
    ("start", CounterPhase.FREE): Refusal.NOTHING_CALLED,
    ("start", CounterPhase.CALLED): StartRequested(request_id=ID, expires_at=UNTIL, call=CALL),
    ("start", CounterPhase.SERVING): Refusal.NOTHING_CALLED,
    ("start", CounterPhase.PAUSED): Refusal.NOTHING_CALLED,
    ("finish", CounterPhase.CLOSED): Refusal.NOT_LOGGED_IN,
    ("finish", CounterPhase.FREE): Refusal.NOT_SERVING,
    ("finish", CounterPhase.CALLED): Refusal.NOT_SERVING,
    ("finish", CounterPhase.SERVING): FinishRequested(request_id=ID, expires_at=UNTIL, session=SESSION),
    ("finish", CounterPhase.PAUSED): Refusal.NOT_SERVING,
    ("no_show", CounterPhase.CLOSED): Refusal.NOT_LOGGED_IN,
    ("no_show", CounterPhase.FREE): Refusal.NOTHING_CALLED,
    ("no_show", CounterPhase.CALLED): NoShowRequested(request_id=ID, expires_at=UNTIL, call=CALL),
    ("no_show", CounterPhase.SERVING): Refusal.NOTHING_CALLED,
    ("no_show", CounterPhase.PAUSED): Refusal.NOTHING_CALLED,
    ("pause", CounterPhase.CLOSED): Refusal.NOT_LOGGED_IN,
    ("pause", CounterPhase.FREE): PauseRequested(request_id=ID, expires_at=UNTIL),
    ("pause", CounterPhase.CALLED): Refusal.COUNTER_BUSY,
    ("pause", CounterPhase.SERVING): Refusal.COUNTER_BUSY,
    ("pause", CounterPhase.PAUSED): ResumeRequested(request_id=ID, expires_at=UNTIL),
}


@pytest.mark.parametrize(("key", "phase"), KEY_TABLE)
def test_every_key_in_every_phase(key: str, phase: CounterPhase) -> None:
    """Six keys, five phases: the right request, or a sentence on the glass and no request."""
    run, wanted = solo(DESKS[phase]), KEY_TABLE[key, phase]
    run.at(0, press(key))
    if isinstance(wanted, Refusal):
        assert said(run) == []
        assert glass(run) == (text(f"refusal.{wanted}").zh,)
    else:
        assert said(run) == [wanted]


def test_a_call_without_an_id_is_not_asked_about() -> None:
    """A desk that says called but names no call gives no request."""
    state = desk(CounterPhase.CALLED, ticket=TicketNo("A017"))
    assert request_for("start", state, ID, UNTIL) is Refusal.NOTHING_CALLED


def test_settings_make_the_terminal_follow_its_desk_once() -> None:
    """The counter comes from the service; the same settings again change nothing, another counter starts anew."""
    run = Solo(CounterBehaviour(NODE, BootId("0" * 16)))
    assert FollowDesk(CounterId("W02")) in run.at(0, Heard(SETTINGS))
    run.at(0, heartbeat(0), Heard(FREE))
    assert FollowDesk(CounterId("W02")) not in run.at(1, Heard(SETTINGS))
    assert run.state.desk == FREE
    moved = CounterSettings(
        hash="i", hall_name_zh="x", hall_name_en="x", hotline="1", counter=CounterId("W03"), name_zh="3号窗口"
    )
    assert FollowDesk(CounterId("W03")) in run.at(2, Heard(moved))
    assert run.state.desk is None


def test_before_it_is_assigned_the_terminal_shows_its_name() -> None:
    """The installer reads which node this is; a key or a card explains itself and asks nothing."""
    run = Solo(CounterBehaviour(NODE, BootId("0" * 16)))
    assert glass(run) == ("正在连接系统", "CT-W02")
    run.at(0, press("next"), Reported("reader", CardPresented("7200944C78")))
    assert said(run) == []
    assert glass(run)[0] == "系统恢复中,请稍候"


def test_a_card_asks_for_login() -> None:
    """The card goes up as it is, perishable; who it is, the service says."""
    run = solo(DESKS[CounterPhase.CLOSED])
    run.at(100, Reported("reader", CardPresented("7200944C78")))
    assert said(run) == [LoginRequested(request_id=ID, expires_at=HallTime(HALL + 3_100), card="7200944C78")]


def test_an_unreadable_card_is_told() -> None:
    """A clerk whose card is not read is asked to present it again."""
    run = solo()
    run.at(0, Reported("reader", CardUnreadable()))
    assert glass(run) == ("未读到工作卡,请重新刷卡",)


def test_while_an_answer_is_awaited_keys_and_reader_are_disabled() -> None:
    """Three presses and a card within the wait are one request, and the lamp blinks meanwhile."""
    run = solo()
    run.at(0, press("next"), press("next"), press("pause"), Reported("reader", CardPresented("7200944C78")))
    run.at(1_000, press("next"), Reported("reader", CardUnreadable()))
    assert len(said(run)) == 1
    assert lamp(run) is Pattern.BLINK


def test_an_answer_enables_the_keys_again() -> None:
    """After the answer and the new state the next key is asked at once, under a new id."""
    run = solo()
    run.at(0, press("next"))
    run.at(5, Heard(RequestDone(request_id=ID)), Heard(called()))
    assert lamp(run) is Pattern.ON
    run.at(6, press("start"))
    assert [request.request_id for request in said(run)] == [ID, "CT-W02/0000000000000000/1"]


def test_no_answer_in_one_and_a_half_seconds_is_told_and_the_terminal_stays_usable() -> None:
    """The clerk reads it after 1.5 s, and the key works again."""
    run = solo()
    run.at(0, press("next"))
    run.until(1_499)
    assert glass(run)[0] == "窗口空闲 张伟"
    run.until(1_500)
    assert glass(run) == ("系统无应答,请重试",)
    run.at(1_600, press("next"))
    assert len(said(run)) == 2


def test_a_late_answer_is_still_understood() -> None:
    """Done late takes the failure away; refused late says why."""
    run = solo()
    run.at(0, press("next"))
    run.at(1_700, Heard(RequestDone(request_id=ID)))
    assert glass(run)[0] == "窗口空闲 张伟"
    run.at(2_000, press("next"))
    run.at(4_000, Heard(RequestRefused(request_id=RequestId("CT-W02/0000000000000000/1"), reason=Refusal.EXPIRED)))
    assert glass(run) == ("操作超时,请您重试",)


def test_answers_to_others_are_not_for_the_clerk() -> None:
    """An answer under another id neither ends the waiting nor shows anything."""
    run = solo()
    run.at(0, press("next"))
    run.at(1, Heard(RequestRefused(request_id=RequestId("CT-W02/0000000000000000/9"), reason=Refusal.EXPIRED)))
    run.at(2, press("next"))
    assert len(said(run)) == 1
    run.at(3, Heard(RequestDone(request_id=ID)))
    shown = glass(run)
    run.at(4, Heard(RequestRefused(request_id=ID, reason=Refusal.EXPIRED)))
    assert glass(run) == shown


@pytest.mark.parametrize("reason", list(Refusal))
def test_every_refusal_is_a_sentence_for_some_seconds_then_the_state_again(reason: Refusal) -> None:
    """Whatever the service refuses is read on the glass for 4 s, with no brace left over."""
    run = solo()
    run.at(0, press("next"))
    run.at(10, Heard(RequestRefused(request_id=ID, reason=reason)))
    (sentence,) = glass(run)
    assert sentence
    assert "{" not in sentence
    run.until(4_010)
    assert glass(run) == ("窗口空闲 张伟", "等候5人")


def test_the_values_of_a_refusal_stand_in_its_sentence() -> None:
    """Too soon names its seconds."""
    run = solo(called())
    run.at(0, press("recall"))
    run.at(10, Heard(RequestRefused(request_id=ID, reason=Refusal.TOO_SOON, values={"s": "12"})))
    assert glass(run) == ("请您12秒后再试",)


def test_older_versions_of_the_desk_are_dropped() -> None:
    """A lower fact or a lower epoch changes nothing; a higher epoch wins with any fact; another counter is not ours."""
    run = solo(desk(CounterPhase.PAUSED, 7))
    dropped = (
        called(6),
        DeskState(epoch=0, fact=99, counter=CounterId("W02"), phase=CounterPhase.FREE),
        DeskState(epoch=9, fact=99, counter=CounterId("W03"), phase=CounterPhase.FREE),
    )
    for state in dropped:
        run.at(1, Heard(state))
        assert glass(run) == ("暂停服务", "等候0人")
    run.at(4, Heard(DeskState(epoch=2, fact=1, counter=CounterId("W02"), phase=CounterPhase.FREE)))
    assert glass(run) == ("窗口空闲", "等候0人")


def test_the_glass_in_every_phase() -> None:
    """Two rows of at most 20 cells each say what is going on."""
    care = called(no_show_at=HallTime(HALL + 45_000), care=True)
    rated = desk(CounterPhase.FREE, staff_name="欧阳明月", session=SESSION, rated=True, waiting=12)
    glasses = {
        ("请刷工作卡登录", "等候0人"): DESKS[CounterPhase.CLOSED],
        ("窗口空闲 张伟", "等候5人"): FREE,
        ("窗口空闲 欧阳明月", "等候12人 已评价"): rated,
        ("呼叫A017 第1次", "等候5人"): called(),
        ("呼叫A017 第1次 爱心", "等候5人 过号45秒"): care,
        ("呼叫A017 第1次", "等候5人 重呼20秒"): called(recall_at=HallTime(HALL + 20_000)),
        ("正在办理A017", "等候5人"): serving(),
        ("暂停服务", "等候0人"): DESKS[CounterPhase.PAUSED],
    }
    for lines, state in glasses.items():
        assert glass(solo(state)) == lines
        assert all(len(line.encode("gbk")) <= 20 for line in lines)


def test_the_countdown_to_no_show_runs_by_itself() -> None:
    """Every second another number, then 可过号, and then no more waking for it."""
    run = solo(called(no_show_at=HallTime(HALL + 2_500)))
    run.until(3_000)
    shown = [(at, effect.command.lines[1]) for at, effect in run.history if _is_text(effect)]
    assert shown == [(500, "等候5人 过号2秒"), (1_500, "等候5人 过号1秒"), (2_500, "等候5人 可过号")]
    assert run.wake_at == 15_000


def _is_text(effect: object) -> bool:
    return isinstance(effect, Tell) and isinstance(effect.command, Show)


def test_a_service_that_is_silent_for_15_s_is_shown_as_away_and_not_asked() -> None:
    """The glass keeps the ticket in hand, the lamp blinks, keys and cards ask nothing."""
    run = solo(called())
    run.until(15_000)
    assert glass(run) == ("系统恢复中,请稍候", "当前号码A017")
    assert lamp(run) is Pattern.BLINK
    run.at(15_100, press("start"), Reported("reader", CardPresented("7200944C78")))
    assert said(run) == []
    run.at(20_000, heartbeat(20_000))
    assert glass(run)[0] == "呼叫A017 第1次"


def test_a_lost_link_is_shown_at_once() -> None:
    """Nobody waits 15 s to learn that the cable is out."""
    run = solo()
    run.at(10, LinkDown())
    assert glass(run) == ("系统恢复中,请稍候", "")
    run.at(20, LinkUp(), heartbeat(20))
    assert glass(run)[0] == "窗口空闲 张伟"


def test_a_stuck_key_is_reported_and_stays_on_the_glass_until_it_is_free() -> None:
    """The service hears fault and later ok; the clerk reads which key; the other keys work."""
    run = solo()
    run.at(0, Reported("keys", Stuck("recall")), Reported("keys", Stuck("recall")))
    assert glass(run) == ("窗口空闲 张伟", "等候5人", "重呼键卡住,请报修")
    run.at(1, press("next"))
    run.at(2, Heard(RequestDone(request_id=RequestId("CT-W02/0000000000000000/1"))), Reported("keys", Unstuck("recall")))
    health = [message for message in said(run) if isinstance(message, HealthReported)]
    assert [(one.part, one.condition) for one in health] == [("key.recall", Condition.FAULT), ("key.recall", Condition.OK)]
    assert any(isinstance(message, CallNextRequested) for message in said(run))
    assert glass(run) == ("窗口空闲 张伟", "等候5人")


def test_a_lost_reader_is_reported_again_when_the_link_is_back() -> None:
    """What was said into a dead link is said again."""
    run = solo()
    run.at(0, Reported("reader", ReaderLost("unplugged")))
    assert glass(run)[-1] == "读卡器未连接,请报修"
    run.at(1, LinkDown())
    run.at(2, LinkUp(), heartbeat(2))
    run.at(3, Reported("reader", ReaderBack()), Reported("reader", ReaderBack()))
    assert [(one.part, one.condition) for one in said(run)] == [
        ("reader", Condition.FAULT),
        ("reader", Condition.FAULT),
        ("reader", Condition.OK),
    ]


def test_nothing_is_told_twice() -> None:
    """The same state again neither writes the glass nor switches the lamp."""
    run = solo(called())
    assert run.at(5, Heard(called())) == []


def test_the_lamp_is_on_while_somebody_is_called() -> None:
    """On with the call, off with the service."""
    run = solo()
    assert Tell("lamps", Light("lamp", Pattern.ON)) in run.at(1, Heard(called()))
    assert Tell("lamps", Light("lamp", Pattern.OFF)) in run.at(2, Heard(serving()))
