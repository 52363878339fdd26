"""The main board as text: who goes where, how many wait, what else there is to know. Pure."""

import re
from datetime import UTC, datetime, timedelta, timezone

from contracts.messages import CounterBoard, DisplaySettings, HallBoard, QueueBoard
from contracts.values import CounterPhase, HallPhase, HallTime
from display.phrases import announcement_key, window
from display.picture import Picture
from words import text

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""No daylight saving; Pis without a zone database print the right time too."""


ROW = 32
"""Half-width cells in a row of the boards that are sold: 16 hanzi."""
TICKS = ("disp.tick.priority", "disp.tick.free", "disp.tick.rate", "disp.tick.hotline")


_CLAUSE = re.compile(r"[^,， ]+[,， ]?|[,， ]")


def board_lines(settings: DisplaySettings, picture: Picture, hall_now: HallTime | None, turn: int = 0) -> tuple[str, ...]:
    """The board from top to bottom while the service lives: title, calls, the hall, who waits, and a line of the ticker.

    In an emergency nothing but that (HALL-8.2). ``turn`` says which line of the ticker it is; every line fits 16 hanzi.
    """
    if picture.hall is not None and picture.hall.emergency:
        return emergency_lines()
    lines = (
        text("disp.title").zh,
        *_calls(picture),
        *_hall(settings, picture, hall_now),
        *_waiting(settings, picture),
        _ticker(settings, picture, hall_now, turn),
    )
    return tuple(row for line in lines for row in rows(line))


def emergency_lines() -> tuple[str, ...]:
    """Everyone is asked to leave."""
    return tuple(rows(text("disp.emergency").zh))


def recovering_lines(picture: Picture) -> tuple[str, ...]:
    """The board when the service has not been heard for 15 s: the last numbers, which are to be drawn greyed."""
    return (text("disp.title").zh, *_calls(picture), text("disp.offline").zh)


def rows(line: str) -> list[str]:
    """A sentence in rows of the board: broken after a comma or at a space, and only where that is not enough within."""
    found = [""]
    for clause in _CLAUSE.findall(line):
        for piece in _pieces(clause):
            if found[-1] and _cells(found[-1] + piece.rstrip()) > ROW:
                found.append("")
            found[-1] += piece
    return [row.strip() for row in found]


def _pieces(clause: str) -> list[str]:
    """A clause that is longer than a row, in equal parts."""
    parts = -(-_cells(clause.rstrip()) // ROW)
    each = -(-len(clause) // parts) if parts else len(clause)
    return [clause[start : start + each] for start in range(0, len(clause), max(each, 1))]


def _cells(row: str) -> int:
    return sum(1 if character.isascii() else 2 for character in row)


def _calls(picture: Picture) -> list[str]:
    """Calls first, the newest on top, then who is being served."""
    called = [board for board in picture.counters if board.phase is CounterPhase.CALLED]
    serving = [board for board in picture.counters if board.phase is CounterPhase.SERVING]
    newest_first = sorted(called, key=lambda board: (-(board.announced_at or 0), board.counter))
    return [_call(board) for board in newest_first] + [
        f"{board.ticket} {text('wled.number').zh.format(w=window(board.counter))}"
        for board in sorted(serving, key=lambda board: board.counter)
    ]


def _call(board: CounterBoard) -> str:
    return text(f"disp.{announcement_key(board)}").zh.format(no=board.ticket, w=window(board.counter))


def _waiting(settings: DisplaySettings, picture: Picture) -> list[str]:
    queues = {queue.group: queue for queue in picture.queues}
    return [_group(group.zh, queues[group.id]) for group in settings.groups if group.id in queues]


def _group(name: str, queue: QueueBoard) -> str:
    """How many wait, and how long somebody would who takes a number now, if that can be told."""
    waiting = text("disp.waiting").zh.format(group=name, n=queue.waiting)
    if queue.wait_low is None or queue.wait_high is None:
        return waiting
    return f"{waiting} {text('disp.wait').zh.format(lo=queue.wait_low, hi=queue.wait_high)}"


def _hall(settings: DisplaySettings, picture: Picture, hall_now: HallTime | None) -> list[str]:
    """What is going on in the hall: closing soon, the lunch break, extended service, counters that have joined."""
    hall = picture.hall
    if hall is None:
        return []
    names = {group.id: group.zh for group in settings.groups}
    added = [
        text("disp.surge").zh.format(w=window(one.counter), group=names.get(one.group, one.group)) for one in hall.added
    ]
    return [*_part_of_the_day(hall, hall_now), *added]


def _part_of_the_day(hall: HallBoard, hall_now: HallTime | None) -> list[str]:
    match hall.phase:
        case HallPhase.OPEN if is_near_closing(hall, hall_now):
            return [text("disp.nearclose").zh]
        case HallPhase.NOON if not hall.noon_service:
            at = hall.next_at
            return [text("wled.noon").zh if at is None else text("disp.noon").zh.format(time=_time(at))]
        case HallPhase.CLOSED:
            return [text("disp.closed").zh]
        case phase if phase is HallPhase.AFTER_CLOSING or hall.extended:
            return [text("disp.ext").zh]
        case _:
            return []


def is_near_closing(hall: HallBoard, hall_now: HallTime | None) -> bool:
    """Whether closing is to be announced (EXT-3.1)."""
    return hall.near_close_at is not None and hall_now is not None and hall_now >= hall.near_close_at


def _ticker(settings: DisplaySettings, picture: Picture, hall_now: HallTime | None, turn: int) -> str:
    """One line of what is good to know; a notice takes turns with each of them (HALL-6)."""
    ticks = [text(key).zh.format(tel=settings.hotline) for key in TICKS]
    lines = [one for tick in ticks for one in (*_notice(picture, hall_now), tick)]
    return lines[turn % len(lines)]


def _time(at: HallTime) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(CHINA).strftime("%H:%M")


def _notice(picture: Picture, hall_now: HallTime | None) -> list[str]:
    """The notice, unless it has run out (HALL-6)."""
    notice = picture.notice
    if notice is None or not notice.text:
        return []
    has_ended = notice.valid_to is not None and hall_now is not None and notice.valid_to <= hall_now
    return [] if has_ended else [notice.text]
