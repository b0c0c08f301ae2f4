"""What is typed, made fit to be stored: PostgreSQL refuses NUL, and a control character hides in a list."""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import DateTimeLocalField, Field, Form
from wtforms.fields import choices
from wtforms.validators import StopValidation

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = "%Y-%m-%dT%H:%M"
FIRST_YEAR, LAST_YEAR = 2000, 2100


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


def clean_text(text: str | None) -> str:
    """Line ends as one, no control characters but line end and tab, no empty ends."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


class Moment(DateTimeLocalField):
    """A minute on the wall in Asia/Shanghai; `data` is the instant, aware, in UTC."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        try:
            typed = datetime.strptime(valuelist[0].strip()[:16], MINUTE)  # noqa: DTZ007  # gets its zone below
        except ValueError:
            raise ValueError("请按“年-月-日 时:分”填写") from None
        if not FIRST_YEAR <= typed.year <= LAST_YEAR:
            raise ValueError(f"年份应在{FIRST_YEAR}年至{LAST_YEAR}年之间")
        self.data = typed.replace(tzinfo=ZONE).astimezone(UTC)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.astimezone(ZONE).strftime(MINUTE) if self.data else ""
