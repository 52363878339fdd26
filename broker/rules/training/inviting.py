"""Who is to come to a session: their absence from their posts, and what nobody would be there for meanwhile (ATT-7)."""

from broker.rules import facts as f
from broker.rules.asking import No
from broker.rules.facts import Absence, TrainingOnFile
from broker.rules.hall import Hall
from broker.rules.posts.both_away import gap_words, gaps
from broker.rules.training.state import KIND
from contracts.values import HallTime, Refusal, StaffNo, TrainingNo

MOST_INVITED = 500
LONGEST = 200


def may_not_invite(hall: Hall, actor: StaffNo, staff: tuple[StaffNo, ...]) -> No | None:
    """Why these people cannot be invited by this person: unknown, too many, or the own case (CREP-4.0)."""
    if len(staff) > MOST_INVITED:
        return No(Refusal.BAD_VALUE, f"at most {MOST_INVITED} people are invited")
    unknown = [one for one in staff if one not in hall.in_force.staff]
    if unknown:
        return No(Refusal.UNKNOWN_STAFF, f"{', '.join(unknown)}: no person of this hall")
    if actor in staff:
        return No(Refusal.OWN_CASE, f"{actor} is excused from duty by another leader only (CREP-4.0)")
    return None


def leaves_a_gap(  # noqa: PLR0913, PLR0917 -- a session, whoever is to come to it, and who says so why
    hall: Hall, actor: StaffNo, staff: tuple[StaffNo, ...], begins: HallTime, ends: HallTime, override: str
) -> No | None:
    """Whether a post or a group would have nobody (ATT-7). The manager may allow it with a reason.

    Everybody invited at once is away together; whoever is invited already counts as away.
    """
    together = [Absence(staff=one, begins=begins, ends=ends, kind=KIND) for one in staff]
    found = [gap for one in staff for gap in gaps(hall, one, begins, ends, beside=together)]
    if not found:
        return None
    what = "、".join(gap_words(hall, found))
    person = hall.in_force.staff.get(actor)
    if person is not None and person.role == "manager" and override.strip():
        return None if len(override) <= LONGEST else No(Refusal.BAD_VALUE, f"a reason has at most {LONGEST} characters")
    return No(Refusal.AB_BOTH_AWAY, f"nobody would be there for {what}; the manager may allow it (ATT-7)", {"gap": what})


def excused(hall: Hall, one: TrainingOnFile, staff: tuple[StaffNo, ...], actor: StaffNo) -> list[f.Fact]:
    """The absence of each, less the time in which they are away anyhow."""
    return [
        f.AbsenceEntered(absence=Absence(staff=person, begins=begins, ends=ends, kind=KIND, ref=one.no), actor=actor)
        for person in staff
        for begins, ends in _free(hall, person, one.begins, one.ends)
    ]


def _free(hall: Hall, staff: StaffNo, begins: HallTime, ends: HallTime) -> list[tuple[HallTime, HallTime]]:
    pieces = [(begins, ends)]
    for one in hall.posts.absences:
        if one.staff == staff:
            pieces = [part for piece in pieces for part in _without(piece, one)]
    return pieces


def _without(piece: tuple[HallTime, HallTime], away: Absence) -> list[tuple[HallTime, HallTime]]:
    parts = [(piece[0], min(piece[1], away.begins)), (max(piece[0], away.ends), piece[1])]
    return [(begins, ends) for begins, ends in parts if begins < ends]


def no_longer(hall: Hall, training: TrainingNo, actor: StaffNo, staff: tuple[StaffNo, ...] | None = None) -> list[f.Fact]:
    """The absences of a session end, of all or of these: whoever was away until now was excused until now."""
    return [
        f.AbsenceEnded(absence=one, why="cancelled", actor=actor)
        for one in hall.posts.absences
        if one.ref == training and (staff is None or one.staff in staff)
    ]
