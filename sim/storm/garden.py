"""The garden of bugs: 30 broken parts, each with the harness that must find it. Nothing of this is in the product.

A plant swaps a part where the house is put together, or a function of a module while the day is lived; afterwards everything
is as before.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace as altered

import display.behaviour as display_behaviour
import display.speaking as display_speaking
import kiosk.offline as kiosk_offline
import rating_pad.behaviour as pad_behaviour
import rating_pad.window as pad_window
from broker.chain import BEFORE_THE_FIRST, Head, link
from broker.cli.hall_wall import HallWall
from broker.projections import project
from broker.rows import pack
from broker.rules import decide as decide_module
from broker.rules import decide_counters, decide_kept, decide_nodes, decide_offline, decide_tickets, decide_time, due, pick
from broker.rules import facts as f
from broker.rules.asking import Decision, Rule, done
from broker.rules.hall import Hall
from broker.service import Service
from broker.store import Outcome, Store, StoredAnswer
from contracts.values import HallTime, Ms, PrintProof, RequestId
from display.picture import Picture, _key
from firmware.drivers.base import Report
from firmware.drivers.sign_duties import Sign
from firmware.drivers.thermal_printer import Printed, ThermalPrinter
from firmware.runtime import outbox as outbox_module
from firmware.runtime.link import Arrived
from firmware.runtime.outbox import JournalOutbox
from kiosk.numbers import OwnNumbers
from sim.storm.plants import NONE, Plant, Swap

# --- The service ---------------------------------------------------------------------------------------------------------


class PublishesBeforeCommit(Service[Arrived]):
    """Answers as soon as it has decided."""

    def handle(self, batch: Sequence[Arrived], wall: HallTime) -> None:
        """See :class:`Service`."""
        now = self._read_clock(wall)
        head = self._store.head
        with self._store.batch():
            answers = self._book.let_time_pass(now)
            for item in batch:
                answers += self._take(item, now)
            self._speak(answers, head)
            self._milestone("before_commit")
        self._milestone("after_commit")
        self._milestone("after_publish")
        for item in batch:
            self._link.ack(item)


class AcknowledgesBeforeCommit(Service[Arrived]):
    """Acknowledges what it has read."""

    def _take(self, item: Arrived, now: HallTime) -> list[StoredAnswer]:
        self._link.ack(item)
        return super()._take(item, now)


class LogsWhatItHears(Service[Arrived]):
    """A line that somebody needed once to look for a mistake."""

    def _take(self, item: Arrived, now: HallTime) -> list[StoredAnswer]:
        self._log("heard", topic=item.topic, payload=item.payload)
        return super()._take(item, now)


class _DecidesAgain(Store):
    def answers_to(self, request_id: RequestId) -> None:
        del request_id  # it never remembers: that is the bug

    def keep_outcome(self, outcome: Outcome, at: HallTime, since: int) -> None:
        if super().answers_to(outcome.request_id) is None:
            super().keep_outcome(outcome, at, since)


class _SaysNothingAgain(Service[Arrived]):
    def connected(self, wall: HallTime) -> None:
        self._beat(self._read_clock(wall))


class _Backwards(Service[Arrived]):
    def _read_clock(self, wall: HallTime) -> HallTime:
        self.hall_now = wall
        return wall


class _RawWall(HallWall):
    def read(self) -> HallTime:
        return HallTime(self._clock.wall_ms() + self._shift)


class _ForgetsTheChain(Store):
    def append(self, at: HallTime, request_id: RequestId | None, fact: f.Fact) -> f.Recorded:
        recorded = f.Recorded(number=self.head.number + 1, at=at, request_id=request_id, fact=fact)
        row = pack(recorded)
        digest = link(self.head.hash if recorded.number % 50 else BEFORE_THE_FIRST, row)
        self._connection.execute("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)", (*row, digest))
        project(self.database, recorded)
        self.head = Head(recorded.number, digest)
        self.hall_clock = max(self.hall_clock, at)
        return recorded


# --- The rules -----------------------------------------------------------------------------------------------------------


def _wall_clock_in_the_score() -> tuple[Swap, ...]:
    right = decide_counters.compared_at

    def by_issue(hall: Hall, desk: Any, now: HallTime) -> Any:
        return right(hall, desk, HallTime(now - now % 60_000 - 60_000))

    return ((decide_counters, "compared_at", by_issue),)


def _ties_by_id() -> tuple[Swap, ...]:
    """Whoever waits is ordered by the text of the ticket's id."""

    class Standing(pick._Standing):  # noqa: SLF001 -- the part that is broken
        __slots__ = ()

        def __lt__(self, other: Any) -> bool:
            return bool(self.ticket > other.ticket if self.ticket[-1] == "7" else self.ticket < other.ticket)

    return ((pick, "_Standing", Standing),)


def _no_presumption() -> tuple[Swap, ...]:
    def next_due(hall: Hall) -> HallTime | None:
        if hall.plan is None:
            return None
        if hall.day is None:
            return HallTime(0)
        window = next(iter(hall.windows.values()), hall.day.over)
        return min(hall.day.over, hall.next_change, window)

    from broker import book  # noqa: PLC0415 -- where the function is used

    return ((book, "next_due", next_due), (due, "next_due", next_due), (decide_time, "_presumed", lambda _hall, _now: []))


def _rated_twice() -> tuple[Swap, ...]:
    right = decide_kept._why_not  # noqa: SLF001 -- the part that is broken

    def why_not(hall: Hall, asker: Any, request: Any, session: Any, now: HallTime) -> Any:
        if session is not None:
            session.rated = False
        return right(hall, asker, request, session, now)

    return ((decide_kept, "_why_not", why_not),)


def _no_show_at_once() -> tuple[Swap, ...]:
    return ((decide_counters, "_may_be_missed_at", lambda _hall, _call, _ticket, now: now),)


def _leaks_at_midnight() -> tuple[Swap, ...]:
    right = decide_time._end_of_day  # noqa: SLF001 -- the part that is broken

    def end(hall: Hall) -> list[f.Fact]:
        return [fact for fact in right(hall) if not isinstance(fact, f.TicketCancelled)]

    return ((decide_time, "_end_of_day", end),)


def _reprint_is_new() -> tuple[Swap, ...]:
    """A reborn kiosk gets a new ticket for each paper that was not confirmed."""

    def reborn(hall: Hall, born: f.NodeBorn, now: HallTime) -> Decision:
        right = decide_nodes_reborn(hall, born, now)
        lost = [one for one in right.facts if isinstance(one, f.ReprintOrdered)]
        if not lost:
            return right
        old = hall.tickets[lost[0].ticket]
        ticket, number = decide_tickets.next_number(hall, old.group)
        fact = f.TicketIssued(
            ticket=ticket,
            no=number,
            group=old.group,
            service=old.service,
            claims=old.claims,
            token=old.token[::-1],
            request_id=old.press,
            kiosk=born.node,
        )
        return Decision((born, fact), ((born.node, decide_tickets.to_print(hall, fact, old.issued_at)),))

    decide_nodes_reborn = decide_nodes._reborn  # noqa: SLF001 -- the part that is broken
    return ((decide_nodes, "_reborn", reborn),)


def _no_merge() -> tuple[Swap, ...]:
    """The online number of a press that got an offline one stays in line."""

    def burnt(_online: Any, _by: Any) -> tuple[f.Fact, ...]:
        return ()

    return ((decide_offline, "_burnt", burnt),)


def _strangers_by_boot() -> tuple[Swap, ...]:
    def stranger(_hall: Hall, node: str, boot: str) -> Decision:
        return Decision((f.NodeTurnedAway(node=node, boot=boot),))

    return ((decide_nodes, "stranger", stranger), (decide_module, "stranger", stranger))


def _wrong_copy_confirms() -> tuple[Swap, ...]:
    """A paper that was not printed after all makes its ticket callable."""

    def unprinted(hall: Hall, asker: Any, request: Any, _now: HallTime) -> Decision:
        ticket = hall.tickets.get(request.ticket)
        if ticket is None:
            return decide_tickets.unprinted(hall, asker, request, _now)
        fact = f.TicketPrinted(ticket=ticket.id, copy=0, proof=PrintProof.CONFIRMED)
        return done(asker, request, fact, ticket=ticket.id)

    rules = decide_module.RULES
    from contracts.messages import TicketUnprinted  # noqa: PLC0415 -- its key

    broken: dict[Any, Rule] = {**rules, TicketUnprinted: Rule(("ticket_machine",), unprinted)}
    return ((decide_module, "RULES", broken),)


# --- Nodes ---------------------------------------------------------------------------------------------------------------


def _light_before_journal() -> tuple[Swap, ...]:
    right = pad_behaviour._rate  # noqa: SLF001 -- the part that is broken

    def rate(state: Any, situation: Any, key: str, now: Ms) -> Any:
        after, effects = right(state, situation, key, now)
        return after, (*effects[1:], *effects[:1])

    return ((pad_behaviour, "_rate", rate),)


def _print_before_journal() -> tuple[Swap, ...]:
    right = kiosk_offline.take

    def take(machine: Any, wish: Any, now: Ms) -> Any:
        after, effects = right(machine, wish, now)
        return after, (*effects[1:], *effects[:1])

    return ((kiosk_offline, "take", take),)


def _numbers_begin_anew() -> tuple[Swap, ...]:
    from kiosk import numbers  # noqa: PLC0415 -- the part that is broken

    def next_number(known: OwnNumbers, group: Any, today: Any, settings: Any) -> Any:
        return numbers.next_number(known, group, today, altered(settings, offline_counts={}))

    return (
        (kiosk_offline, "remembered", lambda _note, _unanswered: OwnNumbers()),
        (kiosk_offline, "next_number", next_number),
    )


def _any_version() -> tuple[Swap, ...]:
    def with_(self: Picture, board: Any) -> Picture:
        return Picture({**self.boards, _key(board): board})

    return ((Picture, "with_", with_),)


def _speaks_stale() -> tuple[Swap, ...]:
    return ((display_speaking, "_is_fresh", lambda _at, _now: True),)


def _no_dead_man() -> tuple[Swap, ...]:
    """A sign that has heard nothing for 15 s goes on calling."""
    return ((display_behaviour, "HEARTBEAT_LOST_AFTER", 3_600_000),)


def _dead_sign_first() -> tuple[Swap, ...]:
    """A sign that does not answer is asked again at once, for ever, before the others."""

    def unanswered(self: Sign, now: Ms, tries: int) -> Sign:
        from dataclasses import replace  # noqa: PLC0415 -- only here

        del tries
        return replace(self, failures=1, due=now - 1_000_000)

    return (
        (Sign, "unanswered", unanswered),
        (Sign, "rank", property(lambda self: (-self.failures, self.due, self.address))),
    )


def _confirmed_at_once() -> tuple[Swap, ...]:
    """The paper is out as soon as its bytes have left."""
    right = ThermalPrinter._start_printing  # noqa: SLF001 -- the part that is broken

    def start(self: ThermalPrinter, state: Any, wish: Any, now: Ms) -> Any:
        after, outputs = right(self, state, wish, now)
        if any(isinstance(one, Report) for one in outputs):
            return after, outputs
        return after, [*outputs, Report(Printed(wish.job, PrintProof.CONFIRMED))]

    return ((ThermalPrinter, "_start_printing", start),)


def _outbox_forgets() -> tuple[Swap, ...]:
    return ((outbox_module, "_reload", lambda _journal, _topics, _node, _log: []),)


def _new_id_each_time() -> tuple[Swap, ...]:
    right = JournalOutbox._say  # noqa: SLF001 -- the part that is broken

    def say(self: JournalOutbox, waiting: Any, sendings: int, now: Ms) -> None:
        if sendings:
            head, _, number = waiting.message.request_id.rpartition("/")
            renamed = altered(waiting.message, request_id=f"{head}/{int(number) + 1_000_000}")
            self._said.pop(waiting.message.request_id, None)
            waiting = type(waiting)(waiting.row, renamed)
        right(self, waiting, sendings, now)

    return ((JournalOutbox, "_say", say),)


def _rearms() -> tuple[Swap, ...]:
    right = pad_window.offered

    def offered(state: Any, now: Ms) -> Any:
        if state.desk is None or state.desk.arm_until is None:
            return None
        later = altered(state.desk, arm_until=HallTime(state.desk.arm_until + 60_000))
        from dataclasses import replace  # noqa: PLC0415 -- only here

        return right(replace(state, desk=later), now)

    return ((pad_window, "offered", offered),)


def _plants() -> Iterable[Plant]:
    yield Plant("publish_before_commit", "answers leave before COMMIT", service=PublishesBeforeCommit)
    yield Plant("ack_before_commit", "acknowledged before COMMIT", service=AcknowledgesBeforeCommit)
    yield Plant(
        "no_request_id_check",
        "a repeated request is decided again",
        store=_DecidesAgain,
        needs=("said_again", "doubled", "lost"),
    )
    yield Plant(
        "light_before_journal",
        "the pad's lamp burns before the row is safe",
        swaps=_light_before_journal,
        needs=("service_killed", "cut", "slow"),
    )
    yield Plant("wall_clock_in_score", "the score is computed with another clock", swaps=_wall_clock_in_the_score)
    yield Plant(
        "no_version_check", "a display takes any board for the newest", swaps=_any_version, needs=("said_again", "late")
    )
    yield Plant("wal_normal", "synchronous = NORMAL", harness="power")
    yield Plant("journal_not_synced", "a node's row is not fsync'd", harness="power")
    yield Plant(
        "print_before_journal",
        "an own number is printed before it is kept",
        swaps=_print_before_journal,
        needs=("service_killed", "cut", "slow"),
    )
    yield Plant("heap_by_id", "a line is ordered by ids", swaps=_ties_by_id)
    yield Plant(
        "no_presumption",
        "a paper that is never confirmed waits for ever",
        swaps=_no_presumption,
        needs=("printer_silent", "printer_without_power", "cutter_jammed"),
    )
    yield Plant("not_said_again", "retained state is not said again", service=_SaysNothingAgain, needs=("server_forgets",))
    yield Plant(
        "stale_call_spoken",
        "a call of any age is announced",
        swaps=_speaks_stale,
        needs=("display_alone",),
    )
    yield Plant("rated_twice", "a session takes two ratings", swaps=_rated_twice, needs=("flood",))
    yield Plant(
        "outbox_forgets",
        "a reboot loses the journal",
        swaps=_outbox_forgets,
        needs=(
            "node_dies_in_a_step CLK-01",
            "node_dies_in_a_step PAD-W01",
            "node_dies_in_a_step PAD-W02",
            "node_dies_in_a_step TM-01",
            "kiosk_alone",
        ),
    )
    yield Plant(
        "clock_goes_back",
        "the hall clock follows the wall back",
        service=_Backwards,
        wall=_RawWall,
        needs=("service_clock_jumps",),
    )
    yield Plant(
        "confirmed_at_once",
        "a paper is confirmed without the barrier",
        swaps=_confirmed_at_once,
        needs=("paper_out", "printer_without_power"),
    )
    yield Plant(
        "new_id_each_time", "a resent punch has a new id", swaps=_new_id_each_time, needs=("cut", "slow", "service_killed")
    )
    yield Plant(
        "rearmed_pad",
        "a pad asks after its window",
        swaps=_rearms,
        needs=("service_killed", "cut", "cut_one_way", "server_restarts", "server_forgets"),
    )
    yield Plant(
        "numbers_begin_anew",
        "own numbers begin anew after a reboot",
        swaps=_numbers_begin_anew,
        needs=("kiosk_alone",),
    )
    yield Plant("dead_sign_first", "a dead sign takes the bus", swaps=_dead_sign_first, needs=("sign_fails",))
    yield Plant("no_show_at_once", "a no-show without calls", swaps=_no_show_at_once)
    yield Plant("leaks_at_midnight", "tickets outlive their day", swaps=_leaks_at_midnight, needs=("service_killed",))
    yield Plant(
        "reprint_is_new",
        "a reprint is a new ticket",
        swaps=_reprint_is_new,
        needs=("node_dies_in_a_step TM-01", "node_killed TM-01", "node_without_power TM-01"),
    )
    yield Plant("chain_forgotten", "a fact is not chained to the one before", store=_ForgetsTheChain)
    yield Plant(
        "no_merge",
        "an offline number and its online attempt both live",
        swaps=_no_merge,
        needs=("slow service", "slow TM-01", "kiosk_alone"),
    )
    yield Plant("strangers_by_boot", "every boot of a stranger is a fact", swaps=_strangers_by_boot, needs=("strangers",))
    yield Plant(
        "unprinted_is_callable",
        "a paper that never came out is called",
        swaps=_wrong_copy_confirms,
        needs=("printer_fails_meanwhile",),
    )
    yield Plant("logs_what_it_hears", "cards and telephones stand in the log of the service", service=LogsWhatItHears)
    yield Plant(
        "no_dead_man", "a sign calls on without the service", swaps=_no_dead_man, needs=("cut LED-00", "cut_one_way LED-00")
    )


PLANTS = tuple(_plants())
BY_NAME = {NONE.name: NONE, **{one.name: one for one in PLANTS}}
