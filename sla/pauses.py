"""Days on which the clock stands still, and the last day of a term around them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sla.calendar import WorkCalendar

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """Local dates (Asia/Shanghai), both included, on which the clock stands still for this lawful reason.

    Whether a limit admits a pause is for the caller to check against `Limit.pause_grounds`.
    """

    since: date
    until: date
    ground: str

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise ValueError(f"a pause cannot end on {self.until}, before it began on {self.since}")

    def holds(self, day: date) -> bool:
        return self.since <= day <= self.until


def workday_end(start: date, n: int, cal: WorkCalendar, pauses: Sequence[Pause]) -> date:
    """The n-th working day after `start` on which the clock runs; `start` itself for n = 0."""
    return _moved(cal.add_workdays(start, n), start, pauses, cal.workdays_between, cal.shift)


def natural_end(start: date, n: int, pauses: Sequence[Pause]) -> date:
    """The n-th day after `start`, worked or not, on which the clock runs."""
    return _moved(_days_later(start, n), start, pauses, _days_between, _days_later)


def rolled(last: date, cal: WorkCalendar, pauses: Sequence[Pause]) -> date:
    """`last` itself, or when it is off the next working day on which the clock runs (民法典 art. 203)."""
    while not cal.is_workday(last) or any(pause.holds(last) for pause in pauses):
        last += _ONE_DAY
    return last


def _moved(
    on: date,
    start: date,
    pauses: Sequence[Pause],
    between: Callable[[date, date], int],
    later: Callable[[date, int], date],
) -> date:
    """`on` with every counted day after `start` that a pause took given back, once if two pauses took it.

    `between(a, b)` counts the days in (a, b], `later(day, n)` is the n-th such day after `day`.
    """
    done = start
    for pause in sorted(pauses, key=lambda pause: pause.since):
        before = max(pause.since - _ONE_DAY, done)
        if before >= on:
            break
        if pause.until > before:
            on = later(on, between(before, pause.until))
            done = pause.until
    return on


def _days_between(a: date, b: date) -> int:
    return (b - a).days


def _days_later(day: date, n: int) -> date:
    return day + timedelta(days=n)
