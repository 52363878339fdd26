"""Reading all that attendance is made of out of the database, once, for any question about any day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from broker.archive import Archive
from broker.rules import facts as f
from broker.rules.hours import day_of, midnight
from broker.rules.plan import plan_from
from broker.rules.workdays import Day, day_plan
from broker.schema import HallConfig, Staff
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
from contracts.values import HallTime, LeaveNo, PunchId, StaffNo

_KINDS = tuple(
    one.__name__
    for one in (
        f.ConfigurationAdopted,
        f.PunchStored,
        f.AbsenceEntered,
        f.AbsenceEnded,
        f.PunchEntered,
        f.PunchEntryVoided,
        f.PunchTimeSet,
        f.RegularisationDecided,
        f.HalfReclassified,
        f.LeaveSubmitted,
        f.LeaveApproved,
        f.LeaveWithdrawn,
        f.LeaveRejected,
        f.LeaveReturned,
        f.ProxyConfirmed,
    )
)

_TAKES_ALL = frozenset({"withdrawn", "replaced"})


class NothingStoredError(LookupError):
    """The database holds no configuration yet, so nobody works here."""


@dataclass(frozen=True, slots=True)
class InForce:
    """What a day was judged by: the configuration, the hours, the people."""

    config: HallConfig
    plan: Day
    staff: dict[StaffNo, Staff]


@dataclass(slots=True)
class History:
    """Everything. ``unknown`` are the punches of cards nobody knows, ``now`` the hall clock of the reading."""

    now: HallTime
    configs: list[tuple[HallTime, HallConfig]] = field(default_factory=list)
    files: dict[StaffNo, PersonalFile] = field(default_factory=dict)
    unknown: list[HallTime] = field(default_factory=list)
    _days: dict[date, InForce] = field(default_factory=dict)
    _staff: dict[int, dict[StaffNo, Staff]] = field(default_factory=dict)

    @property
    def begins(self) -> date:
        """The day on which the hall got its first configuration."""
        return day_of(self.configs[0][0])

    def of(self, staff: StaffNo) -> PersonalFile:
        """The file of a person; an empty one of somebody nothing is known of."""
        return self.files.get(staff, PersonalFile())

    def in_force(self, day: date) -> InForce:
        """The configuration in force when this day ended, or as far as the hall has come; before the first, the first."""
        known = self._days.get(day)
        if known is None:
            ended = midnight(day + timedelta(days=1))
            place = max(sum(at < ended for at, _ in self.configs) - 1, 0)
            config = self.configs[place][1]
            staff = self._staff.setdefault(place, {one.id: one for one in config.staff})
            known = self._days[day] = InForce(config, day_plan(config, day), staff)
        return known


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
        self._take: dict[type[f.Fact], Callable[[f.Recorded, Any], None]] = {
            f.ConfigurationAdopted: self._adopted,
            f.PunchStored: self._stored,
            f.PunchEntered: self._entered,
            f.PunchEntryVoided: self._entry_voided,
            f.PunchTimeSet: self._time_set,
            f.RegularisationDecided: self._regularised,
            f.AbsenceEntered: self._away,
            f.AbsenceEnded: self._back,
            f.HalfReclassified: self._reclassified,
            f.LeaveSubmitted: self._asked,
            f.LeaveApproved: self._settled,
            f.LeaveWithdrawn: self._settled,
            f.LeaveRejected: self._rejected,
            f.LeaveReturned: self._returned,
            f.ProxyConfirmed: self._confirmed,
        }

    def take(self, one: f.Recorded) -> None:
        """File one fact; those of other areas are passed over."""
        take = self._take.get(type(one.fact))
        if take is not None:
            take(one, one.fact)

    def _file(self, staff: StaffNo) -> PersonalFile:
        return self._history.files.setdefault(staff, PersonalFile())

    def _present(self, punch: Presented) -> None:
        self._punches[punch.id] = punch
        self._file(punch.staff).punches.append(punch)

    def _adopted(self, one: f.Recorded, fact: f.ConfigurationAdopted) -> None:
        self._history.configs.append((one.at, _config(fact.content, fact.hash)))

    def _stored(self, one: f.Recorded, fact: f.PunchStored) -> None:
        if fact.staff is None:
            self._history.unknown.append(fact.at)
            return
        id_ = PunchId(fact.request_id)
        learned = Learned(one.at, one.number)
        self._present(Presented(id_, fact.staff, Source.CLOCK, fact.at, fact.intent, learned, fact.clock, fact.unverified))

    def _entered(self, one: f.Recorded, fact: f.PunchEntered) -> None:
        learned = Learned(one.at, one.number)
        made = Presented(fact.punch, fact.staff, Source.MANUAL, fact.at, fact.intent, learned, fact.cause, actor=fact.actor)
        self._present(made)

    def _entry_voided(self, one: f.Recorded, fact: f.PunchEntryVoided) -> None:
        self._void(fact.punch, Void(Learned(one.at, one.number), fact.actor, fact.cause))

    def _void(self, punch: PunchId, void: Void) -> None:
        known = self._punches.get(punch)
        if known is not None:
            known.voids.append(void)

    def _time_set(self, one: f.Recorded, fact: f.PunchTimeSet) -> None:
        known = self._punches.get(fact.punch)
        if known is not None:
            known.retimed.append(Retimed(Learned(one.at, one.number), fact.actor, fact.at))

    def _regularised(self, one: f.Recorded, fact: f.RegularisationDecided) -> None:
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

    def _away(self, one: f.Recorded, fact: f.AbsenceEntered) -> None:
        learned = Learned(one.at, one.number, fact.absence.ref)
        self._file(fact.absence.staff).given.append(Given(fact.absence, learned, fact.actor))

    def _back(self, one: f.Recorded, fact: f.AbsenceEnded) -> None:
        """What is entered once more after it was withdrawn counts: the end belongs to the entries before it."""
        over = Over(
            learned=Learned(one.at, one.number, fact.absence.ref),
            at=one.at if fact.until is None else fact.until,
            takes_all=fact.why in _TAKES_ALL,
        )
        for each in self._file(fact.absence.staff).given:
            if each.absence == fact.absence and not any(before.takes_all for before in each.overs):
                each.overs.append(over)

    def _reclassified(self, one: f.Recorded, fact: f.HalfReclassified) -> None:
        decided = self._file(fact.staff).decided.setdefault(date.fromisoformat(fact.day), [])
        decided.append(Decided(Learned(one.at, one.number, fact.document), fact))

    def _asked(self, one: f.Recorded, fact: f.LeaveSubmitted) -> None:
        asked = Asked(fact.begins, fact.ends, Learned(one.at, one.number, fact.leave))
        self._leave[fact.leave] = fact.staff, asked
        self._file(fact.staff).asked.append(asked)

    def _settled(self, one: f.Recorded, fact: f.LeaveApproved | f.LeaveWithdrawn) -> None:
        _, asked = self._leave[fact.leave]
        if asked.settled is None:
            asked.settled = Learned(one.at, one.number, fact.leave)

    def _rejected(self, one: f.Recorded, fact: f.LeaveRejected) -> None:
        _, asked = self._leave[fact.leave]
        asked.rejected = Learned(one.at, one.number, fact.leave)

    def _returned(self, one: f.Recorded, fact: f.LeaveReturned) -> None:
        """A punch speaks for itself, and may be voided; a login or a command is told by nothing else."""
        if fact.by != "punch":
            staff, _ = self._leave[fact.leave]
            self._file(staff).reported.append(Reported(Learned(one.at, one.number, fact.leave), fact.returned_at))

    def _confirmed(self, one: f.Recorded, fact: f.ProxyConfirmed) -> None:
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


@lru_cache(maxsize=8)
def _config(content: str, hash_: str) -> HallConfig:
    """A hall.toml is read once, however many sheets and ledgers are made of it."""
    return plan_from(content, hash_).config
