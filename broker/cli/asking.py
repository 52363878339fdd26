"""How a command asks the rules service: as the hall's ``ops`` node, over MQTT, and hears the answer.

A command makes its parser with ``broker.cli.typed.add_asking`` and ends in ``return ask_as(arguments, make, done)``, or in
``ask(arguments, Ask(make, done))`` where its request needs the hall's time.
A request is said only to a service that is there, and it expires soon: nothing is carried out later behind anyone's back.
"""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict, TypeVar

from msgspec.structs import replace

from broker.archive import Archive
from broker.cli.command_error import CommandError
from broker.config import load, read_text
from broker.rules.hours import day_of
from broker.schema import HallConfig
from contracts.messages import Answer, NodeState, Perishable, Request, RequestDone, RequestRefused, ServiceState
from contracts.topics import Topics
from contracts.values import BootId, HallTime, Ms, NodeName, RequestId, StaffNo, TicketId
from firmware.runtime.clock import SystemClock
from firmware.runtime.inbox import Inbox
from firmware.runtime.link import NodeLink
from firmware.runtime.log import JsonLog
from firmware.runtime.loop import run_forever
from firmware.runtime.node import InboxItem
from firmware.runtime.settings import MqttConfig
from firmware.runtime.steps import Heard, LinkUp
from words import text

_GOOD_FOR: Ms = 8_000
"""How long the request may take to be decided; the heartbeat it is dated by may be 5 s old."""
_CONNECT_WITHIN: Ms = 5_000
_HEARTBEAT_WITHIN: Ms = 6_000
_ANSWER_WITHIN: Ms = 4_000
_Dated = TypeVar("_Dated", bound=Perishable)


@dataclass(frozen=True, slots=True)
class Ask:
    """What to ask once the hall's time is known, and what to print when it was done.

    ``done`` gets the answer as it came: mostly a ``RequestDone``, or what belongs to the request (``AppointmentMade``).
    """

    make: Callable[[RequestId, HallTime], Request]
    done: Callable[[Answer], str]


def ask(arguments: argparse.Namespace, what: Ask) -> int:
    """Ask, print the outcome (refusals to stderr, in both languages), and tell the exit code: 0 done, 1 not done.

    ``arguments`` come from a parser with ``add_asking``.

    Raises:
        CommandError: no configuration, or not clear which ops node to be.
    """
    config = configuration_of(arguments)
    node = _ops_node(config, arguments.node)
    clock = SystemClock()
    log = JsonLog(node, clock, level="error")
    inbox: Inbox[InboxItem] = Inbox()
    birth = NodeState(node=node, boot=BootId(os.urandom(8).hex()), online=True, room="ops")
    link = NodeLink(arguments.mqtt, Topics(config.hall.id), birth, inbox, log)
    asking = _Asking(what, link, inbox, birth, arguments.mqtt)
    run_forever(asking, inbox, clock, log, each_turn=link.tend)
    out = sys.stdout if asking.succeeded else sys.stderr
    out.write(asking.outcome + "\n")
    return 0 if asking.succeeded else 1


class Common(TypedDict):
    """What every request of a person says: ``Kind(**common, ...)``."""

    request_id: RequestId
    expires_at: HallTime
    actor: StaffNo


def common_of(arguments: argparse.Namespace, request_id: RequestId, now: HallTime) -> Common:
    """The person is the actor typed; the request soon expires."""
    return {"request_id": request_id, "expires_at": expires_at(now), "actor": actor_of(arguments)}


def ask_as(arguments: argparse.Namespace, make: Callable[[Common], Request], done: Callable[[Answer], str]) -> int:
    """:func:`ask` for a request that is known but for who asks, and when."""
    return ask(arguments, Ask(lambda request_id, now: make(common_of(arguments, request_id, now)), done))


def dated(request: _Dated) -> Callable[[RequestId, HallTime], _Dated]:
    """For :class:`Ask`: this request, made already, under its own id and with its end."""
    return lambda request_id, now: replace(request, request_id=request_id, expires_at=expires_at(now))


def values_of(answer: Answer) -> dict[str, str]:
    """What a ``RequestDone`` tells for the sentence people read."""
    return answer.values if isinstance(answer, RequestDone) else {}


def said_of(what: str, zh: str, en: str) -> Callable[[Answer], str]:
    """For ``done``: what was done to the thing that was typed, ``已批准 QJ-1`` and ``Approved: QJ-1``."""
    return lambda _: f"{zh} {what}\n{en}: {what}"


def numbered(zh: str, en: str) -> Callable[[Answer], str]:
    """For ``done``: the sentence in both languages, with the ledger number of the answer in place of ``{no}``."""
    return lambda answer: f"{zh}\n{en}".format(no=values_of(answer).get("no", "?"))


def expires_at(now: HallTime) -> HallTime:
    """For the ``expires_at`` of a ``Perishable`` request made at this hall time."""
    return HallTime(now + _GOOD_FOR)


def actor_of(arguments: argparse.Namespace) -> StaffNo:
    """Who asks, as typed."""
    return StaffNo(arguments.actor)


def ticket_of(arguments: argparse.Namespace, now: HallTime) -> TicketId:
    """The ticket typed as a number, of today in the hall unless ``--date`` was given (``add_ticket_number``)."""
    day = arguments.date if arguments.date is not None else day_of(now)
    return TicketId(f"{day.isoformat()}/{arguments.no}")


def ticket_number(answer: Answer) -> str:
    """The number of the ticket a ``RequestDone`` names, for people."""
    ticket = answer.ticket if isinstance(answer, RequestDone) else None
    return "?" if ticket is None else ticket.rpartition("/")[2]


def configuration_of(arguments: argparse.Namespace) -> HallConfig:
    """From the hall.toml given, or from what the service has adopted.

    Raises:
        CommandError: the service has adopted none yet.
    """
    if arguments.config is not None:
        return load(read_text(arguments.config), str(arguments.config))
    with Archive(arguments.data) as archive:
        content = archive.configuration()
    if content is None:
        raise CommandError(f"{archive.path} holds no configuration yet; start the service first, or give --config")
    return load(content, str(archive.path))


def _ops_node(config: HallConfig, wanted: str | None) -> NodeName:
    declared = [device.id for device in config.devices if device.kind == "ops"]
    if wanted is not None and wanted not in declared:
        raise CommandError(f"{wanted} is no ops node of {config.hall.id}; declared are: {', '.join(declared) or 'none'}")
    if wanted is None and len(declared) != 1:
        raise CommandError(f"give --node; the ops nodes of {config.hall.id} are: {', '.join(declared) or 'none'}")
    return NodeName(wanted) if wanted is not None else declared[0]


class _Asking:
    """The short life of an ops node: connect, hear that the service is there, ask, hear the answer."""

    def __init__(self, ask: Ask, link: NodeLink, inbox: Inbox[InboxItem], birth: NodeState, address: MqttConfig) -> None:
        self._ask = ask
        self._link = link
        self._inbox = inbox
        self._request_id = RequestId(f"{birth.node}/{birth.boot}/0")
        self._asked = False
        self.wake_at: Ms | None = None
        self.succeeded = False
        self.outcome = (
            f"无法连接消息服务器 {address.host}:{address.port},未作任何更改。\n"
            f"The MQTT server at {address.host}:{address.port} does not answer; nothing was changed."
        )

    def begin(self, now: Ms) -> None:
        """Connect."""
        self.wake_at = now + _CONNECT_WITHIN
        self._link.start()

    def handle(self, item: InboxItem, now: Ms) -> None:
        """Hear the service, ask once, hear the answer."""
        match item.happening:
            case LinkUp() if not self._asked:
                self.outcome = _SERVICE_AWAY
                self.wake_at = now + _HEARTBEAT_WITHIN
            case Heard(ServiceState(online=False)) if not self._asked:
                self._end(_SERVICE_AWAY)
            case Heard(ServiceState(hall_now=hall_now)) if not self._asked:
                self._asked = True
                self.outcome = _NO_ANSWER
                self.wake_at = now + _ANSWER_WITHIN
                self._link.say(self._ask.make(self._request_id, hall_now))
            case Heard(Answer(request_id=self._request_id) as answer):
                self._answered(answer)
            case _:
                pass

    def _answered(self, answer: Answer) -> None:
        match answer:
            case RequestRefused() as refused:
                self._end(_refusal(refused))
            case done:
                self.succeeded = True
                self._end(self._ask.done(done))

    def wake(self, now: Ms) -> None:  # noqa: ARG002 -- waiting has simply been long enough
        """Give up; ``outcome`` already says how far it came."""
        self._end(self.outcome)

    def close(self, *, reason: str = "planned") -> None:
        """Say goodbye."""
        self._link.close(reason=reason)

    def _end(self, outcome: str) -> None:
        self.outcome = outcome
        self.wake_at = None
        self._inbox.stop()


_SERVICE_AWAY = (
    "规则服务未运行,请求未发出,未作任何更改。请先启动:systemctl start hall-broker\n"
    "The rules service is not running; nothing was asked and nothing changed. Start it: systemctl start hall-broker"
)
_NO_ANSWER = (
    "规则服务没有答复。该请求将在数秒内自行失效;请用 hall-broker facts 确认后再重试。\n"
    "The rules service did not answer. The request expires by itself within seconds; look at hall-broker facts, then "
    "try again."
)


def _refusal(refused: RequestRefused) -> str:
    """The sentence of the refusal in both languages, with what an administrator may want to know."""
    sentence = text(f"refusal.{refused.reason.value}")
    detail = f"\n{refused.detail}" if refused.detail else ""
    try:
        return f"{sentence.zh.format(**refused.values)}\n{sentence.en.format(**refused.values)}{detail}"
    except KeyError:  # the rules gave no value for a placeholder
        return f"{sentence.zh}\n{sentence.en}{detail}"
