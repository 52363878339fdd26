"""A clerk at a counter: does what the terminal shows, with the pauses of a person between the keys."""

from collections.abc import Callable

from contracts import messages as m
from contracts.values import CounterPhase, HallPhase, HallTime, Ms
from sim.day.draw import Clerk
from sim.day.floor import Floor, Holder
from sim.day.house import refused
from sim.day.visits import Visits

_AGAIN: Ms = 15_000
"""How long somebody waits before a key that was refused is pressed again."""
_START, _RECALL = range(2)
_Step = tuple[Ms, Callable[[], None]]


class ClerkAtWork:
    """Plays one clerk. :meth:`look` is called whenever the desk or the hall has changed."""

    def __init__(self, floor: Floor, visits: Visits, clerk: Clerk) -> None:
        self.clerk = clerk
        self._floor = floor
        self._visits = visits
        self._house = floor.house
        self._node = f"TRM-{clerk.counter}"
        self._pauses = list(clerk.pauses)
        self._back_at: HallTime | None = None
        self._is_about = False
        """Something is about to be done; whatever changes meanwhile is looked at afterwards."""
        self._is_here = False
        self._asked_again_at = HallTime(0)
        self._finishes_at: HallTime | None = None

    def begin(self) -> None:
        """Come in when the time has come."""
        self._house.at(self.clerk.comes_at, self._come)

    def _come(self) -> None:
        self._is_here = True
        self.look()

    def look(self) -> None:
        """Decide what to do next, and do it after as long as a person takes."""
        if self._is_about or not self._is_here or not self._house.is_up:
            return
        step = self._next()
        if step is not None:
            self._is_about = True
            self._house.at(HallTime(self._house.now + step[0]), lambda: self._do(step[1]))

    def _do(self, act: Callable[[], None]) -> None:
        act()
        self._is_about = False
        self.look()

    def _ask(self, kind: type[m.Request], **fields: object) -> m.Message | None:
        answer = self._house.ask(self._node, kind, **fields)
        if refused(answer) is not None or answer is None:
            self._asked_again_at = HallTime(self._house.now + _AGAIN)
            self._house.at(self._asked_again_at, self.look)
        return answer

    # --- What the terminal shows, and what follows -------------------------------------------------------------------------

    def _next(self) -> _Step | None:
        desk = self._floor.desk(self.clerk.counter)
        if desk is None or self._house.now < self._asked_again_at:
            return None
        match desk.phase:
            case CounterPhase.CLOSED:
                return None if self._floor.phase is HallPhase.CLOSED else (self.clerk.reaction, self._card)
            case CounterPhase.FREE:
                return self._free(desk)
            case CounterPhase.CALLED:
                return self._called(desk)
            case CounterPhase.SERVING:
                return self._serving(desk)
            case CounterPhase.PAUSED:
                return self._paused()

    def _card(self) -> None:
        self._ask(m.LoginRequested, card=self.clerk.card)

    def _free(self, desk: m.DeskState) -> _Step | None:
        if self._floor.phase is HallPhase.CLOSED:
            self._is_here = False
            return self.clerk.reaction, self._card
        if desk.held:
            return self.clerk.reaction, self._resume_held
        if self._pauses and self._pauses[0][0] <= self._house.now:
            return self.clerk.reaction, self._pause
        if desk.waiting and self._floor.calls:
            return self.clerk.reaction, self._call
        return None

    def _resume_held(self) -> None:
        self._ask(m.HeldResumeRequested)

    def _call(self) -> None:
        self._ask(m.CallNextRequested)

    def _pause(self) -> None:
        _, lasts = self._pauses.pop(0)
        if refused(self._ask(m.PauseRequested, reason="短暂离开")) is None:
            self._back_at = HallTime(self._house.now + lasts)

    def _paused(self) -> _Step:
        back = self._house.now if self._back_at is None else self._back_at
        return max(0, back - self._house.now), self._resume

    def _resume(self) -> None:
        self._ask(m.ResumeRequested)

    def _called(self, desk: m.DeskState) -> _Step | None:
        assert desk.call is not None, "who is called has a call"
        call, now = desk.call, self._house.now
        holder = None if desk.ticket is None else self._floor.holders.get(desk.ticket)
        if holder is not None and holder.here:
            delay = holder.visitor.walk + holder.visitor.reactions[_START] if desk.announcement == 1 else 5_000
            return delay, lambda: self._start(call, holder)
        reaction = self.clerk.reaction if holder is None else holder.visitor.reactions[_RECALL]
        if desk.recall_at is not None:
            return max(0, desk.recall_at - now) + reaction, lambda: self._if_away(call, m.RecallRequested, holder)
        if desk.no_show_at is not None:
            return max(0, desk.no_show_at - now) + reaction, lambda: self._if_away(call, m.NoShowRequested, holder)
        return None

    def _start(self, call: str, holder: Holder) -> None:
        if refused(self._ask(m.StartRequested, call=call)) is None:
            self._finishes_at = HallTime(self._house.now + holder.visitor.needs)

    def _if_away(self, call: str, kind: type[m.Request], holder: Holder | None) -> None:
        if holder is None or not holder.here:
            self._ask(kind, call=call)
            if kind is m.NoShowRequested and holder is not None:
                self._visits.missed(holder)

    def _serving(self, desk: m.DeskState) -> _Step:
        ends = self._house.now if self._finishes_at is None else self._finishes_at
        return max(0, ends - self._house.now), lambda: self._finish(desk)

    def _finish(self, desk: m.DeskState) -> None:
        holder = None if desk.ticket is None else self._floor.holders.get(desk.ticket)
        self._finishes_at = None
        if refused(self._ask(m.FinishRequested, session=desk.session)) is None and holder is not None:
            self._visits.rates(holder, self.clerk.counter, str(desk.session))
