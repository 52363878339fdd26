"""Sentences for the clerk: the most urgent first, one at a time, and never in the way of what was just pressed."""

from typing import Any

import pytest

from contracts.messages import CounterSettings, DeskNote, DeskState, RequestDone, ServiceState
from contracts.values import BootId, CallId, CounterId, CounterPhase, HallTime, NodeName, RequestId, StaffNo, TicketNo
from counter.behaviour import CounterBehaviour
from counter.notes import notes
from firmware.drivers.buttons import Pressed
from firmware.drivers.text_line import pages_of
from firmware.runtime.steps import Heard, LinkUp, Reported
from sim.solo import Solo

HALL = HallTime(1_773_104_400_000)  # 2026-03-10 09:00 in the hall
SETTINGS = CounterSettings(
    hash="h", hall_name_zh="x", hall_name_en="x", hotline="1", counter=CounterId("W02"), name_zh="综合受理"
)
APPOINTMENT = DeskNote(key="con.appt", values={"time": "10:00", "no": "A021"})
NEAR_CLOSE = DeskNote(key="con.nearclose", values={"m": "15", "n": "5", "t": "20"})
STANDING = ("窗口空闲 张伟", "等候5人")


def desk(fact: int = 1, phase: CounterPhase = CounterPhase.FREE, **fields: Any) -> DeskState:
    """The desk of W02, staffed."""
    staffed = {"staff": StaffNo("S101"), "staff_name": "张伟", "waiting": 5}
    return DeskState(epoch=1, fact=fact, counter=CounterId("W02"), phase=phase, **{**staffed, **fields})


def solo(state: DeskState) -> Solo:
    """A terminal with this desk and a living service."""
    run = Solo(CounterBehaviour(NodeName("TRM-W02"), BootId("0" * 16)))
    run.at(0, LinkUp(), Heard(SETTINGS), beat(0), Heard(state))
    return run


def beat(at: int) -> Heard:
    """The service lives."""
    return Heard(ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(HALL + at)))


def glass(run: Solo, at: int) -> tuple[str, ...]:
    """What the text line shows then."""
    for moment in range(run.now - run.now % 5_000 + 5_000, at, 5_000):
        run.at(moment, beat(moment))
    run.until(at)
    shown: tuple[str, ...] = run.state.shown
    return shown


def test_notes_take_turns_with_the_state_of_the_counter() -> None:
    """Six seconds the counter, four each note, and again."""
    run = solo(desk(notes=(APPOINTMENT, NEAR_CLOSE)))
    assert glass(run, 5_999) == STANDING
    assert glass(run, 6_000) == ("距下班15分钟,等候5人,预计20分钟",)
    assert glass(run, 10_000) == ("10:00有预约A021,请提前准备",)
    assert glass(run, 14_000) == STANDING
    assert glass(run, 20_000) == ("距下班15分钟,等候5人,预计20分钟",)


def test_a_counter_without_notes_stands_still() -> None:
    """Nothing wakes the terminal for them."""
    run = solo(desk())
    assert glass(run, 60_000) == STANDING
    assert len([1 for at, effect in run.history if at > 0 and "Show" in repr(effect)]) == 0


def test_the_most_urgent_comes_first() -> None:
    """Who is waiting for this clerk, then what the hall needs, then what is good to know; a new kind of note last."""
    state = desk(
        notes=(
            DeskNote(key="con.overdue", values={"no": "A001"}),
            APPOINTMENT,
            NEAR_CLOSE,
            DeskNote(key="con.surge", values={"group": "企业开办与许可", "w": "12"}),
            DeskNote(key="con.ab.prompt", values={"a": "张敏"}),
        ),
        led_here=(TicketNo("B004"),),
        held=(TicketNo("A003"), TicketNo("A009")),
        care_open=True,
        covers=CounterId("W03"),
        a_name="高洁",
    )
    assert [one.sentence for one in notes(state)] == [
        "B004领办到本窗口,请接办",
        "请核验优先资格",
        "主岗张敏不在岗,请您顶岗",
        "企业开办与许可等候较多,建议增开12号窗口",
        "距下班15分钟,等候5人,预计20分钟",
        "10:00有预约A021,请提前准备",
        "已挂起 A003 A009",
        "正在为3号窗口顶岗",
        "代主岗高洁",
        "A001已超过承诺时限",
    ]


def test_every_note_fits_one_page() -> None:
    """Two rows of twenty cells, so that a note is read whole in its four seconds."""
    values = {"time": "10:00", "no": "A2-103", "m": "15", "n": "25", "t": "120", "a": "欧阳明月", "w": "12"}
    keys = ("con.appt", "con.nearclose", "con.surge", "con.ab.prompt", "con.ab.wait", "con.vacant", "con.leads")
    for key in (*keys, "con.led.here", "con.covers", "con.acting", "con.care.verify"):
        note = DeskNote(key=key, values={**values, "group": "企业开办与许可"})
        (said,) = notes(desk(notes=(note,)))
        assert len(pages_of((said.sentence,), 2, 20)) == 1, said


@pytest.mark.parametrize("key", ["con.unheard.of", "nonsense", "", "con.appt"])
def test_a_note_that_cannot_be_said_whole_breaks_nothing(key: str) -> None:
    """A key of a later release is left out; a missing value leaves a gap."""
    said = notes(desk(notes=(DeskNote(key=key, values={}),)))
    assert [one.sentence for one in said] == (["有预约,请提前准备"] if key == "con.appt" else [])


def test_a_visitor_led_here_is_shown_at_once() -> None:
    """A new kind of note that is the most urgent one does not wait for its turn (FIRST-4.2)."""
    run = solo(desk(notes=(APPOINTMENT,)))
    run.at(1_000, Heard(desk(2, notes=(APPOINTMENT,), led_here=(TicketNo("B004"),))))
    assert glass(run, 1_000) == ("B004领办到本窗口,请接办",)
    assert glass(run, 5_000) == ("10:00有预约A021,请提前准备",)


def test_the_same_note_with_other_figures_keeps_its_place() -> None:
    """Closing comes nearer every minute; the glass does not jump for it."""
    run = solo(desk(notes=(NEAR_CLOSE,)))
    run.at(1_000, Heard(desk(2, notes=(DeskNote(key="con.nearclose", values={"m": "14", "n": "6", "t": "20"}),))))
    assert glass(run, 1_000) == STANDING


def test_whatever_the_clerk_does_brings_the_counter_back() -> None:
    """A press, or another visitor, and the state of the counter stands there for its six seconds."""
    run = solo(desk(notes=(APPOINTMENT,)))
    assert glass(run, 7_000) == ("10:00有预约A021,请提前准备",)
    run.at(7_000, Reported("keys", Pressed("next")))
    assert glass(run, 7_000) == STANDING
    called = desk(2, CounterPhase.CALLED, ticket=TicketNo("A017"), call=CallId("c"), announcement=1, notes=(APPOINTMENT,))
    run.at(7_500, Heard(RequestDone(request_id=RequestId("TRM-W02/0000000000000000/0"))), Heard(called))
    assert glass(run, 13_400)[0] == "呼叫A017 第1次"
    assert glass(run, 13_600) == ("10:00有预约A021,请提前准备",)


def test_the_rows_leave_out_what_finds_no_room() -> None:
    """Waiting first, then that it is after hours, then who is on hold, then the rating."""
    held = tuple(map(TicketNo, ("A001", "A002")))
    rows = {
        ("等候5人 挂起2 已评价",): desk(held=held, rated=True, session="s"),
        ("等候12人 挂起2",): desk(held=held, rated=True, session="s", waiting=12),
        ("等候5人 延时服务",): desk(extended=True, rated=True, session="s", waiting=5),
        ("等候12人 延时服务",): desk(extended=True, held=held, waiting=12),
    }
    for (row,), state in rows.items():
        assert glass(solo(state), 0)[1] == row
        assert len(row.encode("gbk")) <= 20
