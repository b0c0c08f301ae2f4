"""Office hours: the only time at which notices of limits in days are written."""

from datetime import datetime

from sla.calendar import WorkCalendar
from sla.limits import Limit
from sla.zone import SHANGHAI, instant_of, local_date


def is_open(at: datetime, limit: Limit, cal: WorkCalendar) -> bool:
    """Whether the office works at this instant: a working day, from `opens` to before `closes`."""
    day, now = local_date(at), at.astimezone(SHANGHAI).time()
    return cal.is_workday(day) and limit.opens <= now < limit.closes


def next_opening(at: datetime, limit: Limit, cal: WorkCalendar) -> datetime:
    """The first instant, `at` or later, at which the office is open (UTC)."""
    if is_open(at, limit, cal):
        return at
    day = local_date(at)
    before_opening = cal.is_workday(day) and at < instant_of(day, limit.opens)
    return instant_of(day if before_opening else cal.shift(day, 1), limit.opens)
