"""The ledger as a list: filters, pages by key. `tasks_visible_to` stands behind every row and every count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload

from core.labels import Labelled
from core.people import Actor, Unit
from duties.kinds import DutyKind
from duties.lights import lit
from duties.models import Duty, DutyTask
from duties.stages import RUNNING, Stage
from duties.visibility import tasks_visible_to
from escalation.models import Clock
from sla import Light, local_date

PAGE = 30
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DUE_AT = func.coalesce(Clock.due_at, literal(EPOCH, Clock.due_at.type))  # what never had a clock stands first


class Scope(Labelled):
    """The tabs."""

    RUNNING = "running", "在办"
    OVERDUE = "overdue", "逾期"
    REPORTED = "reported", "待核查"
    SIGNED_OFF = "signed_off", "已销号"
    ALL = "all", "全部"


@dataclass(frozen=True)
class Filters:
    """What was asked for."""

    year: int
    scope: Scope = Scope.RUNNING
    unit_id: int | None = None
    clause: str = ""
    section: str = ""
    kind: DutyKind | None = None
    light: Light | None = None

    @property
    def by_due(self) -> bool:
        """What is still owed stands in order of its due moment, the rest in the order of the list."""
        return self.scope in (Scope.RUNNING, Scope.OVERDUE) or self.light is not None


@dataclass(frozen=True)
class Cursor:
    """The row at which a page begins or, read backwards, ends; it belongs to neither page."""

    place: int
    id: int
    back: bool = False

    def __str__(self) -> str:
        return f"{self.place}-{self.id}"

    @classmethod
    def read(cls, text: str, *, back: bool) -> "Cursor":
        """The cursor of an address. Raises ValueError for anything that no page wrote."""
        place, _, row = text.partition("-")
        if not (place.isascii() and place.isdigit() and row.isascii() and row.isdigit()) or len(text) > 36:
            raise ValueError("not a cursor")
        if int(place) > 2**62 or int(row) > 2**31 - 1:
            raise ValueError("not a cursor")
        return cls(int(place), int(row), back)


@dataclass(frozen=True)
class Page:
    """Rows with their neighbours; None where there is no such page."""

    rows: tuple[DutyTask, ...]
    before: Cursor | None
    after: Cursor | None
    total: int


def years(session: Session) -> list[int]:
    """The years that have entries, the latest first."""
    return list(session.scalars(select(Duty.year).distinct().order_by(Duty.year.desc())))


def units_of(session: Session, person: Actor) -> list[Unit]:
    """The units whose rows this person may see."""
    owing = select(DutyTask.unit_id).where(tasks_visible_to(person))
    return list(session.scalars(select(Unit).where(Unit.id.in_(owing)).order_by(Unit.id)))


def present_year(found: Sequence[int], at: datetime) -> int:
    """This year where it has begun, else the latest."""
    today = local_date(at).year
    return today if today in found or not found else found[0]


def narrowed(query: Select[Any], person: Actor, filters: Filters, at: datetime) -> Select[Any]:
    """The same query over the rows asked for; it joins the entry and, where there is one, the clock."""
    query = query.join(Duty, Duty.id == DutyTask.duty_id).outerjoin(Clock, Clock.id == DutyTask.clock_id)
    return query.where(tasks_visible_to(person), *_conditions(filters, at))


def _conditions(filters: Filters, at: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Duty.year == filters.year, _scoped(filters.scope, at)]
    wanted: tuple[tuple[Any, Any], ...] = (
        (DutyTask.unit_id, filters.unit_id),
        (Duty.clause, filters.clause),
        (Duty.section, filters.section),
        (Duty.kind, filters.kind),
    )
    found += [column == value for column, value in wanted if value]
    return [*found, lit(filters.light, at)] if filters.light else found


def _scoped(scope: Scope, at: datetime) -> ColumnElement[bool]:
    conditions: dict[Scope, ColumnElement[bool]] = {
        Scope.RUNNING: DutyTask.stage.in_(RUNNING),
        Scope.OVERDUE: lit(Light.RED, at),
        Scope.REPORTED: DutyTask.stage == Stage.REPORTED,
        Scope.SIGNED_OFF: DutyTask.stage == Stage.SIGNED_OFF,
        Scope.ALL: DutyTask.stage != Stage.RELEASED,
    }
    return conditions[scope]


def page(
    session: Session, person: Actor, filters: Filters, *, at: datetime, cursor: Cursor | None = None
) -> Page:
    """One page, after the cursor or, for a cursor that looks back, before it."""
    back = cursor is not None and cursor.back
    keys = (DUE_AT if filters.by_due else Duty.position, DutyTask.id)
    query = narrowed(select(DutyTask), person, filters, at).options(*LOADS)
    if cursor is not None:
        here, there = tuple_(*keys), (_place_of(cursor, filters), cursor.id)
        query = query.where(here < there if back else here > there)
    order = [key.desc() if back else key.asc() for key in keys]
    rows = list(session.scalars(query.order_by(*order).limit(PAGE + 1)))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if back:
        rows.reverse()
    before = _cursor(rows[0], filters, True) if rows and (more if back else cursor is not None) else None
    after = _cursor(rows[-1], filters, False) if rows and (back or more) else None
    return Page(tuple(rows), before, after, count(session, person, filters, at=at))


LOADS = (contains_eager(DutyTask.duty), contains_eager(DutyTask.clock), joinedload(DutyTask.unit))


def every_row(
    session: Session, person: Actor, filters: Filters, *, at: datetime, most: int
) -> list[DutyTask]:
    """All rows in the order of the list, for an export; no more than `most`."""
    query = narrowed(select(DutyTask), person, filters, at).options(*LOADS)
    return list(session.scalars(query.order_by(Duty.position, DutyTask.id).limit(most)))


def count(session: Session, person: Actor, filters: Filters, *, at: datetime) -> int:
    """How many rows match; a year has some thousands at most."""
    return session.scalar(narrowed(select(func.count(DutyTask.id)), person, filters, at)) or 0


def _place_of(cursor: Cursor, filters: Filters) -> Any:
    return EPOCH + cursor.place * MICROSECOND if filters.by_due else cursor.place


def _cursor(row: DutyTask, filters: Filters, back: bool) -> Cursor:
    due_at = row.clock.due_at if row.clock else EPOCH
    place = (due_at - EPOCH) // MICROSECOND if filters.by_due else row.duty.position
    return Cursor(place, row.id, back)
