"""``hall-sim``: simulated halls to watch, to try things out and to test."""

import argparse
import sys

from sim import demo
from sim.chaos import command as chaos
from sim.day import command as day
from sim.power import command as power
from sim.science import command as science
from sim.storm import command as storm


def main() -> None:
    """Do what was typed and leave with its exit code."""
    parser = argparse.ArgumentParser(prog="hall-sim", description="大厅模拟器 Simulated halls.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    demo.add_command(commands)
    day.add_commands(commands)
    chaos.add_commands(commands)
    power.add_parser(commands)
    storm.add_command(commands)
    science.add_command(commands)
    arguments = parser.parse_args()
    sys.exit(arguments.act(arguments))


if __name__ == "__main__":
    main()
