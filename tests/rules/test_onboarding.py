"""Who may work: only whoever has passed the pre-job training, and has the formalities behind them (TRN-6, ROT-5)."""

from datetime import date

from broker.rules import facts as f
from broker.rules.hours import MINUTE
from contracts import messages as m
from contracts.values import HallTime, Refusal, StaffNo, TrainingNo
from sim.rules_day import hall_text, refusal
from sim.training_day import TrainingDay

DEMO = hall_text("demo-hall")
NEW = "skills = [], onboarded = false"
MONDAY = date(2026, 3, 16)


def newcomer(text: str = DEMO) -> TrainingDay:
    """The demo hall on 2026-03-16; S118 has skills, and nothing passed yet."""
    assert NEW in text
    return TrainingDay(text.replace(NEW, 'skills = ["SV01"], onboarded = false'), "08:30", MONDAY)


def pre_job(day: TrainingDay) -> TrainingNo:
    """S118 sits through the pre-job training from 9 to 10."""
    no = day.plan("S118", begins="09:00", ends="10:00", pre_job=True)
    day.at("10:00")
    return no


def test_passing_the_pre_job_training_opens_the_counters() -> None:
    """TRN-6, ROT-5, the example: S118 passes on 03-16, and may log in from then, the next day too."""
    day = newcomer()
    assert refusal(day.try_login("W02", "S118")) is Refusal.NOT_ONBOARDED
    no = pre_job(day)
    assert refusal(day.try_login("W02", "S118")) is Refusal.NOT_ONBOARDED
    day.assess("S118", training=no, passed=False)
    assert refusal(day.try_login("W02", "S118")) is Refusal.NOT_ONBOARDED
    day.assess("S118", training=no)
    day.login("W02", "S118")
    assert [one.fact for one in day.facts if isinstance(one.fact, f.StaffOnboarded)] == [
        f.StaffOnboarded(staff=StaffNo("S118"), training=no)
    ]
    day.advance(HallTime(day.hall.today.over + 9 * 60 * MINUTE))
    day.login("W02", "S118")


def test_another_training_opens_nothing() -> None:
    """Only the pre-job training counts (TRN-6)."""
    day = newcomer()
    no = day.plan("S118", begins="09:00", ends="10:00")
    day.at("10:00")
    day.assess("S118", training=no)
    assert refusal(day.try_login("W02", "S118")) is Refusal.NOT_ONBOARDED


def test_a_corrected_pass_closes_them_again() -> None:
    """A slip of the pen must not let anybody work."""
    day = newcomer()
    no = pre_job(day)
    day.assess("S118", training=no)
    day.assess("S118", training=no, passed=False)
    assert refusal(day.try_login("W02", "S118")) is Refusal.NOT_ONBOARDED
    assert day.folded() == day.hall
    day.assess("S118", training=no)
    day.login("W02", "S118")


def test_a_second_pass_stands_when_the_first_is_corrected() -> None:
    """Who has passed once may work, whichever session it was."""
    day = newcomer()
    no = pre_job(day)
    again = day.plan("S118", begins="10:00", ends="10:30", pre_job=True)
    day.at("10:30")
    for each in (no, again):
        day.assess("S118", training=each)
    day.assess("S118", training=no, passed=False)
    day.login("W02", "S118")
    day.login("W02", "S118")
    day.assess("S118", training=again, passed=False)
    assert refusal(day.try_login("W02", "S118")) is Refusal.NOT_ONBOARDED


def test_whoever_has_no_card_yet_is_let_in_when_it_is_issued() -> None:
    """ROT-5: card, account and training, in any order; the card comes with the configuration."""
    line = next(one for one in DEMO.splitlines() if '"S118"' in one)
    without = line.replace('card = "04A1000118", ', "")
    day = newcomer(DEMO.replace(line, without))
    no = pre_job(day)
    day.assess("S118", training=no)
    day.let_time_pass()
    assert not day.hall.training.onboarded
    day.advance(day.hall.today.over)
    day.adopt(DEMO.replace(NEW, 'skills = ["SV01"], onboarded = false'))
    day.login("W02", "S118")


def test_a_file_that_knows_it_leaves_nothing_to_carry() -> None:
    """Once hall.toml says onboarded, the fact has done its work."""
    day = newcomer()
    day.assess("S118", training=pre_job(day))
    day.adopt(DEMO.replace(NEW, 'skills = ["SV01"]'))
    day.login("W02", "S118")
    day.advance(day.hall.today.over)
    assert (day.hall.training.onboarded, day.hall.training.passed) == (set(), {})


def test_passing_again_changes_nothing_for_who_works_already() -> None:
    """Whoever may work anyhow is not onboarded anew."""
    day = TrainingDay(DEMO)
    day.plan("S105", pre_job=True)
    day.at("17:30")
    day.assess("S105")
    day.let_time_pass()
    assert not [one for one in day.facts if isinstance(one.fact, f.StaffOnboarded)]


def test_whoever_was_let_in_may_be_named_for_a_post() -> None:
    """AB-2, TRN-6: the third person for a post; before the pass it is refused for want of it."""
    day = newcomer()
    day.at("08:40")
    day.away("S101", "08:45", "12:00")
    day.away("S102", "08:45", "12:00")
    day.at("08:50")
    named = {"actor": "S002", "counter": "W02", "staff": "S118"}
    assert refusal(day.ask("OPS-01", m.SubstituteRequested, **named)) is Refusal.NOT_ONBOARDED
    no = pre_job(day)
    day.assess("S118", training=no)
    day.do("OPS-01", m.SubstituteRequested, **named)
