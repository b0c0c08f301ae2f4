"""Rows of an .xlsx, .xls or .csv, whatever its name says, with the row numbers that the user sees."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from inquiries.sheet_guard import MAX_FILE, SheetError, repacked

Cell = int | float | str | bool | time | date | datetime | timedelta
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Sheet:
    """One table: numbered rows without the blank ones; a row's number is the one in the margin of Excel."""

    name: str
    rows: list[tuple[int, list[Cell]]]


def sheets_of(path: Path) -> Iterator[Sheet]:
    """Every worksheet of the file, hidden ones too. Raises SheetError."""
    if path.stat().st_size > MAX_FILE:
        raise SheetError(f"文件超过{MAX_FILE // 1024 // 1024}MB，请分成几个文件导入")
    data = path.read_bytes()
    if data[:4] == ZIP:
        return _workbook(repacked(data))
    if data[:4] == OLE:
        if ENCRYPTED in data:
            raise SheetError("文件设有打开密码，请在 Excel 中取消密码另存后再导入")
        return _workbook(data)
    return iter([Sheet(path.name, _numbered(_csv_rows(_text(data))))])


def _workbook(data: bytes) -> Iterator[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for info in book.sheets_metadata:
            if info.typ is SheetTypeEnum.WorkSheet:
                yield Sheet(info.name, _numbered(_sheet_rows(book.get_sheet_by_name(info.name))))
    except (CalamineError, ValueError, OSError) as fault:
        raise SheetError("文件已损坏或设有密码，请在 Excel 中打开另存为 .xlsx 后再导入") from fault


def _sheet_rows(sheet: CalamineSheet) -> Iterator[list[Cell]]:
    return iter(sheet.iter_rows())


def _numbered(rows: Iterator[list[Cell]]) -> list[tuple[int, list[Cell]]]:
    return [(number, row) for number, row in enumerate(rows, start=1) if any(map(_filled, row))]


def _filled(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else True


def _text(data: bytes) -> str:
    """UTF-8 with or without its mark, else GB18030, which is what Excel in China writes."""
    if b"\0" in data:
        raise SheetError("这不是 Excel 或 CSV 文件，请在 Excel 中打开另存为 .xlsx 后再导入")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return _plain(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise SheetError("读不出文件中的文字，请另存为 .xlsx 或 UTF-8 编码的 CSV 后再导入")


def _plain(text: str) -> str:
    """Many systems export a web page under the name .xls."""
    if text.lstrip()[:1] == "<":
        raise SheetError("这是网页格式的文件，请在 Excel 中打开另存为 .xlsx 后再导入")
    if not text.strip():
        raise SheetError("文件是空的")
    return text


def _csv_rows(text: str) -> Iterator[list[Cell]]:
    first = "".join(islice(io.StringIO(text), 1))
    delimiter = "\t" if "\t" in first and "," not in first else ","
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield list(row)
    except csv.Error as fault:
        raise SheetError("CSV 文件的格式有误，请在 Excel 中打开另存为 .xlsx 后再导入") from fault
