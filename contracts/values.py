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


HolderHash = NewType("HolderHash", str)
"""HMAC-SHA256 of an ID number under the key of its day (64 hex digits); the number itself never leaves the kiosk."""
AppointmentId = NewType("AppointmentId", str)
"""``2026-03-12/P003``: the third appointment made for that day, unique for ever."""
LeaveNo = NewType("LeaveNo", str)
"""``QJ-20260310-001``: the first leave entered on that day, unique for ever."""
TaskId = NewType("TaskId", str)
"""``2026-03-10/T017``: something a person is asked to see to."""
InquiryNo = NewType("InquiryNo", str)
"""``ZX-20260310-001``: the first inquiry recorded on that day, unique for ever."""
TrainingNo = NewType("TrainingNo", str)
"""``PX-20260310-001``: the first training entered on that day, unique for ever."""
CorrectionNo = NewType("CorrectionNo", str)
"""``BQ-20260311-001``: the first 补签 asked for on that day, unique for ever."""
ProxyCaseNo = NewType("ProxyCaseNo", str)
"""``DK-20260310-001``: the first case of proxy clocking opened on that day, unique for ever."""
PunchId = NewType("PunchId", str)
"""The request id of a punch at a clock; that of the sheet and a position (``.../3``) for one entered by hand."""
OutingNo = NewType("OutingNo", str)
"""``GC-20260310-003``: the third business outing entered on that day, unique for ever."""


OUTING_AHEAD: Ms = 30 * 60_000
"""A 公出 punch up to so long before the planned time belongs to the outing, at the clock and in the ledger."""

RotationNo = NewType("RotationNo", str)
"""``LH-20260310-001``: the first rotation asked for on that day, unique for ever."""
HandoverNo = NewType("HandoverNo", str)
"""``JJ-20260310-001``: the first hand-over between the people of a post that was entered on that day (AB-4.2)."""


class InquiryKind(StrEnum):
    """What became of an inquiry (GUID-3.1, FIRST-4)."""

    ANSWERED = "answered"
    INFORMED = "informed"
    """已一次性告知: everything was told at once, with the one-off notice (FIRST-4.1)."""
    OUT_OF_SCOPE = "out_of_scope"
    """Not the hall's: whose it is and how they are reached was told (FIRST-4.3)."""


class InquiryChannel(StrEnum):
    """How somebody asked (FIRST-3.1)."""

    DESK = "desk"
    PHONE = "phone"
    LETTER = "letter"


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


class Channel(StrEnum):
    """How an appointment was made (APPT-3)."""

    ONSITE = "onsite"
    PHONE = "phone"
    WEB = "web"
    APP = "app"
    MINIPROGRAM = "miniprogram"


class ContactOutcome(StrEnum):
    """What came of calling somebody who has not come to an appointment (APPT-7.1)."""

    COMING = "coming"
    CANNOT_COME = "cannot_come"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


class Initiator(StrEnum):
    """On whose wish an appointment is changed or cancelled: only the hall needs a reason, an approval and a notice."""

    PERSON = "person"
    HALL = "hall"


class CoverMode(StrEnum):
    """How the B of a post who has a counter of his own serves for both (AB-4.6)."""

    MERGE = "merge"
    """At the own counter, calling the groups of both."""
    TAKEOVER = "takeover"
    """At the other counter; the own one sends its visitors there."""


class HandoverKind(StrEnum):
    """How the main person of a post handed over (AB-1, AB-4.2)."""

    WRITTEN = "written"
    """Before leaving."""
    PHONE = "phone"
    """By telephone, entered by who took over."""
    TAKEN = "taken"
    """Whoever was asked to act has done so, with the list the hall knows; nobody has told them anything yet."""


class ListedKind(StrEnum):
    """What may stand in the list of a hand-over."""

    AT_DESK = "at_desk"
    """A ticket called or served at the counter."""
    HELD = "held"
    LED = "led"
    """A ticket led from or to the counter."""
    APPOINTMENT = "appointment"
    TASK = "task"


class HandoverAct(StrEnum):
    """What somebody may do about a hand-over; also what was done, in the answer."""

    OUT = "out"
    ACK = "ack"
    SHOW = "show"
    """Look at it: whom to telephone, remarks, papers."""
    PHONE = "phone"
    RETURN = "return"
    CONFIRM = "confirm"


class HelpKind(StrEnum):
    """What somebody at a ticket machine needs a person for (CARE-3.2, CARE-6, AGENT-4.1)."""

    GUIDE = "guide"
    ASSIST = "assist"
    ITEMS = "items"


class TaskKind(StrEnum):
    """What staff are asked to see to. ``words`` holds the sentence of each under ``task.<value>``."""

    VACANCY = "vacancy"
    """A counter without its person in opening hours (HALL-11.1)."""
    ACT = "act"
    """The main person of a post is away; its B is asked to act (AB-1)."""
    SURGE = "surge"
    """A group has too many waiting; open a counter (EXT-3.4)."""
    EXTENSION_REFUSED = "extension_refused"
    """A clerk cannot stay; pick another (EXT-4)."""
    EXTENSION_COUNTER = "extension_counter"
    """The clerk of a free counter cannot stay while people wait for it; pick another (EXT-4)."""
    CLOSING_PLAN = "closing_plan"
    """Which counters stay open after closing; confirm (EXT-3.3)."""
    APPOINTMENT_CONFIRM = "appointment_confirm"
    """An appointment was asked for; confirm time and matter (APPT-4.2)."""
    APPOINTMENT_CONTACT = "appointment_contact"
    """Somebody has not come to an appointment; call them (APPT-7.1)."""
    APPOINTMENT_WAITING = "appointment_waiting"
    """Somebody who came in time waits long beyond the agreed time (APPT-7.3)."""
    GREEN_VISIT = "green_visit"
    """A ticket or appointment of a green project appeared; its case manager is told (GREEN-3)."""
    GREEN_FOLLOW_UP = "green_follow_up"
    """How does a green project stand: asked every second working day until it is closed (GREEN-4)."""
    HELP = "help"
    """Somebody needs help, a wheelchair, glasses (CARE-6)."""
    AGENT = "agent"
    """Somebody asks to be accompanied; the nearest agent, else the guide desk (AGENT-4.1)."""
    CARE_CALLED = "care_called"
    """A care ticket was called three times; the guide looks for its holder (1.0.5)."""
    TRANSFER_CHAIN = "transfer_chain"
    """A visitor was sent on three times without being served (FIRST-6)."""
    REGULARISE = "regularise"
    """Somebody asks to have a missing punch made good (ATT-8.3.1c)."""
    OUTING_DECIDE = "outing_decide"
    """A business outing was entered; whoever may approve it is asked (ATT-6.1)."""
    OUTING_RETURN = "outing_return"
    """The planned return from an outing is past and nobody has recorded one (ATT-6.2)."""
    LETTER_ENDS = "letter_ends"
    """The letter of authorisation of a chief representative ends soon, or has ended (CREP-3)."""
    PROXY_CHECK = "proxy_check"
    """A punch looks as if somebody else had made it; an inspector looks at it (ATT-8.3.2)."""
    PROXY_SIGN = "proxy_sign"
    """An inspector has signed a case of proxy clocking; a leader signs as the second, or does not."""
    CALENDAR = "calendar"
    """No calendar data of this year or the next was imported (1.0.1)."""
    LEAVE_DECIDE = "leave_decide"
    """Leave was asked for; the next level decides (ATT-5.1)."""
    LEAVE_ENDS = "leave_ends"
    """Leave ends today; the person and the chief representative are reminded (ATT-5.3)."""
    LEAVE_OVERDUE = "leave_overdue"
    """Leave is over, and its person neither came nor renewed it (ATT-8.3.3b)."""


class TrainingTopic(StrEnum):
    """What a training is about (TRN-3); ``EQUIPMENT`` is what ops teach users (EQP-4)."""

    POLITICS = "politics"
    POLICY = "policy"
    BUSINESS = "business"
    ETIQUETTE = "etiquette"
    RULES = "rules"
    EQUIPMENT = "equipment"
    OTHER = "other"


class TrainingForm(StrEnum):
    """How it is done (TRN-4): 授课, 研讨, 参观, otherwise."""

    LECTURE = "lecture"
    SEMINAR = "seminar"
    VISIT = "visit"
    OTHER = "other"


class PunchIntent(StrEnum):
    """What the person said a punch means; ``NONE`` leaves it to the algorithm (1.0.3)."""

    NONE = "none"
    IN = "in"
    OUT = "out"
    OUTING = "outing"
    RETURN = "return"
    TRAIN = "train"


class HalfOfDay(StrEnum):
    """Morning or afternoon, the unit of attendance."""

    AM = "AM"
    PM = "PM"


class PunchReason(StrEnum):
    """Why a punch is missing (ATT-8.3.1c): one of a list, so that nothing personal has to be written down."""

    FORGOT = "forgot"
    DEVICE = "device"
    """The clock or its network was out of order."""
    CARD = "card"
    """The work card was lost, broken or left at home."""
    ON_DUTY = "on_duty"
    """A visitor was being served, or a task of the hall was done elsewhere."""
    OTHER = "other"


class ProxyEvidence(StrEnum):
    """What a confirmed case of proxy clocking rests on (ATT-8.3.2)."""

    CAMERA = "camera"
    WITNESS = "witness"
    STATEMENT = "statement"
    """One of the two has said so."""
    RECORDS = "records"
    """Records of the hall: logins, sessions, the door."""


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
    CARD_LOST = "card_lost"
    """A work card that was reported lost (COND-4)."""
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
    DUPLICATE_TICKET = "duplicate_ticket"
    """This person already holds a live ticket of the group; ``no`` names it (EXT-3.2: no quota, a reprint instead)."""
    ALREADY_REACTIVATED = "already_reactivated"
    NOTHING_HELD = "nothing_held"
    NO_OPEN_COUNTER = "no_open_counter"
    """Nobody able to serve the group or service is logged in (FIRST-4.2)."""
    ON_LEAVE = "on_leave"
    NOT_LED = "not_led"
    """No ticket is being led to this counter."""
    UNKNOWN_COUNTER = "unknown_counter"
    UNKNOWN_APPOINTMENT = "unknown_appointment"
    APPOINTMENT_STATE = "appointment_state"
    """Not possible in the state the appointment is in."""
    APPOINTMENT_FORFEITED = "appointment_forfeited"
    SLOT_FULL = "slot_full"
    """The half hour is full; ``time`` is the next free point (APPT-1)."""
    OUTSIDE_HOURS = "outside_hours"
    CONTACT_MISSING = "contact_missing"
    APPROVAL_MISSING = "approval_missing"
    NOTICE_MISSING = "notice_missing"
    OWN_CASE = "own_case"
    """Nobody decides about himself (CREP-4.0)."""
    UNKNOWN_INQUIRY = "unknown_inquiry"
    AUTHORITY_MISSING = "authority_missing"
    """A matter out of scope takes whose it is and their telephone, or that nobody can tell (FIRST-4.3)."""
    UNKNOWN_TASK = "unknown_task"
    UNKNOWN_HANDOVER = "unknown_handover"
    HANDOVER_STATE = "handover_state"
    """Not possible in the state the hand-over is in: not returned yet, or returned already (AB-4.4)."""
    HANDOVER_LATE = "handover_late"
    """A hand-over by telephone is entered within ``m`` minutes of taking over (AB-4.2b)."""
    NOBODY_TO_ACT = "nobody_to_act"
    """B is away too; the duty leader names a third person first (AB-2)."""
    CONFIRM_FIRST = "confirm_first"
    """The second step of an emergency without the first, or too late (HALL-8.2)."""
    CALENDAR_MISSING_YEAR = "calendar_missing_year"
    UNKNOWN_TRAINING = "unknown_training"
    TRAINING_STATE = "training_state"
    """Not possible at this point of a training: over, not over yet, cancelled, closed, or not assessed (TRN-9)."""
    UNKNOWN_PUNCH = "unknown_punch"
    """No such punch waits for a check, or was entered by hand (ATT-10)."""
    UNKNOWN_CORRECTION = "unknown_correction"
    UNKNOWN_CASE = "unknown_case"
    """No such open case of proxy clocking (ATT-8.3.2)."""
    ALREADY_DECIDED = "already_decided"
    UNKNOWN_OUTING = "unknown_outing"
    OUTING_STATE = "outing_state"
    """Not possible in the state the outing is in."""
    TIME_REVERSED = "time_reversed"
    """It ends before it begins."""
    TIME_PAST = "time_past"
    """What needs approval beforehand (ATT-6.1, HALL-11.2) would have begun already."""
    NOT_THE_APPROVER = "not_the_approver"
    """Somebody else decides; ``who`` names them."""
    REASON_MISSING = "reason_missing"
    ALREADY_AWAY = "already_away"
    """The person has leave or an outing in a part of this time; ``no`` names it."""
    AB_BOTH_AWAY = "ab_both_away"
    """Nobody would be left for a post or a group (ATT-7); ``gap`` names it, a manager may override with a reason."""
    UNKNOWN_ROTATION = "unknown_rotation"
    ROTATION_STATE = "rotation_state"
    """Not possible at this point of a rotation: one of the person runs, or it is not agreed to."""
    OPEN_MATTERS = "open_matters"
    """Something is not handed over yet; ``list`` names it (ROT-7)."""
    UNKNOWN_LEAVE = "unknown_leave"
    LEAVE_STATE = "leave_state"
    """Not possible in the state the leave is in."""
