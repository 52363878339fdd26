"""Parts that need repair: said once, said again after an outage, said when they work."""

from contracts.messages import HealthReported
from contracts.values import BootId, Condition, NodeName, RequestId
from firmware.runtime.steps import RequestIds, Say
from firmware.runtime.troubles import Trouble, Troubles

IDS = RequestIds(NodeName("N"), BootId("b"))
LOST = Trouble("reader", "lost", "unplugged")


def said(seq: int, condition: Condition, code: str, detail: str = "") -> Say:
    """A report of the reader."""
    return Say(
        HealthReported(request_id=RequestId(f"N/b/{seq}"), part="reader", condition=condition, code=code, detail=detail)
    )


def test_a_break_is_said_once_and_its_end_once() -> None:
    """The second break of a broken part and the second repair of a working one say nothing."""
    troubles, ids, effects = Troubles().broken(LOST, IDS)
    assert effects == (said(0, Condition.FAULT, "lost", "unplugged"),)
    assert troubles.broken(LOST, ids) == (troubles, ids, ())
    well, ids, effects = troubles.repaired("reader", ids)
    assert effects == (said(1, Condition.OK, "ok"),)
    assert well.repaired("reader", ids) == (well, ids, ())


def test_after_an_outage_the_same_is_said_again() -> None:
    """With the same words, so that the service, which knows it, stores nothing new."""
    troubles, ids, _ = Troubles().broken(LOST, IDS)
    assert troubles.again(ids)[2] == (said(1, Condition.FAULT, "lost", "unplugged"),)
    assert Troubles().again(ids) == (Troubles(), ids, ())


def test_what_was_repaired_without_a_link_is_said_when_it_is_back() -> None:
    """Otherwise the service would take the part for broken for ever. Once; not if it broke again."""
    troubles, ids, _ = Troubles().broken(LOST, IDS)
    troubles, ids, _ = troubles.repaired("reader", ids)
    well, ids, effects = troubles.again(ids)
    assert effects == (said(2, Condition.OK, "ok"),)
    assert well.again(ids) == (well, ids, ())
    broken, ids, _ = troubles.broken(LOST, ids)
    assert broken.again(ids)[2] == (said(4, Condition.FAULT, "lost", "unplugged"),)
