"""``hall-broker``, but it dies at a milestone: ``python dying_service.py before_commit run --config ...``. Not a test."""

import os
import sys

from broker.cli.arguments import parser
from broker.cli.run import serve
from broker.cli.typed import mqtt_of


def main() -> None:
    """Run until the first request reaches the milestone, then be gone as if by ``kill -9``."""
    where = sys.argv[1]
    arguments = parser().parse_args(sys.argv[2:])
    arguments.mqtt = mqtt_of(arguments)

    def die(point: str) -> None:
        if point == where:
            os._exit(9)

    sys.exit(serve(arguments, milestone=die))


if __name__ == "__main__":
    main()
