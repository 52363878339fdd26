"""Every number the rule book leaves to the hall."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, field

from broker.schema.base import (
    Clock,
    Count,
    Level,
    Name,
    Positive,
    Section,
    YearRange,
)
from contracts.values import VisitorClass


class LeaveLevel(Section, frozen=True, kw_only=True):
    """Who approves leave of up to ``max_days`` (ATT-5.1); the last level has no limit."""

    by: tuple[Level, ...]
    max_days: Positive | None = None


class AttendanceParams(Section, frozen=True, kw_only=True):
    """Attendance (1.0.3, ATT). ``clock_offset_s``: above it a punch's time is unverified (ATT-10).

    A missing punch is made good within ``regularise_within_wd`` working days and ``regularise_per_month`` times a person
    and month; later or more often the manager decides (ATT-8.3.1c). ``correct_within_days`` is how far back records may be
    corrected.
    ``kept_days`` is how old a punch of a rebooted clock may plausibly be if nobody knows when its outage began.
    A counter is vacant after ``vacant_post_min`` without anybody working there; the B of the post is asked first, the duty
    leader ``vacancy_leader_min`` later (HALL-11.1). A B is asked to act for somebody away ``cover_before_min`` before the
    half begins (AB-1); a main person is asked as long before to hand over. A hand-over by telephone is entered within
    ``handover_phone_min`` of taking over (AB-4.2b). ``login_clue_min`` after a half begins, who has not logged in is a clue
    for the patrol (ATT-8.1). ``outing_kinds`` are the absences a login ends (ATT-6.2); any other is leave, and refuses it.
    Leave can be entered, decided and taken back until ``leave_kept_days`` natural days after its end; at ``leave_remind_at``
    of its last workday its person is reminded (ATT-5.3). Absence of more than ``long_absence_days`` workdays running, or
    ``long_absence_year_days`` in a year, is brought to the notice of personnel (ATT-8.4). Nobody is evaluated before
    ``from``; if it is left out, before the day of the first configuration.
    """

    precision: Literal["minute"] = "minute"
    late_grace_min: Count = 0
    early_grace_min: Count = 0
    halfday_absence_policy: Literal["both_missing", "any_missing"] = "both_missing"
    punch_regime: Literal["four", "two"] = "four"
    debounce_s: Count = 60
    day_cutoff: Clock = "04:00"
    break_split: Literal["midpoint"] = "midpoint"
    late_to_absence_min: Positive | None = None
    regularise_within_wd: Count = 2
    regularise_per_month: Count = 3
    correct_within_days: Positive = 62
    retroactive_within_wd: Count = 1
    proxy_gap_s: Count = 3
    vacant_post_min: Positive = 10
    vacancy_leader_min: Positive = 5
    cover_before_min: Count = 15
    handover_phone_min: Positive = 15
    login_clue_min: Positive = 5
    leave_kinds: tuple[Name, ...] = (
        "personal",
        "sick",
        "annual",
        "marriage",
        "maternity",
        "other",
        "bereavement",
        "paternity",
        "home_visit",
        "compensatory",
    )
    outing_kinds: tuple[Name, ...] = ("outing", "meeting", "study", "training", "trip", "errand")
    outing_return_grace_min: Count = 15
    first_day: date | None = field(name="from", default=None)
    leave_levels: tuple[LeaveLevel, ...] = (
        LeaveLevel(max_days=1, by=("chief_rep",)),
        LeaveLevel(max_days=3, by=("chief_rep", "duty_leader")),
        LeaveLevel(by=("chief_rep", "duty_leader", "manager")),
    )
    clock_offset_s: Positive = 30
    outage_slack_s: Count = 120
    kept_days: Positive = 4
    leave_kept_days: Positive = 62
    leave_remind_at: Clock = "15:00"
    long_absence_days: Positive = 15
    long_absence_year_days: Positive = 30


class ClassWeight(Section, frozen=True, kw_only=True):
    """How a class counts: minutes it starts ahead, and its speed in percent of a normal visitor's (1.0.4)."""

    head_start_min: Count
    speed: Positive


class Classes(Section, frozen=True, kw_only=True):
    """The table of 1.0.4; a hall replaces single lines of it."""

    urgent: ClassWeight = ClassWeight(head_start_min=1440, speed=300)
    appointment_due: ClassWeight = ClassWeight(head_start_min=120, speed=200)
    care: ClassWeight = ClassWeight(head_start_min=30, speed=200)
    green: ClassWeight = ClassWeight(head_start_min=15, speed=150)
    normal: ClassWeight = ClassWeight(head_start_min=0, speed=100)

    def of(self, visitor_class: VisitorClass) -> ClassWeight:
        """The line of this class."""
        weight: ClassWeight = getattr(self, visitor_class.value)
        return weight


class QueueParams(Section, frozen=True, kw_only=True):
    """Tickets and calls (1.0.4, 1.0.5, D9). ``presumed_printed_after_s`` is the paper rule of design 5.

    A surge (EXT-3.4): ``surge_waiting`` people, or a plain estimate above ``surge_est_wait_min``, or ``surge_min_arrivals``
    in a quarter of an hour that are ``surge_ratio`` times those of the last ``surge_weeks``; over after ``surge_clear_min``
    below half of it. ``escalate_min``: duty leader, window heads, manager. ``near_close_min``: minutes before closing at
    which it is announced. ``closing_wait_min`` is the estimate a closing plan aims at (EXT-3.3), ``extension_pick_min`` the
    time a window head has to pick somebody (EXT-4), ``emergency_confirm_s`` that of the second step of an emergency
    (HALL-8.2), ``agent_ack_min`` that of an agent (AGENT-4.1). Above ``waiting_per_guide`` more guides are suggested
    (HALL-8.1).

    A visitor who gets care and was called ``care_alert_at`` times is looked for. A ticket put aside at a counter waits in
    its group again ``held_release_min`` after nobody there can go on with it. Sent on ``transfer_chain`` times without being
    served, it is brought to a leader's notice (FIRST-6).
    ``pause_reasons`` and ``extension_reasons`` are what a clerk may choose from at the terminal (HALL-11.1, EXT-4). A green
    project is followed up every ``green_follow_up_wd`` working days (GREEN-4).
    """

    classes: Classes = Classes()
    calls_per_ticket: Positive = 3
    recall_gap_s: Positive = 20
    noshow_after_s: Positive = 60
    care_calls: Positive = 5
    reactivations: Count = 1
    reactivate_after: Positive = 3
    open_before_min: Count = 15
    noon_policy: Literal["finish_current_then_carry_over"] = "finish_current_then_carry_over"
    close_policy: Literal["serve_all_waiting"] = "serve_all_waiting"
    surge_waiting: Positive = 10
    surge_est_wait_min: Positive = 30
    surge_ratio: Annotated[float, Meta(gt=1)] = 2.0
    surge_min_arrivals: Positive = 6
    surge_weeks: Positive = 4
    surge_clear_min: Count = 10
    escalate_min: tuple[Count, ...] = (0, 5, 10)
    near_close_min: tuple[Positive, ...] = (15, 10, 5)
    closing_wait_min: Positive = 30
    extension_pick_min: Count = 5
    emergency_confirm_s: Positive = 60
    agent_ack_min: Count = 3
    waiting_per_guide: Positive = 20
    presumed_printed_after_s: Positive = 60
    care_alert_at: Positive = 3
    held_release_min: Count = 10
    transfer_chain: Positive = 3
    green_escalate_min: Positive = 5
    green_follow_up_wd: Positive = 2
    pause_reasons: tuple[Name, ...] = ("短暂离开",)
    extension_reasons: tuple[Name, ...] = ("接送家人", "身体不适", "其他原因")


class EstimateParams(Section, frozen=True, kw_only=True):
    """The waiting time on a ticket: a range in which most are called.

    ``low_percent`` and ``high_percent`` of all who read it are called before its ends. The ``avg_min`` of a service counts
    as ``prior_tickets`` tickets that were served, with a spread of ``spread_percent`` of it; a ticket counts for a third
    after ``memory_tickets`` more. ``pause_s``: between two visitors. ``arrivals_min``: who came in so many minutes tells who
    will come. A counter somebody has left is thought to be left for as long again, at least ``away_min``. The rest bounds
    the work: in how many ``replays`` the order of calls is found, in how many ``paths`` it is repeated, how many calls are
    ``replayed``, and how far ahead a path looks (``horizon_min``).
    """

    low_percent: Annotated[int, Meta(ge=1, le=50)] = 20
    high_percent: Annotated[int, Meta(ge=50, le=99)] = 80
    prior_tickets: Positive = 4
    memory_tickets: Annotated[int, Meta(ge=2)] = 150
    spread_percent: Count = 60
    pause_s: Count = 5
    arrivals_min: Positive = 60
    away_min: Positive = 5
    paths: Annotated[int, Meta(ge=8, le=1000)] = 40
    replays: Annotated[int, Meta(ge=1, le=16)] = 2
    replayed: Positive = 120
    horizon_min: Positive = 480


class AppointmentParams(Section, frozen=True, kw_only=True):
    """Appointments (APPT). ``slot_capacity`` people are promised each ``slot_min`` of a group, up to ``ahead_days`` ahead.

    A task goes to the next person after ``confirm_escalate_min``, ``contact_escalate_min``, ``wait_escalate_min``; whoever
    was here in time and waits ``wait_alert_min`` beyond it is brought to the duty leader (APPT-7.3).
    """

    grid_min: Positive = 5
    slot_capacity: Positive = 4
    grace_min: Count = 30
    contact_attempts: Positive = 2
    contact_gap_min: Positive = 5
    checkin_before_min: Count = 30
    staff_remind_min: tuple[Positive, ...] = (15, 5)
    slot_min: Positive = 30
    ahead_days: Annotated[int, Meta(ge=1, le=366)] = 30
    confirm_escalate_min: Positive = 60
    contact_escalate_min: Positive = 10
    wait_alert_min: Positive = 15
    wait_escalate_min: Positive = 10


class RatingParams(Section, frozen=True, kw_only=True):
    """Ratings (EVAL). ``press_grace_s``: how far a press may lie past the window and still count as inside it.

    ``min_session_s``: a session that ends by handing the visitor on is rated if it lasted that long (EVAL-6.1).
    """

    prompt_s: Positive = 60
    min_session_s: Count = 60
    min_prompt_s: Positive = 15
    late_days: Positive = 30
    contact_wd: Positive = 1
    rectify_wd: Positive = 5
    rectify_max_wd: Positive = 15
    appeal_wd: Positive = 5
    press_grace_s: Count = 3


class RongqueParams(Section, frozen=True, kw_only=True):
    """Provisional acceptance with missing papers (CARE-5, GREEN-7)."""

    default_supplement_wd: Positive = 5
    max_supplement_wd: Positive = 20
    margin_before_promise_wd: Count = 2


class TrainingParams(Section, frozen=True, kw_only=True):
    """Training (TRN-9.1): signing in opens ``sign_in_before_min`` ahead, and is late after ``sign_in_grace_min``."""

    sign_in_before_min: Count = 30
    sign_in_grace_min: Count = 15


class RetentionDays(Section, frozen=True, kw_only=True):
    """How long personal data is kept, in natural days."""

    ticket_identity: Positive = 1
    rating_identity: Positive = 180
    appointment_contact: Positive = 30
    staff_notes: Positive = 30
    attendance: Positive = 1095
    audit_log: Positive = 365


class Params(Section, frozen=True, kw_only=True):
    """Every number the rule book leaves to the hall, with the rule book's default.

    ``rotation_window`` is the time of the year in which people are regularly changed (ROT-4). ``letter_remind_days`` before
    a letter of authorisation ends, its chief representative and the manager are told (CREP-3).
    """

    attendance: AttendanceParams = AttendanceParams()
    queue: QueueParams = QueueParams()
    estimate: EstimateParams = EstimateParams()
    appointment: AppointmentParams = AppointmentParams()
    rating: RatingParams = RatingParams()
    rongque: RongqueParams = RongqueParams()
    training: TrainingParams = TrainingParams()
    rotation_window: YearRange = YearRange(first="01-01", last="03-31")
    letter_remind_days: Positive = 30
    retention_days: RetentionDays = RetentionDays()
