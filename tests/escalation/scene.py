"""One clock of the housing unit, received on 22 September 2026, and what the sweep made of it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.people import Actor, Unit
from escalation import clocks
from escalation.models import Clock, Notice, NoticeCopy
from sla import SHANGHAI
from tests.people import People

RULE = "inquiry.reply"
RECEIVED = datetime(2026, 9, 22, 1, 0, tzinfo=UTC)  # due on Wednesday 30 September
SECOND = timedelta(seconds=1)


def nine(month: int, day: int) -> datetime:
    """09:00 in Shanghai."""
    return datetime.combine(date(2026, month, day), time(9), tzinfo=SHANGHAI)


# By hand: 1 to 7 October are off, Saturday 10 October is worked
MOMENTS = {
    "remind": nine(9, 28),
    "warn": nine(9, 29),
    "due": nine(9, 30),
    "reminder_notice": nine(10, 8),
    "supervision_order": nine(10, 10),
    "circular": nine(10, 13),
}
LAST = MOMENTS["circular"]


def start_clock(session: Session, people: People, subject: str = "inquiry:1", **changes: Any) -> Clock:
    """A running clock of the handler's unit."""
    given: dict[str, Any] = {"received_at": RECEIVED, "unit_id": people.handler.unit_id}
    given |= {"label": "旧楼加装电梯", "link": "/cases/1", "by": people.operator, "at": RECEIVED} | changes
    return clocks.start(session, subject, RULE, **given)


def started(db: Database, people: People, *subjects: str, **changes: Any) -> None:
    """Committed clocks of these subjects."""
    with db.writing() as session:
        for subject in subjects or ("inquiry:1",):
            start_clock(session, people, subject, **changes)


def notices(db: Database) -> list[Notice]:
    with db.reading() as session:
        return list(session.scalars(select(Notice).order_by(Notice.clock_id, Notice.moment)))


def rungs(db: Database) -> list[str]:
    return [notice.rung for notice in notices(db)]


def told(db: Database, rung: str) -> set[int]:
    """Whose inbox holds a notice of this rung."""
    with db.reading() as session:
        copies = select(NoticeCopy.person_id).join(Notice, Notice.id == NoticeCopy.notice_id)
        return set(session.scalars(copies.where(Notice.rung == rung)))


def ids(*actors: Actor) -> set[int | None]:
    return {actor.id for actor in actors}


def unit_id(session: Session, code: str) -> int:
    return session.scalars(select(Unit.id).where(Unit.code == code)).one()
