"""The announced days: the only file that knows the chinese_calendar library.

Only its tables are used. Its `find_workday(n, day)` is a day late from every day off (it rolls a receipt on a
day off forward before it counts), so nothing here calls the library's arithmetic.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache

import chinese_calendar

from sla.calendar import Day, DayKind, WorkCalendar

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}

_NEW_YEAR, _NATIONAL, _PARADE = "New Year's Day", "National Day", "Anti-Fascist 70th Day"

# The 2006 announcement has offices open on Saturday 2005-12-31; chinese_calendar 1.11.0 lacks that day.
_MISSING_MAKEUP_DAYS = {date(2005, 12, 31): _NEW_YEAR}

_NUMBERS = {2026: "国办发明电〔2025〕7号"}

_PARADE_SOURCE = "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知"
_LABOUR_2019 = date(2019, 4, 28), *(date(2019, 5, day) for day in range(1, 6))
_SPRING_2020 = date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 2)
_AMENDED = {
    **dict.fromkeys(_LABOUR_2019, "国务院办公厅关于调整2019年劳动节假期安排的通知"),
    **dict.fromkeys(_SPRING_2020, "国务院办公厅关于延长2020年春节假期的通知"),
}


@cache
def published() -> WorkCalendar:
    """The calendar of every announced year in the installed library, followed by provisional years."""
    version = f"library-{chinese_calendar.__version__}"
    days = {day.on: day for day in _days()}
    return WorkCalendar.build(days, _announced_years(), version)


def _announced_years() -> frozenset[int]:
    """Years with a National Day in the tables: a New Year alone may belong to the announcement before."""
    return frozenset(on.year for on, name in chinese_calendar.holidays.items() if name == _NATIONAL)


def _days() -> Iterator[Day]:
    for on, name in chinese_calendar.holidays.items():
        yield Day(on, DayKind.HOLIDAY, NAMES[name], _source(on, name))
    for on, name in {**chinese_calendar.workdays, **_MISSING_MAKEUP_DAYS}.items():
        yield Day(on, DayKind.MAKEUP, NAMES[name], _source(on, name))


def _source(on: date, name: str) -> str:
    if name == _PARADE:
        return _PARADE_SOURCE
    return _AMENDED.get(on) or announcement(on.year + (name == _NEW_YEAR and on.month == 12))


def announcement(year: int) -> str:
    """The title of the yearly announcement, with its number where that has been checked."""
    title = f"国务院办公厅关于{year}年部分节假日安排的通知"
    return f"{title}（{_NUMBERS[year]}）" if year in _NUMBERS else title
