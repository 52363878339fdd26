"""``hall-broker``: the rules service and its commands."""

import sys

from broker.cli.arguments import parser
from broker.cli.command_error import CommandError
from broker.cli.typed import mqtt_of
from broker.config import ConfigError
from broker.rows import UnreadableFactError
from broker.trouble import StoreError

_CANNOT = 2


def main() -> None:
    """Do what was typed and leave with its exit code; what a person can put right is said in a sentence, not a traceback."""
    arguments = parser().parse_args()
    if hasattr(arguments, "mqtt"):
        arguments.mqtt = mqtt_of(arguments)
    try:
        sys.exit(arguments.act(arguments))
    except (ConfigError, CommandError, StoreError, UnreadableFactError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(getattr(error, "exit_code", _CANNOT))


if __name__ == "__main__":
    main()
