"""``hall-display --config node.toml``."""

from display.config import DisplayConfig
from display.node import build
from firmware import shell


def main() -> None:
    """Run a display node until it is told to stop."""
    shell.run(DisplayConfig, build, boards=True)


if __name__ == "__main__":
    main()
