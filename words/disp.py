"""The main display (显示屏)."""

STRINGS = {
    "disp.title": ("叫号信息", "Now serving"),
    "disp.col.no": ("号码", "Number"),
    "disp.col.win": ("窗口", "Counter"),
    "disp.call": ("请{no}到{w}号窗口办理", "{no}, please go to counter {w}"),
    "disp.recall": ("再次呼叫 请{no}到{w}号窗口", "Calling again: {no} to counter {w}"),
    "disp.last": ("最后一次呼叫 请{no}到{w}号窗口", "Last call: {no} to counter {w}"),
    "disp.waiting": ("{group}等候{n}人", "{group}: {n} waiting"),
    "disp.tick.priority": (
        "爱心通道和预约号依规优先办理,感谢您的理解",
        "Priority and appointment numbers are given priority. Thank you for understanding",
    ),
    "disp.tick.free": (
        "预约、延时、帮办代办服务均不收取任何费用",
        "Appointment, extended and agent services are free of charge",
    ),
    "disp.tick.rate": ("办理完毕,请您对我们的服务进行评价", "After service, please rate us"),
    "disp.tick.hotline": ("咨询投诉电话 {tel}", "Enquiries and complaints {tel}"),
    "disp.noon": ("午间休息,{time}恢复叫号", "Lunch break, calling resumes at {time}"),
    "disp.nearclose": (
        "临近下班,已取号的业务我们将全部办理完毕,请您安心等候",
        "Closing soon. Everyone holding a ticket will be served",
    ),
    "disp.ext": ("延时服务进行中", "Extended service in progress"),
    "disp.surge": ("已增开{w}号窗口,请办理{group}业务的群众留意叫号", "Counter {w} is now open for {group}"),
    "disp.closed": ("今日服务已结束,感谢您的光临", "Service has ended today. Thank you for coming"),
    "disp.emergency": ("请听从工作人员指挥,有序离开", "Please follow the staff and leave calmly"),
    "disp.offline": ("叫号恢复中,请留意工作人员呼叫", "Display recovering, please listen to the staff"),
    # Ours: how long somebody who takes a number now would wait, beside ``disp.waiting``.
    "disp.wait": ("预计{lo}至{hi}分钟", "{lo} to {hi} min"),
}
