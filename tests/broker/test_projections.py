"""The tables people read say where every ticket is, from what is known of its paper to how it ended."""

from contracts import messages as m
from contracts.values import GroupId, PrintProof, SessionId, StaffNo, TicketId, VisitorClass
from sim.service_bench import Bench


def _issue(bench: Bench) -> TicketId:
    issued = bench.ask("TM-01", bench.press())
    assert isinstance(issued, m.TicketIssued)
    return issued.ticket


def _row(bench: Bench, ticket: TicketId) -> tuple[str, str | None, str | None]:
    row: tuple[str, str | None, str | None] = bench.store.database.execute(
        "SELECT state, printed, reason FROM tickets WHERE ticket = ?", (ticket,)
    ).fetchone()
    return row


def _print(bench: Bench, ticket: TicketId, proof: PrintProof) -> None:
    bench.ask("TM-01", m.TicketPrinted(request_id=bench.request_id("TM-01"), ticket=ticket, copy=0, proof=proof))


def test_a_ticket_waits_for_its_paper_first(bench: Bench) -> None:
    """Before the printer has confirmed, nobody holds the number; after 20 s it is presumed; a late proof replaces that."""
    ticket = _issue(bench)
    assert _row(bench, ticket) == ("to_print", None, None)
    bench.later(20_000)
    assert _row(bench, ticket) == ("waiting", "presumed", None)
    _print(bench, ticket, PrintProof.DRAINED)
    assert _row(bench, ticket) == ("waiting", "drained", None)


def test_a_proof_is_never_replaced(bench: Bench) -> None:
    """What the first paper proved stays proved, whatever a second one says."""
    ticket = _issue(bench)
    _print(bench, ticket, PrintProof.CONFIRMED)
    _print(bench, ticket, PrintProof.DRAINED)
    assert _row(bench, ticket) == ("waiting", "confirmed", None)


def test_a_burnt_number_says_why(bench: Bench) -> None:
    """A ticket that was never printed is cancelled with the printer's reason."""
    ticket = _issue(bench)
    request_id = bench.request_id("TM-01")
    bench.ask("TM-01", m.TicketUnprinted(request_id=request_id, ticket=ticket, reason="paper out"))
    assert _row(bench, ticket)[0] == "cancelled"
    assert "paper out" in str(_row(bench, ticket)[2])


def test_a_number_told_to_its_holder_waits_at_once(bench: Bench) -> None:
    """A ticket entered by staff without a kiosk needs no paper; its class stands in the table."""
    entry = m.TicketEntryRequested(
        request_id=bench.request_id("OPS-01"),
        actor=StaffNo("S004"),
        group=GroupId("A"),
        visitor_class=VisitorClass.CARE,
    )
    done = bench.ask("OPS-01", entry)
    assert isinstance(done, m.RequestDone)
    row = bench.store.database.execute("SELECT state, printed, kiosk, classes FROM tickets").fetchone()
    assert row == ("waiting", None, None, "normal,care")


def test_every_rating_press_has_one_row(bench: Bench) -> None:
    """A press for a session that does not exist is kept as refused, with its reason."""
    press = m.RatingSubmitted(request_id=bench.request_id("PAD-W02"), session=SessionId("2026-03-10/A009/s1"), level=3)
    assert isinstance(bench.ask("PAD-W02", press), m.RatingRefused)
    row = bench.store.database.execute("SELECT session, level, refused, counter FROM ratings").fetchall()
    assert row == [("2026-03-10/A009/s1", 3, "unknown_session", None)]
