"""Signs, main board and loudspeakers through the turns of a day, with the real rules behind them."""

from collections.abc import Iterator
from contextlib import contextmanager

from contracts.messages import CounterAddRequested, EmergencyEndRequested, EmergencyRequested
from contracts.values import CounterId, GroupId, StaffNo
from sim.hall import Hall
from sim.halls import config_text

EVACUATE = "请听从工作人员指挥,有序离开大厅"
LEADER = StaffNo("S002")


@contextmanager
def small(start: str, *staffed: tuple[str, str]) -> Iterator[Hall]:
    """The small hall from this time on, with these people at these counters."""
    with Hall.demo_small(seed=5, start=f"2026-03-10T{start}") as hall:
        for counter, staff in staffed:
            hall.card(counter, hall.card_of(staff))
            hall.run_for(1_500)
        yield hall


def said(hall: Hall) -> list[str]:
    """Everything spoken so far, without the chime."""
    return ["".join(clips).replace("chime", "") for clips in hall.voice()]


def board(hall: Hall) -> tuple[str, ...]:
    """What the main board shows."""
    (display,) = hall.furnished.displays.values()
    assert display.board.shown is not None
    return display.board.shown.lines


def visitor(hall: Hall) -> None:
    """Somebody takes an A."""
    hall.kiosk().press("A")
    hall.run_for(6_000)


def test_the_hall_opens_with_a_word() -> None:
    """At nine, once."""
    with small("08:59:40", ("W02", "S102")) as hall:
        assert hall.sign("W02").text() == "2号 综合受理"
        hall.run_until("09:00:20")
        assert said(hall) == ["各位办事群众,您好,现在开始办理业务"]


def test_noon_is_announced_with_the_time_calling_goes_on() -> None:
    """Sign, board and voice (D8)."""
    with small("11:59:30", ("W02", "S102")) as hall:
        hall.run_until("12:00:20")
        assert said(hall) == ["现在是午间休息时间十三点三十分恢复叫号请您保留号票"]
        assert hall.sign("W02").text() == "午间休息"
        assert "午间休息,13:30恢复叫号" in board(hall)


def test_closing_soon_and_the_end_of_the_day() -> None:
    """A quarter of an hour before closing; then 延时服务 while somebody waits, and a word of thanks at the end (EXT-3)."""
    with small("17:14:30", ("W02", "S102")) as hall:
        hall.run_until("17:15:20")
        assert said(hall) == ["各位办事群众距离下班还有十五分钟已取号的请您安心等候我们将为您办理完毕"]
        assert "已取号的业务我们将全部办理完毕," in board(hall)
        hall.run_until("17:29:50")
        visitor(hall)
        hall.run_until("17:30:10")
        assert hall.sign("W02").text() == "延时服务"
        assert "延时服务进行中" in board(hall)
        hall.keys("W02", "next", "start")
        assert hall.sign("W02").text() == "A001办理中"
        hall.run_for(30_000)
        hall.keys("W02", "finish")
        hall.run_for(10_000)
        assert said(hall)[-1] == "今日服务已结束,感谢您的光临,请您慢走"
        assert hall.sign("W02").text() == "今日已结束"


def test_an_emergency_on_every_sign_on_the_board_and_in_every_ear() -> None:
    """Two steps begin it; nothing is called while it lasts, and everything is as before when it ends (HALL-8.2)."""
    with small("09:30:00", ("W02", "S102")) as hall:
        visitor(hall)
        hall.keys("W02", "next")
        hall.run_for(15_000)
        calls = len(said(hall))
        hall.ops(EmergencyRequested, actor=LEADER)
        hall.ops(EmergencyRequested, actor=LEADER, confirmed=True)
        hall.run_for(1_500)
        pages = {"请听从工作人员", "指挥,有序离开"}
        assert {hall.sign(counter).text() for counter in ("W01", "W02", "W03")} <= pages
        assert hall.counter("W02").text() == "请听从工作人员指挥,\n有序离开"
        hall.run_for(45_000)
        assert said(hall)[calls:] == [EVACUATE] * 3
        assert board(hall) == ("请听从工作人员指挥,有序离开",)
        hall.ops(EmergencyEndRequested, actor=LEADER)
        hall.run_for(1_000)
        assert hall.sign("W02").text() == "请A001办理"
        assert any("A001到2号窗口" in line for line in board(hall))
        hall.run_for(30_000)
        assert said(hall).count(EVACUATE) == 3


def test_a_display_cut_off_through_an_emergency_says_nothing_of_it() -> None:
    """Both its ends are delivered late, in one breath: nobody is frightened."""
    with small("09:30:00", ("W02", "S102")) as hall:
        client = f"node-{hall.id}-LED-00"
        hall.server.cut(client)
        hall.run_for(5_000)
        hall.ops(EmergencyRequested, actor=LEADER)
        hall.ops(EmergencyRequested, actor=LEADER, confirmed=True)
        hall.run_for(20_000)
        hall.ops(EmergencyEndRequested, actor=LEADER)
        hall.run_for(5_000)
        hall.server.mend(client)
        hall.run_for(60_000)
        assert said(hall) == []
        assert hall.sign("W02").text() == "2号 综合受理"


def test_a_counter_that_joins_is_shown_and_said_once() -> None:
    """W12 for group A (EXT-3.4)."""
    hall = Hall(config_text("demo-hall"), seed=5, start="2026-03-10T10:00:00")
    with hall:
        hall.open()
        standby = next(one for one in hall.config.counters if one.id == "W12")
        person = next(one for one in hall.config.posts if one.counter == standby.id).a
        hall.card("W12", hall.card_of(person))
        hall.run_for(2_000)
        hall.ops(CounterAddRequested, actor=LEADER, counter=CounterId("W12"), group=GroupId("A"))
        hall.run_for(20_000)
        assert said(hall).count("现增开十二号窗口请企业开办与许可的办事群众留意叫号") == 1
        (display, *_) = hall.furnished.displays.values()
        assert "已增开12号窗口," in {line for shown in display.board.history for line in shown.lines}
        assert display.board.overflows == []
        assert all(len(shown.lines) <= 8 for shown in display.board.history), "its eight rows are enough"
