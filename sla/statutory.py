"""Statutory days off of a year that has no announcement yet: the only file that knows the lunar library.

Source: 全国年节及纪念日放假办法 (as revised 2024-11-10): 13 days, and a day that falls on a
Saturday or Sunday is made up on a working day. Make-up weekends cannot be foreseen; there are none here.
"""

from collections.abc import Iterator
from datetime import date, timedelta

BASIS = "全国年节及纪念日放假办法"
_ONE_DAY = timedelta(days=1)


def statutory_days(year: int) -> dict[date, str]:
    """The weekdays off in this year under the 2024 rule, each with its festival's name, in order of date.

    A statutory day on a weekend, or on a day that another festival has taken (Mid-Autumn inside National
    Day), moves to the next free weekday.
    """
    taken: dict[date, str] = {}
    moved: list[tuple[date, str]] = []
    for on, name in _festivals(year):
        if on.weekday() < 5 and on not in taken:
            taken[on] = name
        else:
            moved.append((on, name))
    for on, name in moved:
        taken[_next_free_weekday(on, taken)] = name
    return dict(sorted(taken.items()))


def _festivals(year: int) -> Iterator[tuple[date, str]]:
    spring = lunar_date(year, 1, 1)
    yield date(year, 1, 1), "元旦"
    for offset in range(-1, 3):
        yield spring + timedelta(days=offset), "春节"
    yield qingming(year), "清明节"
    yield date(year, 5, 1), "劳动节"
    yield date(year, 5, 2), "劳动节"
    yield lunar_date(year, 5, 5), "端午节"
    for day in (1, 2, 3):
        yield date(year, 10, day), "国庆节"
    yield lunar_date(year, 8, 15), "中秋节"


def _next_free_weekday(on: date, taken: dict[date, str]) -> date:
    while on.weekday() >= 5 or on in taken:
        on += _ONE_DAY
    return on


# The library takes 90 ms to load and a run that stays inside the published years never needs it,
# so both functions import it when they are called.


def lunar_date(year: int, month: int, day: int) -> date:
    """The Gregorian date of a day of the lunar calendar (ordinary months, never the leap month)."""
    from lunar_python import Lunar

    return date.fromisoformat(Lunar.fromYmd(year, month, day).getSolar().toYmd())


def qingming(year: int) -> date:
    """The date of the solar term 清明, always 4, 5 or 6 April."""
    from lunar_python import Solar

    terms = Solar.fromYmd(year, 4, 1).getLunar().getJieQiTable()
    return date.fromisoformat(terms["清明"].toYmd())
