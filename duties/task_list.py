"""A county's published task list of open government (政务公开工作任务清单), read from text or from Word.

Nothing is filled in: an empty lead cell gives no lead, and what cannot be told apart is refused.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from duties.task_list_cells import HEADING, Cells, Grid, NotATaskList, from_text
from duties.task_list_docx import from_docx
from duties.task_list_items import Item, measures
from duties.task_list_numbers import number_of, numeral_of

__all__ = ["Clause", "Item", "NotATaskList", "Row", "Section", "TaskList", "read", "read_docx", "read_text"]


@dataclass(frozen=True)
class Row:
    """One row of the table; the lead is empty where the cell is blank."""

    number: int
    lead: tuple[str, ...]
    responsible: tuple[str, ...]
    items: tuple[Item, ...]
    intro: str = ""


@dataclass(frozen=True)
class Section:
    """One task of the list with its rows."""

    number: int
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Clause:
    """One general requirement of the letter before the table."""

    number: int
    title: str
    text: str


@dataclass(frozen=True)
class TaskList:
    """The whole list; warnings say where the numbering of the publisher is odd."""

    title: str
    year: int
    sections: tuple[Section, ...]
    clauses: tuple[Clause, ...] = ()
    warnings: tuple[str, ...] = ()


_BLANK = {"", "/", "-", "—", "——", "无"}
_LONGEST_UNIT = 40
_LONGEST_CELL = 3000
_BETWEEN_UNITS = re.compile(r"[、，,；;\n](?![^（(]{0,40}[）)])")
_SIGNED = re.compile(
    r"[^\n]{0,30}[^。；：！？，、\n]"
)  # who signed, the date, the title: short lines without a stop
_YEAR = re.compile(r"(\d{4}|[〇○零一二三四五六七八九]{4})\s*年")
_YEAR_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def read(data: bytes) -> TaskList:
    """A file as an office sends it: .docx, or text in UTF-8, GB 18030 or UTF-16. Raises NotATaskList."""
    if data.startswith(b"PK"):
        return read_docx(data)
    if data.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise NotATaskList("这是旧版 Word 文档，请在 Word 中另存为 .docx 后再导入")
    if data.startswith(b"%PDF"):
        raise NotATaskList("这是 PDF 文件，请导入原来的 Word 文档（.docx）")
    return read_text(_decoded(data))


def read_text(text: str) -> TaskList:
    """The list as a text extractor exports it from Word. Raises NotATaskList."""
    return _built(from_text(text))


def read_docx(data: bytes) -> TaskList:
    """The list as a Word document. Raises NotATaskList."""
    return _built(from_docx(data))


def _decoded(data: bytes) -> str:
    marked = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotATaskList("文件不是文本也不是 Word 文档，编码应为 UTF-8、GB 18030 或 UTF-16")


def _built(grid: Grid) -> TaskList:
    title = _title(grid.letter)
    builder = _Sections()
    for cells in grid.rows:
        builder.add(cells)
    if not builder.sections:
        raise NotATaskList("表头下面没有任务")
    sections = tuple(Section(number, name, tuple(rows)) for number, name, rows in builder.sections)
    return TaskList(
        title, _year(title, grid.letter), sections, _clauses(grid.letter), tuple(builder.warnings)
    )


def _title(letter: tuple[str, ...]) -> str:
    lines = [re.sub(r"\s", "", line) for line in letter]
    named = [line for line in lines if line.endswith("清单")]
    if not named:
        raise NotATaskList("表格前面没有“××年……清单”这样的标题")
    return named[-1]


def _year(title: str, letter: tuple[str, ...]) -> int:
    for text in (title, *letter):
        for found in _YEAR.finditer(text):
            if 2000 <= (year := int(found[1].translate(_YEAR_DIGITS))) <= 2100:
                return year
    raise NotATaskList("看不出是哪一年的任务清单")


def _clauses(letter: tuple[str, ...]) -> tuple[Clause, ...]:
    """Each heading 一、 with its paragraphs, up to an empty line or the signature."""
    found: list[tuple[str, list[str]]] = []
    is_open = False
    for line in letter:
        heading = HEADING.fullmatch(line)
        if heading and number_of(heading[1]) == len(found) + 1:
            title, _, rest = heading[2].strip().partition("。")
            found.append((title, [rest] if rest else []))
            is_open = True
        elif is_open and line.strip() and not _SIGNED.fullmatch(line.strip()):
            found[-1][1].append(line.strip())
        elif is_open and (line.strip() or found[-1][1]):
            is_open = False
    return tuple(Clause(at, title, "\n".join(lines)) for at, (title, lines) in enumerate(found, 1))


class _Sections:
    """The sections as they grow, row by row."""

    def __init__(self) -> None:
        self.sections: list[tuple[int, str, list[Row]]] = []
        self.warnings: list[str] = []

    def add(self, cells: Cells) -> None:
        """One row of the table; an empty one is passed over."""
        name, *rest = cells
        if name.strip():
            self._open(name)
        if any(cell.strip() for cell in rest):
            self._row(*rest)

    def _open(self, name: str) -> None:
        found = HEADING.fullmatch(name)
        number = number_of(found[1]) if found else None
        if not found or not number:
            raise NotATaskList(f"第一栏“{_short(name)}”不是“一、……”样的任务名称，表格的栏对不上")
        last = self.sections[-1][0] if self.sections else 0
        if number <= last:
            raise NotATaskList(f"任务“{_short(name)}”的编号不在第{last}项之后，任务清单的编号有误")
        if number != last + 1:
            self.warnings.append(f"“{_short(name)}”之前缺少第{numeral_of(last + 1)}项")
        self.sections.append((number, re.sub(r"\s", "", found[2]), []))

    def _row(self, cell: str, lead: str, responsible: str) -> None:
        if not self.sections:
            raise NotATaskList("表格第一行没有任务名称")
        section, _, rows = self.sections[-1]
        at = f"第{numeral_of(section)}项第{len(rows) + 1}行"
        found = measures(cell)
        self.warnings += (f"{at}：{doubt}" for doubt in found.doubts)
        rows.append(Row(len(rows) + 1, _units(lead, at), _units(responsible, at), found.items, found.intro))


def _units(cell: str, at: str) -> tuple[str, ...]:
    """Names between 、 ， and line ends, but not inside brackets: 各乡镇（街道、园区） is one name."""
    if len(cell) > _LONGEST_CELL:
        raise NotATaskList(f"{at}：单位一栏有{len(cell)}字，表格的栏对不上")
    names = [re.sub(r"\s", "", name) for name in _BETWEEN_UNITS.split(cell)]
    for name in names:
        if len(name) > _LONGEST_UNIT or "。" in name:
            raise NotATaskList(f"{at}：“{_short(name)}”不像单位名称，表格的栏对不上")
    return tuple(name for name in names if name not in _BLANK)


def _short(text: str) -> str:
    flat = re.sub(r"\s+", " ", text.strip())
    return flat if len(flat) <= 20 else flat[:20] + "…"
