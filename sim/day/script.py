"""Plays a script to the second on the whole service, checks every line, and lists what waits for something else."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from broker.rules.hours import on_day
from contracts.values import HallTime
from sim.day.demo_afternoon import AFTERNOON, WAITS
from sim.day.demo_attendance import ATTENDANCE
from sim.day.demo_morning import BEFORE, MORNING
from sim.day.nature import SECOND
from sim.day.random_day import day_before
from sim.day.stage import Stage
from sim.day.table import Line, Script
from sim.day.variants import VARIANTS

DEMO_DAY = Script("demo-day", lines=(*MORNING, *AFTERNOON, *ATTENDANCE), waits=WAITS, ahead=BEFORE)
SCRIPTS = {one.name: one for one in (DEMO_DAY,)}
_BEGINS_AHEAD, _ENDS_AHEAD, _LIGHTS_ON = "12:01", "12:10", "08:25"


@dataclass(frozen=True, slots=True)
class Checked:
    """A line that was played."""

    line: Line
    found: str

    def row(self) -> dict[str, Any]:
        """As it stands in the JSON."""
        line = self.line
        return {
            "time": line.at,
            "what": line.what,
            "rule": line.rule,
            "expected": line.expected,
            "found": self.found,
            "ok": line.expected == self.found,
        }


def play(text: str, script: Script, day: date, variant: str = "") -> dict[str, Any]:
    """Play a script on a day, as this variant has it (``""``: as it is written); what ``--json`` writes."""
    ahead = day_before(text, day)
    stage = Stage(text, day, starts=on_day(ahead, _BEGINS_AHEAD))
    checked: list[Checked] = []
    try:
        stage.switch_on()
        for line in script.ahead:
            _play(stage, line, checked, _instant(ahead, line.at))
        stage.house.run_until(on_day(ahead, _ENDS_AHEAD))
        stage.house.kill()
        stage.house.run_until(on_day(day, _LIGHTS_ON))
        stage.switch_on()
        lines = [*(one for one in script.lines if variant not in one.but), *VARIANTS[variant].lines]
        for line in sorted(lines, key=lambda one: _instant(day, one.at)):
            _play(stage, line, checked, _instant(day, line.at))
        return _result(stage, script, variant, checked)
    finally:
        stage.house.close()


def _play(stage: Stage, line: Line, checked: list[Checked], at: HallTime) -> None:
    stage.house.run_until(at)
    try:
        found = str(line.act(stage))
    except (AssertionError, LookupError, TypeError, AttributeError, StopIteration) as error:  # what it needs is not there
        found = f"{type(error).__name__}: {error}"
    if line.expected is not None:
        checked.append(Checked(line, found))


def _result(stage: Stage, script: Script, variant: str, checked: list[Checked]) -> dict[str, Any]:
    rows = [one.row() for one in checked]
    return {
        "script": script.name,
        "variant": variant,
        "date": stage.day.isoformat(),
        "checks": rows,
        "failed": sum(not row["ok"] for row in rows),
        "not_checked": [
            {"time": one.at, "what": one.what, "rule": one.rule, "waits_for": one.waits_for} for one in script.waits
        ],
        "invariants_checked": stage.house.checks,
        "violations": stage.house.violations,
        "log_hash": stage.house.events.digest,
    }


def _instant(day: date, clock: str) -> HallTime:
    seconds = int(clock[6:]) if len(clock) > len("HH:MM") else 0
    return HallTime(on_day(day, clock[:5]) + seconds * SECOND)
