"""WordprocessingML in small pieces: runs, paragraphs, tables. Text is escaped here and nowhere else.

Only the makers of templates and of the ruler use it; who edits a template does that in Word.
"""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def twips(mm: float) -> int:
    """Word's unit of length, a twentieth of a point."""
    return round(mm / 25.4 * 1440)


TEXT_WIDTH = twips(156)


def run(text: str, props: str = "") -> str:
    """Text in one look; a tab character becomes Word's tab."""
    inner = "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\t"))
    return f"<w:r>{_in('rPr', props)}{inner}</w:r>"


def para(style: str, *content: str, props: str = "") -> str:
    """A paragraph of a named style; `content` is text, or runs that begin with "<w:"."""
    runs = "".join(part if part.startswith("<w:") else run(part) for part in content)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{props}</w:pPr>{runs}</w:p>'


def tag(text: str) -> str:
    """A paragraph that holds only a template tag; it goes away when the paper is made."""
    return para("Normal", text)


def block(text: str, name: str, *, style: str = "BodyText") -> list[str]:
    """Paragraphs, one for each line of the list `name`, written as `text` (`{{ line }}` in it)."""
    return [tag(f"{{%p for line in {name} %}}"), para(style, text), tag("{%p endfor %}")]


def when(name: str, parts: Iterable[str]) -> list[str]:
    """Parts that stand on the paper only where `name` is not empty."""
    return [tag(f"{{%p if {name} %}}"), *parts, tag("{%p endif %}")]


def cell(width: int, content: str, *, span: int = 1, props: str = "") -> str:
    """`content` is one or more whole paragraphs. The order inside tcPr is fixed by the schema."""
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}{props}</w:tcPr>{content}</w:tc>'


def row(cells: Iterable[str], *, height: float = 0) -> str:
    """A row that never breaks over two pages; `height` in mm is the least."""
    tall = f'<w:trHeight w:val="{twips(height)}" w:hRule="atLeast"/>' if height else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{tall}</w:trPr>{''.join(cells)}</w:tr>"


def table(widths: Sequence[int], rows: Iterable[str], *, borders: str = "", place: str = "") -> str:
    """A table of fixed columns as wide as the text, with thin rules unless `borders` says otherwise.

    Room beside the text of a cell is an indent of its style: programs differ on whether margins widen a table.
    """
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    around = borders or "".join(
        rule(side) for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    look = (
        f'{place}<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        f'<w:tblBorders>{around}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    )
    return f"<w:tbl><w:tblPr>{look}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def rule(side: str, *, eighths: int = 6, color: str = "000000", kind: str = "single") -> str:
    """A line at one side; its width in eighths of a point."""
    return f'<w:{side} w:val="{kind}" w:sz="{eighths}" w:space="0" w:color="{color}"/>'


def _in(name: str, content: str) -> str:
    return f"<w:{name}>{content}</w:{name}>" if content else ""
