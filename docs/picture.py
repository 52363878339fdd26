"""Puts the pictures of the last ``make demo`` together into docs/pictures/hall.png, the picture of the README.

Run it with the project's Python after ``make demo``: what the simulated devices drew from their bytes.
"""

from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "build" / "demo"
MARGIN = 24
GAP = 18
BACKGROUND = (232, 232, 228)


def fitted(path: Path, width: int) -> Image.Image:
    """A picture at this width."""
    image = Image.open(path).convert("RGB")
    return image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)


def main() -> None:
    """Ticket on the left; counter signs, ticket machine and clock lines on the right."""
    ticket = Image.open(sorted(DEMO.glob("ticket-*.png"))[2]).convert("RGB")
    names = [*sorted(DEMO.glob("sign-*-half-time.png")), DEMO / "text-TM-01.png", DEMO / "text-TRM-W02.png"]
    lines = [fitted(path, 576) for path in names]
    height = max(ticket.height, sum(line.height + GAP for line in lines) - GAP)
    picture = Image.new("RGB", (3 * MARGIN + ticket.width + 576, height + 2 * MARGIN), BACKGROUND)
    picture.paste(ticket, (MARGIN, MARGIN))
    top = MARGIN
    for line in lines:
        picture.paste(line, (2 * MARGIN + ticket.width, top))
        top += line.height + GAP
    (ROOT / "docs" / "pictures").mkdir(exist_ok=True)
    picture.save(ROOT / "docs" / "pictures" / "hall.png", optimize=True)


if __name__ == "__main__":
    main()
