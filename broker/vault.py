"""The vault: contacts, names, codes, reasons for care; encrypted, in a table of their own, for as long as they are needed.

Each day has its own keys (``broker.identity_keys``). A row is readable only with the key of its day, so that when this is
destroyed every copy of the row is lost with it: in the WAL, in backups, in free pages. What the rules know a person by is
made of the same keys and means as little afterwards.
"""

import hashlib
import hmac
import sqlite3
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TypeAlias

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec.structs import replace
from sqlite_utils import Database

from broker.identity_keys import KeyRing
from broker.rules.facts import AppointmentChanged, Fact
from broker.rules.hours import day_of
from broker.schema import Params
from broker.sealing import MARK, Kind, Sealed, Secret, phone_tail, sealed
from broker.store import StoredAnswer
from contracts import messages as m
from contracts.codec import encode
from contracts.identities import check_in_proof
from contracts.pins import verifier
from contracts.values import HolderHash

_NONCE_BYTES = 12
_REFERENCE_BYTES = 16
_NOBODY = MARK + "nobody"
_content = msgspec.json.Decoder(dict[str, str]).decode
_WithSecret: TypeAlias = m.AppointmentMade | m.ContactOpened | m.HandoverTold | m.RotationShown | m.LeaveReasonShown
_WITH_SECRETS: dict[str, type[_WithSecret]] = {
    one.__name__: one for one in (m.AppointmentMade, m.ContactOpened, m.HandoverTold, m.RotationShown, m.LeaveReasonShown)
}
"""Answers that carry something personal. What is stored of them is a reference; each time they are said it is looked up."""


class Vault:
    """One hall's vault. Every change happens inside a batch of the store, together with the facts it belongs to."""

    def __init__(self, database: Database, keys: KeyRing, entropy: Callable[[int], bytes], card_key: bytes) -> None:
        self._connection = database.conn
        self._keys = keys
        self._entropy = entropy
        self._card_key = card_key

    # --- Days ------------------------------------------------------------------------------------------------------------

    def make_keys(self, today: date, params: Params) -> None:
        """Today's key, and those of the days that may be booked: a card read at booking checks in on its day."""
        for n in range(params.appointment.ahead_days + 1):
            self._keys.make(Kind.TICKET, today + timedelta(days=n))

    def destroy_keys(self, today: date, params: Params) -> None:
        """What is over today is gone for good, here first. Asked again after a crash it does what is left."""
        for kind in Kind:
            for day in [one for one in self._keys.days(kind) if _is_over(kind, one, today, params)]:
                self._keys.destroy(kind, day)

    def forget(self, today: date, params: Params) -> int:
        """Delete the rows nobody can read any more; returns how many. In a batch; the caller empties the WAL afterwards."""
        kept = self._connection.execute("SELECT DISTINCT kind, day FROM vault").fetchall()
        over = [(kind, day) for kind, day in kept if _is_over(Kind(kind), date.fromisoformat(day), today, params)]
        return sum(self._connection.execute("DELETE FROM vault WHERE kind = ? AND day = ?", each).rowcount for each in over)

    def identity_key(self, day: date) -> str:
        """The key ticket machines hash ID cards with on this day, 64 hex digits; empty if it is destroyed."""
        key = self._keys.get(Kind.TICKET, day)
        return "" if key is None else identity_key_of(key)

    # --- Requests and facts ----------------------------------------------------------------------------------------------

    def seal(self, request: m.Request, today: date) -> Sealed:
        """The request as the rules may see it, and what was in it."""
        return sealed(request, today, self)

    def keep(self, secrets: Iterable[Secret], facts: Iterable[Fact]) -> None:
        """Store what was taken out of a request that led to facts, and move what they move to another day."""
        for secret in secrets:
            self._write(secret)
        for fact in facts:
            if isinstance(fact, AppointmentChanged):
                self._move(fact.contact, day_of(fact.at))

    def _move(self, reference: str, day: date) -> None:
        """Kept as long as its appointment is to be kept, which is now on another day."""
        content = self.open(reference)
        if content is not None:
            self._connection.execute("DELETE FROM vault WHERE reference = ?", (reference,))
            self._write(Secret(reference, Kind.CONTACT, day, content))

    def completed(self, answer: StoredAnswer) -> StoredAnswer:
        """The answer as it is said: with the contact or the code, as long as they are kept; else with neither."""
        kind = _WITH_SECRETS.get(answer.message)
        if kind is None:
            return answer
        said = msgspec.json.decode(answer.payload, type=kind)
        return answer._replace(payload=encode(self._with_secret(said)).decode())

    def _with_secret(self, said: _WithSecret) -> m.Message:
        match said:
            case m.AppointmentMade():
                return replace(said, code=(self.open(said.code) or {}).get("code", ""))
            case m.ContactOpened():
                content = self.open(said.contact) or {}
                return replace(said, contact=content.get("contact", ""), name=content.get("name", ""))
            case m.HandoverTold():
                return replace(said, remarks=self._text(said.remarks), documents=self._text(said.documents))
            case m.RotationShown():
                found = {**(self.open(said.name) or {}), **(self.open(said.explanation) or {})}
                return replace(said, **{one: found.get(one, "") for one in ("name", "particulars", "reason", "explanation")})
            case m.LeaveReasonShown():
                texts = {one: self._text(getattr(said, one)) for one in ("reason", "rejected", "override")}
                return replace(said, **texts)

    def _text(self, reference: str) -> str:
        return (self.open(reference) or {}).get("text", "")

    # --- Hand (broker.sealing) -------------------------------------------------------------------------------------------

    def reference(self) -> str:
        """See :class:`broker.sealing.Hand`."""
        return MARK + self._entropy(_REFERENCE_BYTES).hex()

    def code(self) -> str:
        """See :class:`broker.sealing.Hand`."""
        return f"{int.from_bytes(self._entropy(8), 'big') % 1_000_000:06d}"

    def person(self, day: date, holder: HolderHash) -> HolderHash:
        """A hash of the hash, under a key that never leaves the service: a machine that is stolen tells nothing of facts."""
        key = _derived(self._keys.get(Kind.TICKET, day), b"person") or self._entropy(32)
        return HolderHash(MARK + hmac.new(key, holder.encode(), hashlib.sha256).hexdigest()[:32])

    def verifier(self, stretched: str) -> str:
        """See :class:`broker.sealing.Hand`."""
        return verifier(self._card_key, stretched)

    def checked_in_by(self, day: date, proof: str) -> str:
        """See :class:`broker.sealing.Hand`. Proofs are made anew of the contacts of the day, so none is ever stored."""
        key = self.identity_key(day)
        rows = self._connection.execute(
            "SELECT reference FROM vault WHERE kind = ? AND day = ? ORDER BY reference", (Kind.CONTACT, day.isoformat())
        ).fetchall()
        for (reference,) in rows if key else ():
            content = self.open(reference) or {}
            tail, code = phone_tail(content.get("contact", "")), content.get("code", "")
            if tail and hmac.compare_digest(check_in_proof(key, tail, code).encode(), proof.encode()):
                return str(reference)
        return _NOBODY

    # --- Boxes -----------------------------------------------------------------------------------------------------------

    def open(self, reference: str) -> dict[str, str] | None:
        """What lies under this reference, ``None`` if nothing does or its key is destroyed."""
        return opened(self._connection, self._keys.get, reference)

    def _write(self, secret: Secret) -> None:
        key = _derived(self._keys.make(secret.kind, secret.day), b"box")
        nonce = self._entropy(_NONCE_BYTES)
        label = _label(secret.reference, secret.kind, secret.day)
        box = nonce + AESGCM(key).encrypt(nonce, msgspec.json.encode(secret.content), label)
        row = (secret.reference, secret.kind.value, secret.day.isoformat(), box)
        self._connection.execute("INSERT INTO vault VALUES (?, ?, ?, ?)", row)


def opened(
    connection: sqlite3.Connection, key_of: Callable[[Kind, date], bytes | None], reference: str
) -> dict[str, str] | None:
    """What lies under a reference in this database, ``None`` if nothing does or ``key_of`` its day knows no key."""
    row = connection.execute("SELECT kind, day, box FROM vault WHERE reference = ?", (reference,)).fetchone()
    if row is None:
        return None
    kind, day, box = Kind(row[0]), date.fromisoformat(row[1]), bytes(row[2])
    key = _derived(key_of(kind, day), b"box")
    if not key:
        return None
    try:
        plain = AESGCM(key).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], _label(reference, kind, day))
    except InvalidTag:
        return None  # of another key: the folder of keys and the database are not of one hall
    return _content(plain)


def identity_key_of(key: bytes) -> str:
    """What a day's key makes machines hash with: they never hold the key itself, which also opens the vault of the day."""
    return _derived(key, b"identity").hex()


def _is_over(kind: Kind, day: date, today: date, params: Params) -> bool:
    """Kept until so many natural days after its day have begun (2.6)."""
    days = params.retention_days
    kept = {
        Kind.TICKET: days.ticket_identity,
        Kind.CONTACT: days.appointment_contact,
        Kind.NOTE: days.staff_notes,
        Kind.OUTING: days.attendance,
        Kind.ROTATION: days.attendance,
        Kind.LEAVE: days.attendance,
    }
    return today >= day + timedelta(days=kept[kind])


def _derived(key: bytes | None, purpose: bytes) -> bytes:
    """A key for one purpose, of the key of a day; nothing of nothing."""
    return b"" if key is None else hmac.new(key, purpose, hashlib.sha256).digest()


def _label(reference: str, kind: Kind, day: date) -> bytes:
    """Binds a box to its place: moved to another row it cannot be read."""
    return f"{reference}/{kind.value}/{day.isoformat()}".encode()
