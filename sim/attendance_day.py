"""Days of attendance in the words of the hall, on the rules alone: punch, ask, decide, and read what it amounts to."""

from datetime import date
from typing import Any

from broker.rules.asking import Decision
from broker.rules.hours import DAY, on_day
from broker.timesheet.history import History
from broker.timesheet.judged import judged
from broker.timesheet.reading import history_of
from broker.timesheet.versions import Version, versions
from contracts import messages as m
from contracts.values import CardHash, HalfOfDay, HallTime, PunchIntent, PunchReason, StaffNo
from sim.rules_day import RulesDay, hall_text, refusal

DEMO = hall_text("demo-hall")


class AttendanceDay(RulesDay):
    """A hall whose people punch and ask. Times are ``17:32`` of the first day, or ``11 10:00`` of the 11th of that month."""

    def __init__(self, text: str = DEMO, clock: str = "08:00", day: date = date(2026, 3, 10)) -> None:
        super().__init__(text, clock, day)

    def time(self, clock: str) -> HallTime:
        """An instant of the day, or of another day of the month."""
        of_month, _, time = clock.rpartition(" ")
        day = self.date.replace(day=int(of_month)) if of_month else self.date
        seconds = int(time[6:]) if len(time) > len("HH:MM") else 0
        return HallTime(on_day(day, time[:5]) + seconds * 1000)

    # --- At the clock ----------------------------------------------------------------------------------------------------

    def punch(self, staff: str | None, clock: str, intent: str = "none", *, node: str = "CLK-01", card: bool = True) -> str:
        """Somebody presents a card (or types a PIN) at this time; the name of the punch."""
        self.at(clock)
        return self.offline_punch(staff, clock, intent, node=node, card=card)

    def offline_punch(  # noqa: PLR0913 -- who, when, how and where
        self, staff: str | None, clock: str, intent: str = "none", *, node: str = "CLK-01", card: bool = True, off: int = 0
    ) -> str:
        """Likewise at a clock that tells of it only now; its own clock is ``off`` ms ahead."""
        age = self.now - self.time(clock)
        stamp = m.Stamp(boot=self.boot(node), monotonic_ms=0, wall_at=HallTime(self.now - age + off), age_ms=age)
        hashed = CardHash(f"{staff}") if card else None
        made = self.do(node, m.PunchMade, card=hashed, staff=staff, intent=PunchIntent(intent), stamp=stamp)
        fact: Any = made.facts[0]
        return str(fact.request_id)

    def usual(self, staff: str, *clocks: str) -> None:
        """Several punches of a day."""
        for clock in clocks or ("08:55", "12:01", "13:25", "17:31"):
            self.punch(staff, clock)

    # --- 补签 ------------------------------------------------------------------------------------------------------------

    def try_regularise(self, staff: str, clock: str, intent: str = "out", witness: str = "S104") -> Decision:
        """Ask to have a missing punch made good."""
        return self.ask(
            "OPS-01",
            m.RegulariseRequested,
            actor=staff,
            at=self.time(clock),
            intent=PunchIntent(intent),
            reason=PunchReason.FORGOT,
            witness=witness,
        )

    def regularise(self, staff: str, clock: str, intent: str = "out", witness: str = "S104") -> str:
        """Likewise; it must be accepted. Its number."""
        decision = self.try_regularise(staff, clock, intent, witness)
        assert refusal(decision) is None, decision
        answer: Any = decision.answers[0][1]
        return str(answer.values["no"])

    def try_decide(self, actor: str, no: str, *, approve: bool = True) -> Decision:
        """Somebody approves or rejects it."""
        return self.ask("OPS-01", m.RegulariseDecisionRequested, actor=actor, no=no, approve=approve)

    def decide(self, actor: str, no: str, *, approve: bool = True) -> None:
        """Likewise; they must be entitled to."""
        decision = self.try_decide(actor, no, approve=approve)
        assert refusal(decision) is None, decision

    # --- Reading ---------------------------------------------------------------------------------------------------------

    def history(self) -> History:
        """All attendance is made of, as it stands now."""
        return history_of(self.facts, self.now)

    def words(self, staff: str, day: date | None = None) -> list[str]:
        """Morning and afternoon in words, and the day's own if it has one, as known now."""
        record = judged(self.history(), StaffNo(staff), day or self.date, self.now).record
        halves = [" + ".join(one.spelled for one in half.results) for half in record.halves]
        return [*halves, *(one.spelled for one in record.day)]

    def versions(self, staff: str, half: str, day: date | None = None) -> tuple[Version, ...]:
        """Every result a half has had."""
        return versions(self.history(), StaffNo(staff), day or self.date, HalfOfDay(half))

    def told(self, staff: str, half: str, day: date | None = None) -> list[str]:
        """Likewise, each as ``ABSENT 0.5`` or ``NORMAL (regularised)``."""
        return [_told(one) for one in self.versions(staff, half, day)]

    def tomorrow(self, clock: str, days: int = 1) -> None:
        """Go on to a time of a later day."""
        self.advance(HallTime(self.time(clock) + days * DAY))


def _told(one: Version) -> str:
    words = " + ".join(result.spelled for result in one.results)
    notes = [*(result.reason for result in one.results if result.word == "LEAVE"), *one.flags]
    return f"{words} ({', '.join(notes)})" if notes else words
