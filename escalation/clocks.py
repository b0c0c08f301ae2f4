"""Verbs on clocks: start, hand over, stop. None of them commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import facts
from core.people import Actor
from escalation.deadlines import end_pause, revise, revision
from escalation.models import Clock, Handover, Move, Outcome
from escalation.rules import calendar, limit_for
from sla import due_at, local_date, rung_moments


class NotRunning(ValueError):
    """The subject has no running clock of this rule."""


@dataclass(frozen=True)
class Start:
    """What a clock is started for: the matter, the citizen's contact, and the unit that holds it."""

    subject: str
    received_at: datetime
    unit_id: int
    label: str
    link: str
    due_on: date | None = None  # only where the limit is a date


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
    due_on: date | None = None,
) -> Clock:
    """Start the clock at the citizen's contact; `at`, when this was entered, never moves the due moment."""
    one = Start(subject, received_at, unit_id, label, link, due_on)
    (clock,) = start_many(session, rule, [one], by=by, at=at)
    return clock


def start_many(
    session: Session, rule: str, starts: Sequence[Start], *, by: Actor, at: datetime
) -> list[Clock]:
    """The clocks of a batch, in the order given, written with one statement."""
    made = [_clock(rule, start) for start in starts]
    session.add_all(made)
    session.flush()
    session.add_all([revision(clock, Move.START, reason="", by=by, at=at) for clock in made])
    for clock in made:
        after = {"rule": rule, "started_at": clock.started_at, "due_at": clock.due_at}
        after["calendar"] = clock.calendar_version
        facts.record(session, facts.Entry("clock:start", clock.subject, by, at, after=after))
    return made


def _clock(rule: str, start: Start) -> Clock:
    cal, limit = calendar(), limit_for(rule, start.received_at)
    due = due_at(start.received_at, limit, cal, on=start.due_on)
    first = rung_moments(due, limit, cal)[0][1]
    return Clock(
        subject=start.subject,
        purpose=rule,
        rule=rule,
        rule_rev=limit.rev,
        label=start.label,
        link=start.link,
        unit_id=start.unit_id,
        started_at=start.received_at,
        set_for=start.due_on,
        due_on=due.on,
        due_at=due.at,
        origin_due_at=due.at,
        provisional=due.provisional,
        calendar_version=cal.version,
        rev=1,
        next_at=first,
    )


def find(session: Session, subject: str, rule: str) -> Clock | None:
    """The clock of a subject, running or stopped."""
    return session.scalar(select(Clock).where(Clock.subject == subject, Clock.purpose == rule))


def move_date(session: Session, clock: Clock, due_on: date, *, reason: str, by: Actor, at: datetime) -> None:
    """Name another day for a clock whose limit is a date; the first one stays its original. Raises NotRunning."""
    if clock.stopped_at is not None:
        raise NotRunning(f"{clock.subject} {clock.rule}")
    clock.set_for = due_on
    revise(session, clock, Move.DATE, reason=reason, by=by, at=at)


def hand_over(session: Session, subject: str, rule: str, *, unit_id: int, at: datetime) -> None:
    """Another unit now holds the matter; the time does not move. The act that caused it writes the fact."""
    give(session, running(session, subject, rule), unit_id=unit_id, at=at)


def give(session: Session, clock: Clock, *, unit_id: int, at: datetime) -> None:
    """`hand_over` for a clock that the caller holds already."""
    if clock.unit_id != unit_id:
        session.add(Handover(clock_id=clock.id, from_unit_id=clock.unit_id, to_unit_id=unit_id, at=at))
        clock.unit_id = unit_id


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
    """Stop for good: the citizen was told at `stopped_at`, it was entered at `at`. Raises NotRunning."""
    clock = running(session, subject, rule)
    halt(session, clock, outcome=outcome, stopped_at=stopped_at, by=by, at=at)
    return clock


def halt(
    session: Session, clock: Clock, *, outcome: Outcome, stopped_at: datetime, by: Actor, at: datetime
) -> None:
    """`stop` for a clock that the caller holds already; a pause ends with it. Raises NotRunning."""
    if clock.stopped_at is not None:
        raise NotRunning(f"{clock.subject} {clock.rule}")
    if clock.paused_since:
        end_pause(session, clock, on=local_date(stopped_at), reason=outcome.label, by=by, at=at)
    clock.stopped_at, clock.outcome, clock.next_at = stopped_at, outcome, None
    after = {"rule": clock.rule, "outcome": outcome, "stopped_at": stopped_at, "due_at": clock.due_at}
    facts.record(session, facts.Entry("clock:stop", clock.subject, by, at, after=after))


def running(session: Session, subject: str, rule: str) -> Clock:
    """The clock while it runs. Raises NotRunning."""
    clock = find(session, subject, rule)
    if clock is None or clock.stopped_at is not None:
        raise NotRunning(f"{subject} {rule}")
    return clock


def on_time(clock: Clock) -> bool | None:
    """Whether it stopped in time (the due moment itself counts); None while it runs."""
    return None if clock.stopped_at is None else clock.stopped_at <= clock.due_at


def on_time_by_origin(clock: Clock) -> bool | None:
    """The other figure: as if nothing had been extended or paused."""
    return None if clock.stopped_at is None else clock.stopped_at <= clock.origin_due_at
