"""What a sign of 128 x 16 dots can show: one line of 16 half-width cells, in the characters of GB 2312.

Signs hold a GB 2312 font and nothing else. A text that does not fit or holds another character is refused here, before
any byte is sent; whoever writes the sentence decides what to say instead.
"""

from enum import Enum

CELLS = 16
"""128 px at 8 px a cell: 8 hanzi or 16 letters (hardware note 1.5: 请A012号到3号窗口 is 136 px and does not fit)."""


class Colour(Enum):
    """The colours every two-colour sign has, with the escape that switches to them."""

    RED = b"\\C1"
    GREEN = b"\\C2"
    YELLOW = b"\\C3"


class SignTextError(ValueError):
    """A sign cannot show this text; says which character or by how much."""


def encode(text: str) -> bytes:
    """The bytes of a text for the sign's font, without colour. :class:`SignTextError` names the character it lacks."""
    return b"".join(_encode_character(character) for character in text)


def _encode_character(character: str) -> bytes:
    # A backslash opens an escape, and other bytes below 20 are no letters.
    if character.isascii():
        if character == "\\" or not character.isprintable():
            raise SignTextError(f"a sign cannot show {character!r}")
        return character.encode("ascii")
    try:
        raw = character.encode("gbk")
        # Python's gb2312 maps the middle dot and the dash to other characters than everyone else, so gbk encodes; but gbk
        # knows 14,000 characters more than the font, and only those that gb2312 decodes are in the font.
        raw.decode("gb2312")
    except UnicodeError:
        raise SignTextError(f"{character!r} (U+{ord(character):04X}) is not in GB 2312, the sign's font") from None
    return raw


def cells(text: str) -> int:
    """How wide a text is, in half-width cells of 8 px."""
    return len(encode(text))


def line(text: str, colour: Colour) -> bytes:
    """The text as it stands in an area, or :class:`SignTextError` if it does not fit on one line."""
    raw = encode(text)
    if len(raw) > CELLS:
        raise SignTextError(f"{text!r} is {len(raw) * 8} px wide, the sign has {CELLS * 8}")
    return colour.value + raw


def fits(text: str) -> bool:
    """Whether a sign can show this text on one line."""
    try:
        return cells(text) <= CELLS
    except SignTextError:
        return False
