"""Writes tables as a workbook (XLSX), row by row: a large network needs no more memory."""

from collections.abc import Iterable
from io import BytesIO

from xlsxwriter import Workbook

from server.report.published.long_tables import Table

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write_workbook(tables: Iterable[Table], *, title: str) -> bytes:
    """Write each table on a sheet of its own; text is never a formula."""
    out = BytesIO()
    book = Workbook(out, _OPTIONS)
    book.set_properties({"title": title, "author": "Kaikukanta"})
    head, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format()
    text.set_text_wrap()
    text.set_align("top")
    whole, tenths = (book.add_format({"num_format": form}) for form in ("# ##0", "0.0"))
    for table in tables:
        sheet = book.add_worksheet(table.name)
        for column, width in enumerate(table.widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        for column, words in enumerate(table.head):
            sheet.write_string(0, column, words, head)
        for at, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(at, column, cell, text)
                else:
                    form = tenths if isinstance(cell, float) else whole
                    sheet.write_number(at, column, cell, form)
    book.close()
    return out.getvalue()
