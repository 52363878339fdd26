"""Who decides about leave, outings and corrections of a person (ATT-5.1, CREP-1..4): roles first, then the people of today.

A request climbs a ladder of levels, fixed when it is made (:func:`ladder`). Who holds a level is asked anew at each decision
(:func:`deciders`), since a chief may be away or the letter of authorisation may have ended meanwhile.
"""

from collections.abc import Iterable

from broker.rules.asking import No
from broker.rules.hall import Hall
from broker.rules.hours import day_of
from broker.schema import Department, Level
from contracts.values import HallTime, Refusal, StaffNo

_HIGHER: dict[Level, Level | None] = {"chief_rep": "duty_leader", "duty_leader": "manager", "manager": None}
_STAND_INS: dict[Level, tuple[Level, ...]] = {
    "chief_rep": ("chief_rep", "duty_leader", "manager"),
    "duty_leader": ("duty_leader", "manager"),
    "manager": ("manager", "duty_leader"),
}
"""Where nobody holds a level today, whoever is named next holds it."""


def ladder(hall: Hall, subject: StaffNo, levels: Iterable[Level]) -> tuple[Level, ...]:
    """The levels a request of this person climbs: one that only they hold themselves becomes the next higher (CREP-4.0).

    A level that is taken already moves up too, so that the own leave of a chief takes as many people as anybody else's.
    """
    climbed: list[Level] = []
    for level in levels:
        mine: Level | None = level
        while mine is not None and (mine in climbed or _only_holder(hall, subject, mine)):
            mine = _HIGHER[mine]
        if mine is not None:
            climbed.append(mine)
    return tuple(climbed) or ("manager",)


def deciders(hall: Hall, subject: StaffNo, level: Level, now: HallTime) -> tuple[StaffNo, ...]:
    """Who may decide at this level now: never the person themselves; if nobody holds it today, those of the next."""
    for one in _STAND_INS[level]:
        found = tuple(who for who in _holders(hall, subject, one, now) if who != subject)
        if found:
            return found
    return ()


def may_not_decide(hall: Hall, actor: StaffNo, subject: StaffNo, level: Level, now: HallTime) -> No | None:
    """Why this person may not decide at this level about that one now."""
    if actor not in hall.in_force.staff:
        return No(Refusal.UNKNOWN_STAFF, f"{actor} is no person of this hall")
    if actor == subject:
        return No(Refusal.OWN_CASE, f"{actor} may not decide about themselves (CREP-4.0)")
    able = deciders(hall, subject, level, now)
    if actor in able:
        return None
    department = department_of(hall, subject)
    if department is not None and actor == department.chief and not is_authorised(department, now):
        return No(Refusal.NOT_PERMITTED, f"the letter of authorisation of {actor} does not cover today (CREP-3)")
    return No(Refusal.NOT_PERMITTED, f"this takes {', '.join(able) or 'a person nobody is'} ({level})")


def chief_today(hall: Hall, department: Department, now: HallTime) -> StaffNo | None:
    """Whoever speaks for a department now: its chief, or the named deputy while the chief cannot (CREP-1, CREP-3)."""
    chief = department.chief
    if chief is not None and is_authorised(department, now) and hall.posts.absent(chief, now) is None:
        return chief
    deputy, term = department.deputy, department.deputy_term
    named = deputy is not None and (term is None or term.first <= day_of(now) <= term.last)
    return deputy if named and deputy is not None and hall.posts.absent(deputy, now) is None else None


def is_authorised(department: Department, now: HallTime) -> bool:
    """Whether the letter of authorisation covers this day; a department that has none on file yet is not held up."""
    letter = department.letter
    return letter is None or letter.first <= day_of(now) <= letter.last


def department_of(hall: Hall, staff: StaffNo) -> Department | None:
    """The department a person belongs to."""
    person = hall.in_force.staff.get(staff)
    every = hall.in_force.config.departments
    return None if person is None else next((one for one in every if one.id == person.dept), None)


def _only_holder(hall: Hall, subject: StaffNo, level: Level) -> bool:
    if level == "chief_rep":
        department = department_of(hall, subject)
        return department is not None and department.chief == subject
    holders = [one.id for one in hall.in_force.staff.values() if one.role == level]
    return holders == [subject]


def _holders(hall: Hall, subject: StaffNo, level: Level, now: HallTime) -> Iterable[StaffNo]:
    if level == "chief_rep":
        department = department_of(hall, subject)
        chief = None if department is None else chief_today(hall, department, now)
        return () if chief is None else (chief,)
    return (one.id for one in hall.in_force.staff.values() if one.role == level)
