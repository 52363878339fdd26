"""What is remembered of punches and logins, what the facts of cases change, and what outlives the night."""

from datetime import date, timedelta
from typing import assert_never

from msgspec.structs import replace

from broker.rules import facts as f
from broker.rules.corrections.within import attendance_day, earliest
from broker.rules.facts import ProxyOnFile, Suspicion
from broker.rules.hall import Hall
from broker.rules.proxy.cases import on_file as as_opened
from broker.rules.proxy.cases import opened_key
from broker.rules.proxy.noticing import WITHIN_DAYS, days_of_pair, is_pin, week_key
from broker.rules.proxy.state import Proxy, pair_key
from contracts.values import HallTime, StaffNo

MOST_CASES = 200
"""That are carried over a night; if more are open, the oldest lapse and stay suspicions."""
_PINS_KEPT = timedelta(days=14)


def watch(hall: Hall, fact: f.Fact, at: HallTime) -> None:
    """Punches and logins, which belong to other areas."""
    match fact:
        case f.PunchStored(staff=staff) if staff is not None:
            _punched(hall, fact, staff)
        case f.StaffLoggedIn(staff=staff):
            hall.proxy.sat.setdefault(staff, []).append((at, None))
        case f.StaffLoggedOut(staff=staff) if staff in hall.proxy.sat:
            hall.proxy.sat[staff][-1] = hall.proxy.sat[staff][-1][0], at
        case _:
            pass


def _punched(hall: Hall, fact: f.PunchStored, staff: StaffNo) -> None:
    day = attendance_day(hall.in_force.config, fact.at)
    if hall.day is not None and is_pin(hall, fact):
        key = week_key(staff, day)
        hall.proxy.pins[key] = hall.proxy.pins.get(key, 0) + 1
    hall.proxy.punches.append(fact)


def day_began(hall: Hall, fact: f.DayBegan) -> None:
    """Nothing of the day before, but what stands in the fact."""
    kept = fact.proxy
    hall.proxy = Proxy(pairs=dict(kept.pairs), pins=dict(kept.pins), cases={one.case: one for one in kept.cases})


def on_file(hall: Hall, today: date) -> ProxyOnFile:
    """What ``DayBegan`` carries into this day: nothing a suspicion cannot come of any more."""
    since = (today - timedelta(days=WITHIN_DAYS)).isoformat()
    pairs = {key: days for key, known in hall.proxy.pairs.items() if (days := tuple(one for one in known if one > since))}
    weeks = {week_key(StaffNo(""), today - timedelta(days=n)).strip() for n in range(_PINS_KEPT.days)}
    first = earliest(hall, today).isoformat()
    return ProxyOnFile(
        cases=tuple(one for one in hall.proxy.cases.values() if one.day >= first)[-MOST_CASES:],
        pairs=dict(sorted(pairs.items())),
        pins={key: n for key, n in sorted(hall.proxy.pins.items()) if key.rpartition(" ")[2] in weeks},
    )


def apply(hall: Hall, fact: f.ProxyFact, _at: HallTime) -> None:
    """One fact of proxy clocking."""
    known = hall.proxy
    match fact:
        case f.PunchPairNoted(staff=staff, day=day):
            known.noted.append(fact)
            key = pair_key(*staff)
            known.pairs[key] = days_of_pair(known.pairs.get(key, ()), day)
        case f.ProxySuspected(case=case):
            known.count += 1
            known.cases[case] = as_opened(fact)
            known.opened.add(opened_key(fact))
            if fact.why is Suspicion.RECURS and fact.proxy is not None:
                known.pairs.pop(pair_key(fact.principal, fact.proxy), None)
        case f.ProxySigned(case=case):
            known.cases[case] = replace(
                known.cases[case],
                principal=fact.principal,
                proxy=fact.proxy,
                halves=fact.halves,
                inspector=fact.actor,
            )
        case f.ProxyConfirmed(case=case) | f.ProxyDismissed(case=case):
            known.cases.pop(case, None)
            known.decided.add(case)
        case _:
            assert_never(fact)
