"""``hall-broker``, but it dies or dawdles at a milestone: ``python -m sim.chaos.doomed_service FOLDER run --config ...``.

FOLDER holds the wishes. A file ``die`` names the milestone at which it is to be gone as if by ``kill -9``; the file goes
with it, and the next life is spared. A file ``slow`` has a line ``MILESTONE MILLISECONDS`` for each milestone at which it is
to stand still. So the windows between COMMIT, publication and acknowledgement become wide enough to be hit.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from broker.cli.arguments import parser
from broker.cli.run import serve
from broker.cli.typed import mqtt_of

DIE, SLOW = "die", "slow"


def obeying(folder: Path) -> Callable[[str], None]:
    """What happens at a milestone, as the files in this folder wish."""
    nobody_sets_it = threading.Event()

    def at(point: str) -> None:
        for line in _read(folder / SLOW).splitlines():
            where, ms = line.split()
            if where == point:
                nobody_sets_it.wait(int(ms) / 1000)
        if _read(folder / DIE).strip() == point:
            (folder / DIE).unlink(missing_ok=True)
            os.kill(os.getpid(), signal.SIGKILL)

    return at


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        return ""


def main() -> None:
    """Be the service until told to stop, or until a wish is met."""
    folder = Path(sys.argv[1])
    arguments = parser().parse_args(sys.argv[2:])
    arguments.mqtt = mqtt_of(arguments)
    sys.exit(serve(arguments, milestone=obeying(folder)))


if __name__ == "__main__":
    main()
