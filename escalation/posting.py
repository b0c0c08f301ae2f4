"""Which notices go outside, and by which ways: the one place that fills the outbox."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import PersonRole
from escalation.models import Delivery
from escalation.route_models import Route, RouteKind, RouteRole

EMAIL = RouteKind.EMAIL.value
Row = dict[str, Any]


@dataclass(frozen=True)
class Heard:
    """Whom a notice is for: the roles of its rung, or of the people it was written to."""

    unit_id: int
    roles: Collection[str]


@dataclass(frozen=True)
class _Way:
    id: int
    kind: str
    unit_id: int | None
    active: bool
    roles: frozenset[str]

    def hears(self, heard: Heard) -> bool:
        here = self.unit_id is None or self.unit_id == heard.unit_id
        return self.active and here and not self.roles.isdisjoint(heard.roles)


class Ways:
    """The routes as they stand, read once for a batch."""

    def __init__(self, session: Session) -> None:
        roles: dict[int, set[str]] = {}
        for route_id, role in session.execute(select(RouteRole.route_id, RouteRole.role)):
            roles.setdefault(route_id, set()).add(role)
        columns = (Route.id, Route.kind, Route.unit_id, Route.active)
        found = [
            _Way(id_, kind, unit_id, active, frozenset(roles.get(id_, ())))
            for id_, kind, unit_id, active in session.execute(select(*columns).order_by(Route.id))
        ]
        self._mail = [way for way in found if way.kind == EMAIL]
        self._others = [way for way in found if way.kind != EMAIL and way.active]

    def rows(
        self, copies: Sequence[Row], heard: Mapping[int, Heard], reachable: Collection[int], at: datetime
    ) -> Iterator[Row]:
        """Rows of the outbox: e-mail to everybody addressed who can be reached, one for each robot or webhook."""
        fresh: Row = {"state": Delivery.PENDING, "attempts": 0, "next_at": at, "last_answer": "", "tries": ""}
        for copy in copies:
            if copy["person_id"] in reachable and self._mails(heard[copy["notice_id"]]):
                target: Row = {"target": f"{EMAIL}:{copy['person_id']}", "channel": EMAIL, "route_id": None}
                yield copy | target | fresh
        for notice_id, told in heard.items() if self._others else ():
            for way in self._others:
                if way.hears(told):
                    target = {"target": f"route:{way.id}", "channel": way.kind, "route_id": way.id}
                    yield {"notice_id": notice_id, "person_id": None} | target | fresh

    def _mails(self, heard: Heard) -> bool:
        """Without any e-mail route everybody with an address gets his copies; with one, whom it serves."""
        return not self._mail or any(way.hears(heard) for way in self._mail)


def roles_of(session: Session, people: Collection[int]) -> set[str]:
    """The roles that these people hold."""
    return set(session.scalars(select(PersonRole.role).where(PersonRole.person_id.in_(people)).distinct()))
