"""What is said and written about a counter: pure functions from the public state to sentences of ``words``."""

from contracts.messages import CounterBoard
from contracts.values import CounterId
from words import text

DIGITS = dict(zip(map(ord, "0123456789-"), "零一二三四五六七八九杠", strict=True))
"""How a ticket number is read: digit by digit, 1 as 一 (words 3.3.5)."""
SILENT = frozenset(",，。 ")


def window(counter: CounterId) -> str:
    """What citizens call a counter: ``W02`` is 2."""
    digits = "".join(character for character in counter if character in "0123456789")
    return str(int(digits)) if digits else counter


def spelt(ticket_no: str) -> str:
    """A ticket number as it is read: ``A2-03`` is A二杠零三."""
    return ticket_no.translate(DIGITS)


def cardinal(number: int) -> str:
    """A number up to 999 as it is read in a sentence: 12 is 十二, 20 二十, 105 一百零五. Larger ones are spelt."""
    if not 0 <= number <= 999:  # noqa: PLR2004 -- 百 is the largest unit in the clip bank
        return spelt(str(number))
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = f"{spelt(str(hundreds))}百" if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else spelt(str(tens))) + "十"
    elif hundreds and ones:
        words += "零"
    return words + (spelt(str(ones)) if ones or not words else "")


def announcement_key(board: CounterBoard) -> str:
    """Which announcement this is on the board: the first call, a repeated one, or the last before a no-show."""
    if board.last:
        return "last"
    return "call" if board.announcement <= 1 else "recall"


def announcement(board: CounterBoard, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """The clips that call this counter's ticket, in order; one that has been elsewhere before is called to continue."""
    key = announcement_key(board)
    if key == "call" and board.continued:
        key = "transfer"
    return clips(text(f"voice.{key}").zh.format(no=spelt(board.ticket or ""), w=place(board.counter)), vocabulary)


def place(counter: CounterId) -> str:
    """A counter as it is read: ``W12`` is 十二."""
    number = window(counter)
    return cardinal(int(number)) if number.isdigit() else spelt(number)


def time_of_day(hour: int, minute: int) -> str:
    """A time as it is read: 13:30 is 十三点三十分, 14:05 十四点零五分, 12:00 十二点."""
    if minute == 0:
        return text("voice.time.hour").zh.format(h=cardinal(hour))
    minutes = cardinal(minute) if minute >= 10 else f"零{cardinal(minute)}"  # noqa: PLR2004 -- one digit, read with its zero
    return text("voice.time").zh.format(h=cardinal(hour), m=minutes)


def group_name(name: str, letter: str, vocabulary: frozenset[str]) -> str:
    """A queue group as it can be said: its name if that was recorded, else the letter of its numbers."""
    return name if name in vocabulary else letter


def clips(sentence: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """A sentence cut into the longest clips there are; a character without a clip stands for itself and will be refused."""
    if sentence in vocabulary:
        return (sentence,)
    found: list[str] = []
    rest = sentence
    while rest:
        piece = next((rest[:end] for end in range(len(rest), 1, -1) if rest[:end] in vocabulary), rest[0])
        if piece not in SILENT:
            found.append(piece)
        rest = rest[len(piece) :]
    return tuple(found)
