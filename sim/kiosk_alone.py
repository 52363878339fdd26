"""A ticket machine's behaviour alone, happening by happening, in one life: what the person, the service and the printer get.

``sim.kiosk_bench`` is the one for several lives with a journal between them; here effects are only sorted.
"""

from dataclasses import dataclass, field

from contracts.messages import (
    GroupInfo,
    KioskSettings,
    Message,
    ServiceState,
    TicketIssued,
    TicketRequested,
)
from contracts.values import (
    BootId,
    Condition,
    CounterId,
    GroupId,
    HallTime,
    Ms,
    NodeName,
    RequestId,
    TicketId,
    TicketNo,
)
from firmware.drivers.buttons import Pressed
from firmware.drivers.lamps import Light
from firmware.drivers.text_line import Show
from firmware.drivers.thermal_printer import Print, PrinterChanged
from firmware.runtime.steps import (
    Effect,
    Happening,
    Heard,
    Keep,
    Reported,
    Say,
    Tell,
    TimeReached,
    WakeAt,
)
from kiosk.behaviour import KioskBehaviour
from kiosk.machine import Machine, Printing

NOW_IN_HALL = HallTime(1_773_104_820_000)
BOOT = "b" * 16
QR_TEXT = "abcdefghijklmnopqrstuv"
"""What stands behind a ticket's QR."""
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
        token=QR_TEXT,
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
