"""Last days as task lists write them: 2022年1月中旬, 12月底前, 次年1月31日前, 上半年完成.

A day named with 前 is itself in time, as offices read it. A month without a day and with 前 (6月前) can be read in two
ways: the words are found, no day is.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from duties.task_list_numbers import NUMERALS, number_of


@dataclass(frozen=True)
class LastDay:
    """The words, and the day they mean."""

    words: str
    on: date | None


GAP = r"[^\S\n]{0,2}"
"""Spaces, as Word leaves them around digits: few, so that a long run of them costs nothing."""

_YEAR = rf"(?:(?P<year>\d{{4}}){GAP}年|(?P<next>次年|翌年|明年|下一?年)|今年|本年|当年)?{GAP}"
_MONTH = rf"(?<!\d)(?P<month>\d{{1,2}}|[{NUMERALS}]{{1,2}}){GAP}月"
_UNTIL = r"(?:之前|以前|前|止|之内|以内|内)"
_NO_YEAR = rf"\d{NUMERALS}两几数多半近每青少"  # 三年内, 近年内, 青少年内心

_PART = re.compile(rf"{_YEAR}{_MONTH}份?(?P<part>上旬|中旬|下旬|底|末){_UNTIL}?")
_DAY = re.compile(
    rf"(?P<led>截至|截止到?|不迟于|于|至|到|在)?{GAP}{_YEAR}{_MONTH}"
    rf"{GAP}(?P<day>\d{{1,2}}|[{NUMERALS}]{{1,3}}){GAP}[日号](?P<until>{_UNTIL})?(?!印发|施行|修订|起)"
)
_IN_MONTH = re.compile(rf"{_YEAR}{_MONTH}份?(?P<until>{_UNTIL})")
_YEAR_END = re.compile(
    rf"(?:(?P<year>\d{{4}})年?|(?P<next>[次翌明])年?|[今本当]年?|(?<![{_NO_YEAR}]))年(?:底|末|终|内){_UNTIL}?"
)
_HALF = re.compile(rf"{_YEAR}(?P<half>[上下])半年(?:底|末|之内|以内|内|完成)")
_QUARTER = re.compile(rf"{_YEAR}第?(?P<quarter>[1-4一二三四])季度(?:底|末|之内|以内|内|完成){_UNTIL}?")
_PART_DAYS = {"上旬": 10, "中旬": 20}


def last_days(words: str, year: int) -> Iterator[LastDay]:
    """Every last day in these words; a year that is not said is that of the list."""
    for pattern, day_of in _READERS:
        for found in pattern.finditer(words):
            if (last := day_of(found, _year(found, year))) is not None:
                yield last


def _year(found: re.Match[str], year: int) -> int:
    if found["year"]:
        return int(found["year"])
    return year + 1 if found["next"] else year


def _part(found: re.Match[str], year: int) -> LastDay | None:
    month = number_of(found["month"])
    return _last(found, year, month, _PART_DAYS.get(found["part"]) or _length(year, month))


def _day(found: re.Match[str], year: int) -> LastDay | None:
    """A day without 前 or 于 is the date of something, not a last day."""
    if not found["led"] and not found["until"]:
        return None
    return _last(found, year, number_of(found["month"]), number_of(found["day"]))


def _in_month(found: re.Match[str], year: int) -> LastDay | None:
    month = number_of(found["month"])
    if not month or month > 12:
        return None
    if found["until"].endswith("内"):
        return _last(found, year, month, _length(year, month))
    return LastDay(found.group().strip(), None)


def _year_end(found: re.Match[str], year: int) -> LastDay | None:
    return _last(found, year, 12, 31)


def _half(found: re.Match[str], year: int) -> LastDay | None:
    return _last(found, year, *((6, 30) if found["half"] == "上" else (12, 31)))


def _quarter(found: re.Match[str], year: int) -> LastDay | None:
    month = 3 * (number_of(found["quarter"]) or 0)
    return _last(found, year, month, _length(year, month))


def _length(year: int, month: int | None) -> int | None:
    return monthrange(year, month)[1] if month and 1 <= month <= 12 and year else None


def _last(found: re.Match[str], year: int, month: int | None, day: int | None) -> LastDay | None:
    if not month or not day:
        return None
    try:
        return LastDay(found.group().strip(), date(year, month, day))
    except ValueError:  # 2月30日
        return None


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int], LastDay | None]], ...] = (
    (_PART, _part),
    (_DAY, _day),
    (_IN_MONTH, _in_month),
    (_YEAR_END, _year_end),
    (_HALF, _half),
    (_QUARTER, _quarter),
)
