"""The view of a department (CREP-4.4) and the list of chiefs, as commands on a real database."""

from datetime import date
from pathlib import Path

import pytest

from broker.__main__ import main
from broker.config import config_hash
from broker.opening import FILE_NAME
from broker.rules import facts as f
from broker.rules.hours import on_day
from broker.store import Store
from contracts.values import CounterId, HallTime, NodeName, PunchIntent, RequestId, SessionId, StaffNo
from sim.rules_day import hall_text

DAY = date(2026, 3, 10)
LETTER = 'chief = "S112", deputy = "S113", letter = { no = "SQ-1", from = 2025-04-01, to = 2026-03-31 }'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """S112 comes a minute late and is rated 5 and 2, S108 is rated 1; W09 is found empty twice, W07 once."""
    store = Store.open(tmp_path / FILE_NAME)
    text = hall_text("demo-hall").replace('chief = "S112"', LETTER)

    def write(clock: str, *facts: f.Fact, day: date = DAY) -> None:
        with store.batch():
            for fact in facts:
                store.append(on_day(day, clock), None, fact)

    write("08:00", f.ConfigurationAdopted(content=text, hash=config_hash(text)), day=date(2026, 2, 27))
    write("00:00", f.DayBegan(date=DAY.isoformat()))
    for n, clock in enumerate(("09:01", "12:01", "13:25", "17:31")):
        write(clock, punch("S112", n, on_day(DAY, clock)))
    write("17:40", rated("S112", 1, 5), rated("S112", 2, 2), rated("S108", 3, 1))
    write("17:41", *(vacant(one) for one in ("W09", "W09", "W07")))
    write("09:00", rated("S112", 4, 1), vacant("W09"), day=date(2026, 4, 1))
    store.close()
    return tmp_path


def punch(staff: str, n: int, at: HallTime) -> f.PunchStored:
    """One card at the clock."""
    return f.PunchStored(
        request_id=RequestId(f"CLK-01/00000000000000aa/{n}"),
        clock=NodeName("CLK-01"),
        card=None,
        staff=StaffNo(staff),
        intent=PunchIntent.NONE,
        at=at,
        unverified=False,
        stamp=None,
    )


def rated(staff: str, n: int, level: int) -> f.RatingRecorded:
    """A face was pressed."""
    session = SessionId(f"2026-03-10/E00{n}/s1")
    return f.RatingRecorded(
        session=session, level=level, request_id=RequestId(f"PAD-W09/x/{n}"), counter=CounterId("W09"), staff=StaffNo(staff)
    )


def vacant(counter: str) -> f.CounterVacant:
    """Nobody was there."""
    return f.CounterVacant(counter=CounterId(counter), post="P", since=on_day(DAY, "17:00"))


def say(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *typed: str) -> tuple[object, str, str]:
    """What a command leaves: its code, and what it wrote."""
    monkeypatch.setattr("sys.argv", ["hall-broker", *typed])
    with pytest.raises(SystemExit) as left:
        main()
    out = capsys.readouterr()
    return left.value.code, out.out, out.err


def test_a_department_sees_its_own_people(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """CREP-4.4, the example: S112 opens the view and sees S112 and S113, in numbers of March alone."""
    data = ("--month", "2026-03", "--data", str(folder))
    code, out, _ = say(capsys, monkeypatch, "department", "show", "--dept", "GA", "--actor", "S112", *data)
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()[1:]} == {"S112", "S113", "W09"}
    assert "S112 许峰  正常0.5天 迟到1次1分钟" in out
    assert "S112 许峰  评价2次 差评1次" in out
    assert "S113 邓琳  评价0次 差评0次" in out
    assert "W09  空岗2次" in out


@pytest.mark.parametrize(
    ("dept", "actor", "code"),
    [
        ("GA", "S113", 0),
        ("GA", "S001", 0),
        ("ZR", "S112", 1),
        ("GA", "S108", 1),
        ("GA", "S114", 1),
        ("GA", "S999", 1),
        ("XX", "S001", 1),
    ],
)
def test_nobody_sees_the_people_of_others(  # noqa: PLR0913, PLR0917 -- who asks for what, and pytest's hands
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, dept: str, actor: str, code: int
) -> None:
    """CREP-4.4: its chief, its deputy, the leaders of the hall; a refusal says so and shows nothing."""
    found, out, err = say(capsys, monkeypatch, "department", "show", "--dept", dept, "--actor", actor, "--data", str(folder))
    assert found == code
    assert bool(out) == (code == 0)
    assert bool(err) == (code == 1)


def test_an_empty_database_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback where nothing was stored."""
    Store.open(tmp_path / FILE_NAME).close()
    for typed in (("crep", "list"), ("department", "show", "--dept", "GA", "--actor", "S112")):
        code, _, err = say(capsys, monkeypatch, *typed, "--data", str(tmp_path))
        assert (code, "start the service first" in err) == (2, True)


def test_chiefs_are_listed_with_their_letters(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """CREP-1, CREP-3: who speaks for each department, until when, and what that is worth today."""
    _, out, _ = say(capsys, monkeypatch, "crep", "list", "--data", str(folder))
    lines = out.splitlines()
    assert "GA  公安局  S112 许峰 (S113 邓琳)  SQ-1 2025-04-01 - 2026-03-31  授权将到期 The letter ends soon" in lines
    assert "ZR  自然资源和规划局  S108 梁宇  未登记授权委托书 No letter on file" in lines
    code, out, _ = say(capsys, monkeypatch, "ledger", "chiefs", "--month", "2026-03", "--data", str(folder))
    assert (code, "SQ-1" in out) == (0, True)
