"""The ticket machine, happening by happening: keys, refusals, the parts of the day, and the law that no press is lost."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from contracts.messages import (
    HallBoard,
    HealthReported,
    OfflineTicketTaken,
    RequestRefused,
    TicketHours,
    TicketIssued,
    TicketPrinted,
    TicketRequested,
    TicketUnprinted,
)
from contracts.values import (
    Condition,
    GroupId,
    HallPhase,
    HallTime,
    PrintProof,
    Refusal,
    RequestId,
    TicketId,
)
from firmware.drivers.buttons import Held, Released, Stuck, Unstuck
from firmware.drivers.lamps import Light, Pattern
from firmware.drivers.thermal_printer import JobFailed, Print, Printed
from firmware.runtime.steps import (
    Keep,
    LinkUp,
    Note,
    Reported,
    Say,
    Tell,
)
from kiosk.machine import AwaitingNumber, Idle
from sim.kiosk_alone import (
    AWAY,
    FAULT,
    IDLE,
    NOW_IN_HALL,
    PRINTING,
    SETTINGS,
    TAKE,
    WELL,
    Kiosk,
    awaiting,
    printing,
    ready,
    ticket,
)

# --- The visit that goes well --------------------------------------------------------------------------------------------


def test_a_visit_from_press_to_thanks() -> None:
    """Press: asked at once, key blinks. Number: printed. Printed: told, thanked, kept. Then as before."""
    kiosk = ready()
    effects = kiosk.press("A")
    request = kiosk.requests()[0]
    assert request == TicketRequested(
        request_id=request.request_id, group=GroupId("A"), expires_at=HallTime(NOW_IN_HALL + kiosk.now + 3_000)
    )
    assert effects[0] == Say(request)
    assert kiosk.lights == [Light("A", Pattern.BLINK)]
    assert kiosk.shown == PRINTING
    effects = kiosk.hear(ticket(request_id=request.request_id))
    assert effects[0] == Tell("printer", kiosk.jobs[0])
    effects = kiosk.printer(Printed(kiosk.jobs[0].job, PrintProof.CONFIRMED))
    assert kiosk.shown == TAKE
    assert kiosk.lights[-1] == Light("A", Pattern.OFF)
    assert isinstance(effects[-1], Keep)
    assert [type(message) for message in kiosk.kept] == [TicketPrinted]
    printed = kiosk.kept[0]
    assert isinstance(printed, TicketPrinted)
    assert (printed.ticket, printed.copy, printed.proof) == (TicketId("2026-03-10/A007"), 0, PrintProof.CONFIRMED)
    kiosk.wait(5_000)
    assert kiosk.shown == IDLE


def test_drained_paper_is_told_as_drained() -> None:
    """The proof of the printer is the proof the service hears."""
    kiosk, job = printing()
    kiosk.printer(Printed(job.job, PrintProof.DRAINED))
    assert [message.proof for message in kiosk.kept if isinstance(message, TicketPrinted)] == [PrintProof.DRAINED]


def test_care_key_counts_for_the_next_press_only() -> None:
    """爱心 lights, the next press asks for the care channel, the one after does not."""
    kiosk = ready()
    kiosk.press("care")
    assert kiosk.lights == [Light("care", Pattern.ON)]
    assert kiosk.shown == ("爱心通道 优先服务", "请选择您要办理的业务")
    kiosk.press("A")
    kiosk.press("B")
    assert kiosk.lights[1:3] == [Light("A", Pattern.BLINK), Light("care", Pattern.OFF)]
    kiosk.hear(ticket(request_id=kiosk.requests()[0].request_id))
    kiosk.printer(Printed(kiosk.jobs[0].job, PrintProof.CONFIRMED))
    assert [request.care for request in kiosk.requests()] == [True, False]


def test_care_key_falls_back_after_eight_seconds() -> None:
    """Nobody chose a service: the lamp goes out and the next press is an ordinary one. Pressed twice it goes out at once."""
    kiosk = ready()
    kiosk.press("care")
    kiosk.wait(7_999)
    assert kiosk.state.care_armed
    kiosk.wait(1)
    assert kiosk.lights[-1] == Light("care", Pattern.OFF)
    kiosk.press("care")
    kiosk.press("care")
    kiosk.press("A")
    assert not kiosk.requests()[0].care


# --- Refusals ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", list(Refusal))
def test_every_refusal_has_its_sentence(reason: Refusal) -> None:
    """A whole sentence without braces, the key flashes, nothing is printed, and the next press asks anew."""
    kiosk, request_id = awaiting()
    kiosk.hear(RequestRefused(request_id=request_id, reason=reason, values={"time": "08:45", "date": "3月11日"}))
    assert len(kiosk.shown) == 1
    assert kiosk.shown[0]
    assert "{" not in kiosk.shown[0]
    assert kiosk.lights[-1] == Light("A", Pattern.FLASH)
    assert kiosk.jobs == []
    kiosk.press("A")
    assert len(kiosk.requests()) == 2


def test_refusal_with_its_values() -> None:
    """Before opening the sentence says when tickets are given."""
    kiosk, request_id = awaiting()
    kiosk.hear(RequestRefused(request_id=request_id, reason=Refusal.NOT_OPEN_YET, values={"time": "08:45"}))
    assert kiosk.shown == ("今日08:45开始取号,请您稍候",)


def test_without_settings_no_number_is_asked_for() -> None:
    """A machine that could not lay a ticket out asks for none."""
    kiosk = Kiosk()
    kiosk.heartbeat()
    kiosk.printer(WELL)
    kiosk.press("A")
    assert kiosk.requests() == []
    assert kiosk.shown == AWAY


@pytest.mark.parametrize("pressed_again", [False, True])
def test_a_number_for_somebody_who_was_told_no_is_burnt(pressed_again: bool) -> None:
    """The rule of the late number: the person was told no, so no paper; pressed again or not, one press never gives two."""
    kiosk, request_id = awaiting()
    kiosk.printer(FAULT)
    kiosk.wait(1_500)
    kiosk.printer(WELL)
    kiosk.now += 1
    kiosk.heartbeat()
    if pressed_again:
        kiosk.press("A")
    kiosk.hear(ticket(request_id=request_id))
    assert kiosk.jobs == []
    assert [(type(one), one.ticket, one.reason) for one in kiosk.kept if isinstance(one, TicketUnprinted)] == [
        (TicketUnprinted, "2026-03-10/A007", "late")
    ]
    assert isinstance(kiosk.state.situation, AwaitingNumber) is pressed_again


def test_a_late_refusal_is_nobodys() -> None:
    """A refusal of a press that is over says nothing to whoever stands there now."""
    kiosk, request_id = awaiting()
    kiosk.wait(1_500)
    kiosk.printer(Printed(kiosk.jobs[-1].job, PrintProof.CONFIRMED))
    kiosk.wait(7_000)
    kiosk.hear(RequestRefused(request_id=request_id, reason=Refusal.EXPIRED))
    assert kiosk.shown == IDLE


# --- Many keys -----------------------------------------------------------------------------------------------------------


def test_many_keys_are_served_one_after_another() -> None:
    """All keys at once: all blink, one request at a time, in the order of the presses; none is lost."""
    kiosk = ready()
    for key in ("A", "B", "C", "A", "B"):
        kiosk.press(key)
    assert [request.group for request in kiosk.requests()] == ["A"]
    assert [light.lamp for light in kiosk.lights] == ["A", "B", "C"]
    for number, group in enumerate("ABC"):
        assert kiosk.requests()[-1].group == group
        kiosk.hear(ticket(f"{group}00{number}", kiosk.requests()[-1].request_id))
        assert len(kiosk.requests()) == number + 1
        kiosk.printer(Printed(kiosk.jobs[-1].job, PrintProof.CONFIRMED))
    assert len(kiosk.jobs) == 3
    assert kiosk.state.waited_for() == frozenset()


def test_an_impatient_finger_gets_one_paper() -> None:
    """The same key again while its paper is under way is the same wish, until the paper is out."""
    kiosk, job = printing()
    effects = kiosk.press("A")
    assert Note("pressed_again", {"key": "A"}) in effects
    assert kiosk.shown == PRINTING
    kiosk.printer(Printed(job.job, PrintProof.CONFIRMED))
    assert len(kiosk.requests()) == 1
    kiosk.press("A")
    assert len(kiosk.requests()) == 2


def test_held_and_released_keys_mean_nothing() -> None:
    """Only a press is a press."""
    kiosk = ready()
    for what in (Held("A"), Released("A")):
        kiosk.happen(Reported("keys", what))
    assert kiosk.requests() == []


def test_a_stuck_key_is_reported_and_the_others_work() -> None:
    """The service hears of a stuck key, and again when the link is back, and when it is free."""
    kiosk = ready()
    kiosk.happen(Reported("keys", Stuck("B")))
    kiosk.happen(LinkUp())
    kiosk.happen(Reported("keys", Unstuck("B")))
    reports = [(one.part, one.condition) for one in kiosk.said if isinstance(one, HealthReported)]
    assert reports == [
        ("key.B", Condition.FAULT),
        ("printer", Condition.OK),
        ("key.B", Condition.FAULT),
        ("key.B", Condition.OK),
    ]
    kiosk.press("A")
    assert kiosk.requests()


# --- The parts of the day ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "shown"),
    [
        (HallPhase.NOON, ("请选择您要办理的业务", "现在取号,可能需要等候至下午09:07办理")),
        (HallPhase.AFTER_CLOSING, ("今日取号已结束,您可以预约其他时间,预约不收取任何费用",)),
        (HallPhase.CLOSED, ("今日取号已结束,您可以预约其他时间,预约不收取任何费用",)),
        (HallPhase.REST, ("永安县政务服务中心", "今日休息,3月10日恢复服务")),
        (HallPhase.OPEN, IDLE),
    ],
)
def test_standing_text_follows_the_day(phase: HallPhase, shown: tuple[str, ...]) -> None:
    """The text line says what a press would get; the service alone decides, so a press is asked all the same."""
    kiosk = ready()
    kiosk.hear(HallBoard(epoch=1, fact=9, phase=phase, next_at=NOW_IN_HALL))
    assert kiosk.shown == shown
    kiosk.press("A")
    assert len(kiosk.requests()) == 1


def test_before_opening_the_hours_of_tickets_count() -> None:
    """Tickets are given some minutes before the hall opens; the text says when, and changes by itself at that moment."""
    kiosk = ready()
    kiosk.wait(5_000)  # the second heartbeat, which makes the time certain
    opens = HallTime(NOW_IN_HALL + kiosk.now + 4_000)
    hours = TicketHours(opens=opens, closes=HallTime(opens + 30_000_000))
    kiosk.hear(structs.replace(SETTINGS, hours=(hours,)))
    kiosk.hear(HallBoard(epoch=1, fact=9, phase=HallPhase.BEFORE_OPENING, next_at=HallTime(opens + 900_000)))
    assert kiosk.shown == ("永安县政务服务中心", "今日09:07开始取号,请您稍候")
    kiosk.wait(4_000)
    assert kiosk.shown == IDLE


def test_an_older_hall_board_is_dropped() -> None:
    """A state with a lower version changes nothing."""
    kiosk = ready()
    kiosk.hear(HallBoard(epoch=2, fact=1, phase=HallPhase.OPEN))
    kiosk.hear(HallBoard(epoch=1, fact=99, phase=HallPhase.CLOSED))
    assert kiosk.shown == IDLE


# --- Laws ----------------------------------------------------------------------------------------------------------------

WORLD = ("answer", "repeat", "refuse", "out", "well", "printed", "failed", "wait", "beat")
HAPPENINGS = st.sampled_from(["A", "B", "C", "care", *WORLD])


@dataclass
class World:
    """A service and a printer that do one thing at a time, and what they have seen."""

    kiosk: Kiosk
    numbers: dict[RequestId, TicketIssued] = field(default_factory=dict)
    under_way: Print | None = None

    def do(self, what: str) -> None:
        """One thing happens."""
        before = len(self.kiosk.jobs)
        if what in {"A", "B", "C", "care"}:
            self.kiosk.press(what)
        else:
            getattr(self, what)()
        self.kiosk.wait(0)  # a machine that wishes to be woken now is woken now
        assert len(self.kiosk.jobs) - before <= 1
        if len(self.kiosk.jobs) > before:
            assert self.under_way is None
            self.under_way = self.kiosk.jobs[-1]

    def answer(self) -> None:
        """The last request without a number gets one, however late."""
        for request in [one for one in self.kiosk.requests() if one.request_id not in self.numbers][-1:]:
            number = ticket(f"{request.group}{len(self.numbers):03}", request.request_id)
            self.numbers[request.request_id] = number
            self.kiosk.hear(number)

    def repeat(self) -> None:
        """The first number is sent again."""
        for number in list(self.numbers.values())[:1]:
            self.kiosk.hear(number)

    def refuse(self) -> None:
        """The request that is out is refused."""
        situation = self.kiosk.state.situation
        if isinstance(situation, AwaitingNumber):
            self.kiosk.hear(RequestRefused(request_id=situation.request_id, reason=Refusal.EXPIRED))

    def out(self) -> None:
        """The printer says that it has no paper."""
        self.kiosk.printer(FAULT)

    def well(self) -> None:
        """The printer is well."""
        self.kiosk.printer(WELL)

    def printed(self) -> None:
        """The paper under way is out."""
        job, self.under_way = self.under_way, None
        if job is not None:
            self.kiosk.printer(Printed(job.job, PrintProof.CONFIRMED))

    def failed(self) -> None:
        """The paper under way is not confirmed."""
        job, self.under_way = self.under_way, None
        if job is not None:
            self.kiosk.printer(FAULT)
            self.kiosk.printer(JobFailed(job.job, "paper_out", anything_printed=True))

    def wait(self) -> None:
        """Two seconds pass."""
        self.kiosk.wait(2_000)

    def beat(self) -> None:
        """The service is heard."""
        self.kiosk.heartbeat()


@given(st.lists(HAPPENINGS, max_size=40))
def test_no_press_is_lost_and_none_gives_two_tickets(story: list[str]) -> None:
    """Whatever happens: one job in the printer at most; at rest nobody waits; no number is both begun and burnt.

    A press gets one ticket: the service's, or one of the machine's own, and then the service's number is neither.
    """
    world = World(ready())
    kiosk = world.kiosk
    for what in story:
        world.do(what)
        if isinstance(kiosk.state.situation, Idle):
            assert kiosk.state.waited_for() == frozenset()
    burnt = {one.ticket for one in kiosk.kept if isinstance(one, TicketUnprinted)}
    begun = {TicketId(job.job.partition("#")[0]) for job in kiosk.jobs}
    assert not begun & burnt
    own = [one for one in kiosk.kept if isinstance(one, OfflineTicketTaken)]
    absorbed = {number.ticket for press, number in world.numbers.items() if press in {one.attempt_of for one in own}}
    assert not absorbed & (begun | burnt)
    assert {number.ticket for number in world.numbers.values()} == (begun | burnt | absorbed) - {
        TicketId(one.request_id) for one in own
    }
    assert len({one.no for one in own}) == len(own)
    first_papers = [job.job for job in kiosk.jobs if job.job.endswith("#0")]
    assert len(first_papers) == len(set(first_papers))
