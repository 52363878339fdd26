"""The ticket machine with the real rules service: duplicates, check-in, missed numbers, help, emergency."""

import json
from collections.abc import Iterator

import pytest

from contracts.messages import (
    AppointmentMade,
    AppointmentRequested,
    EmergencyEndRequested,
    EmergencyRequested,
    TaskBoard,
)
from contracts.values import GroupId, HallTime, StaffNo
from sim.devices.id_cards import ADULT_M, SENIOR, Card
from sim.hall import Hall
from sim.halls import config_text
from sim.senses import number_on

NINE = HallTime(1_773_104_400_000)
GUIDE, LEADER = StaffNo("S004"), StaffNo("S002")


@pytest.fixture
def hall() -> Iterator[Hall]:
    """The small hall a quarter before nine."""
    with Hall.demo_small() as small:
        small.run_until("08:46")
        yield small


def papers(hall: Hall) -> list[str]:
    """The numbers on the papers that have come out whole."""
    return [str(number_on(paper)) for paper in hall.papers() if paper.complete]


def says(hall: Hall, text: str, within: int = 9_000) -> bool:
    """Whether the text line comes to say this, on any of its pages."""
    return hall.wait_until(lambda: text in hall.kiosk().text(), within=within)


def pad(hall: Hall, *keys: str) -> None:
    """Press keys of the pad, one after the other; digits in one piece."""
    for key in keys:
        for one in key if key.isdigit() else (key,):
            hall.kiosk().press_pad(one)
            hall.run_for(300)


def ticket_by_card(hall: Hall, card: Card, group: str = "A") -> None:
    """Card, key, and whatever comes of it."""
    hall.kiosk().lay_card(card)
    assert says(hall, "请选择您要办理的业务") or says(hall, "请问您需要优先服务吗")
    hall.run_for(3_000)
    hall.kiosk().press(group)
    hall.run_for(1_500)


def messages(hall: Hall, kind: type) -> list[dict[str, object]]:
    """The payloads of all messages of this kind so far."""
    lines = [line.what.partition(" ") for line in hall.events.lines if line.who == "mqtt"]
    return [json.loads(payload) for _, _, payload in lines if f'"message":"{kind.__name__}"' in payload]


def test_one_person_one_number_in_a_group(hall: Hall) -> None:
    """EXT-3.2: the second press with the same card is told the number that is held; another group is another queue."""
    ticket_by_card(hall, ADULT_M)
    assert hall.wait_until(lambda: papers(hall) == ["A001"])
    hall.run_for(8_000)
    ticket_by_card(hall, ADULT_M)
    assert says(hall, "您已取得号码A001,正在排队,")
    hall.run_for(8_000)
    ticket_by_card(hall, ADULT_M, "B")
    assert hall.wait_until(lambda: papers(hall) == ["A001", "B001"])


def test_sixty_today_is_called_with_care(hall: Hall) -> None:
    """CARE-2.2a: the ticket has the claim; the paper says nothing of it."""
    ticket_by_card(hall, SENIOR)
    assert hall.wait_until(lambda: papers(hall) == ["A001"])
    [(classes,)] = hall.service.database.execute("SELECT classes FROM tickets").fetchall()
    assert classes == "normal,care"
    assert "爱心" not in hall.papers()[0].text


def test_check_in_by_telephone_and_code(hall: Hall) -> None:
    """APPT-4.3: the paper bears the agreed time; a wrong code finds nothing; the digits are in no message."""
    hall.ops(AppointmentRequested, actor=GUIDE, group=GroupId("A"), at=HallTime(NINE + 900_000), contact="13800001234")
    code = str(messages(hall, AppointmentMade)[-1]["code"])
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    pad(hall, "appointment", f"1234{wrong}", "ok")
    assert says(hall, "未查询到您今日的预约,")
    pad(hall, "appointment", f"1234{code}", "ok")
    assert says(hall, "您预约了3月10日")
    assert hall.wait_until(lambda: papers(hall) == ["A001"])
    assert "预约时间 2026-03-10 09:15" in hall.papers()[0].lines
    asked = [line.what for line in hall.events.lines if "up/CheckInRequested" in line.what]
    assert len(asked) == 2
    assert all(code not in one and "1234:" not in one for one in asked)


def test_a_missed_number_comes_back_once(hall: Hall) -> None:
    """D9: called three times, missed, brought back at the machine; the second time the limit is said."""
    hall.kiosk().press("A")
    assert hall.wait_until(lambda: papers(hall) == ["A001"])
    hall.run_until("09:00:10")
    hall.card("W02", hall.card_of("S102"))
    hall.run_for(3_000)
    for sentence in ("已为您恢复排队,", "该号码已恢复过一次,"):
        assert hall.wait_until(lambda: "A001" not in hall.counter("W02").text())
        hall.keys("W02", "next")
        assert hall.wait_until(lambda: "A001" in hall.counter("W02").text())
        for _ in range(2):
            hall.run_for(21_000)
            hall.keys("W02", "recall")
        hall.run_for(61_000)
        hall.keys("W02", "no_show")
        hall.run_for(2_000)
        pad(hall, "reactivate")
        hall.kiosk().press("A")
        hall.run_for(300)
        pad(hall, "1", "ok")
        assert says(hall, "您的号码A001已过号,")
        pad(hall, "ok")
        assert says(hall, sentence), hall.kiosk().text()
        hall.run_for(10_000)


def test_help_reaches_the_staff(hall: Hall) -> None:
    """CARE-3.2: a task for the guide, and the sentence for whoever waits."""
    pad(hall, "help")
    assert says(hall, "已为您呼叫引导员,")
    tasks = messages(hall, TaskBoard)[-1]["tasks"]
    assert isinstance(tasks, list)
    assert [one["kind"] for one in tasks] == ["help"]


def test_an_emergency_stops_the_machine_and_leaves_it_as_it_was(hall: Hall) -> None:
    """HALL-8.2: no press is taken; afterwards tickets are given as before."""
    hall.run_until("09:05")
    hall.ops(EmergencyRequested, actor=LEADER)
    hall.ops(EmergencyRequested, actor=LEADER, confirmed=True)
    assert says(hall, "请您听从工作人员指挥,有序离开")
    hall.kiosk().press("A")
    pad(hall, "help")
    hall.kiosk().lay_card(ADULT_M)
    hall.run_for(6_000)
    assert says(hall, "请您听从工作人员指挥,有序离开")
    assert papers(hall) == []
    hall.ops(EmergencyEndRequested, actor=LEADER)
    hall.run_for(10_000)
    hall.kiosk().press("A")
    assert hall.wait_until(lambda: papers(hall) == ["A001"])


def test_a_project_is_named_by_its_digits() -> None:
    """GREEN-2: 2026007 is YA2026-007, registered and valid; another code is refused politely, and the paper names none."""
    with Hall(config_text("demo-hall"), seed=1, start="2026-03-10T08:50:00") as hall:
        hall.open()
        for digits, sentence in (("2026008", "未查询到有效的项目代码,"), ("2026007", "请取走您的号票,")):
            pad(hall, "project", digits, "ok")
            hall.kiosk().press("F")
            assert says(hall, sentence)
            hall.run_for(10_000)
        assert papers(hall) == ["F001"]
        assert "2026007" not in hall.papers()[0].text
        [(classes,)] = hall.service.database.execute("SELECT classes FROM tickets").fetchall()
        assert classes == "normal,green"
