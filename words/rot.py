"""Rotation: what speaks against it, and what became of it (ROT). These are ours."""

STRINGS = {
    "rot.unmet.year": ("未满一年,还差{days}天", "Less than a year in the hall, {days} days left"),
    "rot.unmet.window": ("不在轮换期内", "Outside the window of the year"),
    "rot.default.refuse": ("一般不予批准,默认选择:不同意", "Generally not approved; the default is not to agree"),
    "rot.state.asked": ("待审核", "To be decided"),
    "rot.state.approved": ("同意", "Agreed"),
    "rot.state.exception": ("例外同意", "Agreed as an exception"),
    "rot.state.refused": ("不同意", "Not agreed"),
    "rot.state.closed": ("已交接", "Handed over"),
}
