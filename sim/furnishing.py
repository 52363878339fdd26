"""From hall.toml to furniture: every device the hall declares is put up in a world."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from broker.schema import Device, HallConfig
from contracts.values import CounterId, GroupId, NodeName
from firmware.drivers.work_cards import ReaderModel
from sim.furniture import Clock, Counter, Furniture, Pad, Signs, TicketMachine
from sim.world import World

_UID_BYTES = (4, 7, 10)


@dataclass(frozen=True, slots=True)
class Furnished:
    """All furniture of a hall."""

    machines: dict[NodeName, TicketMachine] = field(default_factory=dict)
    counters: dict[CounterId, Counter] = field(default_factory=dict)
    pads: dict[CounterId, Pad] = field(default_factory=dict)
    displays: dict[NodeName, Signs] = field(default_factory=dict)
    clocks: dict[NodeName, Clock] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Furniture]:
        """Every piece, in the order in which a hall is switched on: what people look at first."""
        yield from self.displays.values()
        yield from self.clocks.values()
        yield from self.machines.values()
        for counter, furniture in self.counters.items():
            yield furniture
            if counter in self.pads:
                yield self.pads[counter]

    @property
    def nodes(self) -> list[NodeName]:
        """The name of every node."""
        return [piece.node for piece in self]

    def texts(self) -> dict[CounterId, str]:
        """What every sign says now."""
        return {counter: text for display in self.displays.values() for counter, text in display.texts().items()}


def furnish(world: World, config: HallConfig) -> Furnished:
    """Put up everything in this hall; its first ticket machine has a reader of ID cards and a keypad.

    The readers of work cards are those that can read the cards of its staff.
    """
    furnished = Furnished()
    reader: ReaderModel = "pn532" if _has_mifare_cards(config) else "rdm6300"
    groups = [GroupId(group.id) for group in config.queue_groups]
    for device in config.devices:
        node = NodeName(device.id)
        counter = CounterId(device.counter or "")
        match device.kind:
            case "ticket_machine":
                furnished.machines[node] = TicketMachine(world, node, groups, with_reader=not furnished.machines)
            case "main_display":
                furnished.displays[node] = Signs(world, node, _places(config.devices, node))
            case "counter_terminal":
                furnished.counters[counter] = Counter(world, node, counter, reader=reader)
            case "rating_pad":
                furnished.pads[counter] = Pad(world, node, counter)
            case "attendance_clock":
                furnished.clocks[node] = Clock(world, node, reader=reader)
            case _:
                pass  # signs and speakers hang on a display; the other kinds have no firmware yet
    return furnished


def _has_mifare_cards(config: HallConfig) -> bool:
    """Their UIDs have 4, 7 or 10 bytes; the number of an EM4100 card has 5."""
    cards = [one.card for one in config.staff if one.card is not None]
    return bool(cards) and all(len(one) // 2 in _UID_BYTES for one in cards)


def _places(devices: tuple[Device, ...], display: NodeName) -> dict[CounterId, tuple[str, int]]:
    """The bus and the address of every sign that hangs on this display node."""
    return {
        CounterId(device.counter): (device.bus, device.address)
        for device in devices
        if device.driven_by == display and device.counter is not None and device.address is not None
    }
