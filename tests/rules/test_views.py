"""What boards, desks and nodes are told of the hall."""

from typing import TypeVar

import pytest

from broker.rules.hall import empty_hall
from broker.rules.views import settings, views
from contracts import codec
from contracts import messages as m
from contracts.cards import card_hash
from contracts.topics import Topics
from contracts.values import CounterPhase, HallId, HallPhase, NodeName
from sim.rules_day import RulesDay, hall_text

HALL = HallId("yongan-small")
KEY = b"k" * 32
State = TypeVar("State", bound=m.Message)


@pytest.fixture
def day() -> RulesDay:
    """The small hall at nine, W02 staffed, with the rule book's own waits."""
    text = hall_text("demo-small").replace("recall_gap_s = 4\n", "").replace("noshow_after_s = 6\n", "")
    opened = RulesDay(text)
    opened.login("W02", "S102")
    opened.at("09:00")
    return opened


def desk(day: RulesDay, counter: str = "W02") -> m.DeskState:
    """What terminal and pad of a counter hear."""
    state = views(day.hall, HALL)[f"hall/v1/{HALL}/desk/{counter}"]
    assert isinstance(state, m.DeskState)
    return state


def board(day: RulesDay, counter: str = "W02") -> m.CounterBoard:
    """What the public hears of a counter."""
    state = views(day.hall, HALL)[f"hall/v1/{HALL}/board/counter/{counter}"]
    assert isinstance(state, m.CounterBoard)
    return state


def test_nothing_is_said_before_the_first_day() -> None:
    """An empty hall has no state to show."""
    assert views(empty_hall(), HALL) == {}


def test_every_state_travels_on_its_own_topic(day: RulesDay) -> None:
    """One state each for the hall, the staff, every group, counter and desk, all of them decodable where they stand."""
    states = views(day.hall, HALL)
    assert len(states) == 2 + 2 + 3 + 3
    for topic, state in states.items():
        assert codec.decode(topic, codec.encode(state)) == state


def test_hall_board_says_when_it_changes(day: RulesDay) -> None:
    """The part of the day, its beginning and its end."""
    state = views(day.hall, HALL)[Topics(HALL).hall_board]
    assert state == m.HallBoard(
        epoch=0,
        fact=0,
        phase=HallPhase.OPEN,
        next_at=day.time("12:00"),
        since=day.time("09:00"),
        near_close_at=day.time("17:15"),
    )


def test_queue_board_counts_everyone_who_waits(day: RulesDay) -> None:
    """Also those whose paper is just being printed; not those called."""
    day.take("A")
    day.press("A")
    day.take("B")
    day.call("W02")
    counts = {one.group: one.waiting for one in views(day.hall, HALL).values() if isinstance(one, m.QueueBoard)}
    assert counts == {"A": 1, "B": 1}


def test_desk_counts_whom_this_clerk_can_call(day: RulesDay) -> None:
    """W02 serves group A; an unprinted ticket cannot be called yet."""
    day.take("A")
    day.press("A")
    day.take("B")
    assert desk(day).waiting == 1
    assert desk(day, "W01").waiting == 2


def test_call_shows_on_board_and_desk(day: RulesDay) -> None:
    """Number and announcement for the public; for the clerk also when to call again, and that help is welcome."""
    ticket = day.take("A", care=True)
    day.call("W02")
    public, own = board(day), desk(day)
    assert (public.phase, public.ticket, public.call) == (CounterPhase.CALLED, ticket.no, f"{ticket.id}/c1")
    assert (public.announcement, public.announced_at, public.last) == (1, day.now, False)
    assert (public.staff, public.staff_name) == ("S102", "李娜")
    assert (own.care, own.recall_at, own.no_show_at) == (True, day.time("09:00:20"), None)


def test_last_call_says_so_and_names_the_time_of_no_show(day: RulesDay) -> None:
    """D9: the third announcement is the last; 60 s later the clerk may give up."""
    day.take("A")
    day.call("W02")
    for clock in ("09:00:20", "09:00:40"):
        assert not board(day).last
        day.at(clock)
        day.do("TRM-W02", m.RecallRequested, call=day.call_id("W02"))
    assert board(day).last
    assert board(day).announced_at == day.time("09:00:40")
    assert (desk(day).recall_at, desk(day).no_show_at) == (None, day.time("09:01:40"))


def test_public_never_learns_why_somebody_is_first(day: RulesDay) -> None:
    """CARE-3.3, 0.3: boards look the same for a care ticket as for any other, number and call id apart."""
    normal = board_of_called(day, care=False)
    care = board_of_called(day, care=True)
    assert "care" not in normal
    assert care == normal.replace("A001", "A002")


def board_of_called(day: RulesDay, *, care: bool) -> str:
    """The bytes the public gets when a ticket is called now."""
    day.take("A", care=care)
    day.call("W02")
    payload = codec.encode(board(day)).decode()
    day.serve("W02")
    return payload


def test_served_visitor_stays_on_the_desk_until_the_end(day: RulesDay) -> None:
    """The terminal learns the session to finish; nothing is armed meanwhile."""
    ticket = day.take("A")
    day.call("W02")
    day.start("W02")
    state = desk(day)
    assert (state.phase, state.ticket, state.session) == (CounterPhase.SERVING, ticket.no, f"{ticket.id}/s1")
    assert (state.arm_until, state.recall_at, state.no_show_at) == (None, None, None)


def test_pad_is_armed_by_a_finished_visit_also_while_the_next_is_called(day: RulesDay) -> None:
    """EVAL-6.1: session and window stay on the desk for the minute, and then go by themselves."""
    day.take("A")
    day.take("A")
    day.call("W02")
    session = day.serve("W02")
    assert (desk(day).session, desk(day).arm_until, desk(day).rated) == (session, day.time("09:01"), False)
    day.call("W02")
    assert (desk(day).phase, desk(day).session, desk(day).arm_until) == (CounterPhase.CALLED, session, day.time("09:01"))
    day.do("PAD-W02", m.RatingSubmitted, session=session, level=5)
    assert desk(day).rated
    day.at("09:01:03")
    assert (desk(day).session, desk(day).arm_until, desk(day).rated) == (None, None, False)


def test_next_session_is_never_armed_with_the_last_ones_window(day: RulesDay) -> None:
    """A pad can rate only the session it is armed for: while the next visitor is served the desk is about them."""
    day.take("A")
    second = day.take("A")
    day.call("W02")
    day.serve("W02")
    day.call("W02")
    day.start("W02")
    assert (desk(day).session, desk(day).arm_until) == (f"{second.id}/s1", None)


def test_empty_counter_sends_visitors_to_one_that_works(day: RulesDay) -> None:
    """wled.goto: W02's visitors go to W01 while W02 is paused, but nobody is sent to an empty counter."""
    day.do("TRM-W02", m.PauseRequested)
    assert board(day).go_to is None
    day.login("W01", "S101")
    assert (board(day).phase, board(day).go_to) == (CounterPhase.PAUSED, "W01")
    assert board(day, "W03").go_to == "W01"
    day.do("TRM-W02", m.ResumeRequested)
    assert board(day).go_to is None


def test_empty_counter_prefers_one_of_its_kind() -> None:
    """W02 empty: W03 is a reception counter too, W01 is kept for care and green."""
    day = RulesDay(hall_text("demo-hall"))
    day.login("W01", "S103")
    assert board_in(day, "W02").go_to == "W01"
    day.login("W03", "S102")
    assert board_in(day, "W02").go_to == "W03"


def board_in(day: RulesDay, counter: str) -> m.CounterBoard:
    """A counter's board in the demo hall."""
    state = views(day.hall, HallId("yongan"))[f"hall/v1/yongan/board/counter/{counter}"]
    assert isinstance(state, m.CounterBoard)
    return state


# --- Settings ------------------------------------------------------------------------------------------------------------


def told(day: RulesDay, node: str, kind: type[State]) -> State:
    """The settings of a node."""
    message = settings(day.hall, KEY)[NodeName(node)]
    assert isinstance(message, kind)
    return message


def test_settings_carry_the_hotline_and_the_configuration_they_are_of(day: RulesDay) -> None:
    """PROM-6: every node that prints or shows the hotline has it; all fit their topic."""
    found = settings(day.hall, KEY)
    for node, message in found.items():
        assert (message.hotline, message.hash) == ("0000-12345678", day.hall.in_force.hash)
        assert codec.decode(Topics(HALL).settings(node), codec.encode(message)) == message
    assert set(found) == {"TM-01", "LED-00", "CLK-01", *(f"{kind}-W0{n}" for kind in ("TRM", "PAD") for n in (1, 2, 3))}


def test_machine_learns_groups_counters_and_the_next_machine() -> None:
    """Standby counters are not printed as a place of a group; with two machines each names the other."""
    day = RulesDay(hall_text("demo-hall"))
    first, second = told(day, "TM-01", m.KioskSettings), told(day, "TM-02", m.KioskSettings)
    assert (first.ordinal, second.ordinal) == (1, 2)
    assert (first.elsewhere, second.elsewhere) == ("大厅入口西", "大厅入口东")
    assert [one.id for one in first.groups] == list("ABCDEFGH")
    assert first.groups[0].counters == ("W01", "W02", "W03")
    assert (first.rating_url, first.rating_days) == ("https://yongan.example/r/", 30)


def test_only_machine_names_no_other(day: RulesDay) -> None:
    """There is nowhere else to go."""
    assert told(day, "TM-01", m.KioskSettings).elsewhere == ""


def test_display_learns_its_signs_and_buses() -> None:
    """Twelve signs on two buses, each with its own address."""
    signs = told(RulesDay(hall_text("demo-hall")), "LED-00", m.DisplaySettings).signs
    assert [one.bus for one in signs] == ["rs485-1"] * 6 + ["rs485-2"] * 6
    assert len({one.address for one in signs}) == 12
    assert signs[0].name_zh == "爱心绿色"


def test_card_numbers_leave_the_service_only_as_hashes(day: RulesDay) -> None:
    """The clock's roster knows keyed hashes; no settings and no state hold a card number."""
    roster = told(day, "CLK-01", m.ClockSettings).roster
    assert card_hash(KEY, "04A1000101") in {one.card for one in roster}
    everything = [*settings(day.hall, KEY).values(), *views(day.hall, HALL).values()]
    assert not any(b"04A1" in codec.encode(one) for one in everything)


def test_the_clock_learns_which_absence_is_an_outing() -> None:
    """By ``outing_kinds`` of the configuration, so that a kind of the hall's own counts too (ATT-6)."""
    kinds = 'outing_kinds = ["outing", "inspection"]'
    day = RulesDay(hall_text("demo-hall").replace("[params.attendance]", f"[params.attendance]\n{kinds}", 1))
    day.away("S101", "09:00", "10:00", "inspection")
    day.away("S102", "09:00", "10:00", "annual")
    assert {one.kind: one.outing for one in told(day, "CLK-01", m.ClockSettings).away} == {
        "inspection": True,
        "annual": False,
    }


def test_terminal_and_pad_learn_their_counter(day: RulesDay) -> None:
    """From hall.toml, not from their own file."""
    assert told(day, "TRM-W03", m.CounterSettings).counter == "W03"
    assert told(day, "PAD-W03", m.PadSettings).counter == "W03"
