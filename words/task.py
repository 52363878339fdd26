"""What staff are asked to see to: one sentence for each ``contracts.TaskKind``. These are ours, short and without blame."""

STRINGS = {
    "task.vacancy": ("{w}号窗口无人值守已{m}分钟", "Counter {w} unattended for {m} min"),
    "task.act": ("{w}号窗口主岗{a}不在岗,请{b}顶岗", "{a} of counter {w} is away; {b}, please act"),
    "task.surge": ("{group}等候{n}人,建议增开{w}号窗口", "{group}: {n} waiting; suggest opening counter {w}"),
    "task.extension_refused": (
        "{w}号窗口不能延时,请另派人员办理{no}",
        "Counter {w} cannot extend; please send someone for {no}",
    ),
    "task.extension_counter": (
        "{w}号窗口{n}人等候,工作人员不能延时,请另派人员",
        "Counter {w}: {n} waiting and the clerk cannot stay; please send someone",
    ),
    "task.closing_plan": (
        "下班后建议保留{w}号窗口,请确认",
        "Proposed to stay open after closing: counters {w}. Please confirm",
    ),
    "task.appointment_confirm": ("{time}的预约待确认", "An appointment for {time} awaits confirmation"),
    "task.appointment_contact": (
        "{time}预约未到,请联系服务对象",
        "Appointment {time} has not come; please contact the person",
    ),
    "task.appointment_waiting": ("预约号{no}已超过约定时间{m}分钟", "Appointment {no} has waited {m} min past its time"),
    "task.green_visit": ("重点项目{code}的号码{no}已取号,请对接", "Project {code} has taken ticket {no}; please attend"),
    "task.green_follow_up": ("重点项目{code}请跟踪进展", "Please follow up project {code}"),
    "task.help": ("{place}有服务对象需要{what}", "A visitor at {place} needs {what}"),
    "task.agent": ("{no}请求帮办,请前往陪同", "{no} asks for assistance; please attend"),
    "task.care_called": ("{no}已呼叫三次,请协助寻找", "{no} was called three times; please help find the holder"),
    "task.transfer_chain": ("{no}已转办三次,请跟进", "{no} was sent on three times; please follow up"),
    "task.regularise": ("补签{no}待审批", "Regularisation {no} awaits a decision"),
    "task.outing_decide": ("{name}的公出{no}待审批", "Outing {no} of {name} awaits approval"),
    "task.outing_return": (
        "{name}公出{no}应于{time}返岗,尚无返岗记录,请返岗打卡或核实登记",
        "{name} was to be back from outing {no} at {time}; please punch the return or record it",
    ),
    "task.proxy_check": ("考勤记录{no}请核查", "Please look into attendance record {no}"),
    "task.proxy_sign": ("考勤核查{no}待会签", "Attendance case {no} awaits the second signature"),
    "task.calendar": ("缺少{year}年节假日数据,请导入", "The holidays of {year} are missing; please import them"),
    "task.leave_decide": ("{name}的请假单{no}待审批", "Leave {no} of {name} awaits a decision"),
    "task.leave_ends": (
        "{name}的假期{no}于{time}期满,请按时返岗销假",
        "Leave {no} of {name} ends {time}; please report back",
    ),
    "task.leave_overdue": (
        "{name}的假期{no}已于{time}期满,未返岗也未续假,请核实",
        "Leave {no} of {name} ended {time}; neither back nor renewed. Please look into it",
    ),
    "task.letter_ends": (
        "首席代表{name}的授权委托书{no}有效期至{date},请及时续办",
        "The letter of authorisation {no} of {name} ends on {date}; please renew it",
    ),
}
