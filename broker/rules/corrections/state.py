"""The corrections that are open, and the punches that may still be put right."""

from dataclasses import dataclass, field

from broker.rules.facts.corrections import AskedOnFile, PunchOnFile
from contracts.values import CorrectionNo, PunchId


@dataclass(slots=True)
class Corrections:
    """``asked`` are the open 补签, ``decided`` those decided today, ``count`` how many were asked for today.

    ``approved`` counts them by person and month (``S105 2026-03``). ``doubtful`` are punches of unverified time, those
    checked already among them; ``entered`` those entered by hand.
    """

    asked: dict[CorrectionNo, AskedOnFile] = field(default_factory=dict)
    decided: set[CorrectionNo] = field(default_factory=set)
    count: int = 0
    approved: dict[str, int] = field(default_factory=dict)
    doubtful: dict[PunchId, PunchOnFile] = field(default_factory=dict)
    entered: dict[PunchId, PunchOnFile] = field(default_factory=dict)
