"""What the person who asked about a hand-over is told, on their terminal or command alone (AB-4.2b)."""

from msgspec.structs import replace

from broker.rules.asking import Asker
from broker.rules.facts.handover import HandoverEntry, Listed
from broker.rules.hall import Hall
from broker.rules.posts.vacancy import name
from contracts import messages as m
from contracts.values import HandoverAct, ListedKind, NodeName, StaffNo


def answers(asker: Asker, told: m.HandoverTold) -> tuple[tuple[NodeName, m.Message], ...]:
    """To who asked. A terminal stands where visitors look on, and has two lines: free texts are told to commands alone."""
    at_counter = asker.device.counter is not None
    return ((asker.node, replace(told, remarks="", documents="") if at_counter else told),)


def told(hall: Hall, request: m.Request, entry: HandoverEntry, act: HandoverAct, to: StaffNo) -> m.HandoverTold:
    """The entry as ``to`` may see it. The number of the main person is for who takes over."""
    person = hall.in_force.staff.get(entry.giver)
    return m.HandoverTold(
        request_id=request.request_id,
        act=act,
        handover=entry.no,
        counter=entry.counter,
        giver=entry.giver,
        giver_name=name(hall, entry.giver),
        taker=entry.taker,
        taker_name=name(hall, entry.taker),
        kind=entry.kind,
        phone="" if person is None or to != entry.taker else person.phone,
        listed=tuple(_item(hall, one) for one in entry.listed),
        done=tuple(one.rpartition("/")[2] for one in entry.done),
        served=entry.served,
        still=tuple(_item(hall, one) for one in entry.still),
        remarks=entry.remarks,
        documents=entry.documents,
    )


def _item(hall: Hall, one: Listed) -> m.HandoverItem:
    """With the number people know it by; what is of another day keeps its whole id."""
    no = one.ref.rpartition("/")[2] if one.ref.startswith(hall.today.date.isoformat()) else one.ref
    return m.HandoverItem(what=ListedKind(one.what), no=no)
