"""``hall-rating-pad --config node.toml``."""

from firmware import shell
from rating_pad.config import PadConfig
from rating_pad.node import build


def main() -> None:
    """Run a rating pad until it is told to stop."""
    shell.run(PadConfig, build, boards=False, hall=True)


if __name__ == "__main__":
    main()
