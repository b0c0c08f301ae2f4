"""Rows of an .xlsx, .xls or .csv, whatever its name says, with the row numbers that the user sees."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from core.config import ROOT
from inquiries.sheet_guard import MAX_FILE, SheetError, repacked

Cell = str | int | float | bool  # a date cell is text such as 2026-01-05 09:30:00
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SECONDS = 60
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Sheet:
    """One table: numbered rows without the blank ones; a row's number is the one in the margin of Excel."""

    name: str
    rows: list[tuple[int, list[Cell]]]


def sheets_of(path: Path) -> list[Sheet]:
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
    return [Sheet(path.name, _filled(enumerate(_csv_rows(_text(data)), start=1)))]


def _workbook(data: bytes) -> list[Sheet]:
    command = [sys.executable, "-m", "inquiries.sheet_reader"]
    try:
        # our own module; the file goes in on standard input
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS
        )
    except subprocess.TimeoutExpired as fault:
        raise SheetError("文件过于复杂，一分钟内没有读完，请分成几个文件导入") from fault
    if done.returncode != 0:
        raise SheetError("文件已损坏、设有密码或范围过大，请在 Excel 中打开另存为 .xlsx 后再导入")
    tables = map(json.loads, done.stdout.splitlines())
    return [Sheet(name, _filled((number, cells) for number, cells in rows)) for name, rows in tables]


def _filled(rows: Iterable[tuple[int, list[Cell]]]) -> list[tuple[int, list[Cell]]]:
    return [(number, cells) for number, cells in rows if any(str(cell).strip() for cell in cells)]


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
