"""What is typed, made fit to be stored: PostgreSQL refuses NUL, and a control character hides in a list."""

import unicodedata


def one_line(text: str | None) -> str:
    """A filter for short fields: control characters become spaces, the ends are cut."""
    kept = (" " if unicodedata.category(c) == "Cc" else c for c in text or "")
    return "".join(kept).strip()
