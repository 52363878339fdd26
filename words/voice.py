"""What is spoken (语音); every text stands on the display too."""

STRINGS = {
    "voice.call": ("请{no}号到{w}号窗口办理", "Number {no}, please go to counter {w}"),
    "voice.recall": ("再次呼叫,请{no}号到{w}号窗口办理", "Calling again. Number {no}, please go to counter {w}"),
    "voice.last": ("最后一次呼叫,请{no}号到{w}号窗口办理", "Last call. Number {no}, please go to counter {w}"),
    "voice.transfer": ("请{no}号到{w}号窗口继续办理", "Number {no}, please continue at counter {w}"),
    "voice.open": ("各位办事群众,您好,现在开始办理业务", "Good day. Service is now open"),
    "voice.nearclose": (
        "各位办事群众,距离下班还有{m}分钟,已取号的请您安心等候,我们将为您办理完毕",
        "Closing in {m} minutes. If you hold a ticket please wait, you will be served",
    ),
    "voice.noon": (
        "现在是午间休息时间,{time}恢复叫号,请您保留号票",
        "Lunch break. Calling resumes at {time}. Please keep your ticket",
    ),
    "voice.surge": ("现增开{w}号窗口,请{group}的办事群众留意叫号", "Counter {w} is now open for {group}"),
    "voice.pause": ("非常抱歉,{w}号窗口暂停服务,请您稍候", "Sorry, counter {w} is paused. Please wait"),
    "voice.close": ("今日服务已结束,感谢您的光临,请您慢走", "Service has ended today. Thank you and goodbye"),
    "voice.emergency": (
        "请听从工作人员指挥,有序离开大厅",
        "Please follow the staff and leave the hall in an orderly manner",
    ),
    "voice.pad": ("请您对本次服务进行评价", "Please rate this service"),
    "voice.pad.thanks": ("感谢您的评价", "Thank you for your rating"),
    "voice.tm.welcome": ("您好,请选择您要办理的业务", "Hello, please choose your service"),
    "voice.tm.take": ("请取走您的号票", "Please take your ticket"),
    "voice.clk.ok": ("打卡成功", "Recorded"),
    "voice.clk.fail": ("打卡未成功,请您重试", "Not recorded, please try again"),
    # Ours: a time of day as it is read; a group whose name nobody has recorded is called by the letter of its numbers.
    "voice.time": ("{h}点{m}分", "{h}:{m}"),
    "voice.time.hour": ("{h}点", "{h} o'clock"),
}
