"""The posts on the demo day, to the second: S101 pauses and comes back, S103 is on leave, the outing of the afternoon."""

import pytest

from broker.rules import facts as f
from contracts import messages as m
from contracts.values import CounterId, CounterPhase, CoverMode, SessionId, StaffNo, TaskKind
from sim.rules_day import RulesDay, hall_text

W02, W03 = CounterId("W02"), CounterId("W03")
WORK = {"W02": "S101", "W03": "S102", "W04": "S105", "W05": "S106", "W06": "S107", "W07": "S108", "W08": "S111"}
WORK |= {"W09": "S112", "W10": "S114", "W11": "S116", "W12": "S117"}


@pytest.fixture
def day() -> RulesDay:
    """The demo hall; S103 has leave, everybody else is at their counter at 08:58."""
    began = RulesDay(hall_text("demo-hall"), "08:30")
    began.away("S103", "09:00", "17:30", "annual", actor="S001")
    began.at("08:58")
    for counter, staff in WORK.items():
        began.login(counter, staff)
    return began


def facts(day: RulesDay, kind: type[f.Fact]) -> list[tuple[str, f.Fact]]:
    """Every fact of a kind, with its time of day."""
    midnight = day.time("00:00")
    clock = [((one.at - midnight) // 1000, one.fact) for one in day.facts if isinstance(one.fact, kind)]
    return [(f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}", fact) for s, fact in clock]


def notes(day: RulesDay, counter: str) -> dict[str, dict[str, str]]:
    """The sentences on a terminal."""
    return {one.key: one.values for one in day.desk_state(counter).notes}


def test_leave_asks_the_b_a_quarter_of_an_hour_before() -> None:
    """AB-1: S103 has leave, so S104 is asked for W01 at 08:45:00, and the duty leader is told; nothing at 08:44:59."""
    day = RulesDay(hall_text("demo-hall"), "08:00")
    day.away("S103", "09:00", "17:30")
    day.at("08:44:59")
    assert not day.asked(TaskKind.ACT)
    day.at("08:45")
    (task,) = day.asked(TaskKind.ACT)
    assert (task.counter, task.opened_at, task.ladder) == (
        "W01",
        day.time("08:45"),
        (f.Rung(after=0, roles=("duty_leader",), staff=(StaffNo("S104"),)),),
    )
    assert task.values == {"w": "1", "a": "高洁", "b": "何静"}
    assert notes(day, "W01") == {"con.ab.prompt": {"a": "高洁"}}
    day.login("W01", "S104")
    day.at("08:45:01")
    assert not day.asked(TaskKind.ACT)
    assert facts(day, f.TaskClosed)[-1][1] == f.TaskClosed(task=task.id, why="settled")


def test_b_who_acts_is_shown_with_the_main_person(day: RulesDay) -> None:
    """COND-8, AB-2: the pad has 何静 S104 and, for the line below, whom she acts for; the sign knows that a B sits there."""
    day.login("W01", "S104")
    state, board = day.desk_state("W01"), day.board("W01")
    assert (state.staff, state.staff_name, state.a_name) == ("S104", "何静", "高洁")
    assert (board.acting, board.staff) == (True, "S104")
    assert f.StaffLoggedIn(counter=CounterId("W01"), staff=StaffNo("S104"), post_owner=StaffNo("S103"), acting=True) in [
        one.fact for one in day.facts
    ]
    assert (day.desk_state("W02").a_name, day.board("W02").acting) == (None, False)


def test_pause_without_reason_is_found_at_ten_past(day: RulesDay) -> None:
    """HALL-11.1: S101 pauses W02 at 10:00; at 10:10:00 S102 is asked, at 10:15:00 the duty leader; a clue is kept."""
    day.login("W01", "S104")
    day.at("10:00")
    day.pause("W02")
    day.at("10:09:59")
    assert not day.asked(TaskKind.VACANCY)
    day.at("10:10")
    (task,) = day.asked(TaskKind.VACANCY)
    assert (task.counter, task.values, task.level) == ("W02", {"w": "2", "m": "10"}, 0)
    assert [(rung.staff, rung.roles, rung.after) for rung in task.ladder] == [
        (("S102",), (), 0),
        ((), ("duty_leader",), 300_000),
    ]
    clue = f.CounterVacant(counter=W02, post="P02", since=day.time("10:00"), staff=StaffNo("S101"))
    assert facts(day, f.CounterVacant) == [("10:10:00", clue)]
    assert notes(day, "W03") == {"con.vacant": {"w": "2", "m": "10"}}
    day.at("10:14:59")
    assert task.level == 0
    day.at("10:15")
    assert task.level == 1
    assert not day.asked(TaskKind.ACT)


def test_merge_until_the_main_person_is_back(day: RulesDay) -> None:
    """AB-4.6, demo day 10:10-10:14: S102 calls for both, LED-W02 sends to 3; S101 is back and each is for itself."""
    day.login("W01", "S104")
    day.at("10:00")
    day.pause("W02")
    day.at("10:11")
    day.cover("W03", "W02")
    assert not day.asked(TaskKind.VACANCY)
    board, state = day.board("W02"), day.desk_state("W03")
    assert (board.phase, board.go_to) == (CounterPhase.PAUSED, "W03")
    assert (state.covers, state.notes) == ("W02", ())
    ticket = day.take("A")
    assert day.call("W03") == ticket.no
    day.start("W03")
    day.at("10:14")
    day.resume("W02")
    assert facts(day, f.CoverEnded) == [
        ("10:14:00", f.CoverEnded(counter=W03, covered=W02, staff=StaffNo("S102"), why="returned"))
    ]
    assert (day.board("W02").phase, day.board("W02").go_to) == (CounterPhase.FREE, None)
    assert (day.desk_state("W03").covers, day.desk_state("W03").ticket) == (None, ticket.no)
    day.at("11:00")
    assert not day.asked(TaskKind.VACANCY)


def test_outing_taken_over_and_handed_back_after_the_ticket(day: RulesDay) -> None:
    """Demo day 13:52-16:24: S102 sits at W02, LED-W03 sends to 2, sessions are of S101's post; they change after hers."""
    day.at("13:40")
    day.away("S101", "14:00", "16:00", "meeting")
    day.at("13:52")
    day.cover("W03", "W02", CoverMode.TAKEOVER)
    assert (day.board("W03").phase, day.board("W03").go_to) == (CounterPhase.PAUSED, "W02")
    day.login("W02", "S101")
    day.at("13:53")
    day.login("W02", "S102")
    assert (day.board("W03").phase, day.board("W03").go_to) == (CounterPhase.CLOSED, "W02")
    assert (day.board("W02").acting, day.desk_state("W02").a_name, day.desk_state("W02").covers) == (True, "张敏", "W03")
    assert not day.asked(TaskKind.ACT, "W02")
    day.at("14:30")
    assert not day.asked(TaskKind.ACT, "W02")
    assert not day.asked(TaskKind.VACANCY, "W03")
    day.take("A")
    day.call("W02")
    session = day.serve("W02")
    day.at("14:30:30")
    day.do("PAD-W02", m.RatingSubmitted, session=session, level=2)
    rated = day.facts[-1].fact
    assert isinstance(rated, f.RatingRecorded)
    assert (rated.staff, rated.post_owner, rated.counter, rated.level) == ("S102", "S101", "W02", 2)

    day.take("A")
    day.at("16:10")
    day.call("W02")
    day.start("W02")
    day.at("16:20")
    day.login("W02", "S101")
    assert notes(day, "W02") == {"con.ab.wait": {}}
    assert day.desk_state("W02").staff == "S102"
    day.at("16:24")
    day.finish("W02")
    assert (day.desk_state("W02").staff, day.desk_state("W02").a_name, day.desk_state("W02").notes) == ("S101", None, ())
    assert facts(day, f.CoverEnded)[-1] == (
        "16:24:00",
        f.CoverEnded(counter=W03, covered=W02, staff=StaffNo("S102"), why="returned"),
    )
    assert day.hall.sessions[SessionId(session)].post_owner == "S101"
    day.login("W03", "S102")
    assert day.board("W03").phase is CounterPhase.FREE


def test_training_is_covered_from_where_the_b_acts_already(day: RulesDay) -> None:
    """Demo day 16:00: S105 is in training, S104 sits at W01 for S103 and calls W04's group there; LED-W04 sends to 1."""
    day.login("W01", "S104")
    day.at("15:50")
    day.away("S105", "16:00", "17:30", "training", actor="S001")
    day.at("15:59")
    day.login("W04", "S105")
    day.at("16:00")
    (task,) = day.asked(TaskKind.ACT, "W04")
    assert notes(day, "W01") == {"con.ab.prompt": {"a": "郭强"}}
    day.cover("W01", "W04")
    assert not day.asked(TaskKind.ACT, "W04")
    assert day.board("W04").go_to == "W01"
    assert task.opened_at == day.time("16:00")
    day.take("B", service="SV06")
    day.call("W01")
    day.start("W01")
    started = day.facts[-1].fact
    assert isinstance(started, f.ServiceStarted)
    assert (started.staff, started.post_owner) == ("S104", "S103")
