"""What may be typed after ``hall-broker``."""

import argparse
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

from broker.cli import mqtt_config, offline, reading, run, ticket
from contracts.values import HallTime, VisitorClass
from firmware.runtime.settings import MqttConfig

_HALL_ZONE = "+08:00"


def parser() -> argparse.ArgumentParser:
    """The whole command line; every command sets ``act``."""
    whole = argparse.ArgumentParser(prog="hall-broker", description="大厅规则服务 The rules service of a hall.")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    _add_reading(commands)
    _add_offline(commands)
    _add_ticket(commands)
    _add_mqtt_config(commands)
    return whole


_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 -- it has no public name


def _add_run(commands: _Commands) -> None:
    one = commands.add_parser("run", help="启动服务 be the service")
    one.add_argument("--config", type=Path, required=True, metavar="hall.toml")
    one.add_argument("--data", type=Path, required=True, metavar="DIR", help="holds hall.db, card.key and backups/")
    _add_mqtt(one)
    one.add_argument(
        "--hall-clock-start", type=_instant, metavar="ISO", help="shift the hall's clock to begin here (rehearsals, demo)"
    )
    one.add_argument("--log-level", choices=("debug", "info", "warning", "error"), default="info")
    one.set_defaults(act=run.run)


def _add_mqtt(one: argparse.ArgumentParser) -> None:
    one.add_argument("--mqtt", type=_address, default=("127.0.0.1", 1883), metavar="HOST:PORT", help="the MQTT server")
    one.add_argument("--mqtt-username", default="")
    one.add_argument("--mqtt-password-file", default="", metavar="FILE")
    one.add_argument("--mqtt-ca-file", default="", metavar="FILE", help="use TLS and trust this authority")


def _add_reading(commands: _Commands) -> None:
    why = commands.add_parser("why", help="为什么这样叫号 why a ticket was called when it was")
    why.add_argument("no", metavar="NO", help="A017")
    why.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="default: today in the hall")
    why.set_defaults(act=reading.explain)
    verify = commands.add_parser("verify", help="核对全部记录 recompute everything that is stored; exit 1 on any difference")
    verify.set_defaults(act=reading.verify_all)
    facts = commands.add_parser("facts", help="最近的事实 the latest facts")
    facts.add_argument("-n", "--number", type=int, default=20, help="how many of the last (20)")
    facts.add_argument("--follow", action="store_true", help="and every new one, until interrupted")
    facts.add_argument("--json", action="store_true", help="one JSON object a line")
    facts.set_defaults(act=reading.show_facts)
    for one in (why, verify, facts):
        one.add_argument("--data", type=Path, required=True, metavar="DIR", help="where hall.db is")


def _add_offline(commands: _Commands) -> None:
    check = commands.add_parser("check", help="检查配置文件 is this hall.toml in order")
    check.add_argument("config", type=Path, metavar="CONFIG")
    check.set_defaults(act=offline.check)
    rehearse = commands.add_parser("rehearse", help="按文件试排 try the rules on the cases of a file")
    kinds = rehearse.add_subparsers(required=True, metavar="WHAT")
    queue = kinds.add_parser("queue", help="the call order; prints JSON")
    queue.set_defaults(act=offline.rehearse_queue)
    deadline = kinds.add_parser("deadline", help="the last day of each limit; prints JSON")
    deadline.set_defaults(act=offline.rehearse_deadline)
    attendance = kinds.add_parser("attendance", help="what the punches of a day amount to; prints JSON")
    attendance.set_defaults(act=offline.rehearse_attendance)
    for one in (queue, deadline, attendance):
        one.add_argument("file", type=Path, metavar="FILE")
    for one in (deadline, attendance):
        one.add_argument(
            "--config", type=Path, metavar="hall.toml", help="whose calendar and hours; default: the demo hall's"
        )


def _add_mqtt_config(commands: _Commands) -> None:
    one = commands.add_parser("mqtt-config", help="生成消息服务器账号 accounts, access rules and TLS for mosquitto")
    one.add_argument("--config", type=Path, required=True, metavar="hall.toml")
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help="written anew; passwords in it are kept")
    one.add_argument("--rotate", action="append", default=[], metavar="NODE", help="draw a new password; may be repeated")
    one.add_argument("--monitor", action="store_true", help="an account that may only watch")
    one.add_argument("--port", type=_port, default=1883, help="plain, on 127.0.0.1 alone (1883)")
    one.add_argument(
        "--lan",
        action="append",
        default=[],
        metavar="NAME",
        help="listen with TLS; a name or address nodes use; may be repeated",
    )
    one.add_argument("--lan-port", type=_port, default=8883, help="with TLS (8883)")
    one.set_defaults(act=mqtt_config.write)


def _add_ticket(commands: _Commands) -> None:
    whole = commands.add_parser("ticket", help="代取号、取消、补打 enter, cancel or reprint a ticket")
    kinds = whole.add_subparsers(required=True, metavar="WHAT")
    enter = kinds.add_parser("enter", help="a ticket for somebody")
    enter.add_argument("--group", required=True, metavar="A")
    enter.add_argument("--service", metavar="ID")
    enter.add_argument("--class", dest="visitor_class", choices=_CLASSES, default="normal")
    enter.add_argument("--appointment", metavar="HH:MM", type=_clock, help="today")
    enter.add_argument("--project", metavar="CODE", help="for green and urgent")
    enter.add_argument("--approved-by", metavar="STAFF", help="for urgent")
    enter.add_argument("--print-at", metavar="KIOSK", help="without it the number counts as told to its holder")
    enter.set_defaults(act=ticket.enter)
    cancel = kinds.add_parser("cancel", help="a ticket is given up")
    cancel.add_argument("--reason", required=True)
    cancel.set_defaults(act=ticket.cancel)
    reprint = kinds.add_parser("reprint", help="print a ticket again, marked 补打")
    reprint.add_argument("--print-at", required=True, metavar="KIOSK")
    reprint.set_defaults(act=ticket.reprint)
    for one in (cancel, reprint):
        one.add_argument("no", metavar="NO", help="A017")
        one.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="default: today in the hall")
    for one in (enter, cancel, reprint):
        one.add_argument("--actor", required=True, metavar="STAFF", help="who asks, a staff number")
        where = one.add_mutually_exclusive_group(required=True)
        where.add_argument("--config", type=Path, metavar="hall.toml")
        where.add_argument("--data", type=Path, metavar="DIR", help="take the configuration the service has adopted")
        one.add_argument("--node", help="which ops node to be, if the hall has several")
        _add_mqtt(one)


_CLASSES = [one.value for one in VisitorClass if one is not VisitorClass.APPOINTMENT_DUE]


def mqtt_of(arguments: argparse.Namespace) -> MqttConfig:
    """The MQTT server as typed."""
    host, port = arguments.mqtt
    return MqttConfig(
        host=host,
        port=port,
        username=arguments.mqtt_username,
        password_file=arguments.mqtt_password_file,
        ca_file=arguments.mqtt_ca_file,
    )


def _address(typed: str) -> tuple[str, int]:
    host, _, port = typed.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 2**16:
        raise argparse.ArgumentTypeError(f"{typed!r} is not HOST:PORT")
    return host, int(port)


def _port(typed: str) -> int:
    if not typed.isdigit() or not 0 < int(typed) < 2**16:
        raise argparse.ArgumentTypeError(f"{typed!r} is no port")
    return int(typed)


def _instant(typed: str) -> HallTime:
    """Without an offset the hall's own time is meant."""
    try:
        at = datetime.fromisoformat(typed)
        aware = at if at.tzinfo is not None else datetime.fromisoformat(at.isoformat() + _HALL_ZONE)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{typed!r} is not a time such as 2026-03-10T08:45:00") from error
    return HallTime(int(aware.timestamp() * 1000))


def _clock(typed: str) -> str:
    try:
        return datetime.strptime(typed, "%H:%M").strftime("%H:%M")  # noqa: DTZ007 -- a time of day, no instant
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{typed!r} is not a time of day such as 09:30") from error
