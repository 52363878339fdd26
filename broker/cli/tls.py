"""The hall's own certificate authority and the MQTT server's certificate, made once with the ``openssl`` command.

A hall has no public name, so no public authority can vouch for it; nodes trust this one through ``ca_file``. The
certificates are valid from 2020 on, because a Raspberry Pi without a battery clock wakes up in the past.
"""

import ipaddress
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from broker.cli.command_error import CommandError
from broker.cli.guarded_files import EVERYBODYS, OURS, SERVERS, write_guarded
from contracts.values import HallId

_FROM, _TO = "20200101000000Z", "20491231235959Z"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where they lie, and which of them are new."""

    authority: Path
    certificate: Path
    key: Path
    made: tuple[str, ...]


def certificates(folder: Path, hall: HallId, names: list[str]) -> Certificates:
    """What is there already, or new ones for a server reached under these names. Raises :class:`CommandError`.

    Delete ``server.crt`` for one with other names; delete ``ca.crt`` too for a new authority, which every node must then
    get. Files of an authority that exists elsewhere may simply be put there: ``ca.crt``, ``server.crt``, ``server.key``.
    """
    found = Certificates(folder / "ca.crt", folder / "server.crt", folder / "server.key", ())
    alternatives = ", ".join(_alternative(name) for name in names)
    folder.mkdir(exist_ok=True)
    made = []
    if not found.authority.exists():
        _make(folder, "ca", f"/CN={hall} certificate authority", "authority", alternatives)
        made += ["ca.crt", "ca.key"]
    if not found.certificate.exists() or made:
        if not (folder / "ca.key").exists():
            raise CommandError(f"{folder}/ca.key is not here; put it back for as long as server.crt is made")
        _make(folder, "server", f"/CN={names[0][:60]}", "server", alternatives)
        made += ["server.crt", "server.key"]
    return Certificates(found.authority, found.certificate, found.key, tuple(made))


def _alternative(name: str) -> str:
    try:
        return f"IP:{ipaddress.ip_address(name)}"
    except ValueError:
        if not _NAME.fullmatch(name):
            raise CommandError(f"--lan {name}: neither a host name nor an IP address") from None
        return f"DNS:{name}"


def _make(folder: Path, stem: str, subject: str, section: str, alternatives: str) -> None:
    """A new key and its certificate; ``openssl ca``, because no other command lets a certificate begin in the past."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        (work / "index.txt").touch()
        (work / "openssl.cnf").write_text(_SETTINGS.format(work=work, alternatives=alternatives), encoding="ascii")
        key, request, certificate = work / "key.pem", work / "request.pem", work / "certificate.pem"
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        common = ["-batch", "-config", str(work / "openssl.cnf"), "-notext"]
        signer = ["-selfsign", "-keyfile", str(key)]
        if stem != "ca":
            signer = ["-cert", str(folder / "ca.crt"), "-keyfile", str(folder / "ca.key")]
        _openssl("req", "-new", *curve, *common[1:3], "-subj", subject, "-keyout", str(key), "-out", str(request))
        days = ["-startdate", _FROM, "-enddate", _TO]
        _openssl("ca", *common, *signer, *days, "-extensions", section, "-in", str(request), "-out", str(certificate))
        write_guarded(folder / f"{stem}.key", key.read_bytes(), OURS if stem == "ca" else SERVERS)
        write_guarded(folder / f"{stem}.crt", certificate.read_bytes(), EVERYBODYS)


def _openssl(*arguments: str) -> None:
    program = shutil.which("openssl")
    if program is None:
        raise CommandError(
            "openssl is not installed (on Debian: apt install openssl); or put ca.crt, server.crt and server.key of an "
            "authority of yours into the folder tls yourself"
        )
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 -- names are checked
    if done.returncode != 0:
        raise CommandError(f"openssl {arguments[0]} failed: {done.stderr.strip()}")


_SETTINGS = """
[req]
distinguished_name = nothing
[nothing]
[ca]
default_ca = hall
[hall]
database = {work}/index.txt
new_certs_dir = {work}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {alternatives}
"""
