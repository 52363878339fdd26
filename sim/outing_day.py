"""A day on which people go out, in the words of the hall, for the tests of ``broker.rules.outing``."""

from datetime import date
from typing import Any

from broker.rules import facts as f
from broker.rules.asking import Decision
from broker.rules.hours import MINUTE, clock_of, on_day
from contracts import messages as m
from contracts.values import HallTime, OutingNo, PunchIntent, StaffNo
from sim.rules_day import TUESDAY, RulesDay, hall_text, refusal

DEMO = hall_text("demo-hall")


class OutingDay(RulesDay):
    """The demo hall. S101 heads a department, so S002 (duty leader) or S001 (manager) decides; of S102 S101 decides."""

    def __init__(self, clock: str = "08:00", day: date = TUESDAY, text: str = DEMO) -> None:
        super().__init__(text, clock, day)

    def instant(self, when: str, day: date | None = None) -> HallTime:
        """``HH:MM`` of the day, or of another."""
        return on_day(day or self.date, when)

    def until(self, when: str, day: date | None = None) -> None:
        """Let time pass up to then."""
        self.advance(self.instant(when, day))

    def try_plan(self, staff: str, begins: str, ends: str, /, **fields: Any) -> Decision:
        """An entry for the ledger, by the person unless ``actor`` says otherwise."""
        known = {"actor": staff, "staff": staff, "kind": "meeting", "reason": "参加会议", "place": "县政府"}
        times = {"begins": self.instant(begins), "ends": self.instant(ends)}
        return self.ask("OPS-01", m.OutingRequested, **{**known, **times, **fields})

    def plan(self, staff: str, begins: str, ends: str, /, **fields: Any) -> OutingNo:
        """Likewise; it must be accepted. Tells its number."""
        decision = self.try_plan(staff, begins, ends, **fields)
        assert refusal(decision) is None, decision
        answer = decision.answers[0][1]
        assert isinstance(answer, m.RequestDone)
        return OutingNo(answer.values["no"])

    def approve(self, no: str, actor: str = "S002", **fields: Any) -> Decision:
        """A leader approves."""
        return self.ask("OPS-01", m.OutingApproveRequested, actor=actor, outing=no, **fields)

    def approved(self, staff: str, begins: str, ends: str, /, **fields: Any) -> OutingNo:
        """Entered and approved by S002."""
        no = self.plan(staff, begins, ends, **fields)
        decision = self.approve(no)
        assert refusal(decision) is None, decision
        return no

    def tell(self, kind: type[m.Request], no: str, actor: str = "S002", **fields: Any) -> Decision:
        """Anything else about an entry."""
        return self.ask("OPS-01", kind, actor=actor, outing=no, **fields)

    def punch(self, staff: str, intent: PunchIntent = PunchIntent.NONE, *, ago: int = 0, clock: str = "CLK-01") -> Decision:
        """A card at a clock now, or told ``ago`` minutes after it was made."""
        stamp = m.Stamp(
            boot=self.boot(clock), monotonic_ms=10**9, wall_at=HallTime(self.now - ago * MINUTE), age_ms=ago * MINUTE
        )
        return self.do(clock, m.PunchMade, card=None, staff=staff, intent=intent, stamp=stamp)

    def entry(self, no: str) -> f.Outing:
        """The entry as it stands."""
        return self.hall.outings.entries[OutingNo(no)]

    def excused(self, staff: str) -> list[tuple[str, str]]:
        """When this person is away by what stands now, as posts and clocks have it."""
        mine = (one for one in self.hall.posts.absences if one.staff == StaffNo(staff))
        return [(clock_of(one.begins), clock_of(one.ends)) for one in mine]

    def told(self, *kinds: type[f.Fact]) -> list[f.Fact]:
        """The facts of these kinds so far."""
        return [one.fact for one in self.facts if isinstance(one.fact, kinds)]
