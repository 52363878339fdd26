"""The rule book's demo day until noon, as lines to play: our own telling, with its numbers (demo-day, Q1, Q4, APPT-7.1)."""

from broker.rules import facts as f
from broker.rules.hours import clock_of
from contracts import messages as m
from contracts.values import (
    ContactOutcome,
    CounterId,
    CoverMode,
    GroupId,
    HelpKind,
    InquiryNo,
    LeaveNo,
    StaffNo,
    TaskKind,
    VisitorClass,
)
from sim.day.stage import Stage
from sim.day.table import Line, scene

AT_POSTS = {
    "W05": "S106",
    "W06": "S107",
    "W07": "S108",
    "W08": "S111",
    "W09": "S112",
    "W10": "S114",
    "W11": "S116",
    "W12": "S117",
}
"""Who sits down before nine; group A's three counters open one after the other."""


def all_sit_down(s: Stage) -> str:
    """Everybody but group A's clerks logs in."""
    return " ".join(sorted({s.card(counter, staff) for counter, staff in AT_POSTS.items()}))


def phases(s: Stage) -> str:
    """What is going on at the counters somebody has logged in at."""
    return " ".join(sorted({s.board(counter).phase.value for counter in AT_POSTS}))


def presses(first: str, number: int, group: str, every: int) -> tuple[Line, ...]:
    """So many tickets, one every so many seconds."""
    start = int(first[:2]) * 3600 + int(first[3:5]) * 60 + (int(first[6:]) if len(first) > len("HH:MM") else 0)
    times = [start + every * n for n in range(number)]
    return tuple(scene(_clock(at), lambda s: s.press(group)) for at in times)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def asked_about(s: Stage, kind: TaskKind) -> str:
    """The open tasks of a kind: what each is about, and who is asked."""
    return "; ".join(" ".join([*_about(one), *one.roles, *one.staff]) for one in s.tasks(kind))


def _about(task: m.TaskInfo) -> tuple[str, ...]:
    """The group and the counter of a task."""
    return tuple(one for one in (task.group, task.counter) if one is not None)


def opened_at(s: Stage, kind: type[f.Fact], since: str) -> str:
    """When facts of a kind were stored, from a time of the day on, to the minute."""
    return " ".join(clock_of(one.at) for one in s.facts(kind) if one.at >= s.time(since))


def _acknowledge(s: Stage, kind: TaskKind, actor: str) -> str:
    return " ".join(s.told(m.TaskAckRequested, actor, task=one.id) for one in s.tasks(kind)) or "no task"


def _link_inquiry(s: Stage) -> str:
    told = s.told(m.InquiryLinkRequested, "S004", inquiry=InquiryNo("ZX-20260310-001"), ticket=s.ticket("A007"))
    linked = [one.fact for one in s.facts(f.InquiryLinked) if isinstance(one.fact, f.InquiryLinked)]
    return f"{told} {linked[-1].first_asker}"


def _clues(s: Stage) -> str:
    """Who left W02 alone."""
    vacant = [one.fact for one in s.facts(f.CounterVacant) if isinstance(one.fact, f.CounterVacant)]
    return " ".join(str(one.staff) for one in vacant if one.counter == "W02" and one.staff is not None)


def _contact(s: Stage) -> str:
    return s.told(
        m.AppointmentContactRecorded,
        "S004",
        appointment=s.appointments.get("absent"),
        outcome=ContactOutcome.NO_ANSWER,
    )


def _appointment(s: Stage, name: str) -> str:
    one = s.house.hall.appointments.today.get(s.appointments[name])
    return "unknown" if one is None else one.state.value


def _added(s: Stage) -> str:
    return " ".join(f"{one.counter} {one.group}" for one in s.hall_board.added)


def _leave(s: Stage) -> str:
    """All of the day that is played; one level decides about a single day."""
    entered = s.staff(
        m.LeaveSubmitRequested,
        "S103",
        staff=StaffNo("S103"),
        kind="annual",
        begins=s.time("09:00"),
        ends=s.time("17:30"),
        reason="年休假",
    )
    if not isinstance(entered, m.RequestDone):
        return str(entered)
    return s.told(m.LeaveApproveRequested, "S101", leave=LeaveNo(entered.values["no"]))


BEFORE = (
    Line(
        "12:05",
        "an appointment for 09:10 is made by phone and confirmed",
        "APPT-4.1",
        lambda s: s.book("early", "A", "09:10"),
        "done",
    ),
    Line(
        "12:06", "an appointment for 10:00 is made and confirmed", "APPT-4.2", lambda s: s.book("ten", "A", "10:00"), "done"
    ),
    Line(
        "12:07",
        "another one for 10:00, whose holder will not come",
        "APPT-4.2",
        lambda s: s.book("absent", "A", "10:00"),
        "done",
    ),
    Line(
        "12:08",
        "S103 asks for a day of annual leave, and the chief approves it",
        "ATT-5.1",
        _leave,
        "done",
    ),
)

OPENING = (
    Line("08:30", "every device has started", "EQP-5", lambda s: s.online(), "all online"),
    Line("08:44:59", "no ticket a second before the quarter of an hour", "EXT-3.2", lambda s: s.press("G"), "not_open_yet"),
    Line("08:45", "the first ticket", "EXT-3.2", lambda s: s.press("G"), "G001"),
    Line(
        "08:46",
        "S103 of W01 is on leave: S104, the B of the post, is asked to act",
        "AB-1",
        lambda s: asked_about(s, TaskKind.ACT),
        "W01 duty_leader S104",
    ),
    Line("08:50", "S103 is on leave and may not log in", "AB-1", lambda s: s.card("W01", "S103"), "on_leave"),
    Line("08:51", "S118 has not been trained and may not log in", "TRN-6", lambda s: s.card("W12", "S118"), "not_onboarded"),
    Line("08:56", "clerks log in at their posts", "HALL-11", all_sit_down, "done"),
    Line("08:59:59", "nobody is called before opening", "HALL-1", lambda s: s.call("W11"), "too_soon"),
    Line("09:00", "the hall opens", "HALL-1", lambda s: s.hall_board.phase.value, "open"),
    Line("09:00", "counters with a clerk are free", "HALL-1", phases, "free"),
    Line("09:00:20", "W11 calls the first visitor of the day", "HALL-1", lambda s: s.call_and_serve("W11", 240), "G001"),
)

Q1 = (
    Line("09:00", "an ordinary visitor", "1.0.4 Q1", lambda s: s.press("A"), "A001"),
    Line("09:01", "the appointment of 09:10 checks in", "1.0.4 Q1", lambda s: s.check_in("early"), "A002"),
    Line("09:02", "an ordinary visitor", "1.0.4 Q1", lambda s: s.press("A"), "A003"),
    Line("09:03", "S101 sits down at W02, alone for group A", "1.0.4 Q1", lambda s: s.card("W02", "S101"), "done"),
    Line("09:05", "a visitor with the care key", "1.0.4 Q1", lambda s: s.press("A", care=True), "A004"),
    Line("09:06", "W02 calls: care before the others", "1.0.4 Q1", lambda s: s.call_and_serve("W02", 60), "A004"),
    Line("09:06:10", "an ordinary visitor", "1.0.4", lambda s: s.press("A"), "A005"),
    Line("09:06:40", "an ordinary visitor", "1.0.4", lambda s: s.press("A"), "A006"),
    Line("09:07", "an ordinary visitor", "GUID-3.2", lambda s: s.press("A"), "A007"),
    Line("09:08", "W02 calls: the appointment is not due", "1.0.4 Q1", lambda s: s.call_and_serve("W02", 90), "A001"),
    Line(
        "09:10",
        "the guide is asked something",
        "GUID-3.1",
        lambda s: s.told(m.InquiryRequested, "S004", topic="个体工商户设立"),
        "done",
    ),
    Line("09:11", "W02 calls: the appointment is due", "1.0.4 Q1", lambda s: s.call_and_serve("W02", 90), "A002"),
    Line(
        "09:12",
        "the guide opens care for A007",
        "GUID-3.2",
        lambda s: s.told(
            m.ClassChangeRequested, "S004", ticket=s.ticket("A007"), visitor_class=VisitorClass.CARE, basis="visible"
        ),
        "done",
    ),
    Line(
        "09:12",
        "who asked holds A007: S004 answers for it",
        "FIRST-3.1",
        _link_inquiry,
        "done S004",
    ),
    Line("09:15", "W02 calls: A007 before A003", "GUID-3.2", lambda s: s.call_and_serve("W02", 45), "A007"),
    Line(
        "09:15",
        "its points and those of A003",
        "1.0.4",
        lambda s: ", ".join(s.scores("W02").split(", ")[:2]),
        "A007 46.0, A003 13.0",
    ),
    Line("09:16", "S104 acts at W01", "AB-4.3", lambda s: s.card("W01", "S104"), "done"),
    Line("09:16", "W01 shows that the B acts", "AB-4.3", lambda s: str(s.board("W01").acting), "True"),
    Line("09:16:20", "nobody is asked to act any more", "AB-1", lambda s: asked_about(s, TaskKind.ACT), ""),
    Line("09:16:10", "S102 sits down at W03", "HALL-11", lambda s: s.card("W03", "S102"), "done"),
)

HELP = (
    scene("09:16:20", lambda s: s.work(("W01", "W02", "W03"), "09:38", 60)),
    *presses("09:17", 11, "A", 60),
    Line("09:30:30", "an ordinary visitor", "AGENT-4.1", lambda s: s.press("A"), "A019"),
    Line(
        "09:31",
        "the holder of A019 asks to be accompanied",
        "AGENT-4.1",
        lambda s: _why_of(s.house.ask("TM-01", m.HelpRequested, kind=HelpKind.ASSIST, ticket=s.ticket("A019"))),
        "done",
    ),
    Line("09:31", "the agents are asked", "AGENT-4.1", lambda s: asked_about(s, TaskKind.AGENT), "agent"),
    Line(
        "09:33:50",
        "S005 takes it within three minutes",
        "AGENT-4.1",
        lambda s: _acknowledge(s, TaskKind.AGENT, "S005"),
        "done",
    ),
    Line("09:34:10", "so the guide desk is not asked", "AGENT-4.1", lambda s: asked_about(s, TaskKind.AGENT), "agent"),
)

Q4 = (
    Line(
        "09:25",
        "check-in of the appointment of 10:00 opens at 09:30",
        "APPT-4.3",
        lambda s: s.check_in("ten"),
        "checkin_not_open",
    ),
    Line("09:40", "an ordinary visitor", "1.0.4 Q4", lambda s: s.press("A"), "A020"),
    Line("09:41", "the appointment of 10:00 checks in", "1.0.4 Q4", lambda s: s.check_in("ten"), "A021"),
    Line("09:42", "an ordinary visitor", "1.0.4 Q4", lambda s: s.press("A"), "A022"),
    Line(
        "09:45",
        "before its time an appointment waits by check-in",
        "1.0.4 Q4",
        lambda s: s.call_and_serve("W03", 120),
        "A020",
    ),
    Line("09:50", "the appointment, early, in its turn", "1.0.4 Q4", lambda s: s.call_and_serve("W03", 120), "A021"),
    Line("10:01", "the ordinary visitor behind it", "1.0.4 Q4", lambda s: s.call_and_serve("W03", 120), "A022"),
)

VACANT = (
    Line("10:00", "S101 pauses W02 without a reason", "HALL-11.1", lambda s: s.key("W02", m.PauseRequested), "done"),
    Line("10:09:59", "nobody is asked yet", "HALL-11.1", lambda s: asked_about(s, TaskKind.VACANCY), ""),
    Line("10:10", "a clue for the patrol: S101 left W02", "PAT-3", _clues, "S101"),
    Line(
        "10:10",
        "after ten minutes S102, the B, is asked",
        "HALL-11.1",
        lambda s: asked_about(s, TaskKind.VACANCY),
        "W02 S102",
    ),
    Line(
        "10:10:30",
        "S102 serves for W02 as well, at W03",
        "AB-4.6",
        lambda s: s.key("W03", m.CoverRequested, counter=CounterId("W02"), mode=CoverMode.MERGE),
        "done",
    ),
    Line("10:10:31", "the sign of W02 sends to counter 3", "AB-4.6", lambda s: str(s.board("W02").go_to), "W03"),
    Line("10:10:31", "nobody is asked any more", "HALL-11.1", lambda s: asked_about(s, TaskKind.VACANCY), ""),
    Line("10:14", "S101 works again", "AB-4.4", lambda s: s.key("W02", m.ResumeRequested), "done"),
    Line("10:14", "the sign of W02 sends nowhere", "AB-4.4", lambda s: str(s.board("W02").go_to), "None"),
)

SURGE = (
    *presses("10:14:12", 12, "A", 4),
    Line("10:15", "twelve wait for three counters", "EXT-3.4", lambda s: str(s.waiting("A")), "12"),
    Line("10:15", "a surge is raised with the minute", "EXT-3.4", lambda s: opened_at(s, f.SurgeRaised, "10:14"), "10:15"),
    Line("10:15:01", "the duty leader is asked", "EXT-3.5", lambda s: asked_about(s, TaskKind.SURGE), "A W12 duty_leader"),
    Line("10:17", "who takes it", "EXT-3.5", lambda s: _acknowledge(s, TaskKind.SURGE, "S002"), "done"),
    Line(
        "10:18",
        "W12 joins",
        "EXT-3.4",
        lambda s: s.told(m.CounterAddRequested, "S002", counter=CounterId("W12"), group=GroupId("A")),
        "done",
    ),
    Line("10:18", "the main board can say so", "EXT-3.4", _added, "W12 A"),
    Line("10:18:30", "W12 calls group A, oldest first", "EXT-3.4", lambda s: s.call_and_serve("W12", 300), "A023"),
    scene("10:25", lambda s: s.work(("W01", "W02", "W03", "W12"), "11:30", 120)),
)

ABSENT = (
    Line("10:30", "half an hour late is not too late", "APPT-7.1", lambda s: _appointment(s, "absent"), "confirmed"),
    Line(
        "10:30:01", "a second more: somebody must call", "APPT-7.1", lambda s: _appointment(s, "absent"), "overdue_contact"
    ),
    Line("10:30:01", "there is a task for it", "APPT-7.1", lambda s: str(len(s.tasks(TaskKind.APPOINTMENT_CONTACT))), "1"),
    Line("10:32", "no answer", "APPT-7.1", _contact, "done"),
    Line("10:32", "one call is not enough", "APPT-7.1", lambda s: _appointment(s, "absent"), "overdue_contact"),
    Line("10:38", "no answer again", "APPT-7.1", _contact, "done"),
    Line("10:38", "given up after two calls", "APPT-7.1", lambda s: _appointment(s, "absent"), "forfeited"),
    Line("10:39", "check-in is refused then", "APPT-7.2", lambda s: s.check_in("absent"), "appointment_forfeited"),
    Line("10:39", "but a ticket is free", "APPT-7.2", lambda s: str(s.press("A")[0]), "A"),
    Line("11:31", "the surge is over by itself", "EXT-3.4", lambda s: asked_about(s, TaskKind.SURGE), ""),
    Line(
        "11:32",
        "W12 leaves group A",
        "EXT-3.4",
        lambda s: s.told(m.CounterAddRequested, "S002", counter=CounterId("W12"), group=GroupId("A"), withdraw=True),
        "done",
    ),
)


def _why_of(answer: m.Message | None) -> str:
    return answer.reason.value if isinstance(answer, m.RequestRefused) else "done" if answer is not None else "no answer"


MORNING = (*OPENING, *Q1, *HELP, *Q4, *VACANT, *SURGE, *ABSENT)
