"""Who acts in the example ledger: for each unit somebody who reports, and the supervising office."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import Actor, Person, Role, Unit


@dataclass(frozen=True)
class Cast:
    """`workers` and `units` by unit code."""

    supervisor: Actor
    workers: dict[str, Actor]
    units: dict[str, int]


def cast(session: Session) -> Cast:
    """The people of the database in their parts; a unit without a handler has nobody who reports."""
    people = session.scalars(select(Person).where(Person.active).order_by(Person.id)).all()
    office = next(person for person in people if Role.SUPERVISOR in person.roles)
    workers: dict[str, Actor] = {}
    for person in people:
        if Role.HANDLER in person.roles:
            workers.setdefault(person.unit.code, person.actor)
    units = {unit.code: unit.id for unit in session.scalars(select(Unit))}
    return Cast(office.actor, workers, units)
