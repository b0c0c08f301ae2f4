"""The one visibility query of score sheets: whose lines a person sees, live or frozen."""

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session

from core.people import Actor, Role, Unit
from core.permits import UNIT


def lines_of(person: Actor) -> ColumnElement[bool]:
    """The supervising office sees every unit, a unit's people their own."""
    if person.has(Role.SUPERVISOR):
        return true()
    return Unit.id == person.unit_id if person.has(*UNIT) else false()


def units_of(session: Session, person: Actor) -> dict[int, Unit]:
    """The units whose lines the person may see."""
    return {unit.id: unit for unit in session.scalars(select(Unit).where(lines_of(person)))}
