"""Made-up sheets for the import tests, and ways to damage them."""

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from openpyxl import Workbook

HEAD = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
SHEET_PART = "xl/worksheets/sheet1.xml"


def row(
    number: object = 101,
    *,
    title: str = "路灯不亮",
    received: object = "2026/9/1 9:30:00",
    answer: str = "已修好。",
    told: object = "2026/9/4 16:00:00",
) -> tuple[object, ...]:
    """One message; 1 September 2026 is a Tuesday, so the fifth working day is Tuesday the 8th."""
    return (number, "莫女士", title, received, "\n\t\t\t\t\n\t\t门前路灯三天不亮。\n\n\t请修。", answer, told)


def xlsx(
    path: Path, rows: Sequence[Sequence[object]], *, head: Sequence[str] = HEAD, above: Sequence[str] = ()
) -> Path:
    """A workbook with title rows above the header, each merged over the whole width."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "留言"
    for place, words in enumerate(above, start=1):
        sheet.cell(place, 1, words)
        sheet.merge_cells(start_row=place, end_row=place, start_column=1, end_column=len(head))
    for place, cells in enumerate([head, *rows], start=len(above) + 1):
        for column, value in enumerate(cells, start=1):
            sheet.cell(place, column, value)
    book.save(path)
    return path


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one of its parts rewritten."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
