"""A conversation with a ticket machine: missed numbers, appointments, projects, help, emergencies; nobody left standing."""

import pytest

from contracts.identities import check_in_proof
from contracts.messages import (
    CheckInRequested,
    HallBoard,
    HelpRequested,
    ReactivateRequested,
    RequestDone,
    RequestRefused,
    TicketRequested,
    TicketUnprinted,
)
from contracts.values import (
    HallPhase,
    HallTime,
    HelpKind,
    Refusal,
)
from firmware.drivers.document import Text
from firmware.drivers.id_reader import ReaderTrouble, ReaderWell
from firmware.runtime.steps import Reported
from kiosk.talk import SILENT, TALK_STAYS, project_code
from sim.devices.id_cards import (
    ADULT_M,
    ELDER,
    SENIOR,
)
from sim.kiosk_bench import NINE
from sim.kiosk_talk_bench import CHOOSE, KEY, OFFLINE, alive, asked, hash_of, issue, ready, shown

# --- Missed numbers (D9) -------------------------------------------------------------------------------------------------


def test_a_missed_number_comes_back_by_its_letter_and_digits() -> None:
    """恢复排队, A, 7, 确认: tm.noshow.ask; 确认: asked; answered: tm.noshow.done."""
    bench = ready()
    bench.type("reactivate", "A")
    assert shown(bench) == ("请刷身份证,或按业务键并输入过号的号码", "已输入 A")
    bench.type("7", "ok")
    assert shown(bench) == ("您的号码A007已过号,是否恢复排队?", "按确认键继续,按返回键取消")
    bench.press("ok")
    request = asked(bench, ReactivateRequested)
    assert (request.no, request.holder, request.group) == ("A007", None, None)
    assert shown(bench) == ("正在为您办理,请您稍候",)
    bench.hear(RequestDone(request_id=request.request_id, values={"no": "A007", "n": "3"}))
    assert shown(bench) == ("已为您恢复排队,前面还有3位",)
    assert bench.requests == []


def test_a_missed_number_comes_back_by_card() -> None:
    """Card after the key, or key after the card; with the letter pressed only that group is meant."""
    bench = ready()
    bench.press("reactivate")
    bench.card(ADULT_M)
    assert asked(bench, ReactivateRequested).holder == hash_of(ADULT_M)
    bench.card(ELDER)
    bench.press("reactivate")
    assert asked(bench, ReactivateRequested).holder == hash_of(ELDER)
    bench.type("reactivate", "B")
    bench.card(ELDER)
    assert asked(bench, ReactivateRequested).group == "B"


def test_an_own_number_of_a_machine_is_typed_without_its_hyphen() -> None:
    """A 2 0 3 is A203; if there is none it is A2-03."""
    bench = ready()
    bench.type("reactivate", "A", "203", "ok", "ok")
    first = asked(bench, ReactivateRequested)
    assert first.no == "A203"
    bench.hear(RequestRefused(request_id=first.request_id, reason=Refusal.UNKNOWN_TICKET))
    second = asked(bench, ReactivateRequested)
    assert second.no == "A2-03"
    bench.hear(RequestRefused(request_id=second.request_id, reason=Refusal.UNKNOWN_TICKET))
    assert shown(bench) == ("未找到该号码,请核对",)


def test_a_number_brought_back_once_already() -> None:
    """tm.noshow.limit."""
    bench = ready()
    bench.type("reactivate", "A", "7", "ok", "ok")
    request = asked(bench, ReactivateRequested)
    bench.hear(RequestRefused(request_id=request.request_id, reason=Refusal.ALREADY_REACTIVATED, values={"no": "A007"}))
    assert shown(bench) == ("该号码已恢复过一次,请您重新取号",)


def test_typing_is_corrected_and_left_with_back() -> None:
    """返回 takes a digit back, then leaves; from the question it goes back to the digits."""
    bench = ready()
    bench.type("reactivate", "A", "78", "back")
    assert shown(bench)[-1] == "已输入 A7"
    bench.type("ok", "back")
    assert shown(bench)[-1] == "已输入 A7"
    bench.type("back", "back")
    assert bench.state.talk == SILENT
    assert bench.requests == []


# --- Appointments (APPT-4.3) ---------------------------------------------------------------------------------------------

TEN = HallTime(NINE + 3_600_000)


def test_an_appointment_is_checked_in_by_phone_and_code_and_its_ticket_printed() -> None:
    """The proof is the HMAC of 1234:567890; on the screen are stars; the paper bears the agreed time."""
    bench = ready()
    bench.press("appointment")
    assert shown(bench) == ("请刷身份证,或输入预约手机号后四位和预约码",)
    bench.type("123456")
    assert shown(bench)[-1] == "已输入 **** **"
    bench.press("ok")
    assert not [one for one in bench.said if isinstance(one, CheckInRequested)]
    bench.type("7890", "ok")
    request = asked(bench, CheckInRequested)
    assert (request.proof, request.holder) == (check_in_proof(KEY, "1234", "567890"), None)
    issue(bench, request.request_id, "B004", appointment_at=TEN)
    assert shown(bench) == ("您预约了3月10日 10:00办理社会事务", "签到成功,请您在等候区休息,我们将按约定时间为您服务")
    assert Text("预约时间 2026-03-10 10:00") in bench.jobs[-1].document
    bench.paper_out()
    assert shown(bench) == (
        "请取走您的号票,并留意叫号",
        "谢谢您的配合",
        "签到成功,请您在等候区休息,我们将按约定时间为您服务",
    )
    assert [one for one in bench.done if isinstance(one, TicketUnprinted)] == []


def test_an_appointment_is_checked_in_by_card_and_late_is_said_politely() -> None:
    """The card's hash; after the agreed time tm.appt.late."""
    bench = ready()
    bench.press("appointment")
    bench.card(ADULT_M)
    request = asked(bench, CheckInRequested)
    assert (request.proof, request.holder) == (None, hash_of(ADULT_M))
    issue(bench, request.request_id, "B004", appointment_at=HallTime(NINE - 300_000))
    assert shown(bench)[1] == "您的预约时间为08:55,正在为您安排,请您稍候"


def test_a_card_that_no_appointment_knows_leaves_the_booking_code() -> None:
    """A moved appointment is known by another card hash, or by none: the person hears so, and types the code at once."""
    bench = ready()
    bench.press("appointment")
    bench.card(ADULT_M)
    unknown = RequestRefused(request_id=asked(bench, CheckInRequested).request_id, reason=Refusal.UNKNOWN_APPOINTMENT)
    bench.hear(unknown)
    assert shown(bench) == ("未查询到您今日的预约,您可以直接取号", "请刷身份证,或输入预约手机号后四位和预约码")
    bench.type("1234567890", "ok")
    assert asked(bench, CheckInRequested).proof == check_in_proof(KEY, "1234", "567890")


def test_a_ticket_that_is_held_already_now_claims_the_agreed_time() -> None:
    """No second ticket: its number, and what was agreed."""
    bench = ready()
    bench.card(ADULT_M)
    bench.press("appointment")
    request = asked(bench, CheckInRequested)
    bench.hear(RequestDone(request_id=request.request_id, values={"no": "B004", "time": "10:00"}))
    assert shown(bench) == ("您已取得号码B004,正在排队,无需重复取号", "签到成功,请您在等候区休息,我们将按约定时间为您服务")


@pytest.mark.parametrize(
    ("reason", "values", "sentence"),
    [
        (Refusal.CHECKIN_NOT_OPEN, {"time": "09:30"}, "您可于09:30起签到"),
        (Refusal.UNKNOWN_APPOINTMENT, {}, "未查询到您今日的预约,您可以直接取号"),
        (Refusal.APPOINTMENT_FORFEITED, {}, "您的预约已超时,经联系未能到场,已按放弃处理,请您重新取号"),
        (Refusal.APPOINTMENT_STATE, {}, "该预约当前不能进行此操作"),
    ],
)
def test_a_check_in_that_is_refused_is_told_why(reason: Refusal, values: dict[str, str], sentence: str) -> None:
    """APPT-4.3, APPT-7.2: the sentences of the list."""
    bench = ready()
    bench.type("appointment", "1234567890", "ok")
    bench.hear(RequestRefused(request_id=asked(bench, CheckInRequested).request_id, reason=reason, values=values))
    assert shown(bench) == (sentence,)


def test_the_ticket_of_a_check_in_is_printed_even_late() -> None:
    """The answer comes after the sentence: an appointment is kept only once, so its ticket is not burnt."""
    bench = ready()
    bench.type("appointment", "1234567890", "ok")
    request = asked(bench, CheckInRequested)
    bench.wait(3_600)
    assert shown(bench) == (OFFLINE,)
    issue(bench, request.request_id, "B004", appointment_at=TEN)
    bench.paper_out()
    assert len(bench.jobs) == 1
    assert [one for one in bench.done if isinstance(one, TicketUnprinted)] == []


# --- Projects, help ------------------------------------------------------------------------------------------------------


def test_a_project_is_named_by_its_digits_and_a_refusal_sends_to_the_officer() -> None:
    """GREEN-2: tm.green.code, the digits, 确认, a group key; tm.green.bad when the service does not know it."""
    bench = ready()
    bench.press("project")
    assert shown(bench) == ("重点项目请输入项目代码或扫描项目二维码",)
    bench.type("2026007", "ok")
    assert shown(bench) == (CHOOSE,)
    bench.press("A")
    request = asked(bench, TicketRequested)
    assert (request.project, request.care, request.holder) == ("2026007", False, None)
    bench.hear(RequestRefused(request_id=request.request_id, reason=Refusal.UNKNOWN_PROJECT))
    assert shown(bench) == ("未查询到有效的项目代码,请联系项目服务专员",)


@pytest.mark.parametrize(
    ("digits", "form", "code"),
    [
        ("2026007", "YA####-###", "YA2026-007"),
        ("2026007", "", "2026007"),
        ("202600", "YA####-###", "202600"),
        ("20260071", "YA####-###", "20260071"),
    ],
)
def test_digits_make_a_code_in_the_form_of_the_hall(digits: str, form: str, code: str) -> None:
    """GREEN-2: what does not fit the form is sent as it was typed, and refused by the service."""
    assert project_code(digits, form) == code


def test_a_project_and_a_card_go_together() -> None:
    """In either order."""
    for order in (("card", "project"), ("project", "card")):
        bench = ready()
        for act in order:
            bench.card(ADULT_M) if act == "card" else bench.press("project")
        bench.type("11", "ok")
        bench.press("B")
        request = asked(bench, TicketRequested)
        assert (request.project, request.holder) == ("11", hash_of(ADULT_M))


def test_help_is_called_and_said() -> None:
    """tm.help.ok once the service has it; whoever is served with care is asked about wheelchair and glasses (CARE-6)."""
    bench = ready()
    bench.press("help")
    request = asked(bench, HelpRequested)
    assert request.kind is HelpKind.GUIDE
    bench.hear(RequestDone(request_id=request.request_id))
    assert shown(bench) == ("已为您呼叫引导员,请您稍候",)
    bench.card(SENIOR)
    bench.type("ok", "help")
    assert asked(bench, HelpRequested).kind is HelpKind.ITEMS


# --- Nobody is left standing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["appointment", "reactivate", "project", "help"])
def test_without_the_service_the_other_functions_say_so(key: str) -> None:
    """A sentence, no conversation that leads nowhere, and tickets go on."""
    bench = ready()
    bench.link_down()
    bench.press(key)
    assert shown(bench) == (OFFLINE,)
    assert bench.state.talk == SILENT
    bench.press("A")
    assert bench.numbers == ["A2-01"]


@pytest.mark.parametrize("keys", [("appointment", "1234567890", "ok"), ("reactivate", "A", "7", "ok", "ok"), ("help",)])
def test_a_question_without_an_answer_is_given_up(keys: tuple[str, ...]) -> None:
    """After 3.5 s the sentence; nothing stays behind."""
    bench = ready()
    bench.type(*keys)
    assert shown(bench) == ("正在为您办理,请您稍候",)
    bench.wait(3_500)
    assert shown(bench) == (OFFLINE,)
    assert bench.state.asked == ()


def test_a_conversation_ends_by_itself_and_counts_the_last_seconds() -> None:
    """tm.countdown from five to one, then the standing text; the card is forgotten."""
    bench = ready()
    bench.card(SENIOR)
    alive(bench, TALK_STAYS - 5_000)
    seen = []
    for _ in range(5):
        seen.append(shown(bench)[-1])
        alive(bench, 1_000)
    assert seen == [f"{left}秒后返回首页" for left in (5, 4, 3, 2, 1)]
    alive(bench, 100)
    assert shown(bench) == ("永安县政务服务中心", CHOOSE)
    bench.press("A")
    assert asked(bench, TicketRequested).holder is None


def test_somebody_elses_ticket_goes_on_during_a_conversation() -> None:
    """A number asked for before is printed while the next person types; the text line stays with the one who types."""
    bench = ready()
    bench.press("A")
    first = asked(bench, TicketRequested)
    bench.type("appointment", "12")
    issue(bench, first.request_id)
    assert len(bench.jobs) == 1
    assert shown(bench)[0] == "请刷身份证,或输入预约手机号后四位和预约码"


def test_a_group_key_leaves_a_conversation_with_a_ticket() -> None:
    """Whoever presses a service in the middle of a check-in wants a ticket."""
    for keys in (("appointment", "12"), ("project", "5"), ("reactivate", "A", "7", "ok")):
        bench = ready()
        bench.type(*keys, "B")
        assert asked(bench, TicketRequested).group == "B"
        assert bench.state.talk == SILENT


@pytest.mark.parametrize("key", ["5", "ok"])
def test_a_key_that_means_nothing_here_says_what_can_be_done(key: str) -> None:
    """No press without a word."""
    bench = ready()
    bench.press(key)
    assert shown(bench) == ("请选择取号方式", CHOOSE)


def test_in_an_emergency_no_press_is_taken() -> None:
    """HALL-8.2: tm.emergency whatever is pressed or laid down; afterwards everything is as before."""
    bench = ready()
    bench.card(SENIOR)
    board = HallBoard(epoch=1, fact=5, phase=HallPhase.OPEN, emergency=True)
    bench.hear(board)
    for act in ("A", "care", "ok", "help", "appointment", "card"):
        bench.card(ADULT_M) if act == "card" else bench.press(act)
        assert shown(bench) == ("请您听从工作人员指挥,有序离开",)
    assert bench.said == []
    assert bench.jobs == []
    bench.hear(HallBoard(epoch=1, fact=6, phase=HallPhase.OPEN))
    alive(bench, 10_000)
    bench.press("A")
    assert len(bench.requests) == 1


def test_without_paper_cards_and_keys_are_refused_with_the_other_machine() -> None:
    """EQP-6.1: this machine cannot help; where to go instead."""
    bench = ready()
    bench.paper_fault()
    for act in ("card", "help", "appointment", "7"):
        bench.card(ADULT_M) if act == "card" else bench.press(act)
        assert shown(bench)[0].startswith("本机暂停使用")
    assert [one for one in bench.said if isinstance(one, CheckInRequested | HelpRequested)] == []


def test_trouble_with_the_reader_is_reported_and_said_again() -> None:
    """The service hears of a reader that fails and of its repair, once each."""
    bench = ready()
    for what in (ReaderWell(), ReaderTrouble("silent"), ReaderTrouble("silent"), ReaderWell()):
        bench.happen(Reported("id_reader", what))
    told = [(one.part, one.code) for one in bench.health]
    assert told == [("id_reader", "silent"), ("id_reader", "ok")]
