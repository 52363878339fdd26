"""An outing on real keys and cards, with the real service: what the clock says is what the ledger has (ATT-6.2)."""

import msgspec

from broker.rules.hours import on_day
from contracts import messages as m
from contracts.values import HallTime, OutingNo, StaffNo
from sim.hall import Hall
from sim.rules_day import TUESDAY


def instant(clock: str) -> HallTime:
    """``HH:MM`` of the demo day."""
    return on_day(TUESDAY, clock)


def press_and_show(hall: Hall, key: str) -> str:
    """The key, then the card of S101; what the text line says then."""
    clock = hall.clock()
    clock.press(key)
    hall.run_for(500)
    clock.show_card(hall.card_of("S101"))
    hall.run_for(2_000)
    return clock.text().replace("\n", "")


def stored(hall: Hall, kind: str) -> list[dict[str, object]]:
    """The facts of a kind."""
    rows = hall.service.database.execute("SELECT body FROM facts WHERE kind = ? ORDER BY number", (kind,))
    return [msgspec.json.decode(body) for (body,) in rows]


def test_out_and_back_two_minutes_late() -> None:
    """Approved 14:00-14:05: 公出 at 14:00 begins it, 返岗 at 14:07 closes it, two minutes over."""
    with Hall.demo_small(seed=3, start="2026-03-10T13:58:00") as hall:
        hall.run_until("13:58:30")
        about = {"kind": "meeting", "reason": "参加会议", "place": "县政府", "begins": instant("14:00")}
        hall.ops(m.OutingRequested, actor=StaffNo("S101"), staff=StaffNo("S101"), ends=instant("14:05"), **about)
        hall.ops(m.OutingApproveRequested, actor=StaffNo("S002"), outing=OutingNo("GC-20260310-001"))
        hall.run_until("14:00:10")
        assert press_and_show(hall, "outing").startswith("公出已登记,请于14:05前返岗")
        hall.run_until("14:07:10")
        assert press_and_show(hall, "return").startswith("返岗已登记 14:07,晚于计划2分钟")
        (left,), (back,) = stored(hall, "OutingLeft"), stored(hall, "OutingReturned")
        assert left["outing"] == back["outing"] == "GC-20260310-001"
        assert (back["source"], back["over"]) == ("punch", 2)
        assert stored(hall, "OutingUnapproved") == stored(hall, "AbsenceEnded") == []


def test_without_approval_it_is_on_record() -> None:
    """HALL-11.2: the clock says what is missing, the punch is stored, ``outing.unapproved`` too."""
    with Hall.demo_small(seed=3, start="2026-03-10T13:59:00") as hall:
        hall.run_until("14:00:00")
        assert press_and_show(hall, "outing").startswith("未查到已批准的公出,请先填写公出台账")
        (gone,) = stored(hall, "OutingUnapproved")
        assert (gone["staff"], gone["clock"]) == ("S101", "CLK-01")
        assert len(stored(hall, "PunchStored")) == 1
