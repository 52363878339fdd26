"""What nobody can repeat: a rating pressed, a punch made. Each is stored with exactly one outcome, and reports of health."""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.hall import Hall, Session
from broker.rules.hours import DAY, SECOND
from broker.rules.moments import Moment, happened
from contracts import messages as m
from contracts.values import HallTime, Ms, Refusal

BEST, WORST = 5, 1
LONGEST_KEPT: Ms = 400 * DAY
"""No clock keeps a punch for longer; an older one carries an age that cannot be, and counts for then, unverified."""
MOST_PARTS = 64
"""Of one node. The health of every part is carried from day to day, so invented parts would stay for ever."""
_LONGEST_DETAIL = 500
_LONGEST_WORD = 60


def rating(hall: Hall, asker: Asker, request: m.RatingSubmitted, now: HallTime) -> Decision:
    """The first valid press of a session counts (D10); it is judged by when it was pressed, not by when it arrives."""
    session = hall.sessions.get(request.session)
    reason = _why_not(hall, asker, request, session, now)
    if session is None or reason is not None:
        return _rating_refused(asker, request, reason or Refusal.UNKNOWN_SESSION)
    fact = f.RatingRecorded(
        session=session.id,
        level=request.level,
        request_id=request.request_id,
        counter=session.counter,
        staff=session.staff,
        post_owner=session.post_owner,
    )
    return Decision((fact,), ((asker.node, m.RatingRecorded(request_id=request.request_id, session=session.id)),))


def _why_not(hall: Hall, asker: Asker, request: m.RatingSubmitted, session: Session | None, now: HallTime) -> Refusal | None:
    if session is None:
        return Refusal.UNKNOWN_SESSION
    if session.counter != asker.device.counter:
        return Refusal.WRONG_NODE
    if not WORST <= request.level <= BEST:
        return Refusal.BAD_VALUE
    if session.rated:
        return Refusal.ALREADY_RATED
    return None if _in_window(hall, asker, request, session, now) else Refusal.RATING_CLOSED


def _in_window(hall: Hall, asker: Asker, request: m.RatingSubmitted, session: Session, now: HallTime) -> bool:
    """Whether the press lies in the session's window. Where no clock can tell, the pad is believed: it asks in it only."""
    pressed = happened(hall, asker.node, request.stamp, now)
    grace = hall.in_force.config.params.rating.press_grace_s * SECOND
    return pressed.guessed or session.finished_at - grace <= pressed.at <= session.rate_until + grace


def _rating_refused(asker: Asker, request: m.RatingSubmitted, reason: Refusal) -> Decision:
    fact = f.RatingRefused(session=request.session, level=request.level, request_id=request.request_id, reason=reason)
    answer = m.RatingRefused(request_id=request.request_id, session=request.session, reason=reason)
    return Decision((fact,), ((asker.node, answer),))


def punch(hall: Hall, asker: Asker, request: m.PunchMade, now: HallTime) -> Decision:
    """Stored raw, always: unknown cards too, with the hall time it counts for (ATT-10)."""
    moment = happened(hall, asker.node, request.stamp, now)
    if moment.at < now - LONGEST_KEPT:
        moment = Moment(HallTime(now - LONGEST_KEPT), unverified=True, guessed=True)
    fact = f.PunchStored(
        request_id=request.request_id,
        clock=asker.node,
        card=request.card,
        staff=request.staff,
        intent=request.intent,
        at=moment.at,
        unverified=moment.unverified,
        stamp=request.stamp,
    )
    answer = m.PunchStored(request_id=request.request_id, at=moment.at, unverified=moment.unverified)
    return Decision((fact,), ((asker.node, answer),))


def health(hall: Hall, asker: Asker, request: m.HealthReported, _now: HallTime) -> Decision:
    """One fact per change of a part's condition, however often it is reported (EQP-5.1)."""
    if max(len(request.part), len(request.code)) > _LONGEST_WORD:
        return refused(
            asker, request, No(Refusal.BAD_VALUE, f"part and code are words of at most {_LONGEST_WORD} characters")
        )
    now = f.PartHealth(node=asker.node, part=request.part, condition=request.condition, code=request.code)
    if hall.health.get((asker.node, request.part)) == now:
        return done(asker, request)
    if (asker.node, request.part) not in hall.health and sum(node == asker.node for node, _ in hall.health) >= MOST_PARTS:
        return refused(asker, request, No(Refusal.BAD_VALUE, f"{asker.node} has more than {MOST_PARTS} parts"))
    fact = f.HealthChanged(
        node=asker.node,
        part=request.part,
        condition=request.condition,
        code=request.code,
        detail=request.detail[:_LONGEST_DETAIL],
    )
    return done(asker, request, fact)
