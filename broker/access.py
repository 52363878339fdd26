"""Who may say and hear what on the MQTT server: one account for every node a hall declares, nothing more. Pure.

Read off the topic table (``contracts.topics``) and off who may ask what (``broker.rules.decide.RULES``): a new message is
allowed exactly to those whose request the service would decide. ``docs/decisions/0012-mqtt-accounts.md`` says why this way.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from broker.rules.decide import RULES
from broker.schema import Device, DeviceKind, HallConfig
from contracts.messages import HallBoard, HealthReported, ServiceState
from contracts.topics import TABLE, Row, Topics, Way
from contracts.values import HallId

SERVICE = "service"
MONITOR = "monitor"


class AccessError(ValueError):
    """No accounts can be made for this hall; says what to change in hall.toml."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account. ``name`` is the node's, ``service`` or ``monitor``; the hall is part of the username, so of the identity.

    The MQTT server takes the username for the client id, so nobody can push another off the server. ``writes`` and ``reads``
    are topic filters; the last will and retained messages fall under them like everything else.
    """

    name: str
    username: str
    writes: tuple[str, ...]
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hears:
    """What a kind of node listens to besides its own answers and settings and the service's heartbeat.

    ``hall``: the part of the day. ``boards``: that and all other public state. ``desk``: the desk of its own counter.
    ``staff``: the open tasks.
    """

    hall: bool = False
    boards: bool = False
    desk: bool = False
    staff: bool = False


NODES: dict[DeviceKind, Hears] = {
    "ticket_machine": Hears(hall=True),
    "main_display": Hears(boards=True),
    "counter_terminal": Hears(desk=True),
    "rating_pad": Hears(hall=True, desk=True),
    "attendance_clock": Hears(),
    "ops": Hears(staff=True),
}
"""The kinds that speak MQTT. Signs and speakers hang on a display; what has no firmware yet gets no account to lose."""


def username(hall: HallId, name: str) -> str:
    """How ``name`` of this hall introduces itself: ``TM-01@yongan``. Names hold no ``@``, so no two halls can collide."""
    return f"{name}@{hall}"


def accounts(config: HallConfig, *, monitor: bool = False) -> tuple[Account, ...]:
    """Every account of this hall, in the order of hall.toml, the service first. Raises :class:`AccessError`."""
    hall = config.hall.id
    nodes = [_node(hall, device) for device in config.devices if device.kind in NODES]
    taken = {device.id for device in config.devices} & {SERVICE, MONITOR}
    if taken:
        raise AccessError(f"a device is called {min(taken)}; that name belongs to an account, choose another")
    return (_service(hall), *([_monitor(hall)] if monitor else []), *nodes)


def acl(of: Iterable[Account]) -> str:
    """The accounts as an ``acl_file`` of mosquitto. What is not listed is denied."""
    return "\n".join(_entry(account) for account in of)


def _entry(account: Account) -> str:
    lines = [f"user {account.username}"]
    lines += [f"topic write {topic}" for topic in account.writes]
    lines += [f"topic read {topic}" for topic in account.reads]
    return "\n".join(lines) + "\n"


def _node(hall: HallId, device: Device) -> Account:
    writes = [row for row in TABLE if row.way is Way.BIRTH or (row.way is Way.UP and _may_ask(device.kind, row))]
    reads = [row for row in TABLE if _may_hear(device, row)]
    return Account(device.id, username(hall, device.id), _topics(hall, writes, device), _topics(hall, reads, device))


def _may_ask(kind: DeviceKind, row: Row) -> bool:
    rule = RULES.get(row.message)
    return rule is not None and (not rule.kinds or kind in rule.kinds)


def _may_hear(device: Device, row: Row) -> bool:
    hears = NODES[device.kind]
    match row.way:
        case Way.DOWN:
            return True
        case Way.PUBLIC:
            return hears.boards or row.message is ServiceState or (hears.hall and row.message is HallBoard)
        case Way.DESK:
            return hears.desk and device.counter is not None
        case Way.STAFF:
            return hears.staff
        case Way.UP | Way.BIRTH:
            return False


def _service(hall: HallId) -> Account:
    hears = [row for row in TABLE if row.way in (Way.UP, Way.BIRTH)]
    says = [row for row in TABLE if row not in hears]
    return Account(SERVICE, username(hall, SERVICE), _topics(hall, says), _topics(hall, hears))


def _monitor(hall: HallId) -> Account:
    """Sees that everything is alive. Not the desks, and no requests: a login carries the number of a work card."""
    alive = [row for row in TABLE if row.way in (Way.PUBLIC, Way.BIRTH) or row.message is HealthReported]
    return Account(MONITOR, username(hall, MONITOR), (), (*_topics(hall, alive), "$SYS/#"))


def _topics(hall: HallId, rows: Iterable[Row], device: Device | None = None) -> tuple[str, ...]:
    """The rows as topic filters: of this device alone, or of all."""
    root = Topics(hall).root
    found = []
    for row in rows:
        is_own_desk = row.way is Way.DESK and device is not None
        node = "+" if device is None else device.id
        counter = device.counter if is_own_desk and device is not None else "+"
        found.append(f"{root}/{row.topic.format(node=node, counter=counter, group='+')}")
    return tuple(dict.fromkeys(found))
