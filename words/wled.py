"""The LED sign of a counter (窗口屏): at most 8 hanzi."""

STRINGS = {
    "wled.idle": ("{w}号 {name}", "{w} {name}"),
    "wled.call": ("请{no}办理", "Now {no}"),
    "wled.serving": ("{no}办理中", "Serving {no}"),
    "wled.pause": ("暂停服务", "Paused"),
    "wled.goto": ("请到{w}号窗口", "Go to {w}"),
    "wled.bpost": ("协岗值守", "B post"),
    "wled.ext": ("延时服务", "Extended"),
    "wled.special": ("爱心优先窗口", "Priority"),
    "wled.closed": ("今日已结束", "Closed"),
    "wled.fault": ("设备维护中", "Maintenance"),
    "wled.noon": ("午间休息", "Lunch break"),
    # Ours: while the service is away, and for a counter whose name leaves no room for its number.
    "wled.recovering": ("系统恢复中", "Recovering"),
    "wled.recovering.last": ("{no} 系统恢复中", "{no}, recovering"),
    "wled.number": ("{w}号窗口", "Counter {w}"),
    # Ours: ``disp.emergency`` in two parts that take turns, because a sign holds 8 hanzi.
    "wled.emergency.1": ("请听从工作人员", "Please follow the staff"),
    "wled.emergency.2": ("指挥,有序离开", "and leave calmly"),
}
