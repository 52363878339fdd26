"""Looking into the vault beside the service, for ledgers: nothing is made, changed or destroyed."""

import contextlib
from datetime import date
from pathlib import Path

from broker.archive import Archive
from broker.identity_keys import FOLDER, key_on_disk
from broker.sealing import Kind
from broker.vault import opened
from contracts.values import TicketId


class VaultReader:
    """What lies under references, in the database of ``archive`` and with the keys beside it."""

    def __init__(self, archive: Archive) -> None:
        self._connection = archive.database.conn
        self._folder = archive.path.parent / FOLDER

    def open(self, reference: str) -> dict[str, str] | None:
        """``None`` if nothing is there, its time is over, or the keys are not for whoever asks."""
        return opened(self._connection, self._key, reference)

    def bases_of(self, day: date) -> dict[TicketId, str] | None:
        """The code of why each ticket of a day was cared for (CARE-7); ``None`` without the key of that day."""
        if self._key(Kind.TICKET, day) is None:
            return None
        rows = self._connection.execute(
            "SELECT reference FROM vault WHERE kind = ? AND day = ? ORDER BY rowid", (Kind.TICKET, day.isoformat())
        ).fetchall()
        found = [self.open(reference) or {} for (reference,) in rows]
        return {TicketId(one["ticket"]): one["basis"] for one in found if "basis" in one}

    def _key(self, kind: Kind, day: date) -> bytes | None:
        with contextlib.suppress(PermissionError):
            return key_on_disk(Path(self._folder), kind, day)
        return None
