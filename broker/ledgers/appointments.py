"""预约服务台账 (APPT-9): a line for every change of state of every appointment of a day. No names, no contacts."""

from broker.appointment_ledger import Line, Step
from broker.ledgers.table import Table, person
from broker.rules.hours import MINUTE, spelled
from contracts.values import GroupId, ServiceId, StaffNo

COLUMNS = ("编号", "约定时间", "业务队列", "事项", "渠道", "变更时间", "变更", "经办人", "当前状态", "号码", "超出约定分钟")
CHANNELS = {"onsite": "现场", "phone": "电话", "web": "网上", "app": "冀时办", "miniprogram": "微信小程序"}
STATES = {
    "requested": "待确认",
    "confirmed": "已确认",
    "overdue_contact": "逾期待联系",
    "held": "已联系,保留",
    "checked_in": "已签到",
    "forfeited": "视为放弃",
    "cancelled_by_hall": "大厅取消",
    "cancelled_by_person": "本人取消",
}
CHANGES = {
    "AppointmentMade": "预约",
    "AppointmentConfirmed": "确认",
    "AppointmentPresumedConfirmed": "到时未确认,视为确认",
    "AppointmentChanged": "改期",
    "AppointmentCancelled": "取消",
    "AppointmentOverdue": "超时未到",
    "AppointmentContacted": "联系",
    "AppointmentForfeited": "视为放弃",
    "AppointmentCheckedIn": "签到",
    "AppointmentReopened": "号票未打印,恢复待签到",
    "AppointmentWaitedLong": "超过约定时间等候",
    "AppointmentContactOpened": "查看联系方式",
    "AppointmentNotKept": "当日未到",
}
_DETAILS = {
    "hall": "大厅提出",
    "person": "本人提出",
    "late": "事后告知",
    "coming": "稍后到",
    "cannot_come": "不能到",
    "no_answer": "无人接听",
    "wrong_number": "号码有误",
}


def table(lines: list[Line], groups: dict[GroupId, str], services: dict[ServiceId, str], names: dict[StaffNo, str]) -> Table:
    """The ledger, by time of the appointments."""
    return Table(COLUMNS, tuple(_row(line, step, groups, services, names) for line in lines for step in line.steps))


def _row(
    line: Line, step: Step, groups: dict[GroupId, str], services: dict[ServiceId, str], names: dict[StaffNo, str]
) -> tuple[str, ...]:
    return (
        line.id,
        spelled(line.at),
        groups.get(line.group, line.group),
        "" if line.service is None else services.get(line.service, line.service),
        CHANNELS.get(line.channel, line.channel),
        spelled(step.at),
        _change(step),
        person(names, step.actor),
        STATES.get(line.state, line.state),
        "" if line.ticket is None else line.ticket.rpartition("/")[2],
        "" if line.waited is None else str(line.waited // MINUTE),
    )


def _change(step: Step) -> str:
    name, *details = step.what.split()
    told = "、".join(_DETAILS.get(one, one) for one in details)
    change = CHANGES.get(name, name)
    return f"{change}({told})" if told else change
