"""A score sheet as a value: one line for each unit, all units together, the definitions they rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.people import Actor, Unit
from reports.definition_file import definitions_at
from reports.definitions import Definitions
from reports.figures import Figures, Question, now_standing
from reports.period import Period
from reports.score import Score, score, together
from reports.visibility import units_of


@dataclass(frozen=True)
class UnitName:
    """A unit as it was called when it was counted."""

    id: int
    name: str
    short: str
    kind: str

    @classmethod
    def of(cls, unit: Unit) -> "UnitName":
        return cls(unit.id, unit.name, unit.short_name, unit.kind.label)


@dataclass(frozen=True)
class Line:
    unit: UnitName
    score: Score

    @property
    def unanswered(self) -> int:
        return sum(part.tally.unanswered for part in self.score.parts)


@dataclass(frozen=True)
class Sheet:
    """`lines` the lowest total first, units without one last; `every` all lines taken as one."""

    period: Period
    cut_off: datetime
    definitions: Definitions
    lines: tuple[Line, ...]
    every: Score

    def line(self, unit_id: int) -> Line | None:
        return next((line for line in self.lines if line.unit.id == unit_id), None)


def live(session: Session, person: Actor, period: Period, *, at: datetime) -> Sheet:
    """The sheet of what this person may see, as the facts stand now."""
    units, definitions = units_of(session, person), definitions_at(period.last_day)
    found = now_standing(session, Question(definitions, period, at, units.keys()))
    names = {unit_id: UnitName.of(units[unit_id]) for unit_id in found}
    return made(period, at, definitions, found, names)


def made(
    period: Period, cut_off: datetime, definitions: Definitions, found: Figures, names: Mapping[int, UnitName]
) -> Sheet:
    """Scores out of counts."""
    lines = [Line(names[unit], score(definitions, one.tallies, one.served)) for unit, one in found.items()]
    return Sheet(period, cut_off, definitions, tuple(sorted(lines, key=_order)), _every(definitions, found))


def _order(line: Line) -> tuple[bool, object, int, int]:
    total = line.score.total
    return (total is None, total or 0, -line.unanswered, line.unit.id)


def _every(definitions: Definitions, found: Figures) -> Score:
    served: dict[str, int] = {}
    for counts in found.values():
        for key, count in counts.served.items():
            served[key] = served.get(key, 0) + count
    return score(definitions, together(counts.tallies for counts in found.values()), served)
