"""The ledger in sums: one line for each unit or each clause, with its lights and what is signed off."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.people import Actor, Unit, UnitKind
from duties.clauses import clause_words
from duties.ledger import Filters, Scope, narrowed
from duties.lights import light_column
from duties.models import Duty, DutyTask
from duties.stages import Stage
from sla import Light


@dataclass(frozen=True)
class Line:
    """One line: `counts` by light, by stage for what has ended, "rest" for what waits without a clock."""

    name: str
    note: str
    filter: dict[str, str]
    counts: Counter[str]
    reported: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def signed_off(self) -> int:
        return self.counts[Stage.SIGNED_OFF.value]

    @property
    def share(self) -> int | None:
        """Per cent signed off of all that is owed; None where nothing is."""
        return 100 * self.signed_off // self.total if self.total else None

    @property
    def red(self) -> int:
        return self.counts[Light.RED.value]


def whole(session: Session, person: Actor, year: int, *, at: datetime) -> Line:
    """All that this person may see of a year in one line."""
    return _line("全部", "", {}, _counted(session, person, year, (), at))


def by_unit(session: Session, person: Actor, year: int, *, at: datetime) -> list[Line]:
    """A line for each unit that owes anything, in the order of the county's list."""
    rows = _counted(session, person, year, (DutyTask.unit_id,), at)
    units = session.scalars(select(Unit).where(Unit.id.in_({row[0] for row in rows})))
    ordered = sorted(units, key=lambda unit: (list(UnitKind).index(unit.kind), unit.id))
    return [
        _line(unit.name, unit.kind.label, {"unit": str(unit.id)}, [r[1:] for r in rows if r[0] == unit.id])
        for unit in ordered
    ]


def by_clause(session: Session, person: Actor, year: int, *, at: datetime) -> list[Line]:
    """A line for each entry, in the order of the list."""
    rows = _counted(session, person, year, (DutyTask.duty_id,), at)
    query = select(Duty).where(Duty.id.in_({row[0] for row in rows})).order_by(Duty.position, Duty.id)
    return [
        _line(duty.title, clause_words(duty.clause), {"clause": duty.clause}, _of(rows, duty.id))
        for duty in session.scalars(query)
    ]


def _of(rows: Iterable[Any], key: int) -> list[Any]:
    return [row[1:] for row in rows if row[0] == key]


def _counted(session: Session, person: Actor, year: int, keys: tuple[Any, ...], at: datetime) -> list[Any]:
    """Grouped outside: PostgreSQL would take the same case with other parameters for another one."""
    columns = [*keys, light_column(at).label("light"), DutyTask.stage]
    rows = narrowed(select(*columns), person, Filters(year, Scope.ALL), at).subquery()
    return list(session.execute(select(*rows.c, func.count()).group_by(*rows.c)).all())


def _line(name: str, note: str, narrowing: dict[str, str], rows: Iterable[Any]) -> Line:
    counts: Counter[str] = Counter()
    reported = 0
    for light, stage, number in rows:
        counts[light] += number
        reported += number if stage is Stage.REPORTED else 0
    return Line(name, note, narrowing, counts, reported)
