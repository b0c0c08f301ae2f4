"""The published text as a letter and a table of four columns.

A text extractor made it from Word: a tab before each cell, an empty line after each row, a cell's paragraphs as lines.
A heading may stand in a row of its own, merged over the whole width.
"""

import re
from dataclasses import dataclass

from duties.task_list_numbers import NUMERALS

LONGEST = 100_000
"""Characters. The list of 2021 has 12,000."""

HEADING = re.compile(rf"\s*([{NUMERALS}]{{1,3}})\s*、\s*(\S.*)", re.DOTALL)
Cells = tuple[str, str, str, str]

_HEADER = ("任务", "举措|措施|内容", "牵头", "责任")
_NOISE = re.compile(r"\[(?:bookmark|image):[^\]\n]{0,200}\]|[\x00-\x08\x0e-\x1f\x7f\ufeff]")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CELL = re.compile(r"^[^\S\t\n]*\t", re.MULTILINE)


class NotATaskList(ValueError):
    """The file or text is no task list that can be relied on; says in Chinese what was missed."""


@dataclass(frozen=True)
class Grid:
    """The lines before the table, and the rows below its head."""

    letter: tuple[str, ...]
    rows: tuple[Cells, ...]


def from_text(text: str) -> Grid:
    """Raises NotATaskList where the cells do not make rows of four."""
    if len(text) > LONGEST:
        raise NotATaskList(f"全文有{len(text)}字，超过{LONGEST}字，请只导入任务清单本身")
    before, *cells = _CELL.split(clean(text))
    head = next((at for at in range(len(cells) - 3) if is_header(cells[at : at + 4])), None)
    if head is None:
        raise no_header()
    letter = "\n".join([before, *cells[:head]])
    return Grid(tuple(letter.split("\n")), tuple(_rows(cells[head + 4 :])))


def clean(text: str) -> str:
    """One kind of line end; no marks of bookmarks, no control characters."""
    return _NOISE.sub("", _LINE_END.sub("\n", text))


def is_header(cells: list[str]) -> bool:
    """Four short cells: task, measures, lead, responsible."""
    names = [re.sub(r"\s", "", cell) for cell in cells]
    return len(names) == 4 and all(
        len(name) <= 12 and re.search(wanted, name) for name, wanted in zip(names, _HEADER, strict=True)
    )


def no_header() -> NotATaskList:
    """The refusal both readers use."""
    return NotATaskList("没有找到“工作任务、贯彻举措、牵头单位、责任单位”四栏的表头，这不是任务清单")


def _rows(cells: list[str]) -> list[Cells]:
    rows: list[Cells] = []
    at = 0
    while at < len(cells):
        if _stands_alone(cells, at):
            rows.append((cells[at], "", "", ""))
            at += 1
            continue
        row = cells[at : at + 4]
        at += 4
        if len(row) < 4:
            raise NotATaskList("表格最后一行不足四栏，任务清单不完整")
        if at >= len(cells):
            row[3] = _until_empty_line(row[3])
        if not is_header(row):  # the head is repeated on each page
            rows.append((row[0], row[1], row[2], row[3]))
    return rows


def _stands_alone(cells: list[str], at: int) -> bool:
    """A heading over the whole width: what follows is the next row, not its measures."""
    if not HEADING.match(cells[at]):
        return False
    following = cells[at + 1 : at + 2]
    if not following or HEADING.match(following[0]):
        return True
    return cells[at].endswith("\n\n") and not following[0].strip()


def _until_empty_line(cell: str) -> str:
    """The last cell of the table without what stands below the table."""
    return re.split(r"\n\s*\n", cell.strip(), maxsplit=1)[0]
