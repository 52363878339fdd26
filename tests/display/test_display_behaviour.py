"""The display: what it shows follows the newest state, what it says is news, and it never shows an old call as live."""

from typing import Any

import pytest

from contracts.messages import (
    CounterBoard,
    DisplaySettings,
    HallBoard,
    HealthReported,
    NoticeBoard,
    QueueBoard,
    RequestDone,
    ServiceState,
    SignInfo,
    TicketPrinted,
)
from contracts.values import (
    BootId,
    CallId,
    Condition,
    CounterId,
    CounterPhase,
    GroupId,
    HallPhase,
    HallTime,
    NodeName,
    PrintProof,
    RequestId,
    TicketId,
    TicketNo,
)
from display.behaviour import DisplayBehaviour
from display.situations import Live, Recovering, Starting
from firmware.drivers.clip_bank import ClipBank
from firmware.drivers.main_board import BoardLost, ShowBoard
from firmware.drivers.sign_commands import (
    BusBack,
    BusLost,
    Clear,
    Release,
    Show,
    SignAnswered,
    SignBack,
    SignRefused,
    SignSilent,
    TextRefused,
)
from firmware.drivers.sign_text import Colour
from firmware.drivers.voice import Announce, NotSpoken, Spoken, VoiceBack, VoiceLost, Withdraw
from firmware.runtime.steps import Heard, KeepFailed, LinkDown, LinkUp, Note, Reported, Say, Tell
from sim.solo import Solo

NINE = HallTime(1_773_104_400_000)  # 2026-03-10 09:00 in the hall
BUS, VOICE, BOARD = "bus.rs485-1", "voice", "board"
CALLED, FREE, SERVING = CounterPhase.CALLED, CounterPhase.FREE, CounterPhase.SERVING


def settings(*signs: SignInfo, **fields: Any) -> Heard:
    """The hall's settings for this display."""
    return Heard(
        DisplaySettings(hash="h", hall_name_zh="永安", hall_name_en="Yong'an", hotline="1", signs=signs, groups=(), **fields)
    )


def sign(counter: str, address: int, bus: str = "rs485-1") -> SignInfo:
    """One sign of it."""
    return SignInfo(counter=CounterId(counter), name_zh="综合受理", bus=bus, address=address)


def heartbeat(at: int, *, online: bool = True) -> Heard:
    """The service's heartbeat ``at`` ms after nine."""
    return Heard(ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(NINE + at), online=online))


def counter(name: str, phase: CounterPhase, fact: int, ticket: str | None = None, **fields: Any) -> Heard:
    """The public state of a counter."""
    call = CallId(f"2026-03-10/{ticket}/c1") if ticket else None
    number = TicketNo(ticket) if ticket else None
    state: dict[str, Any] = {
        "epoch": 1,
        "fact": fact,
        "counter": CounterId(name),
        "phase": phase,
        "ticket": number,
        "call": call,
    }
    return Heard(CounterBoard(**(state | fields)))


def called(name: str, fact: int, ticket: str, at: int, **fields: Any) -> Heard:
    """A counter that called a ticket ``at`` ms after nine."""
    announced = {"announcement": 1, "announced_at": HallTime(NINE + at)} | fields
    return counter(name, CALLED, fact, ticket, **announced)


def display(*buses: str, voice: bool = True, has_board: bool = False) -> Solo:
    """A display that has just started."""
    vocabulary = ClipBank.load().names if voice else frozenset[str]()
    wires = frozenset(buses or ("rs485-1",))
    return Solo(DisplayBehaviour(NodeName("LED-00"), BootId("b"), buses=wires, vocabulary=vocabulary, has_board=has_board))


def live(**options: Any) -> Solo:
    """A display with the signs of W02 and W03, a living service at nine o'clock and both counters free."""
    run = display(**options)
    run.at(0, settings(sign("W02", 2), sign("W03", 3)), heartbeat(-5_000), heartbeat(0), LinkUp())
    run.at(0, counter("W02", FREE, 1), counter("W03", FREE, 1))
    return run


def shows(address: int, text: str, colour: Colour, *, urgent: bool = False) -> Tell:
    """The command that shows this."""
    return Tell(BUS, Show(address, text, colour, urgent=urgent))


def announcements(effects: list[Any]) -> list[Announce]:
    """What the voice was told."""
    return [one.command for one in effects if isinstance(one, Tell) and isinstance(one.command, Announce)]


def spoken(effects: list[Any]) -> list[str]:
    """What the voice was told, as one word for each announcement."""
    return ["".join(one.clips) for one in announcements(effects)]


def healths(effects: list[Any]) -> list[tuple[str, Condition, str]]:
    """What the service was told about parts."""
    return [(one.part, one.condition, one.code) for one in reports(effects)]


def reports(effects: list[Any]) -> list[HealthReported]:
    """The same, whole."""
    return [one.message for one in effects if isinstance(one, Say) and isinstance(one.message, HealthReported)]


# --- Calls -----------------------------------------------------------------------------------------------------------------


def test_a_call_is_shown_and_spoken_in_the_same_step_the_sign_first() -> None:
    """Attention colour and urgency for the sign, then the voice, twice."""
    run = live()
    effects = run.at(1_000, called("W02", 2, "A017", 990))
    clips = ("请", "A", "零", "一", "七", "号到", "二", "号窗口办理")
    assert effects == [
        shows(2, "请A017办理", Colour.RED, urgent=True),
        Tell(VOICE, Announce("W02", clips, 2)),
        Note("announced", {"counter": "W02", "ticket": "A017", "call": "2026-03-10/A017/c1", "announcement": 1}),
    ]


def test_a_hall_may_have_calls_spoken_once() -> None:
    """As the settings say."""
    run = live()
    run.at(500, settings(sign("W02", 2), calls_spoken_twice=False))
    (announce,) = announcements(run.at(1_000, called("W02", 2, "A017", 990)))
    assert announce.times == 1


def test_a_recall_is_spoken_and_the_sign_keeps_its_text() -> None:
    """The number on the sign is the same; the voice says again, and at last for the last time."""
    run = live()
    run.at(1_000, called("W02", 2, "A017", 1_000))
    run.at(10_000, heartbeat(10_000))
    run.at(20_000, heartbeat(20_000))
    effects = run.at(21_000, called("W02", 3, "A017", 21_000, announcement=2))
    assert spoken(effects) == ["再次呼叫请A零一七号到二号窗口办理"]
    assert not [one for one in effects if isinstance(one, Tell) and one.port == BUS]
    effects = run.at(30_000, called("W02", 4, "A017", 30_000, announcement=3, last=True))
    assert spoken(effects) == ["最后一次呼叫请A零一七号到二号窗口办理"]


@pytest.mark.parametrize(("age", "is_spoken"), [(-4_000, True), (0, True), (9_999, True), (10_000, False), (600_000, False)])
def test_only_what_was_called_less_than_ten_seconds_ago_is_spoken(age: int, is_spoken: bool) -> None:
    """By the hall clock; the sign shows it all the same. A clock a little behind the service's does not silence it."""
    run = live()
    effects = run.at(5_000, called("W02", 2, "A017", 5_000 - age))
    assert bool(spoken(effects)) is is_spoken
    assert effects[0] == shows(2, "请A017办理", Colour.RED, urgent=True)


def test_the_hall_clock_runs_on_between_heartbeats() -> None:
    """Twelve seconds after the last heartbeat the hall is twelve seconds further."""
    run = live()
    assert not spoken(run.at(12_000, called("W02", 2, "A017", 1_000)))


def test_a_display_that_knows_the_time_only_from_a_retained_heartbeat_does_not_speak() -> None:
    """The first heartbeat after a start may be old, and with it a call would look younger than it is."""
    run = display()
    run.at(0, settings(sign("W02", 2)), heartbeat(-4_000), LinkUp())
    assert announcements(run.at(0, called("W02", 1, "A017", -9_000))) == []
    assert announcements(run.at(1_000, heartbeat(1_000), called("W02", 2, "A018", 1_000))) != []


def test_the_same_announcement_is_never_spoken_twice() -> None:
    """Neither redelivered nor in a newer version of the counter's state."""
    run = live()
    call = called("W02", 2, "A017", 1_000)
    assert len(spoken(run.at(1_000, call, call))) == 1
    assert not spoken(run.at(1_500, called("W02", 3, "A017", 1_000, staff_name="李娜")))


def test_a_call_without_its_time_is_shown_and_not_spoken() -> None:
    """Nothing proves that it is new."""
    run = live()
    effects = run.at(1_000, called("W02", 2, "A017", 0, announced_at=None))
    assert not spoken(effects)
    assert effects == [shows(2, "请A017办理", Colour.RED, urgent=True)]


def test_the_end_of_a_call_withdraws_what_still_waits_to_be_said() -> None:
    """Once the visitor sits there, nobody is called to come."""
    run = live()
    run.at(1_000, called("W02", 2, "A017", 1_000))
    effects = run.at(3_000, counter("W02", SERVING, 3, "A017"))
    assert effects == [shows(2, "A017办理中", Colour.GREEN), Tell(VOICE, Withdraw(CounterId("W02")))]
    assert run.at(9_000, counter("W02", FREE, 4)) == [shows(2, "2号 综合受理", Colour.GREEN)]


def test_a_display_without_a_loudspeaker_tells_no_voice_anything() -> None:
    """There is no such port."""
    run = live(voice=False)
    effects = run.at(1_000, called("W02", 2, "A017", 1_000), counter("W02", SERVING, 3, "A017"))
    assert {one.port for one in effects if isinstance(one, Tell)} == {BUS}


def test_what_could_not_be_said_is_logged() -> None:
    """The citizen has the sign; the log has the reason."""
    run = live()
    assert run.at(1_000, Reported(VOICE, NotSpoken("W02", "no loudspeaker"))) == [
        Note("not_spoken", {"subject": "W02", "reason": "no loudspeaker"})
    ]
    assert run.at(1_000, Reported(VOICE, Spoken("W02"))) == []


# --- Versions --------------------------------------------------------------------------------------------------------------


def test_an_older_version_changes_nothing() -> None:
    """Late, repeated or from before a restore: dropped without a word."""
    run = live()
    run.at(1_000, counter("W02", SERVING, 7, "A018", epoch=2))
    for epoch, fact in ((2, 7), (2, 6), (1, 99)):
        assert run.at(2_000, called("W02", fact, "A017", 2_000, epoch=epoch)) == []


def test_every_topic_has_its_own_version() -> None:
    """A high number at one counter does not hide another counter."""
    run = live()
    run.at(1_000, called("W02", 90, "A017", 1_000))
    assert run.at(1_000, called("W03", 2, "A018", 1_000))[0] == shows(3, "请A018办理", Colour.RED, urgent=True)


# --- Start, outage, return -------------------------------------------------------------------------------------------------


def test_at_its_start_the_signs_are_left_alone_until_the_service_is_heard() -> None:
    """What they still show expires by itself; nothing is claimed before it is known."""
    run = display()
    assert run.at(0, settings(sign("W02", 2)), LinkUp(), called("W02", 5, "A017", 0)) == []
    assert isinstance(run.state, Starting)
    assert run.at(900, heartbeat(-4_000), heartbeat(900)) == [shows(2, "请A017办理", Colour.RED, urgent=True)]


def test_what_the_mqtt_server_remembers_is_shown_only_once_the_service_itself_is_heard() -> None:
    """I10 (chaos seed 6004): a server killed with -9 comes back with calls of some minutes ago, and a heartbeat of then.

    A display that is born into that calls nobody by it. The service beats when a node is born, after saying everything.
    """
    run = display()
    run.at(0, settings(sign("W02", 2)))
    assert run.at(10, called("W02", 5, "A017", -30_000), heartbeat(-30_000), LinkUp()) == []
    assert isinstance(run.state, Starting)
    assert run.at(2_000, called("W02", 9, "A018", -5_000), heartbeat(2_000)) == [
        shows(2, "请A018办理", Colour.RED, urgent=True)
    ]


def test_a_reborn_display_shows_old_calls_and_speaks_none_of_them() -> None:
    """Whether the service's state comes before or after its heartbeat."""
    run = display()
    run.at(0, settings(sign("W02", 2), sign("W03", 3)), heartbeat(-5_000), heartbeat(0))
    effects = run.at(10, called("W02", 5, "A017", -30_000), called("W03", 6, "A018", -12_000, announcement=2))
    assert not spoken(effects)
    assert [one.command.text for one in effects] == ["请A017办理", "请A018办理"]


def test_a_service_never_heard_is_said_after_fifteen_seconds() -> None:
    """Born into an outage: the signs say that the hall recovers, not what was last known."""
    run = display()
    run.at(0, settings(sign("W02", 2)))
    assert run.until(14_999) == []
    assert run.until(15_000) == [shows(2, "系统恢复中", Colour.YELLOW), Note("service_silent")]


def test_fifteen_seconds_without_a_heartbeat_grey_the_last_call() -> None:
    """The last number stays readable, in yellow and with the words; nothing is called any more."""
    run = live()
    run.at(4_000, called("W02", 2, "A017", 4_000))
    run.at(5_000, heartbeat(5_000))
    assert run.until(19_999) == []
    assert run.until(20_000) == [
        shows(2, "A017 系统恢复中", Colour.YELLOW),
        shows(3, "系统恢复中", Colour.YELLOW),
        Note("service_silent"),
    ]
    assert isinstance(run.state, Recovering)


def test_the_heartbeat_brings_everything_back_without_a_word() -> None:
    """Calls are shown as calls again; what was called during the outage is shown and not spoken."""
    run = live()
    run.at(1_000, called("W02", 2, "A017", 1_000))
    run.until(30_000)
    assert run.at(31_000, called("W03", 9, "A020", 30_900)) == [shows(3, "A020 系统恢复中", Colour.YELLOW)]
    effects = run.at(32_000, heartbeat(32_000))
    assert effects == [shows(2, "请A017办理", Colour.RED, urgent=True), shows(3, "请A020办理", Colour.RED, urgent=True)]
    assert isinstance(run.state, Live)
    assert spoken(run.at(33_000, called("W02", 12, "A021", 33_000))) == ["请A零二一号到二号窗口办理"]


def test_heartbeats_keep_it_live_and_change_nothing() -> None:
    """Five minutes of nothing but heartbeats."""
    run = live()
    for at in range(5_000, 300_000, 5_000):
        assert run.at(at, heartbeat(at)) == []


def test_a_service_that_restarts_within_fifteen_seconds_is_not_noticed() -> None:
    """Its last will alone greys nothing: what the signs show is still true."""
    run = live()
    assert run.at(1_000, heartbeat(0, online=False), LinkDown()) == []
    assert run.at(14_000, LinkUp(), heartbeat(14_000)) == []
    run.at(15_000, heartbeat(0, online=False))
    assert run.until(29_000)[-1] == Note("service_silent")


def test_an_old_heartbeat_delivered_again_does_not_keep_it_live() -> None:
    """A server that repeats its retained heartbeat at every reconnection says nothing about the service."""
    run = live()
    for at in range(3_000, 15_000, 3_000):
        run.at(at, LinkDown(), LinkUp(), heartbeat(0))
    assert run.until(15_000)[-1] == Note("service_silent")
    assert run.at(16_000, heartbeat(0)) == []
    assert isinstance(run.state, Recovering)


def test_counters_called_before_others_when_many_change_at_once() -> None:
    """After an outage the signs with a call are told first."""
    run = display()
    run.at(0, settings(sign("W02", 2), sign("W03", 3)), counter("W02", FREE, 1), called("W03", 2, "A018", 0))
    assert [one.command.address for one in run.at(10, heartbeat(5), heartbeat(10))] == [3, 2]


# --- The hall --------------------------------------------------------------------------------------------------------------


def hall(phase: HallPhase, fact: int, next_at: int | None = None) -> Heard:
    """The part of the day, and when it ends by itself."""
    ends = None if next_at is None else HallTime(NINE + next_at)
    return Heard(HallBoard(epoch=1, fact=fact, phase=phase, next_at=ends))


def test_the_hall_opens_with_a_word_if_it_opens_now() -> None:
    """The time announced for it proves that it is news."""
    run = live()
    run.at(1_000, hall(HallPhase.BEFORE_OPENING, 1, next_at=60_000))
    run.at(60_000, heartbeat(60_000))
    assert spoken(run.at(60_400, hall(HallPhase.OPEN, 2, next_at=90_000))) == ["各位办事群众,您好,现在开始办理业务"]


@pytest.mark.parametrize(
    ("before", "ends", "after", "said"),
    [
        (HallPhase.AFTER_CLOSING, 60_000, HallPhase.CLOSED, ["今日服务已结束,感谢您的光临,请您慢走"]),
        (HallPhase.BEFORE_OPENING, 40_000, HallPhase.OPEN, []),
        (HallPhase.BEFORE_OPENING, 90_000, HallPhase.OPEN, []),
        (HallPhase.BEFORE_OPENING, None, HallPhase.OPEN, []),
        (HallPhase.NOON, 60_000, HallPhase.OPEN, []),
        (HallPhase.OPEN, 60_000, HallPhase.NOON, []),
        (HallPhase.OPEN, 60_000, HallPhase.OPEN, []),
    ],
    ids=["closes now", "opened 20 s ago", "opened early", "time unknown", "after lunch", "to lunch", "no change"],
)
def test_what_is_said_when_the_part_of_the_day_changes(
    before: HallPhase, ends: int | None, after: HallPhase, said: list[str]
) -> None:
    """Only a change that is proved to be of this moment is spoken."""
    run = live()
    run.at(1_000, hall(before, 1, next_at=ends))
    run.at(60_000, heartbeat(60_000))
    assert spoken(run.at(60_000, hall(after, 2))) == said


def test_the_first_part_of_the_day_heard_of_is_not_spoken() -> None:
    """A reborn display does not open the hall again."""
    assert not spoken(live().at(0, hall(HallPhase.OPEN, 1)))


def test_the_signs_follow_the_part_of_the_day() -> None:
    """Lunch break, and dark on a rest day."""
    run = live()
    assert run.at(1_000, hall(HallPhase.NOON, 1)) == [
        shows(2, "午间休息", Colour.YELLOW),
        shows(3, "午间休息", Colour.YELLOW),
    ]
    assert run.at(2_000, hall(HallPhase.REST, 2)) == [Tell(BUS, Clear(2)), Tell(BUS, Clear(3))]


# --- Settings --------------------------------------------------------------------------------------------------------------


def test_a_sign_that_moves_is_released_and_shown_at_its_new_place() -> None:
    """Its old address would show an old text for ever."""
    run = live()
    effects = run.at(1_000, settings(sign("W02", 2), sign("W03", 5)))
    assert effects == [shows(5, "3号 综合受理", Colour.GREEN), Tell(BUS, Release(3))]


def test_a_counter_never_heard_of_leaves_its_sign_as_it_is() -> None:
    """New in the settings, or there before: no claim without knowledge."""
    run = display()
    run.at(0, settings(sign("W02", 2)))
    assert run.at(0, heartbeat(-5_000), heartbeat(0)) == []
    run.until(15_000)
    assert run.at(16_000, heartbeat(16_000)) == []


def test_signs_on_several_buses_are_told_on_their_own() -> None:
    """The port is named after the bus."""
    run = display("rs485-1", "rs485-2")
    run.at(0, settings(sign("W02", 2), sign("W07", 2, "rs485-2")), heartbeat(-5_000), heartbeat(0))
    effects = run.at(0, counter("W02", FREE, 1), counter("W07", FREE, 1))
    assert [(one.port, one.command.text) for one in effects] == [(BUS, "2号 综合受理"), ("bus.rs485-2", "7号 综合受理")]


# --- Health ----------------------------------------------------------------------------------------------------------------


def test_a_sign_on_a_bus_without_a_wire_is_reported_with_advice() -> None:
    """The other signs work; the report names section and bus; right again when the settings are."""
    run = display()
    effects = run.at(0, LinkUp(), settings(sign("W02", 2), sign("W07", 7, "rs485-2")), heartbeat(-5_000), heartbeat(0))
    assert healths(effects) == [("sign.W07", Condition.FAULT, "no_wire")]
    (report,) = reports(effects)
    assert "rs485-2 is not in this node's node.toml, section [wires.buses]" in report.detail
    told = run.at(500, counter("W02", FREE, 1), counter("W07", FREE, 1))
    assert [one.port for one in told if isinstance(one, Tell)] == [BUS]
    assert healths(run.at(1_000, settings(sign("W02", 2), sign("W07", 7)))) == [("sign.W07", Condition.OK, "ok")]


@pytest.mark.parametrize(
    ("broken", "again", "part", "code"),
    [
        (Reported(BUS, SignSilent(2)), Reported(BUS, SignBack(2)), "sign.W02", "silent"),
        (Reported(BUS, SignRefused(2, 3, "busy")), Reported(BUS, SignAnswered(2)), "sign.W02", "refused"),
        (Reported(BUS, TextRefused(2, "U+20BB7")), Reported(BUS, SignAnswered(2)), "sign.W02", "text"),
        (Reported(BUS, BusLost("unplugged")), Reported(BUS, BusBack()), BUS, "lost"),
        (Reported(VOICE, VoiceLost("no aplay")), Reported(VOICE, VoiceBack()), VOICE, "lost"),
    ],
    ids=["silent", "refusing", "text", "bus", "voice"],
)
def test_a_trouble_is_reported_once_and_its_end_once(broken: Reported, again: Reported, part: str, code: str) -> None:
    """Staff learn that a sign or the loudspeaker needs them, and when it no longer does."""
    run = live()
    assert healths(run.at(1_000, broken, broken)) == [(part, Condition.FAULT, code)]
    assert healths(run.at(2_000, again, again)) == [(part, Condition.OK, "ok")]


def test_a_lost_board_is_reported() -> None:
    """Like every other part."""
    assert healths(live(has_board=True).at(0, Reported(BOARD, BoardLost("refused")))) == [(BOARD, Condition.FAULT, "lost")]


def test_a_sign_nobody_declared_is_nobodys_trouble() -> None:
    """An answer of a released sign, say."""
    assert run_is_quiet(Reported(BUS, SignSilent(9)))


def run_is_quiet(happening: Any) -> bool:
    """Whether nothing comes of this at a living display."""
    return live().at(1_000, happening) == []


def test_troubles_are_said_again_after_the_link_broke() -> None:
    """A report without a connection, or into a dying one, may be lost; a sign that recovered meanwhile is well."""
    run = live()
    run.at(1_000, Reported(BUS, SignSilent(2)), Reported(BUS, SignSilent(3)))
    run.at(2_000, LinkDown())
    run.at(3_000, Reported(BUS, SignBack(3)), Reported(VOICE, VoiceLost("pulled")))
    assert healths(run.at(4_000, LinkUp())) == [
        ("sign.W02", Condition.FAULT, "silent"),
        (VOICE, Condition.FAULT, "lost"),
        ("sign.W03", Condition.OK, "ok"),
    ]


def test_request_ids_are_never_used_twice() -> None:
    """Each report has its own."""
    run = live()
    run.at(1_000, Reported(BUS, SignSilent(2)), Reported(BUS, SignBack(2)), Reported(BUS, SignSilent(2)))
    ids = [report.request_id for report in reports([one for _, one in run.history])]
    assert len(ids) == len(set(ids)) == 3


# --- The board -------------------------------------------------------------------------------------------------------------


def boards(effects: list[Any]) -> list[ShowBoard]:
    """What the main board was told."""
    return [one.command for one in effects if isinstance(one, Tell) and isinstance(one.command, ShowBoard)]


def test_the_board_follows_the_state_and_is_told_only_changes() -> None:
    """One state for each change, none without."""
    run = live(has_board=True)
    (board,) = boards(run.at(1_000, called("W02", 2, "A017", 1_000)))
    assert board.is_live
    assert "请A017到2号窗口办理" in board.lines
    assert boards(run.at(2_000, heartbeat(2_000), called("W02", 2, "A017", 1_000))) == []
    assert not boards(run.at(2_000, Heard(QueueBoard(epoch=1, fact=1, group=GroupId("X"), waiting=1))))


def test_the_board_greys_the_numbers_when_the_service_is_away() -> None:
    """And says so; nothing is drawn before anything is known."""
    run = display(has_board=True)
    assert boards(run.at(0, settings(sign("W02", 2)), called("W02", 2, "A017", 0))) == []
    (board,) = boards(run.until(15_000))
    assert board == ShowBoard(("叫号信息", "请A017到2号窗口办理", "叫号恢复中,请留意工作人员呼叫"), is_live=False)


def test_a_board_without_settings_waits_for_them() -> None:
    """The hotline and the groups come with the settings."""
    run = display(has_board=True)
    assert boards(run.at(0, heartbeat(-5_000), heartbeat(0))) == []
    assert len(boards(run.at(1, settings()))) == 1


def test_a_notice_leaves_the_board_at_its_time() -> None:
    """The node wakes itself for it (HALL-6)."""
    run = live(has_board=True)
    (board,) = boards(run.at(1_000, Heard(NoticeBoard(epoch=1, fact=1, text="停水通知", valid_to=HallTime(NINE + 5_000)))))
    assert "停水通知" in board.lines
    assert run.until(4_999) == []
    (board,) = boards(run.until(5_000))
    assert "停水通知" not in board.lines


# --- What is not for a display ---------------------------------------------------------------------------------------------


def test_answers_and_a_full_disk_change_nothing() -> None:
    """A display keeps no journal and shows no answer."""
    assert run_is_quiet(Heard(RequestDone(request_id=RequestId("LED-00/b/0"))))
    kept = TicketPrinted(request_id=RequestId("r"), ticket=TicketId("t"), copy=0, proof=PrintProof.DRAINED)
    assert run_is_quiet(KeepFailed(kept, "full"))
