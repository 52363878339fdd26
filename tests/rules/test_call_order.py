"""Q1 to Q8 of the rule book (1.0.4): once as a rehearsal from a file, once through the whole service's rules."""

from typing import Any

import pytest

from broker.rehearse import rehearse_queue
from broker.rules import facts as f
from broker.rules.pick import ONE_POINT
from contracts.values import StaffNo, VisitorClass
from sim.rules_day import RulesDay, hall_text


def ticket(no: str, issued: str, visitor_class: str = "normal", appointment: str | None = None) -> dict[str, Any]:
    """One line of a case, as a hall writes it."""
    line = {"no": no, "issued": issued, "class": visitor_class}
    return line if appointment is None else {**line, "appointment": appointment}


def clock(minutes: int) -> str:
    """Minutes of the day as HH:MM."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


CASES: dict[str, dict[str, Any]] = {
    "Q1": {
        "tickets": [
            ticket("A001", "09:00"),
            ticket("A002", "09:01", appointment="09:10"),
            ticket("A003", "09:02"),
            ticket("A004", "09:05", "care"),
        ],
        "calls": ["09:06", "09:08", "09:11", "09:15"],
    },
    "Q2": {
        "tickets": [ticket(f"A00{n}", f"09:0{n}", "care") for n in range(1, 6)]
        + [ticket("A006", "09:06"), ticket("A007", "09:07")],
        "calls": [clock(550 + 5 * n) for n in range(7)],
    },
    "Q3": {
        "tickets": [
            ticket("A010", "09:50", appointment="10:00"),
            ticket("A011", "10:00"),
            ticket("A012", "10:02", "green"),
            ticket("A013", "10:03", "care"),
            ticket("A014", "10:04", "urgent"),
        ],
        "calls": [clock(605 + n) for n in range(5)],
    },
    "Q4": {
        "tickets": [ticket("A020", "09:40"), ticket("A021", "09:41", appointment="10:00"), ticket("A022", "09:42")],
        "calls": ["09:45", "09:50", "10:01"],
    },
    "Q5": {
        "tickets": [ticket("A030", "09:00")] + [ticket(f"A03{n}", clock(560 + 3 * (n - 1)), "care") for n in range(1, 8)],
        "calls": [clock(564 + 3 * n) for n in range(8)],
    },
    "Q6": {
        "tickets": [ticket("A050", "08:20"), ticket("A051", "09:20", "care"), ticket("A052", "09:38", "care")],
        "calls": ["09:40", "09:41", "09:42"],
    },
    "Q7": {
        "tickets": [
            ticket("A060", "08:51"),
            ticket("A061", "09:40", "care", appointment="10:00"),
            ticket("A062", "10:12", appointment="10:00"),
        ],
        "calls": ["09:50", "10:00", "10:13"],
    },
    "Q8": {
        "reserve": {"normal": 20, "appointment_due": 20},
        "tickets": [ticket("A070", "09:00"), ticket("A071", "09:40", appointment="10:00"), ticket("A072", "10:02", "care")],
        "calls": ["10:04", "10:05", "10:06"],
    },
}
RESULTS = {
    "Q1": "A004 A001 A002 A003",
    "Q2": "A001 A002 A003 A004 A005 A006 A007",
    "Q3": "A014 A010 A013 A012 A011",
    "Q4": "A020 A021 A022",
    "Q5": "A031 A032 A033 A034 A035 A030 A036 A037",
    "Q6": "A050 A051 A052",
    "Q7": "A060 A061 A062",
    "Q8": "A072 A071 A070",
}
POINTS = {
    ("Q5", 5): "39.0",
    ("Q6", 0): "80.0",
    ("Q7", 0): "59.0",
    ("Q7", 1): "120.0",
    ("Q7", 2): "122.0",
    ("Q8", 0): "34.0",
    ("Q8", 1): "26.0",
    ("Q8", 2): "13.2",
}


def rehearsed(name: str) -> dict[str, Any]:
    """What the rehearsal says of one case of the book."""
    case: dict[str, Any] = rehearse_queue({"cases": [{"name": name, **CASES[name]}]})["cases"][0]
    return case


@pytest.mark.parametrize("name", CASES)
def test_rehearsal_calls_in_the_order_of_the_book(name: str) -> None:
    """``hall-broker rehearse queue`` gives the rule book's result for its own cases (1.0.4)."""
    assert rehearsed(name)["called"] == RESULTS[name].split()


@pytest.mark.parametrize(("name", "call"), POINTS)
def test_rehearsal_counts_the_points_of_the_book(name: str, call: int) -> None:
    """The points named in the book's cases are the points the reason names (1.0.4)."""
    assert f"{POINTS[name, call]} points" in rehearsed(name)["reasons"][call].split(";")[0]


@pytest.mark.parametrize("name", CASES)
def test_service_calls_in_the_order_of_the_book(name: str) -> None:
    """The same cases by tickets entered and counters pressing call next: W01 for Q8, else W02 (1.0.4)."""
    text = hall_text("demo-hall").replace("open_before_min = 15", "open_before_min = 60")
    day = RulesDay(text)
    counter, staff = ("W01", "S103") if name == "Q8" else ("W02", "S101")
    day.login(counter, staff)
    names: dict[str, str] = {}
    moments = [(one["issued"], 0, one) for one in CASES[name]["tickets"]] + [(one, 1, None) for one in CASES[name]["calls"]]
    called = []
    for at, _, line in sorted(moments, key=lambda each: each[:2]):
        day.at(at)
        if line is not None:
            names[enter(day, line)] = line["no"]
        else:
            called.append(names[str(day.call_and_serve(counter))])
    assert called == RESULTS[name].split()


def enter(day: RulesDay, line: dict[str, Any]) -> str:
    """A line of a case as a ticket entered by the duty leader."""
    fields: dict[str, Any] = {"visitor_class": VisitorClass(line["class"])}
    if line["class"] in ("green", "urgent"):
        fields["project"] = "YA2026-011" if line["class"] == "urgent" else "YA2026-007"
    if line["class"] == "urgent":
        fields["approved_by"] = "S002"
    if "appointment" in line:
        fields["appointment_at"] = day.time(line["appointment"])
    return day.enter(actor="S002", **fields).no


def test_afternoon_calls_what_was_carried_over_noon_first() -> None:
    """D8: from 13:30 the tickets of the morning come before everybody but urgent ones, in their own order of points."""
    day = RulesDay(hall_text("demo-small"))
    day.login("W02", "S102")
    day.at("11:50")
    first = day.take("A")
    day.at("11:58")
    second = day.take("A", care=True)
    day.at("12:10")
    at_noon = day.take("A", care=True)
    day.at("13:10")
    appointment = day.enter(appointment_at=day.time("13:30"), visitor_class=VisitorClass.APPOINTMENT_DUE)
    day.at("13:35")
    urgent = day.enter(actor="S002", visitor_class=VisitorClass.URGENT, project="YA2026-011", approved_by="S002")
    called = [day.call_and_serve("W02") for _ in range(5)]
    assert called == [urgent.no, second.no, first.no, at_noon.no, appointment.no]


def test_ticket_of_the_morning_behind_a_noon_appointment_is_still_found() -> None:
    """An appointment's later ``since`` must not hide a carried-over ticket behind one of the noon: tiers split the lines."""
    day = RulesDay(hall_text("demo-small"))
    day.login("W02", "S102")
    day.at("11:40")
    plain = day.take("A")
    day.at("11:50")
    carried = day.enter(appointment_at=day.time("12:15"), visitor_class=VisitorClass.APPOINTMENT_DUE)
    day.at("12:01")
    noon = day.enter(appointment_at=day.time("12:10"), visitor_class=VisitorClass.APPOINTMENT_DUE)
    day.at("13:30")
    assert [day.call_and_serve("W02") for _ in range(3)] == [carried.no, plain.no, noon.no]


def test_emergency_stops_the_points() -> None:
    """HALL-8.2: an evacuation of an hour gives the longer waiting nothing over those who came after it."""
    day = RulesDay(hall_text("demo-small"))
    day.login("W02", "S102")
    day.at("09:00")
    early = day.take("A")
    day.at("09:05")
    day.record(f.EmergencyBegan(actor=StaffNo("S002")))
    day.at("10:05")
    day.record(f.EmergencyEnded(actor=StaffNo("S002")))
    late = day.take("A", care=True)
    day.at("10:29")
    assert day.call("W02") == late.no
    called = day.facts[-1].fact
    assert isinstance(called, f.TicketCalled)
    assert [(one.ticket, one.points) for one in called.compared] == [
        (late.id, (30 + 2 * 24) * ONE_POINT),
        (early.id, 29 * ONE_POINT),
    ]
