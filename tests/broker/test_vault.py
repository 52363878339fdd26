"""The vault: nothing personal outside it, nothing readable in it once its time is over, whatever breaks meanwhile."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from broker.archive import Archive
from broker.identity_keys import FOLDER, FileKeys, KeyFileError
from broker.sealing import Kind, is_contact, phone_tail
from broker.service import Service
from broker.vault_reading import VaultReader
from broker.verify import verify
from contracts import messages as m
from contracts.identities import check_in_proof, holder_hash
from contracts.values import AppointmentId, GroupId, HallTime, Initiator, NodeName, Refusal, StaffNo, VisitorClass
from sim.service_bench import OPEN, SMALL, TOPICS, Bench, Item
from sim.testing import PATIENCE_S

DAY = 24 * 3_600_000
TODAY = date(2026, 3, 10)
GUIDE = StaffNo("S004")
PHONE, NAME = "0000-55516234", "测试甲某某"
NUMBER = "139999198806150214"
TEN = HallTime(OPEN + 55 * 60_000)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A service on a disk; its keys lie beside the database."""
    return Bench(tmp_path / "hall.db")


def book(bench: Bench, at: HallTime = TEN, **fields: Any) -> m.AppointmentMade:
    """Somebody books; the answer as the node hears it."""
    known: dict[str, Any] = {"actor": GUIDE, "group": GroupId("A"), "contact": PHONE, "name": NAME, **fields}
    request = m.AppointmentRequested(request_id=bench.request_id("OPS-01"), at=at, **known)
    answer = bench.ask("OPS-01", request)
    assert isinstance(answer, m.AppointmentMade), answer
    return answer


def nights(bench: Bench, days: int) -> None:
    """So many days later, in one step: what is due in between happens then."""
    bench.now = HallTime(bench.now + days * DAY)
    bench.service.wake(bench.now)


def open_contact(bench: Bench, appointment: AppointmentId) -> m.Message:
    """Staff look at a contact."""
    request_id = bench.request_id("OPS-01")
    return bench.ask(
        "OPS-01",
        m.ContactOpenRequested(request_id=request_id, actor=GUIDE, appointment=appointment, reason="联系服务对象"),
    )


def on_disk(bench: Bench, *, keys: bool = False) -> bytes:
    """Every byte in the data folder: database, WAL, shared memory; the keys only if asked for."""
    assert bench.path is not None
    files = [one for one in bench.path.parent.rglob("*") if one.is_file() and (keys or one.parent.name != FOLDER)]
    return b"".join(one.read_bytes() for one in files)


def has_secret(stuff: bytes, *secrets: str) -> list[str]:
    """Which of these stand there in clear."""
    return [one for one in (PHONE, PHONE[-8:], NAME, *secrets) if one.encode() in stuff]


def key_of(bench: Bench) -> str:
    """What a ticket machine is told to hash with."""
    settings = bench.service._settings[TOPICS.settings(NodeName("TM-01"))]
    assert isinstance(settings, m.KioskSettings)
    return settings.identity_key


# --- Kept apart -----------------------------------------------------------------------------------------------------------


def test_contact_and_name_reach_neither_facts_nor_requests_nor_logs(bench: Bench) -> None:
    """APPT-4.1: not a byte of them in clear in the database folder, and none in the log; the code likewise."""
    made = book(bench)
    assert len(made.code) == 6
    stuff = on_disk(bench) + repr(bench.log.lines).encode()
    assert has_secret(stuff) == []
    answers = bench.store.database.execute("SELECT answers FROM requests").fetchall()
    assert made.code not in repr(answers)
    assert bench.count("vault") == 1


def test_a_contact_is_opened_to_the_asking_node_alone_and_on_record(bench: Bench) -> None:
    """APPT-7.1: the answer goes to the one node; the fact says who and why; nothing stored or retained holds the contact."""
    made = book(bench)
    answer = open_contact(bench, made.appointment)
    assert isinstance(answer, m.ContactOpened)
    assert (answer.contact, answer.name) == (PHONE, NAME)
    assert {topic for topic, payload in bench.link.said if has_secret(payload)} == {
        f"{TOPICS.root}/node/OPS-01/down/ContactOpened"
    }
    assert bench.facts()[-1] == "AppointmentContactOpened"
    assert has_secret(on_disk(bench)) == []


def test_a_repeated_request_is_answered_alike_while_the_contact_is_kept_and_empty_afterwards(bench: Bench) -> None:
    """Decision 21: stored answers hold references; each time they are said, what they stand for is looked up."""
    request = m.AppointmentRequested(
        request_id=bench.request_id("OPS-01"),
        actor=GUIDE,
        group=GroupId("A"),
        at=TEN,
        contact=PHONE,
        name=NAME,
    )
    made = bench.ask("OPS-01", request)
    assert isinstance(made, m.AppointmentMade)
    assert bench.ask("OPS-01", request) == made
    look = m.ContactOpenRequested(
        request_id=bench.request_id("OPS-01"),
        actor=GUIDE,
        appointment=made.appointment,
        reason="联系",
    )
    opened = bench.ask("OPS-01", look)
    assert bench.ask("OPS-01", look) == opened
    bench.store.close()
    bench.start()
    assert bench.ask("OPS-01", look) == opened
    nights(bench, 31)
    gone = bench.ask("OPS-01", look)
    assert isinstance(gone, m.ContactOpened)
    assert (gone.contact, gone.name) == ("", "")
    again = bench.ask("OPS-01", request)
    assert isinstance(again, m.AppointmentMade)
    assert (again.code, again.appointment) == ("", made.appointment)


def test_what_is_refused_is_not_kept(bench: Bench) -> None:
    """A booking that leads to nothing leaves nothing."""
    request = m.AppointmentRequested(
        request_id=bench.request_id("OPS-01"),
        actor=GUIDE,
        group=GroupId("Z"),
        at=TEN,
        contact=PHONE,
        name=NAME,
    )
    answer = bench.ask("OPS-01", request)
    assert isinstance(answer, m.RequestRefused)
    assert answer.reason is Refusal.UNKNOWN_GROUP
    assert (bench.count("vault"), has_secret(on_disk(bench))) == (0, [])


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_contact_and_fact_are_stored_together_or_not_at_all(bench: Bench, point: str) -> None:
    """One transaction: a kill at any point leaves both or neither."""
    bench.store.close()

    def die(at: str) -> None:
        if at == point:
            raise KeyboardInterrupt

    bench.start(die)
    with pytest.raises(KeyboardInterrupt):
        book(bench)
    bench.store.close()
    bench.start()
    assert bench.count("vault") == bench.facts().count("AppointmentMade") == (point == "after_commit")


def test_the_reason_for_care_lies_in_the_vault(bench: Bench, tmp_path: Path) -> None:
    """CARE-2.2c: the code of why is kept apart and nowhere else; it is gone the next day."""
    answer = bench.ask("TM-01", bench.press())
    assert isinstance(answer, m.TicketIssued)
    request = m.ClassChangeRequested(
        request_id=bench.request_id("OPS-01"),
        actor=GUIDE,
        ticket=answer.ticket,
        visitor_class=VisitorClass.CARE,
        reason="引导员开通",
        basis="zhanyong-basis",
    )
    assert isinstance(bench.ask("OPS-01", request), m.RequestDone)
    assert b"zhanyong-basis" not in on_disk(bench)
    ((reference,),) = bench.store.database.execute("SELECT reference FROM vault").fetchall()
    assert bench.service._vault.open(reference) == {"ticket": answer.ticket, "basis": "zhanyong-basis"}
    with Archive(tmp_path) as archive:
        assert VaultReader(archive).bases_of(TODAY) == {answer.ticket: "zhanyong-basis"}, "for the care ledger of the day"
        assert VaultReader(archive).bases_of(TODAY + timedelta(days=400)) is None
    nights(bench, 1)
    assert (bench.count("vault"), bench.service._vault.open(reference)) == (0, None)
    with Archive(tmp_path) as archive:
        assert VaultReader(archive).bases_of(TODAY) is None, "destroyed with its key"


# --- Cards and codes ------------------------------------------------------------------------------------------------------


def test_the_code_checks_in_with_the_end_of_the_telephone_number(bench: Bench) -> None:
    """APPT-4.3: HMAC of both under the day's key; another code, another number or another day's key is nobody."""
    made = book(bench)
    key = key_of(bench)

    def check_in(proof: str) -> m.Message:
        return bench.ask("TM-01", m.CheckInRequested(request_id=bench.request_id("TM-01"), proof=proof))

    wrong = f"{(int(made.code) + 1) % 1_000_000:06d}"
    bench.later(30 * 60_000)
    for proof in (check_in_proof(key, "6234", wrong), check_in_proof(key, "0000", made.code), "~1", ""):
        assert isinstance(check_in(proof), m.RequestRefused)
    paper = check_in(check_in_proof(key, "6234", made.code))
    assert isinstance(paper, m.TicketIssued)
    assert paper.appointment_at == TEN


def test_neither_card_nor_hash_is_stored(bench: Bench) -> None:
    """Real names: the hash itself stands nowhere; facts hold a pseudonym made with a key that never leaves the service."""
    holder = holder_hash(key_of(bench), NUMBER)
    press = m.TicketRequested(request_id=bench.request_id("TM-01"), group=GroupId("A"), holder=holder)
    assert isinstance(bench.ask("TM-01", press), m.TicketIssued)
    again = m.TicketRequested(request_id=bench.request_id("TM-01"), group=GroupId("A"), holder=holder)
    answer = bench.ask("TM-01", again)
    assert isinstance(answer, m.RequestRefused)
    assert (answer.reason, answer.values) == (Refusal.DUPLICATE_TICKET, {"no": "A001"})
    stuff = on_disk(bench) + repr(bench.log.lines).encode()
    assert has_secret(stuff, NUMBER, holder, key_of(bench)) == []


def test_a_restart_knows_the_same_person(bench: Bench) -> None:
    """The keys outlive the process, so one live ticket a person holds over a crash."""
    holder = holder_hash(key_of(bench), NUMBER)
    press = m.TicketRequested(request_id=bench.request_id("TM-01"), group=GroupId("A"), holder=holder)
    assert isinstance(bench.ask("TM-01", press), m.TicketIssued)
    bench.store.close()
    bench.start()
    again = m.TicketRequested(request_id=bench.request_id("TM-01"), group=GroupId("A"), holder=holder)
    assert isinstance(bench.ask("TM-01", again), m.RequestRefused)


def test_a_card_read_at_booking_checks_in_on_its_day(bench: Bench) -> None:
    """Keys of the days ahead exist, so that a card can be hashed for the day of the appointment."""
    assert bench.path is not None
    day = TODAY + timedelta(days=1)
    key = bench.service._vault.identity_key(day)
    book(bench, HallTime(TEN + DAY), holder=holder_hash(key, NUMBER))
    nights(bench, 1)
    bench.later(30 * 60_000)
    assert key_of(bench) == key
    holder = holder_hash(key_of(bench), NUMBER)
    paper = bench.ask("TM-01", m.CheckInRequested(request_id=bench.request_id("TM-01"), holder=holder))
    assert isinstance(paper, m.TicketIssued)


def test_a_card_shown_at_the_change_checks_in_on_the_new_day(bench: Bench) -> None:
    """A moved appointment is known by the card's hash of its new day, which no fact holds."""
    made = book(bench)
    holder = holder_hash(bench.service._vault.identity_key(TODAY + timedelta(days=1)), NUMBER)
    change = m.AppointmentChangeRequested(
        request_id=bench.request_id("OPS-01"),
        actor=GUIDE,
        appointment=made.appointment,
        at=HallTime(TEN + DAY),
        by=Initiator.PERSON,
        holder=holder,
    )
    assert isinstance(bench.ask("OPS-01", change), m.RequestDone)
    assert has_secret(on_disk(bench), holder) == []
    nights(bench, 1)
    bench.later(30 * 60_000)
    paper = bench.ask("TM-01", m.CheckInRequested(request_id=bench.request_id("TM-01"), holder=holder))
    assert isinstance(paper, m.TicketIssued)


def test_a_hash_in_what_could_not_be_decoded_is_not_kept(bench: Bench) -> None:
    """The evidence of what nobody can repeat is kept without it."""
    holder = holder_hash(key_of(bench), NUMBER)
    request_id = bench.request_id("TM-01")
    payload = b'{"schema":2,"message":"OfflineTicketTaken","request_id":"%s","no":"A1-01","group":7,"holder":"%s"}' % (
        request_id.encode(),
        holder.encode(),
    )
    bench.handle(bench.raw(f"{TOPICS.root}/node/TM-01/up/OfflineTicketTaken", payload))
    ((evidence,),) = bench.store.database.execute("SELECT payload FROM requests WHERE payload IS NOT NULL").fetchall()
    assert "A1-01" in evidence
    assert holder not in evidence
    assert holder.encode() not in on_disk(bench)


# --- Retention ------------------------------------------------------------------------------------------------------------


def ticket_keys(bench: Bench) -> list[date]:
    """The days whose identity key lies on the disk."""
    assert bench.path is not None
    return sorted(date.fromisoformat(one.stem) for one in (bench.path.parent / FOLDER).glob("*.ticket"))


def test_keys_are_files_of_the_service_alone(bench: Bench) -> None:
    """32 bytes a day, mode 0600, for today and every day that may be booked; none in the database."""
    assert bench.path is not None
    book(bench)
    folder = bench.path.parent / FOLDER
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o777 for one in folder.iterdir()} == {0o600}
    assert ticket_keys(bench) == [TODAY + timedelta(days=n) for n in range(31)]
    for one in folder.iterdir():
        key = bytes.fromhex(one.read_text())
        assert len(key) == 32
        assert key not in on_disk(bench)


def test_the_identity_key_ends_with_its_day(bench: Bench) -> None:
    """retention_days.ticket_identity = 1: the machines get the new key, and the old one is nowhere any more."""
    assert bench.path is not None
    old = key_of(bench)
    secret = (bench.path.parent / FOLDER / "2026-03-10.ticket").read_bytes()
    nights(bench, 1)
    assert key_of(bench) != old
    assert ticket_keys(bench)[0] == TODAY + timedelta(days=1)
    assert secret not in on_disk(bench, keys=True)


def test_contacts_end_thirty_days_after_the_date_of_the_appointment(bench: Bench) -> None:
    """APPT-4.1: on the 29th day after it it can be opened, on the 30th the row, its key and every trace are gone."""
    made = book(bench)
    assert bench.path is not None
    ((box,),) = bench.store.database.execute("SELECT box FROM vault").fetchall()
    key = (bench.path.parent / FOLDER / "2026-03-10.contact").read_bytes()
    nights(bench, 29)
    assert bench.count("vault") == 1
    nights(bench, 1)
    assert bench.count("vault") == 0
    stuff = on_disk(bench, keys=True)
    assert bytes(box) not in stuff
    assert key.strip() not in stuff
    assert ("vault_forgot", {"rows": 1, "wal_emptied": True}) in bench.log.lines
    assert made.appointment.encode() in stuff


def test_a_moved_appointment_is_kept_as_long_as_its_new_day_asks(bench: Bench) -> None:
    """The retention counts from the day it is for, also when that has changed."""
    made = book(bench)
    request = m.AppointmentChangeRequested(
        request_id=bench.request_id("OPS-01"),
        actor=GUIDE,
        appointment=made.appointment,
        at=HallTime(TEN + 2 * DAY),
        by=Initiator.PERSON,
    )
    assert isinstance(bench.ask("OPS-01", request), m.RequestDone)
    assert bench.store.database.execute("SELECT day FROM vault").fetchall() == [("2026-03-12",)]
    opened = open_contact(bench, made.appointment)
    assert isinstance(opened, m.ContactOpened)
    assert opened.contact == PHONE
    nights(bench, 2)
    bench.later(30 * 60_000)
    proof = check_in_proof(key_of(bench), "6234", made.code)
    paper = bench.ask("TM-01", m.CheckInRequested(request_id=bench.request_id("TM-01"), proof=proof))
    assert isinstance(paper, m.TicketIssued)
    nights(bench, 29)
    assert bench.count("vault") == 1
    nights(bench, 1)
    assert bench.count("vault") == 0


def test_a_crash_while_forgetting_is_made_good_at_the_next_start(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the keys and the rows, or before both: the next start ends what is over."""
    book(bench)
    assert bench.path is not None

    def die(_service: Service[Item]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Service, "_turn_day", die)
        with pytest.raises(KeyboardInterrupt):
            nights(bench, 31)
    bench.store.close()
    assert ticket_keys(bench)[0] == TODAY
    bench.start()
    assert ticket_keys(bench)[0] == TODAY + timedelta(days=31)
    assert bench.count("vault") == 0
    assert not list((bench.path.parent / FOLDER).glob("*.contact"))


def test_a_service_that_was_away_for_weeks_forgets_at_its_start(bench: Bench) -> None:
    """Nobody was there on the day it was due."""
    book(bench)
    bench.store.close()
    bench.now = HallTime(bench.now + 40 * DAY)
    bench.start()
    assert (bench.count("vault"), ticket_keys(bench)[0]) == (0, TODAY + timedelta(days=40))


def test_a_half_destroyed_key_is_destroyed(tmp_path: Path) -> None:
    """A power cut between overwriting and removing a key, or between drawing and keeping it."""
    keys = FileKeys(tmp_path)
    kept = keys.make(Kind.TICKET, TODAY)
    (tmp_path / "2026-03-09.ticket").write_text("0" * 64)
    (tmp_path / "2026-03-11.ticket.new").write_text("5c" * 32)
    again = FileKeys(tmp_path)
    assert (list(again.days(Kind.TICKET)), again.get(Kind.TICKET, TODAY)) == ([TODAY], kept)
    assert [one.name for one in tmp_path.iterdir()] == ["2026-03-10.ticket"]


@pytest.mark.parametrize(
    ("name", "text"), [("2026-03-10.ticket", "no key"), ("2026-03-10.contact", "5c"), ("x.ticket", "5c" * 32)]
)
def test_a_file_that_is_no_key_is_named(tmp_path: Path, name: str, text: str) -> None:
    """The service does not start on it: a person must say whether it may go."""
    (tmp_path / name).write_text(text)
    with pytest.raises(KeyFileError, match=name):
        FileKeys(tmp_path)


def test_the_service_does_not_start_on_a_file_that_is_no_key(tmp_path: Path) -> None:
    """Exit 78, so that systemd does not try again, and a sentence that names the file and says what to do."""
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "2026-03-10.contact").write_text("no key")
    command = [sys.executable, "-m", "broker", "run", "--config", str(SMALL), "--data", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=3 * PATIENCE_S)
    assert (ended.returncode, "put the original file back" in ended.stderr) == (78, True)


def test_verify_finds_nothing_after_forgetting(bench: Bench) -> None:
    """The vault is no projection: the facts stand without it."""
    book(bench)
    nights(bench, 31)
    assert bench.path is not None
    with Archive(bench.path.parent) as archive:
        assert verify(archive).differences == []


# --- What counts as a contact ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "is_one", "tail"),
    [
        ("13800000000", True, "0000"),
        ("0318-0000123", True, "0123"),
        ("+86 138 0000 1234", True, "1234"),
        ("someone@example.org", True, ""),
        ("无", False, ""),
        ("", False, ""),
        ("12345", False, ""),
        ("1" * 81, False, "1111"),
    ],
)
def test_contacts_and_their_last_four_digits(text: str, is_one: bool, tail: str) -> None:
    """APPT-4.1: a telephone number or an address; only a number has digits to check in with."""
    assert (is_contact(text), phone_tail(text)) == (is_one, tail)
