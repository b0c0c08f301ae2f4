"""Keeps a hostile or damaged workbook from the reader: size, bombs, far cells, foreign kinds of file.

What passes is packed anew from the bytes that were checked: the reader sees the file that we saw.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from xml.parsers import expat

MEGABYTE = 1024 * 1024
MAX_FILE = 20 * MEGABYTE
MAX_UNPACKED = 100 * MEGABYTE
MAX_RATIO = 100  # a bomb measured 763; small files of equal rows pack well too, so only above 1 MB
MAX_ENTRIES = 200
MAX_CELLS = 3_000_000  # the reader holds the whole rectangle, 32 bytes for each cell
DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class SheetError(ValueError):
    """The file cannot be read; says in Chinese why and what to do."""


@dataclass
class _Extent:
    """The rectangle of the filled cells of one sheet, written down as the parser passes them."""

    row: int = 0
    column: int = 0
    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "row":
            self.row, self.column = _number(attributes.get("r"), self.row + 1), 0
        elif kind == "c":
            self._cell(attributes.get("r", ""))
        elif kind in {"v", "is"} and self.row:
            self._grow()

    def _cell(self, reference: str) -> None:
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            self.column += 1
        else:
            self.column, self.row = _column(found[1]), int(found[2])

    def _grow(self) -> None:
        self.top, self.left = min(self.top or self.row, self.row), min(self.left or self.column, self.column)
        self.bottom, self.right = max(self.bottom, self.row), max(self.right, self.column)
        if (self.bottom - self.top + 1) * (self.right - self.left + 1) > MAX_CELLS:
            raise SheetError(
                f"表格范围过大（用到了第{self.bottom}行、第{self.right}列），"
                "请删去远处多余的单元格后另存再导入"
            )


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else otherwise


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def repacked(data: bytes) -> bytes:
    """The parts of an .xlsx that carry cells, checked and packed anew. Raises SheetError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive)
            return _repack(archive)
    except DAMAGE as fault:
        if isinstance(fault, SheetError):
            raise
        raise SheetError("文件已损坏或不完整，请在 Excel 中打开另存为 .xlsx 后再导入") from fault


def _check_directory(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename.lower() for entry in entries}
    if any(name.startswith("word/") for name in names):
        raise SheetError("这是 Word 文档，请把表格复制到 Excel 中另存为 .xlsx 后再导入")
    if "xl/workbook.xml" not in names:
        raise SheetError("这不是 Excel 工作簿（.xlsx），请在 Excel 中打开另存为 .xlsx 后再导入")
    if len(entries) > MAX_ENTRIES or len(names) < len(entries):
        raise SheetError("文件的内部部件过多或重名，为安全起见不予导入")
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if unpacked > MAX_UNPACKED or (unpacked > MEGABYTE and unpacked > MAX_RATIO * packed):
        raise SheetError("文件解压后过大，可能是压缩炸弹，为安全起见不予导入")


def _repack(archive: zipfile.ZipFile) -> bytes:
    """Python's reader stops at the stated size and checks the sum, so nothing swells here."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as out:
        for entry in archive.infolist():
            content = archive.read(entry)
            if content.lstrip()[:1] == b"<" or content[:2] in (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb"):
                _check_cells(content)
                out.writestr(entry.filename, content)
    return made.getvalue()


def _check_cells(content: bytes) -> None:
    extent, parser = _Extent(), expat.ParserCreate()
    parser.StartElementHandler = extent.start
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError) as fault:
        raise SheetError("文件内容已损坏，请在 Excel 中打开另存为 .xlsx 后再导入") from fault


def _no_doctype(*_: object) -> None:
    raise SheetError("文件含有不应出现的文档类型声明，为安全起见不予导入")
