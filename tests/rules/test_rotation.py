"""Rotation (ROT-3 to ROT-7): the year and the window, the decision, the hand-over, the ledger."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.config import ConfigError, load
from broker.ledgers.rotation import entries, table
from broker.rules import facts as f
from broker.rules.asking import Decision
from broker.rules.rotation.year import conditions, eligible_from, own_department
from contracts import messages as m
from contracts.values import HelpKind, Refusal, RotationNo, StaffNo, TaskKind
from sim.rules_day import RulesDay, hall_text, refusal

DEMO = hall_text("demo-hall")
CONFIG = load(DEMO, "demo-hall")
FIRST = RotationNo("LH-20260310-001")
DEMO_DAY = date(2026, 3, 10)
WHY = "配偶异地,确需返回原籍"
"""Eleven characters."""


@pytest.fixture
def day() -> RulesDay:
    """The demo hall at eight."""
    return RulesDay(DEMO)


def try_ask(day: RulesDay, outgoing: str, actor: str = "S001", **fields: Any) -> Decision:
    """Somebody is to come for this person."""
    asked = {"name": "某某", "reason": "年度轮换", **fields}
    return day.ask("OPS-01", m.RotationRequested, actor=actor, outgoing=outgoing, **asked)


def ask(day: RulesDay, outgoing: str, actor: str = "S001") -> dict[str, str]:
    """Likewise; it must be accepted. What the asking person is told."""
    decision = try_ask(day, outgoing, actor)
    assert refusal(decision) is None, decision
    answer = decision.answers[0][1]
    assert isinstance(answer, m.RequestDone)
    return answer.values


def try_decide(day: RulesDay, actor: str = "S001", **fields: Any) -> Decision:
    """The office decides the first one."""
    return day.ask("OPS-01", m.RotationDecisionRequested, **{"actor": actor, "rotation": FIRST, "approve": True, **fields})


def try_close(day: RulesDay, actor: str = "S002", **fields: Any) -> Decision:
    """The first one is over; what the hall does not know is confirmed."""
    asked = {"actor": actor, "rotation": FIRST, "cases": True, "items": True, **fields}
    return day.ask("OPS-01", m.RotationCloseRequested, **asked)


def told(decision: Decision) -> dict[str, str]:
    """The values of a refusal."""
    answer = decision.answers[0][1]
    assert isinstance(answer, m.RequestRefused)
    return answer.values


# --- The year and the window --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "eligible"),
    [
        (date(2025, 3, 3), date(2026, 3, 3)),
        (date(2025, 7, 1), date(2026, 7, 1)),
        (date(2024, 2, 29), date(2025, 3, 1)),
        (date(2024, 2, 28), date(2025, 2, 28)),
        (date(2023, 3, 1), date(2024, 3, 1)),
    ],
)
def test_a_year_ends_on_the_same_date(since: date, eligible: date) -> None:
    """ROT-3: 29 February ends on 1 March."""
    assert eligible_from(since) == eligible


@given(since=st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_a_year_is_never_shorter_than_a_year(since: date) -> None:
    """365 or 366 days, and who came earlier is never eligible later."""
    assert timedelta(days=365) <= eligible_from(since) - since <= timedelta(days=366)
    assert eligible_from(since) <= eligible_from(since + timedelta(days=1))


@pytest.mark.parametrize(
    ("staff", "on", "served", "left"),
    [
        ("S113", date(2026, 3, 2), False, 1),
        ("S113", date(2026, 3, 3), True, 0),
        ("S113", DEMO_DAY, True, 0),
        ("S109", DEMO_DAY, False, 113),
        ("S118", DEMO_DAY, True, 0),
    ],
)
def test_examples_of_the_year(staff: str, on: date, served: bool, left: int) -> None:
    """ROT-3: S113 since 2025-03-03, S109 since 2025-07-01; S118 is of the operator's own department."""
    person = next(one for one in CONFIG.staff if one.id == staff)
    found = conditions(CONFIG, person, on)
    assert (found.one_year_served, found.days_left) == (served, left)


@pytest.mark.parametrize(("on", "within"), [("01-01", True), ("03-31", True), ("04-01", False), ("12-31", False)])
def test_the_window_of_the_year(on: str, within: bool) -> None:
    """ROT-4: 1 January to 31 March, both included, unless the hall says otherwise."""
    person = next(one for one in CONFIG.staff if one.id == "S113")
    assert conditions(CONFIG, person, date.fromisoformat(f"2027-{on}")).within_window is within


def test_the_operators_own_department_is_named_or_found() -> None:
    """By operator_dept, else by the name that the operator's ends with; an unknown one is refused."""
    assert own_department(CONFIG) == "DSJ"
    named = DEMO.replace("operator_zh =", 'operator_dept = "GA"\noperator_zh =', 1)
    assert own_department(load(named, "hall.toml")) == "GA"
    assert own_department(load(DEMO.replace('operator_zh = "', 'operator_zh = "X', 1), "hall.toml")) == "DSJ"
    nobody = load(DEMO.replace("operator_zh = ", 'operator_zh = "某公司" # ', 1), "hall.toml")
    assert own_department(nobody) is None
    with pytest.raises(ConfigError, match="operator_dept"):
        load(named.replace('operator_dept = "GA"', 'operator_dept = "XX"'), "hall.toml")


# --- Asking and deciding ------------------------------------------------------------------------------------------------


def test_a_regular_rotation_is_agreed_to(day: RulesDay) -> None:
    """ROT-4, the example: 2026-03-10 for S113, both conditions met, the duty leader agrees without a word."""
    assert ask(day, "S113", actor="S112") == {"no": FIRST, "days": "0", "unmet": ""}
    assert refusal(try_decide(day, actor="S002")) is None
    fact = day.facts[-1].fact
    assert isinstance(fact, f.RotationDecided)
    assert (fact.approved, fact.exception, fact.explanation) == (True, False, "")


def test_less_than_a_year_takes_the_manager_and_an_explanation(day: RulesDay) -> None:
    """ROT-6, the example: S109 is warned of with 113 days, the manager agrees with an explanation: an exception."""
    assert ask(day, "S109", actor="S108") == {"no": FIRST, "days": "113", "unmet": "year"}
    assert refusal(try_decide(day)) is Refusal.BAD_VALUE
    assert refusal(try_decide(day, explanation="九个字符的说明不够")) is Refusal.BAD_VALUE
    assert refusal(try_decide(day, actor="S002", explanation=WHY)) is Refusal.NOT_PERMITTED
    assert refusal(try_decide(day, explanation=WHY)) is None
    fact = day.facts[-1].fact
    assert isinstance(fact, f.RotationDecided)
    assert (fact.approved, fact.exception) == (True, True)
    assert WHY not in str(day.facts)
    assert "某某" not in str([one.fact for one in day.facts if isinstance(one.fact, f.RotationAsked)])


def test_both_conditions_count_by_themselves() -> None:
    """ROT-6: on 1 April S113 has served, and it is no time for it; S109 lacks both."""
    april = RulesDay(DEMO, day=date(2026, 4, 1))
    assert ask(april, "S113")["unmet"] == "window"
    assert ask(april, "S109")["unmet"] == "year window"
    decision = try_decide(april, actor="S002", rotation="LH-20260401-001", explanation=WHY)
    assert refusal(decision) is Refusal.NOT_PERMITTED


def test_not_to_agree_is_the_default(day: RulesDay) -> None:
    """ROT-6: without a word it is 不同意, by any leader; the last decision counts, and the department may ask anew."""
    ask(day, "S109")
    decision = day.ask("OPS-01", m.RotationDecisionRequested, actor="S002", rotation=FIRST)
    assert refusal(decision) is None
    assert day.hall.rotations.open[FIRST].approved is False
    assert not try_decide(day, actor="S002", approve=False).facts
    assert refusal(try_decide(day, explanation=WHY)) is None
    assert refusal(try_decide(day, approve=False)) is None
    assert ask(day, "S109")["no"] == "LH-20260310-002"


@pytest.mark.parametrize(
    ("outgoing", "fields", "reason"),
    [
        ("S999", {}, Refusal.UNKNOWN_STAFF),
        ("S113", {"actor": "S999"}, Refusal.UNKNOWN_STAFF),
        ("S113", {"actor": "S108"}, Refusal.NOT_PERMITTED),
        ("S113", {"actor": "S113"}, Refusal.NOT_PERMITTED),
        ("S113", {"name": "  "}, Refusal.BAD_VALUE),
        ("S113", {"reason": ""}, Refusal.BAD_VALUE),
    ],
)
def test_who_may_ask_and_with_what(day: RulesDay, outgoing: str, fields: dict[str, Any], reason: Refusal) -> None:
    """ROT-4: the department of the person, with a name and a reason."""
    decision = try_ask(day, outgoing, **fields)
    assert refusal(decision) is reason
    assert not decision.facts


def test_one_at_a_time_for_each_person(day: RulesDay) -> None:
    """A second request while one runs names it."""
    ask(day, "S113")
    decision = try_ask(day, "S113")
    assert refusal(decision) is Refusal.ROTATION_STATE
    assert FIRST in str(decision.answers)


def test_nobody_decides_about_himself(day: RulesDay) -> None:
    """CREP-4.0: the duty leader's own rotation."""
    ask(day, "S002")
    assert refusal(try_decide(day, actor="S002", approve=False)) is Refusal.OWN_CASE
    assert refusal(try_decide(day, actor="S101")) is Refusal.NOT_PERMITTED
    assert refusal(try_decide(day, rotation="LH-20260310-009")) is Refusal.UNKNOWN_ROTATION
    assert refusal(try_decide(day)) is None
    assert refusal(try_close(day, actor="S002")) is Refusal.OWN_CASE


def test_what_is_sealed_is_shown_to_those_who_ask_and_decide(day: RulesDay) -> None:
    """Here the answer holds references; that it was read is a fact."""
    ask(day, "S113", actor="S112")
    for actor, no in (("S112", None), ("S001", None), ("S113", Refusal.NOT_PERMITTED), ("S108", Refusal.NOT_PERMITTED)):
        decision = day.ask("OPS-01", m.RotationShowRequested, actor=actor, rotation=FIRST)
        assert refusal(decision) is no
        assert [type(one) for one in decision.facts] == ([] if no else [f.RotationSealRead])


def test_the_office_reads_it_when_the_person_is_gone(day: RulesDay) -> None:
    """The person is in hall.toml no more before it is closed; the leaders still read and close it."""
    approved(day, "S118")
    line = next(one for one in DEMO.splitlines() if 'id = "S118"' in one)
    day.adopt(DEMO.replace(line, ""))
    assert refusal(day.ask("OPS-01", m.RotationShowRequested, actor="S001", rotation=FIRST)) is None
    assert refusal(try_close(day)) is None


# --- Handing over -------------------------------------------------------------------------------------------------------


def approved(day: RulesDay, outgoing: str) -> None:
    """A rotation of this person that was agreed to."""
    ask(day, outgoing)
    assert refusal(try_decide(day, explanation=WHY)) is None


def test_two_open_matters_keep_the_card(day: RulesDay) -> None:
    """ROT-7, the example: two open matters, close is refused and lists them; when they end it is done."""
    approved(day, "S006")
    day.at("09:00")
    tasks = []
    for ticket in (day.enter("A"), day.enter("B")):
        day.do("OPS-01", m.HelpRequested, kind=HelpKind.ASSIST, ticket=ticket.id, actor="S004")
        tasks.append(day.asked(TaskKind.AGENT)[-1].id)
        day.do("OPS-01", m.TaskAckRequested, actor="S006", task=tasks[-1])
    decision = try_close(day)
    assert refusal(decision) is Refusal.OPEN_MATTERS
    assert [f"待办{one.rpartition('/')[2]}" in told(decision)["list"] for one in tasks] == [True, True]
    for one in tasks:
        day.do("OPS-01", m.TaskCloseRequested, actor="S006", task=one)
    assert "重点项目YA2026-011" in told(try_close(day))["list"], "a project of the green channel needs another manager"


def test_tickets_in_hand_keep_the_card(day: RulesDay) -> None:
    """ROT-7: one on the desk, one put aside; also one that was put aside before anybody was served."""
    approved(day, "S113")
    day.login("W09", "S113")
    day.at("09:00")
    for _ in range(3):
        day.take("E")
    day.call("W09")
    day.start("W09")
    first = day.hold("W09")
    second = day.call("W09")
    assert told(try_close(day))["list"] == f"号码{second}、挂起号码{first}"
    day.serve("W09")
    day.resume_held("W09")
    assert refusal(try_close(day)) is None


def test_a_hand_over_that_was_read_takes_it_out_of_the_hands(day: RulesDay) -> None:
    """ROT-7, AB-4.2: not read yet it is an open matter itself; read, S102 has the ticket S101 put aside."""
    approved(day, "S101")
    for counter, staff in (("W02", "S101"), ("W03", "S102")):
        day.login(counter, staff)
    day.at("09:00")
    day.take("A")
    day.call("W02")
    day.start("W02")
    held = day.hold("W02")
    assert told(try_close(day))["list"] == f"挂起号码{held}"
    day.do("TRM-W02", m.HandoverRequested)
    assert told(try_close(day))["list"] == f"挂起号码{held}、交接JJ-20260310-001"
    day.do("OPS-01", m.HandoverAckRequested, actor="S102")
    assert refusal(try_close(day)) is None


def test_whoever_has_taken_over_gives_back_first(day: RulesDay) -> None:
    """ROT-7: S102 holds S101's post and goes; the post goes back before."""
    approved(day, "S102")
    for counter, staff in (("W02", "S101"), ("W03", "S102")):
        day.login(counter, staff)
    day.do("TRM-W02", m.HandoverRequested)
    day.do("OPS-01", m.HandoverAckRequested, actor="S102")
    assert told(try_close(day))["list"] == "交接JJ-20260310-001"


def test_what_the_hall_does_not_know_is_confirmed(day: RulesDay) -> None:
    """ROT-7: cases and borrowed items stand in no register; nobody forgets them."""
    approved(day, "S113")
    assert told(try_close(day, cases=False, items=False))["list"] == "办件、借用物品"
    assert told(try_close(day, items=False))["list"] == "借用物品"
    assert refusal(try_close(day, successor="S999")) is Refusal.UNKNOWN_STAFF
    assert refusal(try_close(day, actor="S112")) is Refusal.NOT_PERMITTED
    assert refusal(try_close(day, successor="S118")) is None
    assert refusal(try_close(day)) is Refusal.UNKNOWN_ROTATION


def test_only_what_was_agreed_to_is_closed(day: RulesDay) -> None:
    """ROT-4 before ROT-7."""
    ask(day, "S113")
    assert refusal(try_close(day)) is Refusal.ROTATION_STATE
    try_decide(day, approve=False)
    assert refusal(try_close(day)) is Refusal.ROTATION_STATE


def test_what_is_not_over_outlives_the_night(day: RulesDay) -> None:
    """Carried by DayBegan: undecided and agreed ones; what was not agreed to is left behind."""
    approved(day, "S113")
    ask(day, "S109")
    ask(day, "S110")
    try_decide(day, approve=False, rotation="LH-20260310-003")
    day.advance(day.hall.today.over)
    begins = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan))
    assert day.folded([day.facts[0], *day.facts[begins:]]) == day.hall == day.folded()
    assert list(day.hall.rotations.open) == [FIRST, "LH-20260310-002"]
    assert refusal(try_close(day)) is None


def test_a_ledger_has_a_row_for_each(day: RulesDay) -> None:
    """轮换台账: what spoke against it, who decided, who has come; no name that is sealed."""
    ask(day, "S109", actor="S108")
    day.at("09:30")
    try_decide(day, explanation=WHY)
    day.at("10:00")
    try_close(day, successor="S118")
    ask(day, "S113")
    made = table(entries(day.facts), {StaffNo("S109"): "宋佳"}, {"ZR": "自然资源和规划局"})
    rows = [dict(zip(made.columns, row, strict=True)) for row in made.rows]
    assert rows[0] == {
        "轮换编号": FIRST,
        "申请时间": "2026-03-10 08:00",
        "部门": "自然资源和规划局",
        "轮出人员": "宋佳 S109",
        "是否满一年": "否",
        "距满一年天数": "113",
        "是否在轮换期": "是",
        "申请人": "S108",
        "审核结果": "例外同意",
        "审核人": "S001",
        "审核时间": "2026-03-10 09:30",
        "接替人员": "S118",
        "交接确认人": "S002",
        "交接时间": "2026-03-10 10:00",
    }
    assert rows[1]["审核结果"] == "待审核"
