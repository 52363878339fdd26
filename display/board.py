"""The main board as text: who goes where, how many wait, what else there is to know. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from contracts.messages import CounterBoard, DisplaySettings, HallBoard, QueueBoard
from contracts.values import CounterPhase, HallPhase, HallTime
from display.paging import WIDEST, Sentence, page, rows
from display.phrases import announcement_key, window
from display.picture import Picture
from words import text

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""No daylight saving; Pis without a zone database print the right time too."""


TICKS = ("disp.tick.priority", "disp.tick.free", "disp.tick.rate", "disp.tick.hotline")


def board_lines(settings: DisplaySettings, picture: Picture, hall_now: HallTime | None, turn: int = 0) -> tuple[str, ...]:
    """The board from top to bottom while the service lives: title, calls, the hall, who waits, and a line of the ticker.

    In an emergency nothing but that (HALL-8.2). ``turn`` says which line of the ticker it is, and on a board with too few
    rows which part of what stands below the calls.
    """
    if picture.hall is not None and picture.hall.emergency:
        return emergency_lines(settings)
    called, serving = _called(picture), _serving(picture)
    others = [*serving, *_hall(settings, picture, hall_now), *_waiting(settings, picture)]
    notice = _notice(picture, hall_now)
    ticker = [*notice, *(text(key).zh.format(tel=settings.hotline) for key in TICKS)]
    tick = _one_of(ticker, turn, has_notice=bool(notice))
    whole = _rows(settings, [text("disp.title").zh, *called, *others, tick])
    if settings.board_rows is None or sum(map(len, whole)) <= settings.board_rows:
        return page(whole, [], None, turn)
    top = _rows(settings, [text("disp.title").zh, *called])
    return page(top, _rows(settings, [*others, *ticker]), settings.board_rows, turn)


def emergency_lines(settings: DisplaySettings | None) -> tuple[str, ...]:
    """Everyone is asked to leave."""
    return page(_rows(settings, [text("disp.emergency").zh]), [], None, 0)


def recovering_lines(settings: DisplaySettings | None, picture: Picture, turn: int = 0) -> tuple[str, ...]:
    """The board when the service has not been heard for 15 s: the last numbers, which are to be drawn greyed."""
    title, offline = text("disp.title").zh, text("disp.offline").zh
    numbers = [*_called(picture), *_serving(picture)]
    whole = _rows(settings, [title, *numbers, offline])
    height = None if settings is None else settings.board_rows
    if height is None or sum(map(len, whole)) <= height:
        return page(whole, [], None, turn)
    return page(_rows(settings, [title, offline]), _rows(settings, numbers), height, turn)


def _rows(settings: DisplaySettings | None, lines: Iterable[str]) -> list[Sentence]:
    hanzi = None if settings is None else settings.board_hanzi
    return [rows(line, WIDEST if hanzi is None else 2 * hanzi) for line in lines]


def _one_of(ticker: list[str], turn: int, *, has_notice: bool) -> str:
    """One line of what is good to know; a notice takes turns with each of them (HALL-6)."""
    notice, ticks = (ticker[:1], ticker[1:]) if has_notice else ([], ticker)
    lines = [one for tick in ticks for one in (*notice, tick)]
    return lines[turn % len(lines)]


def _called(picture: Picture) -> list[str]:
    """Who is called, the newest on top."""
    called = [board for board in picture.counters if board.phase is CounterPhase.CALLED]
    return [_call(board) for board in sorted(called, key=lambda board: (-(board.announced_at or 0), board.counter))]


def _serving(picture: Picture) -> list[str]:
    """Who is served where."""
    serving = [board for board in picture.counters if board.phase is CounterPhase.SERVING]
    return [
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


def _time(at: HallTime) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(CHINA).strftime("%H:%M")


def _notice(picture: Picture, hall_now: HallTime | None) -> list[str]:
    """The notice, unless it has run out (HALL-6)."""
    notice = picture.notice
    if notice is None or not notice.text:
        return []
    has_ended = notice.valid_to is not None and hall_now is not None and notice.valid_to <= hall_now
    return [] if has_ended else [notice.text]
