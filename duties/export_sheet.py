"""What an export writes, whatever its format."""

import unicodedata
from dataclasses import dataclass

WIDTHS = (5, 22, 38, 14, 14, 13, 30, 12, 36, 18)  # of the columns, in characters of a Latin font


@dataclass(frozen=True)
class Sheet:
    """Every cell is text, so that nothing in it is taken for a formula."""

    title: str
    note: str
    headings: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]


def plain(text: str) -> str:
    """Without the control characters that no office file may hold, and no longer than a cell."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    return "".join(kept)[:32_000]
