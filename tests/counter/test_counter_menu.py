"""What a clerk may choose beyond the six keys: shown on two rows, asked with 确定 alone, gone by itself."""

from pathlib import Path
from typing import Any

import pytest

from contracts.messages import (
    CareCheckRequested,
    CounterSettings,
    CoverEndRequested,
    CoverRequested,
    DeskState,
    ExtensionRefusalRequested,
    FinishRequested,
    GroupInfo,
    HeldResumeRequested,
    HelpRequested,
    HoldRequested,
    LeadAcceptRequested,
    LeadEndRequested,
    LeadRequested,
    LoginRequested,
    PauseRequested,
    RequestDone,
    RequestRefused,
    ServiceState,
    TransferRequested,
)
from contracts.values import (
    BootId,
    CallId,
    CounterId,
    CounterPhase,
    CoverMode,
    GroupId,
    HallTime,
    HelpKind,
    NodeName,
    Refusal,
    RequestId,
    SessionId,
    TicketId,
    TicketNo,
)
from counter.behaviour import CounterBehaviour
from counter.config import CounterConfig
from firmware.drivers.buttons import Pressed
from firmware.drivers.card_reader import CardPresented
from firmware.drivers.text_line import pages_of
from firmware.runtime import settings
from firmware.runtime.steps import Heard, LinkDown, LinkUp, Reported, Say
from sim.solo import Solo

HALL = HallTime(1_773_104_400_000)  # 2026-03-10 09:00 in the hall
CALL, SESSION = CallId("2026-03-10/A017/c1"), SessionId("2026-03-10/A017/s1")


def group(letter: str, zh: str, *counters: str) -> GroupInfo:
    """A group of the hall."""
    return GroupInfo(id=GroupId(letter), zh=zh, en="", zone="", counters=tuple(map(CounterId, counters)))


SETTINGS = CounterSettings(
    hash="h",
    hall_name_zh="x",
    hall_name_en="x",
    hotline="1",
    counter=CounterId("W02"),
    name_zh="综合受理",
    groups=(group("A", "企业开办与许可", "W01", "W02"), group("B", "社会事务", "W01", "W03")),
    pause_reasons=("短暂离开",),
    extension_reasons=("接送家人", "身体不适"),
)
KEYS_LINE = "更多换项 确定执行"


def desk(phase: CounterPhase, fact: int = 1, **fields: Any) -> DeskState:
    """The desk of W02; with a visitor where the phase has one."""
    if phase in (CounterPhase.CALLED, CounterPhase.SERVING):
        fields = {"ticket": TicketNo("A017"), "call": CALL, "announcement": 1, **fields}
    if phase is CounterPhase.SERVING:
        fields = {"session": SESSION, **fields}
    return DeskState(epoch=1, fact=fact, counter=CounterId("W02"), phase=phase, waiting=5, **fields)


def solo(state: DeskState) -> Solo:
    """A terminal with this desk."""
    run = Solo(CounterBehaviour(NodeName("TRM-W02"), BootId("0" * 16)))
    beat = Heard(ServiceState(epoch=1, boot=BootId("b"), hall_now=HALL))
    run.at(0, LinkUp(), Heard(SETTINGS), beat, Heard(state))
    return run


def serving(**fields: Any) -> Solo:
    """A017 is being served."""
    return solo(desk(CounterPhase.SERVING, **fields))


def free(**fields: Any) -> Solo:
    """Nobody is at the desk."""
    return solo(desk(CounterPhase.FREE, **fields))


def press(run: Solo, *keys: str) -> list[Any]:
    """Fingers on keys; what was sent."""
    done = run.at(run.now, *(Reported("keys", Pressed(key)) for key in keys))
    return [effect.message for effect in done if isinstance(effect, Say)]


def glass(run: Solo) -> tuple[str, ...]:
    """What the text line shows."""
    shown: tuple[str, ...] = run.state.shown
    return shown


def labels(run: Solo, key: str = "more", at_most: int = 30) -> list[str]:
    """Every line of the list that this key opens, in order."""
    found: list[str] = []
    while len(found) < at_most:
        assert press(run, key) == []
        line, hint = glass(run)
        assert hint == KEYS_LINE
        if found and line == found[0]:
            break
        found.append(line)
    return found


def asked(request: Any) -> dict[str, Any]:
    """The fields of a request that are its own."""
    own = set(request.__struct_fields__) - {"request_id", "expires_at"}
    return {name: getattr(request, name) for name in own}


# --- What is offered -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "lines"),
    [
        (desk(CounterPhase.CALLED), ["挂起 A017", "返回"]),
        (desk(CounterPhase.CALLED, care_open=True), ["请核验优先资格", "挂起 A017", "返回"]),
        (desk(CounterPhase.SERVING), ["转移", "领办", "挂起 A017", "请求帮办", "返回"]),
        (desk(CounterPhase.SERVING, care_open=True), ["请核验优先资格", "转移", "领办", "挂起 A017", "请求帮办", "返回"]),
        (desk(CounterPhase.SERVING, leads_to=CounterId("W03")), ["结束领办,继续办理", "返回"]),
        (
            desk(CounterPhase.SERVING, goes_home=True),
            ["转移", "领办", "挂起 A017", "请求帮办", "无法延时,请求安排他人", "返回"],
        ),
        (desk(CounterPhase.FREE), ["暂停服务 短暂离开", "返回"]),
        (
            desk(CounterPhase.FREE, led_here=(TicketNo("B004"),), held=(TicketNo("A003"), TicketNo("A2-01"))),
            ["接办B004", "恢复办理 A003", "恢复办理 A2-01", "暂停服务 短暂离开", "返回"],
        ),
        (
            desk(CounterPhase.FREE, may_cover=(CounterId("W03"),)),
            ["暂停服务 短暂离开", "并岗兼办3号窗口", "到3号窗口顶岗", "返回"],
        ),
        (desk(CounterPhase.FREE, covers=CounterId("W03")), ["暂停服务 短暂离开", "结束顶岗", "返回"]),
        (desk(CounterPhase.PAUSED, covers=CounterId("W03")), ["结束顶岗", "返回"]),
        (desk(CounterPhase.FREE, goes_home=True), ["暂停服务 短暂离开", "无法延时,请求安排他人", "返回"]),
    ],
)
def test_the_list_holds_what_the_desk_allows_the_most_pressing_first(state: DeskState, lines: list[str]) -> None:
    """Stepping through it asks for nothing, and after 返回 it begins again."""
    assert labels(solo(state)) == lines


@pytest.mark.parametrize(
    ("phase", "sentence"),
    [(CounterPhase.CLOSED, "请先刷卡登录"), (CounterPhase.PAUSED, "当前没有其他操作")],
)
def test_where_nothing_can_be_chosen_a_sentence_says_so(phase: CounterPhase, sentence: str) -> None:
    """No empty list."""
    run = solo(desk(phase))
    assert press(run, "more") == []
    assert glass(run) == (sentence,)


@pytest.mark.parametrize(
    ("key", "lines"),
    [
        ("hold", ["挂起 A017", "返回"]),
        ("transfer", ["转移 社会事务", "转移 企业开办与许可", "返回"]),
        ("lead", ["领办到1号窗口", "领办到3号窗口", "返回"]),
        ("check", ["已核验", "未核验,仍予办理", "不符合,恢复普通排队", "返回"]),
    ],
)
def test_a_key_of_its_own_opens_the_list_at_its_place(key: str, lines: list[str]) -> None:
    """The same key goes on to the next line, so one finger is enough until 确定."""
    assert labels(serving(care_open=True), key) == lines


def test_the_keys_of_their_own_in_a_free_counter() -> None:
    """挂起 finds what is held, 领办 who is led here; 转移 has nobody."""
    run = free(held=(TicketNo("A003"),), led_here=(TicketNo("B004"),))
    assert labels(run, "hold") == ["恢复办理 A003", "返回"]
    assert labels(run, "lead") == ["接办B004", "返回"]
    press(run, "transfer")
    assert glass(run) == ("当前没有其他操作",)


# --- What is asked -------------------------------------------------------------------------------------------------------


def test_hold_and_resume() -> None:
    """挂起 puts the visitor aside, 恢复办理 brings back the one held longest, or the one chosen (1.0.5)."""
    (held,) = press(serving(), "hold", "confirm")
    assert held == HoldRequested(
        request_id=RequestId("TRM-W02/0000000000000000/0"), expires_at=HallTime(HALL + 3_000), call=CALL
    )
    run = free(held=(TicketNo("A003"), TicketNo("A009")))
    (resumed,) = press(run, "hold", "confirm")
    assert isinstance(resumed, HeldResumeRequested)
    assert resumed.ticket is None
    run = free(held=(TicketNo("A003"), TicketNo("A009")))
    (resumed,) = press(run, "hold", "hold", "confirm")
    assert resumed.ticket == TicketId("2026-03-10/A009")


def test_transfer_needs_two_confirmations() -> None:
    """转移, then the group: one slip of a finger moves nobody (1.0.5)."""
    run = serving()
    assert press(run, "more", "confirm") == []
    assert glass(run) == ("转移 社会事务", KEYS_LINE)
    (request,) = press(run, "confirm")
    assert isinstance(request, TransferRequested)
    assert (request.call, request.group, request.service) == (CALL, "B", None)


def test_lead_to_a_counter_and_back() -> None:
    """领办 names the counter; the one that leads may end it, the one that is led to accepts (FIRST-4.2)."""
    (lead,) = press(serving(), "lead", "lead", "confirm")
    assert isinstance(lead, LeadRequested)
    assert (lead.call, lead.to) == (CALL, "W03")
    (end,) = press(serving(leads_to=CounterId("W03")), "lead", "confirm")
    assert isinstance(end, LeadEndRequested)
    (accept,) = press(free(led_here=(TicketNo("B004"),)), "more", "confirm")
    assert isinstance(accept, LeadAcceptRequested)
    assert accept.ticket is None


@pytest.mark.parametrize(("steps", "verified", "to_queue"), [(1, True, False), (2, False, False), (3, False, True)])
def test_the_priority_is_looked_at(steps: int, verified: bool, to_queue: bool) -> None:
    """Verified; not verified and served all the same (the default); back in line as an ordinary ticket (CARE-2.1)."""
    (request,) = press(serving(care_open=True), *["check"] * steps, "confirm")
    assert isinstance(request, CareCheckRequested)
    assert asked(request) == {"call": CALL, "verified": verified, "to_queue": to_queue}


def test_a_clerk_who_cannot_stay_gives_a_reason() -> None:
    """无法延时 with a reason of the hall's list (EXT-4)."""
    run = serving(goes_home=True)
    assert press(run, *["more"] * 5, "confirm") == []
    assert glass(run) == ("接送家人", KEYS_LINE)
    (request,) = press(run, "more", "confirm")
    assert isinstance(request, ExtensionRefusalRequested)
    assert request.reason == "身体不适"


def test_an_agent_is_asked_for_the_visitor_at_the_desk() -> None:
    """请求帮办, with the ticket whose call this is (AGENT-4.1)."""
    (request,) = press(serving(), *["more"] * 4, "confirm")
    assert isinstance(request, HelpRequested)
    assert asked(request) == {"kind": HelpKind.ASSIST, "ticket": "2026-03-10/A017", "actor": None}


def test_acting_for_the_neighbour() -> None:
    """At the own counter or at the other, and the end of it (AB-4.6)."""
    for steps, mode in ((2, CoverMode.MERGE), (3, CoverMode.TAKEOVER)):
        (request,) = press(free(may_cover=(CounterId("W03"),)), *["more"] * steps, "confirm")
        assert isinstance(request, CoverRequested)
        assert asked(request) == {"counter": "W03", "mode": mode}
    (end,) = press(free(covers=CounterId("W03")), "more", "more", "confirm")
    assert isinstance(end, CoverEndRequested)


def test_a_short_break_has_a_reason_and_the_pause_key_has_none() -> None:
    """短暂离开 keeps the alarm quiet for a while (HALL-11.1); the old key is as it was."""
    (short,) = press(free(), "more", "confirm")
    assert isinstance(short, PauseRequested)
    assert short.reason == "短暂离开"
    (plain,) = press(free(), "pause")
    assert plain.reason == ""


# --- Leaving the list ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [("more",), ("transfer",), ("check",), ("more", "confirm")])
def test_a_list_that_nobody_goes_on_with_leaves_the_glass(keys: tuple[str, ...]) -> None:
    """After 10 s the state of the counter stands there again, and nothing was asked."""
    run = serving(care_open=True)
    press(run, *keys)
    assert glass(run)[1] == KEYS_LINE
    run.until(9_999)
    assert glass(run)[1] == KEYS_LINE
    run.at(10_000)
    assert glass(run) == ("正在办理A017", "等候5人")
    assert not [effect for _, effect in run.history if isinstance(effect, Say)]


def test_back_leaves_the_list_and_asks_for_nothing() -> None:
    """返回 and 确定."""
    run = serving()
    assert press(run, "hold", "hold", "confirm") == []
    assert glass(run) == ("正在办理A017", "等候5人")


def test_one_of_the_six_keys_means_what_it_always_means() -> None:
    """办理完毕 in the middle of a list finishes the visit; 叫下一位 is refused as ever; a card asks for a login."""
    (finish,) = press(serving(), "transfer", "finish")
    assert isinstance(finish, FinishRequested)
    run = serving()
    assert press(run, "more", "next") == []
    assert glass(run) == ("请先办结当前号码",)
    run = free()
    press(run, "more")
    (effect,) = [one for one in run.at(0, Reported("reader", CardPresented("7200944C78"))) if isinstance(one, Say)]
    assert isinstance(effect.message, LoginRequested)


def test_confirm_without_a_list_explains_itself() -> None:
    """A finger on the wrong key."""
    run = serving()
    assert press(run, "confirm") == []
    assert glass(run) == ("请先按更多键",)


def test_a_list_the_desk_no_longer_allows_is_gone() -> None:
    """The visitor was finished elsewhere while the clerk was choosing: 确定 does nothing to the next one."""
    run = serving()
    press(run, "hold")
    run.at(10, Heard(desk(CounterPhase.FREE, 2)))
    assert glass(run) == ("窗口空闲", "等候5人")
    assert press(run, "confirm") == []


def test_more_waiting_visitors_do_not_disturb_a_list() -> None:
    """Only what is offered counts."""
    run = serving()
    press(run, "transfer")
    state = desk(CounterPhase.SERVING, 2)
    run.at(10, Heard(DeskState(**{name: getattr(state, name) for name in state.__struct_fields__} | {"waiting": 9})))
    assert glass(run) == ("转移 社会事务", KEYS_LINE)


def test_a_service_that_goes_away_takes_the_list_with_it() -> None:
    """Nothing can be asked, so nothing is offered."""
    run = serving()
    press(run, "transfer")
    run.at(5, LinkDown())
    assert glass(run)[0] == "系统恢复中,请稍候"
    assert press(run, "confirm") == []


def test_a_refusal_is_read_and_the_visitor_is_still_there() -> None:
    """A group without an open counter: the sentence of the list, then the visit as it was (FIRST-4.2)."""
    run = serving()
    (request,) = press(run, "transfer", "confirm")
    run.at(5, Heard(RequestRefused(request_id=request.request_id, reason=Refusal.NO_OPEN_COUNTER)))
    assert glass(run) == ("该业务暂无开放窗口,请选择其他窗口或预约",)
    run.until(4_005)
    assert glass(run) == ("正在办理A017", "等候5人")


def test_a_late_answer_finds_the_terminal_in_a_list() -> None:
    """It was given up after 1.5 s; that it was done after all needs no word, and the next press is asked under a new id."""
    run = serving()
    (first,) = press(run, "hold", "confirm")
    run.until(1_500)
    press(run, "transfer")
    run.at(1_600, Heard(RequestDone(request_id=first.request_id)))
    assert glass(run) == ("正在办理A017", "等候5人")
    (second,) = press(run, "transfer", "confirm")
    assert second.request_id != first.request_id


# --- The glass and the file ----------------------------------------------------------------------------------------------


def test_every_line_fits_two_rows() -> None:
    """The longest group name of the demo hall, and every choice: on one page of 2 x 20 with, or instead of, the hint."""
    runs = [
        serving(care_open=True, goes_home=True),
        free(may_cover=(CounterId("W12"),), goes_home=True, led_here=(TicketNo("A2-103"),), held=(TicketNo("A2-103"),)),
    ]
    for run in runs:
        for key in ("more", "hold", "transfer", "lead", "check"):
            press(run, key)
            if KEYS_LINE in glass(run):
                for line in labels(run, key):
                    assert len(pages_of((line,), 2, 20)) == 1
                    assert len(line.encode("gbk")) <= 22


TOML = (
    'hall = "h"\nnode = "TRM-W01"\ndata_dir = "d"\n'
    "[pins]\nnext = 5\nrecall = 6\nstart = 12\nfinish = 13\nno_show = 16\npause = 19\nlamp = 26\n{more}"
    '[wires]\nreader = "serial:/dev/ttyUSB0?baud=9600"\ntext_line = "serial:/dev/ttyUSB1?baud=9600"\n'
)


def parsed(more: str) -> CounterConfig:
    """A node.toml with these keys more."""
    return settings.parse(TOML.format(more=more), Path("node.toml"), CounterConfig)


def test_an_old_node_toml_has_six_keys() -> None:
    """Nothing new is needed."""
    assert list(parsed("").pins.keys.values()) == ["next", "recall", "start", "finish", "no_show", "pause"]


def test_two_keys_more_are_enough_for_everything() -> None:
    """更多 and 确定; the keys of their own are a comfort."""
    assert parsed("more = 20\nconfirm = 21\n").pins.keys[21] == "confirm"
    assert parsed("hold = 20\ntransfer = 22\nconfirm = 21\n").pins.keys[22] == "transfer"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("more = 20\n", "more opens a list, so confirm is needed too"),
        ("check = 20\n", "check opens a list, so confirm is needed too"),
        ("confirm = 20\n", "confirm alone opens nothing"),
        ("more = 20\nconfirm = 20\n", "pin 20 is named twice"),
        ("more = 26\nconfirm = 20\n", "pin 26 is named twice"),
    ],
)
def test_keys_that_make_no_sense_together_are_refused(more: str, why: str) -> None:
    """The administrator reads which key is missing, or which pin is taken."""
    with pytest.raises(settings.SettingsError, match=why):
        parsed(more)
