"""What may be typed after several commands: times, addresses, and which hall and service a changing command asks."""

import argparse
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

from contracts.values import HallTime
from firmware.runtime.settings import MqttConfig

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 -- it has no public name
_HALL_ZONE = "+08:00"


def add_mqtt(one: argparse.ArgumentParser) -> None:
    """Where the MQTT server is and how to log in to it; ``mqtt_of`` reads it."""
    one.add_argument("--mqtt", type=address, default=("127.0.0.1", 1883), metavar="HOST:PORT", help="the MQTT server")
    one.add_argument("--mqtt-username", default="")
    one.add_argument("--mqtt-password-file", default="", metavar="FILE")
    one.add_argument("--mqtt-ca-file", default="", metavar="FILE", help="use TLS and trust this authority")


def add_asking(one: argparse.ArgumentParser) -> None:
    """What ``broker.cli.asking.ask`` needs of every command that changes something: who asks, and which hall."""
    one.add_argument("--actor", required=True, metavar="STAFF", help="who asks, a staff number")
    where = one.add_mutually_exclusive_group(required=True)
    where.add_argument("--config", type=Path, metavar="hall.toml")
    where.add_argument("--data", type=Path, metavar="DIR", help="take the configuration the service has adopted")
    one.add_argument("--node", help="which ops node to be, if the hall has several")
    add_mqtt(one)


def add_ticket_number(one: argparse.ArgumentParser) -> None:
    """Which ticket is meant; ``broker.cli.asking.ticket_of`` reads it."""
    one.add_argument("no", metavar="NO", help="A017")
    one.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="default: today in the hall")


def mqtt_of(arguments: argparse.Namespace) -> MqttConfig:
    """The MQTT server as typed."""
    host, port_ = arguments.mqtt
    return MqttConfig(
        host=host,
        port=port_,
        username=arguments.mqtt_username,
        password_file=arguments.mqtt_password_file,
        ca_file=arguments.mqtt_ca_file,
    )


def address(typed: str) -> tuple[str, int]:
    """HOST:PORT."""
    host, _, number = typed.rpartition(":")
    if not host or not number.isdigit() or not 0 < int(number) < 2**16:
        raise argparse.ArgumentTypeError(f"{typed!r} is not HOST:PORT")
    return host, int(number)


def port(typed: str) -> int:
    """A port number."""
    if not typed.isdigit() or not 0 < int(typed) < 2**16:
        raise argparse.ArgumentTypeError(f"{typed!r} is no port")
    return int(typed)


def instant(typed: str) -> HallTime:
    """Without an offset the hall's own time is meant."""
    try:
        at = datetime.fromisoformat(typed)
        aware = at if at.tzinfo is not None else datetime.fromisoformat(at.isoformat() + _HALL_ZONE)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{typed!r} is not a time such as 2026-03-10T08:45:00") from error
    return HallTime(int(aware.timestamp() * 1000))


def clock(typed: str) -> str:
    """A time of day."""
    try:
        return datetime.strptime(typed, "%H:%M").strftime("%H:%M")  # noqa: DTZ007 -- a time of day, no instant
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{typed!r} is not a time of day such as 09:30") from error


def month(typed: str) -> date:
    """The first day of a month."""
    try:
        return datetime.strptime(typed, "%Y-%m").date()  # noqa: DTZ007 -- a month, no instant
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{typed!r} is not a month such as 2026-03") from error
