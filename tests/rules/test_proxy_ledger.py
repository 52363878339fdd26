"""代考勤核查台账: every case and every pair that was only noted, with who decided on what (ATT-8.3.2)."""

from datetime import date

from broker.ledgers import proxy
from contracts import messages as m
from contracts.values import ProxyEvidence, StaffNo
from sim.attendance_day import AttendanceDay

MARCH = date(2026, 3, 1)


def rows(day: AttendanceDay, month: date = MARCH) -> list[dict[str, str]]:
    """The ledger, a line a dictionary."""
    names = {StaffNo("S105"): "郭强", StaffNo("S113"): "邓琳", StaffNo("S007"): "吴涛", StaffNo("S002"): "赵晓梅"}
    made = proxy.table(day.facts, month, names)
    return [dict(zip(made.columns, row, strict=True)) for row in made.rows]


def test_a_case_tells_its_whole_course() -> None:
    """From the pair at 08:57:01 to the second signature."""
    day = AttendanceDay()
    day.punch("S105", "08:57:01")
    day.punch("S113", "08:57:03")
    (line,) = rows(day)
    assert (line["编号"], line["状态"], line["间隔(秒)"], line["考勤机"]) == ("", "仅记录", "2", "CLK-01")
    day.at("09:00")
    day.login("W09", "S113")
    day.at("09:15")
    day.let_time_pass()
    (line,) = rows(day)
    assert (line["编号"], line["状态"], line["被代人"], line["代打人"]) == (
        "DK-20260310-001",
        "待核查",
        "郭强 S105",
        "邓琳 S113",
    )
    case = {"case": "DK-20260310-001"}
    day.at("10:00")
    day.do("OPS-01", m.ProxySignRequested, actor="S007", evidence=(ProxyEvidence.CAMERA,), record="V-31", **case)
    day.at("10:30")
    day.do("OPS-01", m.ProxyCountersignRequested, actor="S002", **case)
    (line,) = rows(day)
    assert line["状态"] == "已确认"
    assert (line["核查人"], line["会签人"]) == ("吴涛 S007", "赵晓梅 S002")
    assert (line["依据"], line["材料编号"]) == ("监控录像", "V-31")
    assert (line["打卡时间"], line["立案时间"], line["结论时间"]) == (
        "2026-03-10 08:57:01",
        "2026-03-10 09:15:00",
        "2026-03-10 10:30:00",
    )
    assert rows(day, date(2026, 4, 1)) == []


def test_a_dismissed_case_stays_in_the_ledger() -> None:
    """Principle 2: it was a suspicion, and who said that it was nothing stands beside it."""
    day = AttendanceDay()
    for clock in ("08:55", "12:01", "13:25"):
        day.punch("S105", clock, card=False)
    day.do("OPS-01", m.ProxyDismissRequested, actor="S007", case="DK-20260310-001")
    (line,) = rows(day)
    assert (line["状态"], line["疑点"], line["会签人"]) == ("已排除", "一周内三次未用卡打卡", "")
    assert line["结论时间"].endswith("吴涛 S007")
