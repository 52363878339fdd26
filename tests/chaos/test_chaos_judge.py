"""The judge against planted histories: a good one passes, and every kind of broken promise is named."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from contracts.values import CounterId
from sim.chaos.history import (
    CallRow,
    CallTimed,
    CardShown,
    FacePress,
    History,
    KeyPress,
    PaperSeen,
    RatingRow,
    Records,
    SignCalled,
    TicketRow,
)
from sim.chaos.judge import judge
from sim.chaos.records import presented

W02, W03 = CounterId("W02"), CounterId("W03")
Plant = Callable[[History, Records], Records]


def _paper(no: str, code: str, *, whole: bool = True, reprint: bool = False) -> PaperSeen:
    return PaperSeen(1_000, "TM-01", no, whole, reprint, f"https://hall/r/{code}" if whole else "")


def _good() -> tuple[History, Records]:
    """Tickets served and rated, missed, torn and printed again as 补打, burnt, and one the machine numbered by itself."""
    history = History(
        papers=[
            _paper("A001", "tA001"),
            _paper("B001", "tB001"),
            _paper("A002", "tA002", whole=False),
            _paper("A002", "tA002", reprint=True),
            _paper("B1-01", "tB1-01"),
        ],
        presses=[
            KeyPress(1, "TM-01", "A", answered="paper"),
            KeyPress(2, "TM-01", "B"),
            KeyPress(3, "TM-01", "B", answered="paper"),
            KeyPress(4, "TM-01", "A", must_answer=True, answered="paper"),
        ],
        faces=[
            FacePress(5, "PAD-W02", 5, lit=True),
            FacePress(6, "PAD-W02", 3, lit=False),
            FacePress(7, "PAD-W02", 4, lit=False),
        ],
        cards=[CardShown(8, "CLK-01", "S500", green=True), CardShown(9, "CLK-01", "S501", green=False)],
        signs=[SignCalled(10, W02, "A001"), SignCalled(11, W03, "B001"), SignCalled(12, W02, "A001")],
        timed=[CallTimed(10, W02, "A001", 40, calm=True), CallTimed(11, W03, "B001", None, calm=False)],
        final_signs={W02: "2号 综合受理", W03: "3号 社会事务"},
    )
    records = Records(
        tickets=(
            TicketRow("A001", "A", "done", "", "confirmed", "TM-01", "tA001"),
            TicketRow("B001", "B", "no_show", "", "presumed", "TM-01", "tB001"),
            TicketRow("A002", "A", "done", "", "drained", "TM-01", "tA002"),
            TicketRow("A003", "A", "cancelled", "not_printed: too late", "", "TM-01", "tA003"),
            TicketRow("B002", "B", "cancelled", "merged: B1-01", "", "TM-01", "tB002"),
            TicketRow("B1-01", "B", "done", "", "confirmed", "TM-01", "tB1-01"),
        ),
        calls=(CallRow("A001", "W02"), CallRow("B001", "W03"), CallRow("A002", "W02")),
        ratings=(RatingRow("PAD-W02", 5, "s1", ""), RatingRow("PAD-W02", 3, "s2", "rating_too_late")),
        punches=("S500", "S501"),
        issued={"TM-01": ["A001", "B001", "A002", "B002", "B1-01"]},
    )
    return history, records


def test_a_good_history_passes() -> None:
    """Reprints, torn paper, presses lost before the journal and calls nobody timed break no promise."""
    assert judge(*_good()) == []


def _ticket(records: Records, no: str, **changes: str) -> Records:
    tickets = tuple(replace(one, **changes) if one.no == no else one for one in records.tickets)
    return replace(records, tickets=tickets)


def _two_tickets_of_one_number(history: History, records: Records) -> Records:
    history.papers.append(_paper("A001", "another"))
    return records


def _paper_of_another_ticket(history: History, records: Records) -> Records:
    history.papers[0] = _paper("A001", "another")
    return records


def _number_given_twice(_: History, records: Records) -> Records:
    return replace(records, tickets=(*records.tickets, records.tickets[0]))


def _paper_nobody_knows(history: History, records: Records) -> Records:
    history.papers.append(_paper("A009", "z"))
    return records


def _torn_paper_nobody_knows(history: History, records: Records) -> Records:
    history.papers.append(_paper("A009", "z", whole=False))
    return records


def _holder_of_a_cancelled_ticket(_: History, records: Records) -> Records:
    return _ticket(records, "B001", state="cancelled", reason="not_printed: jam")


def _ticket_without_an_end(_: History, records: Records) -> Records:
    return _ticket(records, "A002", state="waiting")


def _cancelled_without_a_reason(_: History, records: Records) -> Records:
    return _ticket(records, "A003", reason="")


def _printed_without_paper(history: History, records: Records) -> Records:
    history.papers[:] = [one for one in history.papers if one.no != "A001"]
    return records


def _called_without_paper(_: History, records: Records) -> Records:
    return _ticket(records, "B001", printed="")


def _more_tickets_than_presses(_: History, records: Records) -> Records:
    return replace(records, issued={"TM-01": ["A001", "A002", "A1-01"]})


def _tickets_of_another_key(_: History, records: Records) -> Records:
    return replace(records, issued={"TM-01": ["A001", "A002", "B001"]})


def _silence_at_the_machine(history: History, records: Records) -> Records:
    history.presses[-1].answered = ""
    return records


def _lamp_without_rating(_: History, records: Records) -> Records:
    return replace(records, ratings=records.ratings[1:])


def _rating_stored_twice(_: History, records: Records) -> Records:
    again = RatingRow("PAD-W02", 5, "s1", "already_rated")
    return replace(records, ratings=(*records.ratings, again))


def _two_ratings_of_a_session(history: History, records: Records) -> Records:
    history.faces.append(FacePress(9, "PAD-W02", 5, lit=False))
    return replace(records, ratings=(*records.ratings, RatingRow("PAD-W02", 5, "s1", "")))


def _rating_nobody_pressed(_: History, records: Records) -> Records:
    return replace(records, ratings=(*records.ratings, RatingRow("PAD-W03", 1, "s7", "")))


def _green_without_punch(_: History, records: Records) -> Records:
    return replace(records, punches=("S501",))


def _punch_stored_twice(_: History, records: Records) -> Records:
    return replace(records, punches=("S500", "S500", "S501"))


def _punch_nobody_made(_: History, records: Records) -> Records:
    return replace(records, punches=("S500", "S502"))


def _sign_calls_what_was_not_called(history: History, records: Records) -> Records:
    history.signs.append(SignCalled(20, W03, "A001"))
    return records


def _sign_goes_back(history: History, records: Records) -> Records:
    history.signs += [SignCalled(20, W02, "A002"), SignCalled(21, W02, "A001")]
    return records


def _late_sign(history: History, records: Records) -> Records:
    history.timed[0] = replace(history.timed[0], sign_after=2_001)
    return records


def _sign_that_never_showed_it(history: History, records: Records) -> Records:
    history.timed[0] = replace(history.timed[0], sign_after=None)
    return records


def _stale_sign(history: History, records: Records) -> Records:
    history.final_signs[W02] = "请A002办理"
    return records


def _dark_sign(history: History, records: Records) -> Records:
    history.final_signs[W02] = ""
    return records


def _still_recovering(history: History, records: Records) -> Records:
    history.final_signs[W02] = "A002 系统恢复中"
    return records


def _nobody_is_called_any_more(history: History, records: Records) -> Records:
    history.stuck.append("A002 waiting")
    return records


def _crash(history: History, records: Records) -> Records:
    history.crashes.append("TM-01 ended with exit code 1")
    return records


def _paper_without_a_number(history: History, records: Records) -> Records:
    history.misread.append("a paper without a number")
    return records


def _verify_differs(_: History, records: Records) -> Records:
    return replace(records, differences=("fact 7: does not fit the hash chain",))


def _rules_broken(_: History, records: Records) -> Records:
    return replace(records, broken=("I3: A001 lies on 2 desks",))


@pytest.mark.parametrize(
    ("plant", "promise"),
    [
        (_two_tickets_of_one_number, "I1"),
        (_paper_of_another_ticket, "I1"),
        (_number_given_twice, "I1"),
        (_paper_nobody_knows, "I2"),
        (_torn_paper_nobody_knows, "I2"),
        (_holder_of_a_cancelled_ticket, "I2"),
        (_ticket_without_an_end, "I2"),
        (_cancelled_without_a_reason, "I2"),
        (_printed_without_paper, "I9"),
        (_called_without_paper, "I9"),
        (_more_tickets_than_presses, "I8"),
        (_tickets_of_another_key, "I8"),
        (_silence_at_the_machine, "I8"),
        (_paper_without_a_number, "I8"),
        (_lamp_without_rating, "I6"),
        (_rating_stored_twice, "I6"),
        (_two_ratings_of_a_session, "I6"),
        (_rating_nobody_pressed, "I6"),
        (_green_without_punch, "I7"),
        (_punch_stored_twice, "I7"),
        (_punch_nobody_made, "I7"),
        (_sign_calls_what_was_not_called, "I10"),
        (_sign_goes_back, "I10"),
        (_late_sign, "I10"),
        (_sign_that_never_showed_it, "I10"),
        (_stale_sign, "I10"),
        (_dark_sign, "I10"),
        (_still_recovering, "I10"),
        (_nobody_is_called_any_more, "I13"),
        (_crash, "I14"),
        (_verify_differs, "verify"),
        (_rules_broken, "I3"),
    ],
)
def test_every_broken_promise_is_named(plant: Plant, promise: str) -> None:
    """One thing planted in the good history: exactly that promise is named broken, once."""
    history, records = _good()
    found = judge(history, plant(history, records))
    assert [one.split(":")[0] for one in found] == [promise], found


def test_a_second_reading_counts_as_none_but_one_stored_twice_is_told() -> None:
    """1.0.3: within a minute it is the same punch; with one and the same time it is one reading that was stored twice."""
    assert list(presented([("S500", 0), ("S500", 7_000), ("S500", 90_000)])) == ["S500", "S500"]
    assert list(presented([("S500", 0), ("S500", 0)])) == ["S500", "S500"]
