"""What single keys of hall.toml cannot say: references, duplicates, and the rules that span sections. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from broker.schema import Counter, Department, Device, HallConfig, Post, QueueParams, Schedule, YearRange

_RUNGS = 3


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why this hall cannot open: where in the file, and what would be accepted."""

    section: str
    key: str
    what: str


def complaints(config: HallConfig) -> Iterator[Complaint]:
    """Everything wrong with the configuration as a whole, in the order of the file."""
    yield from _hall(config)
    yield from _schedules(config)
    yield from _calendar(config)
    yield from _departments(config)
    yield from _duplicates(config)
    yield from _references(config)
    yield from _services(config)
    yield from _served(config)
    yield from _posts(config)
    yield from _devices(config)
    yield from _projects(config)


def _hall(config: HallConfig) -> Iterator[Complaint]:
    if not config.hall.hotline.strip():
        yield Complaint("hall", "hotline", "empty, but tickets, slips and pads must show a public hotline (PROM-6)")
    appointment = config.params.appointment
    if appointment.slot_min % appointment.grid_min or 24 * 60 % appointment.slot_min:
        what = f"{appointment.grid_min} does not divide slot_min {appointment.slot_min}, or that not the day (APPT-1)"
        yield Complaint("params.appointment", "grid_min", what)
    if config.params.rating.min_prompt_s > config.params.rating.prompt_s:
        yield Complaint("params.rating", "min_prompt_s", "is above prompt_s, the whole time a pad asks (EVAL-6.1)")
    yield from _service_day(config.params.queue)


def _service_day(params: QueueParams) -> Iterator[Complaint]:
    rungs = params.escalate_min
    if len(rungs) != _RUNGS or list(rungs) != sorted(rungs):
        yield Complaint(
            "params.queue", "escalate_min", "must be three rising numbers: duty leader, window heads, manager (EXT-3.5)"
        )
    told = params.near_close_min
    if not told or list(told) != sorted(set(told), reverse=True):
        yield Complaint("params.queue", "near_close_min", "must be falling numbers of minutes such as [15, 10, 5] (EXT-3.1)")


def _schedules(config: HallConfig) -> Iterator[Complaint]:
    for index, schedule in enumerate(config.schedules):
        yield from _halves(f"schedules[{index}]", schedule)
    enabled = [one for one in config.schedules if one.enabled]
    leap_year = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]
    for day in leap_year:
        if not any(valid_on(one, day) for one in enabled):
            yield Complaint(
                "schedules", "valid", f"no enabled schedule covers {day:%m-%d}; opening hours must be known all year"
            )
            return


def valid_on(schedule: Schedule, day: date) -> bool:
    """Whether a schedule's range of the year holds this day; ranges may run over the turn of the year."""
    return within(schedule.valid, day)


def within(range_: YearRange, day: date) -> bool:
    """Whether a range of the year holds this day."""
    first, last, given = range_.first, range_.last, f"{day:%m-%d}"
    return first <= given <= last if first <= last else given >= first or given <= last


def _halves(section: str, schedule: Schedule) -> Iterator[Complaint]:
    if [half.id for half in schedule.halves] != ["AM", "PM"]:
        yield Complaint(section, "halves", "must be two, AM and then PM")
        return
    morning, afternoon = schedule.halves
    for half in schedule.halves:
        if half.start >= half.end:
            yield Complaint(section, "halves", f"{half.id} ends at {half.end}, which is not after its start {half.start}")
    if morning.end > afternoon.start:
        yield Complaint(
            section, "halves", f"AM ends at {morning.end}, after PM starts at {afternoon.start}: the halves overlap"
        )


def _calendar(config: HallConfig) -> Iterator[Complaint]:
    for index, holiday in enumerate(config.calendar.holidays):
        if holiday.first > holiday.last:
            yield Complaint(f"calendar.holidays[{index}]", "to", f"{holiday.last} lies before from = {holiday.first}")
    off = {day for one in config.calendar.holidays for day in _days(one.first, one.last)}
    for day in config.calendar.adjusted_workdays:
        if day in off:
            yield Complaint(
                "calendar", "adjusted_workdays", f"{day} is also inside a holiday; it can be only one of the two"
            )


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _departments(config: HallConfig) -> Iterator[Complaint]:
    """One chief representative each, of its own people, with a letter and a deputy that fit (CREP-1, CREP-3)."""
    of: dict[str, str] = {one.id: one.dept for one in config.staff}
    for index, one in enumerate(config.departments):
        yield from (Complaint(f"departments[{index}]", key, what) for key, what in _department(one, of))


def _department(one: Department, of: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, person in (("chief", one.chief), ("deputy", one.deputy)):
        if person is not None and of.get(person, one.id) != one.id:
            yield key, f"{person} belongs to {of[person]}; a department is spoken for by its own people (CREP-1)"
    if one.deputy is not None and one.deputy == one.chief:
        yield "deputy", f"{one.deputy} is the chief representative; nobody stands in for themselves (CREP-1)"
    for key, needed, term in (("letter", "chief", one.letter), ("deputy_term", "deputy", one.deputy_term)):
        if term is not None and getattr(one, needed) is None:
            yield key, f"there is no {needed} it could be of"
        if term is not None and term.first > term.last:
            yield key, f"to = {term.last} lies before from = {term.first}"


def _duplicates(config: HallConfig) -> Iterator[Complaint]:
    tables: list[tuple[str, str, list[object]]] = [
        ("schedules", "id", [one.id for one in config.schedules]),
        ("departments", "id", [one.id for one in config.departments]),
        ("queue_groups", "id", [one.id for one in config.queue_groups]),
        ("services", "id", [one.id for one in config.services]),
        ("counters", "id", [one.id for one in config.counters]),
        ("staff", "id", [one.id for one in config.staff]),
        ("staff", "card", [one.card for one in config.staff]),
        ("posts", "id", [one.id for one in config.posts]),
        ("posts", "counter", [one.counter for one in config.posts]),
        ("devices", "id", [one.id for one in config.devices]),
        ("devices", "ip", [one.ip or None for one in config.devices]),
        ("devices", "ordinal", [one.ordinal for one in config.devices]),
        ("devices", "address", [_on_bus(one) for one in config.devices]),
        ("devices", "counter", [(one.kind, one.counter) if one.counter else None for one in config.devices]),
        ("green_projects", "code", [one.code for one in config.green_projects]),
    ]
    for table, key, values in tables:
        first_at: dict[object, int] = {}
        for index, value in enumerate(values):
            if value is not None and first_at.setdefault(value, index) != index:
                yield Complaint(f"{table}[{index}]", key, f"{_shown(value)} already stands in {table}[{first_at[value]}]")


def _on_bus(device: Device) -> object:
    return (device.driven_by, device.bus, device.address) if device.address is not None else None


def _shown(value: object) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)


def _references(config: HallConfig) -> Iterator[Complaint]:
    known: dict[str, set[str]] = {
        "group": {one.id for one in config.queue_groups},
        "department": {one.id for one in config.departments},
        "service": {one.id for one in config.services},
        "counter": {one.id for one in config.counters},
        "person": {one.id for one in config.staff},
        "post": {one.id for one in config.posts},
    }
    for section, key, kind, values in _references_made(config):
        for value in values:
            if value is not None and value not in known[kind]:
                yield Complaint(
                    section, key, f"{value} is no {kind} of this file; known are {', '.join(sorted(known[kind])) or 'none'}"
                )


def _references_made(config: HallConfig) -> Iterator[tuple[str, str, str, Iterable[str | None]]]:
    yield "hall", "operator_dept", "department", [config.hall.operator_dept]
    for n, department in enumerate(config.departments):
        yield f"departments[{n}]", "chief", "person", [department.chief]
        yield f"departments[{n}]", "deputy", "person", [department.deputy]
    for n, service in enumerate(config.services):
        yield f"services[{n}]", "group", "group", [service.group]
        yield f"services[{n}]", "dept", "department", [service.dept]
    for n, counter in enumerate(config.counters):
        yield f"counters[{n}]", "groups", "group", counter.groups
        yield f"counters[{n}]", "surge_groups", "group", counter.surge_groups
        yield f"counters[{n}]", "post", "post", [counter.post]
    for n, person in enumerate(config.staff):
        yield f"staff[{n}]", "dept", "department", [person.dept]
        yield f"staff[{n}]", "skills", "service", person.skills
    for n, post in enumerate(config.posts):
        yield f"posts[{n}]", "counter", "counter", [post.counter]
        yield f"posts[{n}]", "a", "person", [post.a]
        yield f"posts[{n}]", "b", "person", [post.b]
        yield f"posts[{n}]", "services", "service", post.services
    for n, device in enumerate(config.devices):
        yield f"devices[{n}]", "counter", "counter", [device.counter]
    for n, project in enumerate(config.green_projects):
        yield f"green_projects[{n}]", "case_manager", "person", [project.case_manager]
        yield f"green_projects[{n}]", "approved_by", "person", [project.approved_by]


def _services(config: HallConfig) -> Iterator[Complaint]:
    for index, one in enumerate(config.services):
        if one.statutory is not None and one.promised > one.statutory:
            what = f"{one.promised} {one.unit} is above the statutory {one.statutory} {one.unit} (TIME-5)"
            yield Complaint(f"services[{index}]", "promised", what)


def _served(config: HallConfig) -> Iterator[Complaint]:
    served = {group for counter in config.counters for group in counter.groups}
    offered = {service.group for service in config.services}
    skilled = {service for person in config.staff if person.onboarded for service in person.skills}
    for index, group in enumerate(config.queue_groups):
        if group.id not in served:
            yield Complaint(
                f"queue_groups[{index}]", "id", f"no counter serves group {group.id}: its tickets would never be called"
            )
        elif group.id not in offered:
            yield Complaint(
                f"queue_groups[{index}]", "id", f"group {group.id} has no service, so nobody can be qualified for it"
            )
    for index, service in enumerate(config.services):
        if service.id not in skilled:
            yield Complaint(
                f"services[{index}]", "id", f"nobody onboarded has the skill {service.id}: its tickets would never be called"
            )
    for index, counter in enumerate(config.counters):
        if not counter.groups:
            yield Complaint(f"counters[{index}]", "groups", "empty; a counter serves at least one group")
        if not _fits_a_sign(counter.led_zh):
            yield Complaint(f"counters[{index}]", "led_zh", f"{counter.led_zh}: a sign shows GB2312 characters only")


def _fits_a_sign(text: str) -> bool:
    """GB2312, as GBK spells it: Python's own gb2312 lacks the middle dot."""
    encoded = (one.encode("gbk", "replace") for one in text if not one.isascii())
    return all(len(one) == 2 and 0xA1 <= one[0] <= 0xF7 and one[1] >= 0xA1 for one in encoded)  # noqa: PLR2004 -- its region


def _posts(config: HallConfig) -> Iterator[Complaint]:
    counters = {one.id: one for one in config.counters}
    for index, post in enumerate(config.posts):
        yield from (Complaint(f"posts[{index}]", key, what) for key, what in _post(config, post, counters.get(post.counter)))
    at = {one.id: one.counter for one in config.posts}
    for index, counter in enumerate(config.counters):
        if counter.post in at and at[counter.post] != counter.id:
            yield Complaint(f"counters[{index}]", "post", f"{counter.post} is the post of {at[counter.post]}")


def _post(config: HallConfig, post: Post, counter: Counter | None) -> Iterator[tuple[str, str]]:
    people = {one.id: one for one in config.staff}
    if counter is not None and counter.post != post.id:
        yield "counter", f"{counter.id} names {counter.post or 'no post'} as its post, not {post.id}"
    if post.a == post.b:
        yield "b", f"{post.b} is also the main person; a post is covered by two people (AB-1)"
    if post.ab_exempt and not post.ab_exempt_reason:
        yield "ab_exempt_reason", "missing; an exemption needs its reason (AB-3.1)"
    for key, number in (("a", post.a),) if post.ab_exempt else (("a", post.a), ("b", post.b)):
        person = people.get(number)
        if person is None:
            continue
        lacking = [service for service in post.services if service not in person.skills]
        if lacking:
            yield key, f"{number} {person.zh} lacks the skill {', '.join(lacking)} of post {post.id} (AB-3.2)"
        if not person.onboarded:
            yield key, f"{number} {person.zh} is not onboarded yet and cannot hold post {post.id} (AB-3.2)"
    if post.mutual and not any(one.a == post.b for one in config.posts):
        yield "mutual", f"{post.b} is the main person of no post, so has no counter to serve from (AB-4.6)"


_NEEDS: dict[str, tuple[str, ...]] = {
    "ticket_machine": ("ordinal",),
    "counter_terminal": ("counter",),
    "rating_pad": ("counter",),
    "window_led": ("counter", "driven_by", "bus", "address"),
    "speaker": ("driven_by",),
}


def _devices(config: HallConfig) -> Iterator[Complaint]:
    displays = {one.id for one in config.devices if one.kind == "main_display"}
    for index, device in enumerate(config.devices):
        for key in _NEEDS.get(device.kind, ()):
            if getattr(device, key) in (None, ""):
                yield Complaint(f"devices[{index}]", key, f"missing; a {device.kind} needs it ({device.id})")
        if device.ordinal is not None and device.kind != "ticket_machine":
            yield Complaint(f"devices[{index}]", "ordinal", f"only a ticket_machine has one, {device.id} is a {device.kind}")
        if device.driven_by is not None and device.driven_by not in displays:
            what = f"{device.driven_by} is no main_display of this file; known are {', '.join(sorted(displays)) or 'none'}"
            yield Complaint(f"devices[{index}]", "driven_by", what)


def _projects(config: HallConfig) -> Iterator[Complaint]:
    leaders = {one.id for one in config.staff if one.role in ("duty_leader", "manager")}
    for index, project in enumerate(config.green_projects):
        if project.approved_by not in leaders:
            what = f"{project.approved_by} is neither duty_leader nor manager (GREEN-2)"
            yield Complaint(f"green_projects[{index}]", "approved_by", what)
