"""Reading a TOML file into frozen structs, strictly: what is not understood is refused with the place and a suggestion.

``NodeConfig`` is the part of node.toml every room has; a room adds its own fields in its ``config.py``. ``load`` serves
any other TOML file of ours as well.
"""

import tomllib
from collections.abc import Iterator
from datetime import date, time
from enum import EnumType
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from contracts.values import HallId, NodeName

_TOPIC_LEVEL = Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$", description="letters, digits, - _ . (at most 63)")


_LARGEST = 2**53
_DEEPEST = 32
_TOO_DEEP = f"sections and lists stand in one another more than {_DEEPEST} deep"


class SettingsError(ValueError):
    """This file cannot be used; says where, what was found and what is accepted.

    Attributes: ``path``, ``section`` (empty for the top of the file) and ``key`` (empty if the whole file is meant).
    """

    def __init__(self, path: Path, what: str, *, section: str = "", key: str = "") -> None:
        place = f"{path}, section [{section}]" if section else str(path)
        super().__init__(f"{place}, key {key}: {what}" if key else f"{place}: {what}")
        self.path = path
        self.section = section
        self.key = key


class MqttConfig(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the MQTT server is; ``ca_file`` switches TLS on, the first line of ``password_file`` is the password."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535)] = 1883
    username: str = ""
    password_file: str = ""
    ca_file: str = ""


class NodeConfig(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every node.toml says. ``data_dir`` holds the journal and the cached settings and must survive a power cut."""

    hall: Annotated[HallId, _TOPIC_LEVEL]
    node: Annotated[NodeName, _TOPIC_LEVEL]
    data_dir: str
    mqtt: MqttConfig = MqttConfig()
    log_level: Literal["debug", "info", "warning", "error"] = "info"


Kind = TypeVar("Kind", bound=Struct)


def load(path: Path, kind: type[Kind]) -> Kind:
    """The configuration in this file, complete and checked, or :class:`SettingsError`."""
    return parse(_read(path), path, kind)


def parse(text: str, path: Path, kind: type[Kind]) -> Kind:
    """Like :func:`load` for text at hand; ``path`` is only named in errors."""
    table = read_table(text, path)
    _check(path, kind, table, "")
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:  # a rule of the struct as a whole
        raise SettingsError(path, str(error)) from error


def read_table(text: str, path: Path) -> dict[str, Any]:
    """The TOML in this text, or :class:`SettingsError`; nothing in it is so deep or large that Python stumbles."""
    try:
        table = tomllib.loads(text)
    except RecursionError as error:
        raise SettingsError(path, _TOO_DEEP) from error
    except ValueError as error:  # also what tomllib leaves to int(): a number of thousands of digits
        raise SettingsError(path, f"not TOML: {error}") from error
    level: list[Any] = [table]
    for _ in range(_DEEPEST):
        if any(isinstance(one, int) and abs(one) > _LARGEST for one in level):
            raise SettingsError(path, f"a whole number beyond {_LARGEST}")
        level = [inner for one in level for inner in _items(one)]
    if level:
        raise SettingsError(path, _TOO_DEEP)
    return table


def _items(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise SettingsError(path, f"not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    except OSError as error:
        raise SettingsError(path, f"cannot be read: {error.strerror}") from error


def _check(path: Path, kind: type[Struct], table: dict[str, Any], section: str) -> None:
    """Refuse the first key that is unknown, missing or wrong, in this section and below."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key, value in table.items():
        if key not in fields:
            raise SettingsError(path, _unknown(key, value, list(fields)), section=section, key=key)
    for key, field in fields.items():
        if key not in table:
            if field.required:
                raise SettingsError(path, f"missing; it accepts {accepted(field.type)}", section=section, key=key)
            continue
        sections = list(_sections(field.type, table[key], f"{section}.{key}" if section else key))
        for name, nested, value in sections:
            _check(path, nested, value, name)
        if not sections:
            _check_value(path, field.type, table[key], section, key)


def _check_value(path: Path, annotation: Any, value: Any, section: str, key: str) -> None:
    try:
        msgspec.convert(value, annotation)
    except msgspec.ValidationError as error:
        what = f"{_shown(value)} was given, accepted is {accepted(annotation)}"
        raise SettingsError(path, what, section=section, key=key) from error


def _unknown(key: str, value: Any, known: list[str]) -> str:
    import difflib  # noqa: PLC0415 -- 0.4 MiB that only a mistake is worth

    close = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    guess = f"; did you mean {close[0]}?" if close else ""
    return f"unknown key (its value is {_shown(value)}){guess} This section accepts: {', '.join(known)}"


def _sections(annotation: Any, value: Any, name: str) -> Iterator[tuple[str, type[Struct], dict[str, Any]]]:
    """The structs inside a value, with the name their section has in the file."""
    nested = _struct_of(annotation)
    if nested is None:
        return
    if isinstance(value, list):
        yield from ((f"{name}[{index}]", nested, item) for index, item in enumerate(value) if isinstance(item, dict))
    elif isinstance(value, dict) and _bare(annotation) is not nested and get_origin(_bare(annotation)) is dict:
        yield from ((f"{name}.{key}", nested, item) for key, item in value.items() if isinstance(item, dict))
    elif isinstance(value, dict):
        yield name, nested, value


def _bare(annotation: Any) -> Any:
    """An annotation without ``Annotated``, ``NewType`` and ``| None``."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif hasattr(annotation, "__supertype__"):
            annotation = annotation.__supertype__
        elif get_origin(annotation) in (Union, UnionType):
            rest = [one for one in get_args(annotation) if one is not type(None)]
            if len(rest) != 1:
                return annotation
            annotation = rest[0]
        else:
            return annotation


def _struct_of(annotation: Any) -> type[Struct] | None:
    bare = _bare(annotation)
    if isinstance(bare, type) and issubclass(bare, Struct):
        return bare
    return next((found for one in get_args(bare) if (found := _struct_of(one)) is not None), None)


_WORDS: dict[Any, str] = {
    int: "a whole number",
    float: "a number",
    str: "a text in quotes",
    bool: "true or false",
    list: "a list",
    tuple: "a list",
    frozenset: "a list",
    dict: "a section",
    date: "a date such as 2026-03-10",
    time: "a time such as 09:00:00",
}


def accepted(annotation: Any) -> str:
    """What a key of this type accepts, in words; used by errors and by the generated ``docs/config.md``."""
    metas = [one for one in get_args(annotation)[1:] if isinstance(one, Meta)] if get_origin(annotation) is Annotated else []
    bare = _bare(annotation)
    if get_origin(bare) is Literal:
        return "one of " + ", ".join(_shown(one) for one in get_args(bare))
    if isinstance(bare, EnumType):
        return "one of " + ", ".join(_shown(one.value) for one in bare)  # type: ignore[var-annotated]  # EnumType is not generic
    if isinstance(bare, type) and issubclass(bare, Struct):
        return "a section with " + ", ".join(field.encode_name for field in msgspec.structs.fields(bare))
    words = _WORDS.get(get_origin(bare) or bare, str(bare))
    inside = next((one for one in get_args(bare)[-2:] if one is not Ellipsis), None)
    if words in ("a list", "a section") and inside is not None:
        words += f" of: {accepted(get_args(bare)[-1] if words == 'a section' else inside)}"
    return words + "".join(_limits(meta) for meta in metas)


def _limits(meta: Meta) -> str:
    if meta.description:
        return f" of {meta.description}"
    parts = [(meta.ge, "at least"), (meta.gt, "above"), (meta.le, "at most"), (meta.lt, "below")]
    lengths = [(meta.min_length, "at least"), (meta.max_length, "at most")]
    return "".join(f", {word} {limit}" for limit, word in parts if limit is not None) + "".join(
        f", {word} {limit} long" for limit, word in lengths if limit is not None
    )


def _shown(value: Any) -> str:
    """A value as it may appear in an error: short, on one line."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return repr(text[:60] + "...") if len(text) > 60 or not text.isprintable() else text  # noqa: PLR2004 -- fits one line
