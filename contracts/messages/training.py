"""What leaders ask about training: plan it, invite, cancel, assess what came of it, close it (TRN)."""

from contracts.messages.base import Perishable
from contracts.values import HallTime, ServiceId, StaffNo, TrainingForm, TrainingNo, TrainingTopic


class TrainingPlanRequested(Perishable, frozen=True, kw_only=True):
    """A training session is put on the list (TRN-3, TRN-5). The answer's ``no`` is its number.

    ``planned``: it stands in the year's plan; else it is an extra one. ``pre_job``: whoever passes it may work (TRN-6).
    ``override`` is the manager's reason to invite people although a post would have nobody (ATT-7). ``services`` are the
    matters it is about: once it is closed, a change of theirs has been trained (TRN-7).
    """

    actor: StaffNo
    title: str
    topic: TrainingTopic
    place: str
    begins: HallTime
    ends: HallTime
    form: TrainingForm = TrainingForm.LECTURE
    planned: bool = True
    pre_job: bool = False
    invited: tuple[StaffNo, ...] = ()
    override: str = ""
    services: tuple[ServiceId, ...] = ()


class TrainingInviteRequested(Perishable, frozen=True, kw_only=True):
    """These people are to come as well, or need not (``withdraw``); ``override`` as for a plan."""

    actor: StaffNo
    training: TrainingNo
    staff: tuple[StaffNo, ...]
    withdraw: bool = False
    override: str = ""


class TrainingCancelRequested(Perishable, frozen=True, kw_only=True):
    """The session does not take place, or ends here."""

    actor: StaffNo
    training: TrainingNo
    reason: str


class TrainingAssessRequested(Perishable, frozen=True, kw_only=True):
    """What came of it for one person (TRN-9.2): passed or not, perhaps with a score from 0 to 100."""

    actor: StaffNo
    training: TrainingNo
    staff: StaffNo
    passed: bool
    score: int | None = None


class TrainingCloseRequested(Perishable, frozen=True, kw_only=True):
    """Everyone who came is assessed; ``remark`` says what the session was worth as a whole (TRN-9.2)."""

    actor: StaffNo
    training: TrainingNo
    remark: str
