"""The one time zone of the house: where an instant becomes a date, and a date an instant."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_ONE_DAY = timedelta(days=1)


def local_date(instant: datetime) -> date:
    """The date on the wall in Shanghai at this instant; a naive datetime is refused with ValueError."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError(f"an instant needs a time zone: {instant.isoformat()}")
    return instant.astimezone(SHANGHAI).date()


@lru_cache(maxsize=8192)
def instant_of(on: date, clock: time) -> datetime:
    """The UTC instant at which clocks in Shanghai show this date and time."""
    return datetime.combine(on, clock, SHANGHAI).astimezone(UTC)


@lru_cache(maxsize=8192)
def end_of_day(on: date) -> datetime:
    """24:00 in Shanghai of this date, in UTC (民法典 art. 203: the last day ends at 24:00)."""
    return instant_of(on + _ONE_DAY, time(0))
