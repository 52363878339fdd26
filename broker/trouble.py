"""What can be wrong with the database, each with advice for the person on duty, in Chinese and English.

StoreError
├── InUseError         another service writes this database
├── DamagedError       the file is not a sound database
├── NotOursError       it is a database, but not a hall's
├── TooNewError        a newer version of the service has written it
├── MissingError       there is no database where one is to be read
└── WriteFailedError   a transaction could not be kept (disk full, read-only, I/O error)
"""

import shlex
from pathlib import Path


class StoreError(Exception):
    """The database cannot be used; the message is advice in both languages. ``path`` is the file concerned."""

    exit_code = 78  # EX_CONFIG: starting again will not help, a person must; the systemd unit knows this number

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.path = path


class InUseError(StoreError, BlockingIOError):
    """Another process holds the database's lock."""

    exit_code = 75  # EX_TEMPFAIL: the other one may be on its way out

    def __init__(self, path: Path, holder: str) -> None:
        self.holder = holder
        super().__init__(
            path,
            f"数据库 {path} 正由另一个规则服务使用({holder})。一个大厅只能运行一个规则服务,本进程不启动。"
            f"请用 systemctl status hall-broker 查看;如需更换,请先停止原来的服务。",
            f"Another rules service ({holder}) is using {path}. A hall has exactly one, so this one does not start. "
            f"See it with: systemctl status hall-broker; to replace it, stop it first.",
        )


class DamagedError(StoreError):
    """The file fails SQLite's check; nothing was written to it."""

    def __init__(self, path: Path, what: str) -> None:
        self.what = what
        zh, en = _restoring(path)
        super().__init__(
            path,
            f"数据库 {path} 已损坏({what}),规则服务不启动,文件未作任何改动。{zh}",
            f"The database {path} is damaged ({what}). The rules service does not start and has changed nothing. {en}",
        )


class NotOursError(StoreError):
    """A sound SQLite file of something else."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            f"{path} 不是大厅数据库,规则服务不会写入。请检查 --data 指向的目录。",
            f"{path} is a database of something else, so it is left alone. Check the directory given with --data.",
        )


class OtherHallError(StoreError):
    """The configuration given is of another hall than the database."""

    def __init__(self, path: Path, owner: str, given: str) -> None:
        super().__init__(
            path,
            f"数据库 {path} 属于大厅 {owner},而配置文件属于大厅 {given}。请检查 --config 和 --data。",
            f"The database {path} belongs to the hall {owner}, but the configuration is of {given}. "
            f"Check --config and --data.",
        )


class TooNewError(StoreError):
    """It carries migrations this version does not know."""

    def __init__(self, path: Path, unknown: list[str]) -> None:
        self.unknown = unknown
        steps = ", ".join(unknown)
        super().__init__(
            path,
            f"数据库 {path} 由更新版本的规则服务写成(未知步骤:{steps})。请安装该版本或更新的版本后再启动。",
            f"The database {path} was written by a newer rules service (unknown steps: {steps}). "
            f"Install that version or a later one and start again.",
        )


class MissingError(StoreError, FileNotFoundError):
    """A reading command found nothing to read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            f"没有找到数据库 {path}。请检查 --data 指向的目录。",
            f"There is no database {path}. Check the directory given with --data.",
        )


class WriteFailedError(StoreError, OSError):
    """A transaction was not kept. Nothing of it was answered or acknowledged, so nothing is lost: everyone asks again."""

    exit_code = 74  # EX_IOERR: systemd starts it again, and it goes on by itself once there is room

    def __init__(self, path: Path, what: str) -> None:
        self.what = what
        super().__init__(
            path,
            f"数据库 {path} 无法写入({what})。规则服务停止,已确认的内容没有丢失,未确认的请求会由设备重新发送。"
            f"请检查磁盘空间和权限:df -h {path.parent},腾出空间后服务会自动恢复。",
            f"The database {path} cannot be written ({what}). The rules service stops; nothing acknowledged is lost and "
            f"the nodes will send the rest again. Check space and permissions with: df -h {path.parent}; "
            f"once there is room the service comes back by itself.",
        )


def _restoring(path: Path) -> tuple[str, str]:
    """Which backup to take and what to type; backups lie in ``backups/`` beside the database."""
    backups = sorted(path.parent.glob("backups/*.db"), key=lambda one: one.stat().st_mtime)
    aside = path.with_suffix(".damaged")
    salvage = f"sqlite3 {shlex.quote(str(path))} .recover | sqlite3 {shlex.quote(str(path.with_suffix('.recovered')))}"
    if not backups:
        return (
            f"在 {path.parent / 'backups'} 中没有找到备份。请勿删除该文件;可尝试:{salvage},并联系技术支持。",
            (
                f"No backup was found in {path.parent / 'backups'}. Do not delete the file; "
                f"save what can be read with: {salvage}; then ask for support."
            ),
        )
    move = " && ".join(
        f"mv {shlex.quote(str(one))} {shlex.quote(str(one.with_name(one.name.replace(path.name, aside.name))))}"
        for one in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm"))
        if one.exists()
    )
    data = shlex.quote(str(path.parent))
    command = (
        f"systemctl stop hall-broker; {move} && cp {shlex.quote(str(backups[-1]))} {shlex.quote(str(path))}"
        f" && hall-broker verify --data {data} && systemctl start hall-broker"
    )
    return (
        f"最新的备份是 {backups[-1]}。恢复命令:{command}",
        f"The newest backup is {backups[-1]}. To restore it: {command}",
    )
