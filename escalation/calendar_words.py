"""What a calendar version moved for one person's unit, told once in the inbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.people import Actor
from escalation.calendar_models import CalendarVersion, CalendarWord
from escalation.notice_words import moment_words


@dataclass(frozen=True)
class Told:
    """One version in words; `id` is what the reader marks as read."""

    id: int
    title: str
    moved: int
    reason: str
    when: str


def unread(session: Session, person: Actor) -> int:
    mine = select(func.count()).where(CalendarWord.person_id == person.id, CalendarWord.read_at.is_(None))
    return session.scalar(mine) or 0


def of(session: Session, person: Actor) -> Sequence[Told]:
    """Unread ones, the newest first."""
    query = select(CalendarWord, CalendarVersion).join(CalendarVersion)
    query = query.where(CalendarWord.person_id == person.id, CalendarWord.read_at.is_(None))
    found = session.execute(query.order_by(CalendarWord.id.desc())).all()
    return [_told(word, version) for word, version in found]


def _told(word: CalendarWord, version: CalendarVersion) -> Told:
    title = f"日历{version.label}，{version.entry.title}"
    return Told(word.id, title, word.moved, version.reason, moment_words(word.told_at))


def mark_read(session: Session, person: Actor, word_id: int, *, at: datetime) -> bool:
    """Keep when it was first read; False if it is not this person's."""
    mine = (CalendarWord.id == word_id, CalendarWord.person_id == person.id)
    if session.scalar(select(CalendarWord.id).where(*mine)) is None:
        return False
    session.execute(update(CalendarWord).where(*mine, CalendarWord.read_at.is_(None)).values(read_at=at))
    return True
