"""A day on which people ask for leave, on the rules alone."""

from datetime import date
from typing import Any

from broker.rules import facts as f
from broker.rules.asking import Decision
from broker.rules.hours import on_day
from contracts import messages as m
from contracts.values import HallTime, LeaveNo, PunchIntent
from sim.rules_day import TUESDAY, RulesDay, hall_text, refusal


def moment(day: int, clock: str) -> HallTime:
    """An instant of March 2026."""
    return on_day(date(2026, 3, day), clock)


def detail(decision: Decision) -> str:
    """What an administrator is told about a refusal."""
    answer = decision.answers[0][1]
    assert isinstance(answer, m.RequestRefused)
    return answer.detail


class LeaveDay(RulesDay):
    """The demo hall on a day on which people ask for leave."""

    def __init__(self, text: str | None = None, clock: str = "08:00", day: date = TUESDAY) -> None:
        super().__init__(text or hall_text("demo-hall"), clock, day)
        self.born("CLK-01")

    def try_leave(self, staff: str, begins: HallTime, ends: HallTime, kind: str = "annual", **more: Any) -> Decision:
        """Somebody asks for leave, for themselves unless another actor is named."""
        fields = {"actor": staff, "reason": "回老家", **more}
        return self.ask("OPS-01", m.LeaveSubmitRequested, staff=staff, kind=kind, begins=begins, ends=ends, **fields)

    def request_leave(self, staff: str, begins: HallTime, ends: HallTime, kind: str = "annual", **more: Any) -> LeaveNo:
        """Likewise; it must be taken. Its number."""
        decision = self.try_leave(staff, begins, ends, kind, **more)
        assert refusal(decision) is None, decision
        return LeaveNo(self.values(decision)["no"])

    @staticmethod
    def values(decision: Decision) -> dict[str, str]:
        """What the asker is told."""
        answer = decision.answers[0][1]
        assert isinstance(answer, m.RequestDone)
        return answer.values

    def try_approve(self, no: LeaveNo, actor: str, **more: Any) -> Decision:
        """The next level signs."""
        return self.ask("OPS-01", m.LeaveApproveRequested, leave=no, actor=actor, **more)

    def approve(self, no: LeaveNo, *actors: str) -> None:
        """The levels sign, one after another; each must be let."""
        for actor in actors:
            decision = self.try_approve(no, actor)
            assert refusal(decision) is None, decision

    def grant(self, staff: str, begins: HallTime, ends: HallTime, *actors: str, **more: Any) -> LeaveNo:
        """Leave that was asked for and approved by these."""
        no = self.request_leave(staff, begins, ends, **more)
        self.approve(no, *actors)
        assert self.leave(no).state is f.LeaveState.APPROVED
        return no

    def leave(self, no: LeaveNo) -> f.Leave:
        """As the hall knows it."""
        return self.hall.leave.all[no]

    def withdraw(self, no: LeaveNo, actor: str, until: HallTime | None = None) -> Decision:
        """Given up."""
        return self.ask("OPS-01", m.LeaveWithdrawRequested, leave=no, actor=actor, until=until)

    def come_back(self, no: LeaveNo, actor: str) -> Decision:
        """销假."""
        return self.ask("OPS-01", m.LeaveReturnRequested, leave=no, actor=actor)

    def renew(self, no: LeaveNo, actor: str, ends: HallTime, reason: str = "未痊愈") -> Decision:
        """续假."""
        return self.ask("OPS-01", m.LeaveRenewRequested, leave=no, actor=actor, ends=ends, reason=reason)

    def punch(self, staff: str) -> None:
        """A card at the attendance clock."""
        self.do("CLK-01", m.PunchMade, card=None, staff=staff, intent=PunchIntent.NONE)

    def go_to(self, day: int, clock: str) -> None:
        """Go on to a time of March 2026."""
        self.advance(moment(day, clock))
        self.let_time_pass()

    def told(self, kind: type[f.Fact]) -> list[Any]:
        """Every fact of a kind so far."""
        return [one.fact for one in self.facts if isinstance(one.fact, kind)]

    def away_times(self, staff: str) -> list[tuple[HallTime, HallTime]]:
        """When the hall has this person away."""
        return [(one.begins, one.ends) for one in self.hall.posts.absences if one.staff == staff]
