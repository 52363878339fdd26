"""What the facts of corrections change, and what of them outlives the night."""

from datetime import date
from typing import assert_never

from msgspec.structs import replace

from broker.rules import facts as f
from broker.rules.corrections.state import Corrections
from broker.rules.corrections.within import attendance_day, earliest, month_key
from broker.rules.facts import AskedOnFile, CorrectionsOnFile, PunchOnFile
from broker.rules.hall import Hall
from contracts.values import HallTime, PunchId

MOST_KEPT = 400
"""Punches of doubtful time, and entries by hand, that are carried over a night; older ones stay as they are."""


def day_began(hall: Hall, fact: f.DayBegan) -> None:
    """What was open stays open."""
    kept = fact.corrections
    hall.corrections = Corrections(
        asked={one.no: one for one in kept.asked},
        approved=dict(kept.approved),
        doubtful={one.punch: one for one in kept.doubtful},
        entered={one.punch: one for one in kept.entered},
    )


def on_file(hall: Hall, today: date) -> CorrectionsOnFile:
    """What ``DayBegan`` carries into this day: what may still be decided or put right."""
    config, first = hall.in_force.config, earliest(hall, today)
    known = hall.corrections

    def lasting(punches: dict[PunchId, PunchOnFile]) -> tuple[PunchOnFile, ...]:
        return tuple(one for one in punches.values() if attendance_day(config, one.at) >= first)[-MOST_KEPT:]

    return CorrectionsOnFile(
        asked=tuple(one for one in known.asked.values() if attendance_day(config, one.at) >= first),
        approved={key: n for key, n in sorted(known.approved.items()) if key.rpartition(" ")[2] >= f"{first:%Y-%m}"},
        doubtful=lasting(known.doubtful),
        entered=lasting(known.entered),
    )


def punched(hall: Hall, fact: f.PunchStored) -> None:
    """A punch whose time a person should check; one of nobody's is only counted."""
    if fact.unverified and fact.staff is not None:
        one = PunchOnFile(punch=PunchId(fact.request_id), staff=fact.staff, at=fact.at, intent=fact.intent)
        hall.corrections.doubtful[one.punch] = one


def apply(hall: Hall, fact: f.CorrectionFact, _at: HallTime) -> None:
    """One fact of a correction."""
    known = hall.corrections
    match fact:
        case f.RegularisationAsked(no=no):
            known.count += 1
            known.asked[no] = AskedOnFile(no=no, staff=fact.staff, at=fact.at, intent=fact.intent)
        case f.RegularisationDecided(no=no):
            known.asked.pop(no, None)
            known.decided.add(no)
            if fact.approved:
                key = month_key(hall.in_force.config, fact.staff, fact.at)
                known.approved[key] = known.approved.get(key, 0) + 1
        case f.PunchEntered(punch=punch):
            known.entered[punch] = PunchOnFile(punch=punch, staff=fact.staff, at=fact.at, intent=fact.intent)
        case f.PunchEntryVoided(punch=punch):
            known.entered.pop(punch, None)
        case f.PunchTimeSet(punch=punch):
            if punch in known.doubtful:
                known.doubtful[punch] = replace(known.doubtful[punch], checked=True)
        case f.HalfReclassified():
            pass  # what it amounts to is computed where days are evaluated
        case _:
            assert_never(fact)
