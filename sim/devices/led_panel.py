"""Draws a picture of an LED panel from its dots: round lamps on a dark board, lit or not."""

from functools import lru_cache

from PIL import Image, ImageDraw

DOT = 6
"""Pixels from one lamp to the next."""
_BOARD = (14, 14, 16)
_UNLIT = (38, 34, 34)
_RED, _GREEN, _BLUE = (255, 45, 30), (45, 235, 70), (60, 110, 255)


def _light(bits: int, strength: float) -> tuple[int, int, int]:
    if not bits:
        return _UNLIT
    lamps = [lamp for bit, lamp in ((1, _RED), (2, _GREEN), (4, _BLUE)) if bits & bit]
    red, green, blue = (max(dark, round(strength * max(light))) for dark, *light in zip(_UNLIT, *lamps, strict=True))
    return red, green, blue


@lru_cache
def _lamp(bits: int, strength: float) -> Image.Image:
    lamp = Image.new("RGB", (DOT, DOT), _BOARD)
    ImageDraw.Draw(lamp).ellipse((0, 0, DOT - 2, DOT - 2), fill=_light(bits, strength))
    return lamp


def light_up(dots: Image.Image, strength: float = 1.0) -> Image.Image:
    """The picture of a panel whose pixel values are red, green and blue bits; ``strength`` from 0 to 1."""
    picture = Image.new("RGB", (dots.width * DOT, dots.height * DOT), _BOARD)
    for at, bits in enumerate(dots.tobytes()):
        picture.paste(_lamp(bits, strength), (at % dots.width * DOT, at // dots.width * DOT))
    return picture
