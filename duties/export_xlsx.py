"""The ledger as an Excel file: frozen head, A4 landscape, heads on every page, text cells only."""

import io

import xlsxwriter

from duties.export_sheet import WIDTHS, Sheet, plain

A4 = 9
HEAD_ROWS = 3  # title, note, headings
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
BASE = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}


def to_xlsx(sheet: Sheet) -> bytes:
    """The file as bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    book.set_properties({"title": sheet.title, "author": "", "company": ""})
    page = book.add_worksheet("任务台账")
    _layout(page, len(sheet.headings), len(sheet.cells))
    last = len(sheet.headings) - 1
    title = book.add_format({"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"})
    note = book.add_format({"font_name": "宋体", "font_size": 10, "align": "right", "valign": "vcenter"})
    head = book.add_format(
        BASE | {"font_name": "黑体", "align": "center", "border": 1, "bg_color": "#EDEDED"}
    )
    body = book.add_format(BASE | {"border": 1, "valign": "top", "num_format": "@"})
    page.merge_range(0, 0, 0, last, plain(sheet.title), title)
    page.merge_range(1, 0, 1, last, plain(sheet.note), note)
    for column, words in enumerate(sheet.headings):
        page.write_string(2, column, words, head)
    for row, cells in enumerate(sheet.cells, start=HEAD_ROWS):
        for column, text in enumerate(cells):
            page.write_string(row, column, plain(text), body)
    book.close()
    return buffer.getvalue()


def _layout(page: xlsxwriter.worksheet.Worksheet, columns: int, rows: int) -> None:
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width)
    page.set_row(0, 28)
    page.set_row(2, 22)
    page.freeze_panes(HEAD_ROWS, 2)
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.repeat_rows(2)
    page.fit_to_pages(1, 0)
    page.set_footer("&C第 &P 页，共 &N 页")
    page.autofilter(2, 0, max(2 + rows, 2), columns - 1)
