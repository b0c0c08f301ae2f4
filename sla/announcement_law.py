"""The festivals an announcement must name, their own days, and how many days off the law grants.

Source: 全国年节及纪念日放假办法, as revised in 1999, 2007 and 2024.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from sla.statutory import lunar_date, qingming

NEW_YEAR, SPRING, QINGMING, LABOUR = "元旦", "春节", "清明节", "劳动节"
DRAGON_BOAT, MID_AUTUMN, NATIONAL = "端午节", "中秋节", "国庆节"
FESTIVALS = (NEW_YEAR, SPRING, QINGMING, LABOUR, DRAGON_BOAT, MID_AUTUMN, NATIONAL)

_SINCE_2000 = {NEW_YEAR: 1, SPRING: 3, LABOUR: 3, NATIONAL: 3}
_SINCE_2008 = dict.fromkeys(FESTIVALS, 1) | {SPRING: 3, NATIONAL: 3}
_SINCE_2025 = _SINCE_2008 | {SPRING: 4, LABOUR: 2}


def days_granted(year: int) -> Mapping[str, int]:
    """The statutory days of each festival in this year; a festival that is not here had no day off then."""
    if year < 2008:
        return _SINCE_2000
    return _SINCE_2008 if year < 2025 else _SINCE_2025


def festival_day(name: str, year: int) -> date:
    """The day the festival falls on (of the Spring Festival the first of the first month)."""
    match name:
        case "春节":
            return lunar_date(year, 1, 1)
        case "清明节":
            return qingming(year)
        case "端午节":
            return lunar_date(year, 5, 5)
        case "中秋节":
            return lunar_date(year, 8, 15)
    month = {NEW_YEAR: 1, LABOUR: 5, NATIONAL: 10}[name]
    return date(year, month, 1)


def is_lunar_day(on: date, month: int, day: int) -> bool:
    """Whether `on` is this day of the lunar calendar; the twelfth month may belong to the year before."""
    if day == 30:
        # The library refuses the 30th of a month that has 29 days, so it is counted from the 29th.
        before = on - timedelta(days=1)
        return is_lunar_day(before, month, 29) and not is_lunar_day(on, month % 12 + 1, 1)
    return any(lunar_date(year, month, day) == on for year in (on.year - 1, on.year))


def is_new_years_eve(on: date) -> bool:
    """除夕: the day before the first of the first lunar month."""
    return is_lunar_day(on + timedelta(days=1), 1, 1)
