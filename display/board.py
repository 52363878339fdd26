"""The main board as text: who goes where, how many wait, what else there is to know. Pure."""

from datetime import UTC, datetime, timedelta, timezone

from contracts.messages import CounterBoard, DisplaySettings
from contracts.values import CounterPhase, HallPhase, HallTime
from display.phrases import announcement_key, window
from display.picture import Picture
from words import text

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""No daylight saving; Pis without a zone database print the right time too."""


def board_lines(settings: DisplaySettings, picture: Picture, hall_now: HallTime | None) -> tuple[str, ...]:
    """The board from top to bottom while the service lives: title, calls, waiting, the hall, a notice, the ticker."""
    return (
        text("disp.title").zh,
        *_calls(picture),
        *_waiting(settings, picture),
        *_hall(picture),
        *_notice(picture, hall_now),
        text("disp.tick.priority").zh,
        text("disp.tick.rate").zh,
        text("disp.tick.hotline").zh.format(tel=settings.hotline),
    )


def recovering_lines(picture: Picture) -> tuple[str, ...]:
    """The board when the service has not been heard for 15 s: the last numbers, which are to be drawn greyed."""
    return (text("disp.title").zh, *_calls(picture), text("disp.offline").zh)


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
    waiting = {queue.group: queue.waiting for queue in picture.queues}
    return [
        text("disp.waiting").zh.format(group=group.zh, n=waiting[group.id])
        for group in settings.groups
        if group.id in waiting
    ]


def _hall(picture: Picture) -> list[str]:
    hall = picture.hall
    if hall is None:
        return []
    match hall.phase:
        case HallPhase.NOON if hall.next_at is not None:
            return [text("disp.noon").zh.format(time=_time(hall.next_at))]
        case HallPhase.NOON:
            return [text("wled.noon").zh]
        case HallPhase.AFTER_CLOSING:
            return [text("disp.ext").zh]
        case HallPhase.CLOSED:
            return [text("disp.closed").zh]
        case _:
            return []


def _time(at: HallTime) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(CHINA).strftime("%H:%M")


def _notice(picture: Picture, hall_now: HallTime | None) -> list[str]:
    """The notice, unless it has run out (HALL-6)."""
    notice = picture.notice
    if notice is None or not notice.text:
        return []
    has_ended = notice.valid_to is not None and hall_now is not None and notice.valid_to <= hall_now
    return [] if has_ended else [notice.text]
