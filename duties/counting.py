"""What an entered or struck proof does to the clocks of its task: counts are met, periods begin anew."""

from datetime import date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.people import Actor
from duties.kinds import DutyKind
from duties.models import DutyTask, DutyTerm, Evidence
from duties.quotas import needed, tally_of
from duties.terms import (
    PERIOD,
    PERIOD_RULE,
    QUARTER_RULE,
    begin_again,
    end_terms,
    point,
    quarter_end,
    quarter_of,
    running_terms,
    terms_of,
)
from escalation.models import Outcome
from sla import instant_of, local_date


def is_press(task: DutyTask) -> bool:
    """Whether its proofs are press events: they have a form, a speaker and a place in the column."""
    return task.rule == QUARTER_RULE


def is_period(task: DutyTask) -> bool:
    """Whether its clock begins anew after each record."""
    return task.rule == PERIOD_RULE


def missing(session: Session, task: DutyTask) -> str:
    """What the whole year's number still lacks, in words; "" when it is reached."""
    short = tally_of(session, task).short_of(needed(task.duty, "q4"))
    parts = [f"还差{short.events}次" if short.events else ""]
    parts.append(f"负责同志带头还差{short.leaders}次" if short.leaders else "")
    return "，".join(part for part in parts if part)


def after_entry(session: Session, task: DutyTask, proof: Evidence, *, by: Actor, at: datetime) -> None:
    """The act that reaches a number stops its clock itself; a record of a period begins the next one."""
    if task.duty.kind is DutyKind.QUOTA:
        tally = tally_of(session, task)
        met = [term for term in running_terms(session, task) if tally.reaches(needed(task.duty, term.name))]
        if met:
            end_terms(session, task, met, Outcome.FULFILLED, stopped_at=at, by=by, at=at)
    elif is_period(task):
        _next_period(session, task, proof, by, at)


def _next_period(session: Session, task: DutyTask, proof: Evidence, by: Actor, at: datetime) -> None:
    """From the day of the record, which a late entry does not move; an older record than the last changes nothing."""
    running = running_terms(session, task)
    if any(proof.happened_on < local_date(term.clock.started_at) for term in running):
        return
    if running:
        end_terms(session, task, running, Outcome.FULFILLED, stopped_at=at, by=by, at=at)
    begin_again(session, task, PERIOD, since=noon(proof.happened_on, at), due_on=None, by=by, at=at)
    point(session, [task])


def noon(day: date, at: datetime) -> datetime:
    """A moment of this day that is not after `at`: the day alone counts."""
    return min(instant_of(day, time(12)), at)


def after_strike(session: Session, task: DutyTask, proof: Evidence, *, by: Actor, at: datetime) -> None:
    """What only the struck proof had fulfilled is owed again by its old day: a struck event rescues nobody."""
    if task.duty.kind is DutyKind.QUOTA:
        _reopen_counts(session, task, by, at)
    elif is_period(task):
        _reopen_period(session, task, proof, by, at)


def _reopen_counts(session: Session, task: DutyTask, by: Actor, at: datetime) -> None:
    tally = tally_of(session, task)
    latest = {term.name: term for term in terms_of(session, [task.id])[task.id]}
    for term in latest.values():
        fulfilled = term.clock.outcome is Outcome.FULFILLED
        if fulfilled and not tally.reaches(needed(task.duty, term.name)):
            day = quarter_end(task.duty.year, quarter_of(term.name))
            begin_again(session, task, term.name, since=term.clock.started_at, due_on=day, by=by, at=at)
    point(session, [task])


def _reopen_period(session: Session, task: DutyTask, proof: Evidence, by: Actor, at: datetime) -> None:
    """Only when the present period began with the struck record: it runs again from the one before."""
    running = running_terms(session, task)
    if not running or local_date(running[0].clock.started_at) != proof.happened_on:
        return
    since = last_record(session, task, at) or _first_start(session, task)
    end_terms(session, task, running, Outcome.CANCELLED, stopped_at=at, by=by, at=at)
    begin_again(session, task, PERIOD, since=since, due_on=None, by=by, at=at)
    point(session, [task])


def last_record(session: Session, task: DutyTask, at: datetime) -> datetime | None:
    """The day of the latest proof that stands, as a moment."""
    stands = (Evidence.task_id == task.id, Evidence.struck_at.is_(None))
    day = session.scalar(select(func.max(Evidence.happened_on)).where(*stands))
    return noon(day, at) if day else None


def _first_start(session: Session, task: DutyTask) -> datetime:
    terms: list[DutyTerm] = terms_of(session, [task.id])[task.id]
    return min(term.clock.started_at for term in terms)
