"""The one loop of a node's process: take a happening, let the node handle it, wake whoever wants to be woken.

Nothing else in a node waits. systemd's watchdog is fed here and nowhere else, so a stuck loop is noticed and restarted.
"""

import contextlib
import signal
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Protocol, TypeVar

import sdnotify

from contracts.values import Ms
from firmware.runtime.clock import Clock
from firmware.runtime.inbox import Inbox
from firmware.runtime.node import Log

LONGEST_WAIT: Ms = 2_000
"""The loop turns at least this often: far below any watchdog limit, and how soon a dead network thread is noticed."""


Item = TypeVar("Item")
Item_contra = TypeVar("Item_contra", contravariant=True)


class Runs(Protocol[Item_contra]):
    """What the loop needs of a node (``firmware.runtime.node.Node``), or of the rules service."""

    @property
    def wake_at(self) -> Ms | None:
        """When it wants to be woken."""

    def begin(self, now: Ms) -> None:
        """Start."""

    def handle(self, item: Item_contra, now: Ms) -> None:
        """Let one thing happen."""

    def wake(self, now: Ms) -> None:
        """The wished time has come."""

    def close(self, *, reason: str = "planned") -> None:
        """Say goodbye and close everything."""


def nothing(*_: Any) -> None:
    """Do nothing; what a hook does by default."""


def run_forever(  # noqa: PLR0913 -- the composition root hands over everything a process has
    node: Runs[Item],
    inbox: Inbox[Item],
    clock: Clock,
    log: Log,
    *,
    begun: Callable[[Ms], None] = nothing,
    seen: Callable[[Item], None] = nothing,
    each_turn: Callable[[], None] = nothing,
    crashed: Callable[[str], None] = nothing,
    systemd: Any = None,
) -> int:
    """Run a node until SIGTERM or SIGINT (exit code 0) or until it breaks (exit code 1, systemd starts it again).

    ``begun`` is called once the node has begun, ``seen`` with every item before the node handles it, ``each_turn`` on every
    turn, ``crashed`` with the error before the node is closed.
    """
    notifier = sdnotify.SystemdNotifier() if systemd is None else systemd
    with _stopping_signals(inbox):
        try:
            now = clock.monotonic_ms()
            node.begin(now)
            begun(now)
            notifier.notify("READY=1")
            while not inbox.is_stopped:
                _turn(node, inbox, clock, seen)
                each_turn()
                notifier.notify("WATCHDOG=1")
        except Exception as error:  # noqa: BLE001 -- the outermost loop of the process (style 37): say so and be restarted
            log("crashed", level="error", error=repr(error), traceback=traceback.format_exc())
            _best_effort(log, crashed, repr(error))
            _best_effort(log, partial(node.close, reason=""))
            return 1
        notifier.notify("STOPPING=1")
        node.close(reason="planned")
        return 0


def _turn(node: Runs[Item], inbox: Inbox[Item], clock: Clock, seen: Callable[[Item], None]) -> None:
    """Wait for one happening or one wished time, and let the node deal with it."""
    wake_at = node.wake_at
    wait = LONGEST_WAIT if wake_at is None else min(LONGEST_WAIT, max(0, wake_at - clock.monotonic_ms()))
    item = inbox.take(wait)
    if item is not None:
        seen(item)
        node.handle(item, clock.monotonic_ms())
    now = clock.monotonic_ms()
    if (wake_at := node.wake_at) is not None and wake_at <= now:
        node.wake(now)


def _best_effort(log: Log, act: Callable[..., None], *values: str) -> None:
    try:
        act(*values)
    except Exception as error:  # noqa: BLE001 -- we are already going down; the first error is the one that counts
        log("closing_failed", level="error", error=repr(error))


@contextlib.contextmanager
def _stopping_signals(inbox: Inbox[Any]) -> Iterator[None]:
    """While inside, SIGTERM and SIGINT end the loop after the happening in hand."""
    before = {number: signal.signal(number, lambda *_: inbox.stop()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
