"""The sheet as an Excel workbook: one worksheet a department, A4 across, ready to print and sign."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from broker.timesheet.layout import Page, Row, pages
from broker.timesheet.month import Sheet
from words import text

_FACE = "宋体"
_EDGE = Side(style="thin", color="000000")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_REST = PatternFill("solid", fgColor="E7E6E6")
_LEFT_OF_DAYS = 3
_HEAD = 4
"""The row of the days; above it stand title, department and an empty line's worth of room."""


def as_xlsx(sheet: Sheet) -> bytes:
    """The workbook."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for page in pages(sheet):
        _fill(book.create_sheet(page.dept.partition(":")[2][:31]), page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(ws: Worksheet, page: Page) -> None:
    width = _LEFT_OF_DAYS + len(page.days) + len(page.totals)
    _line(ws, 1, page.title, width, Font(name=_FACE, size=16, bold=True), "center")
    _line(ws, 2, page.dept, width, Font(name=_FACE, size=11), "left")
    heads = [text(f"att.{one}").zh for one in ("no", "name", "staff")]
    for column, head in enumerate([*heads, *(f"{day}\n{weekday}" for day, weekday in page.days), *page.totals], 1):
        _cell(ws, _HEAD, column, head, bold=True)
    for place, row in enumerate(page.rows, _HEAD + 1):
        _person(ws, place, row)
    below = _HEAD + len(page.rows) + 1
    for offset, words in enumerate((page.legend, page.note, page.foot)):
        _line(ws, below + offset, words, width, Font(name=_FACE, size=9), "left")
    _line(ws, below + 4, ("　" * 8).join(page.signatures), width, Font(name=_FACE, size=11), "left")
    _shape(ws, page)


def _person(ws: Worksheet, place: int, row: Row) -> None:
    for column, value in enumerate((row.number, row.name, row.staff), 1):
        _cell(ws, place, column, value)
    rest = text("att.rest").zh
    for column, halves in enumerate(row.days, _LEFT_OF_DAYS + 1):
        _cell(ws, place, column, "\n".join(halves), is_rest=set(halves) == {rest})
    for column, value in enumerate(row.totals, _LEFT_OF_DAYS + len(row.days) + 1):
        _cell(ws, place, column, value)
    ws.row_dimensions[place].height = 28


def _cell(ws: Worksheet, row: int, column: int, value: str, *, bold: bool = False, is_rest: bool = False) -> None:  # noqa: PLR0913 -- a cell has all of these
    cell = ws.cell(row, column, value)
    cell.font = Font(name=_FACE, size=9, bold=bold)
    cell.alignment, cell.border = _MIDDLE, _BOX
    if is_rest:
        cell.fill = _REST


def _line(ws: Worksheet, row: int, words: str, width: int, font: Font, where: str) -> None:  # noqa: PLR0913, PLR0917 -- a line over the whole sheet
    ws.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    cell = ws.cell(row, 1, words)
    cell.font, cell.alignment = font, Alignment(horizontal=where, vertical="center", wrap_text=True)
    ws.row_dimensions[row].height = max(16, 1.6 * float(font.size) * (1 + len(words) // 120))


def _shape(ws: Worksheet, page: Page) -> None:
    widths = [5, 9, 8, *([4.2] * len(page.days)), *([7.5] * len(page.totals))]
    for column, width in enumerate(widths, 1):
        ws.column_dimensions[get_column_letter(column)].width = width
    ws.row_dimensions[_HEAD].height = 32
    ws.freeze_panes = f"{get_column_letter(_LEFT_OF_DAYS + 1)}{_HEAD + 1}"
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", ws.PAPERSIZE_A4
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.print_title_rows = f"{_HEAD}:{_HEAD}"
