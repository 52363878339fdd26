"""``hall-kiosk --config node.toml``."""

from firmware import shell
from kiosk.config import KioskConfig
from kiosk.node import build


def main() -> None:
    """Run a ticket machine until it is told to stop."""
    shell.run(KioskConfig, build, boards=False, hall=True)


if __name__ == "__main__":
    main()
