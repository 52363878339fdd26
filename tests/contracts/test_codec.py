"""The border of the house: what is decoded, and what is refused with topic and field."""

import contextlib
import json
import typing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import codec
from contracts.codec import ContractError
from contracts.messages import KioskSettings, Message, TicketRequested
from contracts.topics import TABLE, Row, Topics
from contracts.values import HallId, NodeName

GOLDEN = Path(__file__).parents[1] / "golden" / "messages"
TOPIC = Topics(HallId("yongan")).up(NodeName("TM-01"), TicketRequested)


def topic_of(row: Row) -> str:
    """Some topic this row's message may travel on."""
    filled = row.topic.format(node="TM-01", counter="W02", group="A")
    return f"hall/v1/yongan/{filled}"


def golden_files() -> list[Path]:
    """Every golden sample, of the present and of every earlier schema."""
    return sorted(GOLDEN.glob("*.json"))


def row_of(path: Path) -> Row:
    """The topic table's row for a golden file."""
    return next(row for row in TABLE if row.message.__name__ == path.name.split(".")[0])


@pytest.mark.parametrize("path", golden_files(), ids=lambda path: path.name)
def test_golden_sample_decodes_and_encodes_to_the_same_bytes(path: Path) -> None:
    """A sample of the present schema survives the round trip byte for byte; an older one still decodes."""
    payload, row = path.read_bytes().strip(), row_of(path)
    message = codec.decode(topic_of(row), payload)
    assert type(message) is row.message
    if path.name.endswith(f".v{row.schema}.json"):
        assert codec.encode(message) == payload


def test_every_message_of_the_table_has_a_golden_sample() -> None:
    """No message may enter the table without bytes that a person has looked at."""
    expected = {f"{row.message.__name__}.v{row.schema}.json" for row in TABLE}
    assert expected <= {path.name for path in golden_files()}


def fields_of(path: Path) -> dict[str, Any]:
    """A golden sample as a plain object."""
    fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return fields


@pytest.mark.parametrize("path", golden_files(), ids=lambda path: path.name)
def test_old_reads_new(path: Path) -> None:
    """A field I do not know is ignored if the sender's schema is above mine, and refused by name otherwise."""
    row = row_of(path)
    newer = fields_of(path) | {"schema": row.schema + 1, "added_later": [1]}
    assert codec.decode(topic_of(row), json.dumps(newer).encode()) == codec.decode(topic_of(row), path.read_bytes())
    with pytest.raises(ContractError, match="unknown field added_later"):
        codec.decode(topic_of(row), json.dumps(newer | {"schema": row.schema}).encode())


@pytest.mark.parametrize("path", golden_files(), ids=lambda path: path.name)
def test_new_reads_old(path: Path) -> None:
    """Every field that has a default may be missing; every other one is missed by name."""
    row = row_of(path)
    for field in msgspec.structs.fields(row.message):
        fields = fields_of(path)
        fields.pop(field.name, None)  # a sample of an earlier schema has fewer
        payload = json.dumps(fields).encode()
        if field.required:
            with pytest.raises(ContractError, match=field.name):
                codec.decode(topic_of(row), payload)
        else:
            codec.decode(topic_of(row), payload)


@pytest.mark.parametrize(
    ("payload", "what"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"{", "not JSON"),
        (b"[" * 100_000, "at most"),
        (b"[" * 60_000, "not JSON"),
        (b"[]", "expected an object"),
        (b'{"schema":1}', "no message of ours"),
        (b'{"schema":1,"message":"TicketRequest"}', "no message of ours"),
        (b'{"schema":1,"message":["TicketRequested"]}', "no message of ours"),
        (b'{"message":"TicketRequested","request_id":"x","group":"A"}', "schema"),
        (b'{"schema":true,"message":"TicketRequested","request_id":"x","group":"A"}', "schema"),
        (b'{"schema":0,"message":"TicketRequested","request_id":"x","group":"A"}', "schema"),
        (b'{"schema":1,"message":"TicketRequested","request_id":"x","group":7}', r"\$.group"),
        (b'{"schema":1,"message":"TicketRequested","request_id":"x","group":"A","care":1}', r"\$.care"),
        (b'{"schema":1,"message":"CallNextRequested","request_id":"x"}', "does not travel"),
    ],
)
def test_what_is_not_a_message_is_refused_naming_topic_and_field(payload: bytes, what: str) -> None:
    """Whoever reads the log learns where it came from and what was wrong."""
    with pytest.raises(ContractError, match=what) as refused:
        codec.decode(TOPIC, payload)
    assert str(refused.value).startswith(TOPIC)


@pytest.mark.parametrize(
    "topic",
    [
        "hall/v2/yongan/node/TM-01/up/TicketRequested",
        "hall/v1/yongan/node/TM-01/down/TicketRequested",
        "hall/v1/yongan/node//up/TicketRequested",
        "hall/v1/yongan/node/TM-01/up/TicketRequested/more",
        "hall/v1/yongan/board/hall",
        "",
    ],
)
def test_message_on_a_topic_that_is_not_its_own_is_refused(topic: str) -> None:
    """A node cannot pass one thing off as another by choosing the topic."""
    with pytest.raises(ContractError, match="does not travel"):
        codec.decode(topic, b'{"schema":1,"message":"TicketRequested","request_id":"x","group":"A"}')


def test_unknown_field_of_a_nested_struct_is_refused() -> None:
    """Strictness does not stop at the first level."""
    row = next(row for row in TABLE if row.message is KioskSettings)
    fields = fields_of(GOLDEN / "KioskSettings.v1.json")
    fields["groups"][0]["colour"] = "red"
    with pytest.raises(ContractError, match=r"unknown field groups\.colour"):
        codec.decode(topic_of(row), json.dumps(fields).encode())


def any_value(annotation: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type; integers within what any message may carry."""
    base = getattr(annotation, "__supertype__", annotation)
    if base is int:
        return st.integers(codec.SMALLEST, codec.LARGEST)
    if isinstance(base, type) and issubclass(base, msgspec.Struct):
        return any_struct(base)
    origin, arguments = typing.get_origin(base), typing.get_args(base)
    if origin is tuple:
        return st.lists(any_value(arguments[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(any_value(arguments[0]), any_value(arguments[1]), max_size=3)
    if arguments:
        return st.one_of([any_value(argument) for argument in arguments])
    return st.from_type(base)


def any_struct(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Any instance of a struct."""
    return st.builds(kind, **{field.name: any_value(field.type) for field in msgspec.structs.fields(kind)})


@given(st.sampled_from(TABLE), st.data())
def test_every_message_survives_the_round_trip(row: Row, data: st.DataObject) -> None:
    """decode(encode(m)) == m for any values a message can hold."""
    message = data.draw(any_struct(row.message))
    assert codec.decode(topic_of(row), codec.encode(message)) == message


@given(st.binary(max_size=300))
def test_noise_never_raises_anything_but_contract_error(payload: bytes) -> None:
    """Bytes from a broken or hostile node cannot get past the border, nor stop a process."""
    try:
        message = codec.decode(TOPIC, payload)
    except ContractError:
        return
    assert isinstance(message, Message)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(golden_files()), st.data())
def test_mutated_messages_are_decoded_or_refused(path: Path, data: st.DataObject) -> None:
    """Any field of a real message replaced by anything is either still a message or a ContractError."""
    fields = fields_of(path)
    fields[data.draw(st.sampled_from(sorted(fields)))] = data.draw(JSON)
    row = row_of(path)
    with contextlib.suppress(ContractError):
        assert type(codec.decode(topic_of(row), json.dumps(fields).encode())) is row.message
