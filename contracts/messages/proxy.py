"""Proxy clocking (代考勤): the machine suspects, a person decides, two persons confirm (ATT-8.3.2)."""

from contracts.messages.base import Perishable
from contracts.values import HalfOfDay, ProxyCaseNo, ProxyEvidence, PunchId, StaffNo


class ProxyReportRequested(Perishable, frozen=True, kw_only=True):
    """An inspector opens a case the machine has not seen. Without ``proxy`` the principal has made the record alone.

    ``day`` is ``2026-03-10``; ``punches`` are those that were faked, as ``attendance show`` names them.
    """

    actor: StaffNo
    principal: StaffNo
    day: str
    halves: tuple[HalfOfDay, ...]
    proxy: StaffNo | None = None
    punches: tuple[PunchId, ...] = ()


class ProxySignRequested(Perishable, frozen=True, kw_only=True):
    """The inspector has seen the evidence and signs that it was so; it takes a second signature to count.

    ``principal`` of the two is who was not there, if the case has it the other way round; ``alone``: nobody helped.
    ``halves`` are those whose record was faked, if not those of the case. ``record`` is the number under which the evidence
    is filed.
    """

    actor: StaffNo
    case: ProxyCaseNo
    evidence: tuple[ProxyEvidence, ...]
    record: str = ""
    principal: StaffNo | None = None
    alone: bool = False
    halves: tuple[HalfOfDay, ...] = ()


class ProxyCountersignRequested(Perishable, frozen=True, kw_only=True):
    """A duty leader or manager signs as the second person; only now it counts."""

    actor: StaffNo
    case: ProxyCaseNo


class ProxyDismissRequested(Perishable, frozen=True, kw_only=True):
    """It was not so; every result stays as it is."""

    actor: StaffNo
    case: ProxyCaseNo
