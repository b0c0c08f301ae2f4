"""How far the announced calendar reaches: what an alarm asks before deadlines become provisional."""

from datetime import date, timedelta

from sla.calendar import LATE_DECEMBER, WorkCalendar

_ONE_DAY = timedelta(days=1)


def certain_until(cal: WorkCalendar) -> date:
    """The last day that no announcement still to come can change."""
    return _last_certain(max(cal.announced_years))


def certain_workdays_left(cal: WorkCalendar, today: date) -> int:
    """Working days after today before the first provisional day; 0 when today itself is provisional."""
    if cal.is_provisional(today):
        return 0
    year = today.year
    while year + 1 in cal.announced_years:
        year += 1
    return cal.workdays_between(today, _last_certain(year))


def _last_certain(year: int) -> date:
    """24 December of an announced year that is followed by an unannounced one."""
    return date(year, *LATE_DECEMBER) - _ONE_DAY
