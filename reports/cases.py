"""What stands behind a figure: the clocks of one unit that fell due in a period, by page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.orm import Session

from core.labels import Labelled
from escalation.board import fell_due, verdicts
from escalation.models import Clock
from inquiries.queries import Cursor
from reports.definitions import Indicator
from reports.period import Period
from reports.words import short_moment

PAGE = 50


class Which(Labelled):
    """The counts of an indicator; 未办 is what is overdue and open."""

    ALL = "all", "全部到期"
    IN_TIME = "in_time", "按期"
    LATE = "late", "超期"
    UNANSWERED = "unanswered", "逾期未办"


@dataclass(frozen=True)
class Case:
    """One clock as a row; `origin` is the first limit where it was another."""

    label: str
    link: str
    started: str
    due: str
    origin: str
    stopped: str
    verdict: str


@dataclass(frozen=True)
class Cases:
    rows: tuple[Case, ...]
    after: Cursor | None


@dataclass(frozen=True)
class Behind:
    """Which figure is asked about, up to which moment."""

    unit_id: int
    indicator: Indicator
    period: Period
    until: datetime
    which: Which = Which.ALL


def cases(session: Session, asked: Behind, cursor: Cursor | None = None) -> Cases:
    """One page by due moment, along ix_clock_due_at within the period."""
    keys = (Clock.due_at, Clock.id)
    until = min(asked.period.until, asked.until)
    query = select(Clock).where(
        fell_due(asked.period.since, until), Clock.unit_id == asked.unit_id, _measured(asked.indicator)
    )
    query = query.where(_of(asked.which))
    if cursor is not None:
        query = query.where(tuple_(*keys) > (cursor.moment, cursor.id))
    rows = list(session.scalars(query.order_by(*keys).limit(PAGE + 1)))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    after = Cursor(rows[-1].due_at, rows[-1].id) if more else None
    return Cases(tuple(_case(one) for one in rows), after)


def _measured(indicator: Indicator) -> ColumnElement[bool]:
    return or_(*(Clock.purpose.startswith(one, autoescape=True) for one in indicator.purposes))


def _of(which: Which) -> ColumnElement[bool]:
    """All is what is counted: what was merged or withdrawn is no case of the figure."""
    in_time, late, unanswered = verdicts()
    conditions: dict[Which, ColumnElement[bool]] = {
        Which.ALL: or_(in_time, late, unanswered),
        Which.IN_TIME: in_time,
        Which.LATE: late,
        Which.UNANSWERED: unanswered,
    }
    return conditions[which]


def _case(clock: Clock) -> Case:
    stopped = clock.stopped_at
    verdict = Which.UNANSWERED if stopped is None else Which.LATE if stopped > clock.due_at else Which.IN_TIME
    return Case(
        label=clock.label,
        link=clock.link,
        started=short_moment(clock.started_at),
        due=short_moment(clock.due_at),
        origin=short_moment(clock.origin_due_at) if clock.origin_due_at != clock.due_at else "",
        stopped=short_moment(stopped) if stopped else "",
        verdict=verdict.label,
    )
