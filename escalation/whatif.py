"""What if the limit were shorter or longer: how many of a year's cases would have been late, by unit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.people import Actor, Unit
from escalation.board import COUNTED, clocks_of
from escalation.models import Clock
from escalation.rules import calendar
from sla import SHANGHAI, would_be_late

CHUNK = 5000


@dataclass
class WhatIf:
    """One unit, or all together: cases of the year, late by their own limit, late by the one supposed."""

    unit: str
    total: int = 0
    late: int = 0
    would_be: int = 0

    @property
    def more(self) -> int:
        return self.would_be - self.late

    def count(self, late: bool, would_be: bool) -> None:
        self.total, self.late, self.would_be = self.total + 1, self.late + late, self.would_be + would_be


def what_if(
    session: Session, person: Actor, *, purpose: str, year: int, workdays: int, at: datetime
) -> list[WhatIf]:
    """All units together first, then each; an unanswered case is judged as it stands at `at`."""
    every, by_unit = WhatIf("合计"), dict[str, WhatIf]()
    for unit, started, stopped, due, paused in _rows(session, person, purpose, year):
        late = not paused and (stopped or at) > due
        would_be = would_be_late(started, stopped, at, workdays, calendar())
        by_unit.setdefault(unit, WhatIf(unit)).count(late, would_be)
        every.count(late, would_be)
    return [every, *sorted(by_unit.values(), key=lambda row: (-row.more, row.unit))]


def _rows(
    session: Session, person: Actor, purpose: str, year: int
) -> Iterator[tuple[str, datetime, datetime | None, datetime, date | None]]:
    """Merged and withdrawn cases are neither late nor on time and stay out."""
    first, last = (
        datetime.combine(date(y, 1, 1), time(), SHANGHAI).astimezone(UTC) for y in (year, year + 1)
    )
    query = select(Unit.short_name, Clock.started_at, Clock.stopped_at, Clock.due_at, Clock.paused_since)
    query = query.join(Unit, Unit.id == Clock.unit_id).where(Clock.purpose == purpose, clocks_of(person))
    query = query.where(Clock.started_at >= first, Clock.started_at < last)
    query = query.where(or_(Clock.outcome.is_(None), Clock.outcome.in_(COUNTED)))
    yield from session.execute(query).yield_per(CHUNK)
