"""What signs, pads and clerks see of posts: who acts for whom, where visitors of an empty counter go (AB-4.6, COND-8)."""

from dataclasses import dataclass

from broker.rules.hall import Desk, Hall
from broker.rules.posts.serving import is_acting, owner, post_of
from broker.rules.posts.vacancy import name
from broker.rules.service_day.serves import groups_at
from contracts import messages as m
from contracts.values import CounterId, StaffNo, TaskKind


def elsewhere(hall: Hall, empty: CounterId) -> CounterId | None:
    """Where visitors of an empty counter go: to who covers it; else where its groups are served, if possible of its kind."""
    cover = hall.posts.cover_of(empty)
    if cover is not None and cover.empty == empty:
        return cover.at
    counters = hall.in_force.counters
    groups = set(groups_at(hall, empty))
    working = [one for one in counters.values() if hall.desks[one.id].works and groups <= set(groups_at(hall, one.id))]
    return next((one.id for one in sorted(working, key=lambda one: one.kind != counters[empty].kind)), None)


def covers(hall: Hall, desk: Desk) -> CounterId | None:
    """The other counter whose visitors are called here as well."""
    cover = hall.posts.cover_of(desk.counter)
    if cover is None:
        return None
    if cover.staff not in desk.sitting:
        return None
    return cover.empty if cover.at == desk.counter else cover.at


def a_name(hall: Hall, desk: Desk) -> str | None:
    """The main person, while the B acts here (COND-8)."""
    post = post_of(hall, desk.counter)
    return name(hall, post.a) if post is not None and is_acting(hall, desk) else None


@dataclass(frozen=True, slots=True)
class Server:
    """Who serves at a desk, their name, and the main person they do it for."""

    staff: StaffNo | None = None
    name: str | None = None
    a_name: str | None = None


def server_at(hall: Hall, desk: Desk) -> Server:
    """Who has the visitor, or had the one who may still rate it; with nobody at the desk who sits there first (COND-8)."""
    ticket = None if desk.ticket is None else hall.tickets[desk.ticket]
    by = hall.posts.serving.get(desk.counter)
    rateable = None if desk.rateable is None else hall.sessions.get(desk.rateable)
    if ticket is not None and by is not None:
        staff = by.staff
        main = by.post_owner if desk.session is not None else owner(hall, desk, staff, ticket.pair)
    elif rateable is not None:
        staff, main = rateable.staff, rateable.post_owner
    elif desk.staff is not None:
        staff, main = desk.staff, owner(hall, desk, desk.staff)
    else:
        return Server()
    return Server(staff, name(hall, staff), None if main is None else name(hall, main))


def desk_notes(hall: Hall, desk: Desk) -> tuple[m.DeskNote, ...]:
    """What the clerk should know: the main person waits; a counter they are the B of stands empty."""
    waits = [m.DeskNote(key="con.ab.wait")] if desk.counter in hall.posts.awaits else []
    about = [one for one in hall.tasks.open.values() if one.kind in (TaskKind.ACT, TaskKind.VACANCY)]
    notes: list[m.DeskNote] = []
    for task in about:
        post = None if task.counter is None else post_of(hall, task.counter)
        if post is None:
            continue
        if task.kind is TaskKind.ACT and (post.b in desk.sitting or task.counter == desk.counter):
            notes.append(m.DeskNote(key="con.ab.prompt", values={"a": name(hall, post.a)}))
        if task.kind is TaskKind.VACANCY and post.b in desk.sitting:
            notes.append(m.DeskNote(key="con.vacant", values={"w": task.values["w"], "m": task.values["m"]}))
    return (*waits, *notes)
