"""Hand-overs between A and B of a post: in ledgers and commands. These are ours."""

STRINGS = {
    "ab.kind.written": ("书面", "written"),
    "ab.kind.phone": ("电话", "by phone"),
    "ab.kind.taken": ("接到提醒顶岗", "taken when asked"),
    "ab.skipped": ("未交接离岗", "left without"),
    "ab.untold": ("顶岗后未登记电话交接", "no call entered in time"),
    "ab.named": ("指定顶岗", "third person named"),
    "ab.what.at_desk": ("在办", "at the desk"),
    "ab.what.held": ("挂起", "on hold"),
    "ab.what.led": ("领办", "led"),
    "ab.what.appointment": ("预约", "appointment"),
    "ab.what.task": ("待办", "task"),
    "ab.sealed": ("有,已封存", "sealed"),
    "ab.hint.own": ("主岗{a}本人在岗,参考责任人:{a}", "{a} was there: {a}"),
    "ab.hint.none": ("没有交接记录,参考责任人:{a}", "no hand-over on record: {a}"),
    "ab.hint.acting": ("{b}顶岗期间经办,参考责任人:{b}", "handled by {b}, acting: {b}"),
    "ab.hint.listed": ("已列入交接清单,参考责任人:{b}", "in the list of the hand-over: {b}"),
    "ab.hint.both": ("有交接记录但未列入,参考责任人:{a}、{b}(双方)", "handed over but not listed: {a} and {b} (both)"),
    "ab.hint.only": ("仅供参考,由负责人员核实认定", "A hint only; a person looks into it and decides"),
}
