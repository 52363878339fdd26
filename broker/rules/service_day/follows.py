"""What follows from other facts in the same breath: an extension with a session, a return with a login or a punch."""

from collections.abc import Iterable

from broker.rules import facts as f
from broker.rules.hall import Hall
from broker.rules.outing import moves as outing
from broker.rules.proxy.noticing import noticed
from broker.rules.service_day import extended, refusing
from broker.rules.training.correcting import corrected
from broker.rules.training.signing import signed
from contracts.values import HallTime, PunchId, PunchIntent


def follows(hall: Hall, facts: Iterable[f.Fact], now: HallTime) -> tuple[f.Fact, ...]:
    """The facts to store behind these, which ``hall`` does not know yet."""
    found: list[f.Fact] = []
    for fact in facts:
        match fact:
            case f.ServiceStarted() | f.LeadAccepted():
                found += extended.began_with(hall, fact, now)
            case f.StaffLoggedIn():
                found += refusing.sat_down(hall, fact)
                found += outing.seated(hall, fact.staff, now)
            case f.LoginAwaited():
                found += outing.seated(hall, fact.staff, now)
            case f.PunchStored():
                is_training = fact.intent is PunchIntent.TRAIN
                punch = PunchId(fact.request_id)
                found += signed(hall, punch, fact.staff, fact.at) if is_training else outing.punched(hall, fact)
                found += noticed(hall, fact)
            case f.PunchEntered(intent=PunchIntent.TRAIN, punch=punch, staff=staff, at=at):
                found += signed(hall, punch, staff, at)
            case f.PunchEntered():
                found += outing.punched(hall, fact)
            case f.PunchTimeSet(punch=punch, staff=staff, at=at):
                found += corrected(hall, punch, staff, at)
                found += outing.retimed(hall, fact)
            case f.PunchEntryVoided(punch=punch, staff=staff):
                found += corrected(hall, punch, staff, None)
            case _:
                pass
    return tuple(found)
