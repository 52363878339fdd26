"""What the loudspeakers say about the hall: each sentence once, at its moment, and in an emergency that alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.messages import (
    AddedCounter,
    CounterBoard,
    DisplaySettings,
    GroupInfo,
    HallBoard,
    ServiceState,
    SignInfo,
)
from contracts.values import BootId, CallId, CounterId, CounterPhase, GroupId, HallPhase, HallTime, NodeName, TicketNo
from display.behaviour import DisplayBehaviour
from firmware.drivers.clip_bank import ClipBank, duration
from firmware.drivers.main_board import ShowBoard
from firmware.drivers.sign_commands import Show
from firmware.drivers.voice import Announce, Withdraw
from firmware.runtime.steps import Heard, LinkDown, LinkUp, Tell
from sim.solo import Solo

NINE = HallTime(1_773_104_400_000)  # 2026-03-10 09:00 in the hall
HOUR, MINUTE = 3_600_000, 60_000
BANK = ClipBank.load()
OPEN, NOON, AFTER, CLOSED, BEFORE = (
    HallPhase.OPEN,
    HallPhase.NOON,
    HallPhase.AFTER_CLOSING,
    HallPhase.CLOSED,
    HallPhase.BEFORE_OPENING,
)
EMERGENCY = "请听从工作人员指挥,有序离开大厅"


def hall(phase: HallPhase, fact: int, **fields: Any) -> Heard:
    """The state of the hall; times are ms after nine."""
    for name in ("next_at", "since", "near_close_at"):
        if name in fields:
            fields[name] = HallTime(NINE + fields[name])
    return Heard(HallBoard(epoch=1, fact=fact, phase=phase, **fields))


def added(counter: str, group: str, since: int | None) -> AddedCounter:
    """A counter that joined then."""
    at = None if since is None else HallTime(NINE + since)
    return AddedCounter(counter=CounterId(counter), group=GroupId(group), since=at)


def beat(at: int) -> Heard:
    """The service lives."""
    return Heard(ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(NINE + at)))


def called(fact: int, ticket: str, at: int) -> Heard:
    """W02 calls this ticket."""
    return Heard(
        CounterBoard(
            epoch=1,
            fact=fact,
            counter=CounterId("W02"),
            phase=CounterPhase.CALLED,
            ticket=TicketNo(ticket),
            call=CallId(ticket),
            announcement=1,
            announced_at=HallTime(NINE + at),
        )
    )


def live(*, voice: bool = True) -> Solo:
    """A display with one sign, a board and a living service at nine."""
    vocabulary = BANK.names if voice else frozenset[str]()
    run = Solo(
        DisplayBehaviour(NodeName("LED-00"), BootId("b"), buses=frozenset({"b1"}), vocabulary=vocabulary, has_board=True)
    )
    groups = tuple(
        GroupInfo(id=GroupId(one), zh=zh, en="", zone="", counters=()) for one, zh in (("A", "企业开办与许可"), ("B", "茶"))
    )
    signs = (SignInfo(counter=CounterId("W02"), name_zh="综合受理", bus="b1", address=2),)
    settings = DisplaySettings(hash="h", hall_name_zh="x", hall_name_en="x", hotline="1", signs=signs, groups=groups)
    run.at(0, Heard(settings), beat(-5_000), beat(0), LinkUp())
    return run


def passed(run: Solo, until: int) -> None:
    """Time passes while the service lives."""
    for moment in range(run.now - run.now % 5_000 + 5_000, until, 5_000):
        run.at(moment, beat(moment))
    run.until(until)


def said(run: Solo, since: int = 0) -> list[tuple[int, str]]:
    """Every announcement and when it was given to the voice."""
    told = [(at, effect.command) for at, effect in run.history if isinstance(effect, Tell) and at >= since]
    return [(at, "".join(one.clips)) for at, one in told if isinstance(one, Announce)]


# --- The parts of the day ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        (BEFORE, OPEN, "各位办事群众,您好,现在开始办理业务"),
        (OPEN, NOON, "现在是午间休息时间十三点三十分恢复叫号请您保留号票"),
        (OPEN, CLOSED, "今日服务已结束,感谢您的光临,请您慢走"),
        (AFTER, CLOSED, "今日服务已结束,感谢您的光临,请您慢走"),
        (NOON, OPEN, None),
        (OPEN, AFTER, None),
        (BEFORE, CLOSED, None),
    ],
)
def test_a_new_part_of_the_day_is_said_when_it_begins(was: HallPhase, becomes: HallPhase, sentence: str | None) -> None:
    """Its beginning is told by ``since``: also that of a closing nobody could foresee, when the last ticket is done."""
    run = live()
    run.at(0, hall(was, 1))
    run.at(4_000, hall(becomes, 2, since=4_000, next_at=4 * HOUR + 30 * MINUTE))
    assert [one for _, one in said(run)] == ([] if sentence is None else [sentence])


def test_after_an_outage_no_old_part_of_the_day_is_spoken() -> None:
    """Queued states come late: what began 10 s ago or more stays unsaid, and so does all of it when delivered again."""
    run = live()
    run.at(0, hall(BEFORE, 1))
    run.at(20_000, beat(20_000), hall(OPEN, 2, since=10_000))
    assert said(run) == []
    run.at(21_000, hall(CLOSED, 3, since=12_000), hall(CLOSED, 3, since=12_000))
    assert len(said(run)) == 1


def test_the_noon_break_that_is_none_is_not_announced() -> None:
    """午间延时 (D8)."""
    run = live()
    run.at(0, hall(OPEN, 1))
    run.at(1_000, hall(NOON, 2, since=1_000, next_at=4 * HOUR, noon_service=True))
    assert said(run) == []


# --- Closing soon --------------------------------------------------------------------------------------------------------


def test_closing_soon_is_said_once_at_its_minute() -> None:
    """With the minutes left, though nothing new is heard then (EXT-3.1)."""
    run = live()
    run.at(0, hall(OPEN, 1, near_close_at=30_000, next_at=30_000 + 15 * MINUTE))
    passed(run, 60_000)
    sentence = "各位办事群众距离下班还有十五分钟已取号的请您安心等候我们将为您办理完毕"
    assert said(run) == [(30_000, sentence)]
    run.at(61_000, hall(OPEN, 2, near_close_at=30_000, next_at=30_000 + 15 * MINUTE))
    assert len(said(run)) == 1


def test_a_display_reborn_after_it_says_nothing_of_it() -> None:
    """The board tells it; the voice had its moment."""
    run = live()
    run.at(0, hall(OPEN, 1, near_close_at=-10_000, next_at=15 * MINUTE))
    passed(run, 30_000)
    assert said(run) == []
    boards = [one.command for _, one in run.history if isinstance(one, Tell) and isinstance(one.command, ShowBoard)]
    assert "临近下班," in boards[-1].lines


# --- A counter joins -----------------------------------------------------------------------------------------------------


def test_a_counter_that_joins_is_said_once_each_time_it_does() -> None:
    """With the name of its group; a group nobody recorded by its letter (EXT-3.4)."""
    run = live()
    run.at(0, hall(OPEN, 1))
    run.at(1_000, hall(OPEN, 2, added=(added("W12", "A", 1_000),)))
    run.at(2_000, hall(OPEN, 3, added=(added("W12", "A", 1_000), added("W07", "B", 2_000))))
    run.at(3_000, hall(OPEN, 4))
    run.at(4_000, hall(OPEN, 5, added=(added("W12", "A", 4_000),)))
    assert said(run) == [
        (1_000, "现增开十二号窗口请企业开办与许可的办事群众留意叫号"),
        (2_000, "现增开七号窗口请B的办事群众留意叫号"),
        (4_000, "现增开十二号窗口请企业开办与许可的办事群众留意叫号"),
    ]


@pytest.mark.parametrize("since", [None, -9_000])
def test_who_joined_long_ago_or_nobody_knows_when_is_shown_and_not_said(since: int | None) -> None:
    """Under 10 s old by the hall clock, or not at all."""
    run = live()
    run.at(1_000, hall(OPEN, 2, added=(added("W12", "A", since),)))
    assert said(run) == []


# --- Emergency -----------------------------------------------------------------------------------------------------------


def test_an_emergency_is_said_every_twenty_seconds_while_it_lasts() -> None:
    """From a second after it was heard of; its end ends it (HALL-8.2)."""
    run = live()
    run.at(1_000, hall(OPEN, 2, emergency=True))
    passed(run, 45_000)
    assert said(run) == [(2_000, EMERGENCY), (22_000, EMERGENCY), (42_000, EMERGENCY)]
    ended = run.at(45_500, hall(OPEN, 3))
    assert Tell("voice", Withdraw("emergency")) in ended
    passed(run, 90_000)
    assert len(said(run)) == 3


def test_an_emergency_silences_every_call_and_none_is_made_up_for() -> None:
    """What waited is withdrawn; a call during it is not spoken, nor afterwards."""
    run = live()
    run.at(0, hall(OPEN, 1), called(2, "A017", 0))
    begun = run.at(500, hall(OPEN, 3, emergency=True))
    assert Tell("voice", Withdraw("W02")) in begun
    run.at(1_000, called(4, "A018", 1_000))
    run.at(1_400, hall(OPEN, 5))
    run.at(2_000, called(4, "A018", 1_000))
    assert [one for at, one in said(run) if at >= 500] == []
    run.at(3_000, called(6, "A019", 3_000))
    assert len([one for at, one in said(run) if at >= 500]) == 1


def test_an_emergency_that_is_over_when_it_is_heard_of_is_never_said() -> None:
    """Queued states after an outage: begun and ended in one breath frightens nobody."""
    run = live()
    run.at(30_000, beat(30_000), hall(OPEN, 2, emergency=True), hall(OPEN, 3))
    passed(run, 90_000)
    assert said(run) == []


def test_a_display_reborn_in_an_emergency_says_it() -> None:
    """It lasts, so it is no old news."""
    run = live()
    run.at(0, hall(OPEN, 9, emergency=True, since=-2 * HOUR))
    passed(run, 5_000)
    assert said(run) == [(1_000, EMERGENCY)]


def test_an_emergency_goes_on_when_the_service_falls_silent() -> None:
    """A fire does not spare the server: signs, board and voice keep asking everyone to leave."""
    run = live()
    run.at(0, hall(OPEN, 1), called(2, "A017", -60_000), hall(OPEN, 3, emergency=True))
    run.at(100, LinkDown())
    run.until(60_000)
    assert [at for at, one in said(run) if one == EMERGENCY] == [1_000, 21_000, 41_000]
    shown = [one.command for at, one in run.history if isinstance(one, Tell) and at >= 20_000]
    assert {one.text for one in shown if isinstance(one, Show)} == {"请听从工作人员", "指挥,有序离开"}
    assert not [one for one in shown if isinstance(one, ShowBoard)], "the board keeps its one sentence"


def test_the_sign_turns_its_two_pages_and_the_board_stands() -> None:
    """Four seconds each."""
    run = live()
    run.at(0, called(1, "A017", -60_000), hall(OPEN, 2, emergency=True))
    passed(run, 12_500)
    shows = [(at, one.command.text) for at, one in run.history if isinstance(one, Tell) and isinstance(one.command, Show)]
    assert shows[-4:] == [
        (0, "请听从工作人员"),
        (4_000, "指挥,有序离开"),
        (8_000, "请听从工作人员"),
        (12_000, "指挥,有序离开"),
    ]
    boards = [one.command for _, one in run.history if isinstance(one, Tell) and isinstance(one.command, ShowBoard)]
    assert boards[-1] == ShowBoard(("请听从工作人员指挥,有序离开",), is_live=True)


def test_a_display_without_a_loudspeaker_shows_it_all_and_tells_no_voice() -> None:
    """Nothing is sent to a port that does not exist."""
    run = live(voice=False)
    run.at(0, hall(OPEN, 1, near_close_at=2_000, next_at=HOUR))
    run.at(3_000, hall(OPEN, 2, emergency=True))
    passed(run, 30_000)
    run.at(31_000, hall(OPEN, 3))
    assert not [one for _, one in run.history if isinstance(one, Tell) and one.port == "voice"]


# --- Laws ----------------------------------------------------------------------------------------------------------------

STATES = st.builds(
    hall,
    st.sampled_from(list(HallPhase)),
    st.integers(1, 60),
    emergency=st.sampled_from([False, False, True]),
    since=st.integers(-60, 60).map(lambda s: s * 1_000),
    next_at=st.integers(0, 600).map(lambda s: s * 1_000),
    near_close_at=st.integers(-20, 60).map(lambda s: s * 1_000),
    added=st.lists(st.builds(added, st.just("W12"), st.just("A"), st.integers(-20, 60).map(lambda s: s * 1_000))).map(tuple),
)


@given(st.lists(st.tuples(st.sampled_from([0, 100, 3_000, 7_000]), STATES), max_size=15))
def test_no_news_is_said_twice_and_none_in_an_emergency(story: list[tuple[int, Heard]]) -> None:
    """Whatever states arrive in whatever order: what is said is in the clip bank, fresh, said once, and stops for a fire."""
    run = live()
    for gap, state in story:
        passed(run, run.now + gap)
        run.at(run.now, state)
    passed(run, run.now + 12_000)
    told = [effect.command for _, effect in run.history if isinstance(effect, Tell)]
    announced = [one for one in told if isinstance(one, Announce)]
    assert all(set(one.clips) <= BANK.names for one in announced)
    keys = [one.fields["news"] for _, one in run.history if type(one).__name__ == "Note" and "news" in one.fields]
    assert len(keys) == len(set(keys))
    is_emergency = run.state.known.picture.hall is not None and run.state.known.picture.hall.emergency
    assert (run.state.known.evacuation is not None) == is_emergency


def test_every_announcement_takes_a_bearable_time() -> None:
    """Nobody can listen here: at least their length is known. The longest is under 12 s, the evacuation under 6."""
    run = live()
    run.at(0, hall(BEFORE, 1))
    run.at(
        1_000, hall(OPEN, 2, since=1_000, near_close_at=2_000, next_at=2_000 + 15 * MINUTE, added=(added("W12", "A", 900),))
    )
    run.at(2_000)
    run.at(3_000, hall(NOON, 3, since=3_000, next_at=4 * HOUR + 35 * MINUTE))
    run.at(4_000, hall(OPEN, 4, emergency=True))
    run.until(5_000)
    spoken = [one.command for _, one in run.history if isinstance(one, Tell) and isinstance(one.command, Announce)]
    lengths = {one.subject: duration(BANK.pcm(one.clips, 40)) for one in spoken}
    assert set(lengths) == {"open", "nearclose", "surge", "noon", "emergency"}
    assert max(lengths.values()) < 12_000
    assert lengths["emergency"] < 6_000
