"""Running clocks follow the calendar in force: previewed, moved in batches, told once.

Which clocks are left is read from their stored calendar version, so a crash in the middle is continued.
A stopped clock never moves.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from core import facts
from core.db import Database
from core.people import SYSTEM, Role
from escalation.audience import Audience
from escalation.calendar_models import CalendarVersion, CalendarWord
from escalation.calendars import in_force
from escalation.deadlines import terms
from escalation.models import Clock, Deadline, Move, Pause
from escalation.rules import limit_for
from sla import Due, WorkCalendar, local_date, rung_moments

BATCH = 300
HOLDERS = (Role.HANDLER, Role.CONTACT)
CLOCK: Table = Clock.__table__  # type: ignore[assignment]
Row = dict[str, Any]


@dataclass(frozen=True)
class Moved:
    """One running clock that the calendar moves, or settles without moving."""

    row: Any
    due: Due
    origin: Due
    paused: bool = False

    @property
    def moves(self) -> bool:
        return bool(self.due.at != self.row.due_at)

    @property
    def later(self) -> bool:
        return bool(self.due.at > self.row.due_at)


@dataclass
class Preview:
    """What a new calendar would do to the clocks that run."""

    calendar: WorkCalendar
    running: int = 0
    earlier: int = 0
    later: int = 0
    settled: int = 0
    moves: Counter[tuple[date, date]] = field(default_factory=Counter)
    units: Counter[int] = field(default_factory=Counter)
    sample: list[Moved] = field(default_factory=list)
    told: int = 0

    @property
    def moved(self) -> int:
        return self.earlier + self.later


def preview(session: Session, cal: WorkCalendar, *, sample: int = 100) -> Preview:
    """Count every running clock under `cal`; nothing is written."""
    made = Preview(cal)
    for moved in _under(session, select(CLOCK).where(CLOCK.c.stopped_at.is_(None)), cal):
        made.running += 1
        if not moved.moves:
            made.settled += moved.row.provisional and not moved.due.provisional
            continue
        made.earlier, made.later = made.earlier + (not moved.later), made.later + moved.later
        made.moves[moved.row.due_on, moved.due.on] += 1
        made.units[moved.row.unit_id] += 1
        if len(made.sample) < sample:
            made.sample.append(moved)
    people = Audience(session)
    made.told = len({person for unit in made.units for person in people.of(unit, HOLDERS)})
    return made


def _under(session: Session, query: Any, cal: WorkCalendar) -> Iterator[Moved]:
    """Each clock with its due moments under `cal`; those that started alike are computed once."""
    rows = session.execute(query).all()
    pauses = _pauses(session)
    known: dict[tuple[Any, ...], tuple[Due, Due]] = {}
    for row in rows:
        if row.id in pauses:
            still = any(pause.until is None for pause in pauses[row.id])
            yield Moved(row, *terms(row, pauses[row.id], cal), paused=still)
            continue
        key = (
            row.rule,
            row.started_at if _runs_in_hours(row) else local_date(row.started_at),
            row.extra_workdays,
            row.set_for and (row.set_for, row.origin_due_at),
        )
        if key not in known:
            known[key] = terms(row, [], cal)
        yield Moved(row, *known[key])


def _runs_in_hours(row: Any) -> bool:
    return limit_for(row.rule, row.started_at).hours is not None


def _pauses(session: Session) -> dict[int, list[Pause]]:
    found: dict[int, list[Pause]] = defaultdict(list)
    running = select(Pause).join(Clock, Clock.id == Pause.clock_id).where(Clock.stopped_at.is_(None))
    for pause in session.scalars(running):
        found[pause.clock_id].append(pause)
    return found


def recompute(db: Database, *, at: datetime) -> int:
    """Bring every running clock to the calendar in force; returns how many moved. May run twice at once."""
    moved = 0
    while (batch := _one_batch(db, at)) is not None:
        moved += batch
    _finish(db, at)
    return moved


def waiting(session: Session) -> int:
    """How many running clocks do not follow the calendar in force yet."""
    return session.scalar(select(func.count()).select_from(CLOCK).where(*_behind(in_force().version))) or 0


def _behind(version: str) -> tuple[Any, ...]:
    other = or_(CLOCK.c.calendar_version < version, CLOCK.c.calendar_version > version)
    return (CLOCK.c.stopped_at.is_(None), other)


def _one_batch(db: Database, at: datetime) -> int | None:
    """How many clocks of one batch moved; None when none is left behind."""
    if not _any_behind(db):
        return None
    with db.writing() as session:
        cal = in_force()
        query = select(CLOCK).where(*_behind(cal.version)).limit(BATCH).with_for_update(skip_locked=True)
        found = list(_under(session, query, cal))
        moved = [item for item in found if item.moves]
        settled = [item for item in found if not item.moves and item.due.provisional != item.row.provisional]
        if moved:
            session.execute(insert(Deadline), [_revision(item, cal, at) for item in moved])
        facts.record_many(session, [_fact(item, cal, at) for item in moved + settled])
        if found:
            session.connection().execute(_FOLLOW, [_values(item, cal) for item in found])
        return len(moved)


def _any_behind(db: Database) -> bool:
    with db.reading() as session:
        return session.scalar(select(CLOCK.c.id).where(*_behind(in_force().version)).limit(1)) is not None


_FOLLOW = (
    update(CLOCK)
    .where(CLOCK.c.id == bindparam("clock"))
    .values({name: bindparam(f"new_{name}") for name in ("due_on", "due_at", "origin_due_at", "provisional")})
    .values(calendar_version=bindparam("version"), rev=bindparam("new_rev"), next_at=bindparam("new_next_at"))
)


def _values(item: Moved, cal: WorkCalendar) -> Row:
    """A moved deadline is a new revision, and its ladder begins anew; otherwise only the version changes."""
    limit = limit_for(item.row.rule, item.row.started_at)
    first = None if item.paused else rung_moments(item.due, limit, cal)[0][1]
    return {
        "clock": item.row.id,
        "new_due_on": item.due.on,
        "new_due_at": item.due.at,
        "new_origin_due_at": item.origin.at,
        "new_provisional": item.due.provisional,
        "version": cal.version,
        "new_rev": item.row.rev + item.moves,
        "new_next_at": first if item.moves else item.row.next_at,
    }


def _revision(item: Moved, cal: WorkCalendar, at: datetime) -> Row:
    return {
        "clock_id": item.row.id,
        "rev": item.row.rev + 1,
        "due_on": item.due.on,
        "due_at": item.due.at,
        "provisional": item.due.provisional,
        "calendar_version": cal.version,
        "move": Move.CALENDAR,
        "reason": "",
        "by_id": None,
        "at": at,
    }


def _fact(item: Moved, cal: WorkCalendar, at: datetime) -> facts.Entry:
    row = item.row
    before = {"due_at": row.due_at, "provisional": row.provisional, "calendar": row.calendar_version}
    after = {"due_at": item.due.at, "provisional": item.due.provisional, "calendar": cal.version}
    act = "clock:move" if item.moves else "clock:settle"
    return facts.Entry(act, row.subject, SYSTEM, at, before=before, after=after)


def _finish(db: Database, at: datetime) -> None:
    """Close the version and tell each holder once, in one transaction."""
    with db.reading() as session:
        unfinished = session.scalar(select(CalendarVersion.id).where(CalendarVersion.recomputed_at.is_(None)))
    if unfinished is None:
        return
    with db.writing() as session:
        open_versions = select(CalendarVersion).where(CalendarVersion.recomputed_at.is_(None))
        versions = session.scalars(open_versions.order_by(CalendarVersion.id).with_for_update()).all()
        for version in versions:
            _tell(session, version, at)
            version.recomputed_at = at


def _tell(session: Session, version: CalendarVersion, at: datetime) -> None:
    moved = select(Clock.unit_id, func.count()).join(Deadline, Deadline.clock_id == Clock.id)
    moved = moved.where(
        Deadline.move == Move.CALENDAR, Deadline.calendar_version.startswith(f"{version.label}+")
    )
    people, told = Audience(session), Counter[int]()
    for unit_id, count in session.execute(moved.group_by(Clock.unit_id)):
        version.moved += count
        for person_id in people.of(unit_id, HOLDERS):
            told[person_id] += count
    session.add_all(
        CalendarWord(version_id=version.id, person_id=person_id, moved=count, told_at=at)
        for person_id, count in sorted(told.items())
    )
