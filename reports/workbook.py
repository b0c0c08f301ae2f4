"""A score sheet as an Excel workbook: the table, then the definitions; every cell is text, nothing is reckoned."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from reports.sheet import Sheet
from reports.table import Cells, head, notes, rows
from reports.words import moment_words

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDE, NARROW = 18, 11
A4 = 9


def workbook(sheet: Sheet, title: str) -> bytes:
    """The bytes of the file. `title` says which count this is: as of now, or which frozen edition."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "vcenter"})
    text = book.add_format({"border": 1, "num_format": "@"})
    wrapped = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    table = book.add_worksheet("考核得分表")
    table.set_landscape()
    _page(table)
    table.write_string(0, 0, f"{title}　截至{moment_words(sheet.cut_off)}")
    _write(table, 1, [head(sheet)], bold)
    _write(table, 2, rows(sheet), text)
    table.set_column(0, 0, WIDE)
    table.set_column(1, len(head(sheet)) - 1, NARROW)
    table.freeze_panes(2, 1)
    table.repeat_rows(1)
    told = book.add_worksheet("口径")
    _page(told)
    _write(told, 0, notes(sheet), wrapped)
    told.set_column(0, 0, WIDE + NARROW)
    told.set_column(1, 1, 90)
    book.close()
    return out.getvalue()


def _page(one: Any) -> None:
    one.set_paper(A4)
    one.fit_to_pages(1, 0)


def _write(one: Any, first: int, lines: Sequence[Cells], shape: Any) -> None:
    for down, cells in enumerate(lines, first):
        for across, cell in enumerate(cells):
            one.write_string(down, across, cell, shape)
