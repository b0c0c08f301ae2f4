"""Reading notices: one person's inbox."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.people import Actor
from escalation.models import NoticeCopy


def unread(session: Session, person: Actor) -> int:
    """The number on the bell."""
    mine = select(func.count()).where(NoticeCopy.person_id == person.id, NoticeCopy.read_at.is_(None))
    return session.scalar(mine) or 0
