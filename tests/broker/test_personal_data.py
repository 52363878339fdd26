"""A day with marked people: what they are called, how they are reached and what their cards say is found nowhere in clear.

Looked through before anything is destroyed and after: the database with its WAL, a backup of it, the log, everything the
service has ever said but the one answer that opens a contact, and everything that stands retained.
"""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from broker.identity_keys import FOLDER, FileKeys
from broker.vault import Vault
from contracts import messages as m
from contracts.identities import check_in_proof, holder_hash
from contracts.values import AppointmentId, GroupId, HallTime, Initiator, NodeName, StaffNo, VisitorClass
from sim.service_bench import OPEN, TOPICS, Bench, visit

GUIDE, A = StaffNo("S004"), GroupId("A")
DAY = 24 * 3_600_000
MINUTE = 60_000


class Marked:
    """Twenty people whose data can be told from everything else by looking for it."""

    def __init__(self) -> None:
        draw = random.Random(7)
        self.names = [f"记号{chr(0x4E00 + draw.randrange(0x4000))}{chr(0x4E00 + n)}" for n in range(20)]
        self.phones = [f"00009{draw.randrange(10**6):06d}" for _ in range(20)]
        self.cards = [f"1399991988061{draw.randrange(10**5):05d}" for _ in range(20)]
        self.hashes: list[str] = []
        self.codes: list[str] = []
        self.bases = [f"basis-{draw.randrange(10**6):06d}" for _ in range(3)]

    def found_in(self, *stuff: bytes) -> list[str]:
        """Every mark that stands somewhere in clear."""
        marks = [*self.names, *self.phones, *self.cards, *self.hashes, *self.bases]
        return [mark for mark in marks for each in stuff if mark.encode() in each]


class MarkedDay:
    """The day: bookings, a changed one, cards at the machine, a check-in, care, broken messages, a visit."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench(folder / "hall.db")
        self.folder = folder
        self.people = Marked()
        self.said: list[tuple[str, bytes]] = list(self.bench.link.said)
        self.booked: list[m.AppointmentMade] = []
        settings = self.bench.service._settings[TOPICS.settings(NodeName("TM-01"))]
        assert isinstance(settings, m.KioskSettings)
        self.key = settings.identity_key

    def ask(self, node: str, kind: Any, **fields: Any) -> m.Message:
        """One request; everything said is kept for looking through."""
        answer = self.bench.ask(node, kind(request_id=self.bench.request_id(node), **fields))
        self.said += self.bench.link.said
        return answer

    def play(self) -> None:
        """All of it."""
        people = self.people
        people.hashes = [holder_hash(self.key, card) for card in people.cards]
        for n, (name, phone) in enumerate(zip(people.names[:8], people.phones[:8], strict=True)):
            at = (
                HallTime(OPEN + (55 + 30 * n) * MINUTE)
                if n < 4
                else HallTime(OPEN + DAY + (n - 4) * 30 * MINUTE + 25 * MINUTE)
            )
            made = self.ask("OPS-01", m.AppointmentRequested, actor=GUIDE, group=A, at=at, contact=phone, name=name)
            assert isinstance(made, m.AppointmentMade), made
            self.booked.append(made)
        self._refusals()
        change = {"actor": GUIDE, "appointment": self.booked[3].appointment, "by": Initiator.PERSON}
        self.ask("OPS-01", m.AppointmentChangeRequested, at=HallTime(OPEN + 2 * DAY + 55 * MINUTE), **change)
        tickets = [self.ask("TM-01", m.TicketRequested, group=A, holder=one) for one in people.hashes[:6]]
        for basis, ticket in zip(people.bases, tickets, strict=False):
            assert isinstance(ticket, m.TicketIssued)
            known = {"actor": GUIDE, "ticket": ticket.ticket, "visitor_class": VisitorClass.CARE, "reason": "引导员开通"}
            assert isinstance(self.ask("OPS-01", m.ClassChangeRequested, basis=basis, **known), m.RequestDone)
        self.bench.later(40 * MINUTE)
        proof = check_in_proof(self.key, people.phones[0][-4:], self.booked[0].code)
        assert isinstance(self.ask("TM-01", m.CheckInRequested, proof=proof), m.TicketIssued)
        visit(self.bench)

    def _refusals(self) -> None:
        """What is not decided, or cannot be read, is no way out either."""
        people = self.people
        at = HallTime(OPEN + 55 * MINUTE)
        known = {"actor": GUIDE, "group": GroupId("Z"), "contact": people.phones[9], "name": people.names[9]}
        assert isinstance(self.ask("OPS-01", m.AppointmentRequested, at=at, **known), m.RequestRefused)
        holder = people.hashes[9].encode()
        request_id = self.bench.request_id("TM-01").encode()
        broken = b'{"schema":2,"message":"OfflineTicketTaken","request_id":"%s","holder":"%s"}' % (request_id, holder)
        self.bench.handle(self.bench.raw(f"{TOPICS.root}/node/TM-01/up/OfflineTicketTaken", broken))
        mistyped = (
            b'{"schema":1,"message":"AppointmentRequested","request_id":"OPS-01/00000000000000bb/999","contact":["%s"]}'
        )
        raw = self.bench.raw(f"{TOPICS.root}/node/OPS-01/up/AppointmentRequested", mistyped % people.phones[9].encode())
        self.bench.handle(raw)
        self.said += self.bench.link.said

    def back_up(self) -> bytes:
        """A copy as an administrator makes it, of the database and nothing else."""
        copy = self.folder / "backups" / "hall.db"
        copy.parent.mkdir(exist_ok=True)
        with closing(sqlite3.connect(self.folder / "hall.db")) as mine, closing(sqlite3.connect(copy)) as file:
            mine.backup(file)
        return copy.read_bytes()

    def files(self) -> list[bytes]:
        """Everything in the data folder but the keys: database, WAL, shared memory, backups."""
        return [one.read_bytes() for one in self.folder.rglob("*") if one.is_file() and one.parent.name != FOLDER]

    def spoken(self) -> list[bytes]:
        """Everything that was published, answers and retained states, and the log."""
        return [payload for _, payload in self.said] + [repr(self.bench.log.lines).encode()]


@pytest.fixture
def day(tmp_path: Path) -> Iterator[MarkedDay]:
    """The day, played."""
    one = MarkedDay(tmp_path)
    one.play()
    yield one
    one.bench.store.close()


def look(day: MarkedDay, appointment: AppointmentId) -> m.ContactOpened:
    """A contact is opened."""
    answer = day.ask("OPS-01", m.ContactOpenRequested, actor=GUIDE, appointment=appointment, reason="联系服务对象")
    assert isinstance(answer, m.ContactOpened)
    return answer


def test_no_personal_data_outside_the_vault(day: MarkedDay) -> None:
    """SECR-0, 2.6: names, numbers, hashes and reasons: not in files, backups, logs or anything said; the vault has them."""
    day.back_up()
    assert day.people.found_in(*day.files(), *day.spoken()) == []
    assert day.bench.count("vault") == 8 + 3
    opened = look(day, day.booked[1].appointment)
    assert (opened.contact, opened.name) == (day.people.phones[1], day.people.names[1])
    heard = [topic for topic, payload in day.said if day.people.found_in(payload)]
    assert set(heard) == {f"{TOPICS.root}/node/OPS-01/down/ContactOpened"}
    assert day.people.found_in(*day.files(), repr(day.bench.log.lines).encode()) == []


def test_booking_codes_are_said_once_and_stored_nowhere(day: MarkedDay) -> None:
    """The code of a booking lets somebody check in: to the node that booked, and to nobody else."""
    said = {topic for topic, payload in day.said if any(f'"{one.code}"'.encode() in payload for one in day.booked)}
    assert said == {f"{TOPICS.root}/node/OPS-01/down/AppointmentMade"}
    assert not [one for one in day.booked for each in day.files() if f'"{one.code}"'.encode() in each]


def test_after_its_time_nothing_can_be_read_not_even_from_a_backup(day: MarkedDay) -> None:
    """2.6: keys destroyed, rows gone from database and WAL; a backup of before holds boxes that nobody can open."""
    backup = day.back_up()
    boxes = [bytes(box) for (box,) in day.bench.store.database.execute("SELECT box FROM vault")]
    assert all(box in backup for box in boxes)
    keys = [bytes.fromhex(one.read_text()) for one in (day.folder / FOLDER).iterdir()]
    day.bench.now = HallTime(day.bench.now + 33 * DAY)
    day.bench.service.wake(day.bench.now)
    assert day.bench.count("vault") == 0
    rest = [one for one in day.files() if one != backup]
    assert not [box for box in boxes for each in rest if box in each]
    left = [bytes.fromhex(one.read_text()) for one in (day.folder / FOLDER).iterdir()]
    gone = [key for key in keys if key not in left]
    assert len(gone) >= 31
    assert not [key for key in gone for each in day.files() if key in each or key.hex().encode() in each]
    assert all(date.fromisoformat(one.stem) > date(2026, 4, 11) for one in (day.folder / FOLDER).iterdir())
    day.bench.store.close()
    (day.folder / "hall.db").write_bytes(backup)
    for one in day.folder.glob("hall.db-*"):
        one.unlink()
    with closing(sqlite3.connect(day.folder / "hall.db")) as restored:
        vault = Vault(Database(restored), FileKeys(day.folder / FOLDER), bytes, b"k" * 32)
        references = [reference for (reference,) in restored.execute("SELECT reference FROM vault")]
        assert len(references) == len(boxes)
        assert [vault.open(reference) for reference in references] == [None] * len(boxes)
    day.bench.start()
    assert day.bench.count("vault") == 0
    assert day.people.found_in(*day.files()) == []
