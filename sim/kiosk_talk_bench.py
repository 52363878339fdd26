"""A ticket machine in conversation, for tests: the key of the day, the service's answers, time with heartbeats."""

from typing import TypeVar

from msgspec.structs import replace

from contracts.identities import holder_hash
from contracts.messages import Message, TicketIssued
from contracts.values import BootId, GroupId, HallTime, HolderHash, RequestId, TicketId, TicketNo
from sim.devices.id_cards import Card
from sim.kiosk_bench import NINE, SETTINGS, KioskBench

KEY = "5c" * 32
KEYED = replace(SETTINGS, identity_day="2026-03-10", identity_key=KEY)
ASK_CARE = "请问您需要优先服务吗?"
CARE_OPEN = "已为您开通爱心通道,我们将优先为您服务"
PRIVACY = "证件信息仅用于取号和服务评价,我们将严格保密"
CHOOSE = "请选择您要办理的业务"
OFFLINE = "网络暂时中断,此项暂时不能办理,请您联系引导员"
Kind = TypeVar("Kind", bound=Message)


def ready() -> KioskBench:
    """A machine with printer, service, settings with the key of the day, and the time of day: 09:00."""
    bench = KioskBench(settings=KEYED)
    bench.heartbeats()
    bench.said.clear()
    return bench


def shown(bench: KioskBench) -> tuple[str, ...]:
    """What stands on the text line."""
    return bench.shown


def asked(bench: KioskBench, kind: type[Kind]) -> Kind:
    """The last request of this kind."""
    return [one for one in bench.said if isinstance(one, kind)][-1]


def hash_of(card: Card) -> HolderHash:
    """What stands for this card today."""
    return holder_hash(KEY, card.number)


def issue(bench: KioskBench, request_id: RequestId, no: str = "A007", **more: HallTime) -> None:
    """The service gives this number."""
    ticket = TicketIssued(
        request_id=request_id,
        ticket=TicketId(f"2026-03-10/{no}"),
        no=TicketNo(no),
        group=GroupId(no[0]),
        service=None,
        issued_at=HallTime(NINE + bench.now),
        waiting=5,
        token="abcdefghijklmnopqrstuv",  # noqa: S106 -- the rating token of a ticket, no password
        for_boot=BootId(f"{bench.lives:016x}"),
        **more,
    )
    bench.hear(ticket)


def alive(bench: KioskBench, ms: int) -> None:
    """Time passes with heartbeats."""
    end = bench.now + ms
    while bench.now < end:
        bench.wait(min(4_000, end - bench.now))
        bench.heartbeats()
