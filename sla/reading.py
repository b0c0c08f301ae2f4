"""When a thing is due and how it stands: pure functions of instants, a limit and a calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sla.calendar import WorkCalendar
from sla.limits import Limit, Rung
from sla.zone import end_of_day, instant_of, local_date

_TWO_HOURS = timedelta(hours=2)


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


def due_at(received: datetime, limit: Limit, cal: WorkCalendar) -> Due:
    """The due moment of a thing received at this instant.

    Working days: the day of receipt is day 0 whatever the hour and whether or not it is worked, day 1 is the
    first working day strictly after it, and the term ends at 24:00 of day N (民法典 arts. 201 and 203).
    Hours run from the instant of receipt through nights and holidays.
    """
    start = local_date(received)
    if limit.workdays is None:
        moment = received.astimezone(UTC) + timedelta(hours=limit.hours or 0)
        return Due(local_date(moment), moment, moment, provisional=False)
    on = cal.add_workdays(start, limit.workdays)
    return Due(on, end_of_day(on), instant_of(on, limit.closes), cal.provisional_between(start, on))


def rung_moments(due: Due, limit: Limit, cal: WorkCalendar) -> tuple[tuple[Rung, datetime], ...]:
    """Each rung of the ladder with the UTC instant at which it is reached, in order of time."""
    if limit.workdays is None:
        return tuple((rung, due.at + timedelta(hours=rung.offset)) for rung in limit.ladder)
    opens, on = limit.opens, due.on
    return tuple((rung, instant_of(cal.shift(on, rung.offset), opens)) for rung in limit.ladder)


def read(due: Due, at: datetime, limit: Limit, cal: WorkCalendar) -> Reading:
    """The state of a running clock at this instant, nothing of which is ever stored."""
    left = cal.workdays_between(local_date(at), due.on)
    overdue = at > due.at
    left = min(left, 0) if overdue else max(left, 0)
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
