"""Filing the facts of attendance, each in the file of the person it belongs to."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from broker.archive import Archive
from broker.rules import facts as f
from broker.rules.plan import plan_from
from broker.schema import HallConfig
from broker.timesheet.filed import (
    Asked,
    Decided,
    Forged,
    Given,
    Learned,
    Over,
    PersonalFile,
    Presented,
    Reported,
    Retimed,
    Role,
    Source,
    Void,
)
from broker.timesheet.history import History, NothingStoredError
from contracts.values import HallTime, LeaveNo, PunchId, StaffNo

_TAKES_ALL = frozenset({"withdrawn", "replaced"})


def read(archive: Archive) -> History:
    """All of attendance in this database. Raises :class:`NothingStoredError`."""
    return history_of(archive.of_kinds(_KINDS), archive.hall_clock)


def history_of(recorded: Iterable[f.Recorded], now: HallTime) -> History:
    """The same of facts in their order, however they were come by."""
    history = History(now)
    filing = _Filing(history)
    for one in recorded:
        filing.take(one)
    filing.finish()
    if not history.configs:
        raise NothingStoredError("the database holds no configuration yet; start the service once")
    for file in history.files.values():
        file.index()
    return history


class _Filing:
    """Puts each fact into the file it belongs to."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._punches: dict[PunchId, Presented] = {}
        self._cases: list[tuple[Learned, f.ProxyConfirmed]] = []
        self._leave: dict[LeaveNo, tuple[StaffNo, Asked]] = {}

    def take(self, one: f.Recorded) -> None:
        """File one fact; those of other areas are passed over."""
        take = _TAKE.get(type(one.fact))
        if take is not None:
            take(self, one, one.fact)

    def _file(self, staff: StaffNo) -> PersonalFile:
        return self._history.files.setdefault(staff, PersonalFile())

    def _present(self, punch: Presented) -> None:
        self._punches[punch.id] = punch
        self._file(punch.staff).punches.append(punch)

    def adopted(self, one: f.Recorded, fact: f.ConfigurationAdopted) -> None:
        self._history.configs.append((one.at, _config(fact.content, fact.hash)))

    def stored(self, one: f.Recorded, fact: f.PunchStored) -> None:
        if fact.staff is None:
            self._history.unknown.append(fact.at)
            return
        id_ = PunchId(fact.request_id)
        learned = Learned(one.at, one.number)
        self._present(Presented(id_, fact.staff, Source.CLOCK, fact.at, fact.intent, learned, fact.clock, fact.unverified))

    def entered(self, one: f.Recorded, fact: f.PunchEntered) -> None:
        learned = Learned(one.at, one.number)
        made = Presented(fact.punch, fact.staff, Source.MANUAL, fact.at, fact.intent, learned, fact.cause, actor=fact.actor)
        self._present(made)

    def entry_voided(self, one: f.Recorded, fact: f.PunchEntryVoided) -> None:
        self._void(fact.punch, Void(Learned(one.at, one.number), fact.actor, fact.cause))

    def _void(self, punch: PunchId, void: Void) -> None:
        known = self._punches.get(punch)
        if known is not None:
            known.voids.append(void)

    def time_set(self, one: f.Recorded, fact: f.PunchTimeSet) -> None:
        known = self._punches.get(fact.punch)
        if known is not None:
            known.retimed.append(Retimed(Learned(one.at, one.number), fact.actor, fact.at))

    def regularised(self, one: f.Recorded, fact: f.RegularisationDecided) -> None:
        if not fact.approved:
            return
        self._present(
            Presented(
                id=PunchId(fact.no),
                staff=fact.staff,
                source=Source.REGULARISED,
                stored=fact.at,
                intent=fact.intent,
                learned=Learned(one.at, one.number, fact.no),
                place=fact.no,
                actor=fact.actor,
            )
        )

    def away(self, one: f.Recorded, fact: f.AbsenceEntered) -> None:
        learned = Learned(one.at, one.number, fact.absence.ref)
        self._file(fact.absence.staff).given.append(Given(fact.absence, learned, fact.actor))

    def back(self, one: f.Recorded, fact: f.AbsenceEnded) -> None:
        """What is entered once more after it was withdrawn counts: the end belongs to the entries before it."""
        over = Over(
            learned=Learned(one.at, one.number, fact.absence.ref),
            at=one.at if fact.until is None else fact.until,
            takes_all=fact.why in _TAKES_ALL,
        )
        for each in self._file(fact.absence.staff).given:
            if each.absence == fact.absence and not any(before.takes_all for before in each.overs):
                each.overs.append(over)

    def reclassified(self, one: f.Recorded, fact: f.HalfReclassified) -> None:
        decided = self._file(fact.staff).decided.setdefault(date.fromisoformat(fact.day), [])
        decided.append(Decided(Learned(one.at, one.number, fact.document), fact))

    def asked(self, one: f.Recorded, fact: f.LeaveSubmitted) -> None:
        asked = Asked(fact.begins, fact.ends, Learned(one.at, one.number, fact.leave))
        self._leave[fact.leave] = fact.staff, asked
        self._file(fact.staff).asked.append(asked)

    def settled(self, one: f.Recorded, fact: f.LeaveApproved | f.LeaveWithdrawn) -> None:
        _, asked = self._leave[fact.leave]
        if asked.settled is None:
            asked.settled = Learned(one.at, one.number, fact.leave)

    def rejected(self, one: f.Recorded, fact: f.LeaveRejected) -> None:
        _, asked = self._leave[fact.leave]
        asked.rejected = Learned(one.at, one.number, fact.leave)

    def returned(self, one: f.Recorded, fact: f.LeaveReturned) -> None:
        """A punch speaks for itself, and may be voided; a login or a command is told by nothing else."""
        if fact.by != "punch":
            staff, _ = self._leave[fact.leave]
            self._file(staff).reported.append(Reported(Learned(one.at, one.number, fact.leave), fact.returned_at))

    def confirmed(self, one: f.Recorded, fact: f.ProxyConfirmed) -> None:
        """The halves of both, though one was there, and the punches (D4)."""
        learned, day = Learned(one.at, one.number, fact.case), date.fromisoformat(fact.day)
        for staff, role in ((fact.principal, Role.PRINCIPAL), (fact.proxy, Role.PROXY)):
            if staff is not None:
                self._file(staff).forged.setdefault(day, []).append(Forged(learned, frozenset(fact.halves), role))
        self._cases.append((learned, fact))

    def finish(self) -> None:
        """Void the punches of confirmed cases, also one that a clock has told of only later."""
        for learned, fact in self._cases:
            for punch in fact.punches:
                known = self._punches.get(punch)
                if known is not None and known.staff in (fact.principal, fact.proxy):
                    known.voids.append(Void(learned, fact.actor, fact.case))


_TAKE: dict[type[f.Fact], Callable[[_Filing, f.Recorded, Any], None]] = {
    f.ConfigurationAdopted: _Filing.adopted,
    f.PunchStored: _Filing.stored,
    f.PunchEntered: _Filing.entered,
    f.PunchEntryVoided: _Filing.entry_voided,
    f.PunchTimeSet: _Filing.time_set,
    f.RegularisationDecided: _Filing.regularised,
    f.AbsenceEntered: _Filing.away,
    f.AbsenceEnded: _Filing.back,
    f.HalfReclassified: _Filing.reclassified,
    f.LeaveSubmitted: _Filing.asked,
    f.LeaveApproved: _Filing.settled,
    f.LeaveWithdrawn: _Filing.settled,
    f.LeaveRejected: _Filing.rejected,
    f.LeaveReturned: _Filing.returned,
    f.ProxyConfirmed: _Filing.confirmed,
}
_KINDS = tuple(one.__name__ for one in _TAKE)


@lru_cache(maxsize=8)
def _config(content: str, hash_: str) -> HallConfig:
    """A hall.toml is read once, however many sheets and ledgers are made of it."""
    return plan_from(content, hash_).config
