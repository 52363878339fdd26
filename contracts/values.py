"""The values that messages are made of: names, times and the few words that have a fixed meaning.

Times are integers. ``HallTime`` is milliseconds since 1970-01-01 UTC as read from the hall clock, which only the rules
service advances. ``Ms`` is a duration, or a reading of one node's monotonic clock, in milliseconds; it means nothing on
another node or after a reboot. See ``docs/decisions/0002-times-are-integers.md``.
"""

from enum import StrEnum
from typing import NewType

Ms = int
HallTime = NewType("HallTime", int)

HallId = NewType("HallId", str)
NodeName = NewType("NodeName", str)
"""The name a node is declared under in hall.toml: ``TM-01``, ``PAD-W02``."""
BootId = NewType("BootId", str)
"""16 hex digits drawn when a node starts; tells one life of a process from the next."""
RequestId = NewType("RequestId", str)
"""``{node}/{boot}/{seq}``: names one request for ever, however often it is sent."""

CounterId = NewType("CounterId", str)
"""``W02``; citizens read it as counter 2."""
GroupId = NewType("GroupId", str)
"""One capital letter, the first character of the group's ticket numbers."""
ServiceId = NewType("ServiceId", str)
StaffNo = NewType("StaffNo", str)
TicketNo = NewType("TicketNo", str)
"""What is printed and called: ``A017``; from an offline kiosk ``A2-03``."""
TicketId = NewType("TicketId", str)
"""``2026-03-10/A017``: the number and its day, unique for ever."""
CallId = NewType("CallId", str)
"""``2026-03-10/A017/c1``: the first time this ticket was called; a reactivated ticket gets ``c2``."""
SessionId = NewType("SessionId", str)
"""``2026-03-10/A017/s1``: the first service session of this ticket."""
CardHash = NewType("CardHash", str)
"""Keyed hash of a work card's 10 hex digits; the card number itself is never stored or published by the clock."""


class VisitorClass(StrEnum):
    """The classes a claim can be in (rules 1.0.4)."""

    NORMAL = "normal"
    GREEN = "green"
    CARE = "care"
    APPOINTMENT_DUE = "appointment_due"
    URGENT = "urgent"


class CounterPhase(StrEnum):
    """What is going on at a counter."""

    CLOSED = "closed"
    """Nobody is logged in."""
    FREE = "free"
    CALLED = "called"
    SERVING = "serving"
    PAUSED = "paused"


class HallPhase(StrEnum):
    """What part of its day the hall is in."""

    REST = "rest"
    """Not a working day."""
    BEFORE_OPENING = "before_opening"
    OPEN = "open"
    NOON = "noon"
    AFTER_CLOSING = "after_closing"
    """No new tickets; everyone who holds one is still served (EXT-3.3)."""
    CLOSED = "closed"


class PunchIntent(StrEnum):
    """What the person said a punch means; ``NONE`` leaves it to the algorithm (1.0.3)."""

    NONE = "none"
    IN = "in"
    OUT = "out"
    OUTING = "outing"
    RETURN = "return"
    TRAIN = "train"


class Condition(StrEnum):
    """How a part of a node is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


class PrintProof(StrEnum):
    """What a kiosk knows about a paper."""

    CONFIRMED = "confirmed"
    """The printer answered the barrier after the cut, and its status was clean."""
    DRAINED = "drained"
    """A printer without the barrier answered status cleanly after the time its buffer needs."""


class Refusal(StrEnum):
    """Why a request was refused. ``words`` holds a sentence for each under ``refusal.<value>``."""

    EXPIRED = "expired"
    NODE_NOT_DECLARED = "node_not_declared"
    WRONG_NODE = "wrong_node"
    """A node of this kind may not ask for this."""
    MALFORMED = "malformed"
    NOT_PERMITTED = "not_permitted"
    REST_DAY = "rest_day"
    NOT_OPEN_YET = "not_open_yet"
    CLOSED_TODAY = "closed_today"
    NOON_BREAK = "noon_break"
    EMERGENCY = "emergency"
    UNKNOWN_GROUP = "unknown_group"
    UNKNOWN_SERVICE = "unknown_service"
    UNKNOWN_PROJECT = "unknown_project"
    BAD_VALUE = "bad_value"
    UNKNOWN_CARD = "unknown_card"
    NOT_ONBOARDED = "not_onboarded"
    NOT_QUALIFIED = "not_qualified"
    LOGGED_IN_ELSEWHERE = "logged_in_elsewhere"
    COUNTER_OCCUPIED = "counter_occupied"
    NOT_LOGGED_IN = "not_logged_in"
    NOBODY_WAITING = "nobody_waiting"
    COUNTER_BUSY = "counter_busy"
    COUNTER_PAUSED = "counter_paused"
    NOTHING_CALLED = "nothing_called"
    NOT_SERVING = "not_serving"
    TOO_SOON = "too_soon"
    """A recall before 20 s, or a no-show before the calls and the wait are complete."""
    NO_CALLS_LEFT = "no_calls_left"
    CHECKIN_NOT_OPEN = "checkin_not_open"
    """An appointment checked in more than half an hour before its time (APPT-4.3)."""
    UNKNOWN_TICKET = "unknown_ticket"
    WRONG_TICKET_STATE = "wrong_ticket_state"
    UNKNOWN_SESSION = "unknown_session"
    RATING_CLOSED = "rating_closed"
    ALREADY_RATED = "already_rated"
    UNKNOWN_STAFF = "unknown_staff"
