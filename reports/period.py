"""A month, a quarter or a year of Asia/Shanghai: its name in an address, its ends, its words."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.labels import Labelled
from sla import end_of_day, local_date

FIRST_YEAR, LAST_YEAR = 2000, 2100
DIGITS = "一二三四"
_KEY = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)


class PeriodKind(Labelled):
    MONTH = "month", "月"
    QUARTER = "quarter", "季"
    YEAR = "year", "年"


MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """`first_month` is 1 for a year, 1, 4, 7 or 10 for a quarter."""

    kind: PeriodKind
    year: int
    first_month: int = 1

    @classmethod
    def of(cls, key: str) -> "Period":
        """Read 2026-09, 2026-Q3 or 2026; ValueError for anything else."""
        found = _KEY.fullmatch(key)
        if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            raise ValueError("期间应如 2026-09、2026-Q3 或 2026")
        year, quarter, month = int(found[1]), found[2], found[3]
        if quarter:
            return cls(PeriodKind.QUARTER, year, int(quarter) * 3 - 2)
        return cls(PeriodKind.MONTH, year, int(month)) if month else cls(PeriodKind.YEAR, year)

    @classmethod
    def holding(cls, day: date, kind: PeriodKind) -> "Period":
        """The period of this kind in which the day lies."""
        return cls(kind, day.year, (day.month - 1) // MONTHS[kind] * MONTHS[kind] + 1)

    @property
    def key(self) -> str:
        if self.kind is PeriodKind.YEAR:
            return f"{self.year}"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.year}-Q{self.first_month // 3 + 1}"
        return f"{self.year}-{self.first_month:02}"

    @property
    def words(self) -> str:
        if self.kind is PeriodKind.YEAR:
            return f"{self.year}年"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.year}年第{DIGITS[self.first_month // 3]}季度"
        return f"{self.year}年{self.first_month}月"

    @property
    def first_day(self) -> date:
        return date(self.year, self.first_month, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def since(self) -> datetime:
        """The moment before which nothing belongs to it: a limit that ends at this very 24:00 is the day before."""
        return end_of_day(self.first_day - timedelta(days=1))

    @property
    def until(self) -> datetime:
        """24:00 of its last day, which still belongs to it."""
        return end_of_day(self.last_day)

    @property
    def next(self) -> "Period":
        months = self.first_month + MONTHS[self.kind]
        return Period(self.kind, self.year + months // 13, months if months <= 12 else 1)

    @property
    def before(self) -> "Period":
        return Period.holding(self.first_day - timedelta(days=1), self.kind)


SHOWN = {PeriodKind.QUARTER: 9, PeriodKind.MONTH: 13, PeriodKind.YEAR: 4}


def recent(at: datetime) -> dict[PeriodKind, list[Period]]:
    """What a person may choose from, the present one first."""
    found = {}
    for kind, count in SHOWN.items():
        periods = [Period.holding(local_date(at), kind)]
        while len(periods) < count:
            periods.append(periods[-1].before)
        found[kind] = periods
    return found
