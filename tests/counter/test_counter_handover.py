"""Hand-overs at the counter terminal: a list under 更多, asked with 确定, answered in two rows (AB-4.2, AB-4.4)."""

from typing import Any

import pytest

from contracts.messages import (
    CounterSettings,
    DeskState,
    HandoverAckRequested,
    HandoverConfirmRequested,
    HandoverItem,
    HandoverOffer,
    HandoverPhoneRequested,
    HandoverRequested,
    HandoverReturnRequested,
    HandoverShowRequested,
    HandoverTold,
    RequestRefused,
    ServiceState,
)
from contracts.values import (
    BootId,
    CounterId,
    CounterPhase,
    HallTime,
    HandoverAct,
    HandoverKind,
    HandoverNo,
    ListedKind,
    NodeName,
    Refusal,
    StaffNo,
)
from counter.behaviour import CounterBehaviour
from firmware.drivers.buttons import Pressed
from firmware.drivers.text_line import pages_of
from firmware.runtime.steps import Heard, LinkUp, Reported, Say
from sim.solo import Solo
from words import text

HALL = HallTime(1_773_104_400_000)
W02, W05, NO = CounterId("W02"), CounterId("W05"), HandoverNo("JJ-20260310-001")
SETTINGS = CounterSettings(hash="h", hall_name_zh="x", hall_name_en="x", hotline="1", counter=W02, name_zh="综合受理")
OFFERS: dict[HandoverAct, tuple[str, type[Any], dict[str, Any]]] = {
    HandoverAct.OUT: ("向林涛交接", HandoverRequested, {"counter": W05}),
    HandoverAct.PHONE: ("登记林涛电话交接", HandoverPhoneRequested, {"counter": W05}),
    HandoverAct.SHOW: ("查看林涛电话", HandoverShowRequested, {"counter": W05}),
    HandoverAct.ACK: ("确认接收林涛交接", HandoverAckRequested, {"no": NO}),
    HandoverAct.CONFIRM: ("与林涛确认交还", HandoverConfirmRequested, {"no": NO}),
    HandoverAct.RETURN: ("与林涛列出交还清单", HandoverReturnRequested, {"no": NO}),
}


def solo(*acts: HandoverAct, phase: CounterPhase = CounterPhase.FREE) -> Solo:
    """A terminal whose desk offers these."""
    offers = tuple(HandoverOffer(act=act, counter=W05, name="林涛", no=NO) for act in acts)
    state = DeskState(epoch=1, fact=1, counter=W02, phase=phase, waiting=5, handovers=offers)
    run = Solo(CounterBehaviour(NodeName("TRM-W02"), BootId("0" * 16)))
    beat = Heard(ServiceState(epoch=1, boot=BootId("b"), hall_now=HALL))
    run.at(0, LinkUp(), Heard(SETTINGS), beat, Heard(state))
    return run


def press(run: Solo, *keys: str) -> list[Any]:
    """Fingers on keys; what was sent."""
    done = run.at(run.now, *(Reported("keys", Pressed(key)) for key in keys))
    return [effect.message for effect in done if isinstance(effect, Say)]


def glass(run: Solo) -> tuple[str, ...]:
    """What the text line shows."""
    shown: tuple[str, ...] = run.state.shown
    return shown


def told(request: Any, act: HandoverAct, phone: str = "") -> HandoverTold:
    """The answer of the service."""
    items = (HandoverItem(what=ListedKind.HELD, no="A003"),)
    return HandoverTold(
        request_id=request.request_id,
        act=act,
        handover=NO,
        counter=W05,
        giver=StaffNo("S106"),
        giver_name="林涛",
        taker=StaffNo("S107"),
        taker_name="罗丹",
        kind=HandoverKind.WRITTEN,
        phone=phone,
        listed=items,
        still=(*items, *items),
    )


@pytest.mark.parametrize("act", HandoverAct)
def test_what_is_offered_is_asked_with_two_keys_more(act: HandoverAct) -> None:
    """AB岗交接, then the line with the other person's name, then 确定: the request, and nobody's number in it."""
    label, kind, fields = OFFERS[act]
    run = solo(act)
    assert press(run, "more") == []
    assert glass(run)[0] == "AB岗交接"
    assert press(run, "confirm") == []
    assert glass(run)[0] == label
    (request,) = press(run, "confirm")
    assert type(request) is kind
    assert {name: getattr(request, name) for name in fields} == fields
    assert request.actor is None


def test_nothing_offered_and_nobody_there_shows_no_list() -> None:
    """A desk without offers has no such line; an empty counter asks for a card."""
    run = solo()
    press(run, "more")
    assert glass(run)[0] == "当前没有其他操作"
    run = solo(HandoverAct.ACK, phase=CounterPhase.CLOSED)
    press(run, "more")
    assert glass(run)[0] == "请先刷卡登录"


def test_answers_are_read_in_two_rows() -> None:
    """The ledger's number and how many items; the return list counts what is still open."""
    run = solo(HandoverAct.ACK)
    (request,) = press(run, "more", "confirm", "confirm")
    run.at(100, Heard(told(request, HandoverAct.ACK)))
    assert glass(run) == ("JJ-20260310-001", "已登记,共1项")
    run = solo(HandoverAct.CONFIRM)
    (request,) = press(run, "more", "confirm", "confirm")
    run.at(100, Heard(told(request, HandoverAct.CONFIRM)))
    assert glass(run) == ("JJ-20260310-001", "已登记,共2项")


def test_number_stands_long_enough_to_dial() -> None:
    """Twenty seconds; without a number it is said that there is none."""
    run = solo(HandoverAct.SHOW)
    (request,) = press(run, "more", "confirm", "confirm")
    run.at(100, Heard(told(request, HandoverAct.SHOW, "000-0000 0106")))
    for at in range(5_000, 20_000, 5_000):
        run.at(at, Heard(ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(HALL + at))))
        assert glass(run) == ("林涛", "000-0000 0106")
    run.until(20_100)
    assert glass(run)[0] == "窗口空闲"
    (request,) = press(run, "more", "confirm", "confirm")
    run.at(20_200, Heard(told(request, HandoverAct.SHOW)))
    assert glass(run) == ("林涛未登记电话",)


def test_refusal_is_read() -> None:
    """The quarter of an hour is over (AB-4.2b)."""
    run = solo(HandoverAct.PHONE)
    (request,) = press(run, "more", "confirm", "confirm")
    refused = RequestRefused(request_id=request.request_id, reason=Refusal.HANDOVER_LATE, values={"m": "15"})
    run.at(100, Heard(refused))
    assert glass(run) == ("电话交接须在15分钟内登记",)


def test_every_sentence_fits_one_page() -> None:
    """Two rows of twenty cells, with the longest name of a hall and the longest number."""
    values = {"name": "欧阳长风", "w": "12", "phone": "+00 000-0000 0000", "no": NO, "n": "12", "m": "15"}
    keys = [f"con.handover.{one}" for one in (*HandoverAct, "first", "given", "back", "no_phone")]
    for key in (*keys, "refusal.handover_late", "refusal.handover_state", "refusal.unknown_handover"):
        sentence = text(key).zh.format_map(values)
        assert len(pages_of((sentence,), 2, 20)) == 1, sentence
    for act in HandoverAct:
        label = text(f"con.handover.{act}").zh.format_map(values)
        assert len(label.encode("gbk")) <= 22
