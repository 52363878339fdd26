"""What a hostile or broken neighbour says: hypothesis strategies for messages of every row of the topic table, and worse.

For the project's own tests. Names and times are mostly those of demo-small on its day, so that much of it passes the
contract and reaches the rules and the rooms.
"""

import json
from dataclasses import dataclass
from enum import Enum, EnumType
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin

import msgspec
from hypothesis import strategies as st

from contracts import values as v
from contracts.codec import MAX_BYTES
from contracts.messages import Message
from contracts.topics import TABLE, Row

ROOT = "hall/v1/yongan-small"
DAY = "2026-03-10"
NOON = 1_773_115_200_000
NODES = ("TM-01", "TRM-W01", "TRM-W02", "TRM-W03", "PAD-W01", "PAD-W02", "PAD-W03", "LED-00", "CLK-01", "OPS-01")
STRANGERS = ("TM-99", "", "x" * 63, "x" * 300, "TM-01 ", "tm-01", "+", "#", "节点", "a\u202eb")
BOOTS = ("00000000000000bb", "00000000000000cc")


@dataclass(frozen=True, slots=True)
class Said:
    """A payload on a topic."""

    topic: str
    payload: bytes

    def __repr__(self) -> str:
        """Short enough to read a failing story."""
        return f"Said({self.topic!r}, {self.payload[:400]!r}{'...' if len(self.payload) > 400 else ''})"  # noqa: PLR2004


Tree = Any
"""JSON as Python has it."""

ODD_TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "\0",
            "{no}",
            "{0.__class__}",
            "%s",
            "'; DROP TABLE facts;--",
            "../../etc",
            "\u202e",
            "\ufeff",
            "²",
            "٣",
            "𝟘" * 3,
            "e\u0301" * 40,
            "👨‍👩‍👧",
            "W",
            "W00",
            "W9" * 40,
            "A" * 999,
            "7" * 999,
            "中" * 700,
        ]
    ),
    st.text(max_size=12),
)
INTEGERS = st.one_of(
    st.integers(-2, 6),
    st.integers(NOON - 10_000_000, NOON + 10_000_000),
    st.sampled_from(
        [
            -(2**63) - 1,
            -(2**63),
            -(2**53),
            -1,
            0,
            99,
            2**31,
            2**32,
            2**53,
            2**63 - 1,
            2**63,
            2**64,
            10**30,
            10**200,
            -62_135_596_800_000,
            253_402_300_799_999,
            253_402_300_800_000,
            NOON - 86_400_000,
            NOON + 400 * 86_400_000,
        ]
    ),
)
JSON: st.SearchStrategy[Tree] = st.recursive(
    st.one_of(st.none(), st.booleans(), INTEGERS, st.floats(), ODD_TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD_TEXTS, inner, max_size=3),
    max_leaves=6,
)


def _ticket_ids() -> st.SearchStrategy[str]:
    days = st.sampled_from([DAY, DAY, DAY, DAY, "2026-03-09", "2027-03-10", "9999-12-31", "0001-01-01"])
    return st.builds("{}/{}{:03d}".format, days, st.sampled_from("AABZ"), st.integers(1, 5))


_REQUEST_IDS = st.builds("{}/{}/{}".format, st.sampled_from(NODES), st.sampled_from(BOOTS), st.integers(0, 40))
_KNOWN: dict[Any, st.SearchStrategy[Any]] = {
    v.RequestId: _REQUEST_IDS,
    v.TicketId: _ticket_ids(),
    v.CallId: st.builds("{}/c{}".format, _ticket_ids(), st.integers(1, 2)),
    v.SessionId: st.builds("{}/s{}".format, _ticket_ids(), st.integers(1, 2)),
    v.TicketNo: st.sampled_from(["A001", "B002", "A2-03", "A1-01", "A1-02", "B1-999999", "Z1-01", "A0-01", "A001~2"]),
    v.NodeName: st.sampled_from([*NODES, *STRANGERS]),
    v.BootId: st.sampled_from([*BOOTS, "", "boot", "0" * 999]),
    v.CounterId: st.sampled_from(["W01", "W02", "W03", "W99", "counter", "W²", ""]),
    v.GroupId: st.sampled_from(["A", "B", "Z", "", "AB", "a"]),
    v.ServiceId: st.sampled_from(["SV01", "SV07", "SV99"]),
    v.StaffNo: st.sampled_from(["S001", "S002", "S004", "S101", "S999"]),
    v.CardHash: st.sampled_from(["0" * 32, "f" * 32, "x"]),
}
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    int: INTEGERS,
    bool: st.booleans(),
    NoneType: st.none(),
    str: st.one_of(
        st.sampled_from(["", "2026-03-10", "printer", "ok", "04A1000101", "04A1000102", "planned", "YA2026-007", "rs485-1"]),
        ODD_TEXTS,
    ),
}


def of_type(annotation: Any) -> st.SearchStrategy[Tree]:  # noqa: PLR0911 -- one kind of type, one case
    """A JSON value that decodes as this annotation, sensible or absurd."""
    if annotation in _KNOWN:
        return st.one_of(_KNOWN[annotation], _KNOWN[annotation], ODD_TEXTS)
    if hasattr(annotation, "__supertype__"):
        return of_type(annotation.__supertype__)
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    inside = get_args(annotation)
    match get_origin(annotation) or annotation:
        case origin if origin in (Union, UnionType):
            return st.one_of([of_type(one) for one in inside])
        case origin if origin is tuple:
            return st.lists(of_type(inside[0]), max_size=3)
        case origin if origin is dict:
            return st.dictionaries(of_type(inside[0]), of_type(inside[1]), max_size=3)
        case EnumType() as kind:
            return st.sampled_from([one.value for one in cast("list[Enum]", list(kind))])
        case kind:
            return of_struct(kind)


def of_struct(kind: type[msgspec.Struct]) -> st.SearchStrategy[Tree]:
    """The fields of a struct; those with a default may be missing."""
    fields = msgspec.structs.fields(kind)
    return st.fixed_dictionaries(
        {one.encode_name: of_type(one.type) for one in fields if one.required},
        optional={one.encode_name: of_type(one.type) for one in fields if not one.required},
    )


@st.composite
def sound(draw: st.DrawFn, rows: tuple[Row, ...] = TABLE) -> tuple[str, dict[str, Tree]]:
    """A message that fits its schema, on a topic it may travel on, by a node that might say it; still a tree."""
    row = draw(st.sampled_from(rows))
    fields = draw(_STRUCTS[row.message])
    node = draw(st.sampled_from(NODES))
    if "request_id" in fields and draw(st.integers(0, 9)):
        fields["request_id"] = f"{node}/{draw(st.sampled_from(BOOTS))}/{draw(st.integers(0, 40))}"
    names = {
        "node": fields.get("node", node) or "x",
        "counter": fields.get("counter", "W01"),
        "group": fields.get("group", "A"),
    }
    return f"{ROOT}/{row.topic.format(**names)}", {"schema": row.schema, "message": row.message.__name__, **fields}


_STRUCTS: dict[type[Message], st.SearchStrategy[Tree]] = {row.message: of_struct(row.message) for row in TABLE}


def _dumped(tree: Tree) -> bytes:
    """JSON, with whatever Python's own writer lets through: NaN, Infinity, lone surrogates."""
    return json.dumps(tree).encode()


@st.composite
def _mutated(draw: st.DrawFn, rows: tuple[Row, ...]) -> Said:
    """A sound message with one thing wrong: a field, the schema, the topic, some bytes."""
    topic, tree = draw(sound(rows))
    key = draw(st.sampled_from(sorted(tree)))
    match draw(st.integers(0, 7)):
        case 0:
            tree[key] = draw(JSON)
        case 1:
            del tree[key]
        case 2:
            tree[draw(ODD_TEXTS)] = draw(JSON)
        case 3:
            tree["schema"] = draw(st.one_of(st.sampled_from([0, -1, 2, 99, 1.0, True, None, [], 10**30]), JSON))
        case 4:
            topic = draw(_TOPICS)
        case 5:
            cut = draw(st.integers(0, 200))
            return Said(topic, _dumped(tree)[:cut] + draw(st.binary(max_size=4)) + _dumped(tree)[cut + 1 :])
        case 6:
            deep = draw(st.sampled_from([30, 900, 960, 980, 1000, 30_000]))
            return Said(topic, _dumped({**tree, key: "@"}).replace(b'"@"', b"[" * deep + b"]" * deep))
        case _:
            tree[key] = draw(st.sampled_from(["x", "中", '"'])) * draw(st.sampled_from([1_001, 20_000, 60_000, MAX_BYTES]))
    return Said(topic, _dumped(tree))


_TOPICS = st.one_of(
    st.builds(
        lambda row, node: f"{ROOT}/" + row.topic.format(node=node, counter="W02", group="A"),
        st.sampled_from(TABLE),
        st.sampled_from([*NODES, *STRANGERS]),
    ),
    st.sampled_from(
        [
            "",
            "node",
            "node/",
            "node//",
            "node/TM-01",
            "node/TM-01/up",
            "node/TM-01/up/",
            "node/TM-01/up/Nothing",
            "node/TM-01/up/TicketRequested/more",
            "node/TM-01/state/x",
            "board",
            "desk/",
            "service/state/x",
        ]
    ).map(f"{ROOT}/{{}}".format),
    ODD_TEXTS.map(f"{ROOT}/node/TM-01/up/{{}}".format),
    st.sampled_from(
        ["", "/", "hall/v1/other/node/TM-01/up/TicketRequested", "hall/v2/yongan-small/node/TM-01/state", "$SYS/x"]
    ),
)
_GARBAGE = st.builds(
    Said,
    _TOPICS,
    st.one_of(
        st.binary(max_size=60),
        JSON.map(_dumped),
        st.sampled_from(
            [
                b"",
                b"{}",
                b"[]",
                b"null",
                b"[" * 30_000,
                b'{"a":' * 9_000,
                b"9" * 5_000,
                b"\xff" * MAX_BYTES,
                b"x" * (MAX_BYTES + 1),
                b"x" * 10_000_000,
                b'{"schema":1,"message":"NodeState"}',
                b"\0",
            ]
        ),
    ),
)


def said(rows: tuple[Row, ...] = TABLE) -> st.SearchStrategy[Said]:
    """Anything: sound, nearly sound, or no message at all."""
    good = sound(rows).map(lambda one: Said(one[0], _dumped(one[1])))
    return st.one_of(good, good, good, _mutated(rows), _mutated(rows), _GARBAGE)


GAPS = (0, 0, 1, 20, 1_600, 4_000, 16_000)
HOURS = (*GAPS, 70_000, 3_600_000)


def stories(
    what: st.SearchStrategy[Any], *, length: int, pauses: tuple[int, ...] = GAPS
) -> st.SearchStrategy[list[tuple[int, Any]]]:
    """A list of deliveries, each with the milliseconds that pass before it."""
    gaps = st.sampled_from(pauses)
    return st.lists(st.tuples(gaps, what), min_size=length // 2, max_size=length)
