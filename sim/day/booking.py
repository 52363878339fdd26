"""Appointments of a random day: made by phone the working day before and confirmed, checked in at a machine."""

from functools import partial

from contracts import messages as m
from contracts.identities import check_in_proof
from contracts.values import Channel, HallTime, NodeName, VisitorClass
from sim.day.draw import Visitor
from sim.day.floor import GUIDE, OPS, Booked, Floor
from sim.day.nature import SECOND


def phone_tail(visitor: Visitor) -> str:
    """The last four digits of somebody's phone."""
    return f"{visitor.number % 10_000:04d}"


class Bookings:
    """Books for everybody who will come at an agreed time, and checks them in."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._house = floor.house

    def begin(self, visitors: tuple[Visitor, ...], at: HallTime) -> None:
        """From ``at`` on one call a second; who hears that the half hour is full comes without an appointment."""
        wanting = [one for one in visitors if one.agreed_at is not None and one.visitor_class is not VisitorClass.URGENT]
        for place, visitor in enumerate(wanting):
            self._house.at(HallTime(at + place * SECOND), partial(self._book, visitor))

    def _book(self, visitor: Visitor) -> None:
        made = self._house.ask(
            OPS,
            m.AppointmentRequested,
            actor=GUIDE,
            group=visitor.group,
            service=visitor.service,
            at=visitor.agreed_at,
            contact=f"1390000{phone_tail(visitor)}",
            channel=Channel.PHONE,
            project=visitor.project,
        )
        if isinstance(made, m.AppointmentMade):
            self._floor.booked[visitor.number] = Booked(made.appointment, made.code, visitor)
            notice = f"ONCE-{visitor.number:04d}"
            self._house.ask(OPS, m.AppointmentConfirmRequested, actor=GUIDE, appointment=made.appointment, notice_id=notice)

    def check_in(self, booked: Booked, machine: NodeName) -> m.Message | None:
        """By phone and code, as the machine asks for them; only a keyed hash of both leaves it."""
        settings = self._house.states.get(self._house.topics.settings(machine))
        if not isinstance(settings, m.KioskSettings):
            return None
        proof = check_in_proof(settings.identity_key, phone_tail(booked.visitor), booked.code)
        return self._house.ask(machine, m.CheckInRequested, proof=proof)
