"""The ticket machine, happening by happening: what the citizen sees, what the service hears, what is printed."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from contracts.messages import (
    GroupInfo,
    HallBoard,
    HealthReported,
    KioskSettings,
    Message,
    OfflineTicketTaken,
    RequestRefused,
    ServiceState,
    TicketHours,
    TicketIssued,
    TicketPrinted,
    TicketRequested,
    TicketUnprinted,
)
from contracts.values import (
    BootId,
    Condition,
    CounterId,
    GroupId,
    HallPhase,
    HallTime,
    Ms,
    NodeName,
    PrintProof,
    Refusal,
    RequestId,
    TicketId,
    TicketNo,
)
from firmware.drivers.buttons import Held, Pressed, Released, Stuck, Unstuck
from firmware.drivers.document import Align, Text
from firmware.drivers.lamps import Light, Pattern
from firmware.drivers.text_line import Show
from firmware.drivers.thermal_printer import JobFailed, Print, Printed, PrinterChanged
from firmware.runtime.steps import (
    Effect,
    Happening,
    Heard,
    Keep,
    KeepFailed,
    LinkUp,
    Note,
    Reported,
    Say,
    Tell,
    TimeReached,
    WakeAt,
)
from kiosk.behaviour import KioskBehaviour
from kiosk.machine import AwaitingNumber, Idle, Machine, Printing

NOW_IN_HALL = HallTime(1_773_104_820_000)
BOOT = "b" * 16
SETTINGS = KioskSettings(
    hash="h",
    hall_name_zh="永安县政务服务中心",
    hall_name_en="",
    hotline="0000-12345678",
    ordinal=1,
    groups=tuple(
        GroupInfo(id=GroupId(letter), zh=zh, en="", zone="综合受理区", counters=(CounterId("W01"),))
        for letter, zh in (("A", "企业开办与许可"), ("B", "社会事务"), ("C", "社保医保"))
    ),
    rating_url="https://hall.example/r",
    rating_days=30,
    elsewhere="二楼大厅",
)
OUT_OF_SERVICE: tuple[str, ...] = ("本机暂停使用,请您到二楼大厅取号,敬请谅解",)
AWAY: tuple[str, ...] = ("系统恢复中,暂时不能取号,请您稍后再试",)
PRINTING: tuple[str, ...] = ("正在打印号票,请您稍候",)
TAKE: tuple[str, ...] = ("请取走您的号票,并留意叫号", "谢谢您的配合")
IDLE: tuple[str, ...] = ("永安县政务服务中心", "请选择您要办理的业务")
FAULT = PrinterChanged(Condition.FAULT, "paper_out")
WELL = PrinterChanged(Condition.OK, "ok")


def ticket(
    no: str = "A007",
    request_id: str | None = f"TM-01/{BOOT}/0",
    copy: int = 0,
    at: HallTime = NOW_IN_HALL,
    for_boot: str | None = BOOT,
) -> TicketIssued:
    """A ticket as the service issues it."""
    return TicketIssued(
        request_id=None if request_id is None else RequestId(request_id),
        ticket=TicketId(f"2026-03-10/{no}"),
        no=TicketNo(no),
        group=GroupId(no[0]),
        service=None,
        issued_at=at,
        waiting=5,
        token="abcdefghijklmnopqrstuv",
        copy=copy,
        for_boot=None if for_boot is None else BootId(for_boot),
    )


@dataclass
class Kiosk:
    """Runs the behaviour and sorts what it wants into what the person, the service and the printer get."""

    now: Ms = 0
    effects: list[Effect] = field(default_factory=list)
    shown: tuple[str, ...] = ()
    said: list[Message] = field(default_factory=list)
    kept: list[Message] = field(default_factory=list)
    jobs: list[Print] = field(default_factory=list)
    lights: list[Light] = field(default_factory=list)
    wish: Ms | None = None

    def __post_init__(self) -> None:
        self.behaviour = KioskBehaviour(NodeName("TM-01"), BootId(BOOT), [GroupId(group) for group in "ABC"], secret=b"s")
        self.state: Machine
        self.state, effects = self.behaviour.begin(0)
        self.carry_out(list(effects))

    def happen(self, happening: Happening) -> list[Effect]:
        """One happening; returns its effects in order."""
        self.state, effects = self.behaviour.step(self.state, happening, self.now)
        self.carry_out(list(effects))
        return list(effects)

    def carry_out(self, effects: list[Effect]) -> None:
        """Sort the effects."""
        self.effects = effects
        for effect in effects:
            match effect:
                case Say(message):
                    self.said.append(message)
                case Keep(message):
                    self.kept.append(message)
                case Tell("printer", Print() as job):
                    self.jobs.append(job)
                case Tell("text_line", Show(lines)):
                    self.shown = lines
                case Tell("lamps", Light() as light):
                    self.lights.append(light)
                case WakeAt(at):
                    self.wish = at
                case _:
                    pass

    def hear(self, message: Message) -> list[Effect]:
        """A message comes."""
        return self.happen(Heard(message))

    def press(self, key: str) -> list[Effect]:
        """A key is pressed."""
        return self.happen(Reported("keys", Pressed(key)))

    def printer(self, what: object) -> list[Effect]:
        """The printer's driver reports."""
        return self.happen(Reported("printer", what))

    def heartbeat(self) -> None:
        """The service lives."""
        self.hear(ServiceState(epoch=1, boot=BootId("s" * 16), hall_now=HallTime(NOW_IN_HALL + self.now)))

    def wait(self, ms: Ms) -> None:
        """Time passes with heartbeats every 5 s, and the behaviour is woken as it wishes."""
        end = self.now + ms
        while True:
            beat = (self.now // 5_000 + 1) * 5_000
            following = min(beat, self.wish if self.wish is not None else end + 1, end)
            woken = self.wish is not None and self.wish <= following
            self.now = max(self.now, following)
            if woken:
                self.happen(TimeReached())
            if self.now == beat:
                self.heartbeat()
            if self.now >= end and not (self.wish is not None and self.wish <= end):
                return

    def requests(self) -> list[TicketRequested]:
        """The tickets asked for."""
        return [message for message in self.said if isinstance(message, TicketRequested)]

    def forget(self) -> None:
        """Start the records anew."""
        self.said, self.kept, self.jobs, self.lights = [], [], [], []


def ready() -> Kiosk:
    """A machine with printer, service and settings."""
    kiosk = Kiosk()
    kiosk.hear(SETTINGS)
    kiosk.heartbeat()
    kiosk.printer(WELL)
    assert kiosk.shown == IDLE
    kiosk.forget()
    return kiosk


def awaiting(key: str = "A") -> tuple[Kiosk, RequestId]:
    """A machine that has asked for a number."""
    kiosk = ready()
    kiosk.press(key)
    return kiosk, kiosk.requests()[-1].request_id


def printing() -> tuple[Kiosk, Print]:
    """A machine whose printer has the ticket of a press."""
    kiosk, request_id = awaiting()
    kiosk.hear(ticket(request_id=request_id))
    assert isinstance(kiosk.state.situation, Printing)
    return kiosk, kiosk.jobs[-1]


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


# --- Printer trouble -----------------------------------------------------------------------------------------------------


def test_printer_out_of_order_refuses_before_asking() -> None:
    """Paper out: the text line names the other machine, a press asks for nothing, the service is told."""
    kiosk = ready()
    kiosk.printer(FAULT)
    assert kiosk.shown == OUT_OF_SERVICE
    assert isinstance(kiosk.said[-1], HealthReported)
    assert (kiosk.said[-1].part, kiosk.said[-1].condition, kiosk.said[-1].code) == ("printer", Condition.FAULT, "paper_out")
    kiosk.press("A")
    assert kiosk.requests() == []
    assert kiosk.lights == [Light("A", Pattern.FLASH)]
    kiosk.printer(WELL)
    assert kiosk.shown == IDLE


def test_a_hall_with_one_machine_sends_people_to_the_guide_desk() -> None:
    """Without another machine the sentence still names a place."""
    kiosk = ready()
    kiosk.hear(replace_settings(elsewhere=""))
    kiosk.printer(FAULT)
    assert kiosk.shown == ("本机暂停使用,请您到咨询引导台取号,敬请谅解",)


def replace_settings(*, elsewhere: str) -> KioskSettings:
    """The settings with another place."""
    fields = {name: getattr(SETTINGS, name) for name in SETTINGS.__struct_fields__}
    return KioskSettings(**{**fields, "elsewhere": elsewhere})


def test_low_paper_is_shown_and_printing_goes_on() -> None:
    """Near end is a warning under the standing text."""
    kiosk = ready()
    kiosk.printer(PrinterChanged(Condition.WARNING, "paper_low"))
    assert kiosk.shown == (*IDLE, "纸张即将用完,已通知工作人员更换")
    kiosk.press("A")
    assert kiosk.requests()


def test_printer_fails_while_the_number_is_awaited() -> None:
    """The number that then comes is burnt with the trouble as its reason; the person reads where to go."""
    kiosk, request_id = awaiting()
    kiosk.printer(FAULT)
    assert kiosk.shown == OUT_OF_SERVICE
    kiosk.hear(ticket(request_id=request_id))
    assert [one.reason for one in kiosk.kept if isinstance(one, TicketUnprinted)] == ["paper_out"]
    assert kiosk.lights[-1] == Light("A", Pattern.FLASH)
    kiosk.printer(WELL)
    assert kiosk.jobs == []


def test_trouble_in_the_middle_of_a_ticket_prints_it_anew_as_a_copy() -> None:
    """Part may be on paper, so nothing is burnt; once the printer is well it comes out as 补打1, told as copy 1."""
    kiosk, job = printing()
    kiosk.printer(FAULT)
    kiosk.printer(JobFailed(job.job, "paper_out", anything_printed=True))
    assert kiosk.kept == []
    assert kiosk.shown == OUT_OF_SERVICE
    assert kiosk.lights[-1] == Light("A", Pattern.FLASH)
    kiosk.printer(WELL)
    assert len(kiosk.jobs) == 2
    assert Text("补打1", align=Align.CENTRE, bold=True) in kiosk.jobs[1].document
    kiosk.printer(Printed(kiosk.jobs[1].job, PrintProof.CONFIRMED))
    assert [(one.ticket, one.copy) for one in kiosk.kept if isinstance(one, TicketPrinted)] == [("2026-03-10/A007", 1)]


def test_a_ticket_that_never_gets_confirmed_is_not_printed_for_ever() -> None:
    """After three papers it is left to the service, and its number is not burnt: somebody may hold it."""
    kiosk, _ = printing()
    for _ in range(4):
        kiosk.printer(FAULT)
        kiosk.printer(JobFailed(kiosk.jobs[-1].job, "cutter_error", anything_printed=True))
        kiosk.printer(WELL)
    assert len(kiosk.jobs) == 3
    kiosk.hear(ticket(request_id=f"TM-01/{BOOT}/0"))
    assert kiosk.kept == []
    kiosk.hear(ticket(request_id=f"TM-01/{BOOT}/0", copy=3))
    assert len(kiosk.jobs) == 4


def test_nothing_printed_burns_the_number() -> None:
    """A paper that the printer refused whole is burnt, and the person is told."""
    kiosk, job = printing()
    kiosk.printer(JobFailed(job.job, "unprintable", anything_printed=False))
    assert [one.reason for one in kiosk.kept if isinstance(one, TicketUnprinted)] == ["unprintable"]
    assert kiosk.lights[-1] == Light("A", Pattern.FLASH)


def test_wishes_behind_a_failed_paper_are_refused_too() -> None:
    """Whoever waits behind is not left standing."""
    kiosk, job = printing()
    kiosk.press("B")
    kiosk.printer(FAULT)
    kiosk.printer(JobFailed(job.job, "paper_out", anything_printed=True))
    assert kiosk.lights[-2:] == [Light("A", Pattern.FLASH), Light("B", Pattern.FLASH)]
    assert len(kiosk.requests()) == 1


def test_reprints_wait_for_the_printer_in_their_order() -> None:
    """Tickets entered by staff while the paper is out come out in order when it is back, before any new press."""
    kiosk = ready()
    kiosk.printer(FAULT)
    kiosk.hear(ticket("B001", None))
    kiosk.hear(ticket("B002", None, copy=1))
    assert kiosk.jobs == []
    kiosk.printer(WELL)
    kiosk.press("A")
    kiosk.printer(Printed(kiosk.jobs[-1].job, PrintProof.CONFIRMED))
    assert kiosk.requests() == []
    kiosk.printer(Printed(kiosk.jobs[-1].job, PrintProof.CONFIRMED))
    assert [job.job for job in kiosk.jobs] == ["2026-03-10/B001#0", "2026-03-10/B002#1"]
    assert len(kiosk.requests()) == 1


def test_a_staff_ticket_goes_back_to_the_front_when_the_printer_was_not_ready() -> None:
    """Refused whole while the printer is in trouble, it keeps its place and its number."""
    kiosk = ready()
    kiosk.hear(ticket("B001", None))
    kiosk.hear(ticket("B002", None))
    kiosk.printer(FAULT)
    kiosk.printer(JobFailed(kiosk.jobs[0].job, "not_ready", anything_printed=False))
    kiosk.printer(WELL)
    assert [job.job for job in kiosk.jobs] == ["2026-03-10/B001#0"] * 2
    assert kiosk.kept == []


def test_a_paper_of_yesterday_is_not_printed() -> None:
    """The roll is changed the next morning: the queued paper is dropped and noted, the next one printed."""
    kiosk = ready()
    kiosk.printer(FAULT)
    kiosk.hear(ticket("B001", None, at=HallTime(NOW_IN_HALL - 86_400_000)))
    kiosk.hear(ticket("B002", None))
    effects = kiosk.printer(WELL)
    assert Note("paper_of_another_day", {"job": "2026-03-10/B001#0"}) in effects
    assert [job.job for job in kiosk.jobs] == ["2026-03-10/B002#0"]


# --- Repeated and reborn -------------------------------------------------------------------------------------------------


def test_the_same_ticket_twice_is_printed_once() -> None:
    """A repeated TicketIssued while printing changes nothing; after printing it is answered with the same proof again."""
    kiosk, job = printing()
    again = ticket(request_id=kiosk.requests()[0].request_id)
    kiosk.hear(again)
    kiosk.printer(Printed(job.job, PrintProof.CONFIRMED))
    kiosk.hear(again)
    assert len(kiosk.jobs) == 1
    assert [(type(one), getattr(one, "copy", None)) for one in kiosk.kept] == [(TicketPrinted, 0), (TicketPrinted, 0)]
    assert len({one.request_id for one in kiosk.kept if isinstance(one, TicketPrinted)}) == 2


def test_killed_between_byte_and_confirmation() -> None:
    """A reborn machine gets the unconfirmed ticket as copy 1, prints 补打1, and tells the service copy 1."""
    kiosk = ready()
    kiosk.hear(ticket(request_id="TM-01/aaaaaaaaaaaaaaaa/7", copy=1))
    assert Text("补打1", align=Align.CENTRE, bold=True) in kiosk.jobs[0].document
    kiosk.printer(Printed(kiosk.jobs[0].job, PrintProof.CONFIRMED))
    assert [(one.ticket, one.copy) for one in kiosk.kept if isinstance(one, TicketPrinted)] == [("2026-03-10/A007", 1)]


def test_a_first_paper_asked_for_in_another_life_is_marked_as_a_copy() -> None:
    """Part of it may be in somebody's hand, so it is neither burnt nor printed unmarked."""
    kiosk = ready()
    kiosk.hear(ticket(request_id="TM-01/aaaaaaaaaaaaaaaa/7"))
    assert Text("补打1", align=Align.CENTRE, bold=True) in kiosk.jobs[0].document


def test_staff_reprint_of_a_printed_ticket_is_printed() -> None:
    """A higher copy of a ticket that came out in this boot is another paper."""
    kiosk, job = printing()
    kiosk.printer(Printed(job.job, PrintProof.CONFIRMED))
    kiosk.hear(ticket(request_id=None, copy=1))
    assert [one.job for one in kiosk.jobs] == ["2026-03-10/A007#0", "2026-03-10/A007#1"]


def test_a_paper_ordered_of_an_earlier_life_is_not_printed_when_it_comes_again() -> None:
    """Found by chaos (seed 4001): an old order, delivered once more after a reboot, printed a number cancelled long ago."""
    kiosk = ready()
    for boot in (None, "a" * 16):
        kiosk.hear(ticket(request_id="TM-01/aaaaaaaaaaaaaaaa/7", for_boot=boot))
        kiosk.hear(ticket(request_id=None, copy=1, for_boot=boot))
    assert kiosk.jobs == []
    assert kiosk.kept == [], "and its number is not burnt: it may be in somebody's hand"


def test_a_lower_copy_in_the_queue_is_replaced() -> None:
    """One paper is enough for a ticket that has not been begun."""
    kiosk = ready()
    kiosk.printer(FAULT)
    kiosk.hear(ticket("B001", None))
    kiosk.hear(ticket("B001", None, copy=1))
    kiosk.hear(ticket("B001", None, copy=1))
    kiosk.printer(WELL)
    kiosk.printer(Printed(kiosk.jobs[-1].job, PrintProof.CONFIRMED))
    assert [job.job for job in kiosk.jobs] == ["2026-03-10/B001#1"]


def test_a_full_disk_is_told_and_does_not_stop_the_machine() -> None:
    """Keep is the last effect of its step, so nothing else is lost; it is said once, and the fault reported."""
    kiosk, job = printing()
    effects = kiosk.printer(Printed(job.job, PrintProof.CONFIRMED))
    keep = effects[-1]
    assert isinstance(keep, Keep)
    kiosk.happen(KeepFailed(keep.message, "No space left on device"))
    assert keep.message in kiosk.said
    assert [one.code for one in kiosk.said if isinstance(one, HealthReported)] == ["journal_failed"]
    kiosk.press("B")
    assert kiosk.requests()[-1].group == "B"


def test_a_stranger_job_of_the_printer_is_only_noted() -> None:
    """A report about a job that is not under way changes nothing."""
    kiosk, _ = printing()
    before = replace(kiosk.state)
    kiosk.printer(Printed("something else", PrintProof.CONFIRMED))
    kiosk.printer(JobFailed("something else", "silent", anything_printed=True))
    assert kiosk.state.situation == before.situation


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
