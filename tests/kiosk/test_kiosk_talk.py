"""A conversation with a ticket machine: cards, care by age, missed numbers, appointments, projects, help, emergencies."""

from typing import TypeVar

import pytest
from msgspec.structs import replace

from contracts.identities import check_in_proof, holder_hash
from contracts.messages import (
    CheckInRequested,
    HallBoard,
    HelpRequested,
    Message,
    ReactivateRequested,
    RequestDone,
    RequestRefused,
    TicketIssued,
    TicketRequested,
    TicketUnprinted,
)
from contracts.values import (
    BootId,
    GroupId,
    HallPhase,
    HallTime,
    HelpKind,
    HolderHash,
    Refusal,
    RequestId,
    TicketId,
    TicketNo,
)
from firmware.drivers.document import Text
from firmware.drivers.id_reader import CardFailed, ReaderTrouble, ReaderWell
from firmware.drivers.lamps import Light, Pattern
from firmware.runtime.steps import Reported
from kiosk.talk import SILENT, TALK_STAYS, project_code
from sim.devices.id_cards import (
    ADULT_M,
    ALMOST_SENIOR,
    ELDER,
    EXPIRED,
    FOREIGNER,
    FOREIGNER_2023,
    MINOR,
    PERMIT,
    SENIOR,
    SEVENTEEN,
    Card,
)
from sim.kiosk_bench import DAY, NINE, SETTINGS, KioskBench

KEY = "5c" * 32
KEYED = replace(SETTINGS, identity_day="2026-03-10", identity_key=KEY)
ASK_CARE = "请问您需要优先服务吗?"
CARE_OPEN = "已为您开通爱心通道,我们将优先为您服务"
PRIVACY = "证件信息仅用于取号和服务评价,我们将严格保密"
CHOOSE = "请选择您要办理的业务"
OFFLINE = "网络暂时中断,此项暂时不能办理,请您联系引导员"
Kind = TypeVar("Kind", bound=Message)


def ready() -> KioskBench:
    """A machine with printer, service, settings with the key of the day, and the time of day: 09:00."""
    bench = KioskBench(settings=KEYED)
    bench.heartbeats()
    bench.said.clear()
    return bench


def shown(bench: KioskBench) -> tuple[str, ...]:
    """What stands on the text line."""
    return bench.shown


def asked(bench: KioskBench, kind: type[Kind]) -> Kind:
    """The last request of this kind."""
    return [one for one in bench.said if isinstance(one, kind)][-1]


def hash_of(card: Card) -> HolderHash:
    """What stands for this card today."""
    return holder_hash(KEY, card.number)


def issue(bench: KioskBench, request_id: RequestId, no: str = "A007", **more: HallTime) -> None:
    """The service gives this number."""
    ticket = TicketIssued(
        request_id=request_id,
        ticket=TicketId(f"2026-03-10/{no}"),
        no=TicketNo(no),
        group=GroupId(no[0]),
        service=None,
        issued_at=HallTime(NINE + bench.now),
        waiting=5,
        token="abcdefghijklmnopqrstuv",
        for_boot=BootId(f"{bench.lives:016x}"),
        **more,
    )
    bench.hear(ticket)


def alive(bench: KioskBench, ms: int) -> None:
    """Time passes with heartbeats."""
    end = bench.now + ms
    while bench.now < end:
        bench.wait(min(4_000, end - bench.now))
        bench.heartbeats()


# --- Cards and care by age (CARE-2.2a, D6) -------------------------------------------------------------------------------


@pytest.mark.parametrize(("card", "offered"), [(SENIOR, True), (ALMOST_SENIOR, False), (ELDER, True), (MINOR, True), (SEVENTEEN, False), (ADULT_M, False)])  # fmt: skip  # noqa: E501
def test_care_is_offered_by_the_age_on_the_day_and_a_group_key_takes_the_ticket(card: Card, offered: bool) -> None:
    """60 from the birthday itself, 16 until the 17th (D6): the offer, the hash, the age; never the number."""
    bench = ready()
    bench.card(card)
    assert shown(bench)[0] == (ASK_CARE if offered else CHOOSE)
    assert PRIVACY in shown(bench)
    assert (Light("care", Pattern.BLINK) in bench.lights) is offered
    bench.press("A")
    request = asked(bench, TicketRequested)
    assert (request.group, request.holder, request.by_age, request.care) == ("A", hash_of(card), offered, offered)
    assert bench.state.talk == SILENT
    assert bench.lights[-1] == Light("care", Pattern.OFF) or not offered


def test_the_birthday_counts_by_the_day_of_the_hall() -> None:
    """A day later she is sixty too; the offer depends on nothing but the hall's date."""
    bench = KioskBench(settings=replace(KEYED, identity_day="2026-03-11"), hall_at_zero=HallTime(NINE + DAY))
    bench.heartbeats()
    bench.card(ALMOST_SENIOR)
    assert shown(bench)[0] == ASK_CARE


@pytest.mark.parametrize("key", ["care", "ok"])
def test_care_is_accepted_with_the_care_key_or_ok(key: str) -> None:
    """tm.care.age; the lamp stays lit; the ticket is asked for with care."""
    bench = ready()
    bench.card(SENIOR)
    bench.press(key)
    assert shown(bench) == (CARE_OPEN, CHOOSE)
    assert bench.lights[-1] == Light("care", Pattern.ON)
    bench.press("B")
    request = asked(bench, TicketRequested)
    assert (request.by_age, request.care) == (True, True)


def test_care_is_declined_with_back() -> None:
    """CARE-2.2a: the person may decline; that care was offered is told all the same."""
    bench = ready()
    bench.card(SENIOR)
    bench.press("back")
    assert shown(bench) == (CHOOSE, PRIVACY)
    bench.press("A")
    request = asked(bench, TicketRequested)
    assert (request.by_age, request.care, request.holder) == (True, False, hash_of(SENIOR))


def test_somebody_of_any_age_may_ask_for_care_after_the_card() -> None:
    """The 爱心 key counts as ever, and pressed again takes it back."""
    bench = ready()
    bench.card(ADULT_M)
    bench.press("care")
    assert shown(bench)[0] == "爱心通道 优先服务"
    bench.press("care")
    bench.press("care")
    bench.press("A")
    request = asked(bench, TicketRequested)
    assert (request.care, request.by_age) == (True, False)


@pytest.mark.parametrize("card", [FOREIGNER, FOREIGNER_2023, PERMIT])
def test_foreigners_and_residents_of_hong_kong_macao_and_taiwan_are_served_alike(card: Card) -> None:
    """Their cards work like any other."""
    bench = ready()
    bench.card(card)
    bench.press("A")
    assert asked(bench, TicketRequested).holder == hash_of(card)


def test_cards_that_are_not_in_order_are_refused_with_a_sentence() -> None:
    """Unreadable and wrong check digit: tm.auth.idcard.fail. Expired: tm.auth.idcard.expired. No ticket, no conversation."""
    bench = ready()
    for card, sentence in (
        (Card("139999196603100112", name="甲"), "未能读取证件,请您重新放置,或请引导员协助"),
        (EXPIRED, "证件已过有效期,请您咨询引导员"),
    ):
        bench.card(card)
        assert shown(bench) == (sentence,)
        assert bench.state.talk == SILENT
        alive(bench, 7_000)
        assert shown(bench)[-1] == CHOOSE
    bench.happen(Reported("id_reader", CardFailed("unreadable")))
    assert shown(bench) == ("未能读取证件,请您重新放置,或请引导员协助",)
    assert bench.requests == []


def test_a_card_that_fails_during_a_check_in_leaves_it_waiting_for_another_attempt() -> None:
    """The sentence, then the prompt again."""
    bench = ready()
    bench.press("appointment")
    prompt = shown(bench)
    bench.happen(Reported("id_reader", CardFailed("lifted")))
    assert shown(bench) != prompt
    alive(bench, 7_000)
    assert shown(bench) == prompt


def test_without_the_key_of_the_day_a_card_still_opens_care_but_stands_for_nobody() -> None:
    """No key, or one of another day: no hash; age needs only the date."""
    for settings in (SETTINGS, replace(KEYED, identity_day="2026-03-09")):
        bench = KioskBench(settings=settings)
        bench.heartbeats()
        bench.card(SENIOR)
        bench.press("A")
        request = asked(bench, TicketRequested)
        assert (request.holder, request.by_age, request.care) == (None, True, True)


def test_on_a_day_that_is_not_certain_a_card_tells_nothing() -> None:
    """No clock: no age, no hash, a ticket as without a card."""
    bench = KioskBench(settings=KEYED)
    bench.card(SENIOR)
    assert shown(bench)[0] == CHOOSE
    bench.press("A")
    assert bench.taken[0].holder is None


def test_the_key_is_forgotten_when_its_day_is_over() -> None:
    """At midnight, also without the service: no hash can be made any more."""
    bench = ready()
    bench.link_down()
    bench.wait(14 * 3_600_000)
    assert bench.state.settings is not None
    assert bench.state.settings.identity_key == KEY
    bench.wait(3_600_000 + 1)
    assert bench.state.settings is not None
    assert bench.state.settings.identity_key == ""
    assert KEY not in repr(bench.state)


# --- One person, one number (EXT-3.2) ------------------------------------------------------------------------------------


def test_a_duplicate_is_told_with_the_number_that_is_held() -> None:
    """tm.dup, and the key flashes."""
    bench = ready()
    bench.card(ADULT_M)
    bench.press("A")
    request = asked(bench, TicketRequested)
    bench.hear(RequestRefused(request_id=request.request_id, reason=Refusal.DUPLICATE_TICKET, values={"no": "A003"}))
    assert shown(bench) == ("您已取得号码A003,正在排队,无需重复取号",)
    assert bench.lights[-1] == Light("A", Pattern.FLASH)


def test_two_people_with_cards_are_two_wishes_and_an_impatient_finger_is_one() -> None:
    """While the first is asked for, a second card at the same key is somebody else; no press is swallowed."""
    bench = ready()
    bench.card(ADULT_M)
    bench.press("A")
    bench.card(ALMOST_SENIOR)
    bench.press("A")
    bench.card(ALMOST_SENIOR)
    bench.press("A")
    issue(bench, asked(bench, TicketRequested).request_id, "A001")
    bench.paper_out()
    issue(bench, asked(bench, TicketRequested).request_id, "A002")
    bench.paper_out()
    assert [one.holder for one in bench.requests] == [hash_of(ADULT_M), hash_of(ALMOST_SENIOR)]


def test_without_the_service_a_card_gives_an_own_number_and_the_hash_travels() -> None:
    """Care by age, an own number, its own duplicates refused; other groups and other people get theirs."""
    bench = ready()
    bench.link_down()
    bench.card(SENIOR)
    bench.press("A")
    bench.paper_out()
    taken = bench.taken[0]
    assert (taken.no, taken.care, taken.by_age, taken.holder) == ("A2-01", True, True, hash_of(SENIOR))
    bench.card(SENIOR)
    bench.press("A")
    assert shown(bench) == ("您已取得号码A2-01,正在排队,无需重复取号",)
    bench.card(SENIOR)
    bench.press("B")
    bench.paper_out()
    bench.card(ADULT_M)
    bench.press("A")
    bench.paper_out()
    assert bench.numbers == ["A2-01", "B2-01", "A2-02"]


def test_own_duplicates_are_known_after_a_reboot_and_forgotten_when_the_service_is_heard() -> None:
    """From the journal's rows; then the service decides alone, for it knows who has been served since."""
    bench = ready()
    bench.link_down()
    bench.card(SENIOR)
    taken = bench.take()
    bench.start()
    bench.happen(Reported("printer", None))
    assert bench.state.held[0].no == taken.no
    bench.heartbeats()
    assert bench.state.held == ()


def test_a_full_journal_gives_nothing_and_holds_nothing_against_the_person() -> None:
    """What was never given is no duplicate."""
    bench = ready()
    bench.link_down()
    bench.journal.is_full = True
    bench.card(SENIOR)
    bench.press("A")
    assert bench.jobs == []
    bench.journal.is_full = False
    bench.wait(7_000)
    bench.card(SENIOR)
    bench.press("A")
    assert bench.taken[-1].holder == hash_of(SENIOR)


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
