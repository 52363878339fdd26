"""The rules service with a bug planted in it: ``python planted_service.py FOLDER run ...`` with ``HALL_PLANTED_BUG`` set.

Not a test. Chaos runs it in the place of the real one and must find the bug.
"""

import os
from collections.abc import Sequence
from typing import Any

from broker import service
from broker.cli import run
from broker.store import Store
from contracts.values import HallTime, RequestId
from sim.chaos.doomed_service import main


class PublishesBeforeCommit(service.Service[Any]):
    """Says what is not stored yet."""

    def handle(self, batch: Sequence[Any], wall: HallTime) -> None:
        """As the real one, in the wrong order."""
        now = self._read_clock(wall)
        head = self._store.head
        with self._store.batch():
            answers = self._book.let_time_pass(now)
            for item in batch:
                answers += self._take(item, now)
            self._speak(answers, head)
            self._milestone("before_commit")
        self._milestone("after_commit")
        for item in batch:
            self._link.ack(item)


def _knows_no_request(_store: Store, _request_id: RequestId) -> None:
    """Every request is a new one."""


def plant(bug: str) -> None:
    """Put the bug in."""
    if bug == "publish_before_commit":
        vars(run)["Service"] = PublishesBeforeCommit
    elif bug == "no_request_check":
        Store.answers_to = _knows_no_request  # type: ignore[method-assign,assignment] # planting is the purpose
        Store.keep_outcome = lambda *_: None  # type: ignore[method-assign] # the same
    else:
        raise SystemExit(f"no bug is called {bug!r}")


if __name__ == "__main__":
    plant(os.environ["HALL_PLANTED_BUG"])
    main()
