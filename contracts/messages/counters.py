"""What a counter terminal asks: one request a key of the clerk."""

from contracts.messages.base import Perishable
from contracts.values import CallId, CounterId, CoverMode, GroupId, ServiceId, SessionId, TicketId


class LoginRequested(Perishable, frozen=True, kw_only=True):
    """A work card was presented at a counter terminal; ``card`` is its 10 hex digits. Who it is, the service decides.

    The same card again logs the person out, if the counter is free or paused.
    """

    card: str


class CallNextRequested(Perishable, frozen=True, kw_only=True):
    """The clerk pressed 叫下一位."""


class RecallRequested(Perishable, frozen=True, kw_only=True):
    """The clerk pressed 重呼 for the ticket on the desk."""

    call: CallId


class StartRequested(Perishable, frozen=True, kw_only=True):
    """The called visitor is here: 开始办理."""

    call: CallId


class FinishRequested(Perishable, frozen=True, kw_only=True):
    """The session is over: 办理完毕. Arms the rating pad."""

    session: SessionId


class NoShowRequested(Perishable, frozen=True, kw_only=True):
    """Nobody came: 过号 (D9)."""

    call: CallId


class PauseRequested(Perishable, frozen=True, kw_only=True):
    """暂停服务. ``reason`` is empty or a word from the hall's list, such as 短暂离开 (HALL-11.1)."""

    reason: str = ""


class ResumeRequested(Perishable, frozen=True, kw_only=True):
    """恢复服务."""


class HoldRequested(Perishable, frozen=True, kw_only=True):
    """挂起: the ticket called or served here is put aside and the counter is free for the next (1.0.5)."""

    call: CallId


class HeldResumeRequested(Perishable, frozen=True, kw_only=True):
    """恢复办理: a ticket held here waits again, before all others of this counter. ``None``: the one held longest."""

    ticket: TicketId | None = None


class TransferRequested(Perishable, frozen=True, kw_only=True):
    """转移: the visitor here waits in another group, with the claims and the issue time they have."""

    call: CallId
    group: GroupId
    service: ServiceId | None = None


class LeadRequested(Perishable, frozen=True, kw_only=True):
    """领办: the visitor here is led to another counter, and stays with this one until that one accepts (FIRST-4.2)."""

    call: CallId
    to: CounterId


class LeadAcceptRequested(Perishable, frozen=True, kw_only=True):
    """The counter a visitor is led to takes over: its session begins. ``None``: the one announced longest."""

    ticket: TicketId | None = None


class LeadEndRequested(Perishable, frozen=True, kw_only=True):
    """The counter that leads takes it back: the visitor is served on here."""

    call: CallId


class CareCheckRequested(Perishable, frozen=True, kw_only=True):
    """The clerk has looked at the priority of the ticket here (con.care.ok, con.care.no).

    Not ``verified`` and not ``to_queue``: served at once all the same and recorded as ``care_unverified`` (the default).
    ``to_queue``: back in line as an ordinary ticket with its original issue time (CARE-2.1).
    """

    call: CallId
    verified: bool
    to_queue: bool = False


class ExtensionRefusalRequested(Perishable, frozen=True, kw_only=True):
    """无法延时: the clerk cannot stay after hours; the visitor is held and the window head picks another (EXT-4)."""

    reason: str


class CoverRequested(Perishable, frozen=True, kw_only=True):
    """The person here acts for another counter, whose B they are (AB-4.6)."""

    counter: CounterId
    mode: CoverMode = CoverMode.MERGE


class CoverEndRequested(Perishable, frozen=True, kw_only=True):
    """The person here no longer acts for another counter."""
