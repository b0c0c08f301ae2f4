"""Who hears a rung: roles become people at the moment of sending, and somebody away is stood in for."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.absences import stand_ins
from core.people import Person, PersonRole, Role

COUNTY_WIDE = (Role.SUPERVISOR, Role.WATCH)  # the office and the watch office of the county, not of a unit


class Audience:
    """The active people of every unit and role, read once for a batch; `on` is the day whose leaves count."""

    def __init__(self, session: Session, on: date | None = None) -> None:
        self._unit: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._county: dict[str, list[int]] = defaultdict(list)
        self._stand_in = stand_ins(session, on) if on else {}
        self.with_email: set[int] = set()
        columns = (Person.id, Person.unit_id, Person.email, PersonRole.role)
        query = select(*columns).join(PersonRole).where(Person.active).order_by(Person.id)
        for person_id, unit_id, email, role in session.execute(query):
            hears = self._stand_in.get(person_id, person_id)
            self._unit[unit_id, role].append(hears)
            if role in COUNTY_WIDE:
                self._county[role].append(hears)
            if email:
                self.with_email.add(person_id)

    def of(self, unit_id: int, roles: Iterable[str]) -> list[int]:
        """People of the unit in these roles; `supervisor` and `watch` mean the county's offices.

        A unit with nobody in the roles must not swallow a notice: then the supervising office hears it.
        """
        people: list[int] = []
        for role in roles:
            people += self._county[role] if role in COUNTY_WIDE else self._unit[unit_id, role]
        return list(dict.fromkeys(people)) or list(dict.fromkeys(self._county[Role.SUPERVISOR]))
