"""Gapless numbers: taken inside the caller's transaction, so a rolled-back act gives its number back."""

from sqlalchemy.orm import Session

from core.db import locked_row
from core.people import Counter


def take(session: Session, name: str, count: int = 1) -> int:
    """The last of the next `count` numbers of the register `name`, from 1; takers queue on its row."""
    counter = locked_row(session, Counter, {"name": name}, {"value": 0})
    counter.value += count
    session.flush()
    return counter.value
