"""Nobody who took a number during an outage loses a place, measured against the same people without the outage."""

import os

import pytest

from broker.rules import decide_offline
from contracts.values import NodeName
from sim.merge_report import Crowd, Outage, merge_report

CLERKS = {"W01": "S101", "W02": "S102", "W03": "S103"}
MINUTE = 60_000
ONE_MACHINE = Outage("08:58", "09:08", machines=(NodeName("TM-02"),))
BUSY = Crowd(citizens=45, first="08:50", over=20 * MINUTE, clerks=CLERKS)


def test_an_outage_of_minutes_costs_no_place() -> None:
    """The service is away for ten minutes with people waiting, coming and being served."""
    report = merge_report("demo-small", 2, Crowd(40, "08:50", 30 * MINUTE, CLERKS), Outage("09:04", "09:14"))
    assert report.offline >= 10
    assert len(report.places) >= 15
    assert [place for place in report.places if place.lost] == []


def test_a_machine_cut_off_alone_costs_no_place() -> None:
    """One machine gives its own numbers, the other goes on with the service's: they are merged as they came."""
    report = merge_report("demo-hall", 2, BUSY, ONE_MACHINE)
    assert report.offline >= 5
    assert sum(place.is_offline for place in report.places) >= 3
    assert [place for place in report.places if place.lost] == []


def test_the_report_notices_a_service_that_counts_from_the_arrival(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted bug: since = when the service heard of it. Without this test the zeros above would prove nothing."""
    right = decide_offline._press
    monkeypatch.setattr(decide_offline, "_press", lambda *asked: right(*asked)._replace(at=asked[-1]))
    assert merge_report("demo-hall", 2, BUSY, ONE_MACHINE).lost > 0


@pytest.mark.slow
def test_an_outage_of_a_whole_day_costs_no_place() -> None:
    """The service dies before it has called anybody and is back at ten to twelve; in a campaign at half past four."""
    back, hours = ("16:30", 7) if os.environ.get("HALL_CAMPAIGN") == "1" else ("11:50", 2)
    crowd = Crowd(citizens=60, first="08:50", over=hours * 60 * MINUTE, clerks=CLERKS)
    report = merge_report("demo-small", 1, crowd, Outage("08:51", back))
    assert report.offline >= 55
    assert len(report.places) >= 40
    assert [place for place in report.places if place.lost] == []
