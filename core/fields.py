"""What is typed, made fit to be stored: PostgreSQL refuses NUL, and a control character hides in a list."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from wtforms import Field, Form
from wtforms.fields import choices
from wtforms.validators import StopValidation


def one_line(text: str | None) -> str:
    """A filter for short fields: control characters become spaces, the ends are cut."""
    kept = (" " if unicodedata.category(c) == "Cc" else c for c in text or "")
    return "".join(kept).strip()


def options(pairs: Iterable[tuple[object, str]]) -> list[Any]:
    """(value, word) pairs as choices of a select or radio field."""
    # the stub package does not know the class yet
    return [choices.SelectChoice(value, word) for value, word in pairs]  # type: ignore[attr-defined]


def filled(words: str) -> Callable[[Form, Field], None]:
    """Like DataRequired, without the mark beside the label: for forms in which every field must be filled."""

    def check(_form: Form, field: Field) -> None:
        if not field.data:
            raise StopValidation(words)

    return check
