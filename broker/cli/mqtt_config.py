"""``hall-broker mqtt-config``: writes what mosquitto needs to give every node of a hall an account of its own.

Into DIR: ``mosquitto.conf``, ``acl``, ``passwords``, ``secrets/NODE.password`` for each node's machine (0600), and with
``--lan`` the certificates in ``tls/``. Secrets are drawn on the first run and kept by every later one.
"""

import argparse
import secrets
import sys
from pathlib import Path

from broker.access import AccessError, Account, accounts, acl
from broker.cli.command_error import CommandError
from broker.cli.guarded_files import EVERYBODYS, OURS, SERVERS, write_guarded
from broker.cli.tls import Certificates, certificates
from broker.config import load, read_text
from broker.mqtt_server import Lan, Server, configuration, hashed, is_hash_of
from broker.schema import HallConfig

SHIPPED = Path(__file__).parents[1] / "mosquitto.conf"
"""The configuration for one machine; in the source tree it is ``deploy/mosquitto.conf``."""
_SECRET_BYTES = 24


def write(arguments: argparse.Namespace) -> int:
    """Write everything anew, passwords excepted; says what a person has to do next."""
    config = load(read_text(arguments.config), str(arguments.config))
    folder: Path = arguments.out.resolve()
    try:
        every = accounts(config, monitor=arguments.monitor)
    except AccessError as error:
        raise CommandError(f"{arguments.config}: {error}") from error
    _check_rotated(arguments.rotate, every)
    folder.mkdir(parents=True, exist_ok=True)
    tls = certificates(folder / "tls", config.hall.id, arguments.lan) if arguments.lan else None
    made = Secrets(folder).renew(every, arguments.rotate)
    lan = None if tls is None else Lan(arguments.lan_port, tls.certificate, tls.key)
    server = Server(folder, arguments.port, lan, len(every))
    write_guarded(folder / "acl", acl(every).encode(), SERVERS)
    text = configuration(SHIPPED.read_text(encoding="utf-8"), server)
    write_guarded(folder / "mosquitto.conf", text.encode(), EVERYBODYS)
    _report(arguments, config, every, made, tls)
    return 0


def _check_rotated(names: list[str], every: tuple[Account, ...]) -> None:
    known = [account.name for account in every]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise CommandError(f"--rotate {unknown[0]}: no account of that name; there are: {', '.join(known)}")


class Secrets:
    """The passwords of a hall: mosquitto's file of hashes, and one file for each node.

    A node's file may be moved to its machine and deleted here: the hash alone keeps the password in force.
    """

    def __init__(self, folder: Path) -> None:
        self._hashes = folder / "passwords"
        self._folder = folder / "secrets"

    def renew(self, every: tuple[Account, ...], rotated: list[str]) -> list[str]:
        """Bring the files in line with these accounts; returns the names that have a new password."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        known = self._known()
        made, entries = [], {}
        for account in every:
            entry = None if account.name in rotated else self._kept(account, known.get(account.username))
            if entry is None:
                made.append(account.name)
                entry = self._draw(account)
            entries[account.username] = entry
        self._forget(known.keys() - entries.keys())
        lines = [f"{user}:{entry}\n" for user, entry in entries.items()]
        write_guarded(self._hashes, "".join(lines).encode(), SERVERS)
        return made

    def _known(self) -> dict[str, str]:
        if not self._hashes.exists():
            return {}
        lines = self._hashes.read_text(encoding="utf-8").splitlines()
        return {user: entry for user, _, entry in (line.partition(":") for line in lines) if entry}

    def _kept(self, account: Account, entry: str | None) -> str | None:
        """The hash that stays in force; the node's file wins where a person has put one there."""
        path = self._path(account.name)
        if not path.exists():
            return entry
        password = path.read_text(encoding="utf-8").partition("\n")[0]
        if not password:
            raise CommandError(f"{path} is empty; delete it and use --rotate {account.name}")
        return entry if entry is not None and is_hash_of(entry, password) else _hash(password)

    def _draw(self, account: Account) -> str:
        password = secrets.token_urlsafe(_SECRET_BYTES)
        write_guarded(self._path(account.name), f"{password}\n".encode(), OURS)
        return _hash(password)

    def _forget(self, usernames: set[str]) -> None:
        for gone in usernames:
            self._path(gone.rpartition("@")[0]).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.password"


def _hash(password: str) -> str:
    return hashed(password, secrets.token_bytes(12))


def _report(
    arguments: argparse.Namespace, config: HallConfig, every: tuple[Account, ...], made: list[str], tls: Certificates | None
) -> None:
    out = sys.stdout.write
    speaking = {account.name for account in every}
    silent = [one.id for one in config.devices if one.id not in speaking]
    out(f"{arguments.out}: {len(every)} accounts of {config.hall.id}, {len(made)} with a new password")
    out(f": {', '.join(made)}\n" if made else "\n")
    if silent:
        out(f"no account (they hang on another node, or speak no MQTT): {', '.join(silent)}\n")
    if tls is not None and tls.made:
        out(f"made {', '.join(tls.made)} in {arguments.out}/tls; copy ca.crt to every node, keep ca.key elsewhere\n")
    host, port, ca = (arguments.lan[0], arguments.lan_port, "ca.crt") if arguments.lan else ("127.0.0.1", arguments.port, "")
    out("node.toml of a node, with its NODE.password beside it:\n")
    out(f'[mqtt]\nhost = "{host}"\nport = {port}\nusername = "NODE@{config.hall.id}"\npassword_file = "NODE.password"\n')
    out(f'ca_file = "{ca}"\n' if ca else "")
