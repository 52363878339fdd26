"""What a display does: it shows the public state of the hall, and says aloud what has just been called.

Nothing here is a command from the service: signs and board follow the retained state, so a display that was away converges
by itself. Only the voice is a momentary act: an announcement is spoken if it was never heard of before and was made less
than 10 s ago by the hall clock. When the service has been silent for 15 s nothing is shown as a call any more.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from contracts.messages import CounterBoard, DisplaySettings, HallBoard, ServiceState, Versioned
from contracts.values import BootId, CallId, CounterId, CounterPhase, HallPhase, HallTime, Ms, NodeName
from display import board, phrases, reports
from display.signs import SignText, recovering, sign_text
from display.situations import BOARD, VOICE, Known, Live, Place, Recovering, Result, Situation, Starting, bus_port
from firmware.drivers.bx5k import HIGHEST_ADDRESS, LOWEST_ADDRESS
from firmware.drivers.main_board import ShowBoard
from firmware.drivers.sign_commands import Clear, Release, Show
from firmware.drivers.voice import Announce, NotSpoken, Withdraw
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
from words import text

SPOKEN_WITHIN: Ms = 10_000
"""An announcement older than this by the hall clock is not spoken (design rule 4)."""


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
        shown = _signs(situation, self._buses)
        changed = [(place, line) for place, line in shown.items() if place not in known.shown or known.shown[place] != line]
        changed.sort(key=lambda one: one[1] is None or not one[1].is_call)
        effects = [_tell_sign(place, line) for place, line in changed]
        effects += [Tell(place.port, Release(place.address)) for place in known.shown if place not in shown]
        wanted = _board(situation, now) if self._has_board else None
        if wanted is not None and wanted != known.board:
            effects.append(Tell(BOARD, wanted))
        known = replace(known, shown=shown, board=wanted or known.board)
        return replace(situation, known=known), (*effects, WakeAt(_wake_at(situation, now)))

    # --- The voice ---------------------------------------------------------------------------------------------------------

    def _voice(self, known: Known, heard: CounterBoard, now: Ms) -> list[Effect]:
        """What to say about a counter that has just changed; called in :class:`Live` only."""
        if not self._vocabulary:
            return []
        if heard.phase is not CounterPhase.CALLED or heard.call is None:
            was = known.picture.counter(heard.counter)
            is_over = was is not None and was.phase is CounterPhase.CALLED
            return [Tell(VOICE, Withdraw(heard.counter))] if is_over else []
        if not _is_unheard(known.announced, heard) or not known.clock.confirmed:
            return []
        if not _is_fresh(heard.announced_at, known.clock.at(now)):
            return []
        times = 2 if known.settings is None or known.settings.calls_spoken_twice else 1
        spoken = phrases.announcement(heard, self._vocabulary)
        fields = {"counter": heard.counter, "ticket": heard.ticket, "announcement": heard.announcement}
        return [Tell(VOICE, Announce(heard.counter, spoken, times)), Note("announced", fields)]

    def _hall_voice(self, known: Known, heard: HallBoard, now: Ms) -> list[Effect]:
        """The hall opens or closes: said if it happens now, which the time announced before for it proves."""
        was = known.picture.hall
        hall_now = known.clock.at(now)
        if was is None or was.phase is heard.phase or was.next_at is None or hall_now is None:
            return []
        if abs(hall_now - was.next_at) >= SPOKEN_WITHIN:
            return []
        key = {HallPhase.OPEN: "voice.open", HallPhase.CLOSED: "voice.close"}.get(heard.phase)
        if key is None or not self._vocabulary or (was.phase, heard.phase) == (HallPhase.NOON, HallPhase.OPEN):
            return []
        return [Tell(VOICE, Announce("hall", phrases.clips(text(key).zh, self._vocabulary)))]

    # --- What can happen ---------------------------------------------------------------------------------------------------

    def _public(self, situation: Situation, heard: Versioned, now: Ms) -> Result:
        """Public state: kept if it is the newest, spoken if it is news and the service lives."""
        known = situation.known
        picture = known.picture.with_(heard)
        if picture is known.picture:
            return situation, ()
        effects: list[Effect] = []
        announced = known.announced
        if isinstance(situation, Live) and isinstance(heard, HallBoard):
            effects = self._hall_voice(known, heard, now)
        if isinstance(heard, CounterBoard):
            effects = self._voice(known, heard, now) if isinstance(situation, Live) else []
            if heard.call is not None:
                announced = {**announced, heard.counter: (heard.call, heard.announcement)}
        return replace(situation, known=replace(known, picture=picture, announced=announced)), effects

    def step(self, situation: Situation, happening: Happening, now: Ms) -> Result:
        """React, and bring everything up to date: the sign before the voice, a citizen looks up when it speaks."""
        situation, effects = self._react(situation, happening, now)
        situation, faces = self._face(situation, now)
        return situation, (*faces, *effects)

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
            case _, Heard() | TimeReached() | KeepFailed() | LinkDown():
                return situation, ()
            case _:
                assert_never(happening)


def _heard_service(situation: Situation, service: ServiceState, now: Ms) -> Situation:
    """A heartbeat makes it live; a last will, or an old heartbeat delivered again, does not end or prolong anything."""
    known = replace(situation.known, clock=situation.known.clock.heard(service, now))
    if known.clock is situation.known.clock or not service.online:
        return replace(situation, known=known)
    return Live(known, now + HEARTBEAT_LOST_AFTER)


def _is_unheard(announced: Mapping[CounterId, tuple[CallId, int]], heard: CounterBoard) -> bool:
    return announced.get(heard.counter) != (heard.call, heard.announcement)


def _is_fresh(at: HallTime | None, hall_now: HallTime | None) -> bool:
    return at is not None and hall_now is not None and hall_now - at < SPOKEN_WITHIN


def _signs(situation: Situation, buses: frozenset[str]) -> dict[Place, SignText | None]:
    """What every sign this node can reach should show. A counter never heard of keeps what its sign shows."""
    known = situation.known
    if known.settings is None or isinstance(situation, Starting):
        return dict(known.shown)
    hall = known.picture.hall.phase if known.picture.hall else None
    shown: dict[Place, SignText | None] = {}
    for sign in known.settings.signs:
        place, counter = Place(bus_port(sign.bus), sign.address), known.picture.counter(sign.counter)
        if sign.bus not in buses or not LOWEST_ADDRESS <= sign.address <= HIGHEST_ADDRESS:
            continue
        if isinstance(situation, Recovering):
            shown[place] = recovering(counter)
        elif counter is not None:
            shown[place] = sign_text(sign, counter, hall)
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
        case Live() if known.settings is not None:
            return ShowBoard(board.board_lines(known.settings, known.picture, known.clock.at(now)), is_live=True)
        case Live():
            return None
        case Recovering():
            return ShowBoard(board.recovering_lines(known.picture), is_live=False)


def _wake_at(situation: Situation, now: Ms) -> Ms | None:
    """When the heartbeat must have come, and when the notice runs out."""
    known, notice = situation.known, situation.known.picture.notice
    wishes = [] if isinstance(situation, Recovering) else [situation.until]
    if notice is not None and notice.valid_to is not None:
        ends = known.clock.monotonic(notice.valid_to)
        wishes += [ends] if ends is not None and ends > now else []
    return min(wishes, default=None)
