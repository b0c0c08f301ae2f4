"""What clocks and papers say of a period: one grouped query each, for now or as on record at an earlier moment."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from escalation.board import COUNTED, counted, fell_due, verdicts
from escalation.models import Clock
from reports.as_of import clocks_as_of
from reports.definitions import Definitions
from reports.period import Period
from reports.score import Tally
from reports.served import served


@dataclass
class Counts:
    """One unit: what fell due by indicator, and papers served by kind."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    served: dict[str, int] = field(default_factory=dict)


Figures = dict[int, Counts]


@dataclass(frozen=True)
class Question:
    """What is counted: by which definitions, of which period, up to which moment, for which units (None: all)."""

    definitions: Definitions
    period: Period
    cut_off: datetime
    units: Collection[int] | None = None

    @property
    def until(self) -> datetime:
        """Nothing is due, and no paper served, after the period or after the cut-off."""
        return min(self.period.until, self.cut_off)


def now_standing(session: Session, asked: Question) -> Figures:
    """As the facts stand now: along ix_clock_due_at from the first moment of the period to the last."""
    return _figures(session, asked, Clock)


def then_standing(session: Session, asked: Question) -> Figures:
    """As they stood on record at the cut-off, whatever was entered, moved or handed over since."""
    return _figures(session, asked, clocks_as_of(asked.period.since, asked.until, asked.cut_off).c)


def _figures(session: Session, asked: Question, of: Any) -> Figures:
    found: Figures = {}
    for unit_id, purpose, *counts in session.execute(_grouped(asked, of)):
        key = asked.definitions.key_of(purpose)
        if key is not None:
            mine = found.setdefault(unit_id, Counts())
            mine.tallies[key] = mine.tallies.get(key, Tally()) + Tally(*map(int, counts))
    for (unit_id, key), count in served(session, asked.period.since, asked.until).items():
        if asked.units is None or unit_id in asked.units:
            found.setdefault(unit_id, Counts()).served[key] = count
    return found


def _grouped(asked: Question, of: Any) -> Select[Any]:
    by_origin = and_(of.outcome.in_(COUNTED), of.stopped_at <= of.origin_due_at)
    sums = [counted(verdict) for verdict in (*verdicts(of), by_origin)]
    query = select(of.unit_id, of.purpose, *sums).where(fell_due(asked.period.since, asked.until, of))
    if asked.units is not None:
        query = query.where(of.unit_id.in_(asked.units))
    return query.group_by(of.unit_id, of.purpose)
