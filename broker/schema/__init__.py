"""What hall.toml may say: every section and key, with its type, its limits and the rule book's default.

Pure structs; reading and checking stand in ``broker.config`` and ``broker.config_checks``. A section of the file is one
struct here. Times of day are texts ``"HH:MM"``; units are ``_s``, ``_min``, ``_days`` and ``_wd`` (working days).
"""

from broker.schema.base import Clock, DeviceKind, ExcludedProcedure, Level, Role, Section, YearRange
from broker.schema.catalogue import Counter, Device, GreenProject, QueueGroup, Reserve, Service
from broker.schema.hall import CalendarSection, Half, HallSection, Holiday, LocalClosure, Schedule
from broker.schema.params import (
    AppointmentParams,
    AttendanceParams,
    Classes,
    ClassWeight,
    EstimateParams,
    LeaveLevel,
    Params,
    QueueParams,
    RatingParams,
    RetentionDays,
    RongqueParams,
    TrainingParams,
)
from broker.schema.people import Department, Letter, Post, Staff, Term

__all__ = (
    "AppointmentParams",
    "AttendanceParams",
    "CalendarSection",
    "ClassWeight",
    "Classes",
    "Clock",
    "Counter",
    "Department",
    "Device",
    "DeviceKind",
    "EstimateParams",
    "ExcludedProcedure",
    "GreenProject",
    "Half",
    "HallConfig",
    "HallSection",
    "Holiday",
    "LeaveLevel",
    "Letter",
    "Level",
    "LocalClosure",
    "Params",
    "Post",
    "QueueGroup",
    "QueueParams",
    "RatingParams",
    "Reserve",
    "RetentionDays",
    "Role",
    "RongqueParams",
    "Schedule",
    "Section",
    "Service",
    "Staff",
    "Term",
    "TrainingParams",
    "YearRange",
)


class HallConfig(Section, frozen=True, kw_only=True):
    """All of hall.toml."""

    hall: HallSection
    schedules: tuple[Schedule, ...]
    calendar: CalendarSection
    departments: tuple[Department, ...]
    queue_groups: tuple[QueueGroup, ...]
    services: tuple[Service, ...]
    counters: tuple[Counter, ...]
    staff: tuple[Staff, ...]
    devices: tuple[Device, ...]
    posts: tuple[Post, ...] = ()
    green_projects: tuple[GreenProject, ...] = ()
    params: Params = Params()
