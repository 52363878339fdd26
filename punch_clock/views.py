"""What the text line of an attendance clock says. Polite and without blame: never "late" (words 3.2)."""

from contracts.values import HallTime, Ms, PunchIntent
from punch_clock.hall_days import MINUTE, time_of_day
from words import text

Lines = tuple[str, ...]

MODE_WORDS = {
    PunchIntent.IN: "clk.btn.in",
    PunchIntent.OUT: "clk.btn.out",
    PunchIntent.OUTING: "clk.btn.outing",
    PunchIntent.RETURN: "clk.btn.return",
    PunchIntent.TRAIN: "clk.btn.train",
}


def idle(hall_now: HallTime | None, *, offline: bool, notice: bool) -> Lines:
    """Waiting for a card: the time if it is certain, and what the staff should know."""
    invitation = text("clk.idle").zh
    first = invitation if hall_now is None else f"{invitation} {time_of_day(hall_now)}"
    news = ["clk.idle.offline"] if offline else ["clk.time"] if hall_now is None else []
    return (first, *(text(key).zh for key in [*news, *(["clk.notice"] if notice else [])]))


def chosen(mode: PunchIntent) -> Lines:
    """What the next card will mean."""
    return (f"{text(MODE_WORDS[mode]).zh} {text('clk.idle').zh}",)


def typing(mode: PunchIntent, number: str, digits: int | None) -> Lines:
    """What somebody has typed so far: the number as it stands, then the PIN as so many stars."""
    said = f"{text('clk.pin.number').zh} S{number}" if digits is None else f"{text('clk.pin.code').zh} {'*' * digits}"
    meant = "" if mode is PunchIntent.NONE else f"{text(MODE_WORDS[mode]).zh} "
    return text("clk.pin").zh, meant + said


def pin_wrong() -> Lines:
    """No such number, no PIN, or another one: one sentence for all three."""
    return (text("clk.pin.wrong").zh,)


def pin_rests(left: Ms) -> Lines:
    """Too many wrong PINs: for a while only cards."""
    return (text("clk.pin.rests").zh.format(s=-(-left // 1000)),)


def confirm(early: int) -> Lines:
    """Somebody leaves before the end: they are asked, with the two keys that answer."""
    keys = f"{text('clk.confirm').zh}/{text('clk.cancel').zh}"
    return text("clk.out.early").zh.format(m=early), keys


def discarded() -> Lines:
    """Taken back before it was recorded."""
    return (text("clk.discarded").zh,)


def stored(name: str, hall_now: HallTime | None, *, offline: bool) -> Lines:
    """This person's punch is safe."""
    return (
        text("clk.ok.untimed").zh.format(name=name)
        if hall_now is None
        else text("clk.ok").zh.format(name=name, time=time_of_day(hall_now)),
        *doubts(hall_now, offline=offline),
    )


def repeated(hall_now: HallTime | None, *, offline: bool) -> Lines:
    """The same card a moment ago: safe as well, but once would have done."""
    return text("clk.dup").zh, *doubts(hall_now, offline=offline)


def unknown_card() -> Lines:
    """Stored, but nobody's as far as this clock knows."""
    return (text("clk.unknown").zh,)


def lost_card() -> Lines:
    """Stored as nobody's; until there is a new card its person types the number and the PIN (COND-4)."""
    return text("clk.lost").zh, text("clk.pin").zh


def without_roster() -> Lines:
    """Stored; whose it is, this clock has never been told."""
    return (text("clk.kept").zh,)


def unreadable() -> Lines:
    """A card that could not be read."""
    return (text("clk.unreadable").zh,)


def out_of_service(elsewhere: str) -> Lines:
    """This clock cannot take punches now; where to go instead."""
    return (text("clk.fault").zh.format(place=elsewhere) if elsewhere else text("clk.fault.alone").zh,)


def next_minute(hall_now: HallTime) -> Ms:
    """After how long the time of day reads differently."""
    return MINUTE - hall_now % MINUTE


def doubts(hall_now: HallTime | None, *, offline: bool) -> Lines:
    """What else the person should know: it is only here as yet, or the time is to be verified."""
    keys = [*(["clk.offline"] if offline else []), *(["clk.time"] if hall_now is None else [])]
    return tuple(text(key).zh for key in keys)
