"""A Word document as the same letter and table.

What is merged down the unit columns belongs to each row it covers. Numbers that Word puts in front by itself are no
text in the file: they are counted here, anew in each cell, and down the first column.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import accumulate
from lzma import LZMAError

from duties.task_list_cells import LONGEST, Cells, Grid, NotATaskList, clean, is_header, no_header
from duties.task_list_numbers import NUMERALS, numeral_of
from duties.task_list_word import Cell, Paragraph, Table, blocks

MEGABYTE = 1024 * 1024
MAX_FILE = 20 * MEGABYTE
MAX_UNPACKED = 30 * MEGABYTE
MAX_RATIO = 100  # Word packs its text 10 to 30 times; small files of equal rows more, so only above 1 MB
MAX_ENTRIES = 2000

_MAIN = re.compile(r"word/document\d{0,3}\.xml")
_TYPED = re.compile(rf"\s*(?:\d+\s*[.．、]|[（(][\d{NUMERALS}]|[{NUMERALS}]+\s*、)")


def from_docx(data: bytes) -> Grid:
    """Raises NotATaskList for a foreign, damaged or hostile file too."""
    return _grid(blocks(_main_part(data)))


def _main_part(data: bytes) -> bytes:
    if len(data) > MAX_FILE:
        raise NotATaskList(f"文件超过{MAX_FILE // MEGABYTE}MB，请只导入任务清单本身")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(_checked(archive.infolist()))
    except (zipfile.BadZipFile, zlib.error, LZMAError, RuntimeError, EOFError, OSError, ValueError) as fault:
        if isinstance(fault, NotATaskList):
            raise
        raise NotATaskList("文件已损坏或有密码，请在 Word 中打开另存为 .docx 后再导入") from fault


def _checked(entries: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """The main part, unless it is a bomb: Python's reader stops at the stated size, so nothing swells beyond it."""
    if len(entries) > MAX_ENTRIES:
        raise NotATaskList("文件的内部部件过多，为安全起见不予导入")
    found = [entry for entry in entries if _MAIN.fullmatch(entry.filename)]
    if len(found) != 1:
        raise NotATaskList("这不是 Word 文档（.docx），请在 Word 中打开另存为 .docx 后再导入")
    size, packed = found[0].file_size, found[0].compress_size
    if size > MAX_UNPACKED or (size > MEGABYTE and size > MAX_RATIO * packed):
        raise NotATaskList("文件解压后过大，可能是压缩炸弹，为安全起见不予导入")
    return found[0]


def _grid(found: list[Paragraph | Table]) -> Grid:
    """Tables before the head are part of the letter; later ones without its columns are not part of the list."""
    letter: list[str] = []
    rows: list[Cells] = []
    has_head = False
    for block in found:
        if isinstance(block, list):
            head = _head(block)
            if head is not None:
                letter += () if has_head else _lines(block[:head])
                has_head = True
                rows += _rows(block[head + 1 :], _columns(block[head]))
            elif not has_head:
                letter += _lines(block)
            elif all(len(row) == 4 for row in block):
                rows += _rows(block, range(4))
        elif not has_head:
            letter += block.text.split("\n")
    if not has_head:
        raise no_header()
    return _checked_length(Grid(tuple(clean(line) for line in letter), tuple(rows)))


def _checked_length(grid: Grid) -> Grid:
    length = sum(map(len, grid.letter)) + sum(len(cell) for row in grid.rows for cell in row)
    if length > LONGEST:
        raise NotATaskList(f"全文有{length}字，超过{LONGEST}字，请只导入任务清单本身")
    return grid


def _head(table: Table) -> int | None:
    return next((at for at, row in enumerate(table) if is_header([cell.text for cell in row])), None)


def _lines(table: Table) -> list[str]:
    return [line for row in table for cell in row for line in cell.text.split("\n")]


def _columns(head: list[Cell]) -> list[int]:
    """Where the four columns begin in the grid of the table."""
    return list(accumulate((cell.span for cell in head[:-1]), initial=0))


def _rows(table: Table, columns: range | list[int]) -> Iterator[Cells]:
    lead = responsible = ""
    tasks = 0
    for row in table:
        cells = _placed(row, columns)
        if is_header([cell.text for cell in cells]):
            continue
        task = _task(cells[0], tasks + 1)
        tasks += bool(task.strip())
        lead = lead if cells[2].continues else clean(cells[2].text)
        responsible = responsible if cells[3].continues else clean(cells[3].text)
        yield task, _measures(cells[1]), lead, responsible


def _placed(row: list[Cell], columns: range | list[int]) -> list[Cell]:
    """Four cells. One that covers several columns stands in the last of them: words for lead and responsible alike
    name no lead. A row of one cell is a heading.
    """
    if len(row) == 4:
        return row
    placed = [Cell() for _ in range(4)]
    if len(row) == 1:
        return [row[0], *placed[1:]]
    begins = accumulate((cell.span for cell in row), initial=0)
    for cell, begin in zip(row, begins, strict=False):
        covered = [at for at, column in enumerate(columns) if begin <= column < begin + cell.span]
        if covered:
            placed[covered[-1]] = cell
    return placed


def _task(cell: Cell, number: int) -> str:
    is_counted = any(paragraph.is_numbered for paragraph in cell.paragraphs)
    text = clean(cell.text)
    return f"{numeral_of(number)}、{text}" if is_counted and not _TYPED.match(text) else text


def _measures(cell: Cell) -> str:
    lines: list[str] = []
    number = 0
    for paragraph in cell.paragraphs:
        if paragraph.is_numbered and paragraph.text.strip() and not _TYPED.match(paragraph.text):
            number += 1
            lines.append(f"{number}. {clean(paragraph.text)}")
        else:
            lines.append(clean(paragraph.text))
    return "\n".join(lines)
