"""Lost cards and PINs (COND-4, D15): refused everywhere, carried over nights, given to clocks as hashes only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.rules import facts as f
from broker.rules.views import settings, settings_change_with
from contracts import messages as m
from contracts.cards import card_hash
from contracts.pins import is_pin, is_weak, stretched, verifier
from contracts.values import CounterId, NodeName, Refusal, StaffNo
from sim.rules_day import RulesDay, hall_text, refusal

KEY = b"k" * 32
CARD = "04A1000101"
PIN = {"salt": "00112233aabbccdd", "stretched": "5e" * 32}


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at eight."""
    return RulesDay(hall_text("demo-hall"))


def report(day: RulesDay, staff: str = "S101", actor: str = "S003", **fields: bool) -> Refusal | None:
    """A card is reported lost, or (``found=True``) found; the refusal, if any."""
    return refusal(day.ask("OPS-01", m.CardLostRequested, staff=staff, actor=actor, **fields))


def set_pin(day: RulesDay, staff: str = "S101", actor: str = "S003", **fields: object) -> Refusal | None:
    """A PIN is typed; the refusal, if any."""
    return refusal(day.ask("OPS-01", m.PinRequested, **{"staff": staff, "actor": actor, **PIN, **fields}))


def told(day: RulesDay, clock: str = "CLK-01") -> m.ClockSettings:
    """What a clock is told."""
    found = settings(day.hall, KEY)[NodeName(clock)]
    assert isinstance(found, m.ClockSettings)
    return found


def test_a_lost_card_is_refused_at_the_counter_and_known_to_every_clock(day: RulesDay) -> None:
    """COND-4: card 04A1000101 is reported lost: no login, off the roster, on the list of every clock."""
    before = settings_change_with(day.hall)
    assert report(day) is None
    assert settings_change_with(day.hall) != before, "or no clock would be told"
    assert refusal(day.try_login("W02", "S101")) is Refusal.CARD_LOST
    for clock in ("CLK-01", "CLK-02"):
        assert told(day, clock).lost == (card_hash(KEY, CARD),)
        assert "S101" not in {one.staff for one in told(day, clock).roster}
    day.login("W02", "S102")


def test_found_again_it_counts_as_before(day: RulesDay) -> None:
    """And whoever lost it is not who says so."""
    report(day)
    assert report(day, found=True, actor="S101") is Refusal.NOT_PERMITTED
    assert report(day, found=True) is None
    day.login("W02", "S101")
    assert told(day).lost == ()
    report(day, "S003", "S003")
    assert report(day, "S003", "S003", found=True) is Refusal.OWN_CASE


def test_a_new_card_counts_and_the_old_number_stays_lost(day: RulesDay) -> None:
    """The configuration names a new card: the person logs in with it; whoever finds the old one gets nowhere."""
    report(day)
    day.adopt(hall_text("demo-hall").replace(CARD, "04A1000999"))
    assert refusal(day.ask("TRM-W02", m.LoginRequested, card=CARD)) is Refusal.CARD_LOST
    day.login("W02", "S101")
    assert {one.card for one in told(day).roster if one.staff == "S101"} == {card_hash(KEY, "04A1000999")}
    assert told(day).lost == (card_hash(KEY, CARD),)


def test_who_sits_at_a_counter_when_the_card_is_lost_goes_on_serving(day: RulesDay) -> None:
    """Nobody is thrown out in the middle of a visit; the card alone is stopped."""
    day.login("W02", "S101")
    report(day)
    assert day.hall.desks[day.hall.sits_at[StaffNo("S101")]].staff == "S101"


@pytest.mark.parametrize(
    ("actor", "no"),
    [
        ("S101", None),
        ("S003", None),
        ("S002", None),
        ("S007", None),
        ("S102", Refusal.NOT_PERMITTED),
        ("S999", Refusal.UNKNOWN_STAFF),
    ],
)
def test_who_may_report_a_card(day: RulesDay, actor: str, no: Refusal | None) -> None:
    """The person, and whoever is in charge; no colleague can lock another out."""
    assert report(day, actor=actor) is no


def test_strange_reports_are_refused(day: RulesDay) -> None:
    """Nobody of the hall; somebody without a card."""
    assert report(day, "S999") is Refusal.UNKNOWN_STAFF
    day.adopt(hall_text("demo-hall").replace(f', card = "{CARD}"', ""))
    assert report(day) is Refusal.BAD_VALUE


def test_saying_it_twice_is_saying_it_once(day: RulesDay) -> None:
    """Whoever gets no answer may ask again: no second fact."""
    report(day)
    assert not day.ask("OPS-01", m.CardLostRequested, staff="S101", actor="S003").facts
    report(day, found=True)
    assert not day.ask("OPS-01", m.CardLostRequested, staff="S101", actor="S003", found=True).facts
    set_pin(day)
    assert not day.ask("OPS-01", m.PinRequested, staff="S101", actor="S003", **PIN).facts
    set_pin(day, remove=True)
    assert not day.ask("OPS-01", m.PinRequested, staff="S101", actor="S003", remove=True).facts


def test_lost_cards_and_pins_outlive_the_night(day: RulesDay) -> None:
    """DayBegan carries them: the new day alone folds to the same hall; of people who left nothing is carried."""
    for staff in ("S101", "S105"):
        report(day, staff)
        set_pin(day, staff)
    day.advance(day.hall.today.over)
    begins = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan))
    assert day.folded([day.facts[0], *day.facts[begins:]]) == day.hall
    assert {one.staff for one in day.hall.work_cards.lost.values()} == set(day.hall.work_cards.pins) == {"S101", "S105"}
    assert refusal(day.try_login("W02", "S101")) is Refusal.CARD_LOST


def test_a_pin_is_for_the_clocks_alone_and_gone_when_it_is_removed(day: RulesDay) -> None:
    """D15: number, name, salt and keyed hash; a second PIN replaces the first."""
    assert set_pin(day) is None
    assert [(one.staff, one.name, one.salt) for one in told(day).pins] == [("S101", "张敏", PIN["salt"])]
    assert set_pin(day, salt="ff" * 8) is None
    assert [one.salt for one in told(day).pins] == ["ff" * 8]
    assert set_pin(day, remove=True) is None
    assert told(day).pins == ()


@pytest.mark.parametrize(
    ("fields", "no"),
    [
        ({"actor": "S101"}, Refusal.NOT_PERMITTED),
        ({"actor": "S999"}, Refusal.UNKNOWN_STAFF),
        ({"staff": "S999"}, Refusal.UNKNOWN_STAFF),
        ({"salt": "00"}, Refusal.BAD_VALUE),
        ({"stretched": "482915"}, Refusal.BAD_VALUE),
        ({"stretched": ""}, Refusal.BAD_VALUE),
    ],
)
def test_what_is_no_pin_is_refused(day: RulesDay, fields: dict[str, str], no: Refusal) -> None:
    """Set at the desk of whoever gives out cards; a PIN that came in clear never gets past the shell, nor into a fact."""
    assert set_pin(day, **fields) is no
    assert not day.hall.work_cards.pins
    assert "482915" not in repr(day.facts)


def test_a_pin_is_known_by_key_salt_and_digits() -> None:
    """Another key, another salt or another digit is another PIN."""
    kept = verifier(KEY, stretched("00" * 8, "482915"))
    assert is_pin(KEY, "00" * 8, kept, "482915")
    assert not is_pin(KEY, "00" * 8, kept, "482916")
    assert not is_pin(KEY, "01" * 8, kept, "482915")
    assert not is_pin(b"j" * 32, "00" * 8, kept, "482915")
    with pytest.raises(ValueError, match="empty"):
        verifier(b"", "00")


@given(st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_weak_pins_are_runs_and_repeats(pin: str) -> None:
    """111111, 123456, 654321: what everybody tries first."""
    runs = {"0123456789"[n : n + 6] for n in range(5)}
    assert is_weak(pin) == (len(set(pin)) == 1 or pin in runs or pin[::-1] in runs)


# --- Without a card at the counter ---------------------------------------------------------------------------------------


def vouch(day: RulesDay, actor: str = "S003", **fields: object) -> Refusal | None:
    """Somebody in charge lets S101 log in at W02; the refusal, if any."""
    return refusal(day.ask("OPS-01", m.LoginVouchRequested, **{"staff": "S101", "counter": "W02", "actor": actor, **fields}))


def test_who_has_lost_the_card_is_let_in_by_somebody_in_charge(day: RulesDay) -> None:
    """COND-4: until the new card; who vouched stays known, and saying it twice neither logs out nor writes twice."""
    report(day)
    assert vouch(day) is None
    assert day.hall.desks[CounterId("W02")].staff == "S101"
    words = [one.fact for one in day.facts if isinstance(one.fact, f.LoginVouched)]
    assert words == [f.LoginVouched(staff=StaffNo("S101"), counter=CounterId("W02"), actor=StaffNo("S003"), leaves=False)]
    assert not day.ask("OPS-01", m.LoginVouchRequested, staff="S101", counter="W02", actor="S003").facts
    assert vouch(day, leaves=True) is None
    assert day.hall.desks[CounterId("W02")].staff is None
    assert vouch(day, leaves=True) is Refusal.NOT_LOGGED_IN


@pytest.mark.parametrize(
    ("fields", "no"),
    [
        ({"actor": "S102"}, Refusal.NOT_PERMITTED),
        ({"staff": "S003"}, Refusal.OWN_CASE),
        ({"staff": "S999"}, Refusal.UNKNOWN_STAFF),
        ({"counter": "W99"}, Refusal.UNKNOWN_COUNTER),
        ({"staff": "S004"}, Refusal.NOT_QUALIFIED),
    ],
)
def test_a_word_opens_no_more_than_a_card(day: RulesDay, fields: dict[str, str], no: Refusal) -> None:
    """Not for oneself, not by a colleague, and only where the card would have been let in."""
    assert vouch(day, **fields) is no
    assert not day.hall.sits_at
