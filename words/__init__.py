"""What people read and hear, in simplified Chinese and English, under the keys of the customer's list.

A leaf. One module an area (``tm``, ``slip``, ``wled`` ...), loaded when first asked for, so that a rating pad holds only its
own sentences. Strings that the customer's list does not have are ours and stand in the same modules, behind a comment.
"""

from functools import cache
from importlib import import_module
from typing import NamedTuple

AREAS = (
    "tm",
    "slip",
    "disp",
    "wled",
    "voice",
    "pad",
    "clk",
    "con",
    "qm",
    "gd",
    "refusal",
    "task",
    "att",
    "trn",
    "rot",
    "outing",
    "ab",
    "crep",
    "leave",
)


class Text(NamedTuple):
    """One string in both languages; the placeholders in braces are the same in both."""

    zh: str
    en: str


@cache
def text(key: str) -> Text:
    """The string under ``key`` (``tm.idle.title``). Raises ``KeyError`` for a key that does not exist."""
    area = key.partition(".")[0]
    if area not in AREAS:
        raise KeyError(key)
    strings: dict[str, tuple[str, str]] = import_module(f"words.{area}").STRINGS
    return Text(*strings[key])


def every_key() -> list[str]:
    """All keys, in the order of the list."""
    return [key for area in AREAS for key in import_module(f"words.{area}").STRINGS]
