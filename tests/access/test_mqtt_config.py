"""What ``hall-broker mqtt-config`` writes, and what it never does to what is already there."""

import argparse
import getpass
import re
import socket
import subprocess
from pathlib import Path

import pytest

from broker.access import AccessError, accounts, acl
from broker.cli.arguments import parser
from broker.cli.command_error import CommandError
from broker.config import load, read_text
from broker.mqtt_server import hashed, is_hash_of
from contracts.messages import Message
from contracts.topics import TABLE, Way
from firmware.runtime.settings import NodeConfig
from firmware.runtime.settings import load as load_toml
from sim.mqtt_process import Server, listening
from sim.processes import Processes
from sim.service_bench import SMALL
from sim.testing import PROGRAM

SHIPPED = Path(__file__).parents[2] / "deploy" / "mosquitto.conf"
KNOWN = "$7$101$F5Qytk7vEmWqF1Kk$tcLOMs1IlruX9k3MMmBk0/Lzamqynj+pR7OPQxEIVJNLaeTZYTcj4OWEkx68zzMcDiGI5VCsVt5UgJUzdw13ig=="
DEBIANS = """
pid_file {folder}/mosquitto.pid
persistence true
persistence_location {folder}/
log_dest file {folder}/mosquitto.log
log_type information
user {user}
include_dir {folder}/conf.d
"""
"""What stands in /etc/mosquitto/mosquitto.conf of Debian 12, in another folder."""
DEMO_HALL = SMALL.with_name("demo-hall.toml")


def write(out: Path, *more: str, config: Path = SMALL) -> str:
    """Run the command."""
    arguments: argparse.Namespace = parser().parse_args(["mqtt-config", "--config", str(config), "--out", str(out), *more])
    assert arguments.act(arguments) == 0
    return (out / "passwords").read_text(encoding="utf-8")


def test_every_message_has_somebody_who_may_say_it() -> None:
    """A message of the topic table that no account may publish would be dead on arrival."""
    every = accounts(load(read_text(DEMO_HALL), "demo-hall"), monitor=True)
    said = " ".join(topic for account in every for topic in account.writes)
    unsaid: list[type[Message]] = [
        row.message for row in TABLE if row.way is Way.UP and not re.search(rf"/up/{row.message.__name__}\b", said)
    ]
    assert unsaid == []


def test_no_node_has_a_wildcard_over_nodes_desks_or_halls() -> None:
    """What a node may say holds no wildcard at all, what it hears only boards with one; and all of it is of this hall."""
    every = accounts(load(read_text(DEMO_HALL), "demo-hall"))
    for account in every[1:]:
        assert not [topic for topic in account.writes if "+" in topic or "#" in topic]
        assert not [topic for topic in account.reads if ("+" in topic and "/board/" not in topic) or "#" in topic]
        assert all(topic.startswith("hall/v1/yongan/") for topic in (*account.writes, *account.reads))


def test_only_what_speaks_has_an_account() -> None:
    """Signs and speakers hang on a display; a query machine, a guide's browser and the server itself are no MQTT nodes."""
    config = load(read_text(DEMO_HALL), "demo-hall")
    named = {account.name for account in accounts(config)}
    kinds = {device.kind for device in config.devices if device.id not in named}
    assert kinds == {"query_machine", "window_led", "speaker", "guide_console", "central"}
    assert len(named) == 1 + 2 + 1 + 12 + 12 + 2 + 1


def test_a_device_that_takes_the_services_name_is_refused() -> None:
    """Else a node could be given the service's rights by its name."""
    text = read_text(SMALL).replace('"OPS-01"', '"service"')
    with pytest.raises(AccessError, match="a device is called service"):
        accounts(load(text, "hall.toml"))


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    """Passwords are drawn once; every file is byte for byte what it was."""
    write(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    write(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_password_file_moved_to_its_machine_stays_in_force(tmp_path: Path) -> None:
    """The hash alone keeps it; no second secret is drawn for a node that has one."""
    before = write(tmp_path)
    (tmp_path / "secrets" / "TM-01.password").unlink()
    assert write(tmp_path) == before
    assert not (tmp_path / "secrets" / "TM-01.password").exists()


def test_rotation_touches_one_node(tmp_path: Path) -> None:
    """The others keep theirs, the new one is in the node's file."""
    before = write(tmp_path).splitlines()
    after = write(tmp_path, "--rotate", "TM-01").splitlines()
    changed = [new.partition(":") for old, new in zip(before, after, strict=True) if old != new]
    assert [user for user, _, _ in changed] == ["TM-01@yongan-small"]
    assert is_hash_of(changed[0][2], (tmp_path / "secrets" / "TM-01.password").read_text(encoding="utf-8").strip())


def test_a_file_a_person_has_put_there_wins(tmp_path: Path) -> None:
    """A machine restored with its old password is let in again."""
    write(tmp_path)
    (tmp_path / "secrets" / "TM-01.password").write_text("chosen by hand\n", encoding="utf-8")
    line = next(line for line in write(tmp_path).splitlines() if line.startswith("TM-01@"))
    assert is_hash_of(line.partition(":")[2], "chosen by hand")


def test_an_unknown_node_to_rotate_and_an_empty_file_are_said(tmp_path: Path) -> None:
    """Nothing is written for a node that does not exist, and an empty password is never set."""
    with pytest.raises(CommandError, match="--rotate TM-77: no account of that name; there are: service, TM-01"):
        write(tmp_path, "--rotate", "TM-77")
    assert list(tmp_path.iterdir()) == []
    write(tmp_path)
    (tmp_path / "secrets" / "TM-01.password").write_text("", encoding="utf-8")
    with pytest.raises(CommandError, match="is empty"):
        write(tmp_path)


def test_nobody_else_reads_secrets(tmp_path: Path) -> None:
    """0600 for passwords and keys of ours, 0640 for what the server's group reads; no secret in a file for everybody."""
    write(tmp_path, "--lan", "hall.lan")
    modes = {path.relative_to(tmp_path): path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_file()}
    for path, mode in modes.items():
        if path.suffix == ".password" or path.name == "ca.key":
            assert mode == 0o600, path
        elif path.name in {"passwords", "acl", "server.key"}:
            assert mode == 0o640, path
        else:
            assert path.name in {"mosquitto.conf", "ca.crt", "server.crt"}
    secret = (tmp_path / "secrets" / "TM-01.password").read_text(encoding="utf-8").strip()
    assert len(secret) == 32
    assert [path for path in modes if secret.encode() in (tmp_path / path).read_bytes()] == [Path("secrets/TM-01.password")]


def test_limits_stand_in_one_place(tmp_path: Path) -> None:
    """Every setting of deploy/mosquitto.conf is taken over, but for its listener and its open door."""
    write(tmp_path, "--lan", "10.20.1.2")
    written = (tmp_path / "mosquitto.conf").read_text(encoding="utf-8").splitlines()
    shipped = [line for line in SHIPPED.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    gone = [line for line in shipped if line not in written]
    assert gone == ["allow_anonymous true"], "its listener is written again"
    assert "allow_anonymous false" in written
    assert written.count("use_username_as_clientid true") == 2, "it is a setting of each listener"
    assert [line for line in written if line.startswith("listener")] == ["listener 1883 127.0.0.1", "listener 8883"]


@pytest.mark.mosquitto
@pytest.mark.parametrize("which", ["shipped", "generated"])
def test_debians_mosquitto_takes_it(tmp_path: Path, require_mosquitto: None, which: str) -> None:
    """Put into /etc/mosquitto/conf.d, as the README says, it starts: nothing stands twice with Debian's own settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    write(tmp_path / "out", "--port", str(port))
    text = (tmp_path / "out" / "mosquitto.conf" if which == "generated" else SHIPPED).read_text(encoding="utf-8")
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "hallworks.conf").write_text(
        text.replace("listener 1883 ", f"listener {port} "), encoding="utf-8"
    )
    main = tmp_path / "mosquitto.conf"
    main.write_text(DEBIANS.format(folder=tmp_path, user=getpass.getuser()), encoding="utf-8")
    assert PROGRAM is not None
    with Processes(tmp_path / "logs") as processes:
        listening(Server("mosquitto", port, "", processes.start("mosquitto", [PROGRAM, "-c", str(main)])))


def test_certificates_are_made_once_and_hold(tmp_path: Path) -> None:
    """Openssl itself finds chain, names and purpose in order; a later run makes no new ones."""
    write(tmp_path, "--lan", "10.20.1.2", "--lan", "hall.lan")
    tls = tmp_path / "tls"
    for name in ("-verify_hostname=hall.lan", "-verify_ip=10.20.1.2"):
        option, _, value = name.partition("=")
        command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", option, value]
        subprocess.run([*command, "-CAfile", str(tls / "ca.crt"), str(tls / "server.crt")], check=True, capture_output=True)
    before = (tls / "server.crt").read_bytes()
    (tls / "ca.key").unlink()  # kept elsewhere, as advised
    write(tmp_path, "--lan", "10.20.1.2")
    assert (tls / "server.crt").read_bytes() == before
    (tls / "server.crt").unlink()
    with pytest.raises(CommandError, match=r"ca\.key is not here"):
        write(tmp_path, "--lan", "10.20.1.2")


@pytest.mark.parametrize("name", ["-out", "a b", "x,DNS:evil", "", "a\nb"])
def test_a_name_that_is_none_reaches_no_certificate(tmp_path: Path, name: str) -> None:
    """What is typed as --lan goes into a file of openssl; nothing but names and addresses gets there."""
    with pytest.raises(CommandError, match="neither a host name nor an IP address"):
        write(tmp_path, f"--lan={name}")


def test_what_it_prints_is_a_node_toml(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The lines to copy are understood by a node."""
    write(tmp_path, "--lan", "10.20.1.2")
    lines = capsys.readouterr().out.partition("[mqtt]")
    path = tmp_path / "node.toml"
    path.write_text('hall = "yongan-small"\nnode = "TM-01"\ndata_dir = "x"\n[mqtt]' + lines[2], encoding="utf-8")
    assert load_toml(path, NodeConfig).mqtt.port == 8883


def test_the_hash_is_mosquittos() -> None:
    """A line of ``mosquitto_passwd`` of mosquitto 2.0.11 for the password ``sesame``, made again from its salt."""
    assert is_hash_of(KNOWN, "sesame")
    assert not is_hash_of(KNOWN, "sesam")
    assert not is_hash_of("$6$x", "sesame")
    with pytest.raises(ValueError, match="12 bytes"):
        hashed("sesame", b"short")


def test_the_acl_is_plain_to_read() -> None:
    """One block for each account: who, what it says, what it hears."""
    every = accounts(load(read_text(SMALL), "demo-small"))
    blocks = acl(every).strip().split("\n\n")
    assert blocks[[account.name for account in every].index("PAD-W02")].splitlines() == [
        "user PAD-W02@yongan-small",
        "topic write hall/v1/yongan-small/node/PAD-W02/up/RatingSubmitted",
        "topic write hall/v1/yongan-small/node/PAD-W02/up/HealthReported",
        "topic write hall/v1/yongan-small/node/PAD-W02/state",
        *(
            f"topic read hall/v1/yongan-small/node/PAD-W02/down/{name}"
            for name in (
                *("RequestDone", "RequestRefused", "TicketIssued", "RatingRecorded", "RatingRefused", "PunchStored"),
                *("AppointmentMade", "ContactOpened", "ProjectOpened", "HandoverTold", "RotationShown", "LeaveReasonShown"),
            )
        ),
        "topic read hall/v1/yongan-small/node/PAD-W02/settings",
        "topic read hall/v1/yongan-small/board/hall",
        "topic read hall/v1/yongan-small/desk/W02",
        "topic read hall/v1/yongan-small/service/state",
    ]
