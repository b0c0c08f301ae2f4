"""The due moment of a clock: computed from its limit, extension and pauses, kept as revisions that stay."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import facts
from core.people import Actor
from escalation.models import Clock, Deadline, Move, Pause
from escalation.rules import calendar, limit_for
from sla import Due, WorkCalendar, due_at, local_date, rung_moments
from sla import Pause as Interval


def intervals(clock: Any, pauses: Sequence[Pause], *, until: date | None = None) -> list[Interval]:
    """The days a clock stood still that its present limit admits; an open pause counts up to `until` or not."""
    grounds = limit_for(clock.rule, clock.started_at).pause_grounds
    lawful = [pause for pause in pauses if pause.ground in grounds and (pause.until or until)]
    return [Interval(p.since, p.until or max(p.since, until or p.since), p.ground) for p in lawful]


def terms(
    clock: Any, pauses: Sequence[Pause], cal: WorkCalendar, *, until: date | None = None
) -> tuple[Due, Due]:
    """(approved, original) due moments of a clock or its row; a pause that has not ended is left out.

    With `until` the open pause counts as if it ended on that day.
    """
    if clock.set_for:
        return _dated_terms(clock, cal)
    limit, first = limit_for(clock.rule, clock.started_at), limit_for(clock.purpose, clock.started_at)
    still = intervals(clock, pauses, until=until)
    approved = due_at(clock.started_at, limit, cal, pauses=still, extra_workdays=clock.extra_workdays)
    return approved, due_at(clock.started_at, first, cal)


def _dated_terms(clock: Any, cal: WorkCalendar) -> tuple[Due, Due]:
    """A day that was named does not move with a calendar; the original is the day named first."""
    limit, day_before = (
        limit_for(clock.rule, clock.started_at),
        clock.origin_due_at - timedelta(microseconds=1),
    )
    approved = due_at(clock.started_at, limit, cal, on=clock.set_for)
    return approved, due_at(clock.started_at, limit, cal, on=local_date(day_before))


def pauses_of(session: Session, clock: Clock) -> Sequence[Pause]:
    """Every pause of a clock, the first one first."""
    return session.scalars(select(Pause).where(Pause.clock_id == clock.id).order_by(Pause.since)).all()


def open_pause(session: Session, clock: Clock) -> Pause | None:
    """The pause in which the clock stands now."""
    return session.scalar(select(Pause).where(Pause.clock_id == clock.id, Pause.until.is_(None)))


def revision(clock: Clock, move: Move, *, reason: str, by: Actor, at: datetime) -> Deadline:
    """The clock's present due moment as a row that is never changed."""
    return Deadline(
        clock_id=clock.id,
        rev=clock.rev,
        due_on=clock.due_on,
        due_at=clock.due_at,
        provisional=clock.provisional,
        calendar_version=clock.calendar_version,
        move=move,
        reason=reason,
        by_id=by.id,
        at=at,
    )


def revise(session: Session, clock: Clock, move: Move, *, reason: str, by: Actor, at: datetime) -> None:
    """Append a revision with the due moment recomputed; its ladder begins anew, unless the clock stands still."""
    session.flush()
    cal, before = calendar(), clock.due_at
    due, origin = terms(clock, pauses_of(session, clock), cal)
    clock.due_on, clock.due_at, clock.origin_due_at = due.on, due.at, origin.at
    clock.provisional, clock.calendar_version, clock.rev = due.provisional, cal.version, clock.rev + 1
    first = rung_moments(due, limit_for(clock.rule, clock.started_at), cal)[0][1]
    clock.next_at = None if clock.paused_since else first
    session.add(revision(clock, move, reason=reason, by=by, at=at))
    note = (
        reason if move in (Move.RESUME, Move.DATE) else ""
    )  # the others were asked for: the request says why
    change = {"before": {"due_at": before}, "after": {"due_at": due.at}}
    facts.record(session, facts.Entry(f"clock:{move}", clock.subject, by, at, **change, note=note))


def begin_pause(
    session: Session, clock: Clock, ground: str, *, asked_by_id: int | None, by: Actor, at: datetime
) -> None:
    """Stand still from the day of `at`; the due moment stays as it is until the pause has an end."""
    pause = Pause(clock_id=clock.id, since=local_date(at), ground=ground)
    pause.asked_by_id, pause.approved_by_id = asked_by_id, by.id
    session.add(pause)
    clock.paused_since, clock.next_at, clock.rev = pause.since, None, clock.rev + 1
    session.add(revision(clock, Move.PAUSE, reason=ground, by=by, at=at))


def end_pause(session: Session, clock: Clock, *, on: date, reason: str, by: Actor, at: datetime) -> None:
    """Run again: `on` is the last day that is not counted, and never before the first."""
    pause = open_pause(session, clock)
    if pause is None:
        raise LookupError(f"clock {clock.id} does not stand still")
    pause.until, clock.paused_since = max(on, pause.since), None
    revise(session, clock, Move.RESUME, reason=reason, by=by, at=at)
