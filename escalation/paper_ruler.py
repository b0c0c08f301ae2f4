"""The working-day ruler inside a Word file: a small table that still tells its story in a grey photocopy."""

from collections.abc import Iterator, Sequence

from escalation.paper_ooxml import TEXT_WIDTH, cell, para, row, rule, run, table
from escalation.ruler import Segment, SimpleRuler

MOST = 16  # pieces side by side before a date no longer fits into its piece
NO_RULES = "".join(
    rule(side, kind="nil", eighths=0) for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
THICK, THIN = 18, 6
LARGE = '<w:sz w:val="22"/><w:szCs w:val="22"/>'
WHITE = '<w:color w:val="FFFFFF"/>'
MIDDLE = '<w:vAlign w:val="center"/>'
BETWEEN = para("RulerText", "")


def ruler_xml(ruler: SimpleRuler) -> str:
    """One table for each line of pieces: faces, dates, words."""
    lines = [ruler.segments[n : n + MOST] for n in range(0, len(ruler.segments), MOST)]
    return BETWEEN.join(_strip(line) for line in lines)


def _strip(pieces: Sequence[Segment]) -> str:
    width = TEXT_WIDTH // max(len(pieces), 8)
    rows = [row(_faces(pieces, width), height=7), row(_texts([piece.label for piece in pieces], width))]
    if any(piece.word for piece in pieces):
        rows.append(row(_texts([piece.word for piece in pieces], width)))
    return table([width] * len(pieces), rows, borders=NO_RULES)


def _faces(pieces: Sequence[Segment], width: int) -> Iterator[str]:
    for piece in pieces:
        filled = _filled(piece)
        look = (WHITE if filled else "") + (LARGE if piece.kind not in ("run", "stop") else "")
        text = para("RulerText", run(_face(piece), look))
        yield cell(width, text, props=_edges(piece) + _shade(piece, filled=filled) + MIDDLE)


def _face(piece: Segment) -> str:
    if piece.kind in ("run", "stop"):
        return f"{'停' if piece.kind == 'stop' else '休'}{piece.face}"
    return f"{piece.face}{piece.tag}"


def _filled(piece: Segment) -> bool:
    """A working day that is over is dark, except the due day, which is boxed."""
    marks = piece.marks.split()
    return piece.kind == "count" and "is-due" not in marks and bool({"is-past", "is-today"} & set(marks))


def _edges(piece: Segment) -> str:
    width = THICK if "is-due" in piece.marks.split() else THIN
    sides = "".join(rule(side, eighths=width) for side in ("top", "left", "bottom", "right"))
    return f"<w:tcBorders>{sides}</w:tcBorders>"


def _shade(piece: Segment, *, filled: bool) -> str:
    """Patterns as on the screen: hatched days off, dotted pauses, striped days overdue."""
    if filled:
        return '<w:shd w:val="clear" w:color="auto" w:fill="333333"/>'
    pattern = {"run": "thinDiagStripe", "stop": "pct10", "over": "thinReverseDiagStripe"}.get(piece.kind)
    if pattern is None:
        return '<w:shd w:val="clear" w:color="auto" w:fill="FFFFFF"/>'
    return f'<w:shd w:val="{pattern}" w:color="BBBBBB" w:fill="FFFFFF"/>'


def _texts(words: Sequence[str], width: int) -> Iterator[str]:
    for word in words:
        yield cell(width, para("RulerText", word))
