"""I4 without ``pick``: inside one line, tickets are called in the order of (since, sequence).

A line is everything that counts for a call: group, service, classes, and the ages of its claims. Two tickets of
one line can only be told apart by how long they have waited, so the younger one is never called before the older one.
Whoever was called once, or is in another class by now, stands elsewhere by a recorded path (1.0.5) and is left out.
"""

from collections.abc import Iterable
from typing import Any

Recorded = tuple[int, int, str | None, str, dict[str, Any]]
_Line = tuple[Any, ...]


def out_of_turn(facts: Iterable[Recorded]) -> list[str]:
    """Every call for which an older ticket of the same line was waiting."""
    wrong: list[str] = []
    lines: dict[str, tuple[_Line, tuple[int, int]]] = {}
    callable_now: dict[_Line, dict[str, tuple[int, int]]] = {}
    order = 0
    afternoon = False
    for number, _, _, kind, body in facts:
        ticket = body.get("ticket") or ""
        match kind:
            case "DayBegan":
                lines, callable_now, order, afternoon = {}, {}, 0, False
            case "HallPhaseChanged":
                afternoon = afternoon or body["phase"] == "noon"
            case "TicketIssued":
                order += 1
                classes = tuple(
                    sorted((one["visitor_class"], one["since"] - body["claims"][0]["since"]) for one in body["claims"])
                )
                line = (body["group"], body.get("service"), classes)
                since = next(one["since"] for one in body["claims"] if one["visitor_class"] == "normal")
                lines[ticket] = (line, (since, order))
                if body.get("kiosk") is None:
                    callable_now.setdefault(line, {})[ticket] = (since, order)
            case "TicketPrinted" | "TicketPresumedPrinted" if ticket in lines:
                line, place = lines[ticket]
                callable_now.setdefault(line, {})[ticket] = place
            case "TicketCancelled" | "TicketMissed" | "ServiceStarted" | "ClassChanged" if ticket in lines:
                _gone(lines, callable_now, ticket)
            case "TicketCalled" if ticket in lines:
                line, place = lines[ticket]
                waiting = callable_now.get(line, {})
                first = min(waiting.values(), default=place)
                if place > first and not afternoon:
                    wrong.append(f"I4: fact {number}: {ticket} was called although an older one of its line was waiting")
                _gone(lines, callable_now, ticket)
            case _:
                pass
    return wrong[:5]


def _gone(
    lines: dict[str, tuple[_Line, tuple[int, int]]], waiting: dict[_Line, dict[str, tuple[int, int]]], ticket: str
) -> None:
    """It stands in no line any more. A paper that is confirmed later does not bring it back."""
    line, _ = lines.pop(ticket)
    waiting.get(line, {}).pop(ticket, None)
