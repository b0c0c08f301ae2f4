"""When a thing is due and how it stands: pure functions of instants, a limit and a calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sla.calendar import WorkCalendar
from sla.limits import Limit, Rung
from sla.pauses import Pause, natural_end, rolled, workday_end
from sla.zone import end_of_day, instant_of, local_date

_TWO_HOURS = timedelta(hours=2)
_ONE_DAY = timedelta(days=1)


class Light(StrEnum):
    """The colour of a running clock; red only once it is past due."""

    GREEN = "green"
    BLUE = "blue"
    AMBER = "amber"
    RED = "red"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {Light.GREEN: "绿灯", Light.BLUE: "蓝灯", Light.AMBER: "黄灯", Light.RED: "红灯"}


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a term, in UTC: a thing stopped at `at` or earlier is on time.

    `at` is 24:00 Shanghai of `on`, or the exact moment of an hour limit; `shown_at` is what lists show: the
    close of business of `on`, or that same moment.
    """

    on: date
    at: datetime
    shown_at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """How a running clock stands at one instant.

    `workdays_left`: working days after today up to the due day; once overdue, minus `overdue_days`.
    `overdue_days`: working days after the due day up to today, so 0 on the weekend that follows it.
    `next_at`: the next rung's instant strictly later, None after the last.
    """

    light: Light
    workdays_left: int
    overdue: bool
    overdue_days: int
    reached: tuple[Rung, ...]
    next_at: datetime | None


def due_at(
    received: datetime,
    limit: Limit,
    cal: WorkCalendar,
    *,
    pauses: Sequence[Pause] = (),
    extra_workdays: int = 0,
    on: date | None = None,
) -> Due:
    """The due moment of a thing received at this instant.

    The day of receipt is day 0 whatever the hour and whether or not it is worked (民法典 art. 201).
    Working days: day 1 is the first one strictly after it, and the term ends at 24:00 of day N.
    Natural days: the term ends at 24:00 of day N, or of the next working day when day N is off (art. 203).
    Hours run from the instant of receipt through nights and holidays.
    Dated: the day `on` itself, worked or not, to its 24:00; no announcement can move it.

    Days inside a pause are not counted. `extra_workdays` is the extension granted, in natural days where the
    limit is. Hours and dates admit neither: ValueError, as for a negative extension or a date not given.
    """
    if extra_workdays < 0:
        raise ValueError(f"an extension cannot be negative: {extra_workdays}")
    if limit.hours is not None:
        if pauses or extra_workdays:
            raise ValueError(f"hours run without pause or extension: {limit.key}")
        moment = received.astimezone(UTC) + timedelta(hours=limit.hours)
        return Due(local_date(moment), moment, moment, provisional=False)
    if limit.dated:
        return _dated_due(on, limit, plain=not (pauses or extra_workdays))
    start = local_date(received)
    if limit.workdays is not None:
        on = workday_end(start, limit.workdays + extra_workdays, cal, pauses)
        return _day_due(on, start, limit, cal)
    last = natural_end(start, (limit.days or 0) + extra_workdays, pauses)
    return _day_due(rolled(last, cal, pauses), last - _ONE_DAY, limit, cal)


def _dated_due(on: date | None, limit: Limit, *, plain: bool) -> Due:
    if on is None or not plain:
        raise ValueError(f"a dated limit needs its day, and runs without pause or extension: {limit.key}")
    return Due(on, end_of_day(on), instant_of(on, limit.closes), provisional=False)


def _day_due(on: date, after: date, limit: Limit, cal: WorkCalendar) -> Due:
    """A due moment that rests on what the calendar says of the days after `after` up to `on`."""
    return Due(on, end_of_day(on), instant_of(on, limit.closes), cal.provisional_between(after, on))


def rung_moments(due: Due, limit: Limit, cal: WorkCalendar) -> tuple[tuple[Rung, datetime], ...]:
    """Each rung of the ladder with the UTC instant at which it is reached, in order of time."""
    if limit.hours is not None:
        return tuple((rung, due.at + timedelta(hours=rung.offset)) for rung in limit.ladder)
    opens, on = limit.opens, due.on
    if limit.dated and not cal.is_workday(on):
        on = cal.shift(on, -1)  # a day set on a weekend is warned of on the last working day before it
    return tuple((rung, instant_of(cal.shift(on, rung.offset), opens)) for rung in limit.ladder)


def would_be_late(
    received: datetime, stopped: datetime | None, at: datetime, workdays: int, cal: WorkCalendar
) -> bool:
    """Whether it would have been late under a term of so many working days: what a change of rule would cost.

    A thing not stopped yet is judged as it stands `at`.
    """
    return (stopped or at) > end_of_day(cal.add_workdays(local_date(received), workdays))


def read(due: Due, at: datetime, limit: Limit, cal: WorkCalendar) -> Reading:
    """The state of a running clock at this instant, nothing of which is ever stored."""
    left = cal.workdays_between(local_date(at), due.on)
    overdue = at > due.at
    left = left if overdue else max(left, 0)
    moments = rung_moments(due, limit, cal)
    passed = sum(moment <= at for _, moment in moments)
    return Reading(
        light=_light(due, at, left, limit),
        workdays_left=left,
        overdue=overdue,
        overdue_days=-left if overdue else 0,
        reached=limit.ladder[:passed],
        next_at=moments[passed][1] if passed < len(moments) else None,
    )


def _light(due: Due, at: datetime, workdays_left: int, limit: Limit) -> Light:
    if at > due.at:
        return Light.RED
    if limit.hours is not None:
        return _hour_light(due.at - at, timedelta(hours=limit.hours))
    if workdays_left >= 3:
        return Light.GREEN
    return Light.BLUE if workdays_left == 2 else Light.AMBER


def _hour_light(left: timedelta, term: timedelta) -> Light:
    if left <= max(term / 4, _TWO_HOURS):
        return Light.AMBER
    return Light.BLUE if left <= term / 2 else Light.GREEN
