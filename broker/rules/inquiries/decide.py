"""An inquiry is recorded by whoever was asked, and linked to the ticket of the person (GUID-3.1, FIRST-3.1, FIRST-4.3)."""

import re

from broker.rules import facts as f
from broker.rules.asking import Asker, Decision, No, Rule, done, refused
from broker.rules.hall import Hall
from broker.rules.roles import STAFF_NODES, lacks_role
from broker.schema import Role
from contracts import messages as m
from contracts.values import HallTime, InquiryKind, InquiryNo, Refusal, StaffNo, TicketId

ASKED: tuple[Role, ...] = ("clerk", "guide", "agent", "duty_leader", "manager")
"""Whom visitors ask: everybody but the administrator of the machines."""
UNKNOWN_AUTHORITY = "无法确定"
LONGEST = 60
_PERSONAL = re.compile(r"\d{7,}")
"""A telephone number, the number of an ID card: nothing an inquiry is about."""


def recorded(hall: Hall, asker: Asker, request: m.InquiryRequested, _now: HallTime) -> Decision:
    """One more inquiry of the day; linked to a ticket at once, if the person has one."""
    no = lacks_role(hall, request.actor, ASKED) or _bad_text(request) or _bad_matter(hall, request)
    if no is None and request.ticket is not None:
        no = _no_ticket(hall, request.ticket)
    if no is not None:
        return refused(asker, request, no)
    day = hall.today.date.strftime("%Y%m%d")
    fact = f.InquiryRecorded(
        inquiry=InquiryNo(f"ZX-{day}-{len(hall.inquiries.all) + 1:03d}"),
        actor=request.actor,
        topic=request.topic.strip(),
        kind=request.kind,
        channel=request.channel,
        service=request.service,
        authority=request.authority.strip(),
        phone=request.phone.strip(),
        slip=request.slip,
    )
    values = {"inquiry": fact.inquiry, "first_asker": request.actor}
    if request.ticket is None:
        return done(asker, request, fact, values=values)
    link = _link(hall, fact.inquiry, request.ticket, request.actor, asked=request.actor)
    return done(asker, request, fact, link, ticket=request.ticket, values={**values, "first_asker": link.first_asker})


def linked(hall: Hall, asker: Asker, request: m.InquiryLinkRequested, _now: HallTime) -> Decision:
    """The ticket of somebody who asked before. Linking the two again is the same as once."""
    one = hall.inquiries.all.get(request.inquiry)
    no = lacks_role(hall, request.actor, ASKED) or _no_ticket(hall, request.ticket)
    if no is None and one is None:
        no = No(Refusal.UNKNOWN_INQUIRY, f"{request.inquiry} is no inquiry of today")
    if no is None and one is not None and one.ticket not in {None, request.ticket}:
        no = No(Refusal.BAD_VALUE, f"{request.inquiry} belongs to {one.ticket}")
    if one is None or no is not None:
        return refused(asker, request, no or No(Refusal.UNKNOWN_INQUIRY))
    fact = _link(hall, one.no, request.ticket, request.actor, asked=one.asked)
    values = {"inquiry": one.no, "first_asker": fact.first_asker}
    facts = () if one.ticket == request.ticket else (fact,)
    return done(asker, request, *facts, ticket=request.ticket, values=values)


def _link(hall: Hall, inquiry: InquiryNo, ticket: TicketId, actor: StaffNo, *, asked: StaffNo) -> f.InquiryLinked:
    """Who served or entered the ticket before stays its first person (FIRST-3.1)."""
    first = hall.tickets[ticket].first_asker or asked
    return f.InquiryLinked(inquiry=inquiry, ticket=ticket, actor=actor, first_asker=first)


def _no_ticket(hall: Hall, ticket: TicketId) -> No | None:
    return None if ticket in hall.tickets else No(Refusal.UNKNOWN_TICKET, ticket)


def _bad_text(request: m.InquiryRequested) -> No | None:
    """What stands in facts for ever is short and says nothing about who asked."""
    if not 0 < len(request.topic.strip()) <= LONGEST:
        return No(Refusal.BAD_VALUE, f"a topic of 1 to {LONGEST} characters is needed")
    if max(len(request.authority), len(request.phone)) > LONGEST:
        return No(Refusal.BAD_VALUE, f"authority and phone have at most {LONGEST} characters")
    if any(_PERSONAL.search(text) for text in (request.topic, request.authority)):
        return No(Refusal.BAD_VALUE, "no numbers of people in an inquiry; the authority's telephone is phone")
    return None


def _bad_matter(hall: Hall, request: m.InquiryRequested) -> No | None:
    if request.service is not None and request.service not in hall.in_force.services:
        return No(Refusal.UNKNOWN_SERVICE, f"{request.service} is no service of this hall")
    authority, phone = request.authority.strip(), request.phone.strip()
    if request.kind is not InquiryKind.OUT_OF_SCOPE:
        return No(Refusal.BAD_VALUE, "authority and phone belong to a matter out of scope") if authority or phone else None
    if authority == UNKNOWN_AUTHORITY or (authority and phone):
        return None
    return No(Refusal.AUTHORITY_MISSING, f"the authority and its telephone, or {UNKNOWN_AUTHORITY} (FIRST-4.3)")


RULES: dict[type[m.Message], Rule] = {
    m.InquiryRequested: Rule(STAFF_NODES, recorded),
    m.InquiryLinkRequested: Rule(STAFF_NODES, linked),
}
"""What may be asked about inquiries, and by which kinds of node."""
