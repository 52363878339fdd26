"""What an inspector states about punches and the supervisor about a half: sheet, void, time, decision (ATT-8.3, ATT-10)."""

from datetime import date

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.corrections.within import may_not_check, may_not_supervise, no_day, no_time
from broker.rules.hall import Hall
from broker.rules.hours import day_of
from contracts import messages as m
from contracts.values import HallTime, PunchId, Refusal, StaffNo

MOST_LINES = 200
"""Of one sheet: a hall of fifty people who sign four times."""
_LONGEST_CAUSE = 80
_LONGEST_DOCUMENT = 40


def sheet(hall: Hall, asker: Asker, request: m.PunchSheetRequested, now: HallTime) -> Decision:
    """The paper sheet of a total failure. A line that is entered already is not entered again."""
    no = (
        may_not_check(hall, request.actor, (one.staff for one in request.punches))
        or _no_words(request.cause, _LONGEST_CAUSE, "cause")
        or _no_sheet(hall, request, now)
    )
    if no is not None:
        return refused(asker, request, no)
    known = {(one.staff, one.at, one.intent) for one in hall.corrections.entered.values()}
    lines = dict.fromkeys((one.staff, one.at, one.intent) for one in request.punches)
    facts = [
        f.PunchEntered(
            punch=PunchId(f"{request.request_id}/{place}"),
            staff=staff,
            at=at,
            intent=intent,
            cause=request.cause.strip(),
            actor=request.actor,
        )
        for place, (staff, at, intent) in enumerate(lines, 1)
        if (staff, at, intent) not in known
    ]
    return done(asker, request, *facts, values={"n": str(len(facts))})


def _no_sheet(hall: Hall, request: m.PunchSheetRequested, now: HallTime) -> No | None:
    if not 0 < len(request.punches) <= MOST_LINES:
        return No(Refusal.BAD_VALUE, f"a sheet has 1 to {MOST_LINES} lines")
    for one in request.punches:
        if one.staff not in hall.in_force.staff:
            return No(Refusal.UNKNOWN_STAFF, f"{one.staff} is no person of this hall")
        no = no_time(hall, one.at, now)
        if no is not None:
            return No(no.reason, f"{one.staff}: {no.detail}")
    return None


def voided(hall: Hall, asker: Asker, request: m.PunchVoidRequested, _now: HallTime) -> Decision:
    """An entry by hand is taken back."""
    one = hall.corrections.entered.get(request.punch)
    if one is None:
        return refused(asker, request, No(Refusal.UNKNOWN_PUNCH, f"{request.punch} was not entered by hand"))
    no = may_not_check(hall, request.actor, (one.staff,)) or _no_words(request.cause, _LONGEST_CAUSE, "cause")
    if no is not None:
        return refused(asker, request, no)
    cause = request.cause.strip()
    return done(asker, request, f.PunchEntryVoided(punch=one.punch, staff=one.staff, cause=cause, actor=request.actor))


def retimed(hall: Hall, asker: Asker, request: m.PunchTimeRequested, now: HallTime) -> Decision:
    """The time of an unverified punch is confirmed as proposed, or set; set again, the last time counts."""
    one = hall.corrections.doubtful.get(request.punch)
    if one is None:
        return refused(asker, request, No(Refusal.UNKNOWN_PUNCH, f"{request.punch} is no punch with a time to check"))
    at = one.at if request.at is None else request.at
    no = may_not_check(hall, request.actor, (one.staff,)) or _ahead_or_gone(hall, at, now)
    if no is not None:
        return refused(asker, request, no)
    fact = f.PunchTimeSet(punch=one.punch, staff=one.staff, proposed=one.at, at=at, actor=request.actor)
    return done(asker, request, fact)


def _ahead_or_gone(hall: Hall, at: HallTime, now: HallTime) -> No | None:
    """A punch on a rest day may be put right too; only the span of time is asked about."""
    days = hall.in_force.config.params.attendance.correct_within_days
    if at > now:
        return No(Refusal.BAD_VALUE, "the time lies ahead")
    return None if (day_of(now) - day_of(at)).days <= days else No(Refusal.BAD_VALUE, f"more than {days} days ago")


def reclassified(hall: Hall, asker: Asker, request: m.HalfDecisionRequested, now: HallTime) -> Decision:
    """A signed decision about a half whose punch is missing and was not made good. The same again is the same as once."""
    no = (
        _unknown(hall, request.staff)
        or may_not_supervise(hall, request.actor, request.staff, now)
        or _no_words(request.document, _LONGEST_DOCUMENT, "document")
        or _no_half(hall, request.day, now)
    )
    if no is not None:
        return refused(asker, request, no)
    fact = f.HalfReclassified(
        staff=request.staff,
        day=request.day,
        half=request.half,
        absent=request.absent,
        document=request.document.strip(),
        actor=request.actor,
    )
    return done(asker, request, fact)


def _unknown(hall: Hall, staff: StaffNo) -> No | None:
    return None if staff in hall.in_force.staff else No(Refusal.UNKNOWN_STAFF, f"{staff} is no person of this hall")


def _no_half(hall: Hall, typed: str, now: HallTime) -> No | None:
    """Decided is only about days that are over."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return No(Refusal.BAD_VALUE, f"{typed!r} is no day such as 2026-03-10")
    if day >= day_of(now) or day.isoformat() != typed:
        return No(Refusal.BAD_VALUE, f"{typed} is not over, or not written like 2026-03-10")
    return no_day(hall, day, now)


def _no_words(words: str, longest: int, what: str) -> No | None:
    if 0 < len(words.strip()) <= longest:
        return None
    return No(Refusal.BAD_VALUE, f"{what}: 1 to {longest} characters are needed")
