"""``hall-counter --config node.toml``."""

from counter.config import CounterConfig
from counter.node import build
from firmware import shell


def main() -> None:
    """Run a counter terminal until it is told to stop."""
    shell.run(CounterConfig, build, boards=False)


if __name__ == "__main__":
    main()
