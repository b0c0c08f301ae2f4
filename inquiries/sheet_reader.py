"""Reads a workbook in a process of its own: `python -m inquiries.sheet_reader` takes it on standard input.

A damaged .xls can make the library end its process or ask for a terabyte; so only this process ends.
Standard output is one JSON line for each sheet: its name, then its filled rows as [number, cells].
"""

import importlib
import io
import json
import sys

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

MEMORY = 1024**3
UNREADABLE = 1


def main() -> int:
    """0, or UNREADABLE for a damaged or locked workbook; the caller words the reason."""
    _limit_memory()
    data = sys.stdin.buffer.read()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for info in book.sheets_metadata:
            if info.typ is SheetTypeEnum.WorkSheet:
                print(json.dumps([info.name, _filled_rows(book, info.name)], default=str))
    except (CalamineError, ValueError, OSError, MemoryError):
        return UNREADABLE
    return 0


def _limit_memory() -> None:
    try:
        resource = importlib.import_module("resource")
    except ImportError:  # Windows knows no such limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _filled_rows(book: CalamineWorkbook, name: str) -> list[tuple[int, list[object]]]:
    """Numbers are those in the margin of Excel; a date cell becomes text such as 2026-01-05 09:30:00."""
    rows = enumerate(book.get_sheet_by_name(name).iter_rows(), start=1)
    return [(number, list(row)) for number, row in rows if any(cell != "" for cell in row)]


if __name__ == "__main__":
    sys.exit(main())
