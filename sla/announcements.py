"""The State Council's yearly prose on days off, read into days; refused where it cannot be trusted.

`parse_announcement` reads, `apply` lays the result over a calendar, `days_to_lay` says which days that takes.
Nothing is guessed: what the text does not settle, or what contradicts calendar or law, raises Untrusted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sla import announcement_checks as checks
from sla.announcement_facts import Announcement, Findings, Item, Kind, Untrusted
from sla.announcement_items import ItemReader
from sla.announcement_law import FESTIVALS, festival_day
from sla.announcement_structure import Notice, notices
from sla.announcement_text import clean
from sla.calendar import Day, DayKind, WorkCalendar
from sla.published import published

__all__ = [
    "Announcement",
    "Item",
    "Kind",
    "Untrusted",
    "apply",
    "as_json",
    "days_to_lay",
    "parse_announcement",
]

_ONE_DAY = timedelta(days=1)
_SEASON = timedelta(days=30)
"""How far from a holiday the days of its earlier arrangement are looked for."""

# The library knows 2020 only as amended; this make-up day of the first announcement was taken back.
_TAKEN_BACK = {date(2020, 2, 1)}


LONGEST = 20_000
"""Characters. The longest announcement has under 1,000; reading grows with the square of the length."""


def parse_announcement(text: str, calendar: WorkCalendar | None = None) -> Announcement:
    """Read one announcement, or a yearly one together with changes of the same year.

    `calendar` (else the published one) tells where a holiday ended that the text only makes longer.
    Raises Untrusted with every reason found.
    """
    if len(text) > LONGEST:
        raise Untrusted([f"全文有{len(text)}字，放假通知不会超过{LONGEST}字：请只粘贴通知本身"])
    findings = Findings()
    found = notices(clean(text, findings), findings)
    if not found:
        findings.faults.append("没有找到放假安排")
    read = [_read(notice, findings) for notice in found]
    if findings.faults:
        raise Untrusted(findings.faults)
    different = {(one.year, one.kind, one.off, one.work): one for one in read}.values()
    first, *later = sorted(different, key=lambda one: one.kind is not Kind.YEARLY)
    for one in later:
        first = _combined(first, one)
    return _settled(first, calendar or published(), findings.warnings)


def _read(notice: Notice, findings: Findings) -> Announcement:
    year = notice.year or 0
    if year and not 2000 <= year <= 2100:
        findings.faults.append(f"{year}年的放假安排无法核对")
    if findings.faults and not year:
        return _announcement(notice, ())
    items = [ItemReader(name, year, findings).read(text) for name, text in notice.items]
    items, doubled = checks.merged(items)
    findings.faults += doubled
    if not findings.faults:
        findings.faults += checks.faults(items, year, notice.kind)
    if not findings.faults:
        number_year = int(notice.number.split("〔")[1][:4]) if notice.number else None
        findings.warnings += checks.warnings(items, year, notice.kind, number_year)
    return _announcement(notice, items)


def _announcement(notice: Notice | Announcement, items: Sequence[Item]) -> Announcement:
    return Announcement(
        notice.year or 0,
        notice.kind,
        notice.title,
        notice.number,
        tuple(items),
        off=tuple(sorted(checks.days_off(items))),
        work=tuple(sorted(checks.days_worked(items))),
        cancelled_work=tuple(sorted(on for item in items for on in item.cancelled_work)),
    )


def _combined(first: Announcement, later: Announcement) -> Announcement:
    """A yearly announcement with a change of the same year that was pasted together with it."""
    if first.kind is not Kind.YEARLY or later.kind is Kind.YEARLY or first.year != later.year:
        raise Untrusted(["文字里有几份通知，不是同一年的全年安排和对它的调整，请分开录入"])
    base = WorkCalendar.build({}, {first.year - 1}, "").with_days(_days(first), "", {first.year})
    changed = {day.on: day for day in days_to_lay(later, base)}
    names = {item.name for item in later.items}
    kept = [_changed(item, changed) for item in first.items if item.name not in names]
    settled = _settled(later, base, [])
    olds = [_changed(item, changed) for item in first.items if item.name in names]
    joined = [*kept, *(_joined(item, olds) for item in settled.items)]
    joined.sort(key=lambda item: min(item.off, default=date.max))
    result = _announcement(first, joined)
    return replace(result, cancelled_work=settled.cancelled_work, warnings=settled.warnings)


def _changed(item: Item, changed: dict[date, Day]) -> Item:
    off = tuple(on for on in item.off if on not in changed)
    return replace(item, off=off, work=tuple(on for on in item.work if on not in changed))


def _joined(item: Item, olds: Sequence[Item]) -> Item:
    """A changed item together with the days of the old one that still hold."""
    off = sorted({*item.off, *(on for old in olds for on in old.off)})
    work = sorted({*item.work, *(on for old in olds for on in old.work)})
    return replace(item, off=tuple(off), work=tuple(work), until=None)


def _settled(announcement: Announcement, calendar: WorkCalendar, warnings: Sequence[str]) -> Announcement:
    """The announcement with what only the earlier calendar can tell: first days and days taken back."""
    told = [*warnings, *announcement.warnings]
    items = [_with_first_day(item, calendar, told) for item in announcement.items]
    result = _announcement(announcement, items)
    taken = {*announcement.cancelled_work, *result.cancelled_work}
    known = announcement.year in calendar.announced_years
    if announcement.kind is Kind.AMENDMENT or (announcement.kind is Kind.EXTENSION and known):
        taken |= {day.on for day in days_to_lay(result, calendar) if _takes_back(day, calendar)}
    return replace(result, cancelled_work=tuple(sorted(taken)), warnings=tuple(dict.fromkeys(told)))


def _with_first_day(item: Item, calendar: WorkCalendar, told: list[str]) -> Item:
    if item.until is None:
        return item
    days = _extension(item, item.until, calendar)
    if days is None:
        told.append("日历里没有原来的放假安排，延长期从哪一天起无从得知，这里只列末日")
    elif item.longer_by not in (None, len(days)):
        told.append(f"{item.name}：写的是延长{item.longer_by}天，按日历是{len(days)}天")
    return replace(item, off=tuple(days or [item.until]))


def _takes_back(day: Day, calendar: WorkCalendar) -> bool:
    if day.kind in (DayKind.WORKDAY, DayKind.MAKEUP):
        return False
    return day.on in _TAKEN_BACK or _known(calendar, day.on).kind is DayKind.MAKEUP


def _extension(item: Item, until: date, calendar: WorkCalendar) -> list[date] | None:
    """The days after the holiday as arranged, up to `until`; None if the calendar does not hold the holiday.

    Days that rest on an extension already count as not arranged, so the same text reads alike at any time.
    """
    if until.year not in calendar.announced_years:
        return None
    for offset in range(1, _SEASON.days):
        day = _known(calendar, until - timedelta(days=offset))
        if day.kind is DayKind.HOLIDAY and day.name in item.name and "延长" not in day.source:
            return [day.on + timedelta(days=n) for n in range(1, offset + 1)]
    return None


def days_to_lay(announcement: Announcement, calendar: WorkCalendar) -> tuple[Day, ...]:
    """The days which this announcement changes in this calendar, each with the announcement as its source.

    Untrusted if it extends a holiday that the calendar does not hold.
    """
    if announcement.kind is Kind.YEARLY:
        return tuple(_days(announcement))
    laid: dict[date, Day] = {}
    for item in announcement.items:
        if item.until is not None:
            days = _extension(item, item.until, calendar)
            if days is None:
                raise Untrusted([f"日历里没有{announcement.year}年的放假安排，请先录入该年的通知再延长假期"])
            item = replace(item, off=tuple(days))
        laid |= {on: _plain(on, announcement.source) for on in _given_up(item, announcement.year, calendar)}
        laid |= {day.on: day for day in _days_of(item, announcement.source)}
    return tuple(laid[on] for on in sorted(laid))


def apply(announcement: Announcement, calendar: WorkCalendar, version: str) -> WorkCalendar:
    """A new calendar with this announcement on top; a yearly one makes its year announced."""
    years = [announcement.year] if announcement.kind is Kind.YEARLY else []
    return calendar.with_days(days_to_lay(announcement, calendar), version, years)


def _days(announcement: Announcement) -> Iterator[Day]:
    for item in announcement.items:
        yield from _days_of(item, announcement.source)


def _days_of(item: Item, source: str) -> Iterator[Day]:
    for on in item.off:
        yield Day(on, DayKind.HOLIDAY, item.name, source)
    for on in item.work:
        yield Day(on, DayKind.MAKEUP, item.name, source)


def _given_up(item: Item, year: int, calendar: WorkCalendar) -> Iterator[date]:
    """Days of the earlier arrangement that a new one leaves out, and days called ordinary or free again.

    Only a text that arranges the festival itself anew replaces the old arrangement; any other one adds to it.
    """
    yield from item.cancelled_work
    yield from (on for on in item.resumed if _known(calendar, on).kind is DayKind.HOLIDAY)
    anew = any(name in FESTIVALS and festival_day(name, year) in item.off for name in item.name.split("、"))
    if item.until is not None or not anew:
        return
    on = min(item.off) - _SEASON
    while on <= max(item.off) + _SEASON:
        if on.year in calendar.announced_years and (name := _known(calendar, on).name) and name in item.name:
            yield on
        on += _ONE_DAY


def _known(calendar: WorkCalendar, on: date) -> Day:
    return calendar.day(on) if on >= calendar.first_day else _plain(on, "")


def _plain(on: date, source: str) -> Day:
    return Day(on, DayKind.WORKDAY if on.weekday() < 5 else DayKind.WEEKEND, "", source)


def as_json(announcement: Announcement) -> dict[str, Any]:
    """The announcement in JSON values: days as ISO dates in order."""
    return {
        "year": announcement.year,
        "kind": announcement.kind.value,
        "title": announcement.title,
        "number": announcement.number,
        "off": _iso(announcement.off),
        "work": _iso(announcement.work),
        "cancelled_work": _iso(announcement.cancelled_work),
        "items": [
            {"name": item.name, "off": _iso(item.off), "work": _iso(item.work), "text": item.text}
            for item in announcement.items
        ],
        "warnings": list(announcement.warnings),
    }


def _iso(days: Sequence[date]) -> list[str]:
    return [on.isoformat() for on in days]
