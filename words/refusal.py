"""Why something was not done, for the citizen or the clerk who asked for it. One sentence for each ``contracts.Refusal``.

These are ours: polite, without blame, and saying what to do next. Short enough for a text line of 2 x 20 half-width cells
where the counter terminal shows them.
"""

STRINGS = {
    "refusal.expired": ("操作超时,请您重试", "That took too long. Please try again"),
    "refusal.node_not_declared": ("本设备未登记,请联系管理人员", "This device is not registered. Contact the administrator"),
    "refusal.wrong_node": ("本设备不支持该操作", "This device cannot do that"),
    "refusal.malformed": ("设备异常,请联系管理人员", "Device error. Contact the administrator"),
    "refusal.not_permitted": ("您没有该操作权限", "You are not authorised for this"),
    "refusal.rest_day": ("今日休息,{date}恢复服务", "Closed today. We reopen on {date}"),
    "refusal.not_open_yet": ("今日{time}开始取号,请您稍候", "Ticket service starts at {time}. Please wait"),
    "refusal.closed_today": (
        "今日取号已结束,您可以预约其他时间",
        "Ticket service has ended today. You can book another time",
    ),
    "refusal.noon_break": ("午间休息,{time}恢复叫号", "Lunch break. Calling resumes at {time}"),
    "refusal.emergency": ("请您听从工作人员指挥,有序离开", "Please follow the staff and leave in an orderly manner"),
    "refusal.unknown_group": ("该业务未开放,请选择综合咨询", "This service is not open. Please choose General enquiries"),
    "refusal.unknown_service": ("未找到该事项,请核对", "No such service. Please check"),
    "refusal.unknown_project": ("未查询到有效的项目代码", "No valid project code found"),
    "refusal.bad_value": ("填写内容有误,请核对", "Something entered is not valid. Please check"),
    "refusal.unknown_card": ("未识别的工作卡,请联系管理人员", "Unknown card. Contact the administrator"),
    "refusal.not_onboarded": ("尚未完成进驻手续或岗前培训", "Formalities or pre-job training not complete"),
    "refusal.not_qualified": ("您未具备该窗口业务资格", "You are not qualified for this counter"),
    "refusal.logged_in_elsewhere": ("您已在{w}号窗口登录", "You are logged in at counter {w}"),
    "refusal.counter_occupied": ("{name}正在本窗口值守", "{name} is on duty at this counter"),
    "refusal.not_logged_in": ("请先刷卡登录", "Please log in with your card first"),
    "refusal.nobody_waiting": ("当前无人等候", "Nobody is waiting"),
    "refusal.counter_busy": ("请先办结当前号码", "Please finish the current ticket first"),
    "refusal.counter_paused": ("窗口已暂停,请先恢复服务", "The counter is paused. Please reopen first"),
    "refusal.nothing_called": ("当前没有已呼叫的号码", "No number has been called"),
    "refusal.not_serving": ("当前没有正在办理的号码", "No number is being served"),
    "refusal.too_soon": ("请您{s}秒后再试", "Please try again in {s} s"),
    "refusal.no_calls_left": ("已呼叫{n}次,可按过号", "Called {n} times; you may mark no-show"),
    "refusal.checkin_not_open": ("您可于{time}起签到", "You can check in from {time}"),
    "refusal.unknown_ticket": ("未找到该号码,请核对", "No such ticket. Please check"),
    "refusal.wrong_ticket_state": ("该号码当前不能进行此操作", "Not possible for this ticket now"),
    "refusal.unknown_session": ("未找到本次服务", "No such service session"),
    "refusal.rating_closed": ("本次评价时间已结束", "The time for this rating is over"),
    "refusal.already_rated": ("本次服务已评价,感谢您的支持", "This service has already been rated. Thank you"),
    "refusal.unknown_staff": ("未找到该工作人员", "No such member of staff"),
}
