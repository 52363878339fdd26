"""What everyone may see of the hall, made anew from it each time: boards for the public, desks for terminals and pads.

The version (epoch, fact) of each state is left 0 here; the shell sets it when it publishes.
"""

from datetime import timedelta
from typing import Any

from broker.rules.appointments import views as appointments
from broker.rules.course import views as course
from broker.rules.course.at_desk import own
from broker.rules.facts.posts import Absence
from broker.rules.hall import Desk, Hall
from broker.rules.handover import views as handover
from broker.rules.leave import views as leave
from broker.rules.outing import views as outing
from broker.rules.posts import views as posts
from broker.rules.posts.may_cover import may_cover
from broker.rules.posts.serving import is_acting
from broker.rules.reminders import views as reminders
from broker.rules.service_day import views as service_day
from broker.rules.service_day.serves import pairs_at
from broker.rules.tasks.views import task_board
from broker.rules.training import views as training
from broker.rules.work_cards import views as work_cards
from broker.rules.workdays import day_plan
from broker.schema import Counter
from contracts import messages as m
from contracts.topics import Topics
from contracts.values import CounterPhase, GroupId, HallId, NodeName

DAYS_OF_HOURS = 31
"""How many days a machine that is cut off knows when tickets are given."""


def views(hall: Hall, hall_id: HallId) -> dict[str, m.Versioned]:
    """Every retained state by its topic, in the order in which people wait for it; nothing before the first day began."""
    if hall.plan is None or hall.day is None:
        return {}
    topics = Topics(hall_id)
    desks = [hall.desks[counter] for counter in hall.plan.counters]
    return {
        **{topics.counter_board(desk.counter): counter_board(hall, desk) for desk in desks},
        **{topics.desk(desk.counter): desk_state(hall, desk) for desk in desks},
        **{topics.queue_board(group): queue_board(hall, group) for group in hall.plan.groups},
        topics.hall_board: hall_board(hall),
        topics.task_board: task_board(hall),
    }


def hall_board(hall: Hall) -> m.HallBoard:
    """What the main board goes by."""
    return m.HallBoard(
        epoch=0,
        fact=0,
        phase=hall.phase,
        next_at=hall.next_change,
        since=hall.phase_since,
        emergency=hall.emergency_since is not None,
        near_close_at=service_day.near_close_at(hall),
        noon_service=hall.service_day.noon_service,
        extended=service_day.is_hall_extended(hall),
        added=service_day.added(hall),
    )


def queue_board(hall: Hall, group: GroupId) -> m.QueueBoard:
    """How many wait in a group."""
    return m.QueueBoard(epoch=0, fact=0, group=group, waiting=hall.waiting.get(group, 0))


def _name(hall: Hall, desk: Desk) -> str | None:
    person = None if desk.staff is None else hall.in_force.staff.get(desk.staff)
    return None if person is None else person.zh


def counter_board(hall: Hall, desk: Desk) -> m.CounterBoard:
    """What the sign of a counter goes by."""
    ticket = None if desk.ticket is None else hall.tickets[desk.ticket]
    phase, server = service_day.phase_shown(hall, desk), posts.server_at(hall, desk)
    is_empty = phase in (CounterPhase.CLOSED, CounterPhase.PAUSED)
    board = m.CounterBoard(
        epoch=0,
        fact=0,
        counter=desk.counter,
        phase=phase,
        staff=desk.staff,
        staff_name=_name(hall, desk),
        go_to=posts.elsewhere(hall, desk.counter) if is_empty else None,
        acting=is_acting(hall, desk),
        server=server.staff,
        server_name=server.name,
        server_for=server.a_name,
    )
    if ticket is None or desk.call is None:
        return board
    return m.CounterBoard(
        epoch=0,
        fact=0,
        counter=desk.counter,
        phase=phase,
        ticket=ticket.no,
        call=desk.call.id,
        announcement=desk.call.announcement,
        announced_at=desk.call.made_at,
        last=desk.call.announcement == hall.calls_allowed(ticket),
        continued=course.is_continued(desk, ticket),
        extended=service_day.is_extended(hall, desk),
        staff=board.staff,
        staff_name=board.staff_name,
        acting=board.acting,
        server=server.staff,
        server_name=server.name,
        server_for=server.a_name,
    )


def desk_state(hall: Hall, desk: Desk) -> m.DeskState:
    """What the terminal and the pad of a counter go by."""
    ticket = None if desk.ticket is None else hall.tickets[desk.ticket]
    call = desk.call if desk.phase is CounterPhase.CALLED else None
    calls_left = call is not None and ticket is not None and call.announcement < hall.calls_allowed(ticket)
    rateable = None if desk.rateable is None or desk.session is not None else hall.sessions[desk.rateable]
    server = posts.server_at(hall, desk)
    return m.DeskState(
        epoch=0,
        fact=0,
        counter=desk.counter,
        phase=desk.phase,
        staff=desk.staff,
        staff_name=_name(hall, desk),
        ticket=None if ticket is None else ticket.no,
        care=ticket is not None and ticket.cares,
        call=None if desk.call is None else desk.call.id,
        announcement=0 if desk.call is None else desk.call.announcement,
        recall_at=hall.recall_at(call) if call is not None and calls_left else None,
        no_show_at=hall.no_show_at(call) if call is not None and not calls_left else None,
        session=desk.session if rateable is None else rateable.id,
        arm_until=None if rateable is None else rateable.rate_until,
        rated=rateable is not None and rateable.rated,
        waiting=hall.queue.count(pairs_at(hall, desk), own(hall, desk)),
        held=course.held_here(hall, desk),
        led_here=course.led_here(hall, desk),
        leads_to=course.leads_to(hall, desk),
        leads_to_name=course.leads_to_name(hall, desk),
        care_open=course.is_care_open(ticket),
        extended=service_day.is_extended(hall, desk),
        goes_home=service_day.goes_home(hall, desk),
        second=desk.second,
        a_name=posts.a_name(hall, desk),
        covers=posts.covers(hall, desk),
        may_cover=may_cover(hall, desk),
        handovers=handover.offers(hall, desk),
        notes=_notes(hall, desk),
        server=server.staff,
        server_name=server.name,
        server_for=server.a_name,
        accompanied=ticket is not None and ticket.accompanied_by is not None,
    )


def _notes(hall: Hall, desk: Desk) -> tuple[m.DeskNote, ...]:
    """The sentences of every area for the clerk here, in the order in which the terminal takes turns with them."""
    if hall.emergency_since is not None:
        return (m.DeskNote(key="disp.emergency"),)
    return tuple(note for area in (appointments, posts, handover, service_day) for note in area.desk_notes(hall, desk))


# --- Settings ------------------------------------------------------------------------------------------------------------


def settings_change_with(hall: Hall) -> object:
    """What settings depend on: while it is equal, so are they."""
    offline, away = tuple(sorted(hall.offline_counts.items())), _who_is_away(hall)
    areas = training.change_with(hall), work_cards.changes_with(hall), reminders.changes_with(hall)
    return hall.in_force.hash, hall.day, offline, away, areas


def settings(hall: Hall, card_key: bytes, identity_key: str = "") -> dict[NodeName, m.Settings]:
    """What each declared node needs of the configuration. Card numbers leave only as keyed hashes.

    ``identity_key`` is what ticket machines hash ID cards with today; empty while there is none.
    """
    return {
        **_kiosks(hall, identity_key),
        **_terminals(hall),
        **_displays(hall),
        **_pads(hall),
        **_clocks(hall, card_key),
    }


def _common(hall: Hall) -> dict[str, Any]:
    plan = hall.in_force
    about = plan.config.hall
    return {"hash": plan.hash, "hall_name_zh": about.name_zh, "hall_name_en": about.name_en, "hotline": about.hotline}


def _groups(hall: Hall) -> tuple[m.GroupInfo, ...]:
    counters = hall.in_force.counters.values()
    return tuple(
        m.GroupInfo(
            id=group.id,
            zh=group.zh,
            en=group.en,
            zone=group.zone,
            counters=tuple(one.id for one in counters if group.id in one.groups),
        )
        for group in hall.in_force.groups.values()
    )


def _kiosks(hall: Hall, identity_key: str) -> dict[NodeName, m.Settings]:
    config = hall.in_force.config
    machines = hall.in_force.of_kind("ticket_machine")
    return {
        one.id: m.KioskSettings(
            **_common(hall),
            ordinal=one.ordinal or 1,
            groups=_groups(hall),
            rating_url=config.hall.rating_url,
            rating_days=config.params.rating.late_days,
            elsewhere=_next_place([(each.id, each.place) for each in machines], index),
            day=None if hall.day is None else hall.day.date.isoformat(),
            hours=_hours(hall),
            offline_counts=_offline_counts(hall, one.ordinal or 1),
            identity_day=hall.day.date.isoformat() if hall.day is not None and identity_key else None,
            identity_key=identity_key,
        )
        for index, one in enumerate(machines)
    }


def _offline_counts(hall: Hall, ordinal: int) -> dict[GroupId, int]:
    counts = {group: hall.offline_counts.get(f"{group}{ordinal}") for group in hall.in_force.groups}
    return {group: highest for group, highest in counts.items() if highest is not None}


def _hours(hall: Hall) -> tuple[m.TicketHours, ...]:
    """When tickets are given on the working days of the next weeks: what a machine goes by that is cut off meanwhile."""
    if hall.day is None:
        return ()
    config, today = hall.in_force.config, hall.day.date
    days = [day_plan(config, today + timedelta(days=n)) for n in range(DAYS_OF_HOURS)]
    return tuple(m.TicketHours(opens=one.tickets_from, closes=one.close) for one in days if one.works)


def _next_place(devices: list[tuple[NodeName, str]], index: int) -> str:
    """Where the next device of the kind stands, for when this one is out of use; empty if it is the only one."""
    following = devices[(index + 1) % len(devices)]
    return "" if following[0] == devices[index][0] else following[1]


def _terminals(hall: Hall) -> dict[NodeName, m.Settings]:
    plan = hall.in_force
    return {
        one.id: m.CounterSettings(
            **_common(hall),
            counter=one.counter,
            name_zh=plan.counters[one.counter].zh,
            groups=_groups(hall),
            pause_reasons=plan.config.params.queue.pause_reasons,
            extension_reasons=plan.config.params.queue.extension_reasons,
        )
        for one in plan.of_kind("counter_terminal")
        if one.counter is not None
    }


def _displays(hall: Hall) -> dict[NodeName, m.Settings]:
    return {
        one.id: m.DisplaySettings(
            **_common(hall),
            signs=_signs(hall, one.id),
            groups=_groups(hall),
            board_rows=one.rows,
            board_hanzi=one.cols_hanzi,
        )
        for one in hall.in_force.of_kind("main_display")
    }


def _signs(hall: Hall, display: NodeName) -> tuple[m.SignInfo, ...]:
    plan = hall.in_force
    return tuple(
        m.SignInfo(
            counter=one.counter,
            name_zh=plan.counters[one.counter].led_zh or plan.counters[one.counter].zh,
            bus=one.bus,
            address=one.address,
            special=_is_kept_for_care(plan.counters[one.counter]),
        )
        for one in plan.of_kind("window_led")
        if one.driven_by == display and one.counter is not None and one.address is not None
    )


def _is_kept_for_care(counter: Counter) -> bool:
    return counter.reserve.care > counter.reserve.normal


def _pads(hall: Hall) -> dict[NodeName, m.Settings]:
    pads = hall.in_force.of_kind("rating_pad")
    return {one.id: m.PadSettings(**_common(hall), counter=one.counter) for one in pads if one.counter is not None}


def _clocks(hall: Hall, card_key: bytes) -> dict[NodeName, m.Settings]:
    clocks = hall.in_force.of_kind("attendance_clock")
    roster, lost = work_cards.roster(hall, card_key), work_cards.lost(hall, card_key)
    places = [(each.id, each.place) for each in clocks]
    return {
        one.id: m.ClockSettings(
            **_common(hall),
            roster=roster,
            lost=lost,
            pins=work_cards.pins(hall),
            elsewhere=_next_place(places, index),
            shifts=_shifts(hall),
            away=_away(hall),
            trainings=training.trainings(hall),
            missing=reminders.missing(hall),
        )
        for index, one in enumerate(clocks)
    }


def _who_is_away(hall: Hall) -> tuple[Absence, ...]:
    return (*outing.away(hall), *leave.awaited(hall))


def _away(hall: Hall) -> tuple[m.Away, ...]:
    """Who is away, and whether the configuration calls it an outing."""
    outings = hall.in_force.config.params.attendance.outing_kinds
    return tuple(
        m.Away(staff=one.staff, begins=one.begins, ends=one.ends, kind=one.kind, outing=one.kind in outings)
        for one in _who_is_away(hall)
    )


def _shifts(hall: Hall) -> tuple[m.Shift, ...]:
    """The halves of the working days of the next weeks: what a clock compares a punch with, also when it is cut off."""
    if hall.day is None:
        return ()
    config, today = hall.in_force.config, hall.day.date
    days = [day_plan(config, today + timedelta(days=n)) for n in range(DAYS_OF_HOURS)]
    bounds = [each for one in days if one.works for each in ((one.morning, one.noon), (one.afternoon, one.close))]
    return tuple(m.Shift(start=start, end=end) for start, end in bounds)
