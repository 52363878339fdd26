"""Departments and the people in them: staff, chiefs, main and back-up persons."""

from datetime import date
from typing import Annotated

from msgspec import Meta, field

from broker.schema.base import (
    CardNo,
    CounterKey,
    Name,
    Role,
    Section,
    StaffKey,
)
from contracts.values import ServiceId


class Letter(Section, frozen=True, kw_only=True):
    """The letter of authorisation (授权委托书) of a chief, both days included (CREP-3); ``scan`` is its file."""

    no: Name
    first: date = field(name="from")
    last: date = field(name="to")
    scope: str = ""
    scan: str = ""


class Term(Section, frozen=True, kw_only=True):
    """From a day to another, both included."""

    first: date = field(name="from")
    last: date = field(name="to")


class Department(Section, frozen=True, kw_only=True):
    """A stationed department; ``chief`` is its one chief representative, by ``letter`` (CREP-1, CREP-3).

    ``deputy`` stands in for them, within ``deputy_term`` if that is given.
    """

    id: Name
    zh: Name
    chief: StaffKey | None = None
    deputy: StaffKey | None = None
    letter: Letter | None = None
    deputy_term: Term | None = None


class Staff(Section, frozen=True, kw_only=True):
    """A person. ``card`` is the work card; ``onboarded`` is false until formalities and training are complete.

    ``phone`` is told to whoever takes over from them, to nobody else (AB-4.2b).
    """

    id: StaffKey
    zh: Name
    dept: Name
    role: Role
    since: date
    card: CardNo | None = None
    skills: tuple[ServiceId, ...] = ()
    onboarded: bool = True
    phone: Annotated[str, Meta(pattern=r"^[0-9+ -]{0,20}$", description="digits, + - and spaces (at most 20)")] = ""


class Post(Section, frozen=True, kw_only=True):
    """A post with its main (a) and back-up (b) person (AB-1). ``mutual``: b has a counter of his own."""

    id: Name
    counter: CounterKey
    a: StaffKey
    b: StaffKey
    services: tuple[ServiceId, ...]
    mutual: bool = False
    ab_exempt: bool = False
    ab_exempt_reason: str = ""
