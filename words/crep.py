"""Chief representatives: how a department is represented, and its view of its own people (CREP). These are ours."""

STRINGS = {
    "crep.term": ("{first}至{last}", "{first} to {last}"),
    "crep.state.valid": ("授权有效", "Authorised"),
    "crep.state.ends": ("授权将到期", "The letter ends soon"),
    "crep.state.over": ("授权已到期", "The letter has ended"),
    "crep.state.ahead": ("授权未生效", "The letter is not in force yet"),
    "crep.state.no_letter": ("未登记授权委托书", "No letter on file"),
    "crep.state.nobody": ("未指定首席代表", "No chief representative named"),
    "crep.view.attendance": (
        "正常{normal}天 迟到{late}次{late_min}分钟 早退{early}次{early_min}分钟 缺卡{missing}次 缺勤{absent}天 请假{leave}天 公出{outing}天",
        "{normal} days normal, late {late} ({late_min} min), early {early} ({early_min} min), {missing} punches missing, {absent} days absent, {leave} days leave, {outing} days out",
    ),
    "crep.view.ratings": ("评价{n}次 差评{bad}次", "{n} ratings, {bad} negative"),
    "crep.view.vacant": ("空岗{n}次", "{n} times vacant"),
}
