"""The ticket machine and its papers: a printer in trouble, papers said again, or ordered of another life, a full disk."""

from dataclasses import replace

from contracts.messages import (
    HealthReported,
    KioskSettings,
    TicketPrinted,
    TicketUnprinted,
)
from contracts.values import (
    Condition,
    HallTime,
    PrintProof,
)
from firmware.drivers.document import Align, Text
from firmware.drivers.lamps import Light, Pattern
from firmware.drivers.thermal_printer import JobFailed, Printed, PrinterChanged
from firmware.runtime.steps import (
    Keep,
    KeepFailed,
    Note,
)
from sim.kiosk_alone import BOOT, FAULT, IDLE, NOW_IN_HALL, OUT_OF_SERVICE, SETTINGS, WELL, awaiting, printing, ready, ticket

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
