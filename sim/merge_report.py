"""What an outage costs those who took a number meanwhile: the same people in a hall with it and in one without, compared.

Both halls have the same seed, so the same citizens come to the same machines at the same time. When the service is back and
has heard of every paper, those who still wait are put into the order in which the rule of the house would call them, once as
they stand there, once as they would stand had there been no outage. A place lost is somebody called before who would have
come after.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from broker.rules.hall import Hall as RulesHall
from broker.rules.hall import Ticket, TicketState
from broker.rules.pick import Queue, Rank, Waiting, compare
from contracts.values import CounterId, GroupId, HallTime, Ms, NodeName, TicketId, TicketNo
from sim.actors import Teller
from sim.hall import Hall
from sim.halls import config_text
from sim.manners import Manners
from sim.people import People
from sim.senses import number_on

Person = tuple[NodeName, int]
"""The n-th citizen at a machine: the same one in both halls, because nobody overtakes before a machine."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who comes: so many citizens from ``first`` on within ``over`` ms, clerks for these counters."""

    citizens: int
    first: str
    over: Ms
    clerks: Mapping[str, str]
    manners: Manners = field(default_factory=Manners)


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody who waits when the service is back: the number, and the one given in the hall without an outage.

    ``lost`` is how many places are lost against that hall, at the counter where it is most.
    """

    number: TicketNo
    without: TicketNo
    is_offline: bool
    lost: int


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What came of an outage. ``places`` are those still waiting; without it ``called_meanwhile`` of them were called."""

    papers: int
    offline: int
    places: tuple[Place, ...]
    called_meanwhile: int

    @property
    def lost(self) -> int:
        """The most places anybody lost."""
        return max((place.lost for place in self.places), default=0)


@dataclass(frozen=True, slots=True)
class Outage:
    """The service is away from ``down`` to ``up``, or only the network of these ``machines``.

    ``heard`` ms later everything the machines kept has arrived.
    """

    down: str
    up: str
    machines: tuple[NodeName, ...] = ()
    heard: Ms = 60_000


def merge_report(name: str, seed: int, crowd: Crowd, outage: Outage) -> MergeReport:
    """Play two halls of this name until the service is back, one of them with the outage."""
    with _hall(name, seed) as whole, _hall(name, seed) as hit:
        people = [_enter(hall, crowd, seed) for hall in (whole, hit)]
        hit.run_until(outage.down)
        _break(hit, outage)
        hit.run_until(outage.up)
        _mend(hit, outage)
        for hall in (whole, hit):
            hall.run_until(outage.up)
            hall.run_for(outage.heard)
        del people
        return _compare(whole, hit)


def _break(hall: Hall, outage: Outage) -> None:
    if not outage.machines:
        hall.service.kill()
    for machine in outage.machines:
        hall.server.cut(f"node-{hall.id}-{machine}")


def _mend(hall: Hall, outage: Outage) -> None:
    if not outage.machines:
        hall.service.start()
    for machine in outage.machines:
        hall.server.mend(f"node-{hall.id}-{machine}")


def _hall(name: str, seed: int) -> Hall:
    hall = Hall(config_text(name), seed=seed, start="2026-03-10T08:45:00")
    hall.open()
    for device in hall.config.devices:
        if device.kind in ("rating_pad", "attendance_clock"):
            hall.nodes[device.id].kill()  # no part in this, and hours of their lamps and polls take long
    return hall


def _enter(hall: Hall, crowd: Crowd, seed: int) -> People:
    hall.run_until(crowd.first)
    people = People(hall.furnished, Teller(hall.scheduler), seed, crowd.manners)
    people.begin()
    people.staff({CounterId(counter): hall.card_of(staff) for counter, staff in crowd.clerks.items()})
    groups = [group.id for group in hall.config.queue_groups]
    people.citizens(crowd.citizens, over=crowd.over, shares={GroupId(group): 1.0 for group in groups})
    people.is_over = True
    return people


def _compare(whole: Hall, hit: Hall) -> MergeReport:
    ours, theirs = _tickets(hit), _tickets(whole)
    waiting = [person for person, ticket in ours.items() if ticket.id in _rules(hit).queue]
    now = HallTime(hit.scheduler.clock.wall_ms())
    lost = dict.fromkeys(waiting, 0)
    for counter in hit.config.counters:
        mine = _order(_rules(hit), counter.id, {person: ours[person] for person in waiting}, now)
        right = _order(_rules(hit), counter.id, {person: theirs[person] for person in waiting}, now)
        for place, person in enumerate(mine):
            lost[person] = max(lost[person], place - right.index(person))
    return MergeReport(
        papers=len(ours),
        offline=sum("-" in ticket.no for ticket in ours.values()),
        places=tuple(Place(ours[one].no, theirs[one].no, "-" in ours[one].no, lost[one]) for one in waiting),
        called_meanwhile=sum(theirs[person].state is not TicketState.WAITING for person in waiting),
    )


def _rules(hall: Hall) -> RulesHall:
    assert hall.service.service is not None, "it is back"
    return hall.service.service.hall


def _tickets(hall: Hall) -> dict[Person, Ticket]:
    """Everybody's ticket, by the paper in their hand."""
    tickets = {ticket.no: ticket for ticket in _rules(hall).tickets.values()}
    found: dict[Person, Ticket] = {}
    for machine in hall.furnished.machines.values():
        numbers = [number_on(paper) for paper in machine.printer.papers if "补打" not in paper.text]
        found |= {(machine.node, n): tickets[no] for n, no in enumerate(numbers) if no is not None}
    return found


def _order(rules: RulesHall, counter: CounterId, tickets: Mapping[Person, Ticket], now: HallTime) -> Sequence[Person]:
    """In which order this counter would call these, if it called them all now."""
    plan, queue = rules.in_force, Queue()
    persons = {TicketId(ticket.id): person for person, ticket in tickets.items()}
    for ticket in tickets.values():
        rank = Rank.MORNING if ticket.issued_at < rules.today.noon else Rank.PLAIN
        queue.join(Waiting(ticket.id, ticket.pair, ticket.claims, ticket.since, ticket.sequence, rank))
    order = []
    carried_first = now >= rules.today.afternoon
    while compared := compare(
        queue, plan.pairs(counter, None), plan.weights[counter], rules.queue_clock(now), carried_first=carried_first
    ):
        queue.leave(compared[0].ticket)
        order.append(persons[compared[0].ticket])
    return order
