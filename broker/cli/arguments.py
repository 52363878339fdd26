"""What may be typed after ``hall-broker``."""

import argparse
from datetime import date
from pathlib import Path

from broker.cli import (
    absence,
    appointment,
    attendance,
    department,
    guide,
    handover,
    leave,
    ledger,
    mqtt_config,
    offline,
    outing,
    proxy,
    punch,
    reading,
    rotation,
    run,
    staff,
    task,
    ticket,
    training,
    work_cards,
)
from broker.cli.typed import Commands, add_mqtt, instant, port


def parser() -> argparse.ArgumentParser:
    """The whole command line; every command sets ``act``."""
    whole = argparse.ArgumentParser(prog="hall-broker", description="大厅规则服务 The rules service of a hall.")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    _add_reading(commands)
    _add_offline(commands)
    ticket.add_to(commands)
    task.add_to(commands)
    staff.add_to(commands)
    ledger.add_to(commands)
    appointment.add_to(commands)
    absence.add_to(commands)
    handover.add_to(commands)
    leave.add_to(commands)
    guide.add_to(commands)
    training.add_to(commands)
    outing.add_to(commands)
    punch.add_to(commands)
    work_cards.add_to(commands)
    rotation.add_to(commands)
    department.add_to(commands)
    proxy.add_to(commands)
    attendance.add_to(commands)
    _add_mqtt_config(commands)
    return whole


def _add_run(commands: Commands) -> None:
    one = commands.add_parser("run", help="启动服务 be the service")
    one.add_argument("--config", type=Path, required=True, metavar="hall.toml")
    one.add_argument("--data", type=Path, required=True, metavar="DIR", help="holds hall.db, card.key and backups/")
    add_mqtt(one)
    one.add_argument(
        "--hall-clock-start", type=instant, metavar="ISO", help="shift the hall's clock to begin here (rehearsals, demo)"
    )
    one.add_argument("--log-level", choices=("debug", "info", "warning", "error"), default="info")
    one.set_defaults(act=run.run)


def _add_reading(commands: Commands) -> None:
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


def _add_offline(commands: Commands) -> None:
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


def _add_mqtt_config(commands: Commands) -> None:
    one = commands.add_parser("mqtt-config", help="生成消息服务器账号 accounts, access rules and TLS for mosquitto")
    one.add_argument("--config", type=Path, required=True, metavar="hall.toml")
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help="written anew; passwords in it are kept")
    one.add_argument("--rotate", action="append", default=[], metavar="NODE", help="draw a new password; may be repeated")
    one.add_argument("--monitor", action="store_true", help="an account that may only watch")
    one.add_argument("--port", type=port, default=1883, help="plain, on 127.0.0.1 alone (1883)")
    one.add_argument(
        "--lan",
        action="append",
        default=[],
        metavar="NAME",
        help="listen with TLS; a name or address nodes use; may be repeated",
    )
    one.add_argument("--lan-port", type=port, default=8883, help="with TLS (8883)")
    one.set_defaults(act=mqtt_config.write)
