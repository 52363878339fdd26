"""The variants of the demo day: something breaks, and everything that was expected still comes.

``restart``: the service is killed and restarted at 10:20. ``cut``: the network of TM-02 is cut from 09:30 to 09:50.
``server``: the MQTT server is down for five minutes around a rating. ``clock``: the clock of CLK-02 runs four minutes ahead.
``workdays`` is a play of its own, see :func:`workdays`.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from broker.rules import facts as f
from broker.rules.hours import MINUTE, clock_of, on_day
from contracts import messages as m
from contracts.codec import encode
from contracts.values import BootId, HallTime, PrintProof
from sim.day.stage import Stage
from sim.day.table import Line, scene

_DAYS = (
    (date(2026, 10, 8), "open"),
    (date(2026, 10, 9), "open"),
    (date(2026, 10, 10), "open"),
    (date(2026, 10, 11), "rest"),
)
"""The end of the October holidays of 2026; the 10th is a Saturday that is worked."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What is different, and what is checked besides."""

    lines: tuple[Line, ...] = ()


# --- The service restarted -----------------------------------------------------------------------------------------------


def _numbers(s: Stage) -> str:
    given = Counter(one.fact.ticket for one in s.facts(f.TicketIssued) if isinstance(one.fact, f.TicketIssued))
    return f"{sum(n > 1 for n in given.values())} repeated"


def _lost(s: Stage) -> str:
    return f"{sum(s.state_of(no) == 'unknown' for no in s.papers)} lost"


def _dies(s: Stage) -> None:
    s.house.kill()


def _comes_back(s: Stage) -> str:
    s.house.start()
    return f"{s.house.lives - 1} lives"


RESTART = Variant(
    (
        scene("10:20", _dies),
        Line("10:20:15", "the service is back after fifteen seconds", "I12", _comes_back, "2 lives"),
        Line("10:20:16", "every ticket on paper is known", "I9", _lost, "0 lost"),
        Line("19:00:01", "no number was given twice", "I1", _numbers, "0 repeated"),
    )
)

# --- A ticket machine cut off --------------------------------------------------------------------------------------------


class _Offline:
    """TM-02 without a network: what it journals, and sends when it hears the service again."""

    def __init__(self) -> None:
        self.kept: list[tuple[HallTime, m.OfflineTicketTaken]] = []

    def press(self, s: Stage, group: str) -> None:
        """A number of the machine's own: group, its ordinal, the next of the day."""
        number = f"{group}2-{len(self.kept) + 1:02d}"
        token = f"{number:x<22}".replace("-", "_")
        taken = s.house.request(
            "TM-02", m.OfflineTicketTaken, no=number, group=group, care=False, token=token, day=s.day.isoformat()
        )
        self.kept.append((s.house.now, taken))

    def send(self, s: Stage) -> str:
        """Everything that was journalled, each twice, as after a lost answer; what came of it."""
        s.house.tell_state("TM-02", online=True)
        outcomes = []
        for at, taken in self.kept:
            age = s.house.now - at
            stamp = m.Stamp(boot=BootId(taken.request_id.split("/")[1]), monotonic_ms=at, wall_at=at, age_ms=age)
            stamped = m.OfflineTicketTaken(
                request_id=taken.request_id,
                stamp=stamp,
                no=taken.no,
                group=taken.group,
                care=taken.care,
                token=taken.token,
                day=taken.day,
            )
            printed = s.house.request(
                "TM-02", m.OfflineTicketPrinted, taken=taken.request_id, copy=0, proof=PrintProof.CONFIRMED
            )
            for message in (stamped, stamped, printed):
                answer = s.house.send("TM-02", message)
                outcomes.append("done" if isinstance(answer, m.RequestDone) else str(answer))
        return " ".join(sorted(set(outcomes)))


def _cut() -> tuple[Line, ...]:
    machine: dict[int, _Offline] = {}

    def of(s: Stage) -> _Offline:
        return machine.setdefault(id(s), _Offline())

    return (
        scene("09:29", lambda s: s.press("C")),
        scene("09:30", lambda s: s.house.tell_state("TM-02", online=False)),
        scene("09:33", lambda s: of(s).press(s, "C")),
        scene("09:40", lambda s: s.press("C")),
        scene("09:47", lambda s: of(s).press(s, "C")),
        Line("09:50", "the machine is back and tells its numbers, each twice", "I8", lambda s: of(s).send(s), "done"),
        Line("09:50", "all four wait", "I8", lambda s: str(s.waiting("C")), "4"),
        Line("09:51", "W05 calls in the order of issue", "I8", lambda s: s.call_and_serve("W05", 30), "C001"),
        Line("09:52", "the first offline number", "I8", lambda s: s.call_and_serve("W05", 30), "C2-01"),
        Line("09:53", "the online one behind it", "I8", lambda s: s.call_and_serve("W05", 30), "C002"),
        Line("09:54", "the second offline number", "I8", lambda s: s.call_and_serve("W05", 30), "C2-02"),
    )


# --- The MQTT server down --------------------------------------------------------------------------------------------------


def _rated(s: Stage) -> str:
    ratings = [one.fact for one in s.facts(f.RatingRecorded) if isinstance(one.fact, f.RatingRecorded)]
    return f"{sum(one.counter == 'W02' for one in ratings)} rating"


def _answers(s: Stage) -> str:
    """What nodes heard of what they had kept, and how many different answers that is."""
    heard = [encode(one) for one in s.house.after_the_cut if one is not None]
    return f"{len(heard)} answers, {len(set(heard))} different"


def _punched(s: Stage) -> str:
    made = [one.fact for one in s.facts(f.PunchStored) if isinstance(one.fact, f.PunchStored)]
    found = [one.at for one in made if one.staff == "S005"]
    return f"{len(found)} punch of {' '.join(map(clock_of, found))}"


SERVER = Variant(
    (
        scene("14:39:40", lambda s: s.house.cut_off(lasts=5 * MINUTE)),
        scene("14:40", lambda s: s.rate("W02", 2)),
        scene("14:41", lambda s: s.house.ask("CLK-01", m.PunchMade, card=None, staff="S005")),
        Line(
            "14:44:41",
            "pad and clock send what they kept twice, and hear one answer",
            "I7",
            _answers,
            "4 answers, 2 different",
        ),
        Line("14:44:42", "one rating is stored", "I7", _rated, "1 rating"),
        Line("14:44:42", "and one punch, at its own time", "I7", _punched, "1 punch of 14:41"),
    )
)

# --- A clock four minutes ahead --------------------------------------------------------------------------------------------


def _punch_ahead(s: Stage) -> str:
    at = s.house.now
    wrong = HallTime(at + 4 * MINUTE)
    boot = s.house.boot("CLK-02")
    stamp = m.Stamp(boot=boot, monotonic_ms=60_000, wall_at=wrong, age_ms=0)
    answer = s.house.ask("CLK-02", m.PunchMade, card=None, staff="S007", stamp=stamp)
    return f"unverified {answer.unverified}" if isinstance(answer, m.PunchStored) else str(answer)


CLOCK = Variant((Line("08:55", "a clock four minutes ahead", "ATT-10", _punch_ahead, "unverified True"),))

WORKDAYS = "workdays"
VARIANTS = {"": Variant(), "restart": RESTART, "cut": Variant(_cut()), "server": SERVER, "clock": CLOCK}


def workdays(text: str) -> dict[str, Any]:
    """The end of the October holidays: which days the hall opens on (1.0.1)."""
    checks: list[dict[str, Any]] = []
    violations: list[str] = []
    for day, expected in _DAYS:
        stage = Stage(text, day)
        try:
            stage.switch_on()
            stage.house.run_until(on_day(day, "10:00"))
            found = stage.hall_board.phase.value
            violations += stage.house.violations
        finally:
            stage.house.close()
        what = f"{day.isoformat()} is {'a working day' if expected == 'open' else 'a day of rest'}"
        row = {"time": "10:00", "what": what, "rule": "1.0.1", "expected": expected, "found": found, "ok": expected == found}
        checks.append(row)
    failed = sum(not row["ok"] for row in checks)
    return {"script": "demo-day", "variant": "workdays", "checks": checks, "failed": failed, "violations": violations}
