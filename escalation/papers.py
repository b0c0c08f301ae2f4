"""Reading papers: who sees which, the ledger by pages, what was written about one matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, select, true
from sqlalchemy.orm import Session

from core.people import Actor, Role, Unit
from core.permits import UNIT
from escalation.board import clocks_of
from escalation.models import Clock
from escalation.paper_kinds import PaperKind
from escalation.paper_models import Paper
from escalation.paper_stages import MAY_DRAFT, MAY_URGE, OUTSIDE, PaperStage
from escalation.ruler import day_words
from sla import local_date

PAGE = 30
LARGEST_ID = 2**31 - 1


def papers_visible_to(person: Actor) -> ColumnElement[bool]:
    """The one visibility query: the supervising and the watch office all, a unit those issued to it."""
    if person.has(Role.SUPERVISOR, Role.WATCH):
        return true()
    if person.roles.isdisjoint(UNIT):
        return false()
    return and_(Paper.unit_id == person.unit_id, Paper.stage.in_(OUTSIDE))


def find_paper(session: Session, paper_id: int, person: Actor) -> Paper | None:
    """The paper, if it exists for this person."""
    if not 0 < paper_id <= LARGEST_ID:
        return None
    return session.scalar(select(Paper).where(Paper.id == paper_id, papers_visible_to(person)))


def find_asked(session: Session, paper_id: int, person: Actor) -> Paper | None:
    """A draft about which this person's unit is asked for its statement."""
    if not 0 < paper_id <= LARGEST_ID or person.roles.isdisjoint(UNIT):
        return None
    asked = (Paper.unit_id == person.unit_id, Paper.statement_due.is_not(None))
    return session.scalar(
        select(Paper).where(Paper.id == paper_id, *asked, Paper.stage != PaperStage.DROPPED)
    )


def find_clock(session: Session, clock_id: int, person: Actor) -> Clock | None:
    """The clock, if it exists for this person."""
    if not 0 < clock_id <= LARGEST_ID:
        return None
    return session.scalar(select(Clock).where(Clock.id == clock_id, clocks_of(person)))


@dataclass(frozen=True)
class Filters:
    """What the ledger was asked for."""

    kind: PaperKind | None = None
    stage: PaperStage | None = None
    unit_id: int | None = None
    year: int | None = None


@dataclass(frozen=True)
class Row:
    """One line of the ledger."""

    id: int
    kind: str
    number: str
    title: str
    about: str
    unit: str
    stage: str
    waits: bool
    day: str
    reply_due: str
    times: int


@dataclass(frozen=True)
class Ledger:
    """A page of the ledger, newest first; ids to page from, None at an end."""

    rows: Sequence[Row]
    newer: int | None
    older: int | None


def ledger(
    session: Session,
    person: Actor,
    filters: Filters,
    *,
    before: int | None = None,
    after: int | None = None,
) -> Ledger:
    """Keyset paging by paper id: below `before`, or above `after`, or from the newest."""
    query = _narrowed(person, filters).limit(PAGE + 1)
    if after is not None:
        found = session.execute(query.where(Paper.id > after).order_by(Paper.id)).all()
        more, rows = (
            len(found) > PAGE,
            [_row(paper, unit, about) for paper, unit, about in found[:PAGE]][::-1],
        )
        return Ledger(rows, rows[0].id if rows and more else None, rows[-1].id if rows else None)
    if before is not None:
        query = query.where(Paper.id < before)
    found = session.execute(query.order_by(Paper.id.desc())).all()
    rows = [_row(paper, unit, about) for paper, unit, about in found[:PAGE]]
    newer = rows[0].id if rows and before is not None else None
    return Ledger(rows, newer, rows[-1].id if len(found) > PAGE else None)


def _rows() -> Select[Paper, str, str | None]:
    """Paper, short name of the addressee, and what its matter is called."""
    rows = select(Paper, Unit.short_name, Clock.label).join(Unit, Unit.id == Paper.unit_id)
    return rows.outerjoin(Clock, Clock.id == Paper.clock_id)


def _narrowed(person: Actor, filters: Filters) -> Select[Paper, str, str | None]:
    query = _rows().where(papers_visible_to(person))
    wanted = ((Paper.kind, filters.kind), (Paper.stage, filters.stage), (Paper.year, filters.year))
    for column, value in (*wanted, (Paper.unit_id, filters.unit_id)):
        if value is not None:
            query = query.where(column == value)
    return query


def _row(paper: Paper, unit: str, about: str | None) -> Row:
    day = local_date(paper.issued_at or paper.drafted_at)
    return Row(
        id=paper.id,
        kind=paper.kind.label,
        number=paper.number,
        title=paper.title,
        about=about or "",
        unit=unit,
        stage=paper.stage.label,
        waits=paper.stage in (PaperStage.DRAFTED, PaperStage.FEEDBACK),
        day=_day(day),
        reply_due=_day(paper.reply_due) if paper.reply_due else "",
        times=paper.times,
    )


def _day(on: date) -> str:
    return f"{on.year}年{day_words(on)}"


@dataclass(frozen=True)
class PapersOf:
    """What a page about a matter shows of its papers; `clock_id` is set where this person may urge or draft."""

    rows: Sequence[Row]
    clock_id: int | None
    may_draft: bool

    def __bool__(self) -> bool:
        return bool(self.rows) or self.clock_id is not None


def papers_of(session: Session, subject: str, person: Actor) -> PapersOf:
    """The papers about one matter that this person may see, newest first, and whether more may be written."""
    rows = _rows().where(Clock.subject == subject, papers_visible_to(person))
    found = [
        _row(paper, unit, about) for paper, unit, about in session.execute(rows.order_by(Paper.id.desc()))
    ]
    clock_id = None
    if not person.roles.isdisjoint(MAY_URGE):
        running = select(Clock.id).where(
            Clock.subject == subject, Clock.stopped_at.is_(None), clocks_of(person)
        )
        clock_id = session.scalar(running.order_by(Clock.due_at).limit(1))
    return PapersOf(found, clock_id, not person.roles.isdisjoint(MAY_DRAFT))
