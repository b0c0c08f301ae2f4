"""A citizen's own count: from this day, so many working days, which day is that and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form, IntegerField
from wtforms.validators import DataRequired, NumberRange, ValidationError

from escalation.calendar_forms import A_DAY, DayField
from escalation.calendar_page import version_words
from escalation.ruler import Ruler, build_ruler, due_words
from escalation.rules import calendar
from sla import Limit, due_at, instant_of
from sla.calendar import HORIZON

MOST = 60
USUAL = 5
DRAWN = 14  # pieces that a phone of 390 px still shows apart
CONTACT = time(9)  # any hour of the day of receipt counts alike
A_NUMBER = f"请填1到{MOST}的整数"


class WorkdaysField(IntegerField):
    """A whole number; what is none is said in Chinese."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(A_NUMBER) from None


class CountForm(Form):
    since = DayField(
        "从哪天算起", [DataRequired(A_DAY)], name="from", id="from", description="收到、提交那一天，当天不算"
    )
    n = WorkdaysField("多少个工作日", [DataRequired(A_NUMBER), NumberRange(1, MOST, A_NUMBER)])

    def validate_since(self, field: DayField) -> None:
        first, last = calendar().first_day.year + 1, HORIZON - 1
        if field.data and not first <= field.data.year <= last:
            raise ValidationError(f"只能算{first}年到{last}年")


@dataclass(frozen=True)
class Count:
    """`query` makes the address that always gives this count; a long strip is told by its table, not drawn."""

    ruler: Ruler
    drawn: bool
    version: str
    since: str
    n: int
    due: str
    query: Mapping[str, str]


def open_form(values: MultiDict[str, str], today: date) -> CountForm:
    """What the address asks for; without a question today and the usual term."""
    usual = MultiDict({"from": today.isoformat(), "n": str(USUAL)})
    return CountForm(values if {"from", "n"} & values.keys() else usual)


def count(since: date, n: int) -> Count:
    """Inside the calendar only. The moment of the reading lies before the strip, so that no day is today."""
    limit = Limit("calculator", "自选期限", workdays=n)
    cal, received = calendar(), instant_of(since, CONTACT)
    due = due_at(received, limit, cal)
    ruler = build_ruler(received, due, limit, cal, at=received - timedelta(days=1))
    words = f"{since.year}年{since.month}月{since.day}日"
    end = due.on
    full = due_words(due).rpartition("）")[0] + "）"
    return Count(
        ruler=ruler,
        drawn=len(ruler.simple.segments) <= DRAWN,
        version=version_words(cal.version),
        since=words,
        n=n,
        due=f"{end.year}年{full}",
        query={"from": since.isoformat(), "n": str(n)},
    )
