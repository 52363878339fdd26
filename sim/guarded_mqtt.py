"""A real mosquitto as a hall on a network has it: accounts, access rules and TLS from ``hall-broker mqtt-config``."""

import contextlib
import io
import signal
import socket
from pathlib import Path

from broker.cli.arguments import parser
from contracts.values import HallId
from firmware.runtime.settings import MqttConfig
from sim.testing import Mosquitto, replaced

WITNESS = "witness"
"""An account the tests add for themselves: it may say and hear everything, and so sees what really went through."""


class GuardedMosquitto(Mosquitto):
    """A mosquitto with the accounts of a hall. ``secrets`` holds the nodes' passwords, ``tls`` the certificates."""

    welcome = b"\x20\x02\x00\x05"  # CONNACK, not authorised

    def __init__(self, folder: Path, config: Path, hall: HallId, *, lan: bool = False) -> None:
        super().__init__(folder)
        self.hall = hall
        self.out = folder / "access"
        self.tls = self.out / "tls"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.lan_port: int = probe.getsockname()[1]
        self._hall_toml = config
        self._lan = ["--lan", "localhost", "--lan", "127.0.0.1", "--lan-port", str(self.lan_port)] if lan else []
        self.generate("--monitor")

    def generate(self, *more: str) -> str:
        """Run ``hall-broker mqtt-config`` as an administrator would; returns what it says."""
        command = ["mqtt-config", "--config", str(self._hall_toml), "--out", str(self.out), "--port", str(self.port)]
        arguments = parser().parse_args([*command, *self._lan, *more])
        with contextlib.redirect_stdout(io.StringIO()) as said:
            assert arguments.act(arguments) == 0
        return said.getvalue()

    def add_witness(self) -> None:
        """Give the tests their own account."""
        with (self.out / "acl").open("a", encoding="utf-8") as rules:
            rules.write(f"\nuser {WITNESS}\ntopic readwrite #\ntopic read $SYS/#\n")
        own = next(line for line in self._hashes() if line.startswith("service@"))
        with (self.out / "passwords").open("a", encoding="utf-8") as hashes:
            hashes.write(own.replace(own.partition(":")[0], WITNESS) + "\n")
        secret = self.out / "secrets"
        (secret / f"{WITNESS}.password").write_bytes((secret / "service.password").read_bytes())

    def reload(self) -> None:
        """Let it read passwords and access rules again, as ``systemctl reload mosquitto`` does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def account(self, name: str) -> tuple[str, str]:
        """Username and password of a node, the service, the monitor or the witness."""
        password = (self.out / "secrets" / f"{name}.password").read_text(encoding="utf-8").strip()
        return (name if name == WITNESS else f"{name}@{self.hall}"), password

    def address_of(self, name: str, *, lan: bool = False) -> MqttConfig:
        """What stands in the node.toml of this node."""
        secret = str(self.out / "secrets" / f"{name}.password")
        username, _ = self.account(name)
        if lan:
            ca_file = str(self.tls / "ca.crt")
            return MqttConfig(host="localhost", port=self.lan_port, username=username, password_file=secret, ca_file=ca_file)
        return MqttConfig(port=self.port, username=username, password_file=secret)

    def _configuration(self, changes: dict[str, str]) -> str:
        return replaced((self.out / "mosquitto.conf").read_text(encoding="utf-8"), changes)

    def _hashes(self) -> list[str]:
        return (self.out / "passwords").read_text(encoding="utf-8").splitlines()
