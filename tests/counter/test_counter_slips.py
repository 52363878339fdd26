"""领办单 (FIRST-4.2): printed once when a lead begins, on a real printer's bytes; its faults are the clerk's to know."""

import random
from typing import Any

from contracts.messages import CounterSettings, DeskState, HealthReported, ServiceState
from contracts.values import (
    BootId,
    CallId,
    Condition,
    CounterId,
    CounterPhase,
    HallTime,
    NodeName,
    SessionId,
    StaffNo,
    TicketNo,
)
from counter.behaviour import CounterBehaviour
from counter.slips import slip
from firmware.drivers.base import Port
from firmware.drivers.printer_model import PrinterModel
from firmware.drivers.thermal_printer import JobFailed, Print, Printed, PrinterChanged, ThermalPrinter
from firmware.runtime.steps import Heard, LinkUp, Reported, Say, Tell
from firmware.wire.base import FromWire
from sim.clock import Alarm, ManualClock, Scheduler
from sim.devices.thermal_printer import ThermalPrinter as Device
from sim.solo import Solo
from sim.wires import Line, VirtualLine

HALL = HallTime(1_773_106_260_000)  # 2026-03-10 09:31 in the hall
CALL = CallId("2026-03-10/A007/c1")
SETTINGS = CounterSettings(
    hash="h",
    hall_name_zh="永安县政务服务中心",
    hall_name_en="Hall",
    hotline="0000-12345678",
    counter=CounterId("W02"),
    name_zh="综合受理一",
)


def desk(fact: int, **fields: Any) -> DeskState:
    """W02 serves A007."""
    return DeskState(
        epoch=1,
        fact=fact,
        counter=CounterId("W02"),
        phase=CounterPhase.SERVING,
        staff=StaffNo("S101"),
        staff_name="张敏",
        server=StaffNo("S102"),
        server_name="李娜",
        ticket=TicketNo("A007"),
        call=CALL,
        session=SessionId("2026-03-10/A007/s1"),
        **fields,
    )


LEADS: dict[str, Any] = {"leads_to": CounterId("W10"), "leads_to_name": "曹阳"}


def serving(*, prints: bool = True) -> Solo:
    """A terminal whose clerk serves A007."""
    run = Solo(CounterBehaviour(NodeName("TRM-W02"), BootId("0" * 16), prints=prints))
    beat = ServiceState(epoch=1, boot=BootId("b"), hall_now=HALL)
    later = ServiceState(epoch=1, boot=BootId("b"), hall_now=HallTime(HALL + 1_000))
    run.at(0, LinkUp(), Heard(SETTINGS), Heard(beat), Heard(desk(2)))
    run.at(1_000, Heard(later))
    run.history.clear()
    return run


def prints_of(run: Solo) -> list[Print]:
    """The papers that were ordered."""
    return [one.command for _, one in run.history if isinstance(one, Tell) and isinstance(one.command, Print)]


def test_a_lead_prints_one_slip() -> None:
    """From, to, handler; said again by the service, or after other changes of the desk, it is not printed again."""
    run = serving()
    run.at(1_100, Heard(desk(3, **LEADS)))
    run.at(1_200, Heard(desk(3, **LEADS)), Heard(desk(4, waiting=3, **LEADS)))
    assert [one.job for one in prints_of(run)] == [f"{CALL}/W10"]


def test_another_counter_is_another_slip_and_taking_back_is_none() -> None:
    """Led elsewhere after all: a second slip; taken back: nothing."""
    run = serving()
    run.at(1_100, Heard(desk(3, **LEADS)))
    run.at(1_200, Heard(desk(4)))
    run.at(1_300, Heard(desk(5, leads_to=CounterId("W09"), leads_to_name="许峰")))
    assert [one.job for one in prints_of(run)] == [f"{CALL}/W10", f"{CALL}/W09"]


def test_a_terminal_without_a_printer_or_just_started_prints_nothing() -> None:
    """Old node.toml files have no printer; a rebooted terminal finds the lead there and does not print it again."""
    without = serving(prints=False)
    without.at(1_100, Heard(desk(3, **LEADS)))
    assert prints_of(without) == []
    reborn = Solo(CounterBehaviour(NodeName("TRM-W02"), BootId("1" * 16), prints=True))
    reborn.at(0, LinkUp(), Heard(SETTINGS), Heard(desk(3, **LEADS)))
    assert prints_of(reborn) == []


def test_a_slip_that_fails_is_told_and_a_broken_printer_reported() -> None:
    """The clerk tells the visitor where to go; the fault goes to those who repair it, and its end too."""
    run = serving()
    run.at(1_100, Heard(desk(3, **LEADS)))
    run.at(1_200, Reported("printer", PrinterChanged(Condition.FAULT, "paper_out")))
    run.at(1_300, Reported("printer", JobFailed(f"{CALL}/W10", "paper_out", anything_printed=False)))
    assert run.state.shown == ("领办单未打印,请口头告知",)
    run.at(9_000, Reported("printer", PrinterChanged(Condition.OK, "ok")))
    said = [one.message for _, one in run.history if isinstance(one, Say) and isinstance(one.message, HealthReported)]
    assert [(one.part, one.condition) for one in said] == [("printer", Condition.FAULT), ("printer", Condition.OK)]


def test_without_a_name_the_counter_alone_is_told() -> None:
    """Whoever has just left the other counter is not named; without a certain time there is none on the slip."""
    lines = [getattr(one, "text", "") for one in slip(desk(3, leads_to=CounterId("W10")), SETTINGS, None)]
    assert "请您前往10号窗口" in lines
    assert not any("领办时间" in one for one in lines)


def test_the_paper_of_a_simulated_printer() -> None:
    """Through the real driver and the printer's real bytes: what the visitor carries, and nothing about them."""
    scheduler = Scheduler(ManualClock(HALL))
    line, device = VirtualLine(scheduler, Line(baud=115_200), random.Random(3)), Device()
    plugged, reports = line.plug(device), list[object]()
    model = PrinterModel().on("serial:/dev/ttyUSB0?baud=115200")

    def took(found: list[object]) -> None:
        reports.extend(found)
        alarm.set(port.wake_at)

    def post(happening: FromWire) -> None:
        scheduler.after(0, lambda: took(port.handle(happening, scheduler.now)))

    alarm = Alarm(scheduler, lambda: took(port.wake(scheduler.now)))
    port = Port(ThermalPrinter(model), line.open(post))
    took(port.begin(scheduler.now))
    plugged.settle()
    scheduler.run_until(3_000)
    took(port.handle(Print("slip", slip(desk(3, **LEADS), SETTINGS, HALL)), scheduler.now))
    scheduler.run_until(12_000)
    assert any(isinstance(one, Printed) for one in reports)
    assert [one.strip() for one in device.papers[0].lines if one.strip()] == [
        "永安县政务服务中心",
        "领办单",
        "-" * 32,
        "A007",
        "-" * 32,
        "请您前往10号窗口,承办人员曹阳",
        "领办窗口 2号 李娜 工号S102",
        "领办时间 2026-03-10 09:31",
        "咨询投诉电话 0000-12345678",
    ]
