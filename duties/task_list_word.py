"""The paragraphs and tables of a Word document's main part, by a parser that follows no reference."""

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from duties.task_list_cells import NotATaskList

MAX_CELLS = 20_000
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"


@dataclass(frozen=True)
class Paragraph:
    """Its words; `is_numbered` where Word itself puts a number in front."""

    text: str
    is_numbered: bool = False


@dataclass
class Cell:
    """`continues`: merged with the cell above."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    span: int = 1
    continues: bool = False

    @property
    def text(self) -> str:
        """The paragraphs as lines."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


Table = list[list[Cell]]


def blocks(content: bytes) -> list[Paragraph | Table]:
    """In the order of the document. Raises NotATaskList."""
    reader, parser = _Reader(), expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as fault:
        if isinstance(fault, NotATaskList):
            raise
        raise NotATaskList("文件内容已损坏，请在 Word 中打开另存为 .docx 后再导入") from fault
    return reader.blocks


def _no_doctype(*_: object) -> None:
    raise NotATaskList("文件含有不应出现的文档类型声明，为安全起见不予导入")


class _Reader:
    """Writes down what the parser passes; a table inside a cell is text of that cell."""

    def __init__(self) -> None:
        self.blocks: list[Paragraph | Table] = []
        self.depth = self.skipped = self.cells = 0
        self.run: list[str] = []
        self.is_numbered = self.in_text = False
        self.starts: dict[str, Callable[[str], None]] = {
            "tbl": self._table,
            "tr": self._row,
            "tc": self._cell,
            "p": self._paragraph,
            "t": self._text,
            "tab": lambda _: self.run.append(" "),
            "br": lambda _: self.run.append("\n"),
            "cr": lambda _: self.run.append("\n"),
            "numId": self._number,
            "gridSpan": self._span,
            "vMerge": self._merge,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = _kind(name)
        if self.skipped or name == _FALLBACK or kind == "moveFrom":
            self.skipped += 1  # a second copy of words that stand elsewhere
        elif kind in self.starts:
            self.starts[kind](next((text for key, text in attributes.items() if _kind(key) == "val"), ""))

    def end(self, name: str) -> None:
        kind = _kind(name)
        if self.skipped:
            self.skipped -= 1
        elif kind == "t":
            self.in_text = False
        elif kind == "p":
            self._end_paragraph()
        elif kind == "tbl":
            self.depth -= 1

    def words(self, text: str) -> None:
        if self.in_text and not self.skipped:
            self.run.append(text)

    def _table(self, _: str) -> None:
        self.depth += 1
        if self.depth == 1:
            self.blocks.append([])

    def _row(self, _: str) -> None:
        if self.depth == 1:
            self._last_table().append([])

    def _cell(self, _: str) -> None:
        self.cells += 1
        if self.cells > MAX_CELLS:
            raise NotATaskList("表格过大，请只导入任务清单本身")
        if self.depth == 1 and self._last_table():
            self._last_table()[-1].append(Cell())

    def _paragraph(self, _: str) -> None:
        self.is_numbered = False

    def _text(self, _: str) -> None:
        self.in_text = True

    def _number(self, value: str) -> None:
        self.is_numbered = value != "0"  # 0 takes a style's numbering away

    def _span(self, value: str) -> None:
        if (cell := self._open_cell()) and self.depth == 1 and value.isdecimal() and len(value) <= 2:
            cell.span = max(1, int(value))

    def _merge(self, value: str) -> None:
        if (cell := self._open_cell()) and self.depth == 1:
            cell.continues = value != "restart"

    def _end_paragraph(self) -> None:
        paragraph = Paragraph("".join(self.run), self.is_numbered)
        self.run.clear()
        self.is_numbered = False
        if not self.depth:
            self.blocks.append(paragraph)
        elif cell := self._open_cell():
            cell.paragraphs.append(paragraph)

    def _open_cell(self) -> Cell | None:
        rows = self._last_table()
        return rows[-1][-1] if rows and rows[-1] else None

    def _last_table(self) -> Table:
        """The open table; an empty one where a damaged file has rows outside any."""
        last = self.blocks[-1] if self.blocks else []
        return last if isinstance(last, list) else []


def _kind(name: str) -> str:
    """The local name of an element or attribute of Word; empty for the words of drawings and formulas."""
    space, _, local = name.rpartition(" ")
    return local if space in _WORD else ""
