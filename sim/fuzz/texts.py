"""What comes as messages and files: the codec, the service's reading, the two configurations, a node's journal."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from broker import config
from broker.incoming import read as read_incoming
from contracts.codec import ContractError, decode, encode
from contracts.topics import TABLE, Topics
from contracts.values import HallId
from counter.config import CounterConfig
from display.config import DisplayConfig
from firmware.runtime import journal_rows, settings
from firmware.runtime.journal import Journal
from firmware.runtime.journal_rows import HEADER, Kind, Row, frame, parted, with_note
from firmware.runtime.settings import NodeConfig, SettingsError
from kiosk.config import KioskConfig
from punch_clock.config import ClockConfig
from rating_pad.config import PadConfig
from sim.halls import config_text

Target = Callable[[bytes], None]
TOPICS = Topics(HallId("yongan-small"))
ROOMS: tuple[type[NodeConfig], ...] = (KioskConfig, DisplayConfig, CounterConfig, PadConfig, ClockConfig)
ALL_TOPICS = tuple(f"{TOPICS.root}/" + row.topic.format(node="TM-01", counter="W02", group="A") for row in TABLE)
GOLDEN = Path(__file__).parents[2] / "tests" / "golden" / "messages"
_SHM = Path("/dev/shm")  # noqa: S108 -- a file of this process's own, in a folder of its own
_FOLDER = tempfile.TemporaryDirectory(prefix="fuzz-", dir=_SHM if _SHM.is_dir() else None)


def codec(data: bytes) -> None:
    """The first byte chooses the topic. What is a message is said as it was heard; nothing else than a refusal comes."""
    topic = ALL_TOPICS[data[0] % len(ALL_TOPICS)] if data else ""
    try:
        message = decode(topic, data[1:])
    except ContractError:
        return
    assert decode(topic, encode(message)) == message


def incoming(data: bytes) -> None:
    """The service's reading of a topic (up to the first NUL) and a payload."""
    topic, _, payload = data.partition(b"\0")
    read_incoming(TOPICS, topic.decode("utf-8", "replace"), payload)


def hall_toml(data: bytes) -> None:
    """The configuration of a hall, as text: in order, or refused with a reason."""
    try:
        config.load(data.decode("utf-8", "replace"), "hall.toml")
    except SettingsError:
        return


def node_toml(data: bytes) -> None:
    """The configuration of a node of every room."""
    text = data.decode("utf-8", "replace")
    for room in ROOMS:
        try:
            settings.parse(text, Path("node.toml"), room)
        except SettingsError:
            continue


def journal(data: bytes) -> None:
    """A journal with any content opens, keeps what it finds, takes a new row, and has them all when opened again."""
    content = journal_rows.read(data)
    assert content.good_end <= len(data)
    for row in content.rows:
        if row.kind is Kind.KEPT_NOTED:
            parted(row)
    path = Path(_FOLDER.name) / "journal"
    path.write_bytes(data)
    first = Journal(path, _silent)
    number = first.keep(b"new")
    kept, note = dict(first.unfinished), first.note
    first.close()
    second = Journal(path, _silent)
    assert dict(second.unfinished) == kept
    assert kept[number] == b"new"
    assert second.note == note
    second.close()
    for leftover in Path(_FOLDER.name).iterdir():
        leftover.unlink()


def _silent(_event: str, /, **_fields: object) -> None:
    """A log nobody reads."""


def _samples() -> Iterator[tuple[int, bytes]]:
    for number, row in enumerate(TABLE):
        for path in sorted(GOLDEN.glob(f"{row.message.__name__}.v*.json")):
            yield number, path.read_bytes().strip()


def _journals() -> Iterator[bytes]:
    rows = [
        frame(Row(Kind.KEPT, 1, b"one")),
        frame(with_note(2, b"two", b"note")),
        frame(Row(Kind.DONE, 1)),
        frame(Row(Kind.NOTED, 0, b"n")),
    ]
    yield HEADER + b"".join(rows)
    yield HEADER + b"".join(rows)[:-3]
    yield b"".join(rows)[5:] + rows[0]


def _nodes() -> Iterator[bytes]:
    yield (
        b'hall = "yongan-small"\nnode = "TM-01"\ndata_dir = "/x"\nlog_level = "info"\n'
        b'[mqtt]\nport = 1883\n[wires]\npins = "gpio:"\n[keys]\nA = 5\n'
    )


TARGETS: dict[str, tuple[Target, Callable[[], Iterator[bytes]]]] = {
    "codec": (codec, lambda: (bytes((number,)) + sample for number, sample in _samples())),
    "incoming": (incoming, lambda: (ALL_TOPICS[number].encode() + b"\0" + sample for number, sample in _samples())),
    "hall_toml": (hall_toml, lambda: iter([config_text("demo-small").encode(), config_text("demo-hall").encode()])),
    "node_toml": (node_toml, _nodes),
    "journal": (journal, _journals),
}
