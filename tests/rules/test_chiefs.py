"""Chief representatives (CREP): one for each department, with a letter, a deputy, a reminder, and a ledger of them all."""

from datetime import date

import pytest

from broker.config import ConfigError, load
from broker.ledgers.chiefs import entries, of_month, state, table
from broker.rules import facts as f
from broker.rules.authority import deciders
from broker.rules.hours import DAY, clock_of, day_of
from broker.rules.tasks.state import Task
from contracts import messages as m
from contracts.values import HallTime, Refusal, StaffNo, TaskKind
from sim.rules_day import RulesDay, hall_text, refusal

DEMO = hall_text("demo-hall")
LETTER = '{ no = "SQ-2025-07", from = 2025-04-01, to = 2026-03-31, scope = "全部进驻事项", scan = "SQ-2025-07.pdf" }'
S113 = StaffNo("S113")


def lettered(**department: str) -> str:
    """The demo hall with more to say about the public security office (GA)."""
    more = "".join(f", {key} = {value}" for key, value in department.items())
    text = DEMO.replace('chief = "S112"', f'chief = "S112"{more}')
    assert text != DEMO
    return text


def told(day: RulesDay) -> list[Task]:
    """Who is asked about letters now."""
    return day.asked(TaskKind.LETTER_ENDS)


def opened(day: RulesDay) -> list[tuple[date, str]]:
    """When somebody was told: the day, and the time of day."""
    kinds = [one for one in day.facts if isinstance(one.fact, f.TaskOpened) and one.fact.kind is TaskKind.LETTER_ENDS]
    return [(day_of(one.at), clock_of(one.at)) for one in kinds]


# --- What hall.toml may say ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("department", "says"),
    [
        ({"letter": LETTER.replace("2026-03-31", "2025-03-31")}, "lies before from"),
        ({"deputy": '"S112"'}, "nobody stands in for themselves"),
        ({"deputy": '"S101"'}, "S101 belongs to DSJ"),
        ({"deputy_term": "{ from = 2026-01-01, to = 2026-12-31 }"}, "there is no deputy"),
        ({"deputy": '"S113"', "deputy_term": "{ from = 2026-01-02, to = 2026-01-01 }"}, "lies before from"),
        ({"letter": '{ no = "", from = 2026-01-01, to = 2026-12-31 }'}, "letter"),
    ],
)
def test_what_does_not_fit_is_refused(department: dict[str, str], says: str) -> None:
    """CREP-1, CREP-3: the file is refused, with the key and what is wrong."""
    with pytest.raises(ConfigError, match=says):
        load(lettered(**department), "hall.toml")


def test_a_second_chief_is_refused() -> None:
    """CREP-1, the example: a second active chief for GA; also somebody of another department, and a letter of nobody."""
    twice = DEMO.replace('chief = "S112" },', 'chief = "S112" },\n    { id = "GA", zh = "公安局", chief = "S113" },')
    with pytest.raises(ConfigError, match="GA already stands"):
        load(twice, "hall.toml")
    with pytest.raises(ConfigError, match="S106 belongs to RS"):
        load(DEMO.replace('chief = "S112"', 'chief = "S106"'), "hall.toml")
    with pytest.raises(ConfigError, match="there is no chief"):
        load(DEMO.replace('chief = "S112"', f"letter = {LETTER}"), "hall.toml")
    load(lettered(letter=LETTER, deputy='"S113"', deputy_term="{ from = 2026-01-01, to = 2026-01-01 }"), "hall.toml")


@pytest.mark.parametrize(("to", "who"), [("2026-03-10", "S113"), ("2026-03-09", "S002")])
def test_a_deputy_is_one_for_a_time(to: str, who: str) -> None:
    """CREP-1: dated; the last day counts, after it the hall decides while the chief is away."""
    day = RulesDay(lettered(deputy='"S113"', deputy_term=f"{{ from = 2026-01-01, to = {to} }}"))
    day.away("S112", "08:30", "12:00")
    day.at("09:00")
    assert deciders(day.hall, StaffNo("S003"), "chief_rep", day.now) == ("S101",), "another department's is as before"
    found = deciders(day.hall, StaffNo("S112"), "chief_rep", day.now)
    assert found == (who,)


# --- The reminder -------------------------------------------------------------------------------------------------------


def test_thirty_days_before_the_end_chief_and_manager_are_told() -> None:
    """CREP-3, the example: to 2026-03-31, told on 2026-03-01, though that is a Sunday; not a day before."""
    day = RulesDay(lettered(letter=LETTER), day=date(2026, 2, 28))
    day.at("23:59:59")
    assert told(day) == []
    day.advance(day.hall.today.over)
    (task,) = told(day)
    assert (day.hall.today.date, task.ladder) == (
        date(2026, 3, 1),
        (f.Rung(after=0, roles=("manager",), staff=(StaffNo("S112"),)),),
    )
    assert (task.values["name"], task.values["no"], task.values["date"]) == ("许峰", "SQ-2025-07", "2026-03-31")


def test_once_it_is_taken_nobody_is_told_again() -> None:
    """Left alone on Sunday it comes on Monday morning; taken on Monday it does not come on Tuesday, nor after a restart."""
    day = RulesDay(lettered(letter=LETTER), day=date(2026, 2, 28))
    day.advance(HallTime(day.hall.today.over + DAY + 9 * 3_600_000))
    assert opened(day) == [(date(2026, 3, 1), "00:00"), (date(2026, 3, 2), "08:45")]
    (task,) = told(day)
    day.do("OPS-01", m.TaskAckRequested, actor="S112", task=task.id)
    day.advance(HallTime(day.now + 3 * DAY))
    assert (told(day), len(opened(day))) == ([], 2)
    begins = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan))
    assert day.folded([day.facts[0], *day.facts[begins:]]) == day.hall == day.folded()


def test_done_is_done_and_a_colleague_cannot_say_so() -> None:
    """Closed by the manager it is over for this letter."""
    day = RulesDay(lettered(letter=LETTER), day=date(2026, 3, 2))
    day.at("08:45")
    (task,) = told(day)
    assert refusal(day.ask("OPS-01", m.TaskCloseRequested, actor="S113", task=task.id)) is Refusal.NOT_PERMITTED
    day.do("OPS-01", m.TaskCloseRequested, actor="S001", task=task.id)
    day.advance(HallTime(day.now + DAY))
    assert (told(day), len(opened(day))) == ([], 1)


def test_a_new_letter_ends_the_question_and_has_an_end_of_its_own() -> None:
    """The new one is on file: nobody need renew; thirty days before its end it begins anew."""
    day = RulesDay(lettered(letter=LETTER), day=date(2026, 3, 2))
    day.at("09:00")
    (task,) = told(day)
    day.do("OPS-01", m.TaskAckRequested, actor="S001", task=task.id)
    day.adopt(lettered(letter=LETTER.replace("2026-03-31", "2027-03-31")))
    assert told(day) == []
    assert [one.fact.why for one in day.facts if isinstance(one.fact, f.TaskClosed)] == ["settled"]
    day.advance(day.hall.today.over)
    assert day.hall.letters_seen == {}
    day.adopt(lettered(letter=LETTER.replace("2026-03-31", "2026-03-20")))
    day.advance(HallTime(day.now + 9 * 3_600_000))
    assert [one.values["date"] for one in told(day)] == ["2026-03-20"]


def test_no_reminder_without_a_letter_or_in_an_emergency() -> None:
    """The demo hall has none on file; in an emergency everything waits (HALL-8.2)."""
    day = RulesDay(DEMO)
    day.at("17:00")
    assert told(day) == []
    day = RulesDay(lettered(letter=LETTER), day=date(2026, 3, 3))
    for confirmed in (False, True):
        day.do("OPS-01", m.EmergencyRequested, actor="S001", confirmed=confirmed)
    day.at("09:00")
    assert told(day) == []
    day.do("OPS-01", m.EmergencyEndRequested, actor="S001")
    assert len(told(day)) == 1


# --- The ledger ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "key"),
    [
        (date(2025, 3, 31), "ahead"),
        (date(2025, 4, 1), "valid"),
        (date(2026, 2, 28), "valid"),
        (date(2026, 3, 1), "ends"),
        (date(2026, 3, 31), "ends"),
        (date(2026, 4, 1), "over"),
    ],
)
def test_what_a_letter_is_worth_on_a_day(today: date, key: str) -> None:
    """CREP-3: both days included."""
    config = load(lettered(letter=LETTER), "hall.toml")
    ga = next(one for one in config.departments if one.id == "GA")
    assert state(config, ga, today) == f"crep.state.{key}"
    assert state(config, config.departments[0], today) == "crep.state.no_letter"


def test_a_ledger_of_every_letter_there_was() -> None:
    """首席代表授权台账: a change of letter is a new entry, the old one stays with the time of the change."""
    day = RulesDay(lettered(letter=LETTER), day=date(2026, 3, 2))
    day.at("10:00")
    day.adopt(lettered(letter=LETTER.replace("2026-03-31", "2027-03-31"), deputy='"S113"'))
    made = table(of_month(entries(day.facts), date(2026, 3, 15)), {StaffNo("S112"): "许峰"})
    rows = [dict(zip(made.columns, row, strict=True)) for row in made.rows]
    first, second = (row for row in rows if row["部门"] == "公安局")
    assert (first["有效期至"], first["登记时间"], first["变更时间"]) == (
        "2026-03-31",
        "2026-03-02 08:00",
        "2026-03-02 10:00",
    )
    assert second == {
        "部门": "公安局",
        "首席代表": "许峰 S112",
        "代理人": "S113",
        "代理期限": "",
        "授权委托书编号": "SQ-2025-07",
        "授权范围": "全部进驻事项",
        "有效期自": "2025-04-01",
        "有效期至": "2027-03-31",
        "扫描件": "SQ-2025-07.pdf",
        "登记时间": "2026-03-02 10:00",
        "变更时间": "",
    }
    assert len(rows) == 7 + 1
    assert of_month(entries(day.facts), date(2026, 2, 1)) == []
    assert len(of_month(entries(day.facts), date(2026, 4, 1))) == 7
