"""What attendance clocks are told of outings, so that they say what the ledger says (ATT-6.2)."""

from broker.rules.facts import Absence
from broker.rules.hall import Hall
from broker.rules.outing.excuse import excuse
from broker.rules.outing.state import WAITS_FOR_RETURN


def away(hall: Hall) -> tuple[Absence, ...]:
    """Everybody who is away: no outing whose person is back, and every one whose person is still awaited."""
    entries = hall.outings.entries
    awaited = {str(one.no) for one in entries.values() if one.state in WAITS_FOR_RETURN}
    standing = [one for one in hall.posts.absences if one.ref in awaited or one.ref not in entries]
    known = {one.ref for one in standing}
    return (*standing, *(excuse(one) for no, one in entries.items() if no in awaited and no not in known))
