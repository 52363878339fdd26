"""Call orders to compare: the same hall with other weights (1.0.4). The rules do not know that they are compared.

``points`` is the hall as it is. ``fifo``: equal speeds and no head start. ``strict``: each class is days ahead of the next,
so a better class always goes first. Counters kept for a class (``reserve``) are an own policy of the hall's; the two others
leave them out, so that they are what they are called at every counter.
"""

import re

_SECTION = re.compile(r"^\[params\.queue\.classes\]\n(?:(?!\[).*\n)*", re.MULTILINE)
_RESERVE = re.compile(r"\s*reserve\s*=\s*\{[^}]*\},?")
_DAY_MIN = 1440
_CLASSES = ("normal", "green", "care", "appointment_due", "urgent")

NAMES = {
    "fifo": ("先来先叫", "first come, first called"),
    "points": ("积分叫号", "points"),
    "strict": ("优先号一律先叫", "strict priority"),
}


def under(policy: str, text: str) -> str:
    """The hall.toml of a hall under this call order. Raises ``KeyError`` for a name that is none."""
    if policy not in NAMES:
        raise KeyError(policy)
    if policy == "points":
        return text
    steps = {one: place * _DAY_MIN if policy == "strict" else 0 for place, one in enumerate(_CLASSES)}
    lines = [f"{one} = {{ head_start_min = {ahead}, speed = 100 }}" for one, ahead in steps.items()]
    bare = _RESERVE.sub("", _SECTION.sub("", text)).rstrip("\n")
    return "\n".join([bare, "", "[params.queue.classes]", *lines, ""])
