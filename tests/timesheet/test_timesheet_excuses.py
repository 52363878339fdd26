"""What absences excuse in the monthly sheet, however they ended and were entered again (ATT-6.2, ATT-5)."""

from broker.rules import facts as f
from broker.timesheet.reading import history_of
from contracts.values import HallTime, StaffNo
from sim.rules_day import hall_text

AWAY = f.Absence(staff=StaffNo("S101"), begins=HallTime(100), ends=HallTime(200), kind="meeting", ref="GC-20260310-001")


def excused(*facts: tuple[int, f.Fact]) -> list[tuple[int, int]]:
    """From when to when, after these facts."""
    adopted = f.ConfigurationAdopted(content=hall_text("demo-hall"), hash="a")
    every = [(0, adopted), *facts]
    recorded = [f.Recorded(number=n, at=HallTime(at), request_id=None, fact=one) for n, (at, one) in enumerate(every, 1)]
    given = history_of(recorded, HallTime(1_000)).of(AWAY.staff).given
    return [known for one in given if (known := one.as_known(HallTime(1_000))) is not None]


def entered(absence: f.Absence = AWAY) -> f.AbsenceEntered:
    """A leader enters it."""
    return f.AbsenceEntered(absence=absence, actor=StaffNo("S002"))


def test_what_is_entered_again_after_it_was_withdrawn_counts() -> None:
    """The same time a second time: the withdrawal belongs to the first."""
    gone = f.AbsenceEnded(absence=AWAY, why="withdrawn")
    assert excused((10, entered()), (20, gone)) == []
    assert excused((10, entered()), (20, gone), (30, entered())) == [(100, 200)]


def test_an_excuse_ends_when_the_person_was_back_not_when_it_was_heard_of() -> None:
    """A clock that was cut off tells at 180 of a return at 150; at 250 of one at 220 there is nothing to shorten."""
    assert excused((10, entered()), (180, f.AbsenceEnded(absence=AWAY, why="punch", until=HallTime(150)))) == [(100, 150)]
    assert excused((10, entered()), (180, f.AbsenceEnded(absence=AWAY, why="login"))) == [(100, 180)]
    assert excused((10, entered()), (250, f.AbsenceEnded(absence=AWAY, why="punch", until=HallTime(220)))) == [(100, 200)]
    assert excused((10, entered()), (20, f.AbsenceEnded(absence=AWAY, why="login"))) == [], "before it began"


def test_what_was_replaced_counts_as_what_replaced_it() -> None:
    """An extension: one interval, not two that overlap."""
    longer = f.Absence(staff=AWAY.staff, begins=AWAY.begins, ends=HallTime(300), kind=AWAY.kind, ref=AWAY.ref)
    assert excused((10, entered()), (150, f.AbsenceEnded(absence=AWAY, why="replaced")), (150, entered(longer))) == [
        (100, 300)
    ]
