"""A day-by-day counter that shares no code with sla: it asks the library about each day and walks."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import chinese_calendar

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
ONE_DAY = timedelta(days=1)


@cache
def worked(day: date) -> bool:
    """The library's answer; Saturday 2005-12-31 was worked by the 2006 announcement, which it lacks."""
    return day == date(2005, 12, 31) or bool(chinese_calendar.is_workday(day))


def walk(start: date, n: int, is_worked: Callable[[date], bool] = worked) -> date | None:
    """The n-th working day after start; None if it lies beyond the published days."""
    day, left = start, n
    while left:
        day += ONE_DAY
        if day > LAST:
            return None
        left -= is_worked(day)
    return day


def worked_after(start: date, most: int) -> list[date]:
    """The first working days after start in their order, found by one walk; fewer where the data end."""
    found: list[date] = []
    day = start
    while len(found) < most and day < LAST:
        day += ONE_DAY
        if worked(day):
            found.append(day)
    return found


def count(a: date, b: date) -> int:
    """Working days in (a, b]."""
    return sum(worked(a + timedelta(days=offset)) for offset in range(1, (b - a).days + 1))
