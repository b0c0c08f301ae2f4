"""Fields that the forms of the ledger share: days, moments, links, texts, files, units."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import DateField, FileField, Form, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from core.fields import clean_text, one_line, options
from core.people import Unit, UnitKind
from duties.service import Upload
from duties.words import Refused

FIRST_YEAR, LAST_YEAR = 2000, 2100
LARGEST_ID = 2**31 - 1
SHORT, LONG, LINK = 200, 2000, 500
_LINK = re.compile(r"https?://[^\s<>\"'\\]+")


class Day(DateField):
    """A day that a calendar can hold; anything else is refused in Chinese."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("请按“年-月-日”填写") from None
        if isinstance(self.data, date) and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            self.data = None
            raise ValueError(f"年份应在{FIRST_YEAR}年至{LAST_YEAR}年之间")


class Chosen(FileField):
    """A file that was really chosen, or None."""

    def upload(self) -> Upload | None:
        sent = self.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            return None
        return Upload(one_line(sent.filename)[-120:], sent.stream.read())


def is_link(text: str) -> bool:
    """Whether it is an address of the web."""
    return _LINK.fullmatch(text) is not None


def _check_link(_form: Form, field: StringField) -> None:
    if field.data and not is_link(field.data):
        raise ValidationError("链接应以 http:// 或 https:// 开头，中间没有空格")


def link_field(label: str, *checks: Any, **more: Any) -> StringField:
    """The address of a page; empty unless `checks` ask for it."""
    said = [*checks, Length(max=LINK, message=f"链接最多{LINK}个字"), _check_link]
    return StringField(label, said, [one_line], **more)


def line_field(label: str, *checks: Any, most: int = SHORT, **more: Any) -> StringField:
    """One line of text."""
    return StringField(label, [*checks, Length(max=most, message=f"最多{most}个字")], [one_line], **more)


def text_field(label: str, reason: str = "", *, most: int = LONG, **more: Any) -> TextAreaField:
    """A text of some lines; `reason` is said when it must be there and is not."""
    checks: list[Any] = [DataRequired(reason)] if reason else []
    return TextAreaField(
        label, [*checks, Length(max=most, message=f"最多{most}个字")], filters=[clean_text], **more
    )


def unit_choices(units: Sequence[Unit], first: str = "") -> list[Any]:
    """Units under their kinds, after an empty choice that says what the field is."""
    made = options([("", first)]) if first else []
    for kind in UnitKind:
        of_kind = [(str(unit.id), unit.name) for unit in units if unit.kind is kind]
        made += [replace(choice, optgroup=kind.label) for choice in options(of_kind)]
    return made


def beside(form: Any, refusal: Refused) -> None:
    """The reason stands at its field, or at the head of the form."""
    field = form._fields.get(refusal.field)
    if field is None:
        form.form_errors.append(str(refusal))
    else:
        field.errors = [*field.errors, str(refusal)]


def reasons(form: Any) -> list[str]:
    """Everything that a form was refused for."""
    return [*form.form_errors, *(words for field in form for words in field.errors)]


def whole_ids(values: Iterable[str] | None) -> tuple[int, ...]:
    """Ids that a select of units gave."""
    return tuple(int(value) for value in values or () if value.isascii() and value.isdigit())
