"""Verbs on clocks: start, hand over, stop. None of them commits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import facts
from core.people import Actor
from escalation.models import Clock, Deadline, Outcome
from escalation.rules import calendar, limit_for
from sla import due_at, rung_moments


class NotRunning(ValueError):
    """The subject has no running clock of this rule."""


def start(
    session: Session,
    subject: str,
    rule: str,
    *,
    received_at: datetime,
    unit_id: int,
    label: str,
    link: str,
    by: Actor,
    at: datetime,
) -> Clock:
    """Start the clock at the citizen's contact. `at` is when this was entered and never moves the due moment."""
    cal, limit = calendar(), limit_for(rule, received_at)
    due = due_at(received_at, limit, cal)
    first = rung_moments(due, limit, cal)[0][1]
    clock = Clock(
        subject=subject,
        rule=rule,
        rule_rev=limit.rev,
        label=label,
        link=link,
        unit_id=unit_id,
        started_at=received_at,
        due_on=due.on,
        due_at=due.at,
        provisional=due.provisional,
        calendar_version=cal.version,
        rev=1,
        next_at=first,
    )
    session.add(clock)
    session.flush()
    session.add(_revision(clock, reason="起算", by=by, at=at))
    after = {"rule": rule, "started_at": received_at, "due_at": due.at, "calendar": cal.version}
    facts.record(session, facts.Entry("clock:start", subject, by, at, after=after))
    return clock


def _revision(clock: Clock, *, reason: str, by: Actor, at: datetime) -> Deadline:
    return Deadline(
        clock_id=clock.id,
        rev=clock.rev,
        due_on=clock.due_on,
        due_at=clock.due_at,
        provisional=clock.provisional,
        calendar_version=clock.calendar_version,
        reason=reason,
        by_id=by.id,
        at=at,
    )


def find(session: Session, subject: str, rule: str) -> Clock | None:
    """The clock of a subject, running or stopped."""
    return session.scalar(select(Clock).where(Clock.subject == subject, Clock.rule == rule))


def hand_over(session: Session, subject: str, rule: str, *, unit_id: int) -> None:
    """Another unit now holds the matter; the time does not move. The act that caused it writes the fact."""
    _running(session, subject, rule).unit_id = unit_id


def stop(
    session: Session,
    subject: str,
    rule: str,
    *,
    outcome: Outcome,
    stopped_at: datetime,
    by: Actor,
    at: datetime,
) -> Clock:
    """Stop for good. `stopped_at` is when the citizen was told, `at` when this was entered. Raises NotRunning."""
    clock = _running(session, subject, rule)
    clock.stopped_at, clock.outcome, clock.next_at = stopped_at, outcome, None
    after = {"rule": rule, "outcome": outcome, "stopped_at": stopped_at, "due_at": clock.due_at}
    facts.record(session, facts.Entry("clock:stop", subject, by, at, after=after))
    return clock


def _running(session: Session, subject: str, rule: str) -> Clock:
    clock = find(session, subject, rule)
    if clock is None or clock.stopped_at is not None:
        raise NotRunning(f"{subject} {rule}")
    return clock


def on_time(clock: Clock) -> bool | None:
    """Whether it stopped in time (the due moment itself counts); None while it runs."""
    return None if clock.stopped_at is None else clock.stopped_at <= clock.due_at
