"""What the text line says to the clerk, in rows of 20 half-width cells."""

from collections.abc import Mapping

from contracts.messages import CounterSettings, DeskState, HandoverTold
from contracts.values import CounterPhase, HallTime, HandoverAct, Ms, NodeName, Refusal
from words import text

Lines = tuple[str, ...]

KEY_WORDS = {
    "next": "con.next",
    "recall": "con.recall",
    "start": "con.start",
    "finish": "con.finish",
    "no_show": "con.noshow",
    "pause": "con.pause",
    "more": "con.more",
    "confirm": "con.confirm",
    "hold": "con.hold",
    "transfer": "con.transfer",
    "lead": "con.lead",
    "check": "con.check",
}
COLUMNS = 20
"""What one row holds; the text line wraps what is longer, but the state of a counter should be read at a glance."""


class _Lenient(dict[str, str]):
    """A sentence with a value missing is still a sentence."""

    def __missing__(self, key: str) -> str:
        return ""


def refused(reason: Refusal, values: Mapping[str, str] | None = None) -> Lines:
    """Why a request was not done."""
    return (text(f"refusal.{reason}").zh.format_map(_Lenient(values or {})),)


def handover(told: HandoverTold) -> Lines:
    """What became of a hand-over: its number and how much it holds; whom to telephone, for who acts (AB-4.2b)."""
    if told.act is HandoverAct.SHOW:
        nobody = (text("con.handover.no_phone").zh.format(name=told.giver_name),)
        return (told.giver_name, told.phone) if told.phone else nobody
    items = told.still if told.act in (HandoverAct.RETURN, HandoverAct.CONFIRM) else told.listed
    return told.handover, text("con.handover.done").zh.format(n=len(items))


def no_answer() -> Lines:
    """The service has not answered in time."""
    return (text("con.no_answer").zh,)


def choice(label: str) -> Lines:
    """A line of a list, and how to go on."""
    return label, text("con.menu.keys").zh


def nothing_to_choose() -> Lines:
    """There is nothing beyond the six keys now."""
    return (text("con.menu.none").zh,)


def press_more() -> Lines:
    """确定 without a list."""
    return (text("con.menu.open").zh,)


def unreadable() -> Lines:
    """A card could not be read."""
    return (text("con.card.unreadable").zh,)


def not_printed() -> Lines:
    """The slip did not come out: the clerk tells the visitor where to go."""
    return (text("con.slip.failed").zh,)


def trouble(part: str) -> str:
    """A part needs repair (the text line itself cannot say so)."""
    if part.startswith("key."):
        return text("con.key.stuck").zh.format(key=text(KEY_WORDS[part.removeprefix("key.")]).zh)
    return text(f"con.{part}.lost").zh


def not_assigned(node: NodeName) -> Lines:
    """The terminal does not know its counter yet; the installer sees its name."""
    return text("con.connecting").zh, node


def away(desk: DeskState | None) -> Lines:
    """The service is away; the ticket in hand stays on the glass, because the visitor stays at the counter."""
    current = "" if desk is None or desk.ticket is None else text("con.current").zh.format(no=desk.ticket)
    return text("con.away").zh, current


def connecting(settings: CounterSettings) -> Lines:
    """The state of the counter is not known yet."""
    return text("con.connecting").zh, settings.name_zh


def desk(state: DeskState, hall_now: HallTime | None) -> Lines:
    """What is going on at the counter, how many wait, and what may be done next."""
    waiting = text("con.waiting").zh.format(n=state.waiting)
    match state.phase:
        case CounterPhase.CLOSED:
            return text("con.card").zh, waiting
        case CounterPhase.FREE:
            return _joined(text("con.free").zh, state.staff_name), _joined(
                waiting, _after_hours(state), _held(state), _rated(state)
            )
        case CounterPhase.CALLED:
            call = text("con.called").zh.format(no=state.ticket, n=state.announcement)
            return _joined(call, _care(state)), _joined(waiting, _next_step(state, hall_now))
        case CounterPhase.SERVING:
            serving = text("con.serving").zh.format(no=state.ticket)
            return _joined(serving, _care(state)), _joined(waiting, _after_hours(state), _held(state))
        case CounterPhase.PAUSED:
            return text("con.pause").zh, _joined(waiting, _held(state))


def changes_in(state: DeskState, hall_now: HallTime | None) -> Ms | None:
    """After how long the countdown shows another number, or ``None``."""
    if state.phase is not CounterPhase.CALLED or hall_now is None:
        return None
    left = (state.recall_at or state.no_show_at or hall_now) - hall_now
    return (left - 1) % 1000 + 1 if left > 0 else None


def _next_step(state: DeskState, hall_now: HallTime | None) -> str:
    """The next thing the clerk may do about a visitor who does not come: recall, later no-show."""
    at, word = (state.recall_at, "con.recall") if state.recall_at is not None else (state.no_show_at, "con.noshow")
    if at is None or hall_now is None:
        return ""
    seconds = -(-(at - hall_now) // 1000)
    return text(f"{word}.in").zh.format(s=seconds) if seconds > 0 else text(f"{word}.now").zh


def _rated(state: DeskState) -> str:
    """Whether the visitor just served has rated; never how (EVAL-8.2)."""
    if state.session is None:
        return ""
    return text("con.rated" if state.rated else "con.unrated").zh


def _after_hours(state: DeskState) -> str:
    return text("con.ext.on").zh if state.extended else ""


def _held(state: DeskState) -> str:
    """How many were put aside here; their numbers are among the notes."""
    return text("con.held").zh.format(n=len(state.held)) if state.held else ""


def _care(state: DeskState) -> str:
    return text("con.care").zh if state.care else ""


def _joined(first: str, *parts: str | None) -> str:
    """The parts in one row, the most needed first; what finds no room is left out."""
    row = first
    for part in parts:
        if part and _cells(f"{row} {part}") <= COLUMNS:
            row = f"{row} {part}"
    return row


def _cells(row: str) -> int:
    return sum(1 if character.isascii() else 2 for character in row)
