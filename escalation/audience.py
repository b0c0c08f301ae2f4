"""Who hears a rung: roles become people at the moment of sending."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import Person, PersonRole, Role


class Audience:
    """The active people of every unit and role, read once for a batch."""

    def __init__(self, session: Session) -> None:
        self._unit: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._office: list[int] = []
        self.with_email: set[int] = set()
        columns = (Person.id, Person.unit_id, Person.email, PersonRole.role)
        query = select(*columns).join(PersonRole).where(Person.active).order_by(Person.id)
        for person_id, unit_id, email, role in session.execute(query):
            self._unit[unit_id, role].append(person_id)
            if role is Role.SUPERVISOR:
                self._office.append(person_id)
            if email:
                self.with_email.add(person_id)

    def of(self, unit_id: int, roles: Iterable[str]) -> list[int]:
        """People of the unit in these roles; `supervisor` means the supervising office.

        A unit with nobody in the roles must not swallow a notice: then the supervising office hears it.
        """
        people: list[int] = []
        for role in roles:
            people += self._office if role == Role.SUPERVISOR else self._unit[unit_id, role]
        return list(dict.fromkeys(people)) or self._office
