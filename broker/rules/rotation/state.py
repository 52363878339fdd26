"""The rotations that are not over, as the rules know them."""

from dataclasses import dataclass, field

from broker.rules.facts.rotation import RotationOnFile
from contracts.values import RotationNo


@dataclass(slots=True)
class Rotations:
    """``count`` numbers those asked for today; what was not agreed to or is closed is forgotten with the day."""

    open: dict[RotationNo, RotationOnFile] = field(default_factory=dict)
    count: int = 0
