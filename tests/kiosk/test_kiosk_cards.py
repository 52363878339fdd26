"""Cards at a ticket machine: care by age, cards that are not in order, the key of the day, one number for one person."""

import pytest
from msgspec.structs import replace

from contracts.messages import (
    RequestRefused,
    TicketRequested,
)
from contracts.values import (
    HallTime,
    Refusal,
)
from firmware.drivers.id_reader import CardFailed
from firmware.drivers.lamps import Light, Pattern
from firmware.runtime.steps import Reported
from kiosk.talk import SILENT
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
from sim.kiosk_talk_bench import ASK_CARE, CARE_OPEN, CHOOSE, KEY, KEYED, PRIVACY, alive, asked, hash_of, issue, ready, shown

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
