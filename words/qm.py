"""The query machine (查询机)."""

STRINGS = {
    "qm.title": ("自助查询", "Self-service enquiry"),
    "qm.guide": ("办事指南", "Service guides"),
    "qm.queue": ("排队进度", "Queue status"),
    "qm.queue.ans": ("号码{no},前面还有{n}位", "Number {no}, {n} ahead"),
    "qm.case": ("办件进度", "Case progress"),
    "qm.case.prompt": ("请输入受理编号和证件后四位", "Enter the case number and the last four digits of your ID"),
    "qm.case.ans": ("当前环节 {step},承诺办结日期 {date}", "Current step {step}, promised date {date}"),
    "qm.case.paused": ("{proc}进行中,所需时间不计入时限", "{proc} in progress; this time is not counted"),
    "qm.case.none": ("未查询到办件,请核对编号或咨询引导台", "No case found. Please check the number or ask the guide desk"),
    "qm.rule": (
        "每等一分钟得一分,优先号先加分、积分更快,分高先叫",
        "A point a minute; priority numbers start higher and earn faster; the highest is called next",
    ),
    "qm.floor": ("窗口分布", "Counter map"),
    "qm.policy": ("政策查询", "Policies"),
    "qm.print": ("打印告知单", "Print slip"),
}
