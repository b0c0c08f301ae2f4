"""The sweep: find clocks whose next rung has come, write each crossed rung once, look again later.

Level-triggered: it recomputes what is true at `at`, so a missed run heals itself. Any number of sweeps may
run at once; the unique key of `notice` is what makes a notice single. Notice, inbox copy, fact and the moved
`next_at` are one transaction for a batch small enough that no other writer waits long.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from core import facts
from core.db import Database, insert_of
from core.people import SYSTEM
from escalation import notices
from escalation.audience import Audience
from escalation.models import Clock, Heartbeat
from escalation.posting import Heard, Row
from escalation.rules import calendar, ladder, rules
from sla import Rung, WorkCalendar, is_open, local_date, next_opening

BATCH = 250
BEAT_EVERY = timedelta(seconds=60)
LOOK_AGAIN = timedelta(hours=1)
log = logging.getLogger(__name__)
CLOCK: Table = Clock.__table__  # type: ignore[assignment]
NEEDED = ("id", "subject", "rule", "unit_id", "started_at", "due_on", "due_at", "rev")


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
    due = select(*(CLOCK.c[name] for name in NEEDED)).where(CLOCK.c.next_at <= at).order_by(CLOCK.c.next_at)
    return due.limit(BATCH).with_for_update(skip_locked=True)


def _look(row: Any, cal: WorkCalendar, at: datetime, counts: Counts) -> Crossed:
    """A clock that cannot be read is set aside for an hour, so that it does not hold up the others."""
    try:
        rungs, next_at = _standing(row.rule, local_date(row.started_at), row.due_on, row.due_at, cal, at)
    except Exception:  # whatever is wrong with one clock must not silence all the others
        log.exception("clock %s cannot be read", row.id)
        counts.faulty += 1
        return Crossed(row, (), at + LOOK_AGAIN)
    return Crossed(row, rungs, next_at)


@lru_cache(maxsize=1024)
def _standing(
    rule: str, started_on: date, due_on: date, due_at: datetime, cal: WorkCalendar, at: datetime
) -> tuple[tuple[tuple[Rung, datetime], ...], datetime | None]:
    """The rungs behind and the next look of a deadline; the clocks of one batch share few of them.

    Outside office hours a limit in days waits for the next opening; hours speak at night and on holidays too.
    """
    limit = rules().at(rule, started_on)
    moments = ladder(rule, started_on, due_on, due_at, cal)
    if limit.hours is None and not is_open(at, limit, cal):
        return (), next_opening(at, limit, cal)
    behind = tuple((rung, moment) for rung, moment in moments if moment <= at)
    return behind, next((moment for _rung, moment in moments if moment > at), None)


def _issue(session: Session, crossed: Sequence[Crossed], at: datetime, counts: Counts) -> None:
    """Notices, inbox copies, outbox rows and one fact for each notice, only for what was not there yet.

    The facts are chained just before the commit: until then other writers need not wait for this batch.
    """
    wanted = {(row["clock_id"], row["rung"]): row for row in _notice_rows(crossed, at)}
    people = Audience(session, on=local_date(at))
    rungs = {(item.clock.id, rung.key): rung for item in crossed for rung, _moment in item.rungs}
    subjects = {item.clock.id: item.clock.subject for item in crossed}
    copies: list[Row] = []
    heard: dict[int, Heard] = {}
    entries: list[facts.Entry] = []
    for notice_id, clock_id, key in notices.insert_new(session, list(wanted.values())):
        row = wanted[clock_id, key]
        roles = rungs[clock_id, key].audience
        told = [] if row["superseded"] else people.of(row["unit_id"], roles)
        heard |= {} if row["superseded"] else {notice_id: Heard(row["unit_id"], roles)}
        copies += [{"notice_id": notice_id, "person_id": person_id} for person_id in told]
        entries.append(notices.issued(subjects[clock_id], notice_id, row, told, SYSTEM, at))
        counts.superseded += row["superseded"]
    notices.post(session, copies, heard, people, at)
    for entry in entries:
        facts.record(session, entry)
    counts.notices += len(entries)
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
                "paper": rung.paper or None,
            }


def _push_forward(session: Session, crossed: Sequence[Crossed]) -> None:
    """Clocks of one batch share few moments, so one statement for each moment moves them all."""
    clocks = defaultdict(list)
    for item in crossed:
        clocks[item.next_at].append(item.clock.id)
    for then, ids in clocks.items():
        session.connection().execute(update(CLOCK).where(CLOCK.c.id.in_(ids)).values(next_at=then))


def _beat(db: Database, at: datetime) -> None:
    with db.reading() as session:
        last = session.get(Heartbeat, "sweep")
    if last is not None and abs(at - last.at) < BEAT_EVERY:
        return
    with db.writing() as session:
        beat = insert_of(session)(Heartbeat).values(name="sweep", at=at)
        session.execute(beat.on_conflict_do_update(index_elements=["name"], set_={"at": at}))
