"""The calendar and the limits in force, and what they say of a stored clock."""

from datetime import date, datetime
from functools import lru_cache

from escalation.calendars import in_force
from escalation.models import Clock, Notice
from sla import (
    Due,
    Limit,
    LimitBook,
    Reading,
    Rung,
    WorkCalendar,
    instant_of,
    limits,
    local_date,
    read,
    rung_moments,
)


def rules() -> LimitBook:
    """The limits of data/limits.toml; a faulty file stops the start with its entry named."""
    return limits()


def calendar() -> WorkCalendar:
    """The working-day calendar in force, as the present session learnt it."""
    return in_force()


def limit_for(rule: str, started_at: datetime) -> Limit:
    """The rule that was valid when the clock started; a later rule does not touch it."""
    return rules().at(rule, local_date(started_at))


def stored_due(*, on: date, at: datetime, provisional: bool, limit: Limit) -> Due:
    """A due moment out of the database as the core's value."""
    shown_at = at if limit.hours is not None else instant_of(on, limit.closes)
    return Due(on=on, at=at, shown_at=shown_at, provisional=provisional)


def rung_of(notice: Notice, clock: Clock) -> Rung:
    """The rung that caused a notice; one that no rung caused stands for itself."""
    rung = next((x for x in limit_for(clock.rule, clock.started_at).ladder if x.key == notice.rung), None)
    return rung or Rung(notice.rung, notice.title or notice.rung, 0, ())


def due_of(clock: Clock) -> Due:
    """The present due moment of a clock."""
    limit = limit_for(clock.rule, clock.started_at)
    return stored_due(on=clock.due_on, at=clock.due_at, provisional=clock.provisional, limit=limit)


@lru_cache(maxsize=4096)
def ladder(
    rule: str, started_on: date, due_on: date, due_at: datetime, cal: WorkCalendar
) -> tuple[tuple[Rung, datetime], ...]:
    """Each rung of a stored deadline with its moment; most clocks of one sweep share a few answers."""
    limit = rules().at(rule, started_on)
    return rung_moments(stored_due(on=due_on, at=due_at, provisional=False, limit=limit), limit, cal)


def reading_of(clock: Clock, at: datetime) -> Reading:
    """How a clock stands: while it runs at `at`, once stopped at the moment it stopped."""
    moment = min(clock.stopped_at, at) if clock.stopped_at else at
    return read(due_of(clock), moment, limit_for(clock.rule, clock.started_at), calendar())
