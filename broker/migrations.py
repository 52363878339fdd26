"""How the database grows. A migration that has been released is never edited; the next one has the next number.

Each runs in one transaction together with the record that it ran. ``facts`` is the truth; ``tickets``, ``calls``,
``ratings`` and ``punches`` are read from it by ``projections`` and can be made anew at any time.
"""

from sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("hall")

APPLICATION_ID = 0x48414C4C
"""``HALL`` in the file header, so that somebody else's database is not taken for ours."""


def _run(db: Database, script: str) -> None:
    """Statement by statement: ``executescript`` would commit the migration's transaction."""
    for statement in script.split(";;"):
        if statement.strip():
            db.execute(statement)


@MIGRATIONS()
def m001_facts_and_requests(db: Database) -> None:
    """The truth: facts, and what was answered to whom."""
    _run(
        db,
        """
        CREATE TABLE facts (
            number INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            request_id TEXT,
            kind TEXT NOT NULL,
            body TEXT NOT NULL,
            hash BLOB NOT NULL
        ) STRICT;;
        CREATE INDEX facts_by_kind ON facts(kind);;
        CREATE TRIGGER facts_only_follow BEFORE INSERT ON facts
            WHEN NEW.number <> 1 + coalesce((SELECT max(number) FROM facts), 0)
            BEGIN SELECT RAISE(ABORT, 'a fact must follow the last one'); END;;
        CREATE TRIGGER facts_never_change BEFORE UPDATE ON facts
            BEGIN SELECT RAISE(ABORT, 'facts are never changed'); END;;
        CREATE TRIGGER facts_never_go BEFORE DELETE ON facts
            BEGIN SELECT RAISE(ABORT, 'facts are never deleted'); END;;
        CREATE TABLE requests (
            request_id TEXT PRIMARY KEY,
            message TEXT NOT NULL,
            at INTEGER NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('decided', 'rejected')),
            answers TEXT NOT NULL,
            first_fact INTEGER REFERENCES facts(number),
            last_fact INTEGER REFERENCES facts(number),
            payload TEXT
        ) STRICT, WITHOUT ROWID;;
        CREATE TRIGGER requests_never_change BEFORE UPDATE ON requests
            BEGIN SELECT RAISE(ABORT, 'requests are never changed'); END;;
        CREATE TRIGGER requests_never_go BEFORE DELETE ON requests
            BEGIN SELECT RAISE(ABORT, 'requests are never deleted'); END;;
        CREATE TABLE meta (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            epoch INTEGER NOT NULL,
            hall_clock INTEGER NOT NULL,
            head_number INTEGER NOT NULL,
            head_hash BLOB NOT NULL
        ) STRICT;;
        INSERT INTO meta VALUES (1, 0, 0, 0, zeroblob(32));;
        """,
    )


@MIGRATIONS()
def m002_what_is_read_from_the_facts(db: Database) -> None:
    """The projections, for people, reports and pages; the service itself never reads them."""
    _run(
        db,
        """
        CREATE TABLE tickets (
            ticket TEXT PRIMARY KEY,
            no TEXT NOT NULL,
            queue_group TEXT NOT NULL,
            service TEXT,
            classes TEXT NOT NULL,
            issued_at INTEGER NOT NULL,
            kiosk TEXT,
            token TEXT NOT NULL,
            printed TEXT,
            state TEXT NOT NULL,
            reason TEXT,
            ended_at INTEGER
        ) STRICT;;
        CREATE TABLE calls (
            call TEXT PRIMARY KEY,
            ticket TEXT NOT NULL REFERENCES tickets(ticket),
            counter TEXT NOT NULL,
            staff TEXT NOT NULL,
            tier TEXT NOT NULL,
            fact INTEGER NOT NULL REFERENCES facts(number),
            called_at INTEGER NOT NULL,
            announcements INTEGER NOT NULL,
            missed_at INTEGER,
            session TEXT,
            started_at INTEGER,
            finished_at INTEGER
        ) STRICT;;
        CREATE INDEX calls_by_ticket ON calls(ticket);;
        CREATE UNIQUE INDEX calls_by_session ON calls(session) WHERE session IS NOT NULL;;
        CREATE TABLE ratings (
            request_id TEXT PRIMARY KEY,
            session TEXT NOT NULL,
            level INTEGER NOT NULL,
            refused TEXT,
            counter TEXT,
            staff TEXT,
            at INTEGER NOT NULL
        ) STRICT;;
        CREATE UNIQUE INDEX one_rating_a_session ON ratings(session) WHERE refused IS NULL;;
        CREATE TABLE punches (
            request_id TEXT PRIMARY KEY,
            clock TEXT NOT NULL,
            card TEXT,
            staff TEXT,
            intent TEXT NOT NULL,
            at INTEGER NOT NULL,
            unverified INTEGER NOT NULL
        ) STRICT;;
        """,
    )


@MIGRATIONS()
def m003_vault(db: Database) -> None:
    """What is personal, encrypted, for as long as it is needed; the one table whose rows are deleted (broker.vault)."""
    _run(
        db,
        """
        CREATE TABLE vault (
            reference TEXT PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('ticket', 'contact')),
            day TEXT NOT NULL,
            box BLOB NOT NULL
        ) STRICT;;
        CREATE INDEX vault_by_day ON vault(kind, day);;
        """,
    )


@MIGRATIONS()
def m004_course_of_a_ticket(db: Database) -> None:
    """Where a ticket went beside the straight line, and who had the visitor first and after whom (1.0.5, FIRST-3)."""
    _run(
        db,
        """
        ALTER TABLE tickets ADD COLUMN transferred_from TEXT;;
        ALTER TABLE tickets ADD COLUMN reactivations INTEGER NOT NULL DEFAULT 0;;
        ALTER TABLE tickets ADD COLUMN care TEXT;;
        ALTER TABLE tickets ADD COLUMN care_by TEXT;;
        ALTER TABLE tickets ADD COLUMN first_asker TEXT;;
        ALTER TABLE tickets ADD COLUMN first_handler TEXT;;
        ALTER TABLE tickets ADD COLUMN chain TEXT;;
        ALTER TABLE calls ADD COLUMN left_as TEXT;;
        ALTER TABLE calls ADD COLUMN left_at INTEGER;;
        UPDATE tickets SET first_asker = actor, chain = actor FROM (
            SELECT body ->> 'ticket' AS of, body ->> 'actor' AS actor FROM facts WHERE kind = 'TicketIssued'
        ) WHERE of = ticket;;
        UPDATE tickets SET first_handler = staff, first_asker = coalesce(first_asker, staff),
            chain = CASE WHEN chain IS NULL OR chain = staff THEN staff ELSE chain || ',' || staff END
        FROM (SELECT body ->> 'ticket' AS of, body ->> 'staff' AS staff FROM facts WHERE kind = 'ServiceStarted')
        WHERE of = ticket;;
        """,
    )


@MIGRATIONS()
def m005_notes_and_post_owners(db: Database) -> None:
    """The vault keeps what staff write to each other too; calls and ratings tell for whose post they were (AB-4.3)."""
    _run(
        db,
        """
        CREATE TABLE vault_of_all_kinds (
            reference TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            day TEXT NOT NULL,
            box BLOB NOT NULL
        ) STRICT;;
        INSERT INTO vault_of_all_kinds SELECT reference, kind, day, box FROM vault;;
        DROP TABLE vault;;
        ALTER TABLE vault_of_all_kinds RENAME TO vault;;
        CREATE INDEX vault_by_day ON vault(kind, day);;
        ALTER TABLE calls ADD COLUMN post_owner TEXT;;
        ALTER TABLE ratings ADD COLUMN post_owner TEXT;;
        UPDATE calls SET post_owner = owner FROM (
            SELECT body ->> 'session' AS of, body ->> 'post_owner' AS owner FROM facts
            WHERE kind IN ('ServiceStarted', 'LeadAccepted')
        ) WHERE of = session;;
        UPDATE ratings SET post_owner = owner FROM (
            SELECT body ->> 'request_id' AS of, body ->> 'post_owner' AS owner FROM facts WHERE kind = 'RatingRecorded'
        ) WHERE of = request_id;;
        """,
    )
