"""What the service shows is kept from fact to fact, and is what the hall would show if it were looked at for the first time.

The law after every fact of any day stands in ``test_rules_machine.py`` (``LawfulDay``) and ``test_service_day_machine.py``.
"""

import pytest

from broker.rules import kept_views
from broker.rules.hours import MINUTE
from broker.rules.kept_views import KeptViews
from broker.rules.views import views
from contracts import messages as m
from contracts.values import HallId, HallTime
from sim.lawful_day import LawfulDay
from sim.rules_alone import BrokenPromiseError
from sim.rules_day import hall_text

HALL = HallId("hall")


def day() -> LawfulDay:
    """Three counters at work; the law is held after every fact."""
    found = LawfulDay(hall_text("demo-small"), "09:10")
    for counter, staff in (("W01", "S101"), ("W02", "S102"), ("W03", "S103")):
        found.login(counter, staff)
    return found


def visit(one: LawfulDay) -> None:
    """A ticket, its call, its service, its rating, while another waits."""
    one.take("A")
    one.take("A")
    one.call("W01")
    one.start("W01")
    session = one.finish("W01")
    one.ask("PAD-W01", m.RatingSubmitted, session=session, level=5)
    one.advance(HallTime(one.now + 5 * MINUTE))


def test_a_visit_is_shown_step_by_step() -> None:
    """Every step of a visit, its rating and the end of its window are shown as if the hall were looked at anew."""
    visit(day())


def test_what_a_visit_does_not_touch_is_kept() -> None:
    """A call at one counter makes the board of no other anew: the very same state stands there."""
    one = day()
    before = dict(one.seen())
    one.take("A")
    one.call("W01")
    after = one.seen()
    same = {topic for topic in after if after[topic] is before[topic]}
    assert {"hall/v1/hall/board/counter/W02", "hall/v1/hall/board/counter/W03"} <= same
    assert "hall/v1/hall/board/counter/W01" not in same


@pytest.mark.parametrize("kind", ["TicketCalled", "ServiceStarted", "ServiceFinished", "RatingRecorded"])
def test_a_step_that_was_overlooked_is_found(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """The law can fail: if a step is thought to touch nothing, the next look says which views are wrong."""
    touched = kept_views.touched
    monkeypatch.setattr(
        kept_views, "touched", lambda hall, fact: frozenset() if type(fact).__name__ == kind else touched(hall, fact)
    )
    with pytest.raises(BrokenPromiseError, match="desk/W01"):
        visit(day())


def test_a_hall_made_anew_is_shown_anew() -> None:
    """After a request that broke the rules the hall is folded again: nothing kept from before is shown."""
    one, kept = day(), KeptViews(HALL)
    kept.states(one.hall)
    one.take("A")
    one.call("W01")
    kept.forgotten()
    assert kept.states(one.hall) == views(one.hall, HALL)


def test_the_caller_may_change_what_it_was_given() -> None:
    """The service adds waits to boards; that does not come back at the next look."""
    one, kept = day(), KeptViews(HALL)
    kept.states(one.hall).clear()
    assert kept.states(one.hall) == views(one.hall, HALL)
