"""Computing deadlines from a file, by the very ``deadline`` the service computes with (1.0.2; issue 3)."""

from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from broker.rehearsal import computed, read_file
from broker.rules.deadline import Excluded, Unit, deadline
from broker.schema import CalendarSection, ExcludedProcedure

_Pair = tuple[date, date | None]
_Named = tuple[date, date | None, ExcludedProcedure]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    cases: list[Any]


class _Case(Struct, frozen=True, forbid_unknown_fields=True):
    """``excluded``: first and last day, both included; a last day of null still runs; the procedure may be named."""

    name: str
    accepted: date
    limit: Annotated[int, Meta(ge=0)]
    unit: Unit
    excluded: list[list[Any]] = []


def rehearse_deadline(cases: Any, calendar: CalendarSection) -> dict[str, Any]:
    """``{"cases": [{"name", "deadline"}]}``; ``{"name", "error"}`` for a bad case.

    A deadline is null while a procedure still runs. Raises :class:`broker.rehearsal.RehearsalError` if the whole
    cannot be understood.
    """

    def compute(raw: Any) -> dict[str, Any]:
        case = msgspec.convert(raw, _Case)
        excluded = [_excluded(each, place) for place, each in enumerate(case.excluded)]
        day = deadline(calendar, case.accepted, case.limit, case.unit, excluded)
        return {"deadline": day.isoformat() if day else None}

    return computed(read_file(cases, _File).cases, compute)


def _excluded(raw: list[Any], place: int) -> Excluded:
    """Two days, or two days and one of the eight procedures."""
    try:
        match raw:
            case [_, _, _]:
                return Excluded(*msgspec.convert(raw, _Named))
            case _:
                return Excluded(*msgspec.convert(raw, _Pair))
    except ValueError as error:
        raise ValueError(f"{error} - at `$.excluded[{place}]`") from error
