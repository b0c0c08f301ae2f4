"""The ledger as a Word file: an A4 landscape table whose head repeats, with nothing of the writer in its metadata.

The rows are written as XML: through the cells of the library a year's ledger takes ten times as long.
"""

import io
from collections.abc import Iterable
from datetime import datetime
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from duties.export_sheet import WIDTHS, Sheet, plain

LONG_SIDE, SHORT_SIDE, MARGIN = 297, 210, 14
TWIPS = 56.7  # to a millimetre
BODY, HEAD = ("宋体", "left"), ("黑体", "center")
HALF_POINTS = 18
EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001  # the format knows no zones; one fixed day says nothing


def to_docx(sheet: Sheet) -> bytes:
    """The file as bytes."""
    paper = Document()
    _page(paper, sheet.title)
    _line(paper.add_paragraph(), plain(sheet.title), "黑体", 16, WD_ALIGN_PARAGRAPH.CENTER)
    _line(paper.add_paragraph(), plain(sheet.note), "宋体", 9, WD_ALIGN_PARAGRAPH.RIGHT)
    table = paper.add_table(rows=0, cols=len(sheet.headings), style="Table Grid")
    table.autofit = False
    for grid, width in zip(table.columns, _widths(), strict=True):
        grid.width = Mm(width)
    table._tbl.append(parse_xml(_row(sheet.headings, HEAD, "<w:cantSplit/><w:tblHeader/>")))
    for cells in sheet.cells:
        table._tbl.append(parse_xml(_row(cells, BODY, "<w:cantSplit/>")))
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _page(paper: Paper, title: str) -> None:
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(LONG_SIDE), Mm(SHORT_SIDE)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin = section.bottom_margin = Mm(MARGIN)
    said = paper.core_properties
    said.author = said.last_modified_by = said.comments = said.keywords = said.subject = ""
    said.title, said.created, said.modified, said.revision = title, EPOCH, EPOCH, 1


def _line(paragraph: Paragraph, text: str, font: str, size: int, align: WD_ALIGN_PARAGRAPH) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(0)


def _widths() -> list[float]:
    """The columns in the measure of the Excel file, over the width of the page, in millimetres."""
    unit = (LONG_SIDE - 2 * MARGIN) / sum(WIDTHS)
    return [width * unit for width in WIDTHS]


def _row(cells: Iterable[str], style: tuple[str, str], marks: str) -> str:
    inside = "".join(_cell(text, width, style) for text, width in zip(cells, _widths(), strict=True))
    return f"<w:tr {nsdecls('w')}><w:trPr>{marks}</w:trPr>{inside}</w:tr>"


def _cell(text: str, width: float, style: tuple[str, str]) -> str:
    paragraphs = "".join(_paragraph(line, style) for line in plain(text).split("\n"))
    return f'<w:tc><w:tcPr><w:tcW w:w="{round(width * TWIPS)}" w:type="dxa"/></w:tcPr>{paragraphs}</w:tc>'


def _paragraph(line: str, style: tuple[str, str]) -> str:
    font, align = style
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/><w:sz w:val="{HALF_POINTS}"/>'
    run = f'<w:r><w:rPr>{fonts}</w:rPr><w:t xml:space="preserve">{escape(line)}</w:t></w:r>'
    return f'<w:p><w:pPr><w:spacing w:after="0"/><w:jc w:val="{align}"/></w:pPr>{run}</w:p>'
