"""The ticket machine with its reader, its keypad and the real rules service: one morning, on good wires and on bad ones."""

from collections.abc import Iterator

import pytest

from contracts.values import NodeName
from sim.devices.id_cards import ADULT_M, EXPIRED, FOREIGNER_2023, PEOPLE, SENIOR, Card
from sim.hall import Hall
from sim.halls import config_text
from sim.senses import number_on
from sim.wires import Cut, Line

NAME = NodeName("TM-01")
GOOD: dict[str, Line] = {}
BAD = {"id_reader": Line(cut=Cut.RANDOM, loss=20, noise=20), "text": Line(cut=Cut.BYTES), "printer": Line(cut=Cut.RANDOM)}


@pytest.fixture(params=[GOOD, BAD], ids=["good wires", "bad wires"])
def hall(request: pytest.FixtureRequest) -> Iterator[Hall]:
    """The small hall at ten to nine."""
    with Hall.demo_small(quality=request.param) as small:
        small.run_until("08:50")
        yield small


def papers(hall: Hall) -> list[str]:
    """The numbers on the papers that have come out whole."""
    return [str(number_on(paper)) for paper in hall.papers() if paper.complete]


def says(hall: Hall, text: str, within: int = 9_000) -> bool:
    """Whether the text line comes to say this, on any of its pages."""
    return hall.wait_until(lambda: text in hall.kiosk().text(), within=within)


def lay(hall: Hall, card: Card | bytes, text: str) -> None:
    """Lay a card down, again if it could not be read, until the text line says this."""
    for _ in range(4):
        hall.kiosk().lay_card(card, hold_ms=4_000)
        if says(hall, text):
            return
    raise AssertionError(hall.kiosk().text())


def pad(hall: Hall, *keys: str) -> None:
    """Press keys of the pad, one after the other."""
    for key in keys:
        hall.kiosk().press_pad(key)
        hall.run_for(400)


def test_a_morning_with_cards(hall: Hall) -> None:
    """Sixty today: care is offered and taken. Then another card, a foreigner's, an expired one; each press its paper."""
    lay(hall, SENIOR, "请问您需要优先服务吗?")
    pad(hall, "ok")
    assert says(hall, "已为您开通爱心通道")
    hall.kiosk().press("A")
    assert hall.wait_until(lambda: papers(hall) == ["A001"], within=9_000)
    hall.run_for(6_000)
    for count, card in enumerate((ADULT_M, FOREIGNER_2023), start=2):
        lay(hall, card, "请选择您要办理的业务")
        hall.run_for(1_000)
        hall.kiosk().press("A")
        assert hall.wait_until(lambda: len(papers(hall)) == count, within=9_000)  # noqa: B023 -- waited for at once
        hall.run_for(6_000)
    lay(hall, EXPIRED, "证件已过有效期")
    hall.run_for(8_000)
    hall.kiosk().press("B")
    assert hall.wait_until(lambda: papers(hall)[-1] == "B001", within=9_000)
    assert hall.kiosk().id_reader.unknown == [] or hall.kiosk().id_reader_line.line.noise


def test_without_the_service_a_card_gives_an_own_number(hall: Hall) -> None:
    """The other functions say so; the number is merged when the service is back."""
    hall.service.kill()
    hall.run_for(8_000)
    lay(hall, SENIOR, "请问您需要优先服务吗?")
    hall.kiosk().press("A")
    assert hall.wait_until(lambda: papers(hall) == ["A1-01"], within=9_000)
    hall.run_for(6_000)
    for key in ("appointment", "reactivate", "project", "help"):
        pad(hall, key)
        assert says(hall, "此项暂时不能办理")
        hall.run_for(7_000)
    hall.service.start()
    hall.run_for(10_000)
    [(state,)] = hall.service.database.execute("SELECT state FROM tickets").fetchall()
    assert state == "waiting"


def test_a_reader_that_is_unplugged_is_reported_and_read_again_afterwards(hall: Hall) -> None:
    """In the middle of a card; tickets go on without it."""
    kiosk = hall.kiosk()
    kiosk.lay_card(ADULT_M, hold_ms=4_000)
    hall.run_for(900)
    hall.world.lines["TM-01/id_reader"].unplug()
    hall.run_for(3_000)
    kiosk.press("A")
    assert hall.wait_until(lambda: papers(hall) == ["A001"], within=9_000)
    hall.world.lines["TM-01/id_reader"].replug()
    hall.run_for(6_000)
    lay(hall, SENIOR, "请问您需要优先服务吗?")


def test_nothing_of_a_card_leaves_the_machine() -> None:
    """Number, birth and name of every card are in no log line, no message, no paper and no fact, and the key in no log."""
    with Hall.demo_small() as hall:
        heard: list[str] = []
        hall.server.taps.append(lambda publication: heard.append(bytes(publication.payload).decode("utf-8", "replace")))
        hall.run_until("08:50")
        for card in PEOPLE:
            hall.kiosk().lay_card(card)
            hall.run_for(5_000)
            hall.kiosk().press("A")
            hall.run_for(8_000)
        stored = [str(row) for row in hall.service.database.execute("SELECT * FROM facts").fetchall()]
        everything = "\n".join([*heard, *stored, *(paper.text for paper in hall.papers()), *map(str, hall.events.lines)])
        assert len(papers(hall)) == len(PEOPLE)
        for card in PEOPLE:
            assert card.number not in everything
            assert card.number[6:14] not in everything


def test_the_pad_of_a_machine_with_many_groups_has_a_line_of_its_own() -> None:
    """Eight groups leave no pins for sixteen keys: the same keys come as bytes."""
    with Hall(config_text("demo-hall"), seed=1, start="2026-03-10T08:50:00") as hall:
        hall.open()
        assert "keypad" in hall.kiosk(NAME).config["wires"]
        pad(hall, "reactivate")
        hall.kiosk(NAME).press("C")
        hall.run_for(500)
        pad(hall, "1", "2", "back", "ok")
        assert says(hall, "您的号码C001已过号,是否恢复排队?")
