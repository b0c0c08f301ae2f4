"""Gapless numbers: taken inside the caller's transaction, so a rolled-back act gives its number back."""

from sqlalchemy.orm import Session

from core.db import locked_row
from core.people import Counter


def take(session: Session, name: str) -> int:
    """The next number of the register `name`, from 1; concurrent takers queue on its row."""
    counter = locked_row(session, Counter, {"name": name}, {"value": 0})
    counter.value += 1
    session.flush()
    return counter.value
