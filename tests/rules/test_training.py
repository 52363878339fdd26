"""Training (TRN): planned, invited, signed in, assessed, closed; and who may work because of it (TRN-6, ROT-5)."""

from datetime import date
from typing import Any

import pytest

from broker.attendance import evaluate
from broker.attendance.record import Duty, Excuse, ExcuseKind, Punch
from broker.ledgers.training import entries, table
from broker.rules import facts as f
from broker.rules.hours import DAY, MINUTE, on_day
from broker.rules.views import settings
from contracts import messages as m
from contracts.values import CardHash, HallTime, NodeName, PunchIntent, Refusal, StaffNo, TaskKind, TrainingTopic
from sim.rules_day import hall_text, refusal
from sim.training_day import FIRST, TrainingDay

DEMO = hall_text("demo-hall")
NEW = "skills = [], onboarded = false"
MONDAY = date(2026, 3, 16)


@pytest.fixture
def day() -> TrainingDay:
    """The demo hall at eight."""
    return TrainingDay(DEMO)


# --- Planning -----------------------------------------------------------------------------------------------------------


def test_sessions_are_numbered_each_day(day: TrainingDay) -> None:
    """PX-yyyymmdd-nnn by the day of entry, whatever day they are for; the same words again are the same session."""
    assert day.plan("S105") == "PX-20260310-001"
    assert day.plan("S105") == "PX-20260310-001"
    assert refusal(day.try_plan("S105", actor="S101")) is Refusal.NOT_PERMITTED
    assert day.plan("S106", begins="14:00") == "PX-20260310-002"
    day.advance(day.hall.today.over)
    day.date = day.hall.today.date
    assert day.plan("S107") == "PX-20260311-001"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"actor": "S101"}, Refusal.NOT_PERMITTED),
        ({"actor": "S999"}, Refusal.UNKNOWN_STAFF),
        ({"title": "  "}, Refusal.BAD_VALUE),
        ({"title": "长" * 61}, Refusal.BAD_VALUE),
        ({"place": ""}, Refusal.BAD_VALUE),
        ({"begins": "16:00", "ends": "16:00"}, Refusal.BAD_VALUE),
        ({"begins": "07:00", "ends": "08:00"}, Refusal.BAD_VALUE),
        ({"invited": ("S105", "S999")}, Refusal.UNKNOWN_STAFF),
        ({"actor": "S002", "invited": ("S105", "S002")}, Refusal.OWN_CASE),
        ({"invited": tuple(f"S{n}" for n in range(1000, 1501))}, Refusal.BAD_VALUE),
    ],
)
def test_what_is_no_session_is_refused(day: TrainingDay, fields: dict[str, Any], reason: Refusal) -> None:
    """TRN-3, TRN-5: leaders plan, for known people, ahead, with title and place; nobody excuses himself (CREP-4.0)."""
    decision = day.try_plan(*fields.pop("invited", ()), **fields)
    assert refusal(decision) is reason
    assert not decision.facts


def test_a_session_longer_than_a_day_is_refused(day: TrainingDay) -> None:
    """A week of training is five sessions: people sign in each day."""
    assert refusal(day.try_plan(ends="16:00", begins="16:00")) is Refusal.BAD_VALUE
    decision = day.ask(
        "OPS-01",
        m.TrainingPlanRequested,
        actor="S001",
        title="轮训",
        topic=TrainingTopic.OTHER,
        place="党校",
        begins=day.time("09:00"),
        ends=HallTime(day.time("09:00") + DAY + 1),
    )
    assert refusal(decision) is Refusal.BAD_VALUE


# --- Excused ------------------------------------------------------------------------------------------------------------


def test_the_invited_are_away_for_the_posts_and_excused(day: TrainingDay) -> None:
    """TRN-9.1: an excused interval of kind training; the B is asked to act when it begins, a login is the return."""
    day.plan("S105")
    (absence,) = day.hall.posts.absences
    assert (absence.staff, absence.kind, absence.ref) == ("S105", "training", FIRST)
    assert (absence.begins, absence.ends) == (day.time("16:00"), day.time("17:30"))
    day.at("16:00")
    assert [one.counter for one in day.asked(TaskKind.ACT) if one.counter == "W04"] == ["W04"]
    day.at("17:00")
    day.login("W04", "S105")
    assert day.hall.posts.absences == []


def test_whoever_is_away_anyhow_is_not_away_twice(day: TrainingDay) -> None:
    """On leave until 16:30, S105 is in training from then on only."""
    day.away("S105", "13:30", "16:30", "personal")
    day.plan("S105")
    assert [(one.kind, one.begins, one.ends) for one in day.hall.posts.absences] == [
        ("personal", day.time("13:30"), day.time("16:30")),
        ("training", day.time("16:30"), day.time("17:30")),
    ]


def test_a_post_without_anybody_takes_the_manager_and_a_reason(day: TrainingDay) -> None:
    """ATT-7, demo day 16:00: S103 is on leave, S104 acts at W01, so W04 would have nobody without S105."""
    day.away("S103", "09:00", "17:30")
    assert refusal(day.try_plan("S105", actor="S002")) is Refusal.AB_BOTH_AWAY
    assert refusal(day.try_plan("S105", actor="S002", override="全员轮训")) is Refusal.AB_BOTH_AWAY
    assert refusal(day.try_plan("S105")) is Refusal.AB_BOTH_AWAY
    assert refusal(day.try_plan("S105", override="长" * 201)) is Refusal.BAD_VALUE
    day.plan("S105", override="全员轮训")
    invited = next(one.fact for one in day.facts if isinstance(one.fact, f.TrainingInvited))
    assert invited.override == "全员轮训"


def test_two_of_one_post_are_not_invited_at_once(day: TrainingDay) -> None:
    """ATT-7: S112 and S113 hold W09 between them; one after the other is refused too, and the one alone is not."""
    assert refusal(day.try_plan("S112", "S113")) is Refusal.AB_BOTH_AWAY
    day.plan("S112", override="多余的理由")
    assert next(one.fact.override for one in day.facts if isinstance(one.fact, f.TrainingInvited)) == ""
    assert refusal(day.try_change(m.TrainingInviteRequested, staff=("S113",))) is Refusal.AB_BOTH_AWAY
    day.change(m.TrainingInviteRequested, actor="S001", staff=("S113",), override="新规当天施行")


def test_who_need_not_come_is_not_excused(day: TrainingDay) -> None:
    """Withdrawn before it begins there is no absence; cancelled while it runs, an absence until now."""
    day.plan("S105", "S106")
    day.change(m.TrainingInviteRequested, staff=("S105", "S110"), withdraw=True)
    assert [one.staff for one in day.hall.posts.absences] == ["S106"]
    day.change(m.TrainingInviteRequested, staff=("S106",))
    assert [one.staff for one in day.hall.posts.absences] == ["S106"]
    day.at("16:40")
    day.change(m.TrainingCancelRequested, reason="讲师身体不适")
    assert day.hall.posts.absences == []
    ended = [one.fact for one in day.facts if isinstance(one.fact, f.AbsenceEnded)]
    assert [(one.absence.staff, one.why) for one in ended] == [("S105", "cancelled"), ("S106", "cancelled")]
    assert refusal(day.try_change(m.TrainingInviteRequested, staff=("S105",))) is Refusal.TRAINING_STATE
    assert (day.entry().state, day.entry().note) == ("trn.state.cancelled", "讲师身体不适")


# --- Signing in ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "late"),
    [
        ("15:29:59", None),
        ("15:30", 0),
        ("16:15:59", 0),
        ("16:16", 16),
        ("16:20", 20),
        ("17:29:59", 89),
        ("17:30", None),
    ],
)
def test_window_of_signing_in(day: TrainingDay, at: str, late: int | None) -> None:
    """TRN-9.1: from 30 min before to 15 min after the start in time, by the minute shown; later with its minutes."""
    day.plan("S105")
    day.punch("S105", at)
    signed = [one.fact.late for one in day.facts if isinstance(one.fact, f.TrainingSignedIn)]
    assert signed == ([] if late is None else [late])


def test_only_a_punch_that_says_so_signs_in(day: TrainingDay) -> None:
    """下班 is no sign-in, nor is an unknown card."""
    day.plan("S105")
    day.punch("S105", "16:00", PunchIntent.OUT)
    day.do("CLK-01", m.PunchMade, card=CardHash("x"), staff=None, intent=PunchIntent.TRAIN)
    assert not [one for one in day.facts if isinstance(one.fact, f.TrainingSignedIn)]


def test_absent_is_who_was_invited_and_neither_came_nor_was_away(day: TrainingDay) -> None:
    """TRN-9.1: absent = invited - signed in - on leave; who came uninvited is on the list too."""
    day.away("S107", "13:30", "17:30", "sick")
    day.away("S108", "15:00", "17:00", "meeting")
    day.plan("S105", "S107", "S108", "S110", "S112", override="轮训")
    day.punch("S105", "16:20")
    day.punch("S116", "16:25")
    assert day.came() == {
        "S105": "late",
        "S107": "leave",
        "S108": "outing",
        "S110": "waited",
        "S112": "waited",
        "S116": "late",
    }
    day.at("17:30")
    assert day.entry().absent == ("S110", "S112")


def test_a_second_punch_is_the_way_out(day: TrainingDay) -> None:
    """TRN-9.1: optional; within a minute two are one, the last one counts, half an hour after the end none does."""
    day.plan("S105")
    for at in ("15:55", "15:55:50", "17:00", "17:59:59", "18:00"):
        day.punch("S105", at)
    (one,) = day.entry().people
    assert one.attended is not None
    assert (one.attended.at, one.attended.late, one.attended.left) == (day.time("15:55"), 0, day.time("17:59:59"))


def test_two_sessions_in_a_row_take_a_punch_each(day: TrainingDay) -> None:
    """Between two the card signs in to the second; late for the first it signs in to the first."""
    day.plan("S105", begins="14:00", ends="15:00")
    second = day.plan("S105", begins="15:00", ends="16:00")
    day.punch("S105", "14:31")
    assert [one.fact.training for one in day.facts if isinstance(one.fact, f.TrainingSignedIn)] == [FIRST]
    day.punch("S105", "14:58")
    assert day.entry(second).people[0].came == "trn.came.in_time"
    day.punch("S105", "16:01")
    (one,) = day.entry(second).people
    assert one.attended is not None
    assert one.attended.left == day.time("16:01")


def test_late_sign_in_is_evidence_for_attendance(day: TrainingDay) -> None:
    """TRN-9.1, the example: S105 signs 16:20 for 16:00-17:30; neither EARLY nor MISSING_OUT in the afternoon."""
    day.plan("S105")
    day.punch("S105", "16:20")
    assert day.came() == {"S105": "late"}
    (absence,) = day.hall.posts.absences
    excuse = Excuse(ExcuseKind.OUTING, absence.begins, absence.ends, absence.kind)
    stored = [one.fact for one in day.facts if isinstance(one.fact, f.PunchStored)]
    arrived = [Punch(on_day(day.date, "08:55")), Punch(on_day(day.date, "12:01")), Punch(on_day(day.date, "13:25"))]
    punches = [*arrived, *(Punch(one.at, one.intent) for one in stored)]
    record = evaluate(punches, Duty(day.hall.today), [excuse], day.hall.in_force.config.params.attendance)
    assert [[result.spelled for result in half.results] for half in record.halves] == [["NORMAL"], ["NORMAL"]]


def test_the_minutes_are_the_halls() -> None:
    """params.training of hall.toml."""
    day = TrainingDay(DEMO + "\n[params.training]\nsign_in_before_min = 10\nsign_in_grace_min = 5\n")
    day.plan("S105", "S110")
    day.punch("S105", "15:49")
    day.punch("S110", "16:06")
    assert day.came() == {"S105": "waited", "S110": "late"}


def test_clocks_know_the_sessions(day: TrainingDay) -> None:
    """What a clock needs to say 培训签到成功,晚20分钟; past ones are gone, who came is none of its business."""
    day.plan("S105")
    (info,) = clock_knows(day).trainings
    assert (info.training, info.staff, info.title) == (FIRST, ("S105",), "企业开办新规")
    times = [(at - day.time("16:00")) // MINUTE for at in (info.opens, info.begins, info.in_time_until, info.ends)]
    assert times == [-30, 0, 15, 90]
    day.advance(day.hall.today.over)
    day.let_time_pass()
    assert clock_knows(day).trainings == ()


def clock_knows(day: TrainingDay) -> m.ClockSettings:
    """The settings of the first clock."""
    known = settings(day.hall, b"k" * 32)[NodeName("CLK-01")]
    assert isinstance(known, m.ClockSettings)
    return known


# --- Assessing ----------------------------------------------------------------------------------------------------------


def test_no_session_is_closed_without_what_came_of_it(day: TrainingDay) -> None:
    """TRN-9.2: everyone who came has a result, the whole a remark; whoever was absent may have one."""
    day.plan("S105", "S110")
    day.punch("S105", "16:00")
    assert refusal(day.try_change(m.TrainingCloseRequested, remark="好")) is Refusal.TRAINING_STATE
    early = day.try_change(m.TrainingAssessRequested, staff="S105", passed=True)
    assert refusal(early) is Refusal.TRAINING_STATE
    day.at("17:30")
    assert refusal(day.try_change(m.TrainingCloseRequested, remark="好")) is Refusal.TRAINING_STATE
    day.assess("S105", score=86)
    assert refusal(day.try_change(m.TrainingCloseRequested, remark=" ")) is Refusal.BAD_VALUE
    day.change(m.TrainingCloseRequested, remark="测验均通过")
    assert day.entry().state == "trn.state.closed"
    late = day.try_change(m.TrainingAssessRequested, staff="S110", passed=True)
    assert refusal(late) is Refusal.TRAINING_STATE


def test_whoever_has_left_the_hall_keeps_no_session_open(day: TrainingDay) -> None:
    """S118 came, and is in hall.toml no more: nobody can assess them."""
    day.plan("S118")
    day.punch("S118", "16:00")
    day.at("17:30")
    line = next(one for one in DEMO.splitlines() if 'id = "S118"' in one)
    day.adopt(DEMO.replace(line, ""))
    day.change(m.TrainingCloseRequested, remark="参训人员已离岗")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"staff": "S999"}, Refusal.UNKNOWN_STAFF),
        ({"staff": "S113"}, Refusal.BAD_VALUE),
        ({"staff": "S002"}, Refusal.OWN_CASE),
        ({"score": 101}, Refusal.BAD_VALUE),
        ({"score": -1}, Refusal.BAD_VALUE),
        ({"training": "PX-20260310-009"}, Refusal.UNKNOWN_TRAINING),
        ({"actor": "S101"}, Refusal.NOT_PERMITTED),
    ],
)
def test_what_is_no_result_is_refused(day: TrainingDay, fields: dict[str, Any], reason: Refusal) -> None:
    """TRN-9.2: by a leader, about somebody who was to come or came, out of a hundred."""
    day.plan("S105", "S002")
    day.at("17:30")
    asked = {"staff": "S105", "passed": True, **fields}
    assert refusal(day.try_change(m.TrainingAssessRequested, **asked)) is reason


def test_open_sessions_outlive_the_night(day: TrainingDay) -> None:
    """DayBegan carries them: a fold of the new day alone is the same hall; long closed ones are left behind."""
    day.plan("S105")
    done = day.plan("S106", begins="09:00", ends="10:00")
    day.punch("S105", "16:20")
    day.change(m.TrainingCloseRequested, training=done, remark="无人到场")
    for days in range(1, 6):
        day.advance(HallTime(on_day(date(2026, 3, 10), "12:00") + days * DAY))
        begins = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan))
        assert day.folded([day.facts[0], *day.facts[begins:]]) == day.hall == day.folded()
        assert (done in day.hall.training.sessions) == (days <= 4)
    day.assess("S105")
    day.change(m.TrainingCloseRequested, remark="补评")


def test_a_ledger_has_a_row_for_each_person(day: TrainingDay) -> None:
    """培训签到台账, as an auditor reads it."""
    day.plan("S105", "S110", planned=False)
    day.plan(title="礼仪", topic=TrainingTopic.ETIQUETTE, begins="18:00", ends="19:00")
    day.punch("S105", "16:20")
    day.at("17:30")
    day.assess("S105", score=86)
    day.change(m.TrainingCloseRequested, remark="测验均通过")
    made = table(entries(day.facts, day.now), {StaffNo("S105"): "郭强"})
    rows = [dict(zip(made.columns, row, strict=True)) for row in made.rows]
    assert [row["人员"] for row in rows] == ["郭强 S105", "S110", ""]
    assert rows[0] == {
        "培训编号": FIRST,
        "名称": "企业开办新规",
        "内容": "政策法规",
        "形式": "授课",
        "计划": "计划外",
        "地点": "三楼会议室",
        "开始": "2026-03-10 16:00",
        "结束": "2026-03-10 17:30",
        "人员": "郭强 S105",
        "是否受邀": "是",
        "签到情况": "迟到签到20分钟",
        "签到时间": "16:20:00",
        "签退时间": "",
        "结果": "合格",
        "分数": "86",
        "总体评价": "测验均通过",
        "状态": "已办结",
    }
    assert rows[1]["签到情况"] == "缺席"
