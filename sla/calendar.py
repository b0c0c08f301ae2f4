"""The calendar of working days: an immutable snapshot with a version, answered from prefix sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from sla import statutory

_ONE_DAY = timedelta(days=1)
HORIZON = 2100
"""Last year for which provisional days are computed; a date after it is an UnknownDay."""
LATE_DECEMBER = 12, 25
"""From this month and day the next year's announcement may still change a year.

Of the 20 announcements for 2007 to 2026 five changed days of the December before, all of them from 29 to 31
December; a week is the margin.
"""


class UnknownDay(LookupError):
    """The calendar cannot say whether this day was worked: before its first year or after its horizon."""


class DayKind(StrEnum):
    """What a day is; `counts` tells whether it is a working day."""

    WORKDAY = "workday"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def counts(self) -> bool:
        return self in (DayKind.WORKDAY, DayKind.MAKEUP)


_LABELS = {
    DayKind.WORKDAY: "工作日",
    DayKind.MAKEUP: "调休上班",
    DayKind.WEEKEND: "休息日",
    DayKind.HOLIDAY: "节假日",
}


@dataclass(frozen=True, slots=True)
class Day:
    """One day: `name` is the festival ("" if none), `source` the announcement or law it rests on.

    `provisional`: an announcement still to come may change it.
    """

    on: date
    kind: DayKind
    name: str = ""
    source: str = ""
    provisional: bool = False

    @property
    def counts(self) -> bool:
        return self.kind.counts


class _Table(NamedTuple):
    """Prefix sums to the end of `last_year`; replaced whole, never changed in place.

    `before[i]` is the number of working days before the i-th day, `worked[k]` the k-th working day.
    """

    last_year: int
    before: list[int]
    worked: list[date]


class WorkCalendar:
    """Working days in China from the first announced year to HORIZON.

    A year without an announcement is provisional: weekends and the statutory days, computed when first asked
    for. The answers never change during the life of a calendar; a new announcement makes a new calendar.
    """

    __slots__ = ("_announced", "_first", "_specials", "_table", "version")

    def __init__(self, days: Mapping[date, Day], announced_years: Iterable[int], version: str) -> None:
        self.version = version
        self._announced = frozenset(announced_years)
        if not self._announced:
            raise ValueError("a calendar needs at least one announced year")
        first_year = min(self._announced)
        self._first = date(first_year, 1, 1).toordinal()
        self._specials = {on: replace(day, provisional=self.is_provisional(on)) for on, day in days.items()}
        self._table = _Table(first_year - 1, [0], [])
        self._reach(max(self._announced))

    @classmethod
    def build(cls, days: Mapping[date, Day], announced_years: Iterable[int], version: str) -> WorkCalendar:
        """A calendar from its special days; every other day is an ordinary weekday or weekend.

        `announced_years` are the years whose announcement is complete in `days`.
        """
        return cls(days, announced_years, version)

    def with_days(
        self, days: Iterable[Day], version: str, announced_years: Iterable[int] = ()
    ) -> WorkCalendar:
        """A new calendar with these days laid over this one: announcements first, local closures last."""
        laid = {**self._specials, **{day.on: day for day in days}}
        return WorkCalendar(laid, self._announced.union(announced_years), version)

    @property
    def announced_years(self) -> frozenset[int]:
        return self._announced

    @property
    def first_day(self) -> date:
        return date.fromordinal(self._first)

    def is_workday(self, day: date) -> bool:
        """Whether offices are open on this day; UnknownDay outside the calendar."""
        at = self._index(day)
        before = self._reach(day.year).before
        return before[at + 1] > before[at]

    def day(self, day: date) -> Day:
        """Everything known of this day; UnknownDay outside the calendar."""
        self._index(day)
        self._reach(day.year)
        return self._special(day) or Day(day, _plain_kind(day), provisional=self.is_provisional(day))

    def awaited_years(self, first: date, last: date) -> tuple[int, ...]:
        """The years whose announcement is missing and may change a day from `first` to `last` (included)."""
        reach = last.year + ((last.month, last.day) >= LATE_DECEMBER)
        return tuple(year for year in range(first.year, reach + 1) if year not in self._announced)

    def is_provisional(self, day: date) -> bool:
        """Whether a missing announcement may change this day: its own year's, in late December the next."""
        return bool(self.awaited_years(day, day))

    def provisional_between(self, a: date, b: date) -> bool:
        """Whether any day in (a, b] is provisional; false for an empty interval."""
        return a < b and bool(self.awaited_years(a + _ONE_DAY, b))

    def add_workdays(self, start: date, n: int) -> date:
        """The n-th working day after `start`, which is day zero whether or not it is worked.

        n = 0 is `start` itself, worked or not (day zero is the day of receipt); a negative n is a ValueError.
        """
        if n < 0:
            raise ValueError(f"a term cannot be negative: {n} working days")
        return self.shift(start, n)

    def workdays_between(self, a: date, b: date) -> int:
        """Working days in (a, b]; for b before a the days in (b, a] with a minus sign."""
        after_a, after_b = self._index(a) + 1, self._index(b) + 1
        before = self._reach(max(a.year, b.year)).before
        return before[after_b] - before[after_a]

    def shift(self, day: date, offset: int) -> date:
        """The offset-th working day strictly after `day`, or before it if negative; 0 is `day` itself."""
        at = self._index(day)
        table = self._reach(day.year)
        if offset == 0:
            return day
        wanted = table.before[at] + offset if offset < 0 else table.before[at + 1] + offset - 1
        if wanted < 0:
            raise UnknownDay(f"日历自{self.first_day}起，不能推算到更早的日期")
        while wanted >= len(table.worked):
            table = self._reach(table.last_year + 1)
        return table.worked[wanted]

    def _index(self, day: date) -> int:
        if isinstance(day, datetime):
            raise TypeError("a calendar is asked for dates: use local_date(instant)")
        at = day.toordinal() - self._first
        if at < 0:
            raise UnknownDay(f"日历自{self.first_day}起，没有{day}的数据")
        return at

    def _reach(self, year: int) -> _Table:
        """A table to the end of `year` at least.

        Two threads that extend it at once come to the same days, so whichever is stored last is right.
        """
        table = self._table
        if year <= table.last_year:
            return table
        if year > HORIZON:
            raise UnknownDay(f"日历只推算到{HORIZON}年，没有{year}年的数据")
        before, worked = list(table.before), list(table.worked)
        first = date(table.last_year + 1, 1, 1).toordinal()
        for ordinal in range(first, date(year, 12, 31).toordinal() + 1):
            on = date.fromordinal(ordinal)
            special = self._special(on)
            if special.counts if special else on.weekday() < 5:
                worked.append(on)
            before.append(len(worked))
        table = self._table = _Table(year, before, worked)
        return table

    def _special(self, on: date) -> Day | None:
        known = self._specials.get(on)
        if known is None and on.year not in self._announced:
            return _statutory(on.year).get(on)
        return known


def _plain_kind(on: date) -> DayKind:
    return DayKind.WORKDAY if on.weekday() < 5 else DayKind.WEEKEND


@lru_cache(maxsize=128)
def _statutory(year: int) -> dict[date, Day]:
    return {
        on: Day(on, DayKind.HOLIDAY, name, statutory.BASIS, provisional=True)
        for on, name in statutory.statutory_days(year).items()
    }
