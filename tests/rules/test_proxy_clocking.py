"""Proxy clocking: what is noted, what is suspected, who decides, and what it changes (ATT-8.3.2, D4)."""

from datetime import date

import pytest

from broker.rules import facts as f
from broker.rules.facts import Suspicion
from contracts import messages as m
from contracts.values import CounterId, HallTime, ProxyEvidence, Refusal, StaffNo, TaskKind
from sim.attendance_day import DEMO, AttendanceDay
from sim.rules_day import refusal

CAMERA = (ProxyEvidence.CAMERA,)
NOON = "12:01", "13:25", "17:31"


@pytest.fixture
def day() -> AttendanceDay:
    """The demo day: at 08:57:01 the card of S105 at CLK-01, two seconds later that of S113."""
    one = AttendanceDay()
    one.punch("S105", "08:57:01")
    one.punch("S113", "08:57:03")
    return one


def noted(day: AttendanceDay) -> list[tuple[str, ...]]:
    """The pairs that were noted."""
    return [one.fact.staff for one in day.facts if isinstance(one.fact, f.PunchPairNoted)]


def suspected(day: AttendanceDay) -> list[tuple[str, Suspicion, str, str | None]]:
    """Number, why, principal and proxy of every case that was opened."""
    found = [one.fact for one in day.facts if isinstance(one.fact, f.ProxySuspected)]
    return [(one.case, one.why, one.principal, one.proxy) for one in found]


def sign(day: AttendanceDay, case: str = "DK-20260310-001", actor: str = "S007", **fields: object) -> Refusal | None:
    """The inspector signs."""
    asked = {"actor": actor, "case": case, "evidence": CAMERA, **fields}
    return refusal(day.ask("OPS-01", m.ProxySignRequested, **asked))


def countersign(day: AttendanceDay, actor: str = "S002", case: str = "DK-20260310-001") -> Refusal | None:
    """The second person signs."""
    return refusal(day.ask("OPS-01", m.ProxyCountersignRequested, actor=actor, case=case))


def dismiss(day: AttendanceDay, actor: str = "S007", case: str = "DK-20260310-001") -> Refusal | None:
    """It was not so."""
    return refusal(day.ask("OPS-01", m.ProxyDismissRequested, actor=actor, case=case))


def suspicious(day: AttendanceDay) -> AttendanceDay:
    """S113 has logged in by 09:15, S105 has not; everybody punches for the rest of the day."""
    day.at("09:00")
    day.login("W09", "S113")
    day.at("09:16")
    for clock in NOON:
        day.punch("S105", clock)
        day.punch("S113", clock + ":30")
    return day


# --- The row's example ----------------------------------------------------------------------------------------------------


def test_the_demo_days_pair_is_noted_at_once_and_suspected_at_a_quarter_past(day: AttendanceDay) -> None:
    """demo-day 08:55, 09:15: pair noted; S105 not logged in by 09:15, suspected; no change of results yet."""
    assert noted(day) == [("S105", "S113")]
    assert suspected(day) == []
    day.at("09:00")
    day.login("W09", "S113")
    day.at("09:14:59")
    assert suspected(day) == []
    day.at("09:15")
    day.let_time_pass()
    assert suspected(day) == [("DK-20260310-001", Suspicion.NO_LOGIN, "S105", "S113")]
    (task,) = day.asked(TaskKind.PROXY_CHECK)
    assert (task.ladder[0].staff, task.values) == (("S007",), {"no": "DK-20260310-001"})


def test_confirmed_by_two_both_are_absent_though_one_was_there(day: AttendanceDay) -> None:
    """ATT-8.3.2: S105 ABSENT 0.5 (PROXY, principal), S113 ABSENT 0.5 (PROXY, proxy); the punches are void and visible."""
    suspicious(day)
    day.at("11 10:00")
    before = [day.told(staff, "AM") for staff in ("S105", "S113")]
    assert before == [["NORMAL"], ["NORMAL"]]
    assert sign(day, record="V-2026-031") is None
    assert [day.told(staff, "AM") for staff in ("S105", "S113")] == before, "one signature changes nothing"
    assert [one.ladder[0].staff for one in day.asked(TaskKind.PROXY_SIGN)] == [("S001", "S002")]
    assert countersign(day) is None
    assert day.told("S105", "AM") == ["NORMAL", "ABSENT 0.5 (principal)"]
    assert day.told("S113", "AM") == ["NORMAL", "ABSENT 0.5 (proxy)"]
    assert day.versions("S105", "AM")[-1].results[0].reason == "PROXY"
    assert [cause.name for cause in day.versions("S113", "AM")[-1].because] == ["DK-20260310-001"]
    assert day.words("S105")[1] == day.words("S113")[1] == "NORMAL"
    voids = [(one.voids[0].actor, one.voids[0].why) for one in day.history().of(StaffNo("S105")).punches if one.voids]
    assert voids == [("S002", "DK-20260310-001")]
    assert day.asked(TaskKind.PROXY_CHECK) == day.asked(TaskKind.PROXY_SIGN) == []


def test_dismissed_nothing_changes(day: AttendanceDay) -> None:
    """ATT-8.3.2: dismissed, both results unchanged, and the case is closed for good."""
    suspicious(day)
    assert dismiss(day) is None
    day.at("11 10:00")
    assert [day.told(staff, "AM") for staff in ("S105", "S113")] == [["NORMAL"], ["NORMAL"]]
    assert day.asked(TaskKind.PROXY_CHECK) == []
    assert suspected(day) == [("DK-20260310-001", Suspicion.NO_LOGIN, "S105", "S113")]


def test_a_forger_alone_is_the_only_one(day: AttendanceDay) -> None:
    """ATT-8.3.2: self-made record, only that person; the inspector says who of the two it was, and for which halves."""
    suspicious(day)
    assert sign(day, principal="S113", alone=True, halves=("AM", "PM")) is None
    assert countersign(day) is None
    day.at("11 10:00")
    assert day.words("S105") == ["NORMAL", "NORMAL"]
    assert day.words("S113") == ["ABSENT 0.5", "ABSENT 0.5"]


# --- Who decides ----------------------------------------------------------------------------------------------------------


def test_nobody_concerned_and_nobody_twice(day: AttendanceDay) -> None:
    """Two signatures: an inspector's, then a leader's; none of the two concerned, not the same person."""
    suspicious(day)
    assert countersign(day) is Refusal.APPROVAL_MISSING
    assert sign(day, actor="S002") is Refusal.NOT_PERMITTED
    assert sign(day, actor="S105") is Refusal.OWN_CASE
    assert sign(day, actor="S999") is Refusal.UNKNOWN_STAFF
    assert sign(day, evidence=()) is Refusal.BAD_VALUE
    assert sign(day, principal="S101") is Refusal.BAD_VALUE
    assert sign(day, record="长" * 41) is Refusal.BAD_VALUE
    assert sign(day, case="DK-20260310-009") is Refusal.UNKNOWN_CASE
    assert dismiss(day, actor="S002") is Refusal.NOT_PERMITTED, "nobody has asked her yet"
    assert sign(day) is None
    assert countersign(day, actor="S007") is Refusal.NOT_PERMITTED
    assert countersign(day, actor="S113") is Refusal.OWN_CASE
    assert countersign(day, actor="S999") is Refusal.UNKNOWN_STAFF
    assert countersign(day, actor="S004") is Refusal.NOT_PERMITTED
    assert countersign(day) is None
    for again in (sign(day), countersign(day), dismiss(day)):
        assert again is Refusal.ALREADY_DECIDED


def test_a_leader_who_does_not_sign_dismisses(day: AttendanceDay) -> None:
    """Asked for the second signature, the duty leader may say no."""
    suspicious(day)
    sign(day)
    assert dismiss(day, actor="S002") is None
    assert countersign(day) is Refusal.ALREADY_DECIDED


def test_in_a_hall_without_inspector_two_leaders_sign() -> None:
    """The duty leader signs first, then only the manager may."""
    day = AttendanceDay(DEMO.replace('role = "inspector"', 'role = "guide"'))
    day.punch("S105", "08:57:01")
    day.punch("S113", "08:57:03")
    suspicious(day)
    assert sign(day, actor="S002") is None
    assert countersign(day) is Refusal.NOT_PERMITTED
    assert countersign(day, actor="S001") is None


# --- What is suspicious ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "staff", "clock", "pairs"),
    [
        ("08:57:04", "S113", "CLK-01", 1),
        ("08:57:05", "S113", "CLK-01", 0),
        ("08:57:03", "S113", "CLK-02", 0),
        ("08:57:03", "S105", "CLK-01", 0),
        ("08:57:03", None, "CLK-01", 0),
    ],
)
def test_two_cards_within_three_seconds_at_one_clock(second: str, staff: str | None, clock: str, pairs: int) -> None:
    """``proxy_gap_s``: three seconds are, four are not; another clock, the same person, an unknown card are not."""
    day = AttendanceDay()
    day.punch("S105", "08:57:01")
    day.punch(staff, second, node=clock)
    assert len(noted(day)) == pairs


def test_a_pair_is_noted_in_whatever_order_it_is_heard_of_and_once(day: AttendanceDay) -> None:
    """CLK-01 was cut off and tells backwards; both press again; noted is one pair, first who was first."""
    late = AttendanceDay(clock="10:00")
    late.offline_punch("S113", "08:57:03")
    late.offline_punch("S105", "08:57:01")
    late.offline_punch("S105", "08:57:04")
    assert noted(late) == noted(day) == [("S105", "S113")]
    late.let_time_pass()
    assert [one[1:] for one in suspected(late)] == [(Suspicion.NO_LOGIN, "S105", "S113")], "neither has logged in"


def test_who_logged_in_or_is_excused_is_not_suspected(day: AttendanceDay) -> None:
    """Both at their counters by 09:15, or one of them on leave by then."""
    day.at("09:05")
    day.login("W09", "S113")
    day.login("W04", "S105")
    day.login("W04", "S105")
    day.at("09:20")
    day.let_time_pass()
    assert suspected(day) == []
    other = AttendanceDay()
    other.away("S105", "09:05", "12:00", "meeting")
    other.punch("S105", "08:57:01")
    other.punch("S113", "08:57:03")
    other.at("09:00")
    other.login("W09", "S113")
    other.at("09:20")
    assert suspected(other) == []


def test_people_who_leave_together_are_noted_and_no_more() -> None:
    """At 17:31 they queue at the clock; whether they logged in in the morning says nothing about that."""
    day = AttendanceDay()
    day.punch("S105", "17:31:00")
    day.punch("S113", "17:31:02")
    day.at("23:00")
    assert len(noted(day)) == 1
    assert suspected(day) == []


def test_the_same_two_on_three_days_in_thirty() -> None:
    """Tuesday, Wednesday, Thursday at leaving: the third makes a case, and their days are counted anew."""
    day = AttendanceDay()
    for of_month in (10, 11, 12, 13):
        day.punch("S105", f"{of_month} 17:31:00")
        day.punch("S113", f"{of_month} 17:31:02")
        day.punch("S113", f"{of_month} 17:31:03")
    assert suspected(day) == [("DK-20260312-001", Suspicion.RECURS, "S105", "S113")]
    (case,) = [one.fact for one in day.facts if isinstance(one.fact, f.ProxySuspected)]
    assert case.days == ("2026-03-10", "2026-03-11", "2026-03-12")
    assert day.hall.proxy.pairs == {"S105 S113": ("2026-03-13",)}


@pytest.mark.parametrize(("third", "cases"), [(date(2026, 4, 8), 1), (date(2026, 4, 9), 0)])
def test_thirty_days_end(third: date, cases: int) -> None:
    """From 03-10 the thirtieth day is 04-08: noted then it is a case, a day later the first no longer counts."""
    day = AttendanceDay()
    for when in (date(2026, 3, 10), date(2026, 3, 11), third):
        day.date = when
        day.punch("S105", "17:31:00")
        day.punch("S113", "17:31:02")
    assert len(suspected(day)) == cases


def test_a_punch_in_the_middle_of_leave() -> None:
    """Somebody on leave punches at 10:00; at 11:50 of a leave until noon, or on the way to an outing, it is nothing."""
    day = AttendanceDay()
    day.away("S105", "09:00", "12:00", "sick")
    day.away("S106", "09:00", "12:00", "meeting")
    day.punch("S105", "10:00")
    day.punch("S105", "10:30")
    day.punch("S106", "10:00", "outing")
    day.punch("S105", "11:50")
    assert suspected(day) == [("DK-20260310-001", Suspicion.ON_LEAVE, "S105", None)]


def test_a_punch_while_serving() -> None:
    """S113 has a visitor at W09 when his card is presented at the clock; before the visit, or without, it is nothing."""
    day = AttendanceDay()
    day.at("08:58")
    day.login("W09", "S113")
    day.punch("S113", "08:59")
    day.at("09:05")
    ticket = day.take(next(one for one in day.hall.in_force.counters[CounterId("W09")].groups))
    assert day.call("W09") == ticket.no
    day.start("W09")
    day.at("09:10")
    day.offline_punch("S113", "09:04")
    assert suspected(day) == []
    day.punch("S113", "09:12")
    assert [one[1:] for one in suspected(day)] == [(Suspicion.SERVING, "S113", None)]


def test_three_pins_in_a_week() -> None:
    """Thursday, Friday, and Friday again: the third; typed twice it is one; Monday begins anew."""
    day = AttendanceDay()
    day.punch("S105", "12 08:55", card=False)
    day.punch("S105", "12 08:55:30", card=False)
    day.punch("S105", "13 08:55", card=False)
    day.punch("S105", "13 12:01")
    assert suspected(day) == []
    day.punch("S105", "13 17:31", card=False)
    day.punch("S105", "13 17:35", card=False)
    assert suspected(day) == [("DK-20260313-001", Suspicion.PIN, "S105", None)]
    day.punch("S105", "16 08:55", card=False)
    day.punch("S105", "16 12:01", card=False)
    assert len(suspected(day)) == 1


def test_nothing_is_noticed_on_a_day_of_rest() -> None:
    """Nobody owes a record on a Sunday."""
    day = AttendanceDay(day=date(2026, 3, 8))
    day.punch("S105", "08:57:01")
    day.punch("S113", "08:57:03")
    assert noted(day) == []


# --- Cases opened by hand, and over the night -----------------------------------------------------------------------------


def report(day: AttendanceDay, /, **fields: object) -> tuple[Refusal | None, str]:
    """The inspector opens a case about S105 and S113, Tuesday morning."""
    typed = {"actor": "S007", "principal": "S105", "proxy": "S113", "day": "2026-03-10", "halves": ("AM",), **fields}
    decision = day.ask("OPS-01", m.ProxyReportRequested, **typed)
    answer = decision.answers[0][1]
    return refusal(decision), answer.values.get("no", "") if isinstance(answer, m.RequestDone) else ""


def test_an_inspector_opens_what_the_machine_has_not_seen() -> None:
    """A witness told of it; twice the same is once; it takes the second signature like any other."""
    day = AttendanceDay()
    punch = day.punch("S105", "08:50")
    day.usual("S105", *NOON)
    day.usual("S113", "13:40")
    day.at("11 10:00")
    assert report(day, punches=(punch,)) == (None, "DK-20260311-001")
    assert report(day, punches=(punch,)) == (None, "DK-20260311-001")
    assert sign(day, "DK-20260311-001", evidence=(ProxyEvidence.WITNESS,)) is None
    assert countersign(day, "S001", "DK-20260311-001") is None
    assert day.words("S105") == ["ABSENT 0.5", "NORMAL"]
    assert day.words("S113")[0] == "ABSENT 0.5"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"actor": "S002"}, Refusal.NOT_PERMITTED),
        ({"principal": "S007"}, Refusal.OWN_CASE),
        ({"principal": "S999"}, Refusal.UNKNOWN_STAFF),
        ({"proxy": "S105"}, Refusal.BAD_VALUE),
        ({"halves": ()}, Refusal.BAD_VALUE),
        ({"day": "2026-03-12"}, Refusal.BAD_VALUE),
        ({"day": "2026-03-08"}, Refusal.BAD_VALUE),
        ({"day": "Tuesday"}, Refusal.BAD_VALUE),
        ({"punches": tuple("abcdefghijklmnopq")}, Refusal.BAD_VALUE),
    ],
)
def test_what_is_no_case(fields: dict[str, object], why: Refusal) -> None:
    """By an inspector about others, on a working day that was."""
    day = AttendanceDay()
    assert report(day, **fields)[0] is why
    assert suspected(day) == []


def test_open_cases_are_asked_about_every_working_morning_and_nothing_else_is_carried(day: AttendanceDay) -> None:
    """The fold of the new day alone is the fold of everything; signed ones are asked of the leaders."""
    suspicious(day)
    day.at("11 08:59")
    assert day.asked(TaskKind.PROXY_CHECK) == []
    begins = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan))
    assert day.folded([day.facts[0], *day.facts[begins:]]) == day.hall == day.folded()
    day.at("11 09:00")
    assert len(day.asked(TaskKind.PROXY_CHECK)) == 1
    sign(day)
    day.at("12 09:00")
    assert (len(day.asked(TaskKind.PROXY_CHECK)), len(day.asked(TaskKind.PROXY_SIGN))) == (0, 1)
    countersign(day)
    day.advance(HallTime(day.now + 40 * 24 * 3_600_000))
    assert (day.hall.proxy.cases, day.hall.proxy.pairs, day.hall.proxy.pins) == ({}, {}, {})
