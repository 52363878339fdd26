"""The sessions that may still change, and who has passed the pre-job training, as the rules know them."""

from dataclasses import dataclass, field

from broker.rules.facts.training import TrainingOnFile, TrainingPlanned
from contracts.values import StaffNo, TrainingNo

KIND = "training"
"""The kind of absence an invitation is; one of ``params.attendance.outing_kinds``, so a login ends it (ATT-6.2)."""


@dataclass(slots=True)
class Training:
    """``count`` numbers the sessions entered today. ``passed``: by which session somebody passed the pre-job training.

    ``onboarded`` are those who may work because of it. Both hold only people whom hall.toml has as not onboarded.
    """

    sessions: dict[TrainingNo, TrainingOnFile] = field(default_factory=dict)
    count: int = 0
    passed: dict[StaffNo, TrainingNo] = field(default_factory=dict)
    onboarded: set[StaffNo] = field(default_factory=set)


def as_planned(fact: TrainingPlanned) -> TrainingOnFile:
    """The session this fact puts on the list; nobody is invited yet."""
    return TrainingOnFile(
        no=fact.training,
        title=fact.title,
        topic=fact.topic,
        form=fact.form,
        place=fact.place,
        begins=fact.begins,
        ends=fact.ends,
        planned=fact.planned,
        pre_job=fact.pre_job,
        services=fact.services,
    )
