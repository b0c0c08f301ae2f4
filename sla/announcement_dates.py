"""Dates as announcements write them: ranges, lists, months and years left out. Nothing left out is guessed:
what the context does not settle is a fault."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from sla.announcement_facts import Findings, in_chinese
from sla.announcement_notes import faults_of, sides

MARKS = "\ue000-\uf8ff"
"""A bracket is lifted out of the text and leaves one of these characters; its order is its number."""

_NOTES = f"(?:[{MARKS}]|(?:星期|周|礼拜)[一二三四五六日天])*"
LONGEST = 15
"""Days of a range; a longer one is a misprint (the longest holiday so far had ten days)."""


def _day(unit: str, end: str) -> str:
    return (
        rf"(?:(?P<year{end}>\d{{4}}|[次翌今本当同])年)?(?:(?P<month{end}>\d{{1,2}})月份?)?"
        rf"(?P<day{end}>\d{{1,2}}){unit}(?P<notes{end}>{_NOTES})"
    )


_SPAN = re.compile(
    rf"(?<![\d年月])(?:{_day('[日号]?', '1')}起?[至到~-]{_day('[日号]', '2')}止?|{_day('[日号]', '')})"
)
_BETWEEN = re.compile("、|和|及|与|以及|")


@dataclass(slots=True)
class Group:
    """Dates that stand together, with the words before and after them."""

    dates: list[date]
    before: str
    after: str = ""


@dataclass(slots=True)
class Reader:
    """Reads the dates of one item in order; remembers its months, its main range and its brackets."""

    year: int
    new_year: bool
    findings: Findings
    brackets: list[str] = field(default_factory=list)
    main: tuple[date, date] | None = None
    _months: list[tuple[int, int]] = field(default_factory=list)

    def groups(self, clause: str) -> list[Group]:
        """The groups of dates in a clause; a date that cannot be is a fault and is left out."""
        found: list[Group] = []
        end = 0
        for match in _SPAN.finditer(clause):
            gap = clause[end : match.start()]
            if found and _BETWEEN.fullmatch(gap):
                self._add(match, found[-1].dates)
            else:
                if found:
                    found[-1].after = gap
                found.append(Group([], gap))
                self._add(match, found[-1].dates)
            end = match.end()
        if found:
            found[-1].after = clause[end:]
        return found

    def _add(self, match: re.Match[str], dates: list[date]) -> None:
        before = dates[-1] if dates else None
        if match["day"] is not None:
            on = self._date(match, "", before)
            if on is not None:
                dates.append(on)
                self._check(match["notes"], dates, None)
            return
        first = self._date(match, "1", before)
        last = self._date(match, "2", first, ends_range=True) if first else None
        if first is None or last is None:
            return
        if not 0 < (last - first).days < LONGEST:
            self.findings.faults.append(f"“{_shown(match.group())}”的起止日期不对")
            return
        self._check(match["notes1"], [*dates, first], None)
        self._check(match["notes2"], [last], first)
        dates.extend(first + timedelta(days=n) for n in range((last - first).days + 1))

    def _check(self, notes: str, days: list[date], first: date | None) -> None:
        """Compare the brackets with the last of `days`; one with two sides also with `first`."""
        for text in self._notes(notes):
            read = sides(text)
            if len(read) == 2 and first is not None:
                self.findings.faults += faults_of(read[0], [first])
            self.findings.faults += faults_of(read[-1], days)

    def _notes(self, notes: str) -> Iterator[str]:
        for text in re.findall(f"[{MARKS}]|[^{MARKS}]+", notes):
            yield self.brackets[ord(text) - 0xE000] if "\ue000" <= text[0] <= "\uf8ff" else text

    def _date(
        self, match: re.Match[str], end: str, before: date | None, ends_range: bool = False
    ) -> date | None:
        month, day = match[f"month{end}"], int(match[f"day{end}"])
        if month is not None:
            year = self._year_of(match[f"year{end}"], int(month), before, ends_range)
            return self._made(year, int(month), day)
        if before is not None:
            on = self._made(before.year, before.month, day)
            if on is not None and on <= before:
                self.findings.faults.append(f"{in_chinese(before)}之后的“{day}日”缺少月份")
                return None
            return on
        return self._month_from_context(day, match[f"notes{end}"], _shown(match.group()))

    def _year_of(self, written: str | None, month: int, before: date | None, ends_range: bool) -> int:
        if written and written.isdigit():
            return int(written)
        if written and written in "次翌":
            return (before.year if before else self.year) + 1
        if not written and ends_range and before is not None:
            return before.year + (month < before.month)
        # New Year's Day is the only holiday that reaches back into the December before.
        return self.year - 1 if self.new_year and month == 12 and not written else self.year

    def _made(self, year: int, month: int, day: int) -> date | None:
        try:
            on = date(year, month, day)
        except ValueError:
            self.findings.faults.append(f"没有{year}年{month}月{day}日这一天")
            return None
        if not date(self.year - 1, 12, 1) <= on <= date(self.year + 1, 1, 31):
            self.findings.faults.append(f"{in_chinese(on)}不在{self.year}年的放假安排之内")
            return None
        self._months.append((year, month))
        return on

    def _month_from_context(self, day: int, notes: str, shown: str) -> date | None:
        """The day in the month which the item's range or its bracket settles; a fault where none does."""
        found = [on for on in self._candidates(day) if self.main and self.main[0] <= on <= self.main[1]]
        if not found and len(candidates := self._candidates(day)) > 1:
            found = [on for on in candidates if notes and not self._contradicted(notes, on)]
        elif not found:
            found = candidates
        if len(found) == 1:
            return found[0]
        self.findings.faults.append(f"“{shown}”缺少月份")
        return None

    def _candidates(self, day: int) -> list[date]:
        found = []
        for year, month in dict.fromkeys(self._months):
            try:
                found.append(date(year, month, day))
            except ValueError:
                continue
        return found

    def _contradicted(self, notes: str, on: date) -> bool:
        return any(faults_of(sides(text)[-1], [on]) for text in self._notes(notes))


def _shown(text: str) -> str:
    return re.sub(f"[{MARKS}]", "", text)
