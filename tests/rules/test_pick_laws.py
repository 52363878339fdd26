"""Laws of the pick that hold for every queue (1.0.4)."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.rules.facts import Claim, Tier
from broker.rules.hours import MINUTE
from broker.rules.pick import Pair, Queue, Rank, Waiting, Weights, compare, judge, pick, points, weights
from broker.schema import Classes, ClassWeight, Reserve
from contracts.values import GroupId, HallTime, ServiceId, TicketId, VisitorClass

PAIRS = [Pair(GroupId(g), s) for g in "AB" for s in (None, ServiceId("S1"), ServiceId("S2"))]
MINUTES = st.integers(0, 90)
EXTRA = [VisitorClass.CARE, VisitorClass.GREEN, VisitorClass.URGENT]


@st.composite
def waiting(draw: st.DrawFn, sequence: int) -> Waiting:
    """Any ticket: its minutes are few, so that ties are common."""
    since = HallTime(draw(MINUTES) * MINUTE)
    claims = [Claim(visitor_class=VisitorClass.NORMAL, since=since)]
    extra = draw(st.sampled_from([None, *EXTRA]))
    if extra is not None:
        claims.append(Claim(visitor_class=extra, since=since))
    if draw(st.booleans()):
        agreed = HallTime(max(since, draw(MINUTES) * MINUTE))
        claims.append(Claim(visitor_class=VisitorClass.APPOINTMENT_DUE, since=agreed))
    rank = Rank.URGENT if extra is VisitorClass.URGENT else draw(st.sampled_from([Rank.PLAIN, Rank.MORNING]))
    return Waiting(TicketId(f"t{sequence}"), draw(st.sampled_from(PAIRS)), tuple(claims), since, sequence, rank)


@st.composite
def crowds(draw: st.DrawFn) -> list[Waiting]:
    """Up to forty tickets with different sequences."""
    count = draw(st.integers(0, 40))
    order = draw(st.permutations(range(count)))
    return [draw(waiting(n)) for n in order]


percent = st.integers(1, 300)
policies = st.builds(
    lambda heads, speeds: Classes(
        **{one.value: ClassWeight(head_start_min=h, speed=s) for one, h, s in zip(VisitorClass, heads, speeds, strict=True)}
    ),
    st.lists(st.integers(0, 90), min_size=5, max_size=5),
    st.lists(percent, min_size=5, max_size=5),
)
reserves = st.builds(Reserve, normal=percent, appointment_due=percent, care=percent, green=percent, urgent=percent)
tables = st.builds(weights, policies, reserves)
DEFAULT = weights(Classes(), Reserve())


def queue_of(crowd: Iterable[Waiting]) -> Queue:
    """These tickets, waiting."""
    queue = Queue()
    for one in crowd:
        queue.join(one)
    return queue


def full_scan(crowd: list[Waiting], pairs: list[Pair], by: Weights, q: HallTime, *, carried_first: bool) -> Waiting | None:
    """1.0.4 read literally: the maximum over all callable tickets."""
    tiers = list(Tier)

    def rank(one: Waiting) -> tuple[int, int, int, int]:
        seen = judge(one, by, q, carried_first=carried_first)
        return -tiers.index(seen.tier), seen.score, -one.since, -one.sequence

    return max((one for one in crowd if one.pair in pairs), key=rank, default=None)


@settings(max_examples=200)
@given(crowds(), st.lists(st.sampled_from(PAIRS), unique=True), tables, MINUTES, st.booleans())
def test_looking_at_heads_only_picks_what_a_full_scan_picks(
    crowd: list[Waiting], pairs: list[Pair], by: Weights, minute: int, afternoon: bool
) -> None:
    """Call after call until nobody is left, the heads give the same ticket as all tickets together."""
    q, queue, left = HallTime(minute * MINUTE), queue_of(crowd), list(crowd)
    for _ in range(len(crowd) + 1):
        expected = full_scan(left, pairs, by, q, carried_first=afternoon)
        found = pick(queue, pairs, by, q, carried_first=afternoon)
        assert (found and found.ticket) == (expected and expected.ticket)
        if expected is None:
            return
        queue.leave(expected.ticket)
        left.remove(expected)
        q = HallTime(q + MINUTE)


@given(crowds(), st.randoms(use_true_random=False), MINUTES)
def test_the_order_of_joining_does_not_matter(crowd: list[Waiting], random: st.DataObject, minute: int) -> None:
    """A ticket merged late (an offline kiosk's) stands where it would have stood: insertion is order-free."""
    shuffled = list(crowd)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' randoms() are random.Random
    q = HallTime(minute * MINUTE)
    one, other = queue_of(crowd), queue_of(shuffled)
    for _ in crowd:
        first, second = (
            pick(one, PAIRS, DEFAULT, q, carried_first=False),
            pick(other, PAIRS, DEFAULT, q, carried_first=False),
        )
        assert first == second
        assert first is not None
        one.leave(first.ticket)
        other.leave(first.ticket)


@given(crowds(), st.data())
def test_whoever_left_and_came_back_stands_in_the_new_place_only(crowd: list[Waiting], data: st.DataObject) -> None:
    """Transfer, reactivation: what remains of the old place in a heap is never called by, and nothing is left at the end."""
    queue, left = queue_of(crowd), list(crowd)
    back = data.draw(st.lists(st.sampled_from(crowd), unique=True)) if crowd else []
    for one in back:
        later = HallTime(one.since + data.draw(MINUTES) * MINUTE)
        claims = tuple(Claim(visitor_class=each.visitor_class, since=later) for each in one.claims)
        moved = replace(one, since=later, claims=claims)
        queue.leave(one.ticket)
        queue.join(moved)
        left[left.index(one)] = moved
    q = HallTime(200 * MINUTE)
    for _ in crowd:
        expected, found = (
            full_scan(left, PAIRS, DEFAULT, q, carried_first=True),
            pick(queue, PAIRS, DEFAULT, q, carried_first=True),
        )
        assert expected is not None
        assert found is not None
        assert found.ticket == expected.ticket
        queue.leave(found.ticket)
        left.remove(expected)
    assert (len(queue), queue.count(PAIRS), list(queue.heads(PAIRS, q))) == (0, 0, [])


@given(tables, st.sampled_from(list(VisitorClass)), MINUTES, MINUTES, MINUTES)
def test_points_never_rise_with_a_later_since(by: Weights, one: VisitorClass, first: int, second: int, minute: int) -> None:
    """Whoever came later never has more points by the same claim; that is why a head is enough."""
    early, late = sorted((HallTime(first * MINUTE), HallTime(second * MINUTE)))
    q = HallTime(minute * MINUTE)
    assert points(by[one], early, q) >= points(by[one], late, q)


@given(st.lists(st.tuples(MINUTES, st.sampled_from(VisitorClass)), min_size=1, max_size=30), tables, MINUTES)
def test_inside_a_class_who_came_first_is_called_first(
    lines: list[tuple[int, VisitorClass]], by: Weights, start: int
) -> None:
    """I4: tickets of one class and tier are called in the order of (since, sequence), whatever the policy."""
    crowd = [plain(n, minute, one) for n, (minute, one) in enumerate(lines)]
    queue, q, called = queue_of(crowd), HallTime((90 + start) * MINUTE), []
    while (found := pick(queue, PAIRS, by, q, carried_first=False)) is not None:
        queue.leave(found.ticket)
        called.append(next(one for one in crowd if one.ticket == found.ticket))
        q = HallTime(q + MINUTE)
    for one in VisitorClass:
        of_class = [(each.since, each.sequence) for each in called if each.claims[-1].visitor_class is one]
        assert of_class == sorted(of_class)


def plain(sequence: int, minute: int, visitor_class: VisitorClass) -> Waiting:
    """A ticket with the normal claim and one of this class, all since its issue."""
    since = HallTime(minute * MINUTE)
    kinds = dict.fromkeys((VisitorClass.NORMAL, visitor_class))
    claims = tuple(Claim(visitor_class=kind, since=since) for kind in kinds)
    rank = Rank.URGENT if visitor_class is VisitorClass.URGENT else Rank.PLAIN
    return Waiting(TicketId(f"t{sequence}"), PAIRS[0], claims, since, sequence, rank)


def single(sequence: int, since: int, visitor_class: VisitorClass) -> Waiting:
    """A ticket with one claim only, for the bound between two classes."""
    claims = (Claim(visitor_class=visitor_class, since=HallTime(since)),)
    return Waiting(TicketId(f"t{sequence}"), PAIRS[0], claims, HallTime(since), sequence, Rank.PLAIN)


CLASSES = [one for one in VisitorClass if one is not VisitorClass.URGENT]
MS = st.integers(0, 3 * 60 * MINUTE)


@settings(max_examples=300)
@given(policies, st.sampled_from(CLASSES), st.sampled_from(CLASSES), MS, MS, MS)
def test_nobody_is_overtaken_beyond_the_bound(  # noqa: PLR0913, PLR0917 -- the bound has six quantities
    policy: Classes, p: VisitorClass, k: VisitorClass, a: int, gap: int, wait: int
) -> None:
    """A later class-k ticket called before a waiting class-p one satisfies s <= a + (1 - b_p/b_k) w + (h_k - h_p)/b_k."""
    s, q = a + gap + 1, a + gap + 1 + wait
    by = weights(policy, Reserve())
    queue = queue_of([single(1, a, p), single(2, s, k)])
    first = pick(queue, PAIRS, by, HallTime(q), carried_first=False)
    assert first is not None
    if first.ticket != "t2":
        return
    head_p, b_p, _ = by[p]
    head_k, b_k, _ = by[k]
    w = q - a
    assert (s - a) * b_k <= (b_k - b_p) * w + (head_k - head_p)


@given(st.lists(MINUTES, min_size=1, max_size=20), MINUTES)
def test_equal_speeds_without_head_start_give_first_come_first_served(minutes: list[int], extra: int) -> None:
    """1.0.4: with nothing to tell the classes apart, the order is that of arrival."""
    same = ClassWeight(head_start_min=0, speed=100)
    by = weights(Classes(urgent=same, appointment_due=same, care=same, green=same, normal=same), Reserve())
    kinds = [VisitorClass.NORMAL, VisitorClass.CARE, VisitorClass.GREEN]
    crowd = [plain(n, minute, kinds[n % 3]) for n, minute in enumerate(minutes)]
    ordered = compare_all(crowd, by, HallTime((90 + extra) * MINUTE))
    assert ordered == [one.ticket for one in sorted(crowd, key=lambda each: (each.since, each.sequence))]


def test_a_day_of_head_start_gives_strict_order() -> None:
    """1.0.4: whoever has 24 h ahead is called first, however long the others have waited."""
    classes = Classes(care=ClassWeight(head_start_min=1440, speed=100))
    crowd = [plain(1, 0, VisitorClass.NORMAL), plain(2, 89, VisitorClass.CARE)]
    assert compare_all(crowd, weights(classes, Reserve()), HallTime(90 * MINUTE)) == ["t2", "t1"]


def compare_all(crowd: list[Waiting], by: Weights, q: HallTime) -> list[TicketId]:
    """The order in which everybody would be called at one instant."""
    queue, order = queue_of(crowd), []
    while (found := pick(queue, PAIRS, by, q, carried_first=False)) is not None:
        order.append(found.ticket)
        queue.leave(found.ticket)
    return order


def test_points_are_integers_of_any_size() -> None:
    """A century of waiting is counted to the millisecond: nothing is rounded."""
    century = 100 * 365 * 24 * 60 * MINUTE
    by = weights(Classes(), Reserve(normal=20))
    compared = compare(queue_of([plain(1, 0, VisitorClass.NORMAL)]), PAIRS, by, HallTime(century + 1), carried_first=False)
    assert compared[0].score == 20 * 100 * (century + 1)


def test_the_number_of_comparisons_does_not_grow_with_the_queue() -> None:
    """O(groups x services x classes): ten thousand waiting are compared by their heads alone."""
    kinds = [one for one in VisitorClass if one is not VisitorClass.APPOINTMENT_DUE]
    crowd = [plain(n, n % 90, kinds[n % 4]) for n in range(10_000)]
    compared = compare(queue_of(crowd), PAIRS, DEFAULT, HallTime(100 * MINUTE), carried_first=False)
    assert len(compared) <= 2 * len(VisitorClass)
