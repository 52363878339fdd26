"""What time brings: a pair of whom one has not logged in, and every working morning the cases that are still open."""

from broker.rules import facts as f
from broker.rules.facts import ProxyCaseOnFile, Suspicion
from broker.rules.hall import Hall
from broker.rules.proxy.cases import suspected, task_for
from broker.rules.proxy.noticing import login_due, without_login
from contracts.values import HallTime, TaskKind


def due(hall: Hall) -> HallTime | None:
    """When a pair is to be looked at, or the inspectors to be asked again."""
    if not hall.today.works:
        return None
    times = [login_due(hall, pair) for pair, _, _ in without_login(hall)]
    if _unasked(hall):
        times.append(hall.today.morning)
    return min(times, default=None)


def time_reached(hall: Hall, now: HallTime) -> list[f.Fact]:
    """One pair at a time, or the tasks of all open cases."""
    if not hall.today.works:
        return []
    for pair, absent, other in without_login(hall):
        if login_due(hall, pair) <= now:
            punches = pair.first, pair.second
            return suspected(hall, Suspicion.NO_LOGIN, (absent, other), (hall.today.date, pair.half), punches)
    if now < hall.today.morning:
        return []
    return [task_for(hall, one, nth) for nth, one in enumerate(_unasked(hall))]


def _unasked(hall: Hall) -> list[ProxyCaseOnFile]:
    asked = {task.values["no"] for kind in (TaskKind.PROXY_CHECK, TaskKind.PROXY_SIGN) for task in hall.tasks.of(kind)}
    return [one for one in hall.proxy.cases.values() if one.case not in asked]
