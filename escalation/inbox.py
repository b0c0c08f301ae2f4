"""Reading notices: one person's inbox, newest first, with what became of each since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from core.people import Actor, Role, Unit
from escalation.models import Notice, NoticeCopy
from escalation.notice_words import due_text, light_of, moment_words, notice_text, validity_words
from escalation.ruler_words import LightWords
from escalation.validity import Told, Validity, told, told_rows
from sla import SHANGHAI, local_date

PAGE = 30
LOOKED_AT = 500  # newest copies in which those of today are looked for
LATE = 60  # seconds; a notice issued later than this says when it should have come


@dataclass(frozen=True)
class Item:
    """A copy as pages show it: `since` says why it no longer holds; `href` is "" for a case given away."""

    id: int
    number: str
    rung: str
    sentence: str
    label: str
    unit: str
    due: str
    light: LightWords
    issued: str
    late: str
    unread: bool
    since: str
    href: str


@dataclass(frozen=True)
class Screen:
    """A screen of the inbox; `newer` and `older` are copy ids to page from, None at an end."""

    items: Sequence[Item]
    newer: int | None
    older: int | None


def unread(session: Session, person: Actor) -> int:
    """The number on the bell."""
    mine = select(func.count()).where(NoticeCopy.person_id == person.id, NoticeCopy.read_at.is_(None))
    return session.scalar(mine) or 0


def _mine(person: Actor) -> Select[Any]:
    rows = told_rows(NoticeCopy).join(NoticeCopy, NoticeCopy.notice_id == Notice.id)
    return rows.where(NoticeCopy.person_id == person.id)


def screen(
    session: Session, person: Actor, *, before: int | None = None, after: int | None = None, at: datetime
) -> Screen:
    """Keyset paging by copy id: below `before`, or above `after`, or from the newest."""
    query = _mine(person).limit(PAGE + 1)
    if after is not None:
        found = session.execute(query.where(NoticeCopy.id > after).order_by(NoticeCopy.id)).all()
        more, found = len(found) > PAGE, found[:PAGE][::-1]
        items = [_item(told(row), row[4], person, at) for row in found]
        return Screen(items, items[0].id if items and more else None, items[-1].id if items else None)
    if before is not None:
        query = query.where(NoticeCopy.id < before)
    found = session.execute(query.order_by(NoticeCopy.id.desc())).all()
    items = [_item(told(row), row[4], person, at) for row in found[:PAGE]]
    newer = items[0].id if items and before is not None else None
    return Screen(items, newer, items[-1].id if len(found) > PAGE else None)


def today(session: Session, person: Actor, *, at: datetime) -> str:
    """今天8件：县住建委6件、县交通局2件: what came today, by unit; "" for one or none."""
    morning = datetime.combine(local_date(at), time(0), SHANGHAI)
    newest = select(NoticeCopy.notice_id).where(NoticeCopy.person_id == person.id)
    newest = newest.order_by(NoticeCopy.id.desc()).limit(LOOKED_AT)
    query = select(Unit.short_name, func.count()).join(Notice, Notice.unit_id == Unit.id)
    query = query.where(Notice.id.in_(newest), Notice.issued_at >= morning).group_by(Unit.short_name)
    counts = session.execute(query.order_by(func.count().desc(), Unit.short_name)).all()
    total = sum(count for _unit, count in counts)
    return f"今天{total}件：{'、'.join(f'{unit}{count}件' for unit, count in counts)}" if total > 1 else ""


def find(session: Session, person: Actor, copy_id: int, *, at: datetime) -> Item | None:
    """One's own copy; another person's does not exist."""
    row = session.execute(_mine(person).where(NoticeCopy.id == copy_id)).first()
    return _item(told(row), row[4], person, at) if row else None


def mark_read(session: Session, person: Actor, copy_id: int, *, at: datetime) -> bool:
    """Keep when it was first read; False if it is not this person's."""
    mine = (NoticeCopy.id == copy_id, NoticeCopy.person_id == person.id)
    if session.scalar(select(NoticeCopy.id).where(*mine)) is None:
        return False
    session.execute(update(NoticeCopy).where(*mine, NoticeCopy.read_at.is_(None)).values(read_at=at))
    return True


def mark_all_read(session: Session, person: Actor, *, up_to: int, at: datetime) -> None:
    """Everything that the page showed; what arrived while it was being read stays unread."""
    mine = update(NoticeCopy).where(NoticeCopy.person_id == person.id, NoticeCopy.read_at.is_(None))
    session.execute(mine.where(NoticeCopy.id <= up_to).values(read_at=at))


def _item(told: Told, copy: NoticeCopy, person: Actor, at: datetime) -> Item:
    notice, clock = told.notice, told.clock
    text = notice_text(notice, clock)
    late = (notice.issued_at - notice.moment).total_seconds() > LATE
    return Item(
        id=copy.id,
        number=notice.number,
        rung=text.name,
        sentence=text.sentence,
        label=clock.label,
        unit=told.unit.name,
        due=due_text(clock),
        light=light_of(clock, at),
        issued=moment_words(notice.issued_at),
        late=f"应于{moment_words(notice.moment)}发出" if late else "",
        unread=copy.read_at is None,
        since=validity_words(told),
        href=clock.link if _still_theirs(told, person) else "",
    )


def _still_theirs(told: Told, person: Actor) -> bool:
    """A unit that handed the matter over no longer sees it; the supervising office sees all."""
    handed = told.validity is Validity.HANDED or told.clock.unit_id != told.notice.unit_id
    return not handed or person.unit_id == told.clock.unit_id or person.has(Role.SUPERVISOR)
