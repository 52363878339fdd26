"""Numbers of the machine's own: when they are given, what they count from, and that journal comes before paper."""

import re
from dataclasses import replace as altered

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contracts.messages import (
    HealthReported,
    Kept,
    OfflineTicketPrinted,
    OfflineTicketTaken,
    OfflineTicketUnprinted,
    RequestRefused,
    ServiceState,
    TicketHours,
    TicketIssued,
    TicketUnprinted,
)
from contracts.values import BootId, Condition, GroupId, HallTime, PrintProof, Refusal, RequestId, TicketId, TicketNo
from firmware.drivers.document import Align, Text
from firmware.drivers.lamps import Light, Pattern
from firmware.drivers.thermal_printer import JobFailed, Print, PrinterChanged
from kiosk.machine import Idle, Printing, Wish
from kiosk.numbers import OwnNumbers, next_number, note_of, remembered
from sim.kiosk_bench import DAY, NINE, SETTINGS, KioskBench

OFFLINE = ("网络暂时中断,您可以正常取号", "请选择您要办理的业务")
AWAY = ("系统恢复中,暂时不能取号,请您稍后再试",)
TIME = "取号时间"


def online() -> KioskBench:
    """A machine whose service lives and whose hall clock is certain."""
    bench = KioskBench()
    bench.heartbeats()
    return bench


def cut_off() -> KioskBench:
    """The same, a moment after the MQTT server went."""
    bench = online()
    bench.link_down()
    return bench


def issued(bench: KioskBench, no: str = "A007", *, request_id: str | None = None, copy: int = 0) -> TicketIssued:
    """The service's number for the last request, or for this one."""
    return TicketIssued(
        request_id=RequestId(request_id or bench.requests[-1].request_id),
        ticket=TicketId(f"2026-03-10/{no}"),
        no=TicketNo(no),
        group=GroupId(no[0]),
        service=None,
        issued_at=NINE,
        waiting=5,
        token="abcdefghijklmnopqrstuv",
        copy=copy,
        for_boot=bench.state.ids.boot,
    )


def texts(job: Print) -> list[str]:
    """What stands on a paper."""
    return [line.text for line in job.document if isinstance(line, Text)]


# --- When ----------------------------------------------------------------------------------------------------------------


def test_without_the_service_a_press_gets_a_number_of_the_machines_own_at_once() -> None:
    """Link down: the text line says so beforehand, nothing is asked, and the journal has the number before the printer."""
    bench = cut_off()
    assert bench.shown == OFFLINE
    bench.press("A")
    assert bench.requests == []
    taken, job = bench.done
    assert isinstance(taken, OfflineTicketTaken)
    assert isinstance(job, Print)
    assert (taken.no, taken.group, taken.care, taken.attempt_of, taken.waited_ms) == ("A2-01", "A", False, None, 0)
    assert taken.day == "2026-03-10"
    assert bench.shown[0] == "正在打印号票,请您稍候"
    assert bench.lights[-1] == Light("A", Pattern.BLINK)
    bench.paper_out()
    assert bench.shown == ("请取走您的号票,并留意叫号", "谢谢您的配合")
    assert bench.lights[-1] == Light("A", Pattern.OFF)
    printed = bench.done[-1]
    assert isinstance(printed, OfflineTicketPrinted)
    assert (printed.taken, printed.copy, printed.proof) == (taken.request_id, 0, PrintProof.CONFIRMED)
    bench.wait(5_000)
    assert bench.shown == OFFLINE


def test_no_heartbeat_for_fifteen_seconds_is_no_service() -> None:
    """The link may be up; a service that is not heard is not asked."""
    bench = online()
    bench.wait(15_000)
    assert bench.shown == OFFLINE
    bench.press("A")
    assert bench.requests == []
    assert bench.numbers == ["A2-01"]


def test_a_request_without_an_answer_becomes_an_own_number_after_one_and_a_half_seconds() -> None:
    """The press is named as the attempt, with how long it waited; whoever stands behind is not made to wait as long."""
    bench = online()
    bench.press("A")
    bench.press("B")
    bench.wait(1_499)
    assert bench.numbers == []
    bench.wait(1)
    assert [(one.attempt_of, one.waited_ms) for one in bench.taken] == [(bench.requests[0].request_id, 1_500)]
    bench.paper_out()
    assert bench.numbers == ["A2-01", "B2-01"]
    assert len(bench.requests) == 1
    bench.paper_out()
    bench.heartbeats()
    bench.press("A")
    assert len(bench.requests) == 2, "heard again, the service is asked again"


def test_the_care_key_counts_for_an_own_number_too() -> None:
    """爱心 first: the number is for the care channel, the next one is not."""
    bench = cut_off()
    bench.press("care")
    bench.take()
    bench.take()
    assert [one.care for one in bench.taken] == [True, False]


def test_without_settings_a_machine_cannot_print_at_all() -> None:
    """It has never heard of the hall: a clear refusal."""
    bench = KioskBench(settings=None)
    bench.press("A")
    assert bench.done == []
    assert bench.shown == AWAY


# --- What stands on it ---------------------------------------------------------------------------------------------------


def test_the_paper_says_what_it_can_know() -> None:
    """Number, business and place; the time by the hall clock; not how many wait; the rating code with a token of its own."""
    bench = cut_off()
    bench.wait(420_000)
    bench.take()
    said = texts(bench.jobs[0])
    assert "A2-01" in said
    assert "办理业务:企业开办与许可" in said
    assert "取号时间 2026-03-10 09:07" in said
    assert not any("前面等候" in line for line in said)
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", bench.taken[0].token)


def test_a_machine_that_does_not_know_the_time_leaves_it_out() -> None:
    """After a reboot without the service no time is better than a wrong one."""
    bench = KioskBench()
    bench.take()
    assert not any(line.startswith(TIME) for line in texts(bench.jobs[0]))
    assert bench.taken[0].day is None


def test_one_old_heartbeat_is_no_clock() -> None:
    """The retained one may be of yesterday: neither time nor day are taken from it."""
    only_first = KioskBench(hall_at_zero=HallTime(NINE - DAY))
    only_first.hear(ServiceState(epoch=1, boot=BootId("f" * 16), hall_now=only_first.hall_at_zero))
    only_first.link_down()
    only_first.take()
    assert only_first.taken[0].day is None


def test_tokens_differ_between_tickets_and_lives_and_cannot_be_told_from_the_id() -> None:
    """Whoever knows the request id, which is no secret, still does not know the token."""
    one, other = cut_off(), cut_off()
    tokens = {bench.take().token for bench in (one, other, one)}
    assert len(tokens) == 2, "same secret, same id: same token; another id: another"
    one.start()
    assert one.take().token not in tokens


# --- Numbers -------------------------------------------------------------------------------------------------------------


def test_groups_count_for_themselves_and_three_digits_follow_ninety_nine() -> None:
    """A2-01, B2-01, A2-02 ... A2-99, A2-100."""
    bench = cut_off()
    for _ in range(100):
        bench.take("A")
    bench.take("B")
    assert bench.numbers[:2] == ["A2-01", "A2-02"]
    assert bench.numbers[98:] == ["A2-99", "A2-100", "B2-01"]


@pytest.mark.parametrize("is_answered", [False, True])
def test_counting_goes_on_after_a_restart(is_answered: bool) -> None:
    """Whether the service has had the tickets meanwhile or not: the journal knows how far it was."""
    bench = cut_off()
    bench.take()
    bench.take()
    if is_answered:
        bench.answered(*bench.journal.rows.values())
    bench.start()
    bench.take()
    assert bench.numbers == ["A2-01", "A2-02", "A2-03"]


def test_a_new_day_by_the_hall_clock_starts_anew() -> None:
    """In one life across midnight, and in a new life as soon as the hall clock is certain."""
    bench = cut_off()
    bench.take()
    bench.wait(DAY)
    bench.take()
    assert [(one.day, one.no) for one in bench.taken] == [("2026-03-10", "A2-01"), ("2026-03-11", "A2-01")]
    bench.start(HallTime(NINE + 2 * DAY))
    bench.heartbeats()
    bench.link_down()
    bench.take()
    assert (bench.taken[-1].day, bench.taken[-1].no) == ("2026-03-12", "A2-01")


def test_on_an_unknown_day_counting_goes_on_and_the_day_it_turns_out_to_be_includes_it() -> None:
    """Tuesday A2-01; rebooted, day unknown: A2-02; it was Wednesday, which goes on with A2-03; Thursday begins anew."""
    bench = cut_off()
    bench.take()
    bench.start(HallTime(NINE + DAY))
    bench.take()
    bench.heartbeats()
    bench.link_down()
    bench.take()
    bench.wait(DAY)
    bench.take()
    assert [(one.day, one.no) for one in bench.taken] == [
        ("2026-03-10", "A2-01"),
        (None, "A2-02"),
        ("2026-03-11", "A2-03"),
        ("2026-03-12", "A2-01"),
    ]


def test_a_replaced_storage_goes_on_from_what_the_service_confirmed() -> None:
    """A new SD card with the retained settings: the next number is above the highest the service has stored today."""
    settings = replace(SETTINGS, day="2026-03-10", offline_counts={GroupId("A"): 7})
    bench = KioskBench(settings=settings)
    assert bench.take("A").no == "A2-08"
    assert bench.take("B").no == "B2-01"
    known = KioskBench(settings=settings, hall_at_zero=HallTime(NINE + DAY))
    known.heartbeats()
    known.link_down()
    assert known.take("A").no == "A2-01", "what was confirmed for yesterday does not count today"


def test_a_note_that_cannot_be_read_is_made_good_by_the_rows() -> None:
    """Unanswered rows alone tell how far the machine was."""
    bench = cut_off()
    for _ in range(3):
        bench.take()
    assert remembered(b"\xff", bench.journal.rows.values()) == OwnNumbers("2026-03-10", {GroupId("A"): 3})


DAYS = st.sampled_from([None, *(f"2026-03-{day:02d}" for day in range(10, 15))])


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 2), st.booleans(), st.booleans()), max_size=60))
def test_no_number_repeats_on_any_day_through_any_reboots(story: list[tuple[str, int, bool, bool]]) -> None:
    """Days pass, the machine restarts, knows the day or not, loses its note or its rows: never one number twice a day."""
    day, numbers, rows = 10, OwnNumbers(), list[Kept]()
    given: set[tuple[int, str]] = set()
    for index, (group, days, knows, loses_note) in enumerate(story):
        day += days
        today = f"2026-03-{day:02d}" if knows and day < 32 else None
        no, numbers = next_number(numbers, GroupId(group), today, SETTINGS)
        assert (day, no) not in given
        given.add((day, no))
        rows.append(_row(index, no, numbers.day))
        numbers = remembered(b"" if loses_note else note_of(numbers), rows if loses_note else ())


def _row(index: int, no: TicketNo, day: str | None) -> OfflineTicketTaken:
    return OfflineTicketTaken(
        request_id=RequestId(f"TM-02/{'0' * 16}/{index}"), no=no, group=GroupId(no[0]), care=False, token="t" * 22, day=day
    )


# --- The journal ---------------------------------------------------------------------------------------------------------


def test_a_full_journal_is_a_clear_refusal_and_no_paper() -> None:
    """No row, no byte: the sentence, the flash, word to the service; with room again the machine goes on."""
    bench = cut_off()
    bench.journal.is_full = True
    bench.press("A")
    assert bench.done == []
    assert bench.shown == AWAY
    assert bench.lights[-1] == Light("A", Pattern.FLASH)
    assert bench.state.situation == Idle()
    assert [one.code for one in bench.said if isinstance(one, HealthReported) and one.part == "journal"] == [
        "journal_failed"
    ]
    assert not [one for one in bench.said if isinstance(one, OfflineTicketTaken)], (
        "a number that was never given is not told"
    )
    bench.journal.is_full = False
    bench.take()
    assert len(bench.jobs) == 1


def test_a_journal_that_fails_for_one_paper_does_not_take_the_next_for_printed() -> None:
    """The proof of A cannot be kept in the very step in which B's turn comes: B is refused, and nobody waits for ever."""
    bench = cut_off()
    bench.press("A")
    bench.press("B")
    bench.journal.is_full = True
    bench.paper_out()
    assert bench.state.situation == Idle()
    assert bench.state.waited_for() == frozenset()
    assert len(bench.jobs) == 1
    assert any(isinstance(one, OfflineTicketPrinted) for one in bench.said), "said once, if it cannot be kept"


def test_after_a_restart_an_unproved_number_is_printed_again_as_a_copy() -> None:
    """Killed between journal and proof: 补打1, told as copy 1; a proved one is not printed again."""
    bench = cut_off()
    bench.take("B")
    bench.press("A")
    bench.start()
    assert len(bench.jobs) == 3
    assert Text("补打1", align=Align.CENTRE, bold=True) in bench.jobs[-1].document
    bench.paper_out()
    again = bench.done[-1]
    assert isinstance(again, OfflineTicketPrinted)
    assert (again.taken, again.copy) == (bench.taken[1].request_id, 1)
    assert bench.numbers == ["B2-01", "A2-01"]


def test_an_unproved_number_of_yesterday_is_not_printed_again_today() -> None:
    """It would only puzzle the first visitor of the day."""
    bench = cut_off()
    bench.press("A")
    bench.journal.rows = {
        name: replace(row, stamp=replace(row.stamp, heard_hall_at=NINE, heard_monotonic_ms=0))
        for name, row in bench.journal.rows.items()
        if row.stamp is not None
    }
    bench.settings = None
    bench.start(HallTime(NINE + DAY))
    bench.heartbeats()
    bench.hear(SETTINGS)
    assert len(bench.jobs) == 1


# --- The printer ---------------------------------------------------------------------------------------------------------


def test_a_paper_that_never_began_is_burnt_and_the_person_told() -> None:
    """Nothing on paper: the number is void with the printer's reason."""
    bench = cut_off()
    bench.press("A")
    bench.printer(PrinterChanged(Condition.FAULT, "paper_out"))
    bench.printer(JobFailed(bench.jobs[-1].job, "not_ready", anything_printed=False))
    burnt = bench.done[-1]
    assert isinstance(burnt, OfflineTicketUnprinted)
    assert (burnt.taken, burnt.reason) == (bench.taken[0].request_id, "not_ready")
    assert bench.shown[0].startswith("本机暂停使用")


def test_a_paper_that_may_have_begun_comes_out_again_under_its_number() -> None:
    """Partly on paper: 补打1 of the same number once the printer is well."""
    bench = cut_off()
    bench.press("A")
    bench.paper_fails(anything_printed=True)
    assert Text("补打1", align=Align.CENTRE, bold=True) in bench.jobs[-1].document
    bench.paper_out()
    assert [(one.copy, type(one)) for one in bench.done[-1:] if isinstance(one, OfflineTicketPrinted)] == [
        (1, OfflineTicketPrinted)
    ]
    assert bench.numbers == ["A2-01"]


def test_a_machine_that_cannot_print_gives_no_number() -> None:
    """Offline and out of paper: out of service, nothing journalled; a silent service does not change that."""
    bench = cut_off()
    bench.printer(PrinterChanged(Condition.FAULT, "paper_out"))
    bench.press("A")
    assert bench.done == []
    other = online()
    other.press("A")
    other.printer(PrinterChanged(Condition.FAULT, "paper_out"))
    other.wait(1_500)
    assert other.done == []
    assert other.shown[0].startswith("本机暂停使用")


# --- The service comes back ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_reborn", [False, True])
@pytest.mark.parametrize("copy", [0, 1])
def test_a_late_number_for_a_press_that_has_its_paper_is_absorbed(copy: int, is_reborn: bool) -> None:
    """Neither printed nor burnt, in this life or the next: the service learns of both from the own number's message."""
    bench = online()
    bench.press("A")
    late = issued(bench, copy=copy)
    bench.wait(1_500)
    bench.paper_out()
    if is_reborn:
        bench.start()
    before = len(bench.done)
    bench.hear(late)
    assert len(bench.done) == before
    assert not any(isinstance(one, TicketUnprinted) for one in bench.done)


def test_a_number_that_comes_before_the_own_one_was_given_is_printed() -> None:
    """A wish without an answer that must still wait for its turn takes the late answer: it is still in time."""
    bench = online()
    bench.press("A")
    wish = Wish(GroupId("A"), care=False, attempt_of=bench.requests[-1].request_id, asked_at=0)
    bench.state = altered(bench.state, situation=Idle(), wishes=(wish,))
    bench.hear(issued(bench))
    assert isinstance(bench.state.situation, Printing)
    assert [job.job for job in bench.jobs] == ["2026-03-10/A007#0"]
    assert bench.taken == []


def test_a_refusal_after_the_paper_is_nobodys() -> None:
    """The service says no to a press that has its own number: the number stands, the person keeps it."""
    bench = online()
    bench.press("A")
    bench.wait(1_500)
    bench.hear(RequestRefused(request_id=bench.requests[0].request_id, reason=Refusal.CLOSED_TODAY))
    bench.paper_out()
    assert bench.numbers == ["A2-01"]
    assert bench.shown[0].startswith("请取走")


def test_a_reprint_ordered_by_the_service_is_known_as_the_machines_own() -> None:
    """The order names the message: printed or about to be, the same copy comes out once; a higher one is printed."""
    bench = cut_off()
    bench.press("A")
    bench.start()
    bench.hear(issued(bench, "A2-01", request_id=bench.taken[0].request_id, copy=1))
    bench.paper_out()
    bench.hear(issued(bench, "A2-01", request_id=bench.taken[0].request_id, copy=1))
    assert len(bench.jobs) == 2
    bench.hear(issued(bench, "A2-01", request_id=bench.taken[0].request_id, copy=2))
    assert [job.job for job in bench.jobs[2:]] == ["2026-03-10/A2-01#2"]


# --- Hours ---------------------------------------------------------------------------------------------------------------

HOUR = 3_600_000
HOURS = (
    TicketHours(opens=HallTime(NINE - HOUR // 4), closes=HallTime(NINE + 8 * HOUR)),
    TicketHours(opens=HallTime(NINE + 3 * DAY - HOUR // 4), closes=HallTime(NINE + 3 * DAY + 8 * HOUR)),
)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (-HOUR, ("今日08:45开始取号,请您稍候",)),
        (0, None),
        (8 * HOUR - 60_000, None),
        (8 * HOUR, ("今日取号已结束,您可以预约其他时间,预约不收取任何费用",)),
        (DAY, ("今日休息,3月13日恢复服务",)),
        (3 * DAY, None),
        (3 * DAY + 9 * HOUR, ("今日取号已结束,您可以预约其他时间,预约不收取任何费用",)),
        (4 * DAY, None),
    ],
)
def test_hours_of_the_settings_hold_while_the_time_is_known(at: int, shown: tuple[str, ...] | None) -> None:
    """Before, after and on a rest day the text line and a press say so; beyond what the settings know, tickets are given."""
    bench = KioskBench(settings=replace(SETTINGS, day="2026-03-10", hours=HOURS), hall_at_zero=HallTime(NINE + at))
    bench.heartbeats()
    bench.link_down()
    assert bench.shown == (shown or OFFLINE)
    bench.press("A")
    assert len(bench.taken) == (1 if shown is None else 0)
    if shown is not None:
        assert bench.shown == shown
        assert bench.lights[-1] == Light("A", Pattern.FLASH)


def test_the_text_line_follows_the_hours_without_the_service() -> None:
    """At closing time the offer ends by itself."""
    bench = KioskBench(settings=replace(SETTINGS, hours=HOURS), hall_at_zero=HallTime(NINE + 8 * HOUR - 60_000))
    bench.heartbeats()
    bench.link_down()
    assert bench.shown == OFFLINE
    bench.wait(60_000)
    assert bench.shown[0].startswith("今日取号已结束")


def test_without_a_clock_hours_cannot_be_checked() -> None:
    """Rather one ticket too many than a citizen sent away by a wrong clock."""
    bench = KioskBench(settings=replace(SETTINGS, hours=HOURS), hall_at_zero=HallTime(NINE - 4 * HOUR))
    assert bench.take().no == "A2-01"


# --- Laws ----------------------------------------------------------------------------------------------------------------

ACTS = st.sampled_from(
    ["A", "B", "care", "answer", "late", "out", "fails", "kill", "cut", "beat", "wait", "day", "full", "room"]
)


@given(st.lists(ACTS, max_size=60))
def test_any_story_keeps_the_promises_of_paper_and_journal(story: list[str]) -> None:
    """Journal before paper; no number twice a day; one ticket a press; at rest nobody waits."""
    bench = online()
    for act in story:
        _do(bench, act)
        if isinstance(bench.state.situation, Idle):
            assert bench.state.waited_for() == frozenset()
        assert bench.state.situation == Idle() or bench.jobs or bench.requests
    _check(bench)


def _do(bench: KioskBench, act: str) -> None:  # noqa: C901 -- one act, one line
    situation = bench.state.situation
    match act:
        case "A" | "B" | "care":
            bench.press(act)
        case "answer" | "late" if bench.requests:
            which = bench.requests[-1 if act == "answer" else 0]
            no = f"{which.group}{int(which.request_id.rpartition('/')[2]) + 100 * bench.lives:03d}"
            bench.hear(issued(bench, no, request_id=which.request_id))
        case "out" if isinstance(situation, Printing):
            bench.paper_out()
        case "fails" if isinstance(situation, Printing):
            bench.paper_fails(anything_printed=len(bench.jobs) % 2 == 0)
        case "kill":
            bench.start(HallTime(bench.hall_at_zero + bench.now))
        case "cut":
            bench.link_down()
        case "beat":
            bench.heartbeats()
        case "wait":
            bench.wait(2_000)
        case "day":
            bench.wait(DAY)
        case "full" | "room":
            bench.journal.is_full = act == "full"
        case _:
            pass


def _check(bench: KioskBench) -> None:
    known: set[str] = set()
    for one in bench.done:
        if isinstance(one, OfflineTicketTaken):
            known.add(one.request_id)
        elif isinstance(one, Print) and one.job.startswith("TM-02/"):
            assert one.job.partition("#")[0] in known, "paper before journal"
    numbers = [(one.day, one.no) for one in bench.taken]
    assert len(set(numbers)) == len(numbers)
    attempts = [one.attempt_of for one in bench.taken if one.attempt_of is not None]
    assert len(set(attempts)) == len(attempts)
    firsts = [job.job for job in bench.jobs if job.job.endswith("#0")]
    assert len(set(firsts)) == len(firsts)
