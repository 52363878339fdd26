"""首问首办登记 (FIRST-3): who was asked first, who handled first, and through whose hands each matter went on a day."""

from collections.abc import Iterable

from broker.ledgers.table import Table, clock, person
from broker.rules import facts as f
from broker.rules.evolve import evolve
from broker.rules.hall import Hall, Ticket, empty_hall
from contracts.values import HallTime, InquiryChannel, InquiryKind, InquiryNo, ServiceId, StaffNo, TicketId

COLUMNS = (
    "登记号",
    "登记时间",
    "方式",
    "咨询内容",
    "事项",
    "答复",
    "主管部门",
    "联系电话",
    "号码",
    "首问负责人",
    "首办负责人",
    "交接链",
)
_KINDS = {
    InquiryKind.ANSWERED: "已答复",
    InquiryKind.INFORMED: "已一次性告知",
    InquiryKind.OUT_OF_SCOPE: "非本大厅事项,已告知主管部门",
}
_CHANNELS = {InquiryChannel.DESK: "现场", InquiryChannel.PHONE: "电话", InquiryChannel.LETTER: "来信"}


def table(recorded: Iterable[f.Recorded], services: dict[ServiceId, str], names: dict[StaffNo, str]) -> Table:
    """Every inquiry of the day with the ticket it led to, then every ticket that somebody answers for without one."""
    hall, inquiries = empty_hall(), dict[InquiryNo, tuple[HallTime, f.InquiryRecorded]]()
    linked: dict[InquiryNo, TicketId] = {}
    for one in recorded:
        evolve(hall, one)
        match one.fact:
            case f.InquiryRecorded() as inquiry:
                inquiries[inquiry.inquiry] = one.at, inquiry
            case f.InquiryLinked(inquiry=no, ticket=ticket):
                linked[no] = ticket
            case _:
                pass
    rows = [_of_inquiry(hall, at, one, linked.get(no), services, names) for no, (at, one) in inquiries.items()]
    others = [one for no, one in hall.tickets.items() if one.first_asker is not None and no not in linked.values()]
    return Table(COLUMNS, (*rows, *(_of_ticket(one, services, names) for one in others)))


def _of_inquiry(  # noqa: PLR0913, PLR0917 -- the columns of the ledger
    hall: Hall,
    at: HallTime,
    one: f.InquiryRecorded,
    ticket: TicketId | None,
    services: dict[ServiceId, str],
    names: dict[StaffNo, str],
) -> tuple[str, ...]:
    found = None if ticket is None else hall.tickets[ticket]
    return (
        one.inquiry,
        clock(at),
        _CHANNELS[one.channel],
        one.topic,
        "" if one.service is None else services.get(one.service, one.service),
        _KINDS[one.kind],
        one.authority,
        one.phone,
        "" if found is None else found.no,
        person(names, one.actor if found is None else found.first_asker),
        "" if found is None else person(names, found.first_handler),
        "" if found is None else _chain(found, names),
    )


def _of_ticket(one: Ticket, services: dict[ServiceId, str], names: dict[StaffNo, str]) -> tuple[str, ...]:
    service = "" if one.service is None else services.get(one.service, one.service)
    people = person(names, one.first_asker), person(names, one.first_handler), _chain(one, names)
    return ("", clock(one.issued_at), "", "", service, "", "", "", one.no, *people)


def _chain(one: Ticket, names: dict[StaffNo, str]) -> str:
    return "→".join(person(names, staff) for staff in one.chain)
