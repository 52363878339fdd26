"""Who gets onto the MQTT server at all: accounts, passwords, client ids, TLS, and the addresses it listens on."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from contracts.messages import NodeState
from contracts.topics import Topics
from contracts.values import BootId, HallId, NodeName
from firmware.runtime.inbox import Inbox
from firmware.runtime.link import NodeLink
from firmware.runtime.node import InboxItem
from firmware.runtime.settings import MqttConfig
from sim.guarded_mqtt import GuardedMosquitto
from sim.raw_mqtt import REFUSED, RawClient
from sim.service_bench import SMALL
from sim.testing import Memory

pytestmark = pytest.mark.mosquitto

HALL = HallId("yongan-small")
BAD_CREDENTIALS = 0x86


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, require_mosquitto: None) -> Iterator[GuardedMosquitto]:
    """A mosquitto with accounts and TLS."""
    one = GuardedMosquitto(tmp_path_factory.mktemp("guarded"), SMALL, HALL, lan=True)
    one.start()
    yield one
    one.stop()


def plain(server: GuardedMosquitto) -> socket.socket:
    """A connection from this machine."""
    return socket.create_connection(("127.0.0.1", server.port))


def test_nobody_gets_in_without_an_account(server: GuardedMosquitto) -> None:
    """Anonymous, unknown, without or with a wrong password, or with another node's: refused."""
    user, password = server.account("TM-01")
    _, of_pad = server.account("PAD-W01")
    with RawClient(plain(server), "x") as nobody:
        assert nobody.reason in {BAD_CREDENTIALS, REFUSED}
    attempts: list[tuple[str, str | None]] = [
        ("nobody", "x"),
        ("TM-01", password),  # without its hall it is nobody
        ("TM-01@elsewhere", password),
        (user, None),
        (user, ""),
        (user, password[:-1]),
        (user, of_pad),
    ]
    for name, guess in attempts:
        with RawClient(plain(server), "x", name, guess) as client:
            assert client.reason in {BAD_CREDENTIALS, REFUSED}, name
    with RawClient(plain(server), "x", user, password) as client:
        assert client.reason == 0


def test_a_client_id_steals_nobodys_session(server: GuardedMosquitto) -> None:
    """A node that introduces itself under another's client id is still only itself; the other stays connected."""
    with RawClient(plain(server), "anything", *server.account("TM-01")) as victim:
        for name in ("PAD-W01", "monitor"):
            with RawClient(plain(server), "TM-01@yongan-small", *server.account(name)) as thief:
                assert thief.reason == 0
                thief.settle()
                victim.settle()
        with RawClient(plain(server), "something else", *server.account("TM-01")) as itself:
            itself.settle()
            assert victim.is_cut_off()


def test_plain_text_only_on_this_machine(server: GuardedMosquitto) -> None:
    """The listener without TLS is bound to 127.0.0.1; the kernel says so, and another address of ours finds nobody."""
    listening = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    bound = {row[1].split(":")[0] for row in listening if row[3] == "0A" and int(row[1].split(":")[1], 16) == server.port}
    assert bound == {"0100007F"}
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.port))


def test_the_lan_is_tls_only(server: GuardedMosquitto) -> None:
    """With the hall's authority a node gets in, by name and by address; without it, or in the clear, nobody does."""
    trusting = ssl.create_default_context(cafile=str(server.tls / "ca.crt"))
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT
    for name in ("localhost", "127.0.0.1"):
        sock = trusting.wrap_socket(socket.create_connection(("127.0.0.1", server.lan_port)), server_hostname=name)
        with RawClient(sock, "x", *server.account("TM-01")) as client:
            assert client.reason == 0
    stranger = socket.create_connection(("127.0.0.1", server.lan_port))
    with stranger, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(stranger, server_hostname="localhost")
    other = socket.create_connection(("127.0.0.1", server.lan_port))
    with other, pytest.raises(ssl.SSLCertVerificationError):
        trusting.wrap_socket(other, server_hostname="elsewhere.example")
    with RawClient(socket.create_connection(("127.0.0.1", server.lan_port)), "x", *server.account("TM-01")) as client:
        assert client.reason is None, "it hung up"


def link_of(address: MqttConfig, log: Memory) -> NodeLink:
    """The ticket machine's own link."""
    inbox: Inbox[InboxItem] = Inbox()
    node = NodeName("TM-01")
    birth = NodeState(node=node, boot=BootId("0" * 16), online=True, room="kiosk")
    return NodeLink(address, Topics(HALL), birth, inbox, log, boards=True)


class Closing:
    """A link closes with a reason."""

    def __init__(self, link: NodeLink) -> None:
        self.link = link
        link.start()

    def close(self) -> None:
        """As planned."""
        self.link.close(reason="planned")


@pytest.mark.parametrize("lan", [False, True], ids=["plain", "tls"])
def test_a_nodes_own_link_gets_in(server: GuardedMosquitto, log: Memory, closing: Callable[[Any], Any], lan: bool) -> None:
    """With what stands in its node.toml a node is up, without the 40 ms of Nagle's algorithm, also through TLS."""
    link = link_of(server.address_of("TM-01", lan=lan), log)
    closing(Closing(link))
    log.wait_for("link_up")
    assert link.has_nodelay


# paho leaves a socket whose handshake failed to the garbage collector, which closes it at once but says so.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_link_trusts_no_other_authority(
    server: GuardedMosquitto, log: Memory, closing: Callable[[Any], Any], tmp_path: Path
) -> None:
    """A node whose ca_file is another hall's does not talk to this server, and says that it cannot reach it."""
    other = GuardedMosquitto(tmp_path, SMALL, HALL, lan=True)
    address = server.address_of("TM-01", lan=True)
    wrong = MqttConfig(
        host=address.host,
        port=address.port,
        username=address.username,
        password_file=address.password_file,
        ca_file=str(other.tls / "ca.crt"),
    )
    closing(Closing(link_of(wrong, log)))
    log.wait_for("link_unreachable")
    assert "link_up" not in log.events


def test_an_oversized_packet_closes_its_sender(server: GuardedMosquitto) -> None:
    """The limit of deploy/mosquitto.conf is in force here too, although it is written only there."""
    with RawClient(plain(server), "x", *server.account("TM-01")) as client, pytest.raises(ConnectionError):
        client.publish([("hall/v1/yongan-small/node/TM-01/up/HealthReported", b"x" * 139_264)])


def test_a_rotated_password_and_a_removed_node(tmp_path: Path, require_mosquitto: None) -> None:
    """A reload cuts off the node that is gone and the one with the old password, now and later; the others stay."""
    hall_toml = tmp_path / "hall.toml"
    hall_toml.write_text(SMALL.read_text(encoding="utf-8"), encoding="utf-8")
    server = GuardedMosquitto(tmp_path, hall_toml, HALL)
    server.start()
    try:
        before = {name: server.account(name) for name in ("TM-01", "CLK-01", "PAD-W01")}
        with ExitStack() as opened:
            clients = {name: opened.enter_context(RawClient(plain(server), "x", *of)) for name, of in before.items()}
            lines = [line for line in hall_toml.read_text(encoding="utf-8").splitlines() if '"CLK-01"' not in line]
            hall_toml.write_text("\n".join(lines), encoding="utf-8")
            assert "1 with a new password: TM-01" in server.generate("--rotate", "TM-01")
            server.reload()
            assert clients["TM-01"].is_cut_off()
            assert clients["CLK-01"].is_cut_off()
            clients["PAD-W01"].settle()
        for name, is_welcome in (("TM-01", False), ("CLK-01", False), ("PAD-W01", True)):
            with RawClient(plain(server), "x", *before[name]) as client:
                assert (client.reason == 0) == is_welcome, name
        with RawClient(plain(server), "x", *server.account("TM-01")) as client:
            assert client.reason == 0
    finally:
        server.stop()
    assert not (server.out / "secrets" / "CLK-01.password").exists()
