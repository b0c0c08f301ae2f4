"""Why this is the due day: one clock's whole count for paper, with the limits it might have had."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import Actor, Unit
from escalation.board import clocks_of
from escalation.calendar_page import moment
from escalation.calendars import as_of
from escalation.deadlines import intervals, pauses_of
from escalation.models import Clock, Deadline, Pause
from escalation.ruler_scene import day_words
from escalation.rules import due_of, limit_for
from escalation.standing import original_due
from escalation.today import WEEKDAYS
from sla import DayNote, Due, Limit, WorkCalendar, due_at, explain, local_date
from sla import Pause as Interval


@dataclass(frozen=True)
class Line:
    """One day of the count."""

    on: str
    counted_as: str
    why: str
    basis: str


@dataclass(frozen=True)
class Revision:
    """One due moment that the clock has had."""

    rev: int
    due: str
    cause: str
    version: str
    at: str


@dataclass(frozen=True)
class Why:
    """`first` is the due day by the first limit, "" where it is the same; `doubt` says what no longer fits."""

    clock_id: int
    number: str
    link: str
    unit: str
    rule: str
    term: str
    basis: str
    received: str
    due: str
    first: str
    stopped: str
    provisional: bool
    version: str
    lines: tuple[Line, ...]
    pauses: tuple[str, ...]
    revisions: tuple[Revision, ...]
    doubt: str


def find(session: Session, person: Actor, clock_id: int) -> Clock | None:
    """A clock that this person may see."""
    return session.scalar(select(Clock).where(Clock.id == clock_id, clocks_of(person)))


def build(session: Session, clock: Clock, at: datetime) -> Why:
    """Counted by the calendar that the clock follows, which for a stopped one is that of its time."""
    limit, cal = limit_for(clock.rule, clock.started_at), as_of(session, clock.calendar_version)
    pauses = pauses_of(session, clock)
    until = local_date(clock.stopped_at or at)
    gaps = intervals(clock, pauses, until=until)
    terms = _terms(clock, limit, gaps)
    notes = explain(clock.started_at, limit, cal, **terms)
    due, stored = due_at(clock.started_at, limit, cal, **terms), due_of(clock)
    moved = clock.origin_due_at != clock.due_at
    return Why(
        clock_id=clock.id,
        number=clock.link.rsplit("/", 1)[-1],
        link=clock.link,
        unit=session.get_one(Unit, clock.unit_id).name,
        rule=limit.name,
        term=_term(limit, clock.extra_workdays),
        basis=limit.basis,
        received=moment(clock.started_at),
        due=_due_words(stored, limit),
        first=_first(clock, cal) if moved else "",
        stopped=_stopped(clock),
        provisional=clock.provisional,
        version=clock.calendar_version,
        lines=tuple(_lines(notes)),
        pauses=tuple(_pause(pause) for pause in pauses),
        revisions=_revisions(session, clock),
        doubt=_doubt(pauses, due, stored),
    )


def _terms(clock: Clock, limit: Limit, gaps: Sequence[Interval]) -> dict[str, Any]:
    """What besides receipt and limit decides the due day."""
    if limit.dated:
        return {"on": clock.set_for}
    return {"pauses": gaps, "extra_workdays": clock.extra_workdays} if limit.hours is None else {}


def _first(clock: Clock, cal: WorkCalendar) -> str:
    first = limit_for(clock.purpose, clock.started_at)
    if first.dated:
        return _due_words(original_due(clock), first)
    return _due_words(due_at(clock.started_at, first, cal), first)


def _term(limit: Limit, extra: int) -> str:
    if limit.hours is not None:
        return f"{limit.hours}小时，昼夜连续"
    if limit.dated:
        return "指定的日期"
    unit = "个工作日" if limit.workdays is not None else "日（自然日）"
    term = f"{limit.workdays if limit.workdays is not None else limit.days}{unit}"
    return f"{term}，另批准延长{extra}{unit}" if extra else term


def _due_words(due: Due, limit: Limit) -> str:
    shown = moment(due.shown_at)
    return shown if limit.hours is not None else f"{shown}，当日24:00后计为逾期"


def _stopped(clock: Clock) -> str:
    if clock.stopped_at is None or clock.outcome is None:
        return ""
    return f"{moment(clock.stopped_at)}{clock.outcome.label}"


def _lines(notes: Sequence[DayNote]) -> Iterator[Line]:
    """A basis that holds for several days is written out on the first of them."""
    before = ""
    for note in notes:
        day = f"{note.on.year}年{day_words(note.on)} 周{WEEKDAYS[note.on.weekday()]}"
        yield Line(
            day, _counted_as(note), note.why, "同上" if note.basis and note.basis == before else note.basis
        )
        before = note.basis


def _counted_as(note: DayNote) -> str:
    if note.paused:
        return "暂停"
    if note.number is not None:
        return f"第{note.number}日"
    return "连续计时" if note.counted else "不计"


def _pause(pause: Pause) -> str:
    end = f"至{_full(pause.until)}" if pause.until else "起，尚未恢复"
    return f"{_full(pause.since)}{end}：{pause.ground}"


def _full(on: date) -> str:
    return f"{on.year}年{day_words(on)}"


def _revisions(session: Session, clock: Clock) -> tuple[Revision, ...]:
    rows = session.scalars(select(Deadline).where(Deadline.clock_id == clock.id).order_by(Deadline.rev))
    return tuple(
        Revision(
            rev=row.rev,
            due=_full(row.due_on) + ("（暂定）" if row.provisional else ""),
            cause=row.move.label + (f"：{row.reason}" if row.reason else ""),
            version=row.calendar_version,
            at=moment(row.at),
        )
        for row in rows
    )


def _doubt(pauses: Sequence[Pause], due: Due, stored: Due) -> str:
    """Where the table cannot come to the stored day: it says so and never hides the stored one."""
    if any(pause.until is None for pause in pauses):
        return "计时仍在暂停，到期日随恢复之日顺延；下表按今天恢复计算。"
    if due.on != stored.on:
        return f"存档的到期日是{_full(stored.on)}，以存档为准；下表按程序现有的日历推算，两者不同。"
    return ""
