"""请销假台账 and the lists of leave: every leave with its papers, and what a leader entered without them (ATT-4, ATT-5)."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from broker.__main__ import main
from broker.ledgers import leave as ledger
from broker.ledgers.table import as_csv
from broker.opening import FILE_NAME
from broker.store import Store
from contracts import messages as m
from contracts.values import HallTime
from sim.leave_day import LeaveDay, moment

MARCH = date(2026, 3, 1)


def played() -> LeaveDay:
    """Four leaves and an entry by a leader, at Wednesday noon."""
    day = LeaveDay(day=date(2026, 3, 9), clock="16:00")
    back = day.grant("S105", moment(10, "09:00"), moment(10, "12:00"), "S101", kind="sick")
    day.do("OPS-01", m.LeavePaperRequested, leave=back, actor="S002")
    day.request_leave("S113", moment(12, "09:00"), moment(13, "17:30"), dingtalk_no="DT-1")
    no = day.request_leave("S115", moment(10, "09:00"), moment(10, "17:30"))
    day.do("OPS-01", m.LeaveRejectRequested, leave=no, actor="S114", reason="人手不足")
    entry = {"begins": moment(11, "09:00"), "ends": moment(11, "17:30"), "kind": "sick"}
    day.do("OPS-01", m.AbsenceEntryRequested, actor="S002", staff="S110", **entry)
    day.go_to(10, "13:20")
    day.punch("S105")
    day.come_back(back, "S105")
    late = day.request_leave("S107", moment(10, "09:00"), moment(10, "12:00"), "personal")
    day.approve(late, "S002")
    day.go_to(11, "12:05")
    return day


def rows(day: LeaveDay, month: date = MARCH) -> list[dict[str, str]]:
    """The ledger of a month, by its columns."""
    found = ledger.table(ledger.of_month(ledger.book(day.facts), month), day.now)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def test_the_ledger_tells_each_leave_whole() -> None:
    """5.2: who, when, how long, who signed when, slip, return and how it was told; the reason is nowhere."""
    first = rows(played())[0]
    assert first == {
        "编号": "QJ-20260309-001",
        "姓名": "郭强 S105",
        "部门": "数据和政务服务局",
        "假别": "病假",
        "开始": "2026-03-10 09:00",
        "结束": "2026-03-10 12:00",
        "天数": "0.5",
        "登记时间": "2026-03-09 16:00",
        "登记人": "郭强 S105",
        "审批": "首席代表 张敏 S101 2026-03-09 16:00",
        "批准时间": "2026-03-09 16:00",
        "补假": "否",
        "纸质假条": "是",
        "钉钉编号": "",
        "续假自": "",
        "销假时间": "2026-03-10 13:20",
        "销假方式": "打卡",
        "本人确认": "是",
        "状态": "已销假",
    }
    assert "回老家" not in as_csv(ledger.table(ledger.book(played().facts), HallTime(0))).decode("utf-8-sig")


def test_states_retroactive_leave_and_what_has_no_papers() -> None:
    """ATT-5.2 is flagged; an entry by a leader stands there as what it is."""
    found = {row["姓名"]: row for row in rows(played())}
    assert [(name, row["状态"], row["补假"]) for name, row in found.items()] == [
        ("郭强 S105", "已销假", "否"),
        ("罗丹 S107", "逾期未归", "是"),
        ("彭丽 S115", "未批准", "否"),
        ("韩雪 S110", "值班领导登记,无手续", "否"),
        ("邓琳 S113", "待审批", "否"),
    ]
    assert (found["邓琳 S113"]["钉钉编号"], found["韩雪 S110"]["编号"], found["韩雪 S110"]["登记人"]) == (
        "DT-1",
        "",
        "赵晓梅 S002",
    )
    assert rows(played(), date(2026, 4, 1)) == []


def test_running_and_ended_are_told_by_the_clock() -> None:
    """Approved, on leave, over: the state of a leave that nothing has happened to."""
    day = LeaveDay(day=date(2026, 3, 9), clock="16:00")
    day.grant("S105", moment(10, "09:00"), moment(10, "12:00"), "S101")
    every = ledger.book(day.facts)
    states = [every.entries[0].state(moment(10, clock)) for clock in ("08:59", "09:00", "11:59", "12:00")]
    assert states == ["approved", "running", "running", "ended"]


@pytest.fixture
def say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """``hall-broker ...`` on the database of the played days; exit code and what it printed."""
    store = Store.open(tmp_path / FILE_NAME)
    with store.batch():
        for one in played().facts:
            store.append(one.at, None, one.fact)
    store.close()

    def said(*typed: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["hall-broker", *typed, "--data", str(tmp_path)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, printed.out + printed.err

    return said


def test_lists_by_command(say: Callable[..., tuple[int, str]]) -> None:
    """What is open; what lacks its slip; a whole month. Nothing is not an empty page."""
    code, listed = say("leave", "list")
    assert code == 0
    assert [line.split()[0] for line in listed.splitlines()] == ["QJ-20260310-001", "-", "QJ-20260309-002"]
    lacking = say("leave", "list", "--paper-missing")[1]
    assert [line.split()[0] for line in lacking.splitlines()] == ["QJ-20260310-001", "QJ-20260309-002"]
    assert all("缺纸质假条" in line for line in lacking.splitlines())
    assert len(say("leave", "list", "--month", "2026-03")[1].splitlines()) == 5
    assert "没有请假单" in say("leave", "list", "--month", "2026-05")[1]


def test_one_leave_by_command(say: Callable[..., tuple[int, str]]) -> None:
    """Who has still to sign stands below what is known; an unknown number is said."""
    code, shown = say("leave", "show", "QJ-20260309-002")
    assert code == 0
    assert "待审批: 首席代表 许峰 S112" in shown
    assert "假别: 年休假" in shown
    assert "无人在岗" not in shown
    code, shown = say("leave", "show", "QJ-20260309-009")
    assert (code, "没有 QJ-20260309-009" in shown) == (2, True)


def test_the_ledger_by_command(say: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    """``hall-broker ledger leave --month 2026-03 --csv FILE``."""
    out = tmp_path / "leave.csv"
    assert say("ledger", "leave", "--month", "2026-03", "--csv", str(out)) == (0, f"{out}: 5 条 entries\n")
    assert out.read_text("utf-8-sig").splitlines()[0].startswith("编号,姓名,部门,假别")
