"""The sheet as pages to print and sign: A4 across, one department a page, in the simplified-Chinese face."""

import importlib.util
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from broker.timesheet.layout import Page, Row, pages
from broker.timesheet.month import Sheet
from words import text

_FACES = (Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"), Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"))
_PIP_PACKAGE, _PIP_FACE = "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"
_WIDTH_MM = 277.0
_NAMES_MM = (7.0, 15.0, 11.0)
_TOTAL_MM = 11.5
_ROW_MM, _HEAD_MM = 7.6, 9.0
_BOTTOM_MM = 190.0


class NoFaceError(LookupError):
    """No simplified-Chinese font is installed; the message says what to install."""


def face() -> Path:
    """The font the pages are set in. Raises :class:`NoFaceError`."""
    found = next((path for path in _FACES if path.exists()), None)
    package = importlib.util.find_spec(_PIP_PACKAGE)
    if found is None and package is not None and package.origin is not None:
        found = Path(package.origin).with_name(_PIP_FACE)
    if found is None:
        raise NoFaceError("no simplified-Chinese font: install Debian's fonts-wqy-microhei or pip's hallworks[fonts]")
    return found


def as_pdf(sheet: Sheet) -> bytes:
    """The pages."""
    pdf = FPDF(orientation="L", format="A4")
    pdf.set_margins(10, 10)
    pdf.set_auto_page_break(auto=False)
    pdf.add_font("sc", fname=str(face()))
    pdf.set_creation_date(datetime.fromtimestamp(sheet.made_at / 1000, UTC))  # the hall clock: same sheet, same bytes
    for page in pages(sheet):
        _department(pdf, page)
    return bytes(pdf.output())


def _department(pdf: FPDF, page: Page) -> None:
    _begin(pdf, page)
    for row in page.rows:
        if pdf.get_y() + _ROW_MM > _BOTTOM_MM - 30:
            _begin(pdf, page)
        _person(pdf, page, row)
    pdf.set_y(pdf.get_y() + 2)
    for words in (page.legend, page.note, page.foot):
        pdf.set_font("sc", size=8)
        pdf.multi_cell(_WIDTH_MM, 4.5, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_y(pdf.get_y() + 6)
    pdf.set_font("sc", size=11)
    for words in page.signatures:
        pdf.cell(_WIDTH_MM / len(page.signatures), 8, words)


def _begin(pdf: FPDF, page: Page) -> None:
    pdf.add_page()
    pdf.set_font("sc", size=16)
    pdf.cell(_WIDTH_MM, 9, page.title, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_font("sc", size=11)
    pdf.cell(_WIDTH_MM, 7, page.dept, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    heads: list[tuple[str, ...]] = [(text(f"att.{one}").zh,) for one in ("no", "name", "staff")]
    heads += [*page.days, *(_in_two(one) for one in page.totals)]
    _cells(pdf, heads, _widths(page), _HEAD_MM, size=7)


def _in_two(head: str) -> tuple[str, ...]:
    """``迟到(次/分)`` over two lines."""
    name, bracket, unit = head.partition("(")
    return (name, bracket + unit) if bracket else (head,)


def _person(pdf: FPDF, page: Page, row: Row) -> None:
    cells: list[tuple[str, ...]] = [(row.number,), (row.name,), (row.staff,), *row.days, *((one,) for one in row.totals)]
    _cells(pdf, cells, _widths(page), _ROW_MM, size=8)


def _widths(page: Page) -> list[float]:
    day = (_WIDTH_MM - sum(_NAMES_MM) - _TOTAL_MM * len(page.totals)) / len(page.days)
    return [*_NAMES_MM, *([day] * len(page.days)), *([_TOTAL_MM] * len(page.totals))]


def _cells(pdf: FPDF, cells: list[tuple[str, ...]], widths: list[float], height: float, *, size: int) -> None:
    """A row of boxes, each with one line of text in its middle or two above each other; text too wide is set smaller."""
    x, y = pdf.l_margin, pdf.get_y()
    for lines, width in zip(cells, widths, strict=True):
        pdf.rect(x, y, width, height)
        each = height / len(lines)
        for place, words in enumerate(lines):
            _fit(pdf, words, width - 0.6, size)
            pdf.set_xy(x, y + place * each)
            pdf.cell(width, each, words, align="C")
        x += width
    pdf.set_xy(pdf.l_margin, y + height)


def _fit(pdf: FPDF, words: str, width: float, size: int) -> None:
    pdf.set_font("sc", size=size)
    wide = pdf.get_string_width(words)
    if wide > width:
        pdf.set_font("sc", size=size * width / wide)
