"""``hall-punch-clock --config node.toml``."""

from firmware import shell
from punch_clock.config import ClockConfig
from punch_clock.node import build


def main() -> None:
    """Run an attendance clock until it is told to stop."""
    shell.run(ClockConfig, build, boards=False)


if __name__ == "__main__":
    main()
