"""A ticket machine's behaviour alone, life after life: what the person, the service, the printer and the journal get of it.

Its effects are carried out in order, as the node does: if the journal is full, what follows in the same step is not done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from contracts.messages import (
    HealthReported,
    Kept,
    KioskSettings,
    Message,
    OfflineTicketTaken,
    ServiceState,
    Stamp,
    TicketRequested,
)
from contracts.values import BootId, Condition, GroupId, HallTime, Ms, NodeName, PrintProof, RequestId
from firmware.drivers.buttons import Pressed
from firmware.drivers.id_reader import CardFailed, CardRead
from firmware.drivers.id_reader_layouts import CardError, read_card
from firmware.drivers.lamps import Light
from firmware.drivers.text_line import Show
from firmware.drivers.thermal_printer import JobFailed, Print, Printed, PrinterChanged
from firmware.runtime.steps import (
    Effect,
    Happening,
    Heard,
    Keep,
    KeepFailed,
    LinkDown,
    Reported,
    Say,
    Tell,
    TimeReached,
    WakeAt,
)
from kiosk.behaviour import KioskBehaviour
from kiosk.machine import Machine
from sim import kiosk_alone
from sim.devices.id_cards import Card

NINE = HallTime(1_773_104_400_000)
"""2026-03-10 09:00 in the hall."""
DAY: Ms = 86_400_000
SETTINGS = replace(kiosk_alone.SETTINGS, ordinal=2, groups=kiosk_alone.SETTINGS.groups[:2], elsewhere="")
"""Two groups, and no other hall to send people to."""


@dataclass
class Journal:
    """What the machine's disk holds: kept messages without an answer, and the last note."""

    rows: dict[RequestId, Kept] = field(default_factory=dict)
    note: bytes = b""
    is_full: bool = False


@dataclass
class KioskBench:
    """One machine. ``hall_at_zero`` is the hall clock at monotonic 0 of its present life."""

    journal: Journal = field(default_factory=Journal)
    hall_at_zero: HallTime = NINE
    settings: KioskSettings | None = SETTINGS
    now: Ms = 0
    lives: int = 0
    shown: tuple[str, ...] = ()
    said: list[Message] = field(default_factory=list)
    lights: list[Light] = field(default_factory=list)
    done: list[Kept | Print] = field(default_factory=list)
    """What was journalled and what was sent to the printer, in order, over all lives."""
    effects: list[Effect] = field(default_factory=list)
    """Everything it ever wanted, over all lives."""

    def __post_init__(self) -> None:
        self.state: Machine
        self.start()

    def start(self, hall_at_zero: HallTime | None = None) -> None:
        """A new life, with the journal and the cached settings of the one before, and a printer that is well."""
        self.lives += 1
        self.now = 0
        self.wish: Ms | None = None
        self.hall_at_zero = self.hall_at_zero if hall_at_zero is None else hall_at_zero
        self.behaviour = KioskBehaviour(
            NodeName("TM-02"),
            BootId(f"{self.lives:016x}"),
            [GroupId("A"), GroupId("B")],
            secret=b"secret %d" % self.lives,
            note=self.journal.note,
            unanswered=tuple(self.journal.rows.values()),
        )
        self.state, effects = self.behaviour.begin(0)
        self._carry_out(effects)
        if self.settings is not None:
            self.hear(self.settings)
        self.printer(PrinterChanged(Condition.OK, "ok"))

    # --- What happens to it ----------------------------------------------------------------------------------------------

    def happen(self, happening: Happening) -> None:
        """One happening, and what it brings about at once."""
        self.state, effects = self.behaviour.step(self.state, happening, self.now)
        self._carry_out(effects)
        while self.wish is not None and self.wish <= self.now:
            self.wish = None
            self.state, effects = self.behaviour.step(self.state, TimeReached(), self.now)
            self._carry_out(effects)

    def hear(self, message: Message) -> None:
        """A message comes; one that answers a kept request ends its row."""
        self.happen(Heard(message))

    def answered(self, *kept: Kept) -> None:
        """The service has these; the outbox forgets their rows."""
        for one in kept:
            self.journal.rows.pop(one.request_id, None)

    def heartbeats(self) -> None:
        """The service is heard twice: from then on the hall clock is certain."""
        for _ in range(2):
            self.now += 1
            self.hear(ServiceState(epoch=1, boot=BootId("f" * 16), hall_now=HallTime(self.hall_at_zero + self.now)))

    def link_down(self) -> None:
        """The MQTT server is gone."""
        self.happen(LinkDown())

    def press(self, key: str) -> None:
        """A key is pressed."""
        self.happen(Reported("keys", Pressed(key)))

    def type(self, *keys: str) -> None:
        """Keys of the pad: names, or digits in one piece."""
        for key in keys:
            for one in key if key.isdigit() else (key,):
                self.press(one)

    def card(self, card: Card) -> None:
        """A card is laid on the reader, and its driver reports what came of it."""
        try:
            what: object = CardRead(read_card(card.text()))
        except CardError as error:
            what = CardFailed(error.code)
        self.happen(Reported("id_reader", what))

    def printer(self, what: object) -> None:
        """The printer's driver reports."""
        self.happen(Reported("printer", what))

    def paper_out(self) -> None:
        """The paper under way has left the cutter."""
        self.printer(Printed(self.jobs[-1].job, PrintProof.CONFIRMED))

    def paper_fails(self, *, anything_printed: bool) -> None:
        """The printer fails with the paper under way, and is repaired at once."""
        self.printer(PrinterChanged(Condition.FAULT, "paper_out"))
        self.printer(JobFailed(self.jobs[-1].job, "paper_out", anything_printed=anything_printed))
        self.printer(PrinterChanged(Condition.OK, "ok"))

    def paper_fault(self) -> None:
        """The printer has no paper."""
        self.printer(PrinterChanged(Condition.FAULT, "paper_out"))

    def take(self, key: str = "A") -> OfflineTicketTaken:
        """Press, and hold the paper of a number of the machine's own."""
        self.press(key)
        taken = self.taken[-1]
        self.paper_out()
        return taken

    def wait(self, ms: Ms) -> None:
        """Time passes without a heartbeat; the behaviour is woken as it wishes."""
        end = self.now + ms
        while self.wish is not None and self.wish <= end:
            self.now = max(self.now, self.wish)
            self.wish = None
            self.happen(TimeReached())
        self.now = end

    # --- What it did -----------------------------------------------------------------------------------------------------

    @property
    def jobs(self) -> list[Print]:
        """Every paper that was begun."""
        return [one for one in self.done if isinstance(one, Print)]

    @property
    def taken(self) -> list[OfflineTicketTaken]:
        """Every number the machine gave by itself, as journalled."""
        return [one for one in self.done if isinstance(one, OfflineTicketTaken)]

    @property
    def numbers(self) -> list[str]:
        """Those numbers."""
        return [one.no for one in self.taken]

    @property
    def health(self) -> list[HealthReported]:
        """What it reported of its parts, but for the printer."""
        return [one for one in self.said if isinstance(one, HealthReported) and one.part != "printer"]

    @property
    def requests(self) -> list[TicketRequested]:
        """What the service was asked for."""
        return [one for one in self.said if isinstance(one, TicketRequested)]

    def _carry_out(self, effects: Sequence[Effect]) -> None:
        self.effects += effects
        for effect in effects:
            match effect:
                case Say(message):
                    self.said.append(message)
                case Keep(message, note):
                    if self.journal.is_full:
                        self.happen(KeepFailed(message, "No space left on device"))
                        return
                    self._keep(message, note)
                case Tell("printer", Print() as job):
                    self.done.append(job)
                case Tell("text_line", Show(lines)):
                    self.shown = lines
                case Tell("lamps", Light() as light):
                    self.lights.append(light)
                case WakeAt(at):
                    self.wish = at
                case _:
                    pass

    def _keep(self, message: Kept, note: bytes) -> None:
        stamp = Stamp(
            boot=BootId(f"{self.lives:016x}"), monotonic_ms=self.now, wall_at=HallTime(self.hall_at_zero + self.now)
        )
        kept = replace(message, stamp=stamp)
        self.journal.rows[message.request_id] = kept
        self.journal.note = note or self.journal.note
        self.done.append(message)
