"""DingTalk's export of leave approvals: columns by name, people by number or name, and what a line cannot be used for."""

import pytest

from broker.config import load
from broker.dingtalk import BrokenExportError, Line, read
from sim.leave_day import moment
from sim.rules_day import hall_text

DEMO = load(hall_text("demo-hall"), "demo-hall")
HEADER = (
    "审批编号,标题,审批状态,审批结果,审批完成时间,发起人工号,发起人姓名,历史审批人姓名,请假类型,开始时间,结束时间,请假事由"
)


def row(**changed: str) -> str:
    """A line of the export as DingTalk writes it, with some cells changed."""
    cells = {
        "no": "202603091200000123456",
        "title": "郭强提交的请假",
        "status": "已完成",
        "result": "同意",
        "done": "2026-03-09 17:00:12",
        "staff": "S105",
        "name": "郭强",
        "approvers": "张敏",
        "kind": "病假",
        "begins": "2026-03-12 09:00",
        "ends": "2026-03-12 12:00",
        "reason": "就医",
    }
    return ",".join((cells | changed).values())


def lines(*rows: str, header: str = HEADER, encoding: str = "utf-8-sig") -> tuple[Line, ...]:
    """The export of these lines, read for the demo hall."""
    return read("\r\n".join((header, *rows, "")).encode(encoding), DEMO)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gbk"])
def test_a_line_as_dingtalk_writes_it(encoding: str) -> None:
    """ATT-5.1: number, person, kind, times, reason, who approved and when; in whatever encoding the office saved it."""
    (one,) = lines(row(), encoding=encoding)
    assert (one.number, one.no) == (2, "202603091200000123456")
    assert one.wanted is not None
    assert one.wanted == ("S105", "sick", moment(12, "09:00"), moment(12, "12:00"), "就医", ("S101",), moment(9, "17:00"))


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        ("2026-03-12 上午", "2026-03-12 上午", ((12, "09:00"), (12, "12:00"))),
        ("2026-03-12 下午", "2026-03-13 下午", ((12, "13:30"), (13, "17:30"))),
        ("2026/3/12", "2026/3/13", ((12, "09:00"), (13, "17:30"))),
        ("2026年3月12日", "2026年3月12日 15:30", ((12, "09:00"), (12, "15:30"))),
        ("2026-03-12 9:05", "2026-03-12 17:30:00", ((12, "09:05"), (12, "17:30"))),
    ],
)
def test_times_as_people_and_dingtalk_write_them(
    begins: str, ends: str, expected: tuple[tuple[int, str], tuple[int, str]]
) -> None:
    """Half days and whole days are those of the hall's hours."""
    (one,) = lines(row(begins=begins, ends=ends))
    assert one.wanted is not None
    assert (one.wanted.begins, one.wanted.ends) == (moment(*expected[0]), moment(*expected[1]))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"no": ""}, "缺少审批编号"),
        ({"result": "拒绝"}, "未审批通过 not approved: 拒绝"),
        ({"result": ""}, "未审批通过 not approved: 已完成"),
        ({"result": "", "status": "审批中"}, "not approved: 审批中"),
        ({"staff": "S999"}, "未找到工号 S999"),
        ({"name": "邓琳"}, "工号与姓名不符 S105 is 郭强"),
        ({"staff": "", "name": "甲某"}, "未找到 甲某"),
        ({"kind": "神游假"}, "未知假别"),
        ({"begins": "2026-03-13 09:00"}, "起止时间颠倒"),
        ({"ends": "2026-03-12 09:00"}, "起止时间颠倒"),
        ({"ends": "2026-02-30"}, "没有这一天"),
        ({"ends": "下周"}, "无法识别时间 no time: 下周"),
        ({"ends": "2026-03-12 24:00"}, "无法识别时间"),
        ({"done": "昨天"}, "无法识别时间"),
    ],
)
def test_a_line_that_cannot_be_used_says_why(changed: dict[str, str], says: str) -> None:
    """Bad input: by itself, while the others are read."""
    first, second = lines(row(**changed), row(no="2"))
    assert first.wanted is None
    assert says in first.why
    assert second.wanted is not None


def test_a_name_of_two_people_is_nobodys() -> None:
    """With a staff number it is somebody's; as an approver it signs nothing."""
    twins = load(hall_text("demo-hall").replace('zh = "邓琳"', 'zh = "郭强"'), "demo-hall")
    content = "\n".join((HEADER, row(staff=""), row(no="2"), row(no="3", approvers="郭强、赵晓梅;王建国"))).encode()
    ambiguous, numbered, approved = read(content, twins)
    assert "重名" in ambiguous.why
    assert "S105, S113" in ambiguous.why
    assert numbered.wanted is not None
    assert approved.wanted is not None
    assert approved.wanted.approvers == ("S002", "S001")


def test_other_headers_of_the_same_columns() -> None:
    """As the office renames them: 姓名, 审批人, 审批状态 with the result in it."""
    header = "审批编号,姓名,请假类型,开始时间,结束时间,请假事由,审批状态,审批人"
    (one,) = lines("DT-1,邓琳,年假,2026-03-12 上午,2026-03-12 上午,探亲,审批通过,许峰", header=header)
    assert one.wanted is not None
    assert one.wanted == ("S113", "annual", moment(12, "09:00"), moment(12, "12:00"), "探亲", ("S112",), None)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "缺少列"),
        ("审批编号,姓名\nDT-1,邓琳\n".encode(), "请假类型"),
        (HEADER.replace("发起人工号,发起人姓名", "甲,乙").encode(), "申请人工号 / 姓名"),
        ((HEADER + "\n" + row()[:40]).encode(), "第2行缺少内容"),
        ((HEADER + '\n"' + row()).encode(), "不是CSV"),
        ((HEADER + "\n" + row()).encode("utf-16"), "既非UTF-8也非GBK"),
        (b"\xff\xfe\xff\xff", "既非UTF-8也非GBK"),
    ],
)
def test_a_broken_file_is_refused_whole(content: bytes, says: str) -> None:
    """Cut short, another file, another encoding: nothing of it is used, and what to do is said."""
    with pytest.raises(BrokenExportError, match=says):
        read(content, DEMO)


def test_empty_lines_and_a_reason_of_several_lines_do_no_harm() -> None:
    """As a spreadsheet leaves them."""
    found = lines(row(reason='"发热,\n需卧床"'), ",,,,,,,,,,,", "", row(no="2"))
    assert [one.wanted.reason for one in found if one.wanted] == ["发热,\n需卧床", "就医"]
