"""What the six keys of a counter terminal mean in every phase of the counter."""

from contracts.messages import (
    CallNextRequested,
    DeskState,
    FinishRequested,
    NoShowRequested,
    PauseRequested,
    Perishable,
    RecallRequested,
    ResumeRequested,
    StartRequested,
)
from contracts.values import CounterPhase, HallTime, Refusal, RequestId


def request_for(  # noqa: PLR0911 -- a table is read in one piece
    key: str, desk: DeskState, request_id: RequestId, expires_at: HallTime | None
) -> Perishable | Refusal:
    """The request a key means now, or why it means none; the service has the last word on what is asked."""
    match key, desk.phase:
        case ("next", CounterPhase.FREE):
            return CallNextRequested(request_id=request_id, expires_at=expires_at)
        case ("recall", CounterPhase.CALLED) if desk.call is not None:
            return RecallRequested(request_id=request_id, expires_at=expires_at, call=desk.call)
        case ("start", CounterPhase.CALLED) if desk.call is not None:
            return StartRequested(request_id=request_id, expires_at=expires_at, call=desk.call)
        case ("no_show", CounterPhase.CALLED) if desk.call is not None:
            return NoShowRequested(request_id=request_id, expires_at=expires_at, call=desk.call)
        case ("finish", CounterPhase.SERVING) if desk.session is not None:
            return FinishRequested(request_id=request_id, expires_at=expires_at, session=desk.session)
        case ("pause", CounterPhase.FREE):
            return PauseRequested(request_id=request_id, expires_at=expires_at)
        case ("pause", CounterPhase.PAUSED):
            return ResumeRequested(request_id=request_id, expires_at=expires_at)
        case (_, phase):
            return why_not(key, phase)


def why_not(key: str, phase: CounterPhase) -> Refusal:
    """Why a key means nothing in this phase."""
    match key, phase:
        case (_, CounterPhase.CLOSED):
            return Refusal.NOT_LOGGED_IN
        case ("next" | "pause", CounterPhase.CALLED | CounterPhase.SERVING):
            return Refusal.COUNTER_BUSY
        case ("next", _):
            return Refusal.COUNTER_PAUSED
        case ("finish", _):
            return Refusal.NOT_SERVING
        case _:
            return Refusal.NOTHING_CALLED
