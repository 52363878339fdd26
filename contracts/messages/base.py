"""What every message is made of, and the few shapes they come in. See the package's docstring for how messages grow."""

from msgspec import Struct, field

from contracts.values import BootId, HallTime, Ms, Refusal, RequestId, TicketId


class Message(Struct, frozen=True, kw_only=True, tag_field="message", tag=True):
    """Anything that may travel over MQTT; the tag is the class name."""


class Request(Message, frozen=True, kw_only=True):
    """Something a node asks of the rules service; answered under its own id exactly as decided the first time."""

    request_id: RequestId


class Perishable(Request, frozen=True, kw_only=True):
    """A request that a person can simply repeat: refused as ``expired`` once ``expires_at`` has passed.

    ``expires_at`` is the last heard hall clock + 3 s; ``None`` where no hall clock was heard yet.
    """

    expires_at: HallTime | None = None


class Stamp(Struct, frozen=True, kw_only=True):
    """When something happened, in all the clocks a node without a battery clock has. Filled by the node's outbox.

    ``boot``, ``monotonic_ms``, ``wall_at`` are read when the journal row is written. ``heard_hall_at`` and
    ``heard_monotonic_ms`` are the last time sync before that, if there was one in this boot. ``age_ms`` is set at each
    sending: monotonic time since the row was written, or ``None`` if the node has rebooted since.
    """

    boot: BootId
    monotonic_ms: Ms
    wall_at: HallTime
    heard_hall_at: HallTime | None = None
    heard_monotonic_ms: Ms | None = None
    age_ms: Ms | None = None


class Kept(Request, frozen=True, kw_only=True):
    """A request that nobody can repeat.

    Journalled and fsync'd by its node before anyone sees a lamp or a paper, and sent until the service has answered.
    Never expires.
    """

    stamp: Stamp | None = None


class Answer(Message, frozen=True, kw_only=True):
    """An answer to the request of that id."""

    request_id: RequestId


class RequestDone(Answer, frozen=True, kw_only=True):
    """Decided and stored. What changed shows in the retained state; ``ticket`` names the ticket concerned, if any.

    ``values`` fill the placeholders of the sentence the asking person reads (``{no}``, ``{n}``).
    """

    ticket: TicketId | None = None
    values: dict[str, str] = field(default_factory=dict)


class RequestRefused(Answer, frozen=True, kw_only=True):
    """Not done, and will not be; ``reason`` is for machines, ``detail`` for an administrator.

    ``values`` fill the placeholders of the sentence in ``words`` (``{time}``, ``{place}``).
    """

    reason: Refusal
    values: dict[str, str] = field(default_factory=dict)
    detail: str = ""


class Versioned(Message, frozen=True, kw_only=True):
    """Retained state with a version: (epoch, fact). Whoever holds a version drops every lower one."""

    epoch: int
    fact: int


class Settings(Message, frozen=True, kw_only=True):
    """Retained, cached fsync'd by the node and used when the service is away; ``hash`` names the configuration it is of."""

    hash: str
    hall_name_zh: str
    hall_name_en: str
    hotline: str
