"""The waiting time on a ticket: who it counts on, what it never does, and what is learned (targets 1.4, decision 25)."""

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.rules import facts as f
from broker.rules.decide_time import time_reached
from broker.rules.estimate.counters import Hours, Open
from broker.rules.estimate.order import Replay, order, overtaking
from broker.rules.estimate.paths import Stream, seed_of, waits
from broker.rules.estimate.state import ONE, Learning, Sums, next_morning
from broker.rules.estimate.times import CELLS, Time, turn, units
from broker.rules.estimate.views import of_group, of_waiting
from broker.rules.facts import Claim
from broker.rules.hours import MINUTE, SECOND
from broker.rules.pick import Pair, Queue, Rank, Waiting, judge, pick, weights
from broker.schema import Classes, Reserve
from contracts import messages as m
from contracts.values import CounterId, GroupId, HallTime, TicketId, VisitorClass
from sim.rules_day import RulesDay, hall_text

A = GroupId("A")
PAIR = Pair(A, None)
BY = weights(Classes(), Reserve())
NOW = HallTime(1_773_104_400_000)
ALL_DAY = Hours(HallTime(0), HallTime(2**60), HallTime(2**60))


@pytest.fixture
def day() -> RulesDay:
    """A small hall at nine, nobody at work yet."""
    return RulesDay(hall_text("demo-small"), "09:00")


def told(day: RulesDay, group: str = "A") -> tuple[int | None, int | None]:
    """What the paper of a ticket taken now says."""
    answer = day.do("TM-01", m.TicketRequested, group=group, care=False, service=None).answers[0][1]
    assert isinstance(answer, m.TicketIssued)
    return answer.wait_low, answer.wait_high


# --- On paper -------------------------------------------------------------------------------------------------------------


def test_nobody_there_no_promise(day: RulesDay) -> None:
    """While nobody who can serve a group is logged in, its tickets tell no wait; the other group's do."""
    day.login("W03", "S103")
    assert told(day, "A") == (None, None)
    assert told(day, "B") != (None, None)


def test_paused_counter_alone_is_no_promise(day: RulesDay) -> None:
    """Nobody knows when a paused counter comes back: if no other serves the group, its tickets tell nothing."""
    day.login("W02", "S102")
    assert told(day) != (None, None)
    day.do("TRM-W02", m.PauseRequested, reason="")
    assert told(day) == (None, None)


def line_of_two_counters(day: RulesDay, visitors: int) -> None:
    """W01 and W02 serve A and have begun with somebody; so many wait."""
    for counter, staff in (("W01", "S101"), ("W02", "S102")):
        day.login(counter, staff)
        day.take()
        day.call(counter)
        day.start(counter)
    for _ in range(visitors):
        day.take()


def upper(day: RulesDay) -> int:
    """The upper end an ordinary visitor of A would be told now."""
    wait = of_group(day.hall, A, day.now)
    assert wait is not None
    return wait.high_min


def test_a_short_pause_does_not_halve_the_hall(day: RulesDay) -> None:
    """One of two counters stops for a moment: it is thought to be back soon, not gone for the day; the longer, the later."""
    line_of_two_counters(day, 12)
    day.finish("W02")
    before = upper(day)
    day.pause("W02")
    day.at("09:02")
    assert before < upper(day) < 1.4 * before
    day.at("10:30")
    assert upper(day) > 1.3 * before, "who has been away for an hour and a half is not back in a minute"


def test_who_pauses_for_lunch_is_there_in_the_afternoon(day: RulesDay) -> None:
    """At noon a paused counter is one that calls from half past one on, like every other."""
    day.at("11:50")
    line_of_two_counters(day, 12)
    day.finish("W01")
    day.finish("W02")
    day.at("12:10")
    before = upper(day)
    day.pause("W02")
    assert upper(day) == before


def test_who_leaves_a_counter_is_expected_until_it_is_reported(day: RulesDay) -> None:
    """An empty counter counts like a paused one until it counts as vacant (HALL-11.1, ten minutes); then as none."""
    line_of_two_counters(day, 12)
    day.finish("W02")
    day.login("W02", "S102")  # and out again
    day.at("09:09")
    soon = upper(day)
    day.at("09:11")
    assert upper(day) > 1.3 * soon


def test_people_with_care_are_expected_where_a_counter_is_kept_for_them() -> None:
    """W02 serves A and B, W01 A only: if W01 is kept for care, people of A with care still to come hold up nobody of B."""
    reserve = "reserve = { normal = 20, appointment_due = 20 }"
    text = hall_text("demo-small").replace('groups = ["A"], post', 'groups = ["A", "B"], post')
    text = text.replace('kind = "special", groups = ["A", "B"]', 'kind = "special", groups = ["A"]')
    assert reserve in text
    uppers = []
    for one in (text, text.replace(reserve, "reserve = {}")):
        day = RulesDay(one, "09:00")
        day.at("09:15")
        day.login("W01", "S101")
        day.login("W02", "S103")
        for _ in range(4):
            day.take("A", care=True)
            day.take("B")
        wait = of_group(day.hall, GroupId("B"), day.now)
        assert wait is not None
        uppers.append(wait.high_min)
    kept, shared = uppers
    assert kept < 0.9 * shared, uppers


def test_free_counter_means_at_once(day: RulesDay) -> None:
    """Somebody is there and nobody waits: less than a minute."""
    day.login("W02", "S102")
    assert told(day) == (0, 1)


def test_range_is_a_range_and_grows_with_the_line(day: RulesDay) -> None:
    """The high end is above the low end, and behind three more people both are later; each ticket has luck of its own."""
    day.login("W02", "S102")
    day.take()
    day.call("W02")
    day.start("W02")
    ranges = []
    for _ in range(12):
        low, most = told(day)
        assert low is not None
        assert most is not None
        assert low < most
        ranges.append((low, most))
    for shorter, longer in zip(ranges, ranges[3:], strict=False):
        assert shorter[0] < longer[0]
        assert shorter[1] <= longer[1]
    assert ranges[-1][0] > 60, "eleven tickets of about a quarter of an hour at one counter"


def test_before_opening_the_posts_are_counted_on() -> None:
    """From a quarter of an hour before opening: the main persons of the posts, and nobody calls before opening."""
    day = RulesDay(hall_text("demo-small"), "08:50")
    low, high = told(day)
    assert (low, high) == (10, 11), "opening is in ten minutes, and a counter is free for the first"


def test_who_is_on_leave_from_nine_is_not_counted_on_before() -> None:
    """The only person of the posts of A goes on leave when the hall opens: nothing is told before either."""
    day = RulesDay(hall_text("demo-small"), "08:50")
    for staff in ("S101", "S102"):
        day.away(staff, "09:00", "12:00", kind="annual")
    assert told(day) == (None, None)


def test_noon_break_counts(day: RulesDay) -> None:
    """A wait that runs into noon goes on after it: an hour and a half more."""
    day.login("W02", "S102")
    day.at("11:58")
    day.take()
    day.call("W02")
    day.start("W02")
    low, high = told(day)
    assert low is not None
    assert high is not None
    assert low >= 90
    assert high <= 125


def test_emergency_tells_nothing(day: RulesDay) -> None:
    """HALL-8.2: while everybody leaves the hall no wait is told."""
    day.login("W02", "S102")
    ticket = day.take()
    day.record(f.EmergencyBegan(actor=day.hall.in_force.config.staff[1].id))
    assert of_waiting(day.hall, ticket, day.now) is None


def test_reprint_tells_what_is_left(day: RulesDay) -> None:
    """补打: the copy tells the wait from now on, which is less for who has waited."""
    day.at("09:15")
    day.login("W02", "S102")
    for _ in range(6):
        last = day.take()
    first = of_waiting(day.hall, last, day.now)
    for clock in ("09:30", "09:45", "10:00"):
        day.at(clock)
        day.call_and_serve("W02")
    later = of_waiting(day.hall, last, day.now)
    assert first is not None
    assert later is not None
    assert later.median_ms < first.median_ms


def test_ended_ticket_waits_no_more(day: RulesDay) -> None:
    """Who is called has no wait ahead."""
    day.login("W02", "S102")
    ticket = day.take()
    day.call("W02")
    assert of_waiting(day.hall, ticket, day.now) is None


# --- Laws -----------------------------------------------------------------------------------------------------------------


def visitor(number: int, minutes: int = 0, kind: VisitorClass | None = None) -> Waiting:
    """Somebody who has waited so long."""
    since = HallTime(NOW - minutes * MINUTE)
    kinds = (VisitorClass.NORMAL,) if kind is None else (VisitorClass.NORMAL, kind)
    claims = tuple(Claim(visitor_class=one, since=since) for one in kinds)
    rank = Rank.URGENT if kind is VisitorClass.URGENT else Rank.PLAIN
    return Waiting(TicketId(f"t{number}"), PAIR, claims, since, number, rank)


def replay(counters: int, busy: tuple[float, ...] = (0.0,), spread: int = 7) -> Replay:
    """So many counters, ten minutes a ticket."""
    return Replay(
        now=NOW,
        frozen=0,
        hours=ALL_DAY,
        counters=[Open(CounterId(f"W{n:02d}"), (PAIR,), BY, busy) for n in range(counters)],
        turn=lambda _: Time(10 * MINUTE, units(spread)),
        pause_ms=0.0,
        calls=120,
    )


KINDS = st.sampled_from([None, None, None, VisitorClass.CARE, VisitorClass.GREEN, VisitorClass.URGENT])
CROWD = st.lists(st.tuples(st.integers(0, 60), KINDS), max_size=25)


def line_of(crowd: list[tuple[int, VisitorClass | None]]) -> list[Waiting]:
    """The oldest first, as numbers are given."""
    ordered = sorted(crowd, key=lambda one: -one[0])
    return [visitor(number, minutes, kind) for number, (minutes, kind) in enumerate(ordered)]


@given(ahead=st.integers(0, 30), counters=st.integers(1, 6), luck=st.integers(0, CELLS - 1))
def test_one_more_ahead_never_shortens_the_wait(ahead: int, counters: int, luck: int) -> None:
    """In one replay, all of one class: a longer line is called later or at the same time, never earlier."""
    line = [visitor(number, 40 - number) for number in range(ahead + 1)]
    mine = visitor(100)
    shorter = order(replay(counters), line[1:], mine, luck).called_at
    longer = order(replay(counters), line, mine, luck).called_at
    assert shorter is not None
    assert longer is not None
    assert longer >= shorter


@given(crowd=CROWD, counters=st.integers(1, 4), kind=KINDS, luck=st.integers(0, CELLS - 1))
def test_replay_calls_what_pick_calls(
    crowd: list[tuple[int, VisitorClass | None]], counters: int, kind: VisitorClass | None, luck: int
) -> None:
    """1.0.4: with everybody served in no time, the order is the one in which ``pick`` empties the queue now."""
    line, mine = line_of(crowd), visitor(100, 0, kind)
    at_once = replace(replay(counters), turn=lambda _: Time(1e-9, units(0)))
    found = order(at_once, line, mine, luck)
    queue, before = Queue(), 0
    for one in (*line, mine):
        queue.join(one)
    while (best := pick(queue, (PAIR,), BY, NOW, carried_first=False)) is not None and best.ticket != mine.ticket:
        queue.leave(best.ticket)
        before += 1
    assert sum(one.until >= NOW for one in found.ahead) >= before
    assert found.called_at == pytest.approx(NOW)


@given(crowd=CROWD, kind=KINDS, minutes=st.integers(0, 90))
def test_overtaking_is_what_the_points_say(
    crowd: list[tuple[int, VisitorClass | None]], kind: VisitorClass | None, minutes: int
) -> None:
    """From the instant that was worked out on, a ticket of the same tier has the better place, and not before."""
    mine, at = visitor(100, 0, kind), HallTime(NOW + minutes * MINUTE)
    since_when = overtaking(replay(1), mine)
    for other in line_of(crowd):
        if other.rank is not mine.rank:
            continue
        ours, theirs = (judge(one, BY, at, carried_first=False).score for one in (mine, other))
        if at > since_when(other) + 1:
            assert ours >= theirs
        elif at < since_when(other) - 1:
            assert ours <= theirs


@settings(max_examples=40)
@given(crowd=CROWD, counters=st.integers(1, 4), hours=st.integers(1, 8), to_come=st.floats(0, 60))
def test_no_path_looks_beyond_the_horizon(
    crowd: list[tuple[int, VisitorClass | None]], counters: int, hours: int, to_come: float
) -> None:
    """However many wait or come, a path ends at the horizon, and the same ticket always sees the same paths."""
    mine, horizon = visitor(100), hours * 60 * MINUTE
    here = replay(counters, (0.0, 5.0 * MINUTE))
    streams = [Stream(PAIR, VisitorClass.CARE, to_come / (60 * MINUTE))] if to_come > 1 else []
    found = waits(here, order(here, line_of(crowd), mine), mine, streams, (8, horizon))
    assert found == sorted(found)
    assert all(0 <= one <= horizon for one in found)
    assert found == waits(here, order(here, line_of(crowd), mine), mine, streams, (8, horizon))


def test_long_line_is_cut_but_counted() -> None:
    """Behind more people than are replayed the wait still counts all of them."""
    line = [visitor(number, 400 - number) for number in range(300)]
    found = order(replay(3), line, visitor(999))
    assert (len(found.ahead), found.called_at) == (300, None)


def test_faster_classes_to_come_make_an_ordinary_wait_longer() -> None:
    """Who is not here yet but will be called first is counted (targets 1.4)."""
    line, mine = [visitor(number, 20 - number) for number in range(10)], visitor(100)
    here = replay(2)
    alone = waits(here, order(here, line, mine), mine, [], (40, 600 * MINUTE))
    stream = [Stream(PAIR, VisitorClass.CARE, 4 / (60 * MINUTE))]
    shared = waits(here, order(here, line, mine), mine, stream, (40, 600 * MINUTE))
    assert shared[20] > alone[20]
    same = [Stream(PAIR, VisitorClass.NORMAL, 4 / (60 * MINUTE))]
    assert waits(here, order(here, line, mine), mine, same, (40, 600 * MINUTE)) == alone, (
        "nobody of the same class overtakes"
    )


def test_asking_changes_nothing(day: RulesDay) -> None:
    """The estimate reads: the hall is the same after it, and says the same again."""
    day.login("W02", "S102")
    day.login("W01", "S101")
    for care in (False, True, False):
        day.take(care=care)
    day.call("W01")
    before = deepcopy(day.hall)
    first = of_group(day.hall, A, day.now)
    assert first is not None
    assert of_group(day.hall, A, day.now) == first
    assert day.hall == before


def test_luck_belongs_to_the_ticket() -> None:
    """The seed is made of the ticket's id, not of anything that differs between processes."""
    assert seed_of("2026-03-10/A001") == 10_016_719_792_135_038_950
    assert seed_of("2026-03-10/A001") != seed_of("2026-03-10/A002")


# --- Learning -------------------------------------------------------------------------------------------------------------


@given(st.sampled_from([1, 3, 7, 15, 20, 40]))
def test_tables_have_the_mean_and_spread_asked_for(twentieths: int) -> None:
    """Units are equally likely values of mean 1 and the variance asked for, to 2 %."""
    table = units(twentieths)
    assert len(table) == CELLS
    assert list(table) == sorted(table)
    assert sum(table) / CELLS == pytest.approx(1)
    assert sum(one * one for one in table) / CELLS - 1 == pytest.approx(twentieths / 20, rel=0.02)


@given(elapsed=st.floats(0, 100))
def test_what_is_left_is_never_negative(elapsed: float) -> None:
    """However long a service has taken already, it may go on."""
    left = Time(10 * MINUTE, units(7)).left(elapsed * MINUTE)
    assert min(left) >= 0
    assert max(left) > 0


@settings(max_examples=30)
@given(minutes=st.integers(1, 60))
def test_learned_times_converge(minutes: int) -> None:
    """After many tickets of the same length the mean is theirs, whatever hall.toml says; the spread shrinks with it."""
    day = RulesDay(hall_text("demo-small"), "09:00")
    sums = day.hall.learning.turns.setdefault(Pair(A, None), Sums())
    for _ in range(1000):
        sums.learn(minutes * MINUTE, 150)
    learned = turn(day.hall, Pair(A, None))
    prior = 4 / 154
    assert learned.mean == pytest.approx((1 - prior) * minutes * MINUTE + prior * 16 * MINUTE, rel=0.01)
    assert max(learned.units) < 1.6


def test_what_was_seldom_seen_is_doubted(day: RulesDay) -> None:
    """The mean of a service is doubted less with every ticket it was learned of, and its doubt widens the range."""
    fresh = turn(day.hall, PAIR)
    sums = day.hall.learning.turns.setdefault(PAIR, Sums())
    for number in range(60):
        sums.learn((10 + 12 * (number % 2)) * MINUTE, 150)
    learned = turn(day.hall, PAIR)
    assert learned.doubt < fresh.doubt / 3
    line, mine = [visitor(number, 40 - number) for number in range(12)], visitor(100)
    sure = replay(2)
    unsure = replace(sure, turn=lambda _: Time(10 * MINUTE, units(7), 0.3))
    narrow, wide = (waits(one, order(one, line, mine), mine, [], (40, 600 * MINUTE)) for one in (sure, unsure))
    assert wide[32] - wide[8] > narrow[32] - narrow[8]


def test_fresh_hall_goes_by_its_configuration(day: RulesDay) -> None:
    """Before anything was learned: avg_min of the service; of a ticket without one, the average of its group."""
    assert turn(day.hall, Pair(A, day.hall.in_force.config.services[0].id)).mean == 20 * MINUTE
    assert turn(day.hall, PAIR).mean == 16 * MINUTE


def test_visits_teach_and_the_night_keeps(day: RulesDay) -> None:
    """A turn is from the call to the end at the counter; the next day begins with what this one has learned."""
    day.login("W02", "S102")
    for _ in range(2):
        day.take(service="SV01")
    day.call("W02")
    day.start("W02")
    day.at("09:07")
    day.finish("W02")
    day.advance(HallTime(day.now + 30 * SECOND))
    day.call("W02")
    pair = Pair(A, day.hall.in_force.config.services[0].id)
    for key in (pair, PAIR):
        assert day.hall.learning.turns[key] == Sums(ONE, ONE * 4200, ONE * 4200**2)
    assert day.hall.learning.pauses == Sums(ONE, ONE * 300, ONE * 300**2), "half a minute until the next was called"
    began = next(one for one in time_reached(day.hall, day.hall.today.over).facts if isinstance(one, f.DayBegan))
    assert next_morning(began.learned).turns == day.hall.learning.turns
    day.advance(day.hall.today.over)
    assert day.hall.learning.turns[pair].weight == ONE
    assert day.hall.learning.came == {}


def test_missed_ticket_teaches_too(day: RulesDay) -> None:
    """D9: what a no-show costs a counter is part of what a called ticket costs."""
    day.login("W02", "S102")
    day.take(service="SV02")
    day.call("W02")
    for _ in range(2):
        day.advance(HallTime(day.now + 5 * SECOND))
        day.do("TRM-W02", m.RecallRequested, call=day.call_id("W02"))
    day.advance(HallTime(day.now + 10 * SECOND))
    day.do("TRM-W02", m.NoShowRequested, call=day.call_id("W02"))
    assert day.hall.learning.turns[PAIR].tenths == ONE * 200


def test_learning_is_the_fold_of_the_facts(day: RulesDay) -> None:
    """What was learned stands in no table of its own: the facts alone give it again."""
    day.login("W02", "S102")
    day.take()
    day.call_and_serve("W02")
    assert day.folded().learning == day.hall.learning
    assert day.hall.learning != Learning()


# --- A configuration that takes things away -------------------------------------------------------------------------------


def test_counter_that_is_no_more_still_ends_its_visit(day: RulesDay) -> None:
    """A counter taken out of hall.toml with a visitor at it: nothing breaks, and nobody counts on the counter."""
    day.login("W02", "S102")
    day.take()
    last = day.take()
    day.call("W02")
    day.start("W02")
    day.adopt("\n".join(line for line in hall_text("demo-small").splitlines() if '"W02"' not in line))
    assert of_waiting(day.hall, last, day.now) is None
    session = day.hall.desks[CounterId("W02")].session
    day.ask("TRM-W02", m.FinishRequested, session=session)
    assert of_waiting(day.hall, last, day.now) is None


def test_service_that_is_no_more_still_takes_its_time(day: RulesDay) -> None:
    """A ticket of a service that hall.toml has lost keeps its counter for as long as was learned, or ten minutes."""
    assert turn(day.hall, Pair(GroupId("Z"), None)).mean == 10 * MINUTE


@pytest.mark.parametrize(("paths", "replays"), [(8, 16), (8, 1), (41, 3), (1000, 16)])
def test_any_accepted_effort_works(paths: int, replays: int) -> None:
    """However few paths and however many replays hall.toml asks for, a range comes out."""
    text = hall_text("demo-small") + f"\n[params.estimate]\npaths = {paths}\nreplays = {replays}\n"
    day = RulesDay(text, "09:00")
    day.login("W02", "S102")
    for _ in range(3):
        day.take()
    wait = of_group(day.hall, A, day.now)
    assert wait is not None
    assert 0 < wait.low_ms <= wait.median_ms <= wait.high_ms
