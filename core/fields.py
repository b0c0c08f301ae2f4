"""What is typed, made fit to be stored: PostgreSQL refuses NUL, and a control character hides in a list."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from wtforms.fields import choices


def one_line(text: str | None) -> str:
    """A filter for short fields: control characters become spaces, the ends are cut."""
    kept = (" " if unicodedata.category(c) == "Cc" else c for c in text or "")
    return "".join(kept).strip()


def options(pairs: Iterable[tuple[object, str]]) -> list[Any]:
    """(value, word) pairs as choices of a select or radio field."""
    # the stub package does not know the class yet
    return [choices.SelectChoice(value, word) for value, word in pairs]  # type: ignore[attr-defined]
