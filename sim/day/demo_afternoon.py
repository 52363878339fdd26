"""The rule book's demo day from noon on: extended noon, takeover, hand-back, closing, somebody who cannot stay, the end."""

from broker.ledgers import training
from broker.rules import facts as f
from broker.rules.hours import MINUTE, clock_of
from contracts import messages as m
from contracts.values import CounterId, CoverMode, PunchIntent, SessionId, StaffNo, TaskKind, TrainingTopic
from sim.day.demo_handover import CONFIRMED, GIVEN, READ, RETURNED
from sim.day.demo_morning import asked_about, presses
from sim.day.demo_outing import OUTING
from sim.day.stage import Stage
from sim.day.table import Line, Waits, scene

_SERVER = ("server",)
"""The variant without an MQTT server around the rating has lines of its own for it."""


def ledger(s: Stage, counter: str, no: str) -> str:
    """The row of the extended-service ledger of a ticket at a counter: from, to, minutes, who."""
    began = [one.fact for one in s.facts(f.ExtensionBegan)]
    mine = [
        one for one in began if isinstance(one, f.ExtensionBegan) and one.counter == counter and one.ticket == s.ticket(no)
    ]
    if not mine:
        return "no row"
    ends = {one.fact.session: one.at for one in s.facts(f.ServiceFinished) if isinstance(one.fact, f.ServiceFinished)}
    last = mine[-1]
    if last.session not in ends:
        return f"{clock_of(last.since)} open {last.staff}"
    took = (ends[last.session] - last.since) // MINUTE
    return f"{clock_of(last.since)}-{clock_of(ends[last.session])} {took} min {last.staff}"


def _unlisted(s: Stage) -> str:
    """Sessions that ended after hours without a row in the ledger."""
    listed = {one.fact.session for one in s.facts(f.ExtensionBegan) if isinstance(one.fact, f.ExtensionBegan)}
    late = [one.fact for one in s.facts(f.ServiceFinished) if one.at > s.time("17:30")]
    missing: list[SessionId] = [
        one.session for one in late if isinstance(one, f.ServiceFinished) and one.session not in listed
    ]
    return f"{len(late)} sessions, {len(missing)} without a row"


def _train(s: Stage, actor: str, override: str = "") -> str:
    """S105 is invited to a training while S103 is on leave and S104 acts for her."""
    return s.told(
        m.TrainingPlanRequested,
        actor,
        title="企业开办新规",
        topic=TrainingTopic.POLICY,
        place="三楼会议室",
        begins=s.time("16:00"),
        ends=s.time("17:30"),
        invited=(StaffNo("S105"),),
        override=override,
    )


def _training(s: Stage) -> str:
    """The training ledger in a line: number, who, whether they came."""
    found = training.entries(s.house.facts(), s.house.now)
    people = [(entry.session.no, one) for entry in found for one in entry.people]
    late = [f" {one.attended.late}" if one.attended is not None else "" for _, one in people]
    return ", ".join(f"{no} {one.staff} {one.came}{minutes}" for (no, one), minutes in zip(people, late, strict=True))


def _sign_in(s: Stage, staff: str) -> str:
    answer = s.house.ask("CLK-02", m.PunchMade, card=None, staff=staff, intent=PunchIntent.TRAIN)
    return "done" if isinstance(answer, m.PunchStored) else "not stored"


def _excused(s: Stage, staff: str) -> str:
    theirs = [one for one in s.house.hall.posts.absences if one.staff == staff]
    return ", ".join(f"{clock_of(one.begins)}-{clock_of(one.ends)} {one.kind}" for one in theirs)


def _cover(s: Stage, at: str, covered: str, mode: CoverMode) -> str:
    return s.key(at, m.CoverRequested, counter=CounterId(covered), mode=mode)


def _last_rating(s: Stage) -> str:
    last = s.facts(f.RatingRecorded)[-1].fact
    assert isinstance(last, f.RatingRecorded)
    return f"{last.level} {last.counter} {last.staff}"


def _owner(s: Stage) -> str:
    last = next(one.fact for one in reversed(s.facts(f.ServiceStarted)) if getattr(one.fact, "counter", "") == "W02")
    return str(getattr(last, "post_owner", None))


def _end_tickets(s: Stage) -> str:
    states = {one.state.value for one in s.house.hall.tickets.values()}
    return " ".join(sorted(states & {"waiting", "called", "serving", "held"})) or "none"


def _verify(s: Stage) -> str:
    before = len(s.house.violations)
    s.house.prove()
    return f"{len(s.house.violations) - before} differences"


def _go_on(s: Stage) -> str:
    """The held visitor is called back to the counter, by whatever key it takes, and served."""
    if s.desk("W07").held:
        s.key("W07", m.HeldResumeRequested)
    if s.desk("W07").phase == "free":
        s.call("W07")
    if s.desk("W07").phase == "called":
        s.start("W07")
    return f"{s.desk('W07').phase.value} {s.desk('W07').ticket}"


def _proposed(s: Stage) -> str:
    last = s.facts(f.ClosingProposed)[-1].fact
    assert isinstance(last, f.ClosingProposed)
    return " ".join(last.counters)


def _near_close_note(s: Stage) -> str:
    values = next(one.values for one in s.desk("W05").notes if one.key == "con.nearclose")
    return f"{values['m']} min left, {values['n']} wait, {values['t']} min"


def _plan(s: Stage) -> str:
    counters = tuple(CounterId(one) for one in ("W01", "W02", "W03", "W07", "W08", "W11"))
    return s.told(m.ClosingPlanRequested, "S002", counters=counters)


NOON = (
    scene("11:48", lambda s: s.press("D")),
    Line(
        "11:50",
        "W07 calls in group D and serves into the break",
        "EXT-1",
        lambda s: s.call_and_serve("W07", 19 * 60),
        "D001",
    ),
    *presses("11:52", 4, "D", 60),
    Line("12:00", "four wait in D", "D8", lambda s: str(s.waiting("D")), "4"),
    Line("12:00", "the session at W07 is an extended one", "EXT-1", lambda s: str(s.desk("W07").extended), "True"),
    Line("12:01", "nobody is called over noon", "D8", lambda s: s.call("W08"), "noon_break"),
    Line(
        "12:09:01", "ledger: W07 from 12:00 to 12:09", "EXT-2", lambda s: ledger(s, "W07", "D001"), "12:00-12:09 9 min S108"
    ),
    Line("12:30", "a care visitor comes over noon", "D8", lambda s: s.press("D", care=True), "D006"),
    Line("13:30", "the four are first: W07", "D8", lambda s: s.call_and_serve("W07", 60), "D002"),
    Line("13:30", "W08", "D8", lambda s: s.call_and_serve("W08", 60), "D003"),
    Line("13:32", "W07", "D8", lambda s: s.call_and_serve("W07", 60), "D004"),
    Line("13:32", "W08", "D8", lambda s: s.call_and_serve("W08", 60), "D005"),
    Line("13:34", "then who came over noon, care or not", "D8", lambda s: s.call_and_serve("W07", 60), "D006"),
)

TAKEOVER = (
    *GIVEN,
    Line("13:52", "S101 leaves W02", "AB-4.2a", lambda s: s.card("W02", "S101"), "done"),
    Line("13:52:30", "S102 takes W02 over", "AB-4.6", lambda s: _cover(s, "W03", "W02", CoverMode.TAKEOVER), "done"),
    *READ,
    scene("13:53", lambda s: None if s.desk("W02").staff else s.card("W02", "S102")),
    Line("13:53:30", "she sits at W02", "AB-4.6", lambda s: str(s.desk("W02").staff), "S102"),
    Line("13:53:30", "the sign of W03 sends to counter 2", "AB-4.6", lambda s: str(s.board("W03").go_to), "W02"),
    Line("13:53:30", "W02 shows that the B acts", "AB-4.3", lambda s: str(s.board("W02").acting), "True"),
    scene("14:20", lambda s: s.press("A")),
    scene("14:25", lambda s: s.call_and_serve("W02", 14 * 60 + 30)),
    Line("14:25:01", "the session belongs to S101's post", "AB-4.3", _owner, "S101"),
    Line("14:40", "W02 is rated 2", "EVAL-4", lambda s: s.rate("W02", 2), "done", _SERVER),
    Line("14:40:01", "the rating is that of S102, who served", "AB-4.3", _last_rating, "2 W02 S102", _SERVER),
    Line(
        "14:40:01",
        "the desk tells that it was rated, not how",
        "EVAL-4",
        lambda s: str(s.desk("W02").rated),
        "True",
        _SERVER,
    ),
    Line("14:40:20", "a second press is refused", "D10", lambda s: s.rate("W02", 5), "already_rated", _SERVER),
    Line("15:40", "the duty leader invites S105 to a training", "ATT-7", lambda s: _train(s, "S002"), "ab_both_away"),
    Line("15:42", "the manager does, with a reason", "ATT-7", lambda s: _train(s, "S001", "新规当日施行"), "done"),
    Line("15:42:01", "it stands in the ledger", "TRN-9.1", _training, "PX-20260310-001 S105 trn.came.waited"),
    Line("15:42:01", "and S105 is excused", "TRN-9.1", lambda s: _excused(s, "S105"), "16:00-17:30 training"),
    Line("16:01", "S105 leaves W04", "AB-4.2a", lambda s: s.card("W04", "S105"), "done"),
    Line(
        "16:01:30",
        "S104 serves for W04 as well, at W01",
        "AB-4.6",
        lambda s: _cover(s, "W01", "W04", CoverMode.MERGE),
        "done",
    ),
    Line("16:02", "the sign of W04 sends to counter 1", "AB-4.6", lambda s: str(s.board("W04").go_to), "W01"),
    scene("16:15", lambda s: s.press("A")),
    scene("16:18", lambda s: s.call_and_serve("W02", 6 * 60)),
    Line("16:20", "S101 is back while S102 serves: the card is taken", "AB-4.4", lambda s: s.card("W02", "S101"), "done"),
    Line("16:20", "S105 signs in", "TRN-9.1", lambda s: _sign_in(s, "S105"), "done"),
    Line("16:20:01", "twenty minutes late", "TRN-9.1", _training, "PX-20260310-001 S105 trn.came.late 20"),
    Line("16:20:01", "S102 goes on with the matter in hand", "AB-4.4", lambda s: str(s.desk("W02").staff), "S102"),
    Line("16:24", "when it ends they change", "AB-4.4", lambda s: str(s.desk("W02").staff), "S101"),
    *RETURNED,
    Line("16:25", "S102 is at W03 again", "AB-4.4", lambda s: s.card("W03", "S102"), "done"),
)

CLOSING = (
    scene("17:10", lambda s: s.press("D")),
    Line("17:12", "W08 begins something long", "EXT-1", lambda s: s.call_and_serve("W08", 53 * 60), "D007"),
    Line("17:14:59", "closing is not announced yet", "EXT-3.1", lambda s: str(len(s.facts(f.ClosingNear))), "0"),
    Line(
        "17:15",
        "a quarter of an hour before closing it is announced",
        "EXT-3.1",
        lambda s: str(len(s.facts(f.ClosingNear))),
        "1",
    ),
    Line(
        "17:15",
        "the main board knows since when",
        "EXT-3.1",
        lambda s: clock_of(s.hall_board.near_close_at or s.time("00:00")),
        "17:15",
    ),
    Line("17:15", "clerks read how many wait and for how long", "EXT-3.1", _near_close_note, "15 min left, 0 wait, 0 min"),
    *presses("17:22", 3, "A", 5),
    scene("17:23", lambda s: [s.call_and_serve(one, 28 * 60) for one in ("W01", "W02", "W03")]),
    scene("17:24", lambda s: s.press("D")),
    Line("17:25", "W07 serves one more", "EXT-4", lambda s: s.call("W07"), "D008"),
    *presses("17:26", 6, "A", 10),
    Line("17:29:50", "six wait in A", "EXT-3.3", lambda s: str(s.waiting("A")), "6"),
    Line("17:29:58", "the last ticket", "EXT-3.2", lambda s: s.press("G"), "G002"),
    Line("17:30", "no ticket from the last second on", "EXT-3.2", lambda s: s.press("G"), "closed_today"),
    Line(
        "17:30", "those served are extended from this second", "EXT-1", lambda s: ledger(s, "W08", "D007"), "17:30 open S111"
    ),
    Line("17:30", "the fewest counters that will do are proposed", "EXT-3.3", _proposed, "W01 W02 W03 W11"),
    Line(
        "17:30",
        "to the duty leader",
        "EXT-3.3",
        lambda s: asked_about(s, TaskKind.CLOSING_PLAN),
        "duty_leader",
    ),
    Line("17:30:30", "who lets them stay", "EXT-3.3", _plan, "done"),
    Line("17:30:31", "so nobody is asked any more", "EXT-3.3", lambda s: asked_about(s, TaskKind.CLOSING_PLAN), ""),
    Line("17:31", "W11 serves the last ticket all the same", "EXT-3.3", lambda s: s.call_and_serve("W11", 240), "G002"),
    Line("17:31", "S108 cannot stay", "EXT-4", lambda s: s.key("W07", m.ExtensionRefusalRequested, reason="接孩子"), "done"),
    Line("17:31", "the visitor is held, not lost", "EXT-4", lambda s: s.state_of("D008"), "held"),
    Line(
        "17:31:01",
        "S108 heads the department: the duty leader decides",
        "CREP-4.0",
        lambda s: asked_about(s, TaskKind.EXTENSION_REFUSED),
        "W07 duty_leader",
    ),
    Line(
        "17:33",
        "S109 takes the visitor",
        "EXT-4",
        lambda s: s.told(m.ExtensionAssignRequested, "S002", ticket=s.ticket("D008"), to=StaffNo("S109")),
        "done",
    ),
    scene("17:33:30", lambda s: s.card("W07", "S108")),
    Line("17:34", "S109 sits down", "EXT-4", lambda s: s.card("W07", "S109"), "done"),
    Line("17:34:10", "and goes on with D008", "EXT-4", _go_on, "serving D008"),
    scene("17:50", lambda s: s.finish("W07")),
    Line(
        "17:51",
        "W01, W02 and W03 call on after hours",
        "EXT-3.3",
        lambda s: " ".join(sorted(s.call_and_serve(one, 900)[0] for one in ("W01", "W02", "W03"))),
        "A A A",
    ),
    Line(
        "18:05:01", "ledger: W08 from 17:30 to 18:05", "EXT-2", lambda s: ledger(s, "W08", "D007"), "17:30-18:05 35 min S111"
    ),
    Line(
        "18:06",
        "and the last three",
        "EXT-3.3",
        lambda s: " ".join(sorted(s.call_and_serve(one, 900)[0] for one in ("W01", "W02", "W03"))),
        "A A A",
    ),
    Line("18:20:59", "the hall is open for those inside", "EXT-3.3", lambda s: s.hall_board.phase.value, "after_closing"),
    Line("18:21", "with the last visitor it closes", "EXT-3.3", lambda s: s.hall_board.phase.value, "closed"),
    Line("18:21", "no ticket is open", "1.0.5", _end_tickets, "none"),
    Line("18:21", "the extended-service ledger is complete", "EXT-2", _unlisted, "12 sessions, 0 without a row"),
    Line("19:00", "everything recomputed from the stored facts", "I12", _verify, "0 differences"),
)

AFTERNOON = (*NOON, *OUTING, *TAKEOVER, *CONFIRMED, *CLOSING)

_ATTENDANCE = "statistics (a later issue); its attendance is played"
_PATROL = "patrol and equipment (a later issue)"
_NOTICES = "one-off notices (a later issue)"
_WEB = "rating by QR (a later issue)"

WAITS = (
    Waits("08:30", "the catalogue version is the same everywhere", "EQP-5", _NOTICES),
    Waits("09:00", "the voice says that the hall is open", "words 3.7", "voice in the joined hall (tests/voice)"),
    Waits("10:00", "the rating pad of W05 is unplugged for seven minutes: a fault, and its end", "EQP-5.1", _PATROL),
    Waits("11:00", "an unknown device at a network port", "NET-5", _PATROL),
    Waits("11:20", "papers of SV03 are incomplete: a slip of what is missing", "ONCE-4", _NOTICES),
    Waits("14:41", "a negative rating goes to the inspector", "EVAL-6", "follow-up of ratings (a later issue)"),
    Waits("14:50", "a second rating of the session by QR is refused", "EVAL-5", _WEB),
    Waits("15:00", "paper of TM-01 runs low after 334 tickets", "EQP-6", "consumables (a later issue)"),
    Waits("18:36", "power-off record, and who is missing at 18:51", "EQP-7", _PATROL),
    Waits("19:00", "the day report", "STAT-1", _ATTENDANCE),
)
"""What the rule book's day also has, and what it waits for."""
