"""The configuration as the rules use it: looked up by id, by card, by node."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

import msgspec

from broker.rules.pick import Pair, Weights, weights
from broker.schema import Counter, Device, DeviceKind, GreenProject, HallConfig, Post, QueueGroup, Service, Staff
from contracts.values import CounterId, GroupId, NodeName, ServiceId, StaffNo


@dataclass(frozen=True, slots=True)
class Plan:
    """One adopted configuration, its hash, and the tables made of it."""

    config: HallConfig
    hash: str
    groups: dict[GroupId, QueueGroup] = field(repr=False, compare=False)
    services: dict[ServiceId, Service] = field(repr=False, compare=False)
    services_of: dict[GroupId, tuple[ServiceId, ...]] = field(repr=False, compare=False)
    counters: dict[CounterId, Counter] = field(repr=False, compare=False)
    weights: dict[CounterId, Weights] = field(repr=False, compare=False)
    staff: dict[StaffNo, Staff] = field(repr=False, compare=False)
    cards: dict[str, Staff] = field(repr=False, compare=False)
    devices: dict[NodeName, Device] = field(repr=False, compare=False)
    projects: dict[str, GreenProject] = field(repr=False, compare=False)
    average_min: dict[GroupId, float] = field(repr=False, compare=False)
    """The median of the catalogue's minutes of each group: the plain formula of EXT-3.1 and EXT-3.4 counts with it."""
    able: dict[StaffNo, frozenset[GroupId]] = field(repr=False, compare=False)
    """The groups in which each person can do a service."""
    posts: dict[CounterId, Post] = field(repr=False, compare=False)
    known_pairs: dict[tuple[tuple[GroupId, ...], StaffNo | None], tuple[Pair, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """What :meth:`pairs_in` has found so far; a plan never changes."""

    def pairs(self, counter: CounterId, staff: StaffNo | None) -> tuple[Pair, ...]:
        """What this person may be called to serve at this counter; without a person, all the counter serves.

        A ticket may carry only its group: whoever can do one service of the group may call it (1.0.4).
        """
        return self.pairs_in(self.counters[counter].groups, staff)

    def pairs_in(self, groups: Iterable[GroupId], staff: StaffNo | None) -> tuple[Pair, ...]:
        """Likewise of these groups, whatever the counter has in the configuration. Asked for everywhere, so remembered."""
        key = tuple(groups), staff
        known = self.known_pairs.get(key)
        if known is None:
            known = self.known_pairs[key] = self._pairs_in(*key)
        return known

    def _pairs_in(self, groups: tuple[GroupId, ...], staff: StaffNo | None) -> tuple[Pair, ...]:
        found: list[Pair] = []
        for group in groups:
            able = [one for one in self.services_of[group] if staff is None or self.is_skilled(staff, one)]
            found += [Pair(group, one) for one in able]
            if able:
                found.append(Pair(group, None))
        return tuple(found)

    def is_skilled(self, staff: StaffNo, service: ServiceId) -> bool:
        """Whether this person may handle this service."""
        person = self.staff.get(staff)
        return person is not None and service in person.skills

    def of_kind(self, kind: DeviceKind) -> list[Device]:
        """The declared devices of a kind, in the order of the file."""
        return [one for one in self.devices.values() if one.kind == kind]


def plan_of(config: HallConfig, digest: str) -> Plan:
    """The tables of a configuration."""
    groups = {one.id: one for one in config.queue_groups}
    classes = config.params.queue.classes
    group_of = {one.id: one.group for one in config.services}
    return Plan(
        config=config,
        hash=digest,
        groups=groups,
        services={one.id: one for one in config.services},
        services_of={group: tuple(one.id for one in config.services if one.group == group) for group in groups},
        counters={one.id: one for one in config.counters},
        weights={one.id: weights(classes, one.reserve) for one in config.counters},
        staff={one.id: one for one in config.staff},
        cards={one.card: one for one in config.staff if one.card is not None},
        devices={one.id: one for one in config.devices},
        projects={one.code: one for one in config.green_projects},
        average_min={group: _median([one.avg_min for one in config.services if one.group == group]) for group in groups},
        able={one.id: frozenset(group_of[skill] for skill in one.skills if skill in group_of) for one in config.staff},
        posts={one.counter: one for one in config.posts},
    )


def _median(minutes: list[int]) -> float:
    return median(minutes) if minutes else 0.0


def plan_from(content: str, digest: str) -> Plan:
    """The plan of a configuration that was checked before it was adopted. Raises ``ValueError`` if it never was."""
    return plan_of(msgspec.convert(tomllib.loads(content), HallConfig), digest)
