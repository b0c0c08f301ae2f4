"""The forms of score sheets: which period, and freezing it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from wtforms import BooleanField, DateField, Form, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from core.fields import filled, one_line, options
from reports.freeze import NOTE, SETTLED, Wish
from reports.period import Period, PeriodKind, recent
from sla import local_date


class ChineseForm(Form):
    """Messages of the fields themselves in Chinese."""

    class Meta:
        locales = ("zh",)


class PeriodForm(ChineseForm):
    """The period of a page; the present quarter where none is asked for."""

    period = SelectField("期间", validate_choice=False)

    def __init__(self, values: Any, at: datetime) -> None:
        super().__init__(values)
        offered = recent(at)
        self.asked: Period | None = offered[PeriodKind.QUARTER][0]
        if self.period.data:
            self.asked = _period(self.period.data)
        if self.asked is not None:
            self.period.data = self.asked.key
            if self.asked not in offered[self.asked.kind]:
                offered[self.asked.kind].append(self.asked)
        self.period.choices = _choices(offered.items())

    def validate_period(self, field: SelectField) -> None:
        if self.asked is None:
            raise ValidationError("期间应如 2026-09、2026-Q3 或 2026")


def _period(key: str) -> Period | None:
    try:
        return Period.of(key)
    except ValueError:
        return None


def _choices(offered: Iterable[tuple[PeriodKind, list[Period]]]) -> list[Any]:
    made: list[Any] = []
    for kind, periods in offered:
        pairs = options((one.key, one.words) for one in periods)
        made += [replace(choice, optgroup=f"按{kind.label}") for choice in pairs]
    return made


class FreezeForm(ChineseForm):
    """What the supervising office confirms; `edition` makes a second click harmless."""

    period = HiddenField("期间")
    edition = HiddenField("版次")
    cut_off_day = DateField("统计截止日", [InputRequired("请填写截止日，如 2026-10-11")])
    note = StringField("更正理由", [Length(max=NOTE, message=f"最多{NOTE}个字")], [one_line])
    confirm = BooleanField("我已核对，知道封存以后不能修改，只能另封一版", [filled("请核对后勾选")])

    def wish(self, period: Period) -> Wish:
        """What a valid form asks for."""
        text = self.edition.data or ""
        edition = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        return Wish(period, self.cut_off_day.data or date.min, edition, self.note.data or "")


def last_cut_off(at: datetime) -> date:
    """The newest day that may be counted to: it is over, and its last acts have come in."""
    return local_date(at - SETTLED) - timedelta(days=1)
