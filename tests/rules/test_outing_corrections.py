"""What the paper sheet and times put right make of an outing (ATT-6, ATT-10)."""

from broker.ledgers.outing import ledger, odd
from broker.rules import facts as f
from broker.rules.facts import OutingState
from broker.timesheet.reading import history_of
from contracts import messages as m
from contracts.values import HallTime, PunchId, PunchIntent, StaffNo
from sim.outing_day import OutingDay
from sim.rules_day import refusal


def counted(day: OutingDay) -> list[tuple[HallTime, HallTime]]:
    """What the monthly sheet excuses of S101."""
    given = history_of(day.facts, day.now).of(StaffNo("S101")).given
    return [span for one in given if (span := one.as_known(day.now)) is not None]


def sheet(day: OutingDay, *lines: tuple[str, PunchIntent]) -> None:
    """The inspector enters what was written on paper."""
    punches = tuple(m.SheetPunch(staff=StaffNo("S101"), at=day.time(clock), intent=intent) for clock, intent in lines)
    day.do("OPS-01", m.PunchSheetRequested, actor=inspector(day), cause="CLK-01停电", punches=punches)


def inspector(day: OutingDay) -> str:
    """Whoever may enter a sheet."""
    return next(one.id for one in day.hall.in_force.staff.values() if one.role == "inspector")


def test_the_paper_sheet_is_a_clock_too() -> None:
    """Out at 14:00 and back at 15:30 on paper, entered at five: the entry closes, the excuse ends at 15:30."""
    day = OutingDay("13:00")
    no = day.approved("S101", "14:00", "16:00")
    day.at("17:00")
    sheet(day, ("14:00", PunchIntent.OUTING), ("15:30", PunchIntent.RETURN))
    entry = day.entry(no)
    assert (entry.left_at, entry.returned_at, entry.state) == (day.time("14:00"), day.time("15:30"), OutingState.RETURNED)
    assert counted(day) == [(day.time("14:00"), day.time("15:30"))]


def test_a_departure_on_paper_without_approval_is_on_record() -> None:
    """HALL-11.2: of no clock."""
    day = OutingDay("17:00")
    sheet(day, ("14:00", PunchIntent.OUTING))
    (gone,) = day.told(f.OutingUnapproved)
    assert isinstance(gone, f.OutingUnapproved)
    assert (gone.staff, gone.at, gone.clock) == ("S101", day.time("14:00"), None)


def test_a_time_put_right_is_put_right_in_the_entry() -> None:
    """A clock that was off says 15:00; the inspector sets 15:50: returned then, excused until then, no doubt any more."""
    day = OutingDay("13:00")
    no = day.approved("S101", "14:00", "16:00")
    day.at("15:00")
    stamp = m.Stamp(boot=day.boot("CLK-01"), monotonic_ms=5, wall_at=HallTime(day.now + 240_000), age_ms=0)
    day.do("CLK-01", m.PunchMade, card=None, staff="S101", intent=PunchIntent.RETURN, stamp=stamp)
    stored = day.told(f.PunchStored)[-1]
    assert isinstance(stored, f.PunchStored)
    assert stored.unverified
    assert day.entry(no).state is OutingState.RETURNED
    assert "打卡时间待核定" in odd(ledger(day.facts).lines[no])
    day.at("17:00")
    ask = {"actor": inspector(day), "punch": PunchId(stored.request_id), "at": day.time("15:50")}
    assert refusal(day.ask("OPS-01", m.PunchTimeRequested, **ask)) is None
    assert day.entry(no).returned_at == day.time("15:50")
    assert counted(day) == [(day.time("14:00"), day.time("15:50"))]
    assert odd(ledger(day.facts).lines[no]) == []
