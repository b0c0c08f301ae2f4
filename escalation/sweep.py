"""The sweep: find clocks whose next rung has come, write each crossed rung once, look again later.

Level-triggered: it recomputes what is true at `at`, so a missed run heals itself. Any number of sweeps may run at once;
the unique key of `notice` is what makes a notice single. Notice, inbox copy, fact and the moved `next_at` are one
transaction for a batch small enough that no other writer waits long.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core import facts
from core.db import Database
from core.people import SYSTEM
from escalation.audience import Audience
from escalation.models import Clock, Heartbeat, Notice, NoticeCopy
from escalation.rules import calendar, limit_for, stored_due
from sla import Rung, WorkCalendar, rung_moments

BATCH = 250
BEAT_EVERY = timedelta(seconds=60)
LOOK_AGAIN = timedelta(hours=1)
log = logging.getLogger(__name__)
CLOCK: Table = Clock.__table__  # type: ignore[assignment]
Row = dict[str, Any]


@dataclass
class Counts:
    """What one sweep did."""

    clocks: int = 0
    notices: int = 0
    superseded: int = 0
    copies: int = 0
    faulty: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True)
class Crossed:
    """What one due clock needs: the rungs behind us and when to look again."""

    clock: Any
    rungs: tuple[tuple[Rung, datetime], ...]
    next_at: datetime | None


def sweep(db: Database, *, at: datetime) -> Counts:
    """Write every notice that is due at `at`; safe to run twice, at once, or after days of silence."""
    counts = Counts()
    while _anything_due(db, at) and _one_batch(db, at, counts):
        pass
    _beat(db, at)
    return counts


def _anything_due(db: Database, at: datetime) -> bool:
    with db.reading() as session:
        return session.scalar(select(Clock.id).where(Clock.next_at <= at).limit(1)) is not None


def _one_batch(db: Database, at: datetime, counts: Counts) -> int:
    with db.writing() as session:
        rows = session.execute(_due_clocks(at)).all()
        crossed = [_look(row, calendar(), at, counts) for row in rows]
        if crossed:
            _issue(session, crossed, at, counts)
            _push_forward(session, crossed)
        counts.clocks += len(crossed)
        return len(crossed)


def _due_clocks(at: datetime) -> Any:
    due = select(CLOCK).where(CLOCK.c.next_at <= at).order_by(CLOCK.c.next_at)
    return due.limit(BATCH).with_for_update(skip_locked=True)


def _look(row: Any, cal: WorkCalendar, at: datetime, counts: Counts) -> Crossed:
    """A clock that cannot be read is set aside for an hour, so that it does not hold up the others."""
    try:
        limit = limit_for(row.rule, row.started_at)
        due = stored_due(on=row.due_on, at=row.due_at, provisional=row.provisional, limit=limit)
        moments = rung_moments(due, limit, cal)
    except (LookupError, ValueError):
        log.exception("clock %s cannot be read", row.id)
        counts.faulty += 1
        return Crossed(row, (), at + LOOK_AGAIN)
    behind = tuple((rung, moment) for rung, moment in moments if moment <= at)
    ahead = next((moment for _rung, moment in moments if moment > at), None)
    return Crossed(row, behind, ahead)


def _issue(session: Session, crossed: Sequence[Crossed], at: datetime, counts: Counts) -> None:
    wanted = {(row["clock_id"], row["rung"]): row for row in _notice_rows(crossed, at)}
    issued = _insert_new(session, list(wanted.values()))
    people, rungs = Audience(session), {rung.key: rung for item in crossed for rung, _moment in item.rungs}
    subjects = {item.clock.id: item.clock.subject for item in crossed}
    copies, entries = [], []
    for notice_id, clock_id, rung in issued:
        row = wanted[clock_id, rung]
        after = {"notice": notice_id, "rung": rung, "rev": row["rev"], "due_at": row["due_at"]}
        if row["superseded"]:
            counts.superseded += 1
        else:
            told = people.of(row["unit_id"], rungs[rung].audience)
            copies += [{"notice_id": notice_id, "person_id": person_id} for person_id in told]
            after["to"] = told
        entries.append(facts.Entry("notice:issue", subjects[clock_id], SYSTEM, at, after=after))
    if copies:
        session.execute(insert(NoticeCopy), copies)
    facts.record_many(session, entries)
    counts.notices += len(issued)
    counts.copies += len(copies)


def _notice_rows(crossed: Sequence[Crossed], at: datetime) -> Iterator[Row]:
    """After an outage every crossed rung is recorded, but only the highest is sent."""
    for item in crossed:
        clock = item.clock
        for rung, moment in item.rungs:
            yield {
                "clock_id": clock.id,
                "rev": clock.rev,
                "rung": rung.key,
                "unit_id": clock.unit_id,
                "due_at": clock.due_at,
                "moment": moment,
                "issued_at": at,
                "superseded": rung is not item.rungs[-1][0],
            }


def _insert_new(session: Session, rows: list[Row]) -> list[tuple[int, int, str]]:
    """Only what was not there yet comes back: (notice id, clock id, rung)."""
    if not rows:
        return []
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    query = dialect.insert(Notice).on_conflict_do_nothing(index_elements=["clock_id", "rev", "rung"])
    found = session.execute(query.returning(Notice.id, Notice.clock_id, Notice.rung), rows)
    return sorted((row.id, row.clock_id, row.rung) for row in found)


def _push_forward(session: Session, crossed: Sequence[Crossed]) -> None:
    query = update(CLOCK).where(CLOCK.c.id == bindparam("clock")).values(next_at=bindparam("then"))
    session.connection().execute(query, [{"clock": item.clock.id, "then": item.next_at} for item in crossed])


def _beat(db: Database, at: datetime) -> None:
    with db.reading() as session:
        last = session.get(Heartbeat, "sweep")
    if last is None or abs(at - last.at) >= BEAT_EVERY:
        with db.writing() as session:
            session.merge(Heartbeat(name="sweep", at=at))
