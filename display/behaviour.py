"""What a display does: it shows the public state of the hall, and says aloud what has just been called.

Nothing here is a command from the service: signs and board follow the retained state, so a display that was away converges
by itself. Only the voice is a momentary act: an announcement is spoken if it was never heard of before and was made less
than 10 s ago by the hall clock. When the service has been silent for 15 s nothing is shown as a call any more.
"""

from dataclasses import replace
from typing import assert_never

from contracts.messages import CounterBoard, DisplaySettings, HallBoard, ServiceState, Versioned
from contracts.values import BootId, Ms, NodeName
from display import board, hall_voice, reports, speaking
from display.signs import SignText, emergency, recovering, sign_text
from display.situations import BOARD, Known, Live, Place, Recovering, Result, Situation, Starting, bus_port
from firmware.drivers.bx5k import HIGHEST_ADDRESS, LOWEST_ADDRESS
from firmware.drivers.main_board import ShowBoard
from firmware.drivers.sign_commands import Clear, Release, Show
from firmware.drivers.voice import NotSpoken
from firmware.runtime.steps import (
    HEARTBEAT_LOST_AFTER,
    Effect,
    Happening,
    Heard,
    KeepFailed,
    LinkDown,
    LinkUp,
    Note,
    Reported,
    RequestIds,
    Tell,
    TimeReached,
    WakeAt,
)

PAGE_STAYS: Ms = 4_000
"""Of an emergency's two pages on a sign."""
TICK_STAYS: Ms = 6_000
"""A line of the main board's ticker, and a part of a board with too few rows."""


class DisplayBehaviour:
    """The behaviour of the display with this name in this life.

    ``buses`` are the sign buses it has wires for, ``vocabulary`` the clips its voice has; empty where there is no voice.
    """

    def __init__(
        self, node: NodeName, boot: BootId, *, buses: frozenset[str], vocabulary: frozenset[str], has_board: bool
    ) -> None:
        self._ids = RequestIds(node, boot)
        self._buses = buses
        self._vocabulary = vocabulary
        self._has_board = has_board

    def begin(self, now: Ms) -> Result:
        """Nothing known yet; what the signs still show from before expires by itself."""
        return self._face(Starting(Known(self._ids), now + HEARTBEAT_LOST_AFTER), now)

    # --- The face ----------------------------------------------------------------------------------------------------------

    def _face(self, situation: Situation, now: Ms) -> Result:
        """Bring signs, board and the reports of health up to date, and wish to be woken for the next change."""
        known = situation.known
        shown = _signs(situation, self._buses, now)
        changed = [(place, line) for place, line in shown.items() if place not in known.shown or known.shown[place] != line]
        changed.sort(key=lambda one: one[1] is None or not one[1].is_call)
        effects = [_tell_sign(place, line) for place, line in changed]
        effects += [Tell(place.port, Release(place.address)) for place in known.shown if place not in shown]
        wanted = _board(situation, now) if self._has_board else None
        if wanted is not None and wanted != known.board:
            effects.append(Tell(BOARD, wanted))
        known = replace(known, shown=shown, board=wanted or known.board)
        return replace(situation, known=known), (*effects, WakeAt(_wake_at(situation, now, has_board=self._has_board)))

    # --- What can happen ---------------------------------------------------------------------------------------------------

    def _public(self, situation: Situation, heard: Versioned, now: Ms) -> Result:
        """Public state: kept if it is the newest, spoken if it is news and the service lives."""
        known = situation.known
        picture = known.picture.with_(heard)
        if picture is known.picture:
            return situation, ()
        effects: list[Effect] = []
        announced = known.announced
        if isinstance(heard, CounterBoard):
            if isinstance(situation, Live):
                effects = speaking.about_counter(known, heard, now, self._vocabulary)
            if heard.call is not None:
                announced = {**announced, heard.counter: (heard.call, heard.announcement)}
        return replace(situation, known=replace(known, picture=picture, announced=announced)), effects

    def step(self, situation: Situation, happening: Happening, now: Ms) -> Result:
        """React, and bring everything up to date: the sign before the voice, a citizen looks up when it speaks."""
        was = situation.known.picture.hall
        situation, effects = self._react(situation, happening, now)
        situation, spoken = self._speak(situation, was, now)
        situation, faces = self._face(situation, now)
        return situation, (*faces, *effects, *spoken)

    def _speak(self, situation: Situation, was: HallBoard | None, now: Ms) -> Result:
        """The hall's own announcements; an emergency that was heard of goes on when the service falls silent."""
        known, effects = situation.known, list[Effect]()
        if isinstance(situation, Live) or known.evacuation is not None:
            known, effects = speaking.about_emergency(known, now, self._vocabulary)
        if isinstance(situation, Live):
            known, news = speaking.about_hall(known, was, now, self._vocabulary)
            effects += news
        return replace(situation, known=known), effects

    def _react(self, situation: Situation, happening: Happening, now: Ms) -> Result:  # noqa: PLR0911 -- a table is read in one piece
        known = situation.known
        match situation, happening:
            case _, Heard(ServiceState() as service):
                return _heard_service(situation, service, now), ()
            case _, Heard(DisplaySettings() as settings):
                known, said = reports.missing_wires(replace(known, settings=settings), self._buses)
                return replace(situation, known=known), said
            case _, Heard(Versioned() as public):
                return self._public(situation, public, now)
            case ((Starting(until=until) | Live(until=until)), TimeReached()) if now >= until:
                return Recovering(known), (Note("service_silent"),)
            case _, Reported(_, NotSpoken(subject, reason)):
                return situation, (Note("not_spoken", {"subject": subject, "reason": reason}),)
            case _, Reported(port, what):
                known, said = reports.noticed(known, port, what)
                return replace(situation, known=known), said
            case _, LinkUp():
                known, said = reports.again(known)
                return replace(situation, known=known), said
            case _, LinkDown():
                return replace(situation, known=replace(known, clock=known.clock.link_lost())), ()
            case _, Heard() | TimeReached() | KeepFailed():
                return situation, ()
            case _:
                assert_never(happening)


def _heard_service(situation: Situation, service: ServiceState, now: Ms) -> Situation:
    """A heartbeat makes it live; a last will, or an old heartbeat delivered again, does not end or prolong anything.

    Nor does the first heartbeat of a life make it live, which the MQTT server may have kept for long, like the boards beside
    it. The service beats as soon as it hears that a node was born, so a living one is heard at once.
    """
    known = replace(situation.known, clock=situation.known.clock.heard(service, now))
    if known.clock is situation.known.clock or not service.online or not known.clock.confirmed:
        return replace(situation, known=known)
    return Live(known, now + HEARTBEAT_LOST_AFTER)


def _signs(situation: Situation, buses: frozenset[str], now: Ms) -> dict[Place, SignText | None]:
    """What every sign this node can reach should show. A counter never heard of keeps what its sign shows."""
    known = situation.known
    if known.settings is None or isinstance(situation, Starting):
        return dict(known.shown)
    page = 0 if known.evacuation is None else (now - known.evacuation.since) // PAGE_STAYS
    shown: dict[Place, SignText | None] = {}
    for sign in known.settings.signs:
        place, counter = Place(bus_port(sign.bus), sign.address), known.picture.counter(sign.counter)
        if sign.bus not in buses or not LOWEST_ADDRESS <= sign.address <= HIGHEST_ADDRESS:
            continue
        if known.evacuation is not None:
            shown[place] = emergency(page)
        elif isinstance(situation, Recovering):
            shown[place] = recovering(counter)
        elif counter is not None:
            shown[place] = sign_text(sign, counter, known.picture.hall, page)
        elif place in known.shown:
            shown[place] = known.shown[place]
    return shown


def _tell_sign(place: Place, line: SignText | None) -> Effect:
    if line is None:
        return Tell(place.port, Clear(place.address))
    return Tell(place.port, Show(place.address, line.text, line.colour, urgent=line.is_call))


def _board(situation: Situation, now: Ms) -> ShowBoard | None:
    known = situation.known
    match situation:
        case Starting():
            return None
        case _ if known.evacuation is not None:
            return ShowBoard(board.emergency_lines(known.settings), is_live=True)
        case Live() if known.settings is not None:
            lines = board.board_lines(known.settings, known.picture, known.clock.at(now), now // TICK_STAYS)
            return ShowBoard(lines, is_live=True)
        case Live():
            return None
        case Recovering():
            return ShowBoard(board.recovering_lines(known.settings, known.picture, now // TICK_STAYS), is_live=False)


def _wake_at(situation: Situation, now: Ms, *, has_board: bool) -> Ms | None:
    """When something changes by itself: the heartbeat is missing, a page or the ticker turns, something is to be said."""
    known = situation.known
    wishes = [] if isinstance(situation, Recovering) else [situation.until]
    if known.evacuation is not None:
        pages = (now - known.evacuation.since) // PAGE_STAYS + 1
        wishes += [known.evacuation.since + pages * PAGE_STAYS, known.evacuation.say_at]
    if isinstance(situation, Live):
        wishes += [wish for wish in _hall_wakes_at(known) if wish > now]
    if has_board and not isinstance(situation, Starting):
        wishes.append((now // TICK_STAYS + 1) * TICK_STAYS)
    return min(wishes, default=None)


def _hall_wakes_at(known: Known) -> list[Ms]:
    """When the notice runs out and closing is near, in our own time."""
    notice, hall = known.picture.notice, known.picture.hall
    moments = [] if notice is None or notice.valid_to is None else [notice.valid_to]
    moments += [] if hall is None else hall_voice.wakes_at(hall)
    return [at for moment in moments if (at := known.clock.monotonic(moment)) is not None]
