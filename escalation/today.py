"""The words of the top bar: which day it is and whether it is worked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from escalation.rules import calendar
from sla import WorkCalendar, local_date

WEEKDAYS = "一二三四五六日"
LOOK_AHEAD = 7


@dataclass(frozen=True)
class Today:
    text: str
    workday: bool
    word: str
    note: str


def day_words(day: date) -> str:
    """11月22日 周日."""
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


def today_words(at: datetime) -> Today:
    """Today in Asia/Shanghai, with a word ahead of the next long holiday."""
    cal, day = calendar(), local_date(at)
    found = cal.day(day)
    word = found.kind.label if found.name == "" else f"{found.name}{found.kind.label}"
    return Today(day_words(day), found.counts, word, _ahead(cal, day))


def _ahead(cal: WorkCalendar, day: date) -> str:
    for step in range(1, LOOK_AHEAD + 1):
        first = cal.day(day + timedelta(days=step))
        if first.name and not first.counts and cal.is_workday(day + timedelta(days=step - 1)):
            back = cal.add_workdays(first.on, 1)
            length = (back - first.on).days
            start = "明起" if step == 1 else f"{first.on.month}月{first.on.day}日起"
            return f"{start}{first.name}放假{length}天，{back.month}月{back.day}日上班"
    return ""
