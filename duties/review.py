"""回头看 (十四、第3行第3项): what of a year was not done, and what was asked for about it since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from core.people import Actor
from duties.ledger_rows import Row
from duties.ledger_rows import build as rows_of
from duties.lights import light_of, over_before
from duties.models import Duty, DutyTask, Rectification
from duties.stages import RUNNING
from duties.visibility import tasks_visible_to
from escalation.models import Clock
from escalation.ruler_words import LightWords
from sla import local_date

PAGE = 30


@dataclass(frozen=True)
class Mended:
    """A task that was asked for about one that was not done."""

    id: int
    light: LightWords
    stage: str


@dataclass(frozen=True)
class Missed:
    """A task that was not done in its time; `mended` is what was asked for about it."""

    row: Row
    mended: tuple[Mended, ...]


@dataclass(frozen=True)
class Review:
    """One page; `after` is where the next begins, None at the end."""

    rows: tuple[Missed, ...]
    after: tuple[int, int] | None


def build(
    session: Session, person: Actor, year: int, *, after: tuple[int, int] | None, at: datetime
) -> Review:
    """What was not signed off although its last day has passed, in the order of the list."""
    query = select(DutyTask).join(DutyTask.duty).outerjoin(Clock, Clock.id == DutyTask.clock_id)
    query = query.where(*_missed(person, year, at))
    if after is not None:
        place, task_id = after
        later = (Duty.position > place) | ((Duty.position == place) & (DutyTask.id > task_id))
        query = query.where(later)
    loads = (contains_eager(DutyTask.duty), contains_eager(DutyTask.clock), joinedload(DutyTask.unit))
    query = query.options(*loads).order_by(Duty.position, DutyTask.id).limit(PAGE + 1)
    tasks = list(session.scalars(query))
    more, tasks = len(tasks) > PAGE, tasks[:PAGE]
    mended = _mended(session, [task.id for task in tasks], at)
    rows = tuple(Missed(row, tuple(mended.get(row.id, ()))) for row in rows_of(session, tasks, at=at))
    last = tasks[-1] if tasks else None
    return Review(rows, (last.duty.position, last.id) if more and last else None)


def _missed(person: Actor, year: int, at: datetime) -> tuple[ColumnElement[bool], ...]:
    over = over_before(local_date(at))
    return Duty.year == year, DutyTask.stage.in_(RUNNING), over, tasks_visible_to(person)


def count(session: Session, person: Actor, year: int, *, at: datetime) -> int:
    """How many tasks of the year were not done in their time."""
    query: Any = select(DutyTask.id).join(Duty, Duty.id == DutyTask.duty_id)
    return len(session.scalars(query.where(*_missed(person, year, at))).all())


def _mended(session: Session, ids: list[int], at: datetime) -> dict[int, list[Mended]]:
    query = select(Rectification.about_id, DutyTask).join(DutyTask, DutyTask.id == Rectification.task_id)
    loads = (joinedload(DutyTask.duty), joinedload(DutyTask.clock))
    rows = session.execute(query.where(Rectification.about_id.in_(ids)).options(*loads).order_by(DutyTask.id))
    found: dict[int, list[Mended]] = {}
    for about_id, task in rows:
        found.setdefault(about_id, []).append(Mended(task.id, light_of(task, at), task.stage.label))
    return found
