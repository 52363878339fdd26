"""应急 (HALL-8.2): two steps to begin, one to end. Meanwhile the queue clock stands still, and with it every timer on it.

What goes on: the parts of the day, papers that are presumed printed, the minute of a rating pad (decision 22).
"""

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, done, refused
from broker.rules.hall import Hall
from broker.rules.hours import SECOND
from broker.rules.roles import LEAD, lacks_role
from contracts import messages as m
from contracts.values import HallTime, Refusal


def requested(hall: Hall, asker: Asker, request: m.EmergencyRequested, now: HallTime) -> Decision:
    """First asked for, then confirmed within a minute, by the same leader or another one."""
    no = lacks_role(hall, request.actor, LEAD)
    if no is not None:
        return refused(asker, request, no)
    if hall.emergency_since is not None:
        return done(asker, request)
    if not request.confirmed:
        until = HallTime(now + hall.in_force.config.params.queue.emergency_confirm_s * SECOND)
        return done(asker, request, f.EmergencyPrepared(actor=request.actor, until=until))
    until_then = hall.service_day.confirm_until
    if until_then is None or now > until_then:
        return refused(asker, request, No(Refusal.CONFIRM_FIRST, "ask without confirmation first, then confirm in time"))
    return done(asker, request, f.EmergencyBegan(actor=request.actor))


def ended(hall: Hall, asker: Asker, request: m.EmergencyEndRequested, _now: HallTime) -> Decision:
    """Everything goes on with all tickets intact. Ending what is over is the same as ending it once."""
    no = lacks_role(hall, request.actor, LEAD)
    if no is not None:
        return refused(asker, request, no)
    if hall.emergency_since is None:
        return done(asker, request)
    return done(asker, request, f.EmergencyEnded(actor=request.actor))
