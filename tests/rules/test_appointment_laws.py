"""What holds of appointments whatever people do: a random day of bookings, calls, arrivals, changes, an emergency."""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.rules import facts as f
from broker.rules.appointments.state import PROMISED, Appointment
from broker.rules.facts import AppointmentState
from contracts import messages as m
from contracts.values import AppointmentId, ContactOutcome, HallTime, Initiator, VisitorClass
from sim.booking_day import BookingDay
from sim.rules_day import hall_text, refusal

MINUTE = 60_000
SMALL = hall_text("demo-small") + "\n[params.appointment]\nslot_capacity = 2\n"
ACTS = (
    "book",
    "book",
    "book",
    "wait",
    "wait",
    "wait",
    "check in",
    "check in",
    "contact",
    "cancel",
    "change",
    "call",
    "emergency",
)

Act = tuple[str, int, int]


def one_of(day: BookingDay, number: int) -> Appointment | None:
    """Some appointment, whatever became of it."""
    known = list(day.hall.appointments.all.values())
    return known[number % len(known)] if known else None


def play(day: BookingDay, act: Act) -> None:  # noqa: C901, PLR0912 -- a table, one act an entry
    """Somebody does something; it may be refused."""
    what, first, second = act
    one = one_of(day, first)
    grid = HallTime(day.now - day.now % (5 * MINUTE) + (1 + second % 24) * 5 * MINUTE)
    match what:
        case "book":
            day.ask_book(grid, "AB"[first % 2], holder=f"{first % 5:064x}" if first % 3 else None)
        case "wait":
            day.advance(HallTime(min(day.now + (1 + second % 25) * MINUTE, day.hall.today.over - 1)))
        case "call":
            if refusal(day.try_call("W02")) is None:
                day.serve("W02")
        case "emergency":
            kinds: list[tuple[type[m.Request], dict[str, Any]]] = [
                (m.EmergencyRequested, {}),
                (m.EmergencyRequested, {"confirmed": True}),
                (m.EmergencyEndRequested, {}),
            ]
            for kind, fields in kinds:
                if kind is m.EmergencyEndRequested:
                    day.advance(HallTime(day.now + (1 + second % 15) * MINUTE))
                day.ask("OPS-01", kind, actor="S002", **fields)
        case _ if one is None:
            pass
        case "late":
            day.advance(HallTime(max(day.now, min(one.agreed_q + 31 * MINUTE, day.hall.today.close))))
        case "check in":
            day.ask_check_in(one)
        case "contact":
            outcome = list(ContactOutcome)[second % 4]
            until = HallTime(day.now + 20 * MINUTE) if outcome is ContactOutcome.COMING else None
            known: dict[str, Any] = {"actor": "S004", "appointment": one.id, "hold_until": until}
            day.ask("OPS-01", m.AppointmentContactRecorded, outcome=outcome, **known)
        case "cancel":
            day.ask_cancel(one, list(Initiator)[second % 2])
        case "change":
            day.ask_change(one, grid, list(Initiator)[second % 2])


def is_sound(day: BookingDay) -> None:
    """The promises of APPT, of the hall as it stands."""
    known = day.hall.appointments
    # Whoever comes although the hall has cancelled is served beside those who were promised the time since.
    gone = {one.fact.appointment for one in day.facts if isinstance(one.fact, f.AppointmentCancelled)}
    kept = [one for one in known.all.values() if one.state in PROMISED and one.id not in gone]
    slots = Counter((one.group, one.at // (30 * MINUTE)) for one in kept)
    assert max(slots.values(), default=0) <= 2
    for one in known.all.values():
        assert (one.state is AppointmentState.CHECKED_IN) <= (one.ticket is not None)
        if one.ticket is not None:
            claims = day.hall.tickets[one.ticket].claims
            assert sum(claim.visitor_class is VisitorClass.APPOINTMENT_DUE for claim in claims) == 1
            assert one.state in (AppointmentState.CHECKED_IN, AppointmentState.CANCELLED_BY_PERSON)
    tickets = [one.ticket for one in known.all.values() if one.ticket is not None]
    assert len(tickets) == len(set(tickets))


def is_told_rightly(day: BookingDay) -> None:
    """The promises of APPT-7, of everything that is on record."""
    called: Counter[AppointmentId] = Counter()
    here: set[AppointmentId] = set()
    for recorded in day.facts:
        match recorded.fact:
            case f.AppointmentContacted(appointment=one, counts=counts):
                called[one] += counts
            case f.AppointmentCheckedIn(appointment=one):
                here.add(one)
            case f.AppointmentForfeited(appointment=one, why=why):
                assert one not in here
                assert called[one] >= (1 if why is ContactOutcome.CANNOT_COME else 2)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 99), st.integers(0, 99)), max_size=40))
def test_promises_hold_on_any_day(acts: list[Act]) -> None:
    """Capacity is never exceeded; nobody forfeits without contact, nobody who is here forfeits; one claim a ticket.

    Time never stands still (the harness says so), and what is stored folds to the same hall, also over the night.
    """
    day = BookingDay("08:30", SMALL)
    day.login("W02", "S102")
    day.at("09:00")
    for act in acts:
        play(day, act)
        is_sound(day)
    is_told_rightly(day)
    day.advance(HallTime(day.hall.today.over + 1))
    assert day.folded() == day.hall
    start = max(n for n, one in enumerate(day.facts) if isinstance(one.fact, f.DayBegan))
    assert day.folded([day.facts[0], *day.facts[start:]]).appointments == day.hall.appointments
