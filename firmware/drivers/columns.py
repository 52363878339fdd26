"""How wide Chinese text is on devices of fixed columns, and where it may be broken. Pure.

A column is half a hanzi: ASCII takes one, everything else two. Used for paper and for the text line.
"""

NOT_AT_START = frozenset("，。、；：？！）》」』】〉”’%,.;:?!)]}")
"""Signs that may not begin a row (GB/T 15834); they pull the character before them along."""


def width(text: str) -> int:
    """Columns this text takes on one row."""
    return len(text) if text.isascii() else 2 * len(text) - sum(map(str.isascii, text))


def plain(text: str) -> str:
    """The text without control characters, which a device would obey instead of showing."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else " " for character in text)


def wrap(text: str, columns: int) -> tuple[str, ...]:
    """The rows of a text, none wider than ``columns`` (at least 2), nothing left out but spaces at the breaks.

    Breaks between any two hanzi, not inside an ASCII word or number that fits on a row, not before closing punctuation,
    not between a number and its unit; rather at a space, if there is one in the last third of the row.
    """
    rows: list[str] = []
    rest = plain(text).rstrip()
    while rest:
        end = _end_of_row(rest, columns)
        rows.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return tuple(rows) or ("",)


def _end_of_row(text: str, columns: int) -> int:
    fits = _longest_prefix(text, columns)
    if fits == len(text):
        return fits
    after_space = text.rfind(" ", fits * 2 // 3, fits + 1) + 1
    if after_space:
        return after_space
    end = fits
    while end > 0 and not _may_break(text, end):
        end -= 1
    return end or fits


def _longest_prefix(text: str, columns: int) -> int:
    if width(text) <= columns:
        return len(text)
    used = 0
    for index, character in enumerate(text):
        used += 1 if character.isascii() else 2
        if used > columns:
            return max(index, 1)
    return len(text)


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after in NOT_AT_START or (before.isdigit() and not after.isascii()):
        return False
    return not (before.isascii() and after.isascii()) or before == " " or after == " "
