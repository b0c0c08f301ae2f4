"""What a person lays over the calendar: a pasted announcement, a local override, the withdrawal of one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from escalation.calendar_models import CalendarEntry, EntryKind
from escalation.calendars import Change
from sla import Day, DayKind, WorkCalendar
from sla.announcements import Announcement, Kind, days_to_lay

LONGEST = 60  # days; nothing longer was ever declared by a county


@dataclass(frozen=True)
class Override:
    """A local closure (`closed`) or local working days, both ends included; `title` is the document."""

    first: date
    last: date
    closed: bool
    name: str
    title: str
    text: str


def of_announcement(
    announcement: Announcement, text: str, cal: WorkCalendar, local: frozenset[date]
) -> Change:
    """The change that lays an announcement over `cal`; raises Untrusted.

    A whole year announced again also takes back the days of its earlier announcement that it leaves out.
    """
    days = days_to_lay(announcement, cal)
    if announcement.kind is not Kind.YEARLY:
        return Change(EntryKind.ANNOUNCEMENT, announcement.source, text, days)
    named = {day.on for day in days}
    dropped = [on for on in _announced_days(announcement.year, cal) if on not in named | local]
    plain = tuple(Day(on, DayKind.WORKDAY if on.weekday() < 5 else DayKind.WEEKEND) for on in dropped)
    years = (announcement.year,)
    return Change(EntryKind.ANNOUNCEMENT, announcement.source, text, days + plain, years)


def _announced_days(year: int, cal: WorkCalendar) -> Iterator[date]:
    """Days off and make-up days that the year's own announcement named; late December may belong to the next."""
    if year not in cal.announced_years:
        return
    on = date(year, 1, 1)
    while on.year == year:
        name = cal.day(on).name
        if name and not (on.month == 12 and name == "元旦"):
            yield on
        on += timedelta(days=1)


def of_override(override: Override, cal: WorkCalendar) -> Change:
    """A closure keeps statutory days off as they are; working days are laid only over days that are off."""
    kind = DayKind.HOLIDAY if override.closed else DayKind.MAKEUP
    span = (override.last - override.first).days + 1
    days = [cal.day(override.first + timedelta(days=n)) for n in range(span)]
    taken = [day for day in days if day.kind is not DayKind.HOLIDAY or not override.closed]
    laid = tuple(Day(day.on, kind, override.name) for day in taken if override.closed or not day.counts)
    return Change(EntryKind.LOCAL, override.title, override.text, laid)


def of_withdrawal(entry: CalendarEntry) -> Change:
    return Change(EntryKind.WITHDRAWAL, f"撤销：{entry.title}", "", withdraws_id=entry.id)


def local_entries(session: Session) -> list[CalendarEntry]:
    """Local overrides in force, the newest first."""
    gone = aliased(CalendarEntry)
    withdrawn = select(gone.withdraws_id).where(gone.withdraws_id.is_not(None))
    query = select(CalendarEntry).where(
        CalendarEntry.kind == EntryKind.LOCAL, CalendarEntry.id.not_in(withdrawn)
    )
    return list(session.scalars(query.order_by(CalendarEntry.id.desc())))


def local_days(session: Session, *, change: Change | None = None) -> dict[date, str]:
    """Each day of a local override in force with its name; with `change` as they would stand then."""
    without = change.withdraws_id if change else None
    entries = [entry for entry in reversed(local_entries(session)) if entry.id != without]
    found = {day.on: day.name for entry in entries for day in entry.days}
    if change and change.kind is EntryKind.LOCAL:
        found |= {day.on: day.name for day in change.days}
    return found
