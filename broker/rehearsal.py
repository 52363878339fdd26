"""What every rehearsal of ``hall-broker rehearse`` shares: a file of cases, each computed or refused on its own."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from broker.rules.workdays import MissingYearError

TimeOfDay = Annotated[
    str,
    Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$", description="a time of day such as 08:55 or 08:55:30"),
]
_File = TypeVar("_File")


class RehearsalError(ValueError):
    """The file as a whole is no rehearsal."""


def read_file(cases: Any, shape: type[_File]) -> _File:
    """The whole file in this shape, its cases still undecoded, or :class:`RehearsalError`."""
    try:
        return msgspec.convert(cases, shape)
    except msgspec.ValidationError as error:
        raise RehearsalError(str(error)) from error


def computed(cases: list[Any], compute: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """``{"cases": [{"name", ...}]}``; a case that cannot be understood or computed says so: ``{"name", "error"}``."""
    return {"cases": [_computed(raw, index, compute) for index, raw in enumerate(cases)]}


def _computed(raw: Any, index: int, compute: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    name = raw.get("name") if isinstance(raw, dict) else None
    shown = name if isinstance(name, str) and name else f"case {index + 1}"
    try:
        return {"name": shown, **compute(raw)}
    except (ValueError, MissingYearError) as error:  # msgspec.ValidationError is a ValueError
        return {"name": shown, "error": str(error)}


def time_of_day(typed: str) -> str:
    """The same text if it is a :data:`TimeOfDay`, else ``ValueError`` in words for people."""
    try:
        return msgspec.convert(typed, TimeOfDay)
    except msgspec.ValidationError as error:
        raise ValueError(f"{typed!r} is not a time of day such as 08:55 or 08:55:30") from error


def one_of(typed: str, accepted: Iterable[str]) -> str:
    """The same text if it is one of these, else ``ValueError`` that lists them."""
    known = list(accepted)
    if typed not in known:
        raise ValueError(f"{typed!r} is not one of {', '.join(known)}")
    return typed


def seconds_of(clock: str) -> int:
    """Seconds after midnight of a :data:`TimeOfDay`."""
    hours, minutes, seconds = (*clock.split(":"), "0")[:3]
    return (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
