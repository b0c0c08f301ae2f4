"""How one clock stands, for people to look at: its light, its original due moment, its ruler."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from escalation.deadlines import intervals, pauses_of, terms
from escalation.models import Clock
from escalation.ruler import LightWords, Ruler, build_ruler, day_words, light_words
from escalation.rules import calendar, due_of, limit_for, reading_of, stored_due
from sla import Due, local_date

HAIR = timedelta(microseconds=1)  # 24:00 of a day is 00:00 of the next


def running_light(clock: Clock, at: datetime) -> LightWords:
    """The light of a clock that nobody has stopped; one that stands still has none of the four."""
    if clock.paused_since:
        return LightWords("pause", "暂停", f"{day_words(clock.paused_since)}起")
    return light_words(reading_of(clock, at), due_of(clock), at)


def original_due(clock: Clock) -> Due:
    """The due moment by the first limit, without extension or pause."""
    first = limit_for(clock.purpose, clock.started_at)
    on = local_date(clock.origin_due_at - HAIR * (first.hours is None))
    return stored_due(on=on, at=clock.origin_due_at, provisional=clock.provisional, limit=first)


def ruler_of(session: Session, clock: Clock, at: datetime) -> Ruler | None:
    """The ruler of a limit in working days; None for another. One that stands still is drawn as resumed today."""
    limit = limit_for(clock.rule, clock.started_at)
    if limit.workdays is None:
        return None
    pauses, today = pauses_of(session, clock), local_date(clock.stopped_at or at)
    due = terms(clock, pauses, calendar(), until=today)[0] if clock.paused_since else due_of(clock)
    return build_ruler(
        clock.started_at,
        due,
        limit,
        calendar(),
        at=at,
        stopped_at=clock.stopped_at,
        pauses=intervals(clock, pauses, until=today),
        extra_workdays=clock.extra_workdays,
        original=original_due(clock),
    )
