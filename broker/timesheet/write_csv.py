"""The sheet as one list for a spreadsheet or another program: UTF-8 with a mark, so that Excel reads the Chinese."""

import csv
import io

from broker.timesheet.layout import pages
from broker.timesheet.month import Sheet
from words import text


def as_csv(sheet: Sheet) -> bytes:
    """All departments one after the other, a line a person, a column a day: ``√/迟`` is morning and afternoon."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    made = pages(sheet)
    heads = [text(f"att.{one}").zh for one in ("no", "name", "staff")]
    for page in made[:1]:
        writer.writerow([page.dept.partition(":")[0], *heads, *(day for day, _ in page.days), *page.totals])
    for page in made:
        for row in page.rows:
            days = ["/".join(halves) for halves in row.days]
            writer.writerow([page.dept.partition(":")[2], row.number, row.name, row.staff, *days, *row.totals])
    for page in made[:1]:
        writer.writerow([page.legend])
        writer.writerow([page.foot])
    return out.getvalue().encode("utf-8-sig")
