"""The verdict on a day: paper, lamps, cards and voice against the database, and the database against itself.

``PROMISES`` says for every invariant of the target sheet what looks after it, here or elsewhere.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from broker.archive import Chained
from broker.verify import Report, verify
from contracts.values import Ms, NodeName, TicketNo
from sim.devices.panel import KeyPanel, Switched
from sim.furniture import Pad
from sim.hall import Hall
from sim.senses import number_on
from sim.storm.crowd import Crowd
from sim.storm.lines import out_of_turn
from sim.storm.secrets import Secrets
from sim.storm.watch import Watch

PROMISES = {
    "I1": "verdict.papers: one number, one QR token, over every paper that came out; invariants.check_fully",
    "I2": "verdict.papers and verdict.ended: after the day roll every paper is in the database and every ticket has ended",
    "I3": "invariants.check after every step of the service; verify",
    "I4": "lines.out_of_turn: an order of calls recomputed without pick",
    "I5": "verify: every call recomputed from the facts before it",
    "I6": "verdict.ratings: lamps that burn alone against rows; presses against rows; watch: no pad asks after its window",
    "I7": "verdict.punches: green lamps against rows, rows against cards held up, verified times against the true ones",
    "I8": "verdict.presses: one press, one callable ticket; a merged press has one",
    "I9": "verdict.proofs: a paper said to be confirmed had come out; a called one was confirmed, presumed or shown",
    "I10": "watch.look every second; calm: signs equal boards",
    "I11": "watch: heartbeats; verify: dates of facts",
    "I12": "verify at the end of the day; the fold of the running service equals the fold of the file",
    "I13": "day: after the calm everybody is served within ten minutes and the hall closes",
    "I14": "any exception out of a node or the service; undecidable requests; rubbish on every topic. Bytes: the fuzzers",
    "I15": "verdict.bounds: strangers, journals after floods. 30 days of outage: tests/kiosk, tests/clock",
    "I16": "watch, verdict.secrets: card numbers, contacts, names in logs, messages to all, facts. Files: tests/access",
}


_EARLY, _LATE = -1_500, 3_000
"""How far the stored time of a verified punch may lie from the true one."""


@dataclass
class Verdict:
    """Collects what is wrong with a day. ``roll`` are the hall's own days: the storm's and the next."""

    hall: Hall
    crowd: Crowd
    watch: Watch
    has_clock_jumps: bool
    problems: list[str] = field(default_factory=list)
    facts: list[tuple[int, int, str | None, str, dict[str, Any]]] = field(default_factory=list)

    def give(self) -> list[str]:
        """Everything that is wrong."""
        database = self.hall.service.database
        self.facts = [
            (number, at, request_id, kind, msgspec.json.decode(body))
            for number, at, request_id, kind, body in database.execute(
                "SELECT number, at, request_id, kind, body FROM facts ORDER BY number"
            )
        ]
        for part in (self.papers, self.ended, self.presses, self.proofs, self.ratings, self.punches, self.missed):
            part()
        self.problems += out_of_turn(self.facts)
        for part in (self.voice, self.bounds, self.secrets, self.verified):
            part()
        return self.problems

    def wrong(self, what: str) -> None:
        """Note it."""
        if len(self.problems) < 20:  # noqa: PLR2004 -- enough to understand
            self.problems.append(what)

    def _of(self, *kinds: str) -> Iterator[tuple[int, str | None, dict[str, Any]]]:
        return ((at, request_id, body) for _, at, request_id, kind, body in self.facts if kind in kinds)

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self.hall.service.database.execute(query).fetchall()
        return rows

    # --- Paper -----------------------------------------------------------------------------------------------------------

    def _papers(self) -> Iterator[tuple[NodeName, Ms, TicketNo, bytes]]:
        for node, machine in self.hall.furnished.machines.items():
            for paper in machine.printer.papers:
                number = number_on(paper)
                if paper.complete and number is not None:
                    yield node, paper.at, number, _code(paper)

    def papers(self) -> None:
        """I1, I2: one number is one ticket, and each is in the database."""
        codes: dict[TicketNo, set[bytes]] = defaultdict(set)
        for _, _, number, code in self._papers():
            codes[number].add(code)
        states = dict(self._rows("SELECT no, state FROM tickets"))
        for number, different in codes.items():
            if len(different) > 1:
                self.wrong(f"I1: {number} stands on papers of {len(different)} different tickets")
            if number not in states:
                self.wrong(f"I2: {number} is on paper, and the database knows nothing of it")

    def ended(self) -> None:
        """I2: after the day roll every ticket has ended, a cancelled one with its reason."""
        for ticket, state, reason in self._rows("SELECT ticket, state, reason FROM tickets"):
            if state not in {"done", "no_show", "cancelled"}:
                self.wrong(f"I2: {ticket} is still {state} on the next day")
            if state == "cancelled" and not reason:
                self.wrong(f"I2: {ticket} was cancelled without a reason")

    def presses(self) -> None:
        """I8: a press has one ticket that can be called, and no more tickets than presses."""
        cancelled = {body["ticket"] for _, _, body in self._of("TicketCancelled")}
        by_press: dict[str, list[str]] = defaultdict(list)
        for _, _, body in self._of("TicketIssued"):
            if body.get("actor") is None:
                for press in {body.get("request_id"), body.get("attempt_of")} - {None}:
                    by_press[str(press)].append(body["ticket"])
        for press, tickets in by_press.items():
            alive = [one for one in tickets if one not in cancelled]
            if len(alive) > 1:
                self.wrong(f"I8: the press {press} has {' and '.join(alive)}")
        for node, machine in self.hall.furnished.machines.items():
            keys = set(machine.keys.values())
            pressed = sum(
                1 for one in machine.panel.history if not isinstance(one, Switched) and one.active and one.pin in keys
            )
            issued = sum(
                1 for _, _, body in self._of("TicketIssued") if body.get("kiosk") == node and body.get("actor") is None
            )
            burnt = sum(
                1 for _, _, body in self._of("TicketCancelled") if body["reason"].startswith(("merged", "not_printed"))
            )
            if issued - burnt > pressed:
                self.wrong(f"I8: {node} was pressed {pressed} times and has {issued - burnt} tickets")

    def proofs(self) -> None:
        """I9: what is said to be confirmed is on paper; what is called is on paper, presumed or shown."""
        out: dict[str, Ms] = {}
        for _, at, number, _ in self._papers():
            out.setdefault(number, at)
        begin = self.hall.scheduler.clock.wall_ms() - self.hall.scheduler.now
        known: set[str] = set()
        for fact, at, _, kind, body in self.facts:
            ticket = body.get("ticket") or ""
            no = ticket.rpartition("/")[2]
            if (kind == "TicketIssued" and body.get("kiosk") is None) or kind == "TicketPresumedPrinted":
                known.add(ticket)
            elif kind == "TicketPrinted":
                known.add(ticket)
                late = not self.has_clock_jumps and out.get(no, 0) + begin > at + 1_000
                if body["proof"] == "confirmed" and (no not in out or late):
                    self.wrong(f"I9: fact {fact} says that {no} was confirmed on paper, and no whole paper had come out")
            elif kind == "TicketCalled" and ticket not in known:
                self.wrong(f"I9: {no} was called, and nobody could hold it")

    # --- Pads and clocks -------------------------------------------------------------------------------------------------

    def ratings(self) -> None:
        """I6: a lamp that burns alone is a row; a row is a press; a session is rated once."""
        rows = self._rows("SELECT request_id, session, level, refused FROM ratings")
        recorded = Counter(session for _, session, _, refused in rows if refused is None)
        for session, times in recorded.items():
            if times > 1:
                self.wrong(f"I6: {session} was rated {times} times")
        for pad in self.hall.furnished.pads.values():
            boots = {body["boot"] for _, _, body in self._of("NodeBorn") if body["node"] == pad.node}
            ours = [(request_id, level) for request_id, _, level, _ in rows if _boot(request_id, pad.node) in boots]
            for level, times in Counter(alone(pad)).items():
                stored = sum(1 for _, one in ours if one == level)
                if stored < times:
                    self.wrong(f"I6: {pad.node} thanked {times} times for {level}, {stored} are stored")
            pressed = sum(1 for one in pad.panel.history if not isinstance(one, Switched) and one.active)
            if len(ours) > pressed:
                self.wrong(f"I6: {pad.node} was pressed {pressed} times, {len(ours)} ratings are stored")

    def punches(self) -> None:
        """I7: a green lamp is a row, a row is a card held up, and a verified time is the true one."""
        rows = self._rows("SELECT request_id, clock, at, unverified FROM punches ORDER BY at")
        begin = self.hall.scheduler.clock.wall_ms() - self.hall.scheduler.now
        for clock in self.hall.furnished.clocks.values():
            ours = [(at, unverified) for _, one, at, unverified in rows if one == clock.node]
            held = [at + begin for at, _ in self.crowd.seen.cards.get(clock.node, [])]
            greens = clock.greens()
            if len(ours) < greens:
                self.wrong(f"I7: {clock.node} was green {greens} times, {len(ours)} punches are stored")
            if len(ours) > len(held):
                self.wrong(f"I7: {len(held)} cards were held to {clock.node}, {len(ours)} punches are stored")
            if not self.has_clock_jumps:
                for at, unverified in ours:
                    if not unverified and not any(_EARLY <= at - true <= _LATE for true in held):
                        self.wrong(f"I7: {clock.node} has a verified punch at {at - begin} ms, when nobody was there")

    def missed(self) -> None:
        """A no-show only after every announcement and its time (D9); what HALL-5 promises to whoever comes late."""
        queue = self.hall.config.params.queue
        cares: set[str] = set()
        calls: dict[str, tuple[str, int, int]] = {}
        for number, at, _, kind, body in self.facts:
            if kind == "TicketIssued" and any(one["visitor_class"] == "care" for one in body["claims"]):
                cares.add(body["ticket"])
            elif kind in ("ClassChanged", "CareChecked"):
                (cares.add if any(one["visitor_class"] == "care" for one in body["claims"]) else cares.discard)(
                    body["ticket"]
                )
            elif kind == "TicketCalled":
                calls[body["call"]] = body["ticket"], 1, at
            elif kind == "CallRepeated" and body["call"] in calls:
                calls[body["call"]] = calls[body["call"]][0], body["announcement"], at
            elif kind == "TicketMissed":
                ticket, announced, last = calls[body["call"]]
                needed = queue.care_calls if ticket in cares else queue.calls_per_ticket
                if announced < needed or at - last < queue.noshow_after_s * 1_000:
                    self.wrong(
                        f"D9: fact {number}: {ticket} was missed after {announced} calls, {at - last} ms after the last"
                    )

    def voice(self) -> None:
        """What is announced was called less than 10 s ago by the clock of the hall, and once."""
        begun = self.watch.announcements
        for one in self.watch.spoken:
            at = begun.get((one.counter, one.call, one.announcement))
            if at is None:
                self.wrong(f"voice: {one.call} was announced for {one.counter} and was never called there")
            elif one.at - at > 11_000 and not self.has_clock_jumps:  # noqa: PLR2004 -- ten seconds, and the network
                self.wrong(f"voice: {one.call} was announced {(one.at - at) / 1000:.0f} s after its call")

    # --- Bounds, secrets, the file ---------------------------------------------------------------------------------------

    def bounds(self) -> None:
        """I15: whoever is not declared cannot fill the disk; what nobody waits for does not pile up."""
        days = max(1, sum(1 for _ in self._of("DayBegan")))
        strangers = Counter(body["node"] for _, _, body in self._of("NodeTurnedAway"))
        if sum(strangers.values()) > 100 * days:
            self.wrong(f"I15: {sum(strangers.values())} facts about strangers")
        for name, times in strangers.items():
            if times > days:
                self.wrong(f"I15: {name} was turned away {times} times in {days} days")
        for name, host in self.hall.nodes.items():
            journal = host._journal  # noqa: SLF001 -- under the floor of the simulator
            if journal is not None and len(journal.unfinished) > 0:
                self.wrong(f"I6/I7: {name} still has {len(journal.unfinished)} unanswered rows when all is calm")

    def secrets(self) -> None:
        """I16: no secret where it can be read later; what is said and logged is watched as it comes."""
        secrets = Secrets(self.hall.config)
        for topic, payload in self.hall.server.retained.items():
            if secrets.told_in(payload.decode("utf-8", "replace")):
                self.wrong(f"I16: a secret is retained on {topic}")
        for number, _, _, kind, body in self.facts:
            if kind != "ConfigurationAdopted" and secrets.told_in(str(body)):
                self.wrong(f"I16: fact {number} ({kind}) holds a secret")

    def verified(self) -> None:
        """I5, I11, I12: everything computed anew."""
        report: Report = verify(Chained(self.hall.service.database))
        for different in report.differences[:5]:
            self.wrong(f"I12: {different}")


def _code(paper: Any) -> bytes:
    """What tells the paper of one ticket from that of another: its QR code, native or drawn."""
    if paper.qr_payloads:
        return b"".join(paper.qr_payloads)
    digest = hashlib.sha256()
    for picture in paper.pictures:
        digest.update(picture.data)
    return digest.digest()


def _boot(request_id: str, node: str) -> str:
    return request_id.split("/")[1] if request_id.startswith(f"{node}/") else ""


def alone(pad: Pad) -> Iterator[int]:
    """The levels whose lamps came to burn alone after all had burnt, from a panel's history."""
    panel: KeyPanel = pad.panel
    lit: frozenset[int] = frozenset()
    had_asked, at = False, -1
    events = [one for one in panel.history if isinstance(one, Switched)]
    for index, event in enumerate(events):
        lit = lit | {event.pin} if event.active else lit - {event.pin}
        is_settled = index + 1 == len(events) or events[index + 1].at > event.at
        if not is_settled:
            continue
        if len(lit) == 1 and had_asked and at != event.at:
            yield pad.level_of(next(iter(lit)))
        had_asked, at = len(lit) > 1, event.at
