"""Proxy clocking: what the machine noticed, and what people decided about it (ATT-8.3.2)."""

from enum import StrEnum

from msgspec import Struct, field

from broker.rules.facts.base import Fact
from contracts.values import HalfOfDay, HallTime, Ms, NodeName, ProxyCaseNo, ProxyEvidence, PunchId, StaffNo


class Suspicion(StrEnum):
    """Why a case was opened. None of them proves anything."""

    NO_LOGIN = "no_login"
    """Two cards at once, and one of the two had not logged in at a counter a quarter of an hour after the beginning."""
    RECURS = "recurs"
    """The same two cards at once on three days in thirty."""
    ON_LEAVE = "on_leave"
    """A punch in the middle of a leave or an outing."""
    SERVING = "serving"
    """A punch at a clock while the same person was serving at a counter."""
    PIN = "pin"
    """Three punches by PIN, without a card, in one week."""
    REPORTED = "reported"
    """An inspector has opened it."""


class PunchPairNoted(Fact, frozen=True, kw_only=True):
    """Two cards within ``proxy_gap_s`` at one clock: noted, nothing more. ``first`` was presented first."""

    clock: NodeName
    day: str
    half: HalfOfDay
    first: PunchId
    second: PunchId
    staff: tuple[StaffNo, StaffNo]
    at: HallTime
    gap: Ms


class ProxySuspected(Fact, frozen=True, kw_only=True):
    """A case is opened for a person to look at; nobody's results change. Without ``proxy`` it is about one person alone.

    ``days`` are the days on which the same two had been noted, of a case that ``recurs``.
    """

    case: ProxyCaseNo
    why: Suspicion
    principal: StaffNo
    proxy: StaffNo | None
    day: str
    halves: tuple[HalfOfDay, ...]
    punches: tuple[PunchId, ...]
    days: tuple[str, ...] = ()
    actor: StaffNo | None = None


class ProxySigned(Fact, frozen=True, kw_only=True):
    """The inspector says that it was so; signed again, the last counts. It takes a second signature."""

    case: ProxyCaseNo
    actor: StaffNo
    principal: StaffNo
    proxy: StaffNo | None
    halves: tuple[HalfOfDay, ...]
    evidence: tuple[ProxyEvidence, ...]
    record: str = ""


class ProxyConfirmed(Fact, frozen=True, kw_only=True):
    """The second signature: the punches are void, and both persons are absent for these halves (D4).

    ``actor`` has countersigned what ``inspector`` signed.
    """

    case: ProxyCaseNo
    actor: StaffNo
    inspector: StaffNo
    principal: StaffNo
    proxy: StaffNo | None
    day: str
    halves: tuple[HalfOfDay, ...]
    punches: tuple[PunchId, ...]


class ProxyDismissed(Fact, frozen=True, kw_only=True):
    """It was not so; every result is as it was."""

    case: ProxyCaseNo
    actor: StaffNo


class ProxyCaseOnFile(Struct, frozen=True, kw_only=True):
    """A case nobody has decided yet. ``inspector`` has signed it, if anybody has."""

    case: ProxyCaseNo
    why: Suspicion
    principal: StaffNo
    proxy: StaffNo | None
    day: str
    halves: tuple[HalfOfDay, ...]
    punches: tuple[PunchId, ...]
    inspector: StaffNo | None = None

    @property
    def concerned(self) -> tuple[StaffNo, ...]:
        """Who must not decide it."""
        return (self.principal,) if self.proxy is None else (self.principal, self.proxy)


class ProxyOnFile(Struct, frozen=True, kw_only=True):
    """What of proxy clocking outlives a night: open cases, the days of each noted pair, the PIN punches of each week.

    ``pairs``: ``S105 S113`` and the days of the last thirty. ``pins``: ``S105 2026-W11`` and how many.
    """

    cases: tuple[ProxyCaseOnFile, ...] = ()
    pairs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pins: dict[str, int] = field(default_factory=dict)


ProxyFact = PunchPairNoted | ProxySuspected | ProxySigned | ProxyConfirmed | ProxyDismissed
"""Facts of proxy clocking."""
