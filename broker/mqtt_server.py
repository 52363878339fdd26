"""The configuration of mosquitto for a hall whose nodes stand on a network: accounts, two listeners, limits. Pure.

What is not about listeners and accounts (sizes, queues, persistence, ``TCP_NODELAY``) is taken from the configuration that
ships for one machine, ``deploy/mosquitto.conf``, so that no limit is written twice.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from pathlib import PurePath

_REPLACED = ("per_listener_settings", "listener", "allow_anonymous")
_ITERATIONS = 101
_SALT_BYTES = 12


@dataclass(frozen=True, slots=True)
class Lan:
    """The listener for other machines; ``certificate`` and ``key`` are PEM files."""

    port: int
    certificate: PurePath
    key: PurePath


@dataclass(frozen=True, slots=True)
class Server:
    """Where the server listens and where its files lie. ``port`` is plain, for the processes of its own machine."""

    folder: PurePath
    port: int
    lan: Lan | None
    accounts: int

    @property
    def max_connections(self) -> int:
        """Per listener: each account once and once more while its old connection dies, and some that knock in vain."""
        return 2 * self.accounts + 16


def configuration(shipped: str, server: Server) -> str:
    """The whole ``mosquitto.conf``; ``shipped`` is the text of the one for a single machine."""
    kept = [line for line in shipped.splitlines() if line.strip() and not line.startswith("#")]
    kept = [line for line in kept if line.split(" ")[0] not in _REPLACED]
    return "\n".join([*_HEADER, *_accounts(server), "", *kept, *_listeners(server), ""])


_HEADER = (
    "# Written by hall-broker mqtt-config from hall.toml; it is written anew each time, so change it there.",
    "# Sizes, queues and persistence come from deploy/mosquitto.conf, with their reasons.",
    "",
)


def _accounts(server: Server) -> list[str]:
    return [
        "per_listener_settings false",
        "allow_anonymous false",
        f"password_file {server.folder / 'passwords'}",
        f"acl_file {server.folder / 'acl'}",
        "# A retained message is handed on only while whoever said it may still say it.",
        "check_retain_source true",
    ]


def _listeners(server: Server) -> list[str]:
    plain = ["", "# For the processes of this machine alone.", f"listener {server.port} 127.0.0.1", *_each(server)]
    if server.lan is None:
        return plain
    tls = [f"certfile {server.lan.certificate}", f"keyfile {server.lan.key}", "tls_version tlsv1.2"]
    return [*plain, "", "# For the nodes of the hall.", f"listener {server.lan.port}", *tls, *_each(server)]


def _each(server: Server) -> list[str]:
    return ["use_username_as_clientid true", f"max_connections {server.max_connections}"]


def hashed(password: str, salt: bytes) -> str:
    """A password as mosquitto's ``password_file`` holds it: PBKDF2 with SHA-512, as ``mosquitto_passwd`` writes it.

    Few rounds suffice: our passwords are 192 random bits, which nobody guesses, and the server's one thread pays for every
    round at each connect. ``salt`` is 12 bytes.
    """
    if len(salt) != _SALT_BYTES:
        raise ValueError(f"a salt has {_SALT_BYTES} bytes, not {len(salt)}")
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    return f"$7${_ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def is_hash_of(entry: str, password: str) -> bool:
    """Whether an entry as :func:`hashed` makes it is of this password."""
    parts = entry.split("$")
    try:
        again = hashed(password, base64.b64decode(parts[3]))
    except (IndexError, ValueError):
        return False
    return hmac.compare_digest(again, entry)
