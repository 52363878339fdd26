"""The hall a storm blows through: the small demo hall with a short day, so that no minute of it is idle."""

from dataclasses import dataclass

from contracts.values import Ms
from sim.halls import config_text

SECOND: Ms = 1_000
MINUTE: Ms = 60 * SECOND
START = "2026-03-10T08:58:00"
_BEFORE_OPENING = 2
_SCHEDULE = (
    'halves = [{ id = "AM", start = "09:00", end = "12:00" }, { id = "PM", start = "13:30", end = "17:30" }]',
    'halves = [{{ id = "AM", start = "09:00", end = "{noon}" }}, {{ id = "PM", start = "{after}", end = "{close}" }}]',
)


@dataclass(frozen=True, slots=True)
class Setting:
    """How long a day is and how many come. Minutes count from nine o'clock."""

    visitors: int
    noon: int
    afternoon: int
    close: int
    strikes: tuple[int, int]
    """From how many to how many faults."""
    lasts: int
    """How many minutes after closing the storm goes on."""

    @property
    def ends(self) -> Ms:
        """When it becomes calm, counted from the start of the day."""
        return (_BEFORE_OPENING + self.close + self.lasts) * MINUTE

    @property
    def text(self) -> str:
        """Its hall.toml."""
        clock = {"noon": self.noon, "after": self.afternoon, "close": self.close}
        hours = _SCHEDULE[1].format(**{name: f"{9 + at // 60:02d}:{at % 60:02d}" for name, at in clock.items()})
        text = config_text("demo-small")
        assert _SCHEDULE[0] in text, "the demo hall has other hours now"
        return text.replace(_SCHEDULE[0], hours)


FULL = Setting(visitors=600, noon=45, afternoon=47, close=92, strikes=(4, 24), lasts=8)
MINI = Setting(visitors=40, noon=3, afternoon=4, close=7, strikes=(3, 10), lasts=2)
