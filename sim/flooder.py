"""``python -m sim.flooder``: one account of a hall gone mad, for as many seconds as it is told and not longer.

Loopback only. Says on its standard output how much it got rid of, as JSON. ``KINDS`` are the ways to be a nuisance.
"""

import argparse
import itertools
import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from contracts.codec import MAX_BYTES, encode
from contracts.messages import HealthReported, NodeState
from contracts.topics import Topics
from contracts.values import BootId, Condition, HallId, NodeName, RequestId
from firmware.runtime.clock import SystemClock
from sim.raw_mqtt import RawClient

KINDS = ("requests", "noise", "shouting", "births", "bulk")
"""Sound requests; bytes that mean nothing; the same with QoS 0; births under ever new boot ids; noise of 64 KiB."""
AT_MOST = 1_000_000
_CHUNK = 100


def messages(kind: str, topics: Topics, node: NodeName) -> Iterator[tuple[str, bytes]]:
    """What a flooder of this kind says, without end."""
    boot = BootId(os.urandom(8).hex())
    up = topics.up(node, HealthReported)
    for number in itertools.count():
        match kind:
            case "requests":
                what = HealthReported(
                    request_id=RequestId(f"{node}/{boot}/{number}"), part=f"p{number % 7}", condition=Condition.OK, code="x"
                )
                yield up, encode(what)
            case "births":
                state = NodeState(node=node, boot=BootId(f"{number:016x}"), online=True, room="rating_pad")
                yield topics.node_state(node), encode(state)
            case "bulk":
                yield up, b"x" * MAX_BYTES
            case _:
                yield up, b"\x00 not a message"


def main() -> None:
    """Flood."""
    parser = argparse.ArgumentParser(prog="python -m sim.flooder")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--hall", required=True)
    parser.add_argument("--node", required=True)
    parser.add_argument("--password-file", type=Path, required=True)
    parser.add_argument("--kind", choices=KINDS, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    given = parser.parse_args()
    clock = SystemClock()
    until = clock.monotonic_ms() + int(given.seconds * 1000)
    endless = messages(given.kind, Topics(HallId(given.hall)), NodeName(given.node))
    password = given.password_file.read_text(encoding="utf-8").strip()
    sock = socket.create_connection(("127.0.0.1", given.port))
    said = 0
    with RawClient(sock, "x", f"{given.node}@{given.hall}", password) as client:
        while clock.monotonic_ms() < until and said < AT_MOST:
            chunk = list(itertools.islice(endless, _CHUNK))
            if given.kind == "shouting":
                client.shout(chunk)
            else:
                client.publish(chunk)
            said += len(chunk)
    sys.stdout.write(json.dumps({"kind": given.kind, "said": said, "seconds": given.seconds}) + "\n")


if __name__ == "__main__":
    main()
